"""Runs grad-visitor-scheduler on a question written as JSON: ``python visit_process.py IN OUT``.

It is started by the Python of ``.venv-bench`` and knows nothing of this project; ``visit.py``
writes the question and reads the answer.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
from itertools import product
from pathlib import Path
from typing import Any

from grad_visit_scheduler import Scheduler, SolutionResult

Question = dict[str, Any]


def main(asked: Path, answered: Path) -> None:
    """Answer with the highest minimum of meetings per student that has a timetable."""
    question = json.loads(asked.read_text(encoding="utf-8"))
    started = time.monotonic()
    answer: dict[str, Any] = {"meetings": None, "bound": None, "minimum": None}
    with tempfile.TemporaryDirectory() as folder:
        scheduler = scheduler_of(question, Path(folder) / "visitors.csv")
    for minimum in range(question["guarantee"], -1, -1):
        solution = solved(scheduler, question, minimum)
        if solution is not None:
            answer = {
                "meetings": sorted(solution.active_meetings),
                "bound": scheduler.results.problem.upper_bound,
                "minimum": minimum,
            }
            break
    answer["seconds"] = time.monotonic() - started
    answered.write_text(json.dumps(answer), encoding="utf-8")


def scheduler_of(question: Question, visitors: Path) -> Scheduler:
    """Build the scheduler and tell it every rule that it knows.

    Notes
    -----
    Its file has five ranks. The points of all pairs are set afterwards, so that it aims at the same
    sum; the pairs without points are forbidden, because it would fill places with them.
    """
    with visitors.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Name", "Prof1", "Area1", "Area2"])
        rows.writerows([student["name"], "", "", ""] for student in question["students"])
    scheduler = Scheduler(
        dict.fromkeys(question["buildings"], question["slots"]),
        str(visitors),
        movement={
            "policy": "nonoverlap_time",
            "min_buffer_minutes": question["building_change_min"],
        },
        faculty_catalog={
            company["name"]: {"building": company["building"]} for company in question["companies"]
        },
    )
    points = {(student, company): own for student, company, own in question["points"]}
    for company in question["companies"]:
        scheduler.faculty_limited_availability(company["name"], company["slots"])
        scheduler.set_faculty_meeting_bounds(company["name"], max_meetings=company["most"])
    scheduler.specify_limited_student_availability(
        {student["name"]: student["slots"] for student in question["students"]}
    )
    for student in question["students"]:
        scheduler.set_visitor_meeting_bounds(student["name"], max_meetings=student["most"])
    for student, company in product(question["students"], question["companies"]):
        pair = student["name"], company["name"]
        scheduler.student_preferences[pair] = points.get(pair, 0)
        if pair not in points:
            scheduler.forbid_meeting(*pair)
    for student, company, slot in question["pins"]:
        scheduler.require_meeting(student, company, slot)
    return scheduler


def solved(scheduler: Scheduler, question: Question, minimum: int) -> SolutionResult | None:
    """Solve with a minimum of meetings per student; None when it finds that impossible."""
    try:
        return scheduler.schedule_visitors(
            group_penalty=0,
            max_visitors=max(company["most"] for company in question["companies"]) + 2,
            min_faculty=minimum,
            max_group=question["group"],
        )
    except ValueError as impossible:
        if "contradictions" in str(impossible):
            return None
        raise


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

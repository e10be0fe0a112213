"""Repairing a day: ten changes at the fourth slot, proven, and how long it takes."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

from benchmarks.command import run_command
from benchmarks.report import Bar, Part, say
from benchmarks.whole_command import COLUMNS, last_line, row_of
from benchmarks.workspace import Workspace
from scheduler.generate import generate_event
from scheduler.importers import write_event
from scheduler.model import Event, Preference

SIZES = ((400, 40, 1.0), (1_600, 100, 5.0))
"""Students, companies, and the seconds that a repair may take."""
SEED = 1
NOW = "13:36"
CHANGES = """change,kind,id,company_id,time,count
absent,student,{0}
absent,student,{1}
absent,student,{2}
arrives,student,{3},,14:00
leaves,student,{4},,14:20
arrives,company,{5},,14:00
tables,company,{6},,,1
forbid,student,{7},{8}
"""
"""With a walk-in and an added company these are ten."""


def repairs(workspace: Workspace) -> Part:
    """Repair generated events, files to files."""
    part = Part("repair", "Repairing a day, files to files", COLUMNS, key_columns=2)
    part.notes.append(
        f"Two tables and two seats each, absences, seed {SEED}. At {NOW}: three no-shows, a late "
        "and an early student, a late company, a lost table, a forbid, a walk-in with wishes, an "
        "added company. The bars are for the repair itself, the loading of OR-Tools and the "
        "verifier included; wall time holds the interpreter's start and all files too."
    )
    for students, companies, bar_s in SIZES[: 1 if workspace.is_quick else None]:
        name = f"{students:,} x {companies:,}"
        say(f"repair {name}")
        folder = workspace.out(f"repair-{students}")
        _prepare(folder, students, companies)
        order = ["repair", folder / "now", folder / "old" / "timetable.csv"]
        order += ["--changes", folder / "changes.csv", "--now", NOW, "--out", folder / "new"]
        run = run_command(order, times=workspace.times)
        summary = folder / "new" / "summary.json"
        found = json.loads(summary.read_text(encoding="utf-8")) if summary.is_file() else None
        part.rows.append(row_of(name, "repair, ten changes", run, found))
        text = f"repair {name} proven within {bar_s:g} s"
        if found is None or run.exit_status:
            part.bars.append(Bar(text, last_line(run), is_met=False))
            continue
        seconds = found["runtime_s"]["total"]
        is_met = found["status"] == "optimal" and seconds <= bar_s
        part.bars.append(Bar(text, f"{seconds:.2f} s", is_met))
    return part


def _prepare(folder: Path, students: int, companies: int) -> None:
    """Write the event of the morning, its timetable, the event as it is now, and the changes."""
    now = generate_event(
        students=students,
        companies=companies,
        seed=SEED,
        tables=2,
        seats=2,
        with_absences=True,
    )
    morning = _without_the_last(now)
    write_event(morning, folder / "morning")
    write_event(now, folder / "now")
    run_command(["solve", folder / "morning", "--out", folder / "old"])
    random = Random(SEED)
    wished = Counter(wish.company_id for wish in morning.preferences)
    people = random.sample([student.student_id for student in morning.students], 5)
    late, fewer = (company_id for company_id, _ in wished.most_common(2))
    pair = random.choice(morning.preferences)
    text = CHANGES.format(*people, late, fewer, pair.student_id, pair.company_id)
    (folder / "changes.csv").write_text(text, encoding="utf-8")


def _without_the_last(event: Event) -> Event:
    """The event before its last student and its last company came."""
    gone = {event.students[-1].student_id, event.companies[-1].company_id}

    def stays(wish: Preference) -> bool:
        return not {wish.student_id, wish.company_id} & gone

    return replace(
        event,
        students=event.students[:-1],
        companies=event.companies[:-1],
        preferences=tuple(filter(stays, event.preferences)),
        absences=tuple(row for row in event.absences if row.person_id not in gone),
    )

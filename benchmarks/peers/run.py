"""Asks a peer in a process of its own, verifies its timetable and recomputes the levels."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.command import Run, run_program
from benchmarks.peers import visit
from benchmarks.peers.answer import Answer, Held
from benchmarks.peers.question import entry_count
from scheduler.importers import load_event
from scheduler.model import CompanyId, Event, Meeting, Metrics, RoomId, Scores, Timetable
from scheduler.objective import metrics, score
from scheduler.verify import violations

ROOT = Path(__file__).parents[2]
VISIT = "grad-visitor-scheduler"
VISIT_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
STARTING_S = 10.0
"""Importing, reading the event and writing the answer, beyond the time limit."""
STOPPING_S = 1.0
"""So much before its time limit a solver may give up."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A peer's answer to one event, as we see it.

    Parameters
    ----------
    scores, metrics
        Recomputed from its timetable; None where it found none.
    bounds
        Of each entry of levels 1 to 3; None where it has none.
    seconds
        From the event in memory to the answer; the time limit where it was killed.
    peak_mb
        Of the whole process, libraries included.
    is_cut
        Whether it has used up its time limit.
    broken
        Violations that our verifier finds.
    """

    scores: Scores | None
    metrics: Metrics | None
    bounds: tuple[int | None, ...]
    seconds: float
    peak_mb: float
    is_cut: bool
    broken: int = 0

    @property
    def values(self) -> tuple[int, ...] | None:
        """Entries of levels 1 to 3."""
        if self.scores is None:
            return None
        return (*self.scores.guaranteed, self.scores.company_minimum, self.scores.preferences)

    @property
    def is_proven(self) -> bool:
        """Whether every entry has reached its bound."""
        return self.values is not None and self.values == self.bounds


def ask(peer: str, folder: Path, time_limit_s: float, workers: int) -> Measured:
    """Ask a peer that runs with our own Python.

    Raises
    ------
    RuntimeError
        It failed in another way than by passing the time limit.
    """
    event = load_event(folder).event
    with tempfile.TemporaryDirectory() as place:
        answered = Path(place) / "answer.json"
        program = [sys.executable, "-m", "benchmarks.peers.process", peer, str(folder)]
        limits = ["--time-limit-s", str(time_limit_s), "--workers", str(workers)]
        run = run_program([*program, answered, *limits], limit_s=time_limit_s + STARTING_S)
        answer = Answer.read(answered) if _has_answered(run) else None
    return _measured(event, answer, run, time_limit_s)


def ask_visit(folder: Path, time_limit_s: float) -> Measured:
    """Ask grad-visitor-scheduler, which has no time limit of its own: it is killed."""
    event = load_event(folder).event
    question = visit.question_of(event)
    with tempfile.TemporaryDirectory() as place:
        asked, answered = Path(place) / "question.json", Path(place) / "answer.json"
        asked.write_text(json.dumps(question), encoding="utf-8")
        program = [VISIT_PYTHON, ROOT / "benchmarks" / "peers" / "visit_process.py"]
        run = run_program([*program, asked, answered], limit_s=time_limit_s + STARTING_S)
        answer = visit.answer_of(event, question, answered) if _has_answered(run) else None
    return _measured(event, answer, run, time_limit_s)


def seated(event: Event, held: Iterable[Held]) -> Timetable:
    """Give every meeting a table: companies stand side by side, students fill table by table."""
    companies = {company.company_id: company for company in event.companies}
    used: Counter[RoomId | None] = Counter()
    first: dict[CompanyId, int] = {}
    for company in event.companies:
        first[company.company_id] = used[company.room_id] + 1
        used[company.room_id] += company.tables
    taken: Counter[tuple[CompanyId, int]] = Counter()
    meetings = []
    for student_id, company_id, slot in sorted(held):
        company = companies[company_id]
        if company.room_id is None:
            raise ValueError(f"company {company_id} has no room")
        table = min(taken[company_id, slot] // company.seats, company.tables - 1)
        taken[company_id, slot] += 1
        place = company.room_id, first[company_id] + table
        meetings.append(Meeting(slot, *place, student_id, company_id))
    return Timetable(tuple(meetings))


def _has_answered(run: Run) -> bool:
    if run.exit_status > 0:
        raise RuntimeError(f"a peer failed: {run.errors.strip()[-2000:]}")
    return run.exit_status == 0


def _measured(event: Event, answer: Answer | None, run: Run, time_limit_s: float) -> Measured:
    nothing = Answer(None, (None,) * entry_count(event), time_limit_s)
    told = nothing if answer is None else answer
    if told.meetings is None:
        return Measured(None, None, told.bounds, told.seconds, run.peak_mb, is_cut=True)
    timetable = seated(event, told.meetings)
    return Measured(
        score(event, timetable),
        metrics(event, timetable),
        told.bounds,
        told.seconds,
        run.peak_mb,
        is_cut=told.seconds > time_limit_s - STOPPING_S,
        broken=len(violations(event, timetable)),
    )

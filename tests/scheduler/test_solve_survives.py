"""A solve whose child process dies, hangs or is cancelled: the best is kept, the status is true.

Each case runs in a process of its own, whose engine has an accident after its first timetable.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scheduler.generate import generate_event
from scheduler.importers import write_event
from scheduler.model import Rules
from scheduler.solve import solve
from scheduler.strategies.base import Settings
from scheduler.verify import violations
from tests.scheduler.events import make_company, make_event, make_room

PROGRAM = """
import faulthandler, json, os, signal, sys, time
from pathlib import Path
from scheduler.importers import load_event
from scheduler.solve import solve
from scheduler.strategies import stages
from scheduler.strategies.base import Incumbent, Settings
from scheduler.verify import violations

def accident(how):
    if how.startswith("SIG"):
        os.kill(os.getpid(), signal.Signals[how])
    if how == "memory":
        bytearray(2**40)
    if how == "hang":
        time.sleep(60)

def run(event, settings, emit, begun):
    def said(message):
        emit(message)
        if isinstance(message, Incumbent):
            accident(sys.argv[2])
    whole(event, settings, said, begun)

whole, stages.run = stages.run, run
event = load_event(Path(sys.argv[1])).event
asked = []

def should_stop():
    if sys.argv[3] == "cancel" and time.monotonic() > started + 1:
        asked.append(time.monotonic())
    return bool(asked)

started = time.monotonic()
limit = 1 if sys.argv[3] == "time" else 30
result = solve(
    event, Settings(time_limit_s=limit), should_stop=should_stop, memory_limit_mb=8_000
)
print(json.dumps({
    "status": result.status,
    "notes": result.notes,
    "meetings": len(result.timetable.meetings),
    "violations": len(violations(event, result.timetable)),
    "proven": [level.is_proven for level in result.levels],
    "to_end_s": time.monotonic() - asked[0] if asked else None,
}))
"""
"""Arguments: an event's folder, the accident, and ``cancel``, ``time`` or nothing."""


def after(accident: str, ended_by: str, folder: Path) -> dict[str, Any]:
    """What a solve says whose flow hopes for two meetings of which only one has time to walk."""
    rooms = [make_room("r1", building="A"), make_room("r2", building="B")]
    companies = [make_company("c1"), make_company("c2", room_id="r2")]
    rules = Rules(building_change_min=5)
    write_event(make_event(["s1"], companies, rooms=rooms, slots=2, rules=rules), folder)
    command = [sys.executable, "-c", PROGRAM, str(folder), accident, ended_by]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.mark.parametrize(
    ("accident", "ended_by", "note"),
    [
        ("SIGABRT", "", "The solve ended early (the solver process was ended by SIGABRT"),
        ("SIGSEGV", "", "The solve ended early (the solver process was ended by SIGSEGV"),
        ("SIGKILL", "", "The solve ended early (the solver process was ended by SIGKILL"),
        ("memory", "", "The solve ended early (it needed more than 8000 MB of memory"),
        ("hang", "time", "The time limit was reached"),
        ("hang", "cancel", "Stopped before the end"),
    ],
)
def test_accident_keeps_the_best_and_claims_no_proof(
    accident: str, ended_by: str, note: str, tmp_path: Path
) -> None:
    said = after(accident, ended_by, tmp_path)
    assert said["status"] == "feasible"
    assert (said["meetings"], said["violations"]) == (1, 0)
    assert said["proven"][0] is False
    assert [own for own in said["notes"] if own.startswith(note)]
    assert said["notes"][0].endswith(": the best timetable so far is kept.")
    if ended_by == "cancel":
        assert said["to_end_s"] < 2


def test_without_an_accident_the_same_solve_proves_its_answer(tmp_path: Path) -> None:
    """The control."""
    said = after("none", "", tmp_path)
    assert (said["status"], said["notes"]) == ("optimal", [])


@pytest.mark.parametrize("memory_limit_mb", [50, 400])
def test_memory_that_is_too_small_is_survived(memory_limit_mb: int) -> None:
    """The solver's own memory: too small to load it, and too small for its eight workers."""
    event = generate_event(students=150, companies=30, seed=150, seats=1, is_hard=True)
    settings = Settings(workers=8, time_limit_s=20)
    result = solve(event, settings, memory_limit_mb=memory_limit_mb)
    assert result.status in ("feasible", "unknown")
    assert (result.timetable is None) is (result.status == "unknown")
    assert result.timetable is None or violations(event, result.timetable) == ()
    assert len(result.notes) == 1
    assert f"{memory_limit_mb} MB" in result.notes[0] or "time limit" in result.notes[0]

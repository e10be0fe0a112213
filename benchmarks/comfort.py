"""Breaks of students, companies and changes of room after different times for comfort."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.command import run_command
from benchmarks.report import Bar, Part, say
from benchmarks.workspace import EXAMPLE, Size, Workspace

COLUMNS = (
    "event",
    "--comfort-s",
    "wall",
    "breaks when placed",
    "breaks",
    "bound",
    "company breaks",
    "room changes",
)
SIZES = (Size(150, 30, seats=1), Size(400, 40, seats=2), Size(1_600, 100))
DEFAULT_S, SOME_S, LONG_S = "0.5", "10", "60"


def comfort(workspace: Workspace) -> Part:
    """Solve with the default, with ten seconds, and the example and the largest with a minute."""
    part = Part(
        "comfort",
        "Comfort: fewer breaks",
        COLUMNS,
        key_columns=2,
        notes=[
            "One run each. The bound holds for every timetable equal on levels 1 to 3. Generated "
            "events with absences, 1, 2 and 6 seats, seed 1.",
        ],
    )
    events = [("examples/aarhus-2026", EXAMPLE)]
    if not workspace.is_quick:
        events += [(folder.name, folder) for folder in workspace.real_events()]
        events += [(size.name, workspace.event(size)) for size in SIZES]
    for number, (name, folder) in enumerate(events):
        times = [DEFAULT_S]
        if not workspace.is_quick:
            is_long = number in (0, len(events) - 1)
            times += [SOME_S, LONG_S] if is_long else [SOME_S]
        found = [_solve(part, workspace, name, folder, seconds) for seconds in times]
        levels = [level for level in found if level is not None]
        if levels and max(bound for _, bound in levels) > min(breaks for breaks, _ in levels):
            part.wrong.append(f"{name}: fewer breaks than a bound allows")
    return part


def _solve(
    part: Part, workspace: Workspace, name: str, folder: Path, seconds: str
) -> tuple[int, int] | None:
    """Add a row; the breaks and their bound."""
    say(f"solve {name} with --comfort-s {seconds}")
    out = workspace.out(f"comfort-{folder.name}-{seconds}")
    limit = str(60 + float(seconds))
    command = ["solve", folder, "--comfort-s", seconds, "--time-limit", limit, "--out", out]
    run = run_command(command)
    if run.exit_status:
        part.bars.append(Bar(f"solve {name}", f"exit status {run.exit_status}", is_met=False))
        return None
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    level, fine = summary["levels"][-1], summary["comfort"]
    counts = (
        fine["breaks_before"],
        level["value"],
        level["bound"],
        fine["company_breaks"],
        fine["room_changes"],
    )
    part.rows.append([name, seconds, f"{run.seconds:.1f} s", *(f"{count:,}" for count in counts)])
    return level["value"], level["bound"]

"""The whole command: solving, reading, printing and real events, with memory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.command import Run, run_command
from benchmarks.report import Bar, Part, say
from scheduler.generate import generate_event
from scheduler.importers import write_event

EXAMPLE = Path(__file__).parents[1] / "examples" / "aarhus-2026"
SEED = 1
COLUMNS = ("event", "command", "wall", "peak memory", "status", "proven levels", "levels")


@dataclass(frozen=True, slots=True)
class Size:
    """A generated event with absences and 6 seats, and what its command may need."""

    students: int
    companies: int
    slots: int
    bar_s: float | None = None
    bar_mb: float | None = None

    @property
    def name(self) -> str:
        """As the tables call it."""
        return f"{self.students:,} x {self.companies:,} x {self.slots}"


USUAL = Size(1_600, 100, 12, bar_s=3.0)
LARGE = Size(5_000, 300, 15, bar_s=5.0, bar_mb=1_024)
LARGEST = Size(20_000, 1_000, 12)
EXAMPLE_BAR_S = 2.5
PRINT_BAR_S = 30.0


class Workspace:
    """Event folders and timetables that several parts share, each made once.

    Parameters
    ----------
    folder
        Where they are made.
    times
        Runs of each command; the seconds are the median.
    """

    def __init__(self, folder: Path, times: int) -> None:
        self._folder = folder
        self.times = times

    def event(self, size: Size) -> Path:
        """Folder of a generated event."""
        folder = self._folder / f"event-{size.students}"
        if not folder.is_dir():
            say(f"writing {size.name}")
            event = generate_event(
                students=size.students,
                companies=size.companies,
                slots=size.slots,
                seed=SEED,
                with_absences=True,
            )
            write_event(event, folder)
        return folder

    def out(self, name: str) -> Path:
        """Folder of the results of one command."""
        return self._folder / f"out-{name}"


def whole_command(workspace: Workspace, *, is_quick: bool) -> Part:
    """Solve the example and the generated events; read the largest one."""
    part = _part("Whole command, files to files", workspace)
    part.notes.append("Generated events have 6 seats, 10 wishes, absences and seed 1.")
    run = solve_folder(part, workspace, "examples/aarhus-2026", EXAMPLE)
    _bar_seconds(part, "solve examples/aarhus-2026", run, EXAMPLE_BAR_S)
    for size in (USUAL,) if is_quick else (USUAL, LARGE):
        run = solve_folder(part, workspace, size.name, workspace.event(size))
        if size.bar_s is not None:
            _bar_seconds(part, f"solve {size.name}", run, size.bar_s)
        if size.bar_mb is not None:
            text = f"solve {size.name} within {size.bar_mb:,.0f} MB"
            is_met = not run.exit_status and run.peak_mb <= size.bar_mb
            part.bars.append(Bar(text, f"{run.peak_mb:,.0f} MB", is_met))
    if not is_quick:
        folder = workspace.event(LARGEST)
        say(f"check {LARGEST.name}")
        run = run_command(["check", folder], times=workspace.times)
        part.rows.append(_row(LARGEST.name, "check (reading alone)", run, None))
        if run.exit_status:
            part.bars.append(Bar(f"check {LARGEST.name}", _last_line(run), is_met=False))
    return part


def printing(workspace: Workspace) -> Part:
    """Print the pack of the usual event."""
    part = _part("Printing the pack", workspace)
    folder, out = workspace.event(USUAL), workspace.out(USUAL.name)
    if not (out / "timetable.csv").is_file():
        run_command(["solve", folder, "--out", out])
    say(f"print {USUAL.name}")
    pack = workspace.out("print")
    run = run_command(["print", folder, out / "timetable.csv", "--out", pack])
    part.rows.append(_row(USUAL.name, "print", run, None))
    _bar_seconds(part, f"print {USUAL.name}", run, PRINT_BAR_S)
    part.notes.append(f"Printed once: {len(list(pack.glob('*.pdf')))} PDF files.")
    return part


def real_events(workspace: Workspace, data: Path) -> Part:
    """Solve every event folder below a directory."""
    part = _part("Real events", workspace)
    for settings in sorted(data.rglob("event.toml")):
        solve_folder(part, workspace, settings.parent.name, settings.parent)
    if not part.rows:
        part.notes.append("No event folder was found.")
    return part


def solve_folder(part: Part, workspace: Workspace, name: str, folder: Path) -> Run:
    """Solve a folder with the command's own defaults and add a row."""
    say(f"solve {name}")
    out = workspace.out(name.replace("/", "-"))
    run = run_command(["solve", folder, "--out", out], times=workspace.times)
    summary = out / "summary.json"
    found = json.loads(summary.read_text(encoding="utf-8")) if summary.is_file() else None
    part.rows.append(_row(name, "solve", run, found))
    if run.exit_status:
        part.bars.append(Bar(f"solve {name}", _last_line(run), is_met=False))
    return run


def _part(title: str, workspace: Workspace) -> Part:
    return Part(
        title,
        COLUMNS,
        notes=[
            f"Wall time: median of {workspace.times}, the interpreter's start included. Peak "
            "memory: the largest resident set of any one process of the command (it solves in a "
            "child, with which it shares pages), not their sum.",
        ],
    )


def _bar_seconds(part: Part, text: str, run: Run, limit_s: float) -> None:
    is_met = not run.exit_status and run.seconds <= limit_s
    part.bars.append(Bar(f"{text} within {limit_s:g} s", f"{run.seconds:.2f} s", is_met))


def _row(name: str, command: str, run: Run, summary: dict[str, Any] | None) -> list[str]:
    measured = [name, command, f"{run.seconds:.2f} s", f"{run.peak_mb:,.0f} MB"]
    if run.exit_status:
        return [*measured, f"exit status {run.exit_status}: {_last_line(run)}", "", ""]
    if summary is None:
        return [*measured, "done", "", ""]
    levels = summary["levels"]
    proven = [str(number) for number, level in enumerate(levels, 1) if level["proven"]]
    return [
        *measured,
        summary["status"],
        ", ".join(proven) or "none",
        "; ".join(_level(level) for level in levels),
    ]


def _level(level: dict[str, Any]) -> str:
    value, bound = level["value"], level["bound"]
    text = ", ".join(f"{entry:,}" for entry in value) if isinstance(value, list) else f"{value:,}"
    if level["proven"] or bound is None:
        return text
    return f"{text} (bound {bound})"


def _last_line(run: Run) -> str:
    lines = run.errors.strip().splitlines() or ["nothing was said"]
    return lines[-1].replace("|", "/")

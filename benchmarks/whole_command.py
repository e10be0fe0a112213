"""The whole command: solving, reading, printing and real events, with memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.command import Run, run_command
from benchmarks.report import Bar, Part, say
from benchmarks.workspace import EXAMPLE, Size, Workspace

COLUMNS = ("event", "command", "wall", "peak memory", "status", "proven levels", "levels")


USUAL = Size(1_600, 100)
LARGE = Size(5_000, 300, slots=15)
LARGEST = Size(20_000, 1_000)
BAR_S = {USUAL: 3.0, LARGE: 5.0}
BAR_MB = {LARGE: 1_024.0}
EXAMPLE_BAR_S = 2.5
PRINT_BAR_S = 30.0


def whole_command(workspace: Workspace) -> Part:
    """Solve the example and the generated events; read the largest one."""
    part = _part("command", "Whole command, files to files", workspace)
    part.notes.append("Generated events have 6 seats, 10 wishes, absences and seed 1.")
    run = solve_folder(part, workspace, "examples/aarhus-2026", EXAMPLE)
    _bar_seconds(part, "solve examples/aarhus-2026", run, EXAMPLE_BAR_S)
    for size in (USUAL,) if workspace.is_quick else (USUAL, LARGE):
        run = solve_folder(part, workspace, size.name, workspace.event(size))
        _bar_seconds(part, f"solve {size.name}", run, BAR_S[size])
        if size in BAR_MB:
            text = f"solve {size.name} within {BAR_MB[size]:,.0f} MB"
            is_met = not run.exit_status and run.peak_mb <= BAR_MB[size]
            part.bars.append(Bar(text, f"{run.peak_mb:,.0f} MB", is_met))
    if not workspace.is_quick:
        folder = workspace.event(LARGEST)
        say(f"check {LARGEST.name}")
        run = run_command(["check", folder], times=workspace.times)
        part.rows.append(row_of(LARGEST.name, "check (reading alone)", run, None))
        if run.exit_status:
            part.bars.append(Bar(f"check {LARGEST.name}", last_line(run), is_met=False))
    return part


def printing(workspace: Workspace) -> Part:
    """Print the pack of the usual event."""
    part = _part("print", "Printing the pack", workspace)
    folder, out = workspace.event(USUAL), workspace.out(USUAL.name)
    if not (out / "timetable.csv").is_file():
        run_command(["solve", folder, "--out", out])
    say(f"print {USUAL.name}")
    pack = workspace.out("print")
    run = run_command(["print", folder, out / "timetable.csv", "--out", pack])
    part.rows.append(row_of(USUAL.name, "print", run, None))
    _bar_seconds(part, f"print {USUAL.name}", run, PRINT_BAR_S)
    part.notes.append(f"Printed once: {len(list(pack.glob('*.pdf')))} PDF files.")
    return part


def real_events(workspace: Workspace) -> Part:
    """Solve every real event."""
    part = _part("data", "Real events", workspace)
    for folder in workspace.real_events():
        solve_folder(part, workspace, folder.name, folder)
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
    part.rows.append(row_of(name, "solve", run, found))
    if run.exit_status:
        part.bars.append(Bar(f"solve {name}", last_line(run), is_met=False))
    return run


def _part(name: str, title: str, workspace: Workspace) -> Part:
    return Part(
        name,
        title,
        COLUMNS,
        key_columns=2,
        notes=[
            f"Wall time: median of {workspace.times}, the interpreter's start included. Peak "
            "memory: the largest resident set of any one process of the command (it solves in a "
            "child, with which it shares pages), not their sum.",
        ],
    )


def _bar_seconds(part: Part, text: str, run: Run, limit_s: float) -> None:
    is_met = not run.exit_status and run.seconds <= limit_s
    part.bars.append(Bar(f"{text} within {limit_s:g} s", f"{run.seconds:.2f} s", is_met))


def row_of(name: str, command: str, run: Run, summary: dict[str, Any] | None) -> list[str]:
    """Make the row of one command: what was measured, and the levels of its summary."""
    measured = [name, command, f"{run.seconds:.2f} s", f"{run.peak_mb:,.0f} MB"]
    if run.exit_status:
        return [*measured, f"exit status {run.exit_status}: {last_line(run)}", "", ""]
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


def last_line(run: Run) -> str:
    """What a command said last on standard error."""
    lines = run.errors.strip().splitlines() or ["nothing was said"]
    return lines[-1].replace("|", "/")

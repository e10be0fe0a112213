"""Wall time and peak memory of the whole command, files to files, and of any other program.

A program is started by a fresh, small interpreter (this module, run as a script) and not by the
benchmark itself: a forked child's peak begins with its parent's size, which solvers have filled.

Notes
-----
``os.wait4`` reports the largest resident set of any one process among the command and the children
it has waited for. ``solve`` forks a child that does the solving, so the figure is the maximum of
the two, not their sum; they share most of their pages.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command, or the median of several: seconds, MB at the peak, what it said.

    The exit status is negative when a signal ended it.
    """

    seconds: float
    peak_mb: float
    exit_status: int
    output: str
    errors: str


def run_command(arguments: Sequence[str | Path], *, times: int = 1) -> Run:
    """Run ``company-dating`` and measure it.

    Parameters
    ----------
    times
        Runs, one after another; the seconds are their median, the memory their maximum, the rest
        is the last one's. A run that fails ends them.
    """
    runs: list[Run] = []
    for _ in range(times):
        runs.append(run_program([*program(), *arguments]))
        if runs[-1].exit_status:
            break
    last = runs[-1]
    return Run(
        median(run.seconds for run in runs),
        max(run.peak_mb for run in runs),
        last.exit_status,
        last.output,
        last.errors,
    )


def run_program(command: Sequence[str | Path], *, limit_s: float = 0) -> Run:
    """Run a program once and measure it; ``limit_s`` seconds later it is killed (0: never)."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        starter = [sys.executable, "-S", str(Path(__file__).resolve()), str(report), str(limit_s)]
        ended = subprocess.run(
            [*starter, *map(str, command)], capture_output=True, text=True, check=False
        )
        if not report.is_file():
            raise RuntimeError(f"the command could not be measured: {ended.stderr}")
        measured = json.loads(report.read_text())
    return Run(
        measured["seconds"],
        measured["peak_kb"] / 1024,
        measured["exit_status"],
        ended.stdout,
        ended.stderr,
    )


def program() -> list[str]:
    """How the command is started."""
    script = Path(sys.executable).with_name("company-dating")
    return [str(script)] if script.is_file() else [sys.executable, "-m", "scheduler"]


def _start_and_wait(report: Path, limit_s: float, command: list[str]) -> None:
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            os.execv(command[0], command)
        finally:
            os._exit(127)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    _, status, usage = os.wait4(child, 0)
    seconds = time.monotonic() - started
    exit_status = os.waitstatus_to_exitcode(status)
    peak_kb = usage.ru_maxrss // (1024 if sys.platform == "darwin" else 1)
    measured = {"seconds": seconds, "peak_kb": peak_kb, "exit_status": exit_status}
    report.write_text(json.dumps(measured))


if __name__ == "__main__":
    _start_and_wait(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])

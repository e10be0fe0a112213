"""Seconds and memory of a command and all its children together (Linux).

Notes
-----
The proportional set size counts a page that several processes share once in all, so the sum over
the tree is what the machine needs. It is sampled, so a short peak may be missed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_S = 0.2


@dataclass(frozen=True, slots=True)
class TreeRun:
    """Seconds, MB of the whole tree at the highest sample, exit status (None: out of time)."""

    seconds: float
    peak_mb: float
    exit_status: int | None
    output: str


def run_tree(command: Sequence[str], *, limit_s: float) -> TreeRun:
    """Run a command, sample its tree, and end it when the time is over."""
    started, peak = time.monotonic(), 0.0
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(_pss_mb, _tree(process.pid))))
            if time.monotonic() - started > limit_s:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                return TreeRun(time.monotonic() - started, peak, None, "")
            time.sleep(SAMPLE_S)
        seconds = time.monotonic() - started
        output = process.stdout.read() if process.stdout else ""
    return TreeRun(seconds, peak, process.returncode, output)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from _tree(int(child))


def _pss_mb(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    for line in text.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0

"""What a benchmark part says: a table, notes, bars that are met or missed, and contradictions."""

from __future__ import annotations

import datetime as dt
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import scheduler

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Bar:
    """A promise and whether this run kept it."""

    text: str
    figure: str
    is_met: bool

    def __str__(self) -> str:
        return f"{'met' if self.is_met else 'MISSED'}: {self.text} ({self.figure})"


@dataclass(slots=True)
class Part:
    """One part of the benchmark.

    Attributes
    ----------
    wrong
        Proven values that differ; each makes the run fail.
    """

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether every bar is met and nothing contradicts."""
        return not self.wrong and all(bar.is_met for bar in self.bars)

    def markdown(self) -> str:
        """Heading, table, notes, bars and contradictions."""
        lines = [f"## {self.title}", ""]
        lines.append(f"| {' | '.join(self.columns)} |")
        lines.append("|---" * len(self.columns) + "|")
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        lines += ["", *(f"{note}  " for note in self.notes)]
        items = [f"- {bar}" for bar in self.bars]
        items += [f"- WRONG: {text}" for text in self.wrong]
        if items:
            lines += ["", *items]
        return "\n".join(lines).rstrip() + "\n"


def heading() -> str:
    """Version, date, machine and solvers of this run."""
    today = dt.datetime.now().astimezone().isoformat(timespec="minutes")
    solvers = ", ".join(f"{name} {version(name)}" for name in ("ortools", "highspy"))
    return (
        f"# Company Dating {scheduler.__version__}: benchmark of {today}\n\n"
        f"{os.cpu_count()} cores ({platform.system()}, {platform.machine()}), "
        f"Python {platform.python_version()}, {solvers}.\n"
        "One run, one thing at a time. Compare ratios, bounds and memory between machines, not "
        "seconds.\n"
    )


def write(parts: Sequence[Part]) -> Path:
    """Write the results of this version, whole."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{scheduler.__version__}.md"
    path.write_text("\n".join([heading(), *(part.markdown() for part in parts)]), encoding="utf-8")
    return path


def say(text: str) -> None:
    """Tell the person who waits what is running now."""
    print(f"... {text}", file=sys.stderr, flush=True)

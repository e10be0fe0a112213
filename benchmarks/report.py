"""What a benchmark part says: a table, notes, bars that are met or missed, and contradictions.

Every row has an anchor, made of the part's name and the cells that name the row, so that claims can
point to it and stay right from release to release (``claims.py``).
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
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
    name
        What ``--only`` calls it; the anchors of its rows begin with it.
    key_columns
        So many first cells name a row; no two rows have the same.
    wrong
        Answers that contradict each other; each makes the run fail.
    """

    name: str
    title: str
    columns: Sequence[str]
    key_columns: int = 1
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
        for first, *others in self.rows:
            anchor = anchor_of(self.name, first, *others[: self.key_columns - 1])
            lines.append(f'| <a id="{anchor}"></a>{" | ".join((first, *others))} |')
        lines += ["", *(f"{note}  " for note in self.notes)]
        items = [f"- {bar}" for bar in self.bars]
        items += [f"- WRONG: {text}" for text in self.wrong]
        if items:
            lines += ["", *items]
        return "\n".join(lines).rstrip() + "\n"


def anchor_of(*names: str) -> str:
    """Name of a row in links: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", " ".join(names).lower().replace(",", "")).strip("-")


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

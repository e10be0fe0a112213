"""What a peer answers, and the file in which its process hands it over."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from scheduler.model import CompanyId, StudentId

Held = tuple[StudentId, CompanyId, int]
"""Student, company, slot."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A peer's timetable, and what it has proven.

    Parameters
    ----------
    meetings
        None when it found no timetable in time.
    bounds
        Of each entry of levels 1 to 3 while those above are held; None where it has none.
    seconds
        From the event in memory to the answer, building the model included.
    """

    meetings: tuple[Held, ...] | None
    bounds: tuple[int | None, ...]
    seconds: float

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Answer:
        """Read what `write` wrote."""
        told = json.loads(path.read_text(encoding="utf-8"))
        meetings = told["meetings"]
        held = None if meetings is None else tuple((s, c, t) for s, c, t in meetings)
        return cls(held, tuple(told["bounds"]), told["seconds"])


def left_s(started: float, time_limit_s: float) -> float:
    """Seconds that are left for a solver, at least a few."""
    return max(0.1, time_limit_s - (time.monotonic() - started))

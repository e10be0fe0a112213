"""What every stage of a solve shares: settings, messages, the clock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from scheduler.model import Progress, Scores, Timetable
from scheduler.sentence import Sentence

PORTFOLIO = 8
"""CP-SAT's workers search in different ways; eight prove more than two, even on two cores."""


def usual_workers() -> int:
    """CP-SAT workers of a solve of which nobody says how many."""
    return max(PORTFOLIO, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Settings:
    """How long and with what to solve; times in seconds."""

    time_limit_s: float = 60.0
    comfort_s: float = 0.5
    seed: int = 1
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Incumbent:
    """A timetable that breaks no rule, as good as known so far."""

    timetable: Timetable


@dataclass(frozen=True, slots=True)
class Bound:
    """No timetable whose first entries equal ``above`` has a larger next entry than ``value``.

    Entries are those of levels 1 to 3 in one row, in a repair after the changes with a minus, which
    ``entries`` makes, and then the breaks with a minus.
    """

    above: tuple[int, ...]
    value: int


@dataclass(frozen=True, slots=True)
class BreaksBefore:
    """Breaks of students (level 4) before they are lowered."""

    breaks: int


@dataclass(frozen=True, slots=True)
class StageTime:
    """Seconds that a finished stage took."""

    stage: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for whoever reads the result."""

    text: Sentence


@dataclass(frozen=True, slots=True)
class Infeasible:
    """No timetable exists; ``is_confirmed`` after a second solve with other settings."""

    is_confirmed: bool


Message = Progress | Incumbent | Bound | BreaksBefore | StageTime | Note | Infeasible
Emit = Callable[[Message], None]


def entries(scores: Scores) -> tuple[int, ...]:
    """Levels 1 to 3 as one row of integers, all better when larger; minus the changes before."""
    changes: tuple[int, ...] = () if scores.changes is None else (-scores.changes,)
    return (*changes, *scores.guaranteed, scores.company_minimum, scores.preferences)


@dataclass(slots=True)
class Clock:
    """Time since the solve began, and what is left of its limit."""

    settings: Settings
    started: float = field(default_factory=time.monotonic)

    def elapsed_s(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    def left_s(self) -> float:
        """Seconds until the limit, never below 0."""
        return max(0.0, self.settings.time_limit_s - self.elapsed_s())

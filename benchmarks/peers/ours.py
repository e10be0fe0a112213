"""Our own engine, asked as the peers are."""

from __future__ import annotations

import gc
import time
from statistics import median

from benchmarks.peers.answer import Answer
from scheduler.model import Event
from scheduler.solve import solve
from scheduler.strategies import stages  # noqa: F401  # solve imports it when it is called
from scheduler.strategies.base import Settings

TIMES = 3


def ours(event: Event, time_limit_s: float, workers: int) -> Answer:
    """Check, solve, verify, as the command does by default: with fewer breaks."""
    return _answer(event, Settings(time_limit_s=time_limit_s, workers=workers))


def ours_to_level_3(event: Event, time_limit_s: float, workers: int) -> Answer:
    """Check, solve, verify, and leave the breaks: what the peers are asked."""
    return _answer(event, Settings(time_limit_s=time_limit_s, workers=workers, comfort_s=0))


def _answer(event: Event, settings: Settings) -> Answer:
    """Answer, with the median seconds of several solves."""
    seconds: list[float] = []
    for _ in range(TIMES):
        gc.collect()
        started = time.monotonic()
        result = solve(event, settings, in_child=False)
        seconds.append(time.monotonic() - started)
    bounds = tuple(bound for level in result.levels[:3] for bound in level.bound)
    if result.timetable is None:
        return Answer(None, bounds, median(seconds))
    meetings = result.timetable.meetings
    held = tuple((m.student_id, m.company_id, m.slot) for m in meetings)
    return Answer(held, bounds, median(seconds))

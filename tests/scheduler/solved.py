"""Solving a tiny event to the end, for tests that compare levels."""

from __future__ import annotations

from scheduler.model import Event, Result, Status
from scheduler.solve import solve
from scheduler.strategies.base import Settings
from scheduler.validation import check
from tests.scheduler.second_solver import Row


def solved(event: Event, *, seed: int = 1, workers: int = 1) -> Result:
    """The result, within this process."""
    return solve(event, Settings(workers=workers, comfort_s=0.05, seed=seed), in_child=False)


def row_of(result: Result) -> Row | None:
    """Levels 1 to 3 as one row of entries; None when the event is infeasible.

    Tiny events leave nothing unproven.
    """
    if result.status is Status.INFEASIBLE:
        assert result.timetable is None
        return None
    assert result.status is Status.OPTIMAL, result
    return tuple(value for level in result.levels[:3] for value in level.value)


def best(event: Event) -> Row | None:
    """The optimum of levels 1 to 3 as the engine proves it."""
    assert check(event) == []
    return row_of(solved(event))


def is_at_least(one: Row | None, other: Row | None) -> bool:
    """Whether ``one`` is equal or better; infeasible is worst."""
    if other is None:
        return True
    return one is not None and one >= other

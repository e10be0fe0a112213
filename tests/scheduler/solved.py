"""Solving a tiny event to the end, for tests that compare levels: by every path of the engine."""

from __future__ import annotations

from scheduler.model import Event, Result, Status
from scheduler.objective import score
from scheduler.solve import solve
from scheduler.strategies.allocation import allocate
from scheduler.strategies.base import (
    Bound,
    Clock,
    Incumbent,
    Infeasible,
    Message,
    Settings,
    entries,
)
from scheduler.strategies.cpsat.levels import search_levels
from scheduler.strategies.cpsat.search import Answer, LevelSearch, Limits
from scheduler.strategies.instance import build_instance
from scheduler.strategies.stages import timetable_of
from scheduler.validation import check
from scheduler.verify import violations
from tests.scheduler.second_solver import Row, recount


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
    """The optimum of levels 1 to 3 as the engine proves it, on both its paths.

    What is placed by colouring is searched too, so a property of ``best`` is one of both.
    """
    assert check(event) == []
    row = row_of(solved(event))
    assert best_by_search(event) == row
    return row


def best_by_search(event: Event, *, seed: int = 1, workers: int = 1) -> Row | None:
    """The optimum by the path for events whose allocation finds no slots: the levels searched.

    Nothing is placed beforehand, so that every entry is CP-SAT's, below the flow's bounds.
    """
    assert check(event) == []
    instance, said = build_instance(event), list[Message]()
    placement = search_levels(
        instance,
        allocate(instance),
        None,
        clock=Clock(Settings(workers=workers, seed=seed)),
        placing_s=0.0,
        emit=said.append,
        found=lambda slots, rooms: said.append(Incumbent(timetable_of(instance, slots, rooms))),
    )
    if placement is None:
        assert [own for own in said if isinstance(own, Infeasible)] == [Infeasible(True)]
        return None
    timetable = timetable_of(instance, placement.slots, placement.rooms)
    for shown in [own.timetable for own in said if isinstance(own, Incumbent)] + [timetable]:
        assert violations(event, shown) == ()
        assert entries(score(event, shown)) == recount(event, shown)
    bounds: dict[tuple[int, ...], int] = {}
    for own in said:
        if isinstance(own, Bound):
            bounds[own.above] = min(own.value, bounds.get(own.above, own.value))
    row = entries(score(event, timetable))
    assert row == tuple(bounds[row[:index]] for index in range(len(row)))
    return row


def cpsat_alone(event: Event, *, with_presolve: bool) -> Row | None:
    """The optimum by CP-SAT over all pairs, without flow, colouring, hint or bound."""
    search = LevelSearch(build_instance(event), None)
    limits = Limits(seconds=60, workers=1, seed=3, with_presolve=with_presolve)
    row: list[int] = []
    for entry in range(event.rules.guaranteed_meetings_per_student + 2):
        answer, value, bound = search.maximise(entry, limits, lambda *_: None)
        if answer is Answer.IMPOSSIBLE:
            return None
        assert value == bound is not None
        search.hold(entry, value)
        row.append(value)
    return tuple(row)


def is_at_least(one: Row | None, other: Row | None) -> bool:
    """Whether ``one`` is equal or better; infeasible is worst."""
    if other is None:
        return True
    return one is not None and one >= other

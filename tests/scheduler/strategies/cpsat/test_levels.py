"""The search behind the flow: the optimum, wherever it starts from."""

from __future__ import annotations

from hypothesis import given, settings

from scheduler.generate import Hardship, generate_event
from scheduler.model import Event, Scores
from scheduler.objective import score
from scheduler.strategies.allocation import allocate
from scheduler.strategies.base import Bound, Clock, Message, Settings
from scheduler.strategies.cpsat.bounds import Bounds, rounded
from scheduler.strategies.cpsat.levels import search_levels
from scheduler.strategies.instance import build_instance
from scheduler.strategies.rooms import choose_rooms
from scheduler.strategies.stages import timetable_of
from scheduler.verify import violations
from tests.scheduler.events import tiny_events
from tests.scheduler.second_solver import Row, SecondSolver


def searched(event: Event) -> tuple[Row | None, list[Bound]]:
    """What the search alone finds without a start, and the bounds it says."""
    said: list[Message] = []
    instance = build_instance(event)
    found = search_levels(
        instance,
        allocate(instance),
        None,
        clock=Clock(Settings()),
        placing_s=5.0,
        emit=said.append,
        found=lambda *_: None,
    )
    bounds = [message for message in said if isinstance(message, Bound)]
    if found is None:
        return None, bounds
    timetable = timetable_of(instance, found.slots, found.rooms)
    assert violations(event, timetable) == ()
    return row_of_scores(score(event, timetable)), bounds


def row_of_scores(scores: Scores) -> Row:
    return (*scores.guaranteed, scores.company_minimum, scores.preferences)


@given(tiny_events(students=7, companies=5, slots=5))
@settings(max_examples=40, deadline=None)
def test_search_finds_the_optimum_and_says_true_bounds(event: Event) -> None:
    optimum = SecondSolver(event).optimum()
    row, bounds = searched(event)
    assert row == optimum
    if optimum is not None:
        for bound in bounds:
            if optimum[: len(bound.above)] == bound.above:
                assert bound.value >= optimum[len(bound.above)]


def test_bounds_with_slots_are_reached_where_companies_leave() -> None:
    """The flow says 10,794 points; 10,774 is what the slots allow."""
    event = generate_event(
        students=60, companies=15, seed=60, seats=1, is_hard=True, hardship=Hardship.LEAVING
    )
    instance = build_instance(event)
    allocation = allocate(instance)
    aim = Bounds(instance, Clock(Settings())).aim(lambda *_: None)
    assert aim is not None
    assert aim.row < (*allocation.guaranteed, allocation.company_minimum, allocation.preferences)
    row, _ = searched(event)
    assert row == aim.row


def test_rounding_starts_from_a_timetable_without_faults() -> None:
    event = generate_event(students=40, companies=10, seed=3, seats=1, is_hard=True)
    instance = build_instance(event)
    allocation = allocate(instance)
    aim = Bounds(instance, Clock(Settings())).aim(lambda *_: None)
    rooms = choose_rooms(instance, allocation.pairs)
    assert aim is not None
    assert rooms is not None
    board = rounded(instance, rooms, aim)
    timetable = timetable_of(instance, board.slot_of, board.rooms)
    assert violations(event, timetable) == ()
    assert score(event, timetable).guaranteed[0] >= 30

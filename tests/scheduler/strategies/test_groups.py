import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.generate import generate_event
from scheduler.model import Event
from scheduler.objective import score
from scheduler.solve import solve
from scheduler.strategies.allocation import allocate
from scheduler.strategies.base import Settings, entries
from scheduler.strategies.board import Board
from scheduler.strategies.colouring import place
from scheduler.strategies.comfort import Costs
from scheduler.strategies.comfort.groups import Groups, fewest
from scheduler.strategies.comfort.schedules import Schedules
from scheduler.strategies.ejection import place_by_ejection
from scheduler.strategies.equally_good import Choices, equally_good
from scheduler.strategies.instance import build_instance
from scheduler.strategies.rooms import choose_rooms
from scheduler.strategies.stages import timetable_of
from scheduler.verify import violations
from tests.scheduler.brute_force import brute_force
from tests.scheduler.events import make_company, make_event, make_room, tiny_events


def optimal_board(event: Event) -> tuple[Board, Choices] | None:
    """A board that reaches the flow's entries, if placing finds one."""
    instance = build_instance(event)
    allocation = allocate(instance)
    rooms = choose_rooms(instance, allocation.pairs)
    if rooms is None:
        return None
    board, left = place(instance, allocation.pairs, rooms)
    board, left = place_by_ejection(board, left, seed=1)
    return None if left else (board, equally_good(instance, allocation.guaranteed))


def seat_groups(board: Board, choices: Choices, bound: int = 0) -> bool:
    listing = Schedules(board.instance, board.rooms, choices)
    groups = Groups(board, listing, Random(1))
    return groups.improve(0.5, time.monotonic() + 60, bound)


@settings(deadline=None)
@given(tiny_events(), st.booleans())
def test_bound_holds_for_every_equally_good_timetable(event: Event, is_stopped: bool) -> None:
    made = optimal_board(event)
    if made is None:
        return
    board, choices = made
    optimum = brute_force(event)
    assert optimum is not None
    listing = Schedules(board.instance, board.instance.room_of, choices)
    rounds = iter([False] * (len(event.students) + 1))
    bound = fewest(board, listing, lambda: is_stopped and next(rounds, True))
    assert bound <= optimum.scores.breaks


def test_bound_counts_the_break_that_walking_needs() -> None:
    # ten minutes to the other building, two between slots: one slot stays idle on the way
    event = make_event(
        ["s1"],
        [make_company("c1", room_id="a"), make_company("c2", room_id="b")],
        rooms=[make_room("a", building="x"), make_room("b", building="y")],
    )
    event = replace(event, rules=replace(event.rules, building_change_min=10))
    made = optimal_board(event)
    assert made is not None
    board, choices = made
    assert fewest(board, Schedules(board.instance, board.rooms, choices), lambda: False) == 1


def test_bound_counts_students_who_compete_for_the_same_turns() -> None:
    # the tiny example's shape: four students with two meetings each, three seats in the middle
    event = make_event(
        ["s1", "s2", "s3", "s4", "s5"],
        ["c1", "c2", "c3"],
        {
            "s1": ["c1", "c2"],
            "s2": ["c2", "c3"],
            "s3": ["c3"],
            "s4": ["c1", "c3"],
            "s5": ["c2", "c1"],
        },
    )
    made = optimal_board(event)
    assert made is not None
    board, choices = made
    assert fewest(board, Schedules(board.instance, board.rooms, choices), lambda: False) == 1


@settings(deadline=None, max_examples=40)
@given(tiny_events())
def test_groups_keep_the_levels_above_and_every_rule(event: Event) -> None:
    made = optimal_board(event)
    if made is None:
        return
    board, choices = made
    before = score(event, timetable_of(board.instance, board.slot_of, board.rooms))
    seat_groups(board, choices)
    timetable = timetable_of(board.instance, board.slot_of, board.rooms)
    after = score(event, timetable)
    assert violations(event, timetable) == ()
    assert entries(after) == entries(before)
    assert after.breaks <= before.breaks


@pytest.mark.parametrize("seed", [3, 5])
def test_groups_keep_every_rule_at_once(seed: int) -> None:
    event = generate_event(students=60, companies=15, seed=seed, seats=2, is_hard=True)
    made = optimal_board(event)
    instance = build_instance(event)
    if made is None:  # within what could be placed
        rooms = choose_rooms(instance, allocate(instance).pairs)
        assert rooms is not None
        board, _ = place(instance, allocate(instance).pairs, rooms)
        choices = Choices(frozenset(board.slot_of), frozenset())
    else:
        board, choices = made
    before = timetable_of(instance, board.slot_of, board.rooms)
    old = Costs(board).total()
    seat_groups(board, choices)
    after = timetable_of(instance, board.slot_of, board.rooms)
    assert {v.message for v in violations(event, after)} <= {
        v.message for v in violations(event, before)
    }
    assert entries(score(event, after)) == entries(score(event, before))
    assert Costs(board).total()[0] < old[0]


def test_no_time_seats_nobody_anew() -> None:
    event = make_event(["s1"], ["c1", "c2"])
    made = optimal_board(event)
    assert made is not None
    board, choices = made
    board.remove(1)
    board.place(1, 2)
    listing = Schedules(board.instance, board.rooms, choices)
    assert not Groups(board, listing, Random(1)).improve(1.0, time.monotonic() - 1, 0)
    assert sorted(board.slot_of.values()) == [0, 2]


def test_fewest_breaks_are_proven_with_time() -> None:
    event = make_event(
        ["s1"],
        [make_company("c1", room_id="a"), make_company("c2", room_id="b")],
        rooms=[make_room("a", building="x"), make_room("b", building="y")],
    )
    event = replace(event, rules=replace(event.rules, building_change_min=10))
    result = solve(event, Settings(comfort_s=5), in_child=False)
    assert result.levels[3].value == result.levels[3].bound == (1,)


@settings(deadline=None, max_examples=15)
@given(tiny_events())
def test_solve_with_time_for_comfort_is_never_better_than_its_bound(event: Event) -> None:
    optimum = brute_force(event)
    result = solve(event, Settings(comfort_s=4), in_child=False)
    if optimum is None or result.timetable is None:
        assert optimum is None
        assert result.timetable is None
        return
    (bound,) = result.levels[3].bound
    assert bound is not None
    assert bound <= optimum.scores.breaks <= result.levels[3].value[0]

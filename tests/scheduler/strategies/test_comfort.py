import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.generate import generate_event
from scheduler.model import Event
from scheduler.objective import breaks_of, comfort, score
from scheduler.strategies.allocation import allocate
from scheduler.strategies.base import entries
from scheduler.strategies.board import Board
from scheduler.strategies.colouring import place
from scheduler.strategies.comfort import Costs, count_breaks, improve_comfort
from scheduler.strategies.ejection import place_by_ejection
from scheduler.strategies.instance import build_instance
from scheduler.strategies.rooms import choose_rooms
from scheduler.strategies.stages import timetable_of
from scheduler.verify import violations
from tests.scheduler.events import (
    company_away,
    make_company,
    make_event,
    make_room,
    pin,
    tiny_events,
)


@given(st.integers(0, 2**16 - 1))
def test_breaks_of_a_mask_are_those_of_its_slots(used: int) -> None:
    assert count_breaks(used) == breaks_of(slot for slot in range(16) if used >> slot & 1)


def board_of(event: Event, slots: dict[tuple[int, int], int], rooms: list[int]) -> Board:
    instance = build_instance(event)
    board = Board(instance, rooms)
    for index, pair in enumerate(instance.pairs):
        if (pair.student, pair.company) in slots:
            board.place(index, slots[pair.student, pair.company])
    return board


def improved(
    event: Event, slots: dict[tuple[int, int], int], rooms: list[int] | None = None
) -> Board:
    board = board_of(event, slots, rooms or [0] * len(event.companies))
    board, is_done = improve_comfort(board, until=time.monotonic() + 60, tries=3_000, seed=1)
    assert is_done
    return board


def total(board: Board) -> tuple[int, int, int]:
    return Costs(board).total()


def test_meeting_moves_to_an_open_turn() -> None:
    event = make_event(["s1"], ["c1", "c2"])
    assert total(improved(event, {(0, 0): 0, (0, 1): 2}))[0] == 0


def test_meetings_of_two_students_are_exchanged() -> None:
    # c1 is full all day, so s1 can only take s2's slot there
    event = make_event(["s1", "s2", "s3"], ["c1", "c2"])
    assert total(improved(event, {(0, 0): 0, (0, 1): 2, (1, 0): 1, (2, 0): 2}))[0] == 0


def test_timed_pin_stays() -> None:
    event = make_event(["s1"], ["c1", "c2"], decisions=[pin("s1", "c1", 0), pin("s1", "c2", 24)])
    assert sorted(improved(event, {(0, 0): 0, (0, 1): 2}).slot_of.values()) == [0, 2]


def test_two_students_exchange_companies_of_equal_weight() -> None:
    # c1 is there in slot 1 only and c2 in slot 3; each student has a pin beside one of them
    event = make_event(
        ["s1", "s2"],
        ["c1", "c2", "c3", "c4"],
        {"s1": ["c3", "c1", "c2"], "s2": ["c4", "c1", "c2"]},
        slots=4,
        decisions=[pin("s1", "c3", 0), pin("s2", "c4", 24)],
        absences=[company_away("c1", 0, 10), company_away("c1", 24, 46), company_away("c2", 0, 34)],
    )
    board = improved(event, {(0, 2): 0, (0, 1): 3, (1, 3): 2, (1, 0): 1})
    assert [sorted(own) for own in board.meeting_at] == [[0, 1], [2, 3]]


def test_companies_of_other_weight_are_not_exchanged() -> None:
    event = make_event(
        ["s1", "s2"],
        ["c1", "c2", "c3", "c4"],
        {"s1": ["c3", "c1", "c2"], "s2": ["c4", "c2", "c1"]},
        slots=4,
        decisions=[pin("s1", "c3", 0), pin("s2", "c4", 24)],
        absences=[company_away("c1", 0, 10), company_away("c1", 24, 46), company_away("c2", 0, 34)],
    )
    board = improved(event, {(0, 2): 0, (0, 1): 3, (1, 3): 2, (1, 0): 1})
    assert [sorted(own) for own in board.meeting_at] == [[0, 3], [1, 2]]


def test_company_breaks_come_before_changes_of_room() -> None:
    # both students have one meeting, so only the company's idle slot between them counts
    event = make_event(["s1", "s2"], ["c1"])
    assert total(board_of(event, {(0, 0): 0, (1, 0): 2}, [0])) == (0, 1, 0)
    assert total(improved(event, {(0, 0): 0, (1, 0): 2})) == (0, 0, 0)


def test_changes_of_room_are_lowered() -> None:
    event = make_event(
        ["s1"],
        [make_company(f"c{n}", room_id=room) for n, room in enumerate("aba", 1)],
        rooms=[make_room("a"), make_room("b")],
    )
    slots = {(0, 0): 0, (0, 1): 1, (0, 2): 2}
    assert total(board_of(event, slots, [0, 1, 0])) == (0, 0, 2)
    assert total(improved(event, slots, [0, 1, 0])) == (0, 0, 1)


def test_no_time_changes_nothing() -> None:
    event = make_event(["s1"], ["c1", "c2"])
    board = board_of(event, {(0, 0): 0, (0, 1): 2}, [0, 0])
    board, is_done = improve_comfort(board, until=time.monotonic() - 1, tries=100, seed=1)
    assert not is_done
    assert sorted(board.slot_of.values()) == [0, 2]


def placed(event: Event) -> Board | None:
    instance = build_instance(event)
    pairs = allocate(instance).pairs
    rooms = choose_rooms(instance, pairs)
    if rooms is None:
        return None
    board, left = place(instance, pairs, rooms)
    return place_by_ejection(board, left, seed=1)[0]


def assert_only_more_comfortable(event: Event, board: Board) -> None:
    before = timetable_of(board.instance, board.slot_of, board.rooms)
    kept_before = {v.message for v in violations(event, before)}
    board, _ = improve_comfort(board, until=time.monotonic() + 60, tries=2_000, seed=1)
    after = timetable_of(board.instance, board.slot_of, board.rooms)
    assert {v.message for v in violations(event, after)} <= kept_before
    assert entries(score(event, after)) == entries(score(event, before))
    fine = [comfort(timetable) for timetable in (before, after)]
    goals = [
        (score(event, timetable).breaks, own.company_breaks, own.room_changes)
        for timetable, own in zip((before, after), fine, strict=True)
    ]
    assert goals[1] <= goals[0]
    assert Costs(board).total() == goals[1]


@given(tiny_events())
def test_levels_above_and_rules_are_untouched(event: Event) -> None:
    board = placed(event)
    if board is not None:
        assert_only_more_comfortable(event, board)


@pytest.mark.parametrize("seed", range(1, 7))
def test_every_rule_at_once_is_kept(seed: int) -> None:
    event = generate_event(students=60, companies=15, seed=seed, seats=1 + seed % 2, is_hard=True)
    board = placed(event)
    assert board is not None
    assert_only_more_comfortable(event, board)


def test_the_same_seed_gives_the_same_timetable() -> None:
    event = generate_event(students=80, companies=20, seed=3, seats=1, with_absences=True)
    results = []
    for _ in range(2):
        board = placed(event)
        assert board is not None
        board, _ = improve_comfort(board, until=time.monotonic() + 60, tries=5_000, seed=1)
        results.append(board.slot_of)
    assert results[0] == results[1]

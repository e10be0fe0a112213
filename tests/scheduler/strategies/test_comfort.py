import time

from hypothesis import given
from hypothesis import strategies as st

from scheduler.model import Event
from scheduler.objective import breaks_of, score
from scheduler.strategies.allocation import allocate
from scheduler.strategies.base import entries
from scheduler.strategies.board import Board
from scheduler.strategies.colouring import place
from scheduler.strategies.comfort import count_breaks, improve_breaks
from scheduler.strategies.instance import build_instance
from scheduler.strategies.rooms import choose_rooms
from scheduler.strategies.stages import timetable_of
from scheduler.verify import violations
from tests.scheduler.events import make_event, pin, tiny_events


@given(st.integers(0, 2**16 - 1))
def test_breaks_of_a_mask_are_those_of_its_slots(used: int) -> None:
    assert count_breaks(used) == breaks_of(slot for slot in range(16) if used >> slot & 1)


def board_of(event: Event, slots: dict[tuple[int, int], int]) -> Board:
    instance = build_instance(event)
    board = Board(instance, [0] * len(event.companies))
    for index, pair in enumerate(instance.pairs):
        if (pair.student, pair.company) in slots:
            board.place(index, slots[pair.student, pair.company])
    return board


def improved(board: Board) -> list[list[int]]:
    assert improve_breaks(board, until=time.monotonic() + 60)
    return [sorted(own) for own in board.meeting_at]


def test_meeting_moves_to_an_open_turn() -> None:
    event = make_event(["s1"], ["c1", "c2"])
    (slots,) = improved(board_of(event, {(0, 0): 0, (0, 1): 2}))
    assert slots[1] - slots[0] == 1


def test_meetings_of_two_students_are_exchanged() -> None:
    # c1 is full all day, so s1 can only take s2's slot there
    event = make_event(["s1", "s2", "s3"], ["c1", "c2"])
    board = board_of(event, {(0, 0): 0, (0, 1): 2, (1, 0): 1, (2, 0): 2})
    assert sum(after - before > 1 for before, after in [improved(board)[0]]) == 0


def test_timed_pin_stays() -> None:
    event = make_event(["s1"], ["c1", "c2"], decisions=[pin("s1", "c1", 0), pin("s1", "c2", 24)])
    assert improved(board_of(event, {(0, 0): 0, (0, 1): 2})) == [[0, 2]]


def test_no_time_changes_nothing() -> None:
    event = make_event(["s1"], ["c1", "c2"])
    board = board_of(event, {(0, 0): 0, (0, 1): 2})
    assert not improve_breaks(board, until=time.monotonic() - 1)
    assert sorted(board.slot_of.values()) == [0, 2]


@given(tiny_events(with_pins=False))
def test_levels_above_and_rules_are_untouched(event: Event) -> None:
    instance = build_instance(event)
    pairs = allocate(instance).pairs
    rooms = choose_rooms(instance, pairs)
    if rooms is None:
        return
    board, _ = place(instance, pairs, rooms)
    before = score(event, timetable_of(instance, board.slot_of, rooms))
    improve_breaks(board, until=time.monotonic() + 60)
    timetable = timetable_of(instance, board.slot_of, rooms)
    after = score(event, timetable)
    assert violations(event, timetable) == ()
    assert entries(after) == entries(before)
    assert after.breaks <= before.breaks

from pathlib import Path

from hypothesis import given

from scheduler.importers import load_event
from scheduler.model import Event, Rules
from scheduler.strategies.allocation import allocate
from scheduler.strategies.board import Board
from scheduler.strategies.colouring import place
from scheduler.strategies.ejection import place_by_ejection
from scheduler.strategies.instance import build_instance
from scheduler.strategies.rooms import choose_rooms
from scheduler.strategies.stages import timetable_of
from scheduler.verify import violations
from tests.scheduler.events import make_event, make_room, make_student, pin, tiny_events

AARHUS = Path(__file__).parents[3] / "examples" / "aarhus-2026"


def test_meeting_in_the_way_moves_on() -> None:
    # s1 is there in the first slot only, where s2 sits
    event = make_event([make_student("s1", leaves_min=10), "s2"], ["c1"], slots=2)
    board = Board(build_instance(event), [0])
    board.place(1, 0)
    board, left = place_by_ejection(board, [0], seed=1)
    assert (board.slot_of, left) == ({0: 0, 1: 1}, ())


def test_full_room_makes_way() -> None:
    event = make_event(
        [make_student("s1", leaves_min=10), "s2"],
        ["c1", "c2"],
        {"s1": ["c1"], "s2": ["c2"]},
        rooms=[make_room(capacity=1)],
        slots=2,
    )
    board = Board(build_instance(event), [0, 0])
    board.place(1, 0)
    board, left = place_by_ejection(board, [0], seed=1)
    assert (board.slot_of, left) == ({0: 0, 1: 1}, ())


def test_timed_pin_does_not_move() -> None:
    event = make_event(
        [make_student("s1", leaves_min=10), "s2"], ["c1"], slots=2, decisions=[pin("s2", "c1", 0)]
    )
    board = Board(build_instance(event), [0])
    board.place(1, 0)
    board, left = place_by_ejection(board, [0], seed=1, moves=50)
    assert (board.slot_of, left) == ({1: 0}, (0,))


def test_row_that_grows_too_long_is_broken() -> None:
    event = make_event(
        ["s1"], ["c1", "c2"], slots=3, rules=Rules(max_in_a_row=1, max_meetings_per_student=2)
    )
    board = Board(build_instance(event), [0, 0])
    board.place(0, 1)
    board, left = place_by_ejection(board, [1], seed=1)
    assert (sorted(board.slot_of.values()), left) == ([0, 2], ())


def test_example_with_two_buildings_is_placed_whole() -> None:
    instance = build_instance(load_event(AARHUS).event)
    pairs = allocate(instance).pairs
    rooms = choose_rooms(instance, pairs)
    assert rooms is not None
    board, waiting = place(instance, pairs, rooms)
    assert waiting != ()
    board, left = place_by_ejection(board, waiting, seed=1)
    assert (len(board.slot_of), left) == (len(pairs), ())


@given(tiny_events(with_pins=False))
def test_nothing_is_lost_and_no_rule_broken(event: Event) -> None:
    instance = build_instance(event)
    pairs = allocate(instance).pairs
    rooms = choose_rooms(instance, pairs)
    if rooms is None:
        return
    board, waiting = place(instance, pairs, rooms)
    before = len(board.slot_of)
    board, left = place_by_ejection(board, waiting, seed=1, moves=200)
    assert violations(event, timetable_of(instance, board.slot_of, rooms)) == ()
    assert sorted((*board.slot_of, *left)) == sorted(pairs)
    assert len(board.slot_of) >= before

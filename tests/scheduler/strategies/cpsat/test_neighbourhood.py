from hypothesis import given, settings

from scheduler.generate import generate_event
from scheduler.model import Event, Rules
from scheduler.objective import score
from scheduler.strategies.allocation import allocate
from scheduler.strategies.base import entries
from scheduler.strategies.board import Board
from scheduler.strategies.colouring import place
from scheduler.strategies.cpsat.neighbourhood import improve_levels
from scheduler.strategies.instance import build_instance
from scheduler.strategies.rooms import choose_rooms
from scheduler.strategies.stages import timetable_of
from scheduler.verify import violations
from tests.scheduler.events import make_event, tiny_events, yes


def improved(board: Board) -> tuple[Board, list[Board]]:
    found: list[Board] = []
    allocation = allocate(board.instance)
    bounds = (*allocation.guaranteed, allocation.company_minimum, allocation.preferences)
    rounds = iter([60.0] * 20)
    better = improve_levels(
        board, bounds, seed=1, left_s=lambda: next(rounds, 0.0), found=found.append
    )
    return better, found


def row(event: Event, board: Board) -> tuple[int, ...]:
    timetable = timetable_of(board.instance, board.slot_of, board.rooms)
    assert violations(event, timetable) == ()
    return entries(score(event, timetable))


def test_students_who_lack_a_meeting_get_one_from_others() -> None:
    # s1 took both slots of c1's only seat before s2 came
    event = make_event(
        ["s1", "s2"],
        ["c1", "c2"],
        slots=1,
        rules=Rules(guaranteed_meetings_per_student=1),
    )
    board = Board(build_instance(event), [0, 0])
    board.place(1, 0)
    better, found = improved(board)
    assert row(event, better) == (2, 0, 180)
    assert found[-1] is better


def test_first_meeting_is_worth_more_than_all_points_below() -> None:
    # s2 holds c1 for 150 points; s1 wants c1 only, and then c2 gives s2 no point
    event = make_event(
        ["s1", "s2"],
        ["c1", "c2"],
        {"s1": ["c1"], "s2": ["c1", "c2"]},
        slots=1,
        shortlist=[yes("c1", "s2")],
        rules=Rules(guaranteed_meetings_per_student=1, rank_weights=(100, 0)),
    )
    instance = build_instance(event)
    board = Board(instance, [0, 0])
    board.place(
        next(i for i, p in enumerate(instance.pairs) if (p.student, p.company) == (1, 0)), 0
    )
    assert row(event, board) == (1, 0, 150)
    assert row(event, improved(board)[0]) == (2, 0, 100)


def test_seats_of_those_who_stay_are_respected() -> None:
    event = generate_event(students=60, companies=10, seed=5, seats=2, is_hard=True)
    instance = build_instance(event)
    pairs = allocate(instance).pairs
    rooms = choose_rooms(instance, pairs)
    assert rooms is not None
    board, _ = place(instance, pairs, rooms)
    before = row(event, board)
    better, found = improved(board)
    rows = [row(event, other) for other in found]
    assert rows == sorted(rows)
    assert row(event, better) >= before


@settings(max_examples=30)
@given(tiny_events(with_pins=False))
def test_empty_timetable_is_filled_without_breaking_a_rule(event: Event) -> None:
    instance = build_instance(event)
    rooms = choose_rooms(instance, ())
    if rooms is None:
        return
    better, _ = improved(Board(instance, rooms))
    assert row(event, better) >= (0,) * len(row(event, better))

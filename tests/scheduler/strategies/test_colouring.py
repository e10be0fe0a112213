from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.generate import generate_event
from scheduler.model import Event, Rules
from scheduler.strategies.allocation import allocate
from scheduler.strategies.board import Board
from scheduler.strategies.colouring import place
from scheduler.strategies.instance import Instance, build_instance
from scheduler.strategies.rooms import choose_rooms
from scheduler.strategies.stages import timetable_of
from scheduler.validation import check
from scheduler.verify import violations
from tests.scheduler.events import make_company, make_event, make_student, pin, tiny_events


def placed(event: Event) -> tuple[Instance, Board, tuple[int, ...]]:
    instance = build_instance(event)
    pairs = allocate(instance).pairs
    rooms = choose_rooms(instance, pairs)
    assert rooms is not None
    board, left = place(instance, pairs, rooms)
    return instance, board, left


def test_everybody_present_is_always_placed() -> None:
    # König: 3 students x 3 companies x 3 slots is a Latin square
    event = make_event(["s1", "s2", "s3"], ["c1", "c2", "c3"])
    _, board, left = placed(event)
    assert (len(board.slot_of), left) == (9, ())


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_everybody_present_is_placed_whatever_is_chosen(data: st.DataObject) -> None:
    """Seats up to 3, any wishes, pins without a time: no pair is ever left."""
    slots = data.draw(st.integers(1, 4))
    firms = [
        make_company(f"c{number}", seats=data.draw(st.integers(1, 3)))
        for number in range(data.draw(st.integers(1, 5)))
    ]
    ids = [firm.company_id for firm in firms]
    wish = st.lists(st.sampled_from(ids), unique=True)
    wishes = {f"s{number}": data.draw(wish) for number in range(data.draw(st.integers(1, 10)))}
    pinned: Counter[str] = Counter()
    pins = []
    for student, wanted in wishes.items():
        for company in wanted[: data.draw(st.integers(0, min(1, slots)))]:
            pinned[company] += 1
            if pinned[company] <= slots:
                pins.append(pin(student, company))
    rules = Rules(max_meetings_per_student=4, guaranteed_meetings_per_student=1)
    event = make_event(list(wishes), firms, wishes, slots=slots, rules=rules, decisions=pins)
    assert check(event) == []
    instance, board, left = placed(event)
    assert left == ()
    assert violations(event, timetable_of(instance, board.slot_of, board.rooms)) == ()


def test_full_tables_of_an_event_with_absences_are_placed() -> None:
    event = generate_event(students=200, companies=20, seed=3, seats=2, with_absences=True)
    instance, board, left = placed(event)
    assert left == ()
    assert violations(event, timetable_of(instance, board.slot_of, board.rooms)) == ()


@pytest.mark.parametrize("seed", range(12))
def test_chains_send_nobody_where_somebody_is_absent(seed: int) -> None:
    """Narrow days, so that hundreds of meetings move along chains."""
    event = generate_event(
        students=90, companies=12, seed=seed, slots=8, seats=2, with_absences=True
    )
    instance, board, _ = placed(event)
    assert violations(event, timetable_of(instance, board.slot_of, board.rooms)) == ()


def test_chain_moves_a_meeting_out_of_the_way() -> None:
    # greedy may give c1's first slot to s2; s1 leaves after it, so a chain must free it
    event = make_event([make_student("s1", leaves_min=10), "s2", "s3"], ["c1", "c2", "c3"], slots=3)
    _, board, left = placed(event)
    assert left == ()
    assert {board.slot_of[pair] for pair in board.meeting_at[0].values()} == {0}


@given(tiny_events(with_pins=False))
def test_what_is_placed_breaks_no_rule(event: Event) -> None:
    instance = build_instance(event)
    pairs = allocate(instance).pairs
    rooms = choose_rooms(instance, pairs)
    if rooms is None:
        return
    board, left = place(instance, pairs, rooms)
    assert violations(event, timetable_of(instance, board.slot_of, rooms)) == ()
    assert sorted((*board.slot_of, *left)) == sorted(pairs)


def test_rest_rule_is_kept_without_chains() -> None:
    event = make_event(
        ["s1"], ["c1", "c2", "c3"], slots=3, rules=Rules(max_in_a_row=1, max_meetings_per_student=3)
    )
    _, board, _ = placed(event)
    assert sorted(board.slot_of.values()) == [0, 2]

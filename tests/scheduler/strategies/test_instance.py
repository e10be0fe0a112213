from scheduler.model import Rules
from scheduler.strategies.instance import build_instance
from tests.scheduler.events import (
    company_away,
    forbid,
    make_company,
    make_event,
    make_room,
    make_student,
    pin,
    student_away,
    veto,
)


def test_pairs_leave_out_refused_ones() -> None:
    event = make_event(
        ["s1", "s2"], ["c1", "c2"], shortlist=[veto("c1", "s1")], decisions=[forbid("s2", "c2")]
    )
    pairs = build_instance(event).pairs
    assert [(pair.student, pair.company) for pair in pairs] == [(0, 1), (1, 0)]


def test_pair_without_common_slot_is_left_out() -> None:
    event = make_event(slots=2, absences=[student_away("s1", 0, 10), company_away("c1", 12, 22)])
    assert build_instance(event).pairs == ()


def test_timed_pin_has_its_slot_only() -> None:
    event = make_event(decisions=[pin("s1", "c1", 12)])
    (pair,) = build_instance(event).pairs
    assert (pair.slots, pair.is_pinned) == (0b010, True)


def test_pin_brings_in_an_unranked_pair_without_points() -> None:
    event = make_event(wishes={}, decisions=[pin("s1", "c1")])
    (pair,) = build_instance(event).pairs
    assert (pair.weight, pair.is_pinned) == (0, True)


def test_unranked_pairs_are_offered_only_when_asked() -> None:
    event = make_event(wishes={})
    assert build_instance(event).pairs == ()
    offered = make_event(wishes={}, rules=Rules(offer_unranked=True))
    assert [pair.weight for pair in build_instance(offered).pairs] == [0]


def test_student_maximum_counts_presence_and_rows() -> None:
    event = make_event(
        [make_student("s1"), make_student("s2", max_meetings=1), make_student("s3", leaves_min=22)],
        slots=5,
        rules=Rules(max_in_a_row=2),
    )
    assert build_instance(event).student_max == (4, 1, 2)


def test_event_break_ends_a_row() -> None:
    event = make_event(slots=4, breaks=[(22, 40)], rules=Rules(max_in_a_row=2))
    assert build_instance(event).student_max == (4,)


def test_company_maximum_is_its_seats_in_its_slots() -> None:
    event = make_event(
        companies=[
            make_company("c1", tables=2, seats=2),
            make_company("c2", leaves_min=22),
            make_company("c3", max_meetings=1),
        ]
    )
    assert build_instance(event).company_max == (12, 2, 1)


def test_room_is_tight_only_below_its_seats() -> None:
    companies = [make_company("c1", seats=2), make_company("c2")]
    for capacity, tight in ((3, ()), (2, (0,))):
        event = make_event(companies=companies, rooms=[make_room(capacity=capacity)])
        assert build_instance(event).tight_rooms() == tight


def test_near_slots_are_those_without_time_to_walk() -> None:
    event = make_event(
        rooms=[make_room("r1"), make_room("r2", building="B")], rules=Rules(building_change_min=3)
    )
    instance = build_instance(event)
    assert instance.near_slots() == [(0, 1), (1, 2)]
    assert instance.has_walking()


def test_empty_buildings_are_one() -> None:
    event = make_event(
        rooms=[make_room("r1"), make_room("r2")], rules=Rules(building_change_min=60)
    )
    assert not build_instance(event).has_walking()

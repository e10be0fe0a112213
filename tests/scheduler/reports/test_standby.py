"""Stand-ins: who is named, in which order, and that each of them breaks no rule."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings

from scheduler.generate import generate_event
from scheduler.model import Event, Meeting, Rules, Student, Timetable
from scheduler.reports import complete_places
from scheduler.reports.standby import StandbyTurn, rescue, standby
from scheduler.verify import violations
from tests.scheduler.events import (
    make_company,
    make_event,
    make_meeting,
    make_student,
    make_timetable,
    tiny_events,
)
from tests.scheduler.solved import solved

EXAMPLES = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def breaks(event: Event, timetable: Timetable) -> set[str]:
    """Rules broken, pins aside: who does not come may have been pinned."""
    return {violation.rule for violation in violations(event, timetable)} - {"pins"}


def stepped_in(timetable: Timetable, gone: Meeting, student: Student) -> Timetable:
    others = [meeting for meeting in timetable.meetings if meeting != gone]
    new = gone._replace(student_id=student.student_id)
    return Timetable((*others, new), timetable.places)


def seated(event: Event, timetable: Timetable, turn: StandbyTurn, student: Student) -> Timetable:
    """The timetable with the student at the first table of the turn that has a seat."""
    places = {place.company_id: place for place in complete_places(event, timetable)}
    company = next(c for c in event.companies if c.company_id == turn.company_id)
    first = places[turn.company_id].first_table
    at = [m.table for m in timetable.meetings if (m.slot, m.company_id) == turn_key(turn)]
    run = range(first, first + company.tables)
    table = next(table for table in run if at.count(table) < company.seats)
    new = Meeting(turn.slot, turn.room_id, table, student.student_id, turn.company_id)
    return Timetable((*timetable.meetings, new), timetable.places)


def turn_key(turn: StandbyTurn) -> tuple[int, str]:
    return turn.slot, turn.company_id


def names(turn: StandbyTurn) -> list[str]:
    return [own.student.student_id for own in turn.names]


@EXAMPLES
@given(tiny_events())
def test_every_name_can_step_in_for_anybody_of_the_turn(event: Event) -> None:
    result = solved(event)
    assume(result.timetable is not None)
    if result.timetable is None:
        raise AssertionError
    for turn in standby(event, result.timetable):
        for gone in result.timetable.meetings:
            if (gone.slot, gone.company_id) == turn_key(turn):
                for own in turn.names:
                    after = stepped_in(result.timetable, gone, own.student)
                    assert not breaks(event, after)


@EXAMPLES
@given(tiny_events())
def test_rescue_names_exactly_those_whom_no_rule_refuses(event: Event) -> None:
    result = solved(event)
    assume(result.timetable is not None and result.timetable.meetings)
    if result.timetable is None:
        raise AssertionError
    thin = Timetable(result.timetable.meetings[1:], result.timetable.places)
    for slot in range(len(event.window.slots)):
        for turn in rescue(event, thin, slot=slot):
            able = {
                student.student_id
                for student in event.students
                if not breaks(event, seated(event, thin, turn, student))
            }
            assert set(names(turn)) == able


@pytest.mark.parametrize("is_hard", [False, True])
def test_names_of_larger_events_break_no_rule(is_hard: bool) -> None:
    event = generate_event(
        students=40, companies=12, seed=4, with_absences=True, is_hard=is_hard, seats=1
    )
    timetable = solved(event).timetable
    assert timetable is not None
    turns = standby(event, timetable)
    assert any(turn.names for turn in turns)
    by_turn = {(m.slot, m.company_id): m for m in timetable.meetings}
    for turn in turns:
        for own in turn.names:
            gone = by_turn[turn.slot, turn.company_id]
            assert not breaks(event, stepped_in(timetable, gone, own.student))


def test_nobody_stands_by_at_two_turns_of_one_slot() -> None:
    event = generate_event(students=60, companies=10, seed=3, seats=1)
    timetable = solved(event).timetable
    assert timetable is not None
    named = [(turn.slot, name) for turn in standby(event, timetable) for name in names(turn)]
    assert len(named) == len(set(named))
    assert named


def test_names_are_spread_over_the_turns() -> None:
    """Four can step in at each of two turns in different slots: nobody is named twice."""
    ids = ["s1", "s2", "s3", "s4", "s5", "s6"]
    event = make_event(ids, ["c1"], slots=2)
    timetable = make_timetable(make_meeting(0, "s1", "c1"), make_meeting(1, "s2", "c1"))
    first, second = standby(event, timetable)
    assert names(first) == ["s3", "s4"]
    assert names(second) == ["s5", "s6"]


def test_order_is_guarantee_then_rank_then_meetings() -> None:
    rules = Rules(guaranteed_meetings_per_student=1, max_meetings_per_student=3)
    event = make_event(
        ["s1", "s2", "s3", "s4", "s5"],
        ["c1", "c2", "c3"],
        {"s1": ["c1"], "s2": ["c1"], "s3": ["c2", "c1"], "s4": ["c2", "c1"], "s5": ["c1", "c3"]},
        slots=4,
        rules=rules,
    )
    timetable = make_timetable(
        make_meeting(0, "s3", "c2", table=2),  # s3 has a meeting, s4 has none
        make_meeting(0, "s5", "c3", table=3),
        make_meeting(1, "s1", "c1"),
    )
    (turn,) = (t for t in rescue(event, timetable, slot=2) if t.company_id == "c1")
    assert names(turn) == ["s2", "s4", "s5", "s3"]
    assert [own.missing for own in turn.names] == [1, 1, 0, 0]


def test_full_and_closed_turns_have_no_empty_place() -> None:
    away = replace(make_company("c2"), arrives_min=12)
    event = make_event(["s1", "s2"], [make_company("c1"), away, make_company("c3", max_meetings=0)])
    timetable = make_timetable(make_meeting(0, "s1", "c1"), make_meeting(2, "s1", "c2", table=2))
    assert rescue(event, timetable, slot=0) == ()


def test_unranked_are_named_only_where_they_may_be_offered() -> None:
    people = ["s1", make_student("s2")]
    event = make_event(people, ["c1"], {"s1": ["c1"]}, slots=1)
    timetable = make_timetable(make_meeting(0, "s1", "c1"))
    (turn,) = standby(event, timetable)
    assert names(turn) == []
    offered = replace(event, rules=replace(event.rules, offer_unranked=True))
    (turn,) = standby(offered, timetable)
    assert [(own.student.student_id, own.rank) for own in turn.names] == [("s2", None)]

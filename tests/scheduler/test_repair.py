"""Repairs of hand-made days: what stays, what goes, why, and what is a problem."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from scheduler.errors import InvalidEventError
from scheduler.model import Change, Event, Meeting, PersonKind, Status, Timetable
from scheduler.repair import Repaired, repair
from scheduler.verify import past_is_fixed, violations
from tests.scheduler.events import (
    make_company,
    make_event,
    make_meeting,
    make_room,
    make_student,
    make_timetable,
    pin,
    veto,
)
from tests.scheduler.repairs import (
    QUICK,
    absent,
    arrives,
    leaves,
    no_longer,
    tables,
)

# s1 meets c1, c2 in slots 0, 1 (13:00, 13:12); s2 the other way round; the third slot is empty
TWO = make_event(["s1", "s2"], ["c1", "c2"])
DAY = make_timetable(
    make_meeting(0, "s1", "c1"),
    make_meeting(1, "s1", "c2", table=2),
    make_meeting(0, "s2", "c2", table=2),
    make_meeting(1, "s2", "c1"),
)


def repaired(
    changes: Sequence[Change], *, now_min: int, event: Event = TWO, timetable: Timetable = DAY
) -> Repaired:
    return repair(event, timetable, changes, now_min=now_min, settings=QUICK, in_child=False)


def said(found: Repaired) -> list[tuple[str, str, str, str]]:
    return [
        (one.change, one.meeting.student_id, one.meeting.company_id, one.reason)
        for one in found.differences
    ]


def meetings(found: Repaired) -> set[Meeting]:
    assert found.result.timetable is not None
    return set(found.result.timetable.meetings)


def test_no_show_loses_later_meetings_only() -> None:
    found = repaired([absent("s1")], now_min=6)
    assert meetings(found) == set(DAY.meetings) - {make_meeting(1, "s1", "c2", table=2)}
    assert said(found) == [("lost", "s1", "c2", "student absent from 13:06")]
    assert found.result.levels[0].value == found.result.levels[0].bound == (1,)
    assert found.result.status is Status.OPTIMAL


def test_late_student_moves_behind_the_arrival() -> None:
    found = repaired([arrives("s1", 20)], now_min=0)
    assert {one[3] for one in said(found)} == {"student not here before 13:20"}
    assert sorted(one[0] for one in said(found)) == ["lost", "moved"]  # one slot is left for two
    kept = {m for m in meetings(found) if m.student_id == "s2"}
    assert kept == {m for m in DAY.meetings if m.student_id == "s2"}
    assert [m.slot for m in meetings(found) if m.student_id == "s1"] == [2]


def test_company_that_leaves_is_told_with_its_time() -> None:
    found = repaired([leaves("c2", 20, PersonKind.COMPANY)], now_min=6)
    assert said(found) == [("lost", "s1", "c2", "company leaves at 13:20")]


def test_forbidden_pair_is_lost_and_its_past_stays() -> None:
    found = repaired([no_longer("s1", "c2"), no_longer("s2", "c2")], now_min=6)
    assert said(found) == [("lost", "s1", "c2", "pair forbidden")]
    assert make_meeting(0, "s2", "c2", table=2) in meetings(found)


def test_veto_that_came_late_does_not_touch_the_past() -> None:
    event = replace(TWO, shortlist=(veto("c1", "s1"), veto("c2", "s1")))
    found = repaired([], now_min=6, event=event)
    assert make_meeting(0, "s1", "c1") in meetings(found)
    assert [one[:3] for one in said(found)] == [("lost", "s1", "c2")]
    assert "vetoed" in said(found)[0][3]


def test_lost_table_moves_one_of_two_to_a_later_slot() -> None:
    wide = make_event(["s1", "s2"], [make_company("c1", tables=2)], slots=2)
    both = make_timetable(make_meeting(0, "s1", "c1"), make_meeting(0, "s2", "c1", table=2))
    found = repaired([tables("c1", 1)], now_min=0, event=wide, timetable=both)
    assert found.result.levels[0].value == found.result.levels[0].bound == (1,)
    slots = sorted(m.slot for m in meetings(found))
    assert slots == [0, 1]
    assert {one.reason for one in found.differences} == {"table lost"}
    assert {m.table for m in meetings(found)} == {1}


def test_company_without_tables_meets_nobody_from_now_on() -> None:
    found = repaired([tables("c2", 0)], now_min=6)
    assert said(found) == [("lost", "s1", "c2", "table lost")]


def test_more_tables_than_fit_are_a_problem() -> None:
    event = replace(TWO, rooms=(make_room("r1", 2),))
    with pytest.raises(InvalidEventError, match="does not have 1 more table beside its own"):
        repaired([tables("c1", 2)], now_min=0, event=event)


def test_more_tables_seat_more_beside_the_old_ones() -> None:
    event = make_event(["s1", "s2"], [make_company("c1")], slots=1)
    one = make_timetable(make_meeting(0, "s1", "c1", table=3))
    found = repaired([tables("c1", 2)], now_min=0, event=event, timetable=one)
    assert {m.table for m in meetings(found)} == {3, 4}
    assert said(found) == [("gained", "s2", "c1", "the student had no meetings before")]


def test_walk_in_takes_a_free_place() -> None:
    event = make_event(["s1", "s2", "s3"], ["c1", "c2"], {"s3": ["c1"]})
    event = replace(event, preferences=(*TWO.preferences, *event.preferences))
    found = repaired([], now_min=6, event=event)
    assert set(DAY.meetings) < meetings(found)
    assert said(found) == [("gained", "s3", "c1", "the student had no meetings before")]


def test_free_place_that_is_past_is_not_given_away() -> None:
    event = make_event(["s1", "s2"], ["c1", "c2"], {"s1": ["c1"], "s2": ["c2"]}, slots=2)
    before = make_timetable(make_meeting(0, "s1", "c1"))
    found = repaired([], now_min=6, event=event, timetable=before)
    assert [m.slot for m in meetings(found) if m.student_id == "s2"] == [1]


def test_company_that_came_late_gets_free_tables() -> None:
    firms = ["c1", "c2", make_company("c3", room_id=None, tables=2)]
    event = make_event(["s1", "s2"], firms, {"s1": ["c1", "c2", "c3"], "s2": ["c2", "c1"]})
    found = repaired([], now_min=6, event=event)
    (gained,) = (m for m in meetings(found) if m.company_id == "c3")
    assert gained.table == 3
    assert said(found) == [("gained", "s1", "c3", "the company had no meetings before")]


def test_company_for_which_no_tables_are_free_is_a_problem() -> None:
    firms = ["c1", "c2", make_company("c3", room_id=None)]
    event = make_event(["s1", "s2"], firms, rooms=[make_room("r1", 2)])
    with pytest.raises(InvalidEventError, match="no room has 1 free table beside each other"):
        repaired([], now_min=6, event=replace(event, companies=event.companies))


def test_pin_displaces_a_meeting_and_says_for_whom() -> None:
    event = make_event(["s1", "s2"], ["c1"], slots=1, decisions=[pin("s2", "c1", 0)])
    before = make_timetable(make_meeting(0, "s1", "c1"))
    found = repaired([], now_min=0, event=event, timetable=before)
    assert said(found) == [
        ("lost", "s1", "c1", "moved so that Student s2 can come"),
        ("gained", "s2", "c1", "pinned"),
    ]


def test_meeting_of_somebody_who_comes_late_now_is_not_blamed_on_who_sits_there() -> None:
    event = make_event(
        [make_student("s1", arrives_min=6), "s2"], ["c1"], {"s1": ["c1"], "s2": ["c1"]}, slots=1
    )
    before = make_timetable(make_meeting(0, "s1", "c1"))
    found = repaired([], now_min=-1, event=event, timetable=before)
    assert [one[:3] for one in said(found)] == [("lost", "s1", "c1"), ("gained", "s2", "c1")]
    assert said(found)[0][3].endswith("student arrives at 13:06")


def test_pin_stays_and_a_change_that_prevents_it_takes_it_away() -> None:
    event = replace(TWO, decisions=(pin("s1", "c2", 12),))
    assert repaired([], now_min=6, event=event).differences == ()
    found = repaired([absent("s1")], now_min=6, event=event)
    assert said(found) == [("lost", "s1", "c2", "student absent from 13:06")]


def test_pin_that_the_day_has_passed_by_is_a_problem() -> None:
    event = replace(TWO, decisions=(pin("s1", "c2", 0),))
    with pytest.raises(InvalidEventError, match="pinned at 13:00, which cannot be any more"):
        repaired([], now_min=6, event=event)


def test_past_in_two_places_is_a_problem() -> None:
    twice = make_timetable(make_meeting(0, "s1", "c1"), make_meeting(0, "s1", "c2", table=2))
    with pytest.raises(InvalidEventError, match="2 meetings at 13:00"):
        repaired([], now_min=6, timetable=twice)


def test_company_that_would_change_rooms_is_a_problem() -> None:
    event = make_event(
        ["s1", "s2"],
        [make_company("c1", room_id="r2"), "c2"],
        rooms=[make_room("r1"), make_room("r2")],
    )
    with pytest.raises(InvalidEventError, match="keeps its room all day"):
        repaired([], now_min=6, event=event)


def test_everything_stays_after_the_last_slot() -> None:
    found = repaired([absent("s1"), absent("s2")], now_min=60)
    assert meetings(found) == set(DAY.meetings)
    assert found.differences == ()


# the rule past_is_fixed


def test_past_is_fixed_names_what_went_and_what_came() -> None:
    begun = repaired([], now_min=6).day.begun
    other = make_timetable(
        make_meeting(0, "s1", "c1"),
        make_meeting(0, "s2", "c1"),
        make_meeting(1, "s1", "c2", table=2),
    )
    messages = [violation.message for violation in past_is_fixed(TWO, other, begun)]
    assert any("s2" in text and "must stay" in text for text in messages)
    assert any("s2" in text and "would have begun already" in text for text in messages)
    assert [v.rule for v in violations(TWO, DAY, begun)] == []


def test_past_is_fixed_keeps_rooms_and_tables() -> None:
    event = replace(TWO, rooms=(make_room("r1"), make_room("r2")))
    begun = repaired([], now_min=6).day.begun
    in_other_room = make_meeting(1, "s1", "c2", table=2, room_id="r2")
    at_other_table = make_meeting(1, "s2", "c1", table=2)
    past = [m for m in DAY.meetings if m.slot == 0]
    for meeting, text in (
        (in_other_room, "stands in room"),
        (at_other_table, "is Company Company c2"),
    ):
        found = list(past_is_fixed(event, make_timetable(*past, meeting), begun))
        assert len(found) == 1
        assert text in found[0].message


def test_rules_are_not_asked_about_past_meetings_alone() -> None:
    event = replace(TWO, rules=replace(TWO.rules, max_meetings_per_student=1))
    event = replace(event, rules=replace(event.rules, guaranteed_meetings_per_student=1))
    begun = repaired([], now_min=14).day.begun
    assert violations(event, DAY, begun) == ()
    assert {v.rule for v in violations(event, DAY)} == {"max_meetings"}
    more = Timetable((*DAY.meetings, make_meeting(2, "s1", "c1")))
    assert {v.rule for v in violations(event, more, begun)} == {"max_meetings", "once_per_pair"}

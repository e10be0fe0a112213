"""Per rule: a timetable that breaks only it, the limits that do not, and what the message names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.model import (
    Event,
    Meeting,
    Rules,
    Timetable,
)
from scheduler.verify import RULES, violations
from tests.scheduler.broken import is_clean, only
from tests.scheduler.events import (
    make_company,
    make_event,
    make_meeting,
    make_room,
    make_student,
    make_timetable,
    pin,
)

TWO_BUILDINGS = (make_room("r1", building="A"), make_room("r2", building="B"))


def test_violations_of_a_clean_timetable_are_none() -> None:
    event = make_event(["s1", "s2"], ["c1", make_company("c2", seats=2)])
    assert is_clean(
        event,
        make_meeting(0, "s1", "c1"),
        make_meeting(1, "s2", "c1"),
        make_meeting(2, "s1", "c2", table=2),
        make_meeting(2, "s2", "c2", table=2),
    )


def test_violations_of_an_empty_timetable_are_none() -> None:
    assert is_clean(make_event())


def test_rules_have_the_names_of_the_contract() -> None:
    assert [rule.__name__ for rule in RULES] == [
        "one_place_at_a_time",
        "seats",
        "room_capacity",
        "room_tables",
        "presence",
        "once_per_pair",
        "eligible",
        "max_meetings",
        "pins",
        "walking_time",
        "max_in_a_row",
    ]


# one_place_at_a_time


def test_one_place_at_a_time_reports_two_meetings_in_one_slot() -> None:
    event = make_event(["s1"], ["c1", "c2"])
    found = only(event, make_meeting(1, "s1", "c1"), make_meeting(1, "s1", "c2", table=2))
    assert found.rule == "one_place_at_a_time"
    assert (found.student_id, found.slot) == ("s1", 1)
    assert found.message == (
        "Student Student s1 (s1) has 2 meetings at 13:12: Company Company c1 (c1) in room Room r1,"
        " Company Company c2 (c2) in room Room r1; at most 1 at a time"
    )


# once_per_pair


def test_once_per_pair_reports_a_second_meeting() -> None:
    found = only(make_event(), make_meeting(0, "s1", "c1"), make_meeting(2, "s1", "c1"))
    assert (found.rule, found.student_id, found.company_id) == ("once_per_pair", "s1", "c1")
    assert "2 times (13:00 in room Room r1, 13:24 in room Room r1); at most once" in found.message


# max_meetings


def test_max_meetings_takes_the_smaller_maximum_of_a_student() -> None:
    meetings = [make_meeting(0, "s1", "c1"), make_meeting(1, "s1", "c2", table=2)]
    own = make_event([make_student(max_meetings=1)], ["c1", "c2"])
    found = only(own, *meetings)
    assert (found.rule, found.student_id) == ("max_meetings", "s1")
    assert found.message == "Student Student s1 (s1) has 2 meetings, at most 1"
    rules = Rules(max_meetings_per_student=1, guaranteed_meetings_per_student=1)
    common = make_event([make_student(max_meetings=5)], ["c1", "c2"], rules=rules)
    assert only(common, *meetings).rule == "max_meetings"
    assert is_clean(make_event([make_student(max_meetings=2)], ["c1", "c2"]), *meetings)


def test_max_meetings_of_a_company_is_reported() -> None:
    event = make_event(["s1", "s2"], [make_company(max_meetings=1)])
    found = only(event, make_meeting(0, "s1", "c1"), make_meeting(1, "s2", "c1"))
    assert (found.rule, found.company_id) == ("max_meetings", "c1")
    assert found.message == "Company Company c1 (c1) has 2 meetings, at most 1"


# pins


def test_pins_reports_a_missing_meeting() -> None:
    found = only(make_event(decisions=[pin("s1", "c1")]))
    assert (found.rule, found.student_id, found.company_id) == ("pins", "s1", "c1")
    assert found.message == (
        "Student Student s1 (s1) must meet Company Company c1 (c1) (pinned),"
        " but meets it not at all"
    )


def test_pins_without_a_time_hold_in_any_slot() -> None:
    event = make_event(decisions=[pin("s1", "c1")])
    assert all(is_clean(event, make_meeting(slot, "s1", "c1")) for slot in range(3))


def test_pins_with_a_time_hold_only_then() -> None:
    event = make_event(decisions=[pin("s1", "c1", 12)])
    assert is_clean(event, make_meeting(1, "s1", "c1"))
    found = only(event, make_meeting(2, "s1", "c1"))
    assert found.rule == "pins"
    assert found.message.endswith("at 13:12 (pinned), but meets it 13:24")


# walking_time


def walk(first_slot: int, second_slot: int, needed: int) -> tuple[Event, list[Meeting]]:
    """One student meets c1 in building A and c2 in building B."""
    event = make_event(
        ["s1"],
        ["c1", make_company("c2", room_id="r2")],
        rooms=TWO_BUILDINGS,
        rules=Rules(building_change_min=needed),
    )
    return event, [
        make_meeting(first_slot, "s1", "c1"),
        make_meeting(second_slot, "s1", "c2", room_id="r2"),
    ]


def test_walking_time_reports_too_short_a_walk() -> None:
    event, meetings = walk(0, 1, needed=3)
    found = only(event, *meetings)
    assert (found.rule, found.student_id, found.slot) == ("walking_time", "s1", 1)
    assert found.message == (
        "Student Student s1 (s1) ends with Company Company c1 (c1) in room Room r1 at 13:10 and"
        " begins with Company Company c2 (c2) in room Room r2, another building, at 13:12:"
        " 2 min, 3 needed"
    )


def test_walking_time_holds_in_either_order() -> None:
    event, meetings = walk(1, 0, needed=3)
    assert only(event, *meetings).rule == "walking_time"


@pytest.mark.parametrize(("second_slot", "needed"), [(1, 2), (1, 0), (2, 14)])
def test_walking_time_is_enough_exactly_at_the_limit(second_slot: int, needed: int) -> None:
    event, meetings = walk(0, second_slot, needed)
    assert is_clean(event, *meetings)


def test_walking_time_reaches_over_more_than_one_slot() -> None:
    event, meetings = walk(0, 2, needed=15)
    assert only(event, *meetings).rule == "walking_time"


@pytest.mark.parametrize("building", ["", "A"])
def test_walking_time_is_none_within_a_building(building: str) -> None:
    event, meetings = walk(0, 1, needed=30)
    rooms = (make_room("r1", building=building), make_room("r2", building=building))
    assert is_clean(replace(event, rooms=rooms), *meetings)


def test_walking_time_counts_the_empty_building_as_one() -> None:
    event, meetings = walk(0, 1, needed=3)
    rooms = (make_room("r1", building=""), make_room("r2", building="B"))
    assert only(replace(event, rooms=rooms), *meetings).rule == "walking_time"


# max_in_a_row


def row_of(slots: list[int], limit: int, breaks: tuple[tuple[int, int], ...] = ()) -> Event:
    companies = [f"c{number}" for number in range(len(slots))]
    return make_event(["s1"], companies, slots=5, breaks=breaks, rules=Rules(max_in_a_row=limit))


def row_meetings(slots: list[int]) -> list[Meeting]:
    return [make_meeting(t, "s1", f"c{i}", table=i + 1) for i, t in enumerate(slots)]


def test_max_in_a_row_reports_one_slot_too_many() -> None:
    found = only(row_of([0, 1, 2], limit=2), *row_meetings([0, 1, 2]))
    assert (found.rule, found.student_id, found.slot) == ("max_in_a_row", "s1", 2)
    assert found.message == (
        "Student Student s1 (s1) has 3 meetings in a row from 13:00 to 13:24, at most 2"
    )


@pytest.mark.parametrize(("slots", "limit"), [([0, 1], 2), ([0, 1, 3, 4], 2), ([0, 1, 2], 0)])
def test_max_in_a_row_holds_up_to_the_limit(slots: list[int], limit: int) -> None:
    assert is_clean(row_of(slots, limit), *row_meetings(slots))


def test_max_in_a_row_reports_one_long_row_once() -> None:
    assert only(row_of([0, 1, 2, 3, 4], 2), *row_meetings([0, 1, 2, 3, 4])).slot == 2


def test_max_in_a_row_ends_at_an_event_break() -> None:
    """The break 13:22-13:30 lies between the second and the third slot."""
    event = row_of([0, 1, 2, 3], limit=2, breaks=((22, 30),))
    assert event.window.slots[2].start_min == 30
    assert is_clean(event, *row_meetings([0, 1, 2, 3]))
    longer = row_of([1, 2, 3, 4], limit=2, breaks=((22, 30),))
    assert only(longer, *row_meetings([1, 2, 3, 4])).rule == "max_in_a_row"


# all together


def test_violations_of_nothing_but_unknown_values_name_each() -> None:
    found = violations(make_event(), make_timetable(make_meeting(77, "s9", "c9", 5, "r9")))
    assert [violation.rule for violation in found] == ["room_tables", "presence", "eligible"]


def test_violations_accepts_a_full_event_of_a_hundred_thousand_meetings() -> None:
    companies = [make_company(f"c{n}", seats=20) for n in range(500)]
    students = [f"s{n}" for n in range(10_000)]
    wishes = {f"s{n}": [f"c{(n + 7 * k) % 500}" for k in range(10)] for n in range(10_000)}
    event = make_event(
        students,
        companies,
        wishes,
        slots=10,
        rooms=[make_room(tables=500)],
        rules=Rules(max_meetings_per_student=10),
    )
    meetings = tuple(
        make_meeting(k, student, company, table=int(company[1:]) + 1)
        for student, wanted in wishes.items()
        for k, company in enumerate(wanted)
    )
    found = violations(event, Timetable(meetings))
    assert found == ()

"""The rules of tables and rooms: seats, capacity, and where companies stand."""

from __future__ import annotations

import pytest

from scheduler.model import CompanyId, Place, RoomId, Timetable
from scheduler.verify import violations
from tests.scheduler.broken import is_clean, only
from tests.scheduler.events import (
    make_company,
    make_event,
    make_meeting,
    make_room,
)

# seats


def test_seats_reports_more_students_than_seats() -> None:
    event = make_event(["s1", "s2"], ["c1"])
    found = only(event, make_meeting(0, "s1", "c1"), make_meeting(0, "s2", "c1"))
    assert (found.rule, found.company_id, found.slot) == ("seats", "c1", 0)
    assert (
        "Company c1 (c1), table 1 in room Room r1 at 13:00: 2 students, 1 seat at" in found.message
    )


def test_seats_are_counted_per_table() -> None:
    event = make_event(["s1", "s2"], [make_company(tables=2)])
    assert is_clean(event, make_meeting(0, "s1", "c1", 1), make_meeting(0, "s2", "c1", 2))
    found = only(event, make_meeting(0, "s1", "c1", 1), make_meeting(0, "s2", "c1", 1))
    assert found.rule == "seats"


# room_capacity


def test_room_capacity_reports_too_many_seated() -> None:
    event = make_event(["s1", "s2"], ["c1", "c2"], rooms=[make_room(capacity=1)])
    found = only(event, make_meeting(2, "s1", "c1"), make_meeting(2, "s2", "c2", table=2))
    assert (found.rule, found.slot) == ("room_capacity", 2)
    assert found.message == "room Room r1 at 13:24: 2 students seated, capacity 1"


def test_room_capacity_is_reached_cleanly() -> None:
    event = make_event(["s1", "s2"], ["c1", "c2"], rooms=[make_room(capacity=2)])
    assert is_clean(event, make_meeting(2, "s1", "c1"), make_meeting(2, "s2", "c2", table=2))


# room_tables


def test_room_tables_reports_a_company_outside_its_room() -> None:
    event = make_event(["s1"], ["c1"], rooms=[make_room("r1"), make_room("r2")])
    found = only(event, make_meeting(0, "s1", "c1", room_id="r2"))
    assert (found.rule, found.company_id) == ("room_tables", "c1")
    assert "meets in room Room r2, but its room is room Room r1" in found.message


def test_room_tables_reports_a_company_in_two_rooms() -> None:
    rooms = [make_room("r1"), make_room("r2")]
    event = make_event(["s1", "s2"], [make_company(room_id=None)], rooms=rooms)
    found = only(event, make_meeting(0, "s1", "c1"), make_meeting(1, "s2", "c1", room_id="r2"))
    assert found.rule == "room_tables"
    assert "meets in 2 rooms (room Room r1, room Room r2), not in one" in found.message


def test_room_tables_reports_tables_that_do_not_stand_together() -> None:
    event = make_event(["s1", "s2"], [make_company(tables=2)])
    found = only(event, make_meeting(0, "s1", "c1", 1), make_meeting(0, "s2", "c1", 3))
    assert found.rule == "room_tables"
    assert (
        "uses tables 1, 3 in room Room r1: it has 2 tables, which stand together" in found.message
    )


@pytest.mark.parametrize("table", [0, 11])
def test_room_tables_reports_a_table_the_room_does_not_have(table: int) -> None:
    found = only(make_event(), make_meeting(0, "s1", "c1", table))
    assert found.rule == "room_tables"
    assert f"uses table {table} in room Room r1, which has tables 1 to 10" in found.message


def test_room_tables_speaks_of_one_table_as_one() -> None:
    event = make_event(["s1", "s2"], rooms=[make_room(tables=1)])
    found = only(event, make_meeting(0, "s1", "c1", 2))
    assert found.message.endswith("uses table 2 in room Room r1, which has table 1")
    event = make_event(["s1", "s2"])
    found = only(event, make_meeting(0, "s1", "c1", 1), make_meeting(1, "s2", "c1", 3))
    assert found.message.endswith("uses tables 1, 3 in room Room r1: it has 1 table")


def test_room_tables_reports_a_table_of_two_companies_at_different_times() -> None:
    event = make_event(["s1", "s2"], ["c1", "c2"])
    found = only(event, make_meeting(0, "s1", "c1"), make_meeting(1, "s2", "c2"))
    assert found.rule == "room_tables"
    assert found.message.startswith("Table 1 in room Room r1 is used by Company Company c1 (c1),")


def test_room_tables_reports_no_space_for_a_run_of_tables() -> None:
    """Three tables; c1 sits at table 2, so the two tables of c2 stand nowhere side by side."""
    companies = ["c1", make_company("c2", tables=2)]
    event = make_event(["s1"], companies, rooms=[make_room(tables=3)])
    assert is_clean(event, make_meeting(0, "s1", "c1", 1))
    found = only(event, make_meeting(0, "s1", "c1", 2))
    assert found.rule == "room_tables"
    assert "3 tables asked, tables 1 to 3 there" in found.message


def test_room_tables_reports_used_tables_too_close_for_both_runs() -> None:
    """c1 and c2 have two tables each and use tables 1 and 2 of a room of four."""
    companies = [make_company("c1", tables=2), make_company("c2", tables=2)]
    event = make_event(["s1", "s2"], companies, rooms=[make_room(tables=4)])
    assert is_clean(event, make_meeting(0, "s1", "c1", 2), make_meeting(0, "s2", "c2", 3))
    found = only(event, make_meeting(0, "s1", "c1", 1), make_meeting(0, "s2", "c2", 2))
    assert found.rule == "room_tables"


def test_room_tables_reports_companies_without_a_room_that_fit_nowhere() -> None:
    """Each room has two tables; c1 and c2 each take one of another room, c3 needs two."""
    companies = [
        make_company("c1", room_id=None),
        make_company("c2", room_id=None),
        make_company("c3", room_id=None, tables=2),
    ]
    rooms = [make_room("r1", 2), make_room("r2", 2)]
    event = make_event(["s1", "s2"], companies, rooms=rooms)
    assert is_clean(event, make_meeting(0, "s1", "c1", 1), make_meeting(0, "s2", "c2", 2))
    found = only(event, make_meeting(0, "s1", "c1"), make_meeting(0, "s2", "c2", room_id="r2"))
    assert found.rule == "room_tables"
    assert "No room has enough tables side by side left for Company Company c3" in found.message


def test_room_tables_reports_an_unknown_room() -> None:
    event = make_event(["s1"], [make_company(room_id=None)])
    found = only(event, make_meeting(0, "s1", "c1", room_id="cellar"))
    assert found.rule == "room_tables"
    assert "room cellar: no such room" in found.message


def places(*rows: tuple[str, str, int]) -> tuple[Place, ...]:
    return tuple(Place(CompanyId(company), RoomId(room), first) for company, room, first in rows)


def faults_of_places(*rows: tuple[str, str, int]) -> list[str]:
    """Messages for c1 (two tables, meets at table 2 of r1) and c2 (any room), standing there."""
    companies = [make_company("c1", tables=2), make_company("c2", room_id=None)]
    event = make_event(["s1"], companies, rooms=[make_room("r1", 3), make_room("r2", 3)])
    timetable = Timetable((make_meeting(0, "s1", "c1", 2),), places(*rows))
    found = violations(event, timetable)
    assert {violation.rule for violation in found} <= {"room_tables"}
    return [violation.message for violation in found]


def test_room_tables_accepts_places_that_hold_the_meetings() -> None:
    assert faults_of_places(("c1", "r1", 1), ("c2", "r1", 3)) == []
    assert faults_of_places(("c1", "r1", 2), ("c2", "r2", 3)) == []


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ([("c1", "r1", 1)], "Company c2 (c2) has 0 places, needs exactly one"),
        ([("c1", "r1", 1), ("c2", "r1", 3), ("c2", "r2", 1)], "(c2) has 2 places"),
        ([("c1", "r1", 1), ("c2", "r1", 2)], "(c2) stands at table 2 in room Room r1, where"),
        ([("c1", "r1", 1), ("c2", "r2", 4)], "stands at table 4 in room Room r2"),
        ([("c1", "r1", 1), ("c2", "r9", 1)], "has a place in room r9: no such room"),
        ([("c1", "r1", 1), ("c2", "r1", 3), ("c9", "r2", 1)], "c9 has a place in room Room r2"),
    ],
)
def test_room_tables_reports_a_wrong_place(rows: list[tuple[str, str, int]], part: str) -> None:
    (message,) = faults_of_places(*rows)
    assert part in message


def test_room_tables_reports_meetings_off_the_place() -> None:
    messages = faults_of_places(("c1", "r2", 1), ("c2", "r1", 3))
    assert len(messages) == 2
    assert "stands in room Room r2, but its room is room Room r1" in messages[0]
    assert "meets at table 2 in room Room r1, but stands at tables 1 to 2" in messages[1]

"""Meetings in order, and the stamp that is printed on every page."""

from __future__ import annotations

from dataclasses import replace

from scheduler.model import Place, Timetable
from tests.scheduler.events import make_meeting, make_timetable


def test_meetings_are_sorted_as_the_file_is() -> None:
    """By slot, room, table and student."""
    later = make_meeting(1, "s1", "c1")
    other_room = make_meeting(0, "s1", "c2", room_id="r2")
    second_table = make_meeting(0, "s3", "c1", table=2)
    second_student = make_meeting(0, "s2", "c1")
    first = make_meeting(0, "s1", "c1")
    table = make_timetable(later, other_room, second_table, second_student, first)
    assert table.meetings == (first, second_student, second_table, other_room, later)


def test_stamp_is_eight_hexadecimal_digits_whatever_the_order() -> None:
    one, two = make_meeting(0, "s1", "c1"), make_meeting(1, "s2", "c1")
    stamp = make_timetable(one, two).stamp
    assert len(stamp) == 8
    assert int(stamp, 16) >= 0
    assert stamp == make_timetable(two, one).stamp


def test_stamp_changes_with_any_part_of_any_meeting() -> None:
    meeting = make_meeting(0, "s1", "c1")
    others = [
        meeting._replace(slot=1),
        make_meeting(0, "s1", "c1", room_id="r2"),
        make_meeting(0, "s1", "c1", table=2),
        make_meeting(0, "s2", "c1"),
        make_meeting(0, "s1", "c2"),
    ]
    tables = [make_timetable(), make_timetable(meeting), *map(make_timetable, others)]
    assert len({table.stamp for table in tables}) == len(tables)


def test_stamp_does_not_depend_on_places_that_no_file_holds() -> None:
    table = make_timetable(make_meeting(0, "s1", "c1"))
    meeting = table.meetings[0]
    placed: Timetable = replace(table, places=(Place(meeting.company_id, meeting.room_id, 1),))
    assert placed.stamp == table.stamp

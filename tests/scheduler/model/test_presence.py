"""Who is there in which slots."""

from __future__ import annotations

import pytest

from scheduler.model import Event
from scheduler.model.presence import Presence
from tests.scheduler.events import (
    company_away,
    make_company,
    make_event,
    make_student,
    student_away,
)


def student_slots(event: Event) -> str:
    """``101`` for slots 0 and 2 of three."""
    mask = Presence(event).students[event.students[0].student_id]
    return "".join(str(mask >> slot & 1) for slot in range(len(event.window.slots)))


def company_slots(event: Event) -> str:
    mask = Presence(event).companies[event.companies[0].company_id]
    return "".join(str(mask >> slot & 1) for slot in range(len(event.window.slots)))


def test_person_without_times_is_present_in_every_slot() -> None:
    event = make_event()
    assert student_slots(event) == company_slots(event) == "111"


@pytest.mark.parametrize(
    ("arrives", "leaves", "expected"),
    [
        (0, 34, "111"),
        (1, None, "011"),
        (12, None, "011"),
        (13, None, "001"),
        (None, 22, "110"),
        (None, 21, "100"),
        (12, 22, "010"),
        (25, None, "000"),
        (-30, 400, "111"),
    ],
)
def test_whole_slot_must_lie_between_arrival_and_departure(
    arrives: int | None, leaves: int | None, expected: str
) -> None:
    """Slots are 0-10, 12-22 and 24-34."""
    student = make_student(arrives_min=arrives, leaves_min=leaves)
    company = make_company(arrives_min=arrives, leaves_min=leaves)
    event = make_event([student], [company])
    assert student_slots(event) == company_slots(event) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (10, 12, "111"),
        (9, 12, "011"),
        (10, 13, "101"),
        (15, 16, "101"),
        (22, 24, "111"),
        (0, 60, "000"),
        (34, 60, "111"),
    ],
)
def test_absence_counts_when_it_overlaps_by_a_minute(start: int, end: int, expected: str) -> None:
    event = make_event(absences=[student_away("s1", start, end)])
    assert (student_slots(event), company_slots(event)) == (expected, "111")
    event = make_event(absences=[company_away("c1", start, end)])
    assert (student_slots(event), company_slots(event)) == ("111", expected)


def test_absences_add_up_with_each_other_and_with_times() -> None:
    student = make_student(leaves_min=22)
    event = make_event([student], absences=[student_away("s1", 0, 1), student_away("s1", 30, 31)])
    assert student_slots(event) == "010"


def test_same_id_of_student_and_company_stays_apart() -> None:
    event = make_event(["x"], [make_company("x")], absences=[student_away("x", 0, 10)])
    assert (student_slots(event), company_slots(event)) == ("011", "111")


def test_absence_of_an_unknown_person_is_passed_over() -> None:
    assert student_slots(make_event(absences=[student_away("s9", 0, 10)])) == "111"

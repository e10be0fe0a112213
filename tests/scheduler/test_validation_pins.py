"""Pins and forbids that contradict a rule, alone or by counting."""

from __future__ import annotations

import pytest

from scheduler.model import Event, Position, Rules
from scheduler.validation import check
from tests.scheduler.events import (
    company_away,
    forbid,
    make_company,
    make_event,
    make_room,
    make_student,
    needs,
    pin,
    student_away,
    veto,
    yes,
)
from tests.scheduler.problems import assert_only

START = ("decisions", 0, "start")

# one decision


def test_pins_and_forbids_within_the_rules_are_fine() -> None:
    decisions = [pin("s1", "c1"), pin("s1", "c2", 12), pin("s2", "c1", 24), forbid("s2", "c2")]
    assert check(make_event(["s1", "s2"], ["c1", "c2"], decisions=decisions)) == []


@pytest.mark.parametrize("decision", [pin, forbid])
def test_decision_about_somebody_unknown(decision: type) -> None:
    words = ("'s9' is not in students", "correct the id, or add it to students")
    event = make_event(decisions=[decision("s9", "c1")])
    assert_only(event, ("decisions", 0, "student_id"), *words)
    event = make_event(decisions=[decision("s1", "c9")])
    assert_only(event, ("decisions", 0, "company_id"), "'c9' is not in companies")


def test_decision_twice() -> None:
    for rows in ([pin("s1", "c1", 0), pin("s1", "c1", 12)], [forbid("s1", "c1")] * 2):
        words = (f"the {rows[0].kind} of 's1' with 'c1' is there twice", "keep one")
        assert_only(make_event(decisions=rows), ("decisions", 1, "kind"), *words)


def test_forbid_with_a_time() -> None:
    event = make_event(decisions=[pin("s1", "c1", 0)])
    timed = forbid("s1", "c1").__class__(forbid("s1", "c1").kind, *_ids(), 12)
    assert check(event) == []
    assert_only(make_event(decisions=[timed]), START, "a forbid holds all day", "leave it empty")


def _ids() -> tuple[object, object]:
    return forbid("s1", "c1").student_id, forbid("s1", "c1").company_id


@pytest.mark.parametrize("start", [1, 11, 36, -12])
def test_pin_where_no_slot_starts(start: int) -> None:
    event = make_event(decisions=[pin("s1", "c1", start)])
    assert_only(event, START, "no slot starts at", "use one of 13:00 13:12 13:24")


def test_pin_that_breaks_a_veto() -> None:
    event = make_event(shortlist=[veto("c1", "s1")], decisions=[pin("s1", "c1")])
    place = ("decisions", 0, "company_id")
    assert_only(event, place, "Company c1 vetoed Student s1", "drop the pin or the veto")
    assert check(make_event(shortlist=[yes("c1", "s1")], decisions=[pin("s1", "c1")])) == []


def test_pin_that_breaks_a_forbid() -> None:
    event = make_event(decisions=[pin("s1", "c1"), forbid("s1", "c1")])
    words = ("Student s1 and Company c1 are forbidden", "drop the pin or the forbid")
    assert_only(event, ("decisions", 0, "company_id"), *words)


def test_pin_may_break_wishes_languages_fields_and_positions() -> None:
    company = make_company(
        languages=needs("en:C1"), fields=("Law",), positions=(Position.FULL_TIME,)
    )
    event = make_event(
        [make_student(positions=(Position.INTERNSHIP,))],
        [company],
        {},
        decisions=[pin("s1", "c1")],
        rules=Rules(require_field=True),
    )
    assert check(event) == []


def test_pin_of_two_who_are_never_there_together() -> None:
    event = make_event(
        [make_student(leaves_min=10)],
        absences=[company_away("c1", 5, 6)],
        decisions=[pin("s1", "c1")],
    )
    place = ("decisions", 0, "student_id")
    assert_only(event, place, "Student s1 and Company c1 are never", "same slot", "drop the pin")


def test_pin_of_somebody_who_is_not_there_at_all() -> None:
    """One problem, not one for presence and one for counting."""
    for event in (
        make_event([make_student(arrives_min=30)], decisions=[pin("s1", "c1")]),
        make_event(["s1"], [make_company(leaves_min=5)], decisions=[pin("s1", "c1")]),
    ):
        assert_only(event, ("decisions", 0, "student_id"), "never present in the same slot")


def test_pin_at_a_time_when_one_of_them_is_away() -> None:
    event = make_event(absences=[student_away("s1", 12, 13)], decisions=[pin("s1", "c1", 12)])
    words = ("Student s1 is not present in the slot at 13:12", "pin another slot")
    assert_only(event, START, *words)
    event = make_event(["s1"], [make_company(arrives_min=1)], decisions=[pin("s1", "c1", 0)])
    assert_only(event, START, "Company c1 is not present in the slot at 13:00")


# pins of a person, counted


def pinned(student: object, companies: int, **values: object) -> Event:
    """One student pinned with every company."""
    names = [f"c{n}" for n in range(1, companies + 1)]
    decisions = [pin("s1", name) for name in names]
    return make_event([student], names, decisions=decisions, **values)  # type: ignore[arg-type,list-item]  # mixed


def test_pins_of_a_student_above_the_rules_maximum() -> None:
    rules = Rules(max_meetings_per_student=2)
    assert check(pinned("s1", 2, rules=rules)) == []
    words = ("Student s1 has 3 pins", "max_meetings_per_student is 2", "drop a pin, or raise it")
    assert_only(pinned("s1", 3, rules=rules), ("decisions", 2, "student_id"), *words)


@pytest.mark.parametrize("most", [0, 1])
def test_pins_of_a_student_above_the_maximum_of_the_row(most: int) -> None:
    """Of two maxima the smaller holds."""
    event = pinned(make_student(max_meetings=most), 2)
    words = ("Student s1 has 2 pins", f"the student's max_meetings is {most}", "raise it")
    assert_only(event, ("decisions", most, "student_id"), *words)


def test_pins_of_a_student_above_the_slots_present() -> None:
    student = make_student(leaves_min=22)
    assert check(pinned(student, 2)) == []
    words = ("Student s1 has 3 pins", "is present in 2 slots", "stay longer")
    assert_only(pinned(student, 3), ("decisions", 2, "student_id"), *words)


def test_two_pins_of_a_student_at_one_time() -> None:
    decisions = [pin("s1", "c1", 12), pin("s1", "c2", 12)]
    event = make_event(["s1"], ["c1", "c2"], decisions=decisions)
    words = ("Student s1 has 2 pins at 13:12", "1 table at a time", "pin another slot")
    assert_only(event, ("decisions", 1, "start"), *words)


def with_pins_of_company(company: object, students: int, start: int | None = None) -> Event:
    """One company pinned with every student."""
    names = [f"s{n}" for n in range(1, students + 1)]
    decisions = [pin(name, "c1", start) for name in names]
    return make_event(names, [company], decisions=decisions)  # type: ignore[list-item]  # mixed


def test_pins_of_a_company_above_its_maximum() -> None:
    company = make_company(max_meetings=1)
    words = ("Company c1 has 2 pins", "the company's max_meetings is 1", "raise it")
    assert_only(with_pins_of_company(company, 2), ("decisions", 1, "company_id"), *words)


def test_pins_of_a_company_above_its_places() -> None:
    """Three slots, of which the company is there for two, with two seats each."""
    company = make_company(seats=2, leaves_min=22)
    assert check(with_pins_of_company(company, 4)) == []
    words = ("Company c1 has 5 pins", "4 places in 2 slots", "add a table")
    assert_only(with_pins_of_company(company, 5), ("decisions", 4, "company_id"), *words)


@pytest.mark.parametrize(("tables", "seats"), [(1, 2), (2, 1)])
def test_pins_of_a_company_above_the_seats_of_one_time(tables: int, seats: int) -> None:
    company = make_company(tables=tables, seats=seats)
    assert check(with_pins_of_company(company, 2, 0)) == []
    words = ("Company c1 has 3 pins at 13:00", "seats 2 students in a slot", "another slot")
    assert_only(with_pins_of_company(company, 3, 0), ("decisions", 2, "start"), *words)


def test_pins_of_different_times_are_counted_apart() -> None:
    decisions = [pin("s1", "c1", 0), pin("s2", "c1", 12), pin("s3", "c1")]
    assert check(make_event(["s1", "s2", "s3"], decisions=decisions)) == []


# no false alarms, and no echoes


def test_pins_that_clash_in_other_ways_are_no_problem() -> None:
    """Walking time, rest, room capacity and crowded common slots make an event infeasible."""
    event = make_event(
        ["s1", "s2"],
        ["c1", make_company("c2", room_id="r2")],
        rooms=[make_room(building="A", capacity=1), make_room("r2", building="B")],
        decisions=[pin("s1", "c1", 0), pin("s1", "c2", 12)],
        rules=Rules(building_change_min=5, max_in_a_row=1),
    )
    assert check(event) == []


@pytest.mark.parametrize(
    ("event", "table"),
    [
        (pinned(make_student(max_meetings=-1), 1), "students"),
        (pinned("s1", 1, rules=Rules(0, 0, 0, -3)), "event"),
        (with_pins_of_company(make_company(max_meetings=-4, min_meetings=-9), 1), "companies"),
        (with_pins_of_company(make_company(seats=0), 1, 0), "companies"),
        (pinned("s1", 1, slots=0), "event"),
    ],
)
def test_fault_elsewhere_is_not_blamed_on_the_pin(event: Event, table: str) -> None:
    assert {problem.table for problem in check(event)} - {"decisions"} == {table}
    blamed = [problem for problem in check(event) if problem.table == "decisions"]
    assert all("max_meetings_per_student is 0" in problem.reason for problem in blamed)

"""Why a student has fewer meetings than the guarantee: one reason for every wish not met."""

from __future__ import annotations

import pytest

from scheduler.explain.shortfall import Shortfall, shortfalls
from scheduler.model import Company, Event, Meeting, Position, Rules, Student
from tests.scheduler.events import (
    company_away,
    forbid,
    languages,
    make_company,
    make_event,
    make_meeting,
    make_room,
    make_student,
    make_timetable,
    needs,
    student_away,
    veto,
)

ONE = Rules(guaranteed_meetings_per_student=1)


def reasons(event: Event, *meetings: Meeting) -> tuple[str, ...]:
    """Reasons of the first student, who is below the guarantee."""
    found = shortfalls(event, make_timetable(*meetings))
    assert found[0].student == event.students[0]
    return found[0].reasons


def pair(student: Student, company: Company, rules: Rules = ONE) -> Event:
    return make_event([student], [company], rules=rules)


def test_student_at_the_guarantee_is_not_listed() -> None:
    event = make_event(["s1", "s2"], rules=ONE)
    found = shortfalls(event, make_timetable(make_meeting(0, "s1", "c1")))
    assert [(entry.student.student_id, entry.meetings) for entry in found] == [("s2", 0)]


def test_nobody_is_listed_without_a_guarantee() -> None:
    event = make_event(rules=Rules(guaranteed_meetings_per_student=0))
    assert shortfalls(event, make_timetable()) == ()


def test_meetings_and_reasons_stand_in_the_order_of_the_wishes() -> None:
    event = make_event(
        ["s1"],
        ["c1", "c2", "c3"],
        {"s1": ["c3", "c1", "c2"]},
        shortlist=[veto("c1", "s1"), veto("c2", "s1")],
    )
    table = make_timetable(make_meeting(0, "s1", "c3", 3))
    student = event.students[0]
    expected = Shortfall(student, 1, ("Company c1 said no", "Company c2 said no"))
    assert shortfalls(event, table) == (expected,)


def test_student_who_ranked_nobody() -> None:
    assert reasons(make_event(wishes={})) == ("ranked no company",)


def test_student_who_ranked_fewer_than_the_guarantee() -> None:
    found = reasons(make_event(["s1"]), make_meeting(0, "s1", "c1"))
    assert found == ("ranked only 1 company",)


def test_student_who_asked_for_less() -> None:
    event = make_event([make_student(max_meetings=1)], ["c1", "c2"])
    found = reasons(event, make_meeting(0, "s1", "c1"))
    assert found[0] == "asked for at most 1 meeting"


def test_student_who_is_there_too_shortly() -> None:
    event = make_event([make_student(leaves_min=10)], ["c1", "c2"])
    found = reasons(event, make_meeting(0, "s1", "c1"))
    assert found[0] == "is present in 1 of 3 slots"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (make_event(shortlist=[veto("c1", "s1")], rules=ONE), "said no"),
        (make_event(decisions=[forbid("s1", "c1")], rules=ONE), "is forbidden by staff"),
        (
            pair(
                make_student(languages=languages("en:B1")),
                make_company(languages=needs("en:B2;pt:B2|es:B2")),
            ),
            "asks for en:B2 and pt:B2 or es:B2",
        ),
        (
            pair(
                make_student(field="Law"),
                make_company(fields=("Physics", "Maths")),
                Rules(guaranteed_meetings_per_student=1, require_field=True),
            ),
            "looks for Physics, Maths",
        ),
        (
            pair(
                make_student(positions=(Position.FULL_TIME,)),
                make_company(positions=(Position.INTERNSHIP, Position.STUDENT_JOB)),
            ),
            "offers internship, student_job",
        ),
        (
            make_event(absences=[student_away("s1", 0, 20), company_away("c1", 24, 30)], rules=ONE),
            "is never there in the same slot",
        ),
    ],
)
def test_wish_that_a_rule_refuses(event: Event, reason: str) -> None:
    assert reasons(event) == (f"Company c1 {reason}",)


def others(company: Company, count: int = 3, **values: object) -> Event:
    """One company that s1 and so many others want."""
    names = [f"s{n}" for n in range(1, count + 2)]
    return make_event(names, [company], rules=ONE, **values)  # type: ignore[arg-type]  # mixed


def test_company_whose_places_are_all_taken() -> None:
    taken = [make_meeting(slot, f"s{slot + 2}", "c1") for slot in range(3)]
    found = reasons(others(make_company()), *taken)
    assert found == ("Company c1 has 3 places, all taken",)


def test_company_at_its_maximum() -> None:
    found = reasons(others(make_company(max_meetings=1)), make_meeting(0, "s2", "c1"))
    assert found == ("Company c1 takes 1 meeting at most, all given",)


def test_company_that_is_full_while_the_student_is_there() -> None:
    """Two seats at 13:00, when s1 is there; later nobody comes."""
    event = others(make_company(seats=2), absences=[student_away("s1", 12, 34)])
    found = reasons(event, make_meeting(0, "s2", "c1"), make_meeting(0, "s3", "c1"))
    assert found == ("Company c1 has 2 places while the student is present, all taken",)


def test_company_whose_room_is_full_is_told_with_the_room() -> None:
    """The room is full at 13:00, and s1 has to go then."""
    event = make_event(
        [make_student(leaves_min=10), "s2"],
        ["c1", "c2"],
        {"s1": ["c1"], "s2": ["c2"]},
        rooms=[make_room(capacity=1)],
        rules=ONE,
    )
    found = reasons(event, make_meeting(0, "s2", "c2", 2))
    assert found == ("Company c1 has seats left only while Room r1 is full with 1 student",)


def test_company_with_places_that_other_rules_close() -> None:
    """Student s1 meets another company at 13:00, and has to go then."""
    event = make_event(
        [make_student(leaves_min=10)],
        ["c1", "c2"],
        rules=Rules(guaranteed_meetings_per_student=2),
    )
    found = reasons(event, make_meeting(0, "s1", "c2", 2))
    assert found[-1] == (
        "Company c1 has places left (0 of 3 taken), "
        "none that fits the student's other meetings and the rules"
    )


def test_company_with_a_place_that_fits_is_told() -> None:
    event = make_event(rules=ONE)
    assert reasons(event) == ("Company c1 has a place left that fits, not taken yet",)

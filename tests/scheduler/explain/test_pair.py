"""Why a pair does not meet: each reason that needs no solve, by a tiny event."""

from __future__ import annotations

import pytest

from scheduler.explain.pair_answer import (
    Maximum,
    PairKind,
)
from scheduler.explain.pair_words import sentences
from scheduler.model import (
    PersonKind,
    Position,
    Rules,
)
from scheduler.model.eligibility import Refusal
from tests.scheduler.events import (
    company_away,
    forbid,
    languages,
    make_company,
    make_event,
    make_meeting,
    make_student,
    needs,
    pin,
    student_away,
    veto,
)
from tests.scheduler.explain.asking import explain, said


def test_pair_that_meets_is_told_when_and_where() -> None:
    event = make_event()
    answer = explain(event, make_meeting(1, "s1", "c1"))
    assert (answer.kind, answer.meeting) == (PairKind.MEETS, make_meeting(1, "s1", "c1"))
    assert sentences(event, answer) == (
        "Student s1 and Company c1 meet at 13:12 in Room r1, table 1.",
    )


def test_unranked_pair_is_not_offered() -> None:
    event = make_event(["s1"], ["c1", "c2"], {"s1": ["c2"]}, shortlist=[veto("c1", "s1")])
    answer = explain(event)
    assert (answer.kind, answer.rank) == (PairKind.UNRANKED, None)
    assert sentences(event, answer) == (
        "Student s1 did not rank Company c1, and pairs that are not ranked are not offered.",
        "Company c1 said no to Student s1.",
    )


def test_veto_is_worded_differently_for_students() -> None:
    event = make_event(shortlist=[veto("c1", "s1")])
    answer = explain(event)
    assert answer.kind is PairKind.VETO
    assert sentences(event, answer) == ("Company c1 said no to Student s1.",)
    assert sentences(event, answer, for_student=True) == ("Company c1 chose other profiles.",)


def test_forbid_is_a_decision_of_staff() -> None:
    event = make_event(decisions=[forbid("s1", "c1")])
    assert explain(event).kind is PairKind.FORBID
    assert said(event) == ("Staff decided that Student s1 and Company c1 do not meet.",)


def test_language_is_told_with_what_is_asked_spoken_and_missing() -> None:
    student = make_student(languages=languages("en:C1;da:A2"))
    company = make_company(languages=needs("en:B2;da:B1;pt:B2|es:B2"))
    event = make_event([student], [company])
    answer = explain(event)
    assert answer.kind is PairKind.LANGUAGE
    assert answer.missing_languages == needs("da:B1;pt:B2|es:B2")
    assert sentences(event, answer) == (
        "Company c1 asks for en:B2 and da:B1 and pt:B2 or es:B2; Student s1 has en:C1, da:A2; "
        "missing: da:B1 and pt:B2 or es:B2.",
    )


@pytest.mark.parametrize(("field", "own"), [("Law", "is Law"), ("", "is not given")])
def test_field_is_told_with_those_looked_for(field: str, own: str) -> None:
    company = make_company(fields=("Physics", "Chemistry"))
    event = make_event([make_student(field=field)], [company], rules=Rules(require_field=True))
    assert explain(event).kind is PairKind.FIELD
    assert said(event) == (
        f"Company c1 looks for Physics, Chemistry; the field of Student s1 {own}.",
    )


def test_position_is_told_with_both_sides() -> None:
    student = make_student(positions=(Position.INTERNSHIP,))
    company = make_company(positions=(Position.FULL_TIME, Position.STUDENT_JOB))
    event = make_event([student], [company])
    assert explain(event).kind is PairKind.POSITION
    assert said(event) == (
        "Company c1 offers full_time, student_job; Student s1 looks for internship.",
    )


def test_every_refusal_is_told_and_the_first_decides() -> None:
    student = make_student(positions=(Position.INTERNSHIP,))
    company = make_company(positions=(Position.FULL_TIME,), languages=needs("en:B2"))
    event = make_event([student], [company], decisions=[forbid("s1", "c1")])
    answer = explain(event)
    assert answer.kind is PairKind.FORBID
    assert answer.refusals == (Refusal.FORBID, Refusal.LANGUAGE, Refusal.POSITION)
    assert len(sentences(event, answer)) == 3


def test_never_together_is_told_with_the_hours_of_both() -> None:
    event = make_event(
        [make_student(leaves_min=22)],
        absences=[company_away("c1", 0, 22)],
        slots=4,
    )
    answer = explain(event)
    assert answer.kind is PairKind.NEVER_TOGETHER
    assert (answer.student_hours, answer.company_hours) == (((0, 22),), ((24, 46),))
    assert sentences(event, answer) == (
        "Student s1 and Company c1 are never present in the same slot.",
        "Student s1 is present in slots from 13:00 to 13:22.",
        "Company c1 is present in slots from 13:24 to 13:46.",
    )


def test_hours_have_holes_and_may_be_none() -> None:
    event = make_event(absences=[student_away("s1", 12, 13), company_away("c1", 0, 40)])
    assert said(event)[1:] == (
        "Student s1 is present in slots from 13:00 to 13:10 and from 13:24 to 13:34.",
        "Company c1 is present in no slot.",
    )


def test_maximum_of_zero_is_certain() -> None:
    event = make_event([make_student(max_meetings=0)])
    answer = explain(event)
    assert (answer.kind, answer.maximum) == (PairKind.MAXIMUM, Maximum(PersonKind.STUDENT, 0, 0))
    assert sentences(event, answer) == ("Student s1 wants at most 0 meetings.",)


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (
            Maximum(None, 1, 1),
            "Each student has at most 1 meeting, "
            "and staff have pinned 1 of Student s1 with others.",
        ),
        (
            Maximum(PersonKind.COMPANY, 1, 1),
            "Company c1 takes at most 1 meeting, "
            "and staff have pinned 1 of Company c1 with others.",
        ),
    ],
)
def test_maximum_filled_by_pins_is_certain(limit: Maximum, text: str) -> None:
    is_company = limit.whose is PersonKind.COMPANY
    pinned = ("s2", "c1") if is_company else ("s1", "c2")
    event = make_event(
        ["s1", "s2"],
        [make_company(max_meetings=1) if is_company else "c1", "c2"],
        decisions=[pin(*pinned)],
        rules=Rules(
            max_meetings_per_student=3 if is_company else 1, guaranteed_meetings_per_student=1
        ),
    )
    table = 1 if is_company else 2
    answer = explain(event, make_meeting(0, *pinned, table))
    assert (answer.kind, answer.maximum) == (PairKind.MAXIMUM, limit)
    assert sentences(event, answer) == (text,)


def test_slots_full_of_pins_make_it_impossible() -> None:
    event = make_event(["s1"], ["c1", "c2"], slots=1, decisions=[pin("s1", "c2")])
    answer = explain(event, make_meeting(0, "s1", "c2", 2))
    assert answer.kind is PairKind.IMPOSSIBLE
    assert sentences(event, answer) == (
        "Student s1 has 2 pins, but is present in 1 slot.",
        "No timetable in which they meet keeps every rule and every pin.",
    )


def test_rest_beside_a_pin_makes_it_impossible() -> None:
    rules = Rules(max_in_a_row=1, guaranteed_meetings_per_student=0)
    event = make_event(["s1"], ["c1", "c2"], slots=2, decisions=[pin("s1", "c2")], rules=rules)
    answer = explain(event, make_meeting(0, "s1", "c2", 2))
    assert (answer.kind, answer.clashes) == (PairKind.IMPOSSIBLE, ())

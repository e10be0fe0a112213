"""The rules of one meeting: both are present, and nothing refuses the pair."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.model import Position, Rules, Student
from tests.scheduler.broken import is_clean, only
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


def is_met_cleanly(student: Student, **values: object) -> bool:
    """Whether a meeting of the student with a company of these values breaks no rule."""
    rules = values.pop("rules", Rules())
    assert isinstance(rules, Rules)
    event = make_event([student], [make_company(**values)], rules=rules)
    return is_clean(event, make_meeting(0, student.student_id, "c1"))


# presence


def test_presence_reports_a_late_student() -> None:
    event = make_event([make_student(arrives_min=1)])
    found = only(event, make_meeting(0, "s1", "c1"))
    assert (found.rule, found.student_id, found.company_id, found.slot) == (
        "presence",
        "s1",
        "c1",
        0,
    )
    assert found.message == (
        "Student Student s1 (s1), Company Company c1 (c1) at 13:00 in room Room r1:"
        " student arrives at 13:01"
    )


def test_presence_reports_a_company_that_leaves_within_the_slot() -> None:
    event = make_event(companies=[make_company(leaves_min=21)])
    found = only(event, make_meeting(1, "s1", "c1"))
    assert found.rule == "presence"
    assert found.message.endswith("company leaves at 13:21, before 13:22")


def test_presence_holds_when_the_whole_slot_lies_inside() -> None:
    student = make_student(arrives_min=12, leaves_min=22)
    assert is_clean(make_event([student]), make_meeting(1, "s1", "c1"))


def test_presence_reports_an_overlap_of_one_minute() -> None:
    event = make_event(absences=[student_away("s1", 0, 13)])
    found = only(event, make_meeting(1, "s1", "c1"))
    assert found.rule == "presence"
    assert found.message.endswith("student is unavailable from 13:00 to 13:13")


def test_presence_does_not_count_shared_end_points() -> None:
    absences = [company_away("c1", 0, 12), company_away("c1", 22, 24)]
    assert is_clean(make_event(absences=absences), make_meeting(1, "s1", "c1"))


def test_presence_tells_a_student_from_a_company_of_the_same_id() -> None:
    event = make_event(["x"], [make_company("x")], absences=[company_away("x", 0, 10)])
    found = only(event, make_meeting(0, "x", "x"))
    assert found.message.endswith("company is unavailable from 13:00 to 13:10")


@pytest.mark.parametrize("slot", [-1, 3])
def test_presence_reports_a_slot_that_the_window_does_not_have(slot: int) -> None:
    found = only(make_event(), make_meeting(slot, "s1", "c1"))
    assert found.rule == "presence"
    assert f"at slot {slot} in room Room r1: the window has no such slot" in found.message


# eligible


def test_eligible_reports_a_veto() -> None:
    found = only(make_event(shortlist=[veto("c1", "s1")]), make_meeting(0, "s1", "c1"))
    assert (found.rule, found.student_id, found.company_id) == ("eligible", "s1", "c1")
    assert found.message.endswith("at 13:00 in room Room r1: the company vetoed the student")


def test_eligible_reports_a_forbid() -> None:
    found = only(make_event(decisions=[forbid("s1", "c1")]), make_meeting(0, "s1", "c1"))
    assert found.rule == "eligible"
    assert found.message.endswith("the pair is forbidden")


def test_eligible_reports_a_pair_not_ranked() -> None:
    found = only(make_event(wishes={}), make_meeting(0, "s1", "c1"))
    assert found.rule == "eligible"
    assert found.message.endswith("not ranked by the student")


def test_eligible_accepts_a_pair_not_ranked_that_the_event_offers() -> None:
    event = make_event(wishes={}, rules=Rules(offer_unranked=True))
    assert is_clean(event, make_meeting(0, "s1", "c1"))


def test_eligible_reports_a_missing_language() -> None:
    event = make_event(
        [make_student(languages=languages("en:B1"))], [make_company(languages=needs("en:B2"))]
    )
    found = only(event, make_meeting(0, "s1", "c1"))
    assert found.rule == "eligible"
    assert found.message.endswith("the company needs en:B2")


@pytest.mark.parametrize(
    ("spoken", "asked", "is_met"),
    [
        ("en:B2", "en:B2", True),
        ("en:native", "en:C2", True),
        ("en:C2", "en:native", False),
        ("pt-br:C1", "pt:B2", True),
        ("pt:C1", "pt-br:B2", False),
        ("ptx:C1", "pt:B2", False),
        ("es:B2", "pt:B2|es:B2", True),
        ("fr:C2", "pt:B2|es:B2", False),
        ("en:C1", "en:B2;da:B1", False),
        ("en:C1;da:B1", "en:B2;da:B1", True),
        ("", "", True),
    ],
)
def test_eligible_compares_languages(spoken: str, asked: str, is_met: bool) -> None:
    student = make_student(languages=languages(spoken))
    assert is_met_cleanly(student, languages=needs(asked)) == is_met


def test_eligible_ignores_small_talk_and_languages_that_are_no_rule() -> None:
    assert is_met_cleanly(make_student(), small_talk=needs("da:A2"))
    rules = Rules(require_language=False)
    assert is_met_cleanly(make_student(), languages=needs("da:B2"), rules=rules)


@pytest.mark.parametrize(
    ("field", "fields", "is_met"),
    [
        ("  Mathematics", ("physics", "MATHEMATICS "), True),
        ("Biology", ("physics",), False),
        ("", ("physics",), False),
        ("  ", ("physics",), False),
        ("Biology", (), True),
    ],
)
def test_eligible_compares_fields(field: str, fields: tuple[str, ...], is_met: bool) -> None:
    rules = Rules(require_field=True)
    assert is_met_cleanly(make_student(field=field), fields=fields, rules=rules) == is_met


def test_eligible_ignores_fields_that_are_no_rule() -> None:
    assert is_met_cleanly(make_student(field="Biology"), fields=("physics",))


@pytest.mark.parametrize(
    ("sought", "offered", "is_met"),
    [
        ((Position.INTERNSHIP,), (Position.FULL_TIME,), False),
        ((Position.INTERNSHIP, Position.FULL_TIME), (Position.FULL_TIME,), True),
        ((), (Position.FULL_TIME,), True),
        ((Position.INTERNSHIP,), (), True),
    ],
)
def test_eligible_compares_positions_that_both_sides_name(
    sought: tuple[Position, ...], offered: tuple[Position, ...], is_met: bool
) -> None:
    assert is_met_cleanly(make_student(positions=sought), positions=offered) == is_met


def test_eligible_lets_a_pin_overrule_all_but_veto_and_forbid() -> None:
    student = make_student(field="Biology", positions=(Position.INTERNSHIP,))
    company = make_company(
        fields=("physics",), positions=(Position.FULL_TIME,), languages=needs("da:B1")
    )
    event = make_event(
        [student], [company], {}, decisions=[pin("s1", "c1")], rules=Rules(require_field=True)
    )
    meeting = make_meeting(0, "s1", "c1")
    assert is_clean(event, meeting)
    assert only(replace(event, shortlist=(veto("c1", "s1"),)), meeting).rule == "eligible"
    both = replace(event, decisions=(pin("s1", "c1"), forbid("s1", "c1")))
    assert only(both, meeting).message.endswith("the pair is forbidden")


def test_eligible_reports_every_reason_once() -> None:
    student = make_student(positions=(Position.INTERNSHIP,))
    company = make_company(
        fields=("physics",), positions=(Position.FULL_TIME,), languages=needs("da:B1")
    )
    event = make_event([student], [company], {}, rules=Rules(require_field=True))
    found = only(event, make_meeting(0, "s1", "c1"))
    assert found.message.endswith(
        "not ranked by the student; the company needs da:B1; the student's field is empty,"
        " not one of physics; no position in common"
    )


@pytest.mark.parametrize(
    ("student_id", "company_id", "who"), [("s9", "c1", "student"), ("s1", "c9", "company")]
)
def test_eligible_reports_unknown_people(student_id: str, company_id: str, who: str) -> None:
    found = only(make_event(), make_meeting(0, student_id, company_id))
    assert found.rule == "eligible"
    assert (found.student_id, found.company_id) == (student_id, company_id)
    assert found.message.endswith(f"no such {who} in the event")

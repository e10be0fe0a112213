"""Which rule refuses a pair."""

from __future__ import annotations

import pytest

from scheduler.model import Company, Event, Position, Rules, Student
from scheduler.model.eligibility import Eligibility, Refusal
from tests.scheduler.events import (
    forbid,
    languages,
    make_company,
    make_event,
    make_student,
    needs,
    pin,
    veto,
    yes,
)

ALL_RULES = Rules(require_language=True, require_field=True, require_position=True)


def refusal(event: Event) -> Refusal | None:
    return Eligibility(event).refusal(event.students[0], event.companies[0])


def judged(student: Student, company: Company, rules: Rules = ALL_RULES) -> Refusal | None:
    return refusal(make_event([student], [company], rules=rules))


def test_pair_that_no_rule_refuses_is_fine() -> None:
    assert refusal(make_event(rules=ALL_RULES)) is None


def test_veto_refuses_and_yes_does_not() -> None:
    assert refusal(make_event(shortlist=[veto("c1", "s1")])) is Refusal.VETO
    assert refusal(make_event(shortlist=[yes("c1", "s1")])) is None
    assert refusal(make_event(["s1", "s2"], shortlist=[veto("c1", "s2")])) is None


def test_forbid_refuses_and_pin_does_not() -> None:
    assert refusal(make_event(decisions=[forbid("s1", "c1")])) is Refusal.FORBID
    assert refusal(make_event(decisions=[pin("s1", "c1")])) is None


@pytest.mark.parametrize(
    ("have", "asked", "expected"),
    [
        ("en:B2", "en:B2", None),
        ("en:B1", "en:B2", Refusal.LANGUAGE),
        ("", "en:B2", Refusal.LANGUAGE),
        ("", "", None),
        ("en:native", "en:C2", None),
        ("pt-br:C1", "pt:B2", None),
        ("pt:C1", "pt-br:B2", Refusal.LANGUAGE),
        ("es:B2", "pt:B2|es:B2", None),
        ("es:B2", "pt:B2|es:B2;en:A1", Refusal.LANGUAGE),
        ("es:B2;en:A1", "pt:B2|es:B2;en:A1", None),
    ],
)
def test_languages_are_all_required(have: str, asked: str, expected: Refusal | None) -> None:
    student = make_student(languages=languages(have))
    assert judged(student, make_company(languages=needs(asked))) is expected


def test_language_is_no_rule_when_the_event_does_not_require_it() -> None:
    company = make_company(languages=needs("en:B2"))
    assert judged(make_student(), company, Rules(require_language=False)) is None


@pytest.mark.parametrize(
    ("field", "sought", "expected"),
    [
        ("Physics", ("Physics",), None),
        (" physics ", ("Law", "PHYSICS"), None),
        ("ECONOMIE ÉTUDES", ("economie études",), None),
        ("Law", ("Physics",), Refusal.FIELD),
        ("", ("Physics",), Refusal.FIELD),
        ("", (), None),
        ("Law", (), None),
    ],
)
def test_field_is_compared_without_case_and_outer_blanks(
    field: str, sought: tuple[str, ...], expected: Refusal | None
) -> None:
    assert judged(make_student(field=field), make_company(fields=sought)) is expected


def test_field_is_no_rule_unless_the_event_requires_it() -> None:
    assert judged(make_student(), make_company(fields=("Law",)), Rules()) is None


@pytest.mark.parametrize(
    ("sought", "offered", "expected"),
    [
        ((Position.INTERNSHIP,), (Position.FULL_TIME,), Refusal.POSITION),
        ((Position.INTERNSHIP,), (Position.FULL_TIME, Position.INTERNSHIP), None),
        ((), (Position.FULL_TIME,), None),
        ((Position.INTERNSHIP,), (), None),
        ((), (), None),
    ],
)
def test_position_is_compared_only_where_both_name_some(
    sought: tuple[Position, ...], offered: tuple[Position, ...], expected: Refusal | None
) -> None:
    assert judged(make_student(positions=sought), make_company(positions=offered)) is expected


def test_position_is_no_rule_when_the_event_does_not_require_it() -> None:
    student = make_student(positions=(Position.INTERNSHIP,))
    company = make_company(positions=(Position.FULL_TIME,))
    assert judged(student, company, Rules(require_position=False)) is None


def test_first_of_several_refusals_is_named() -> None:
    """Veto, forbid, language, field, position: what staff and companies decided comes first."""
    student = make_student(positions=(Position.INTERNSHIP,))
    asks = {"languages": needs("en:B2"), "fields": ("Law",), "positions": (Position.FULL_TIME,)}
    company = make_company(**asks)
    both = {"shortlist": [veto("c1", "s1")], "decisions": [forbid("s1", "c1")]}
    vetoed = make_event([student], [company], rules=ALL_RULES, **both)  # type: ignore[arg-type]  # mixed
    assert refusal(vetoed) is Refusal.VETO
    forbidden = make_event([student], [company], rules=ALL_RULES, decisions=[forbid("s1", "c1")])
    assert refusal(forbidden) is Refusal.FORBID
    assert judged(student, company) is Refusal.LANGUAGE
    asks.pop("languages")
    assert judged(student, make_company(**asks)) is Refusal.FIELD
    asks.pop("fields")
    assert judged(student, make_company(**asks)) is Refusal.POSITION


def test_profile_refusal_looks_past_vetoes_and_forbids() -> None:
    event = make_event(shortlist=[veto("c1", "s1")], decisions=[forbid("s1", "c1")])
    student, company = event.students[0], event.companies[0]
    assert Eligibility(event).profile_refusal(student, company) is None


def test_pairs_of_shortlist_and_decisions_are_student_first() -> None:
    event = make_event(
        ["s1", "s2"],
        ["c1", "c2"],
        shortlist=[yes("c1", "s1"), veto("c2", "s1")],
        decisions=[pin("s2", "c1"), forbid("s2", "c2")],
    )
    known = Eligibility(event)
    assert known.yes == {("s1", "c1")}
    assert known.vetoes == {("s1", "c2")}
    assert known.pins == {("s2", "c1")}
    assert known.forbids == {("s2", "c2")}

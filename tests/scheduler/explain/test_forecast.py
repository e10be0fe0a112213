"""How many students fit a wish list, and what each condition costs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from scheduler.explain.forecast import Kind, WishList, forecast, lowered
from scheduler.model import Event, Position, Rules
from scheduler.model.eligibility import Eligibility
from tests.scheduler.events import (
    forbid,
    languages,
    make_company,
    make_event,
    make_student,
    needs,
    tiny_events,
    veto,
)


def speakers(*spoken: str) -> Event:
    """One student for each, who speaks that."""
    people = [make_student(f"s{n}", languages=languages(own)) for n, own in enumerate(spoken, 1)]
    return make_event(people)


LISBON = speakers("pt:C1;da:B1", "pt:B2;da:A2", "pt:B2", "pt:B1;da:B1", "da:B2")


def test_fitting_meet_every_condition() -> None:
    found = forecast(LISBON, WishList(languages=needs("pt:B2;da:B1")))
    assert (found.fitting, found.students) == (1, 5)


def test_condition_counts_alone_without_and_one_level_lower() -> None:
    found = forecast(LISBON, WishList(languages=needs("pt:B2;da:B1")))
    portuguese, danish = found.conditions
    assert (portuguese.alone, portuguese.without, portuguese.lowered) == (3, 3, 2)
    assert (danish.alone, danish.without, danish.lowered) == (3, 3, 2)
    assert danish.lower == needs("da:A2")[0]


def test_costliest_is_the_condition_without_which_most_fit() -> None:
    event = speakers("en:C1;da:B1", "en:C1", "en:C1", "da:B1")
    costliest = forecast(event, WishList(languages=needs("en:B2;da:B1"))).costliest
    assert costliest is not None
    assert costliest.asked.languages == needs("da:B1")


def test_costliest_is_none_where_no_condition_refuses_anybody() -> None:
    assert forecast(speakers("en:C1"), WishList(languages=needs("en:B2"))).costliest is None


@pytest.mark.parametrize(
    ("need", "lower"),
    [
        ("pt:native", "pt:C2"),
        ("pt:B2|es:A1", "pt:B1|es:A1"),
    ],
)
def test_lowered_takes_one_level_off_every_alternative(need: str, lower: str) -> None:
    assert lowered(needs(need)[0]) == needs(lower)[0]


def test_lowest_level_has_no_lower() -> None:
    assert lowered(needs("pt:A1|es:A1")[0]) == ()
    assert forecast(LISBON, WishList(languages=needs("da:A1"))).conditions[0].lowered is None


def test_fields_are_one_condition_and_a_student_without_one_fits_none() -> None:
    people = [make_student(f"s{n}", field=own) for n, own in enumerate(("Law", " physics", ""))]
    (condition,) = forecast(make_event(people), WishList(fields=("law", "Physics"))).conditions
    assert (condition.kind, condition.alone, condition.without) == (Kind.FIELD, 2, 3)


def test_student_who_names_no_position_fits_all() -> None:
    people = [
        make_student("s1"),
        make_student("s2", positions=(Position.INTERNSHIP,)),
        make_student("s3", positions=(Position.FULL_TIME,)),
    ]
    assert forecast(make_event(people), WishList(positions=(Position.INTERNSHIP,))).fitting == 2


def test_condition_says_whether_the_event_requires_it() -> None:
    event = replace(LISBON, rules=Rules(require_language=True, require_field=False))
    found = forecast(event, WishList(languages=needs("da:B1"), fields=("Law",)))
    assert [condition.is_rule for condition in found.conditions] == [True, False]


def test_small_talk_refuses_nobody() -> None:
    wishes = WishList(languages=needs("pt:B2"), small_talk=needs("da:A2;pt:C1"))
    found = forecast(LISBON, wishes)
    assert found.fitting == 3
    assert [(talk.alone, talk.fitting) for talk in found.small_talk] == [(4, 2), (1, 1)]
    assert found.small_talk_fitting == 1


def test_vetoes_and_forbids_of_others_do_not_count() -> None:
    event = replace(LISBON, shortlist=(veto("c1", "s1"),), decisions=(forbid("s1", "c1"),))
    assert forecast(event, WishList(languages=needs("da:B1"))).fitting == 3


@given(tiny_events())
def test_fitting_are_those_whom_the_engine_finds_eligible(event: Event) -> None:
    rules = replace(event.rules, require_language=True, require_field=True, require_position=True)
    event = replace(event, rules=rules)
    company = make_company("new", languages=needs("en:B2;da:A2"), fields=("physics",))
    eligibility = Eligibility(replace(event, companies=(*event.companies, company)))
    eligible = [s for s in event.students if eligibility.refusal(s, company) is None]
    wishes = WishList(languages=company.languages, fields=company.fields)
    assert forecast(event, wishes).fitting == len(eligible)

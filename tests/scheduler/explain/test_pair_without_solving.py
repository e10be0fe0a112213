"""Why a pair does not meet, by counting alone: as `explain_pair` wherever that need not solve."""

from __future__ import annotations

import pytest

from scheduler.errors import InvalidEventError
from scheduler.explain.pair import explain_pair, explain_without_solving
from scheduler.explain.pair_answer import OwnMeetings, PairKind, SharedPlaces
from scheduler.model import Rules
from scheduler.strategies.base import Settings
from tests.scheduler.events import make_event, make_meeting, make_timetable, veto


def test_what_is_certain_is_what_explain_pair_says() -> None:
    event = make_event(["s1", "s2"], ["c1", "c2"], shortlist=[veto("c1", "s1")])
    table = make_timetable(make_meeting(0, "s1", "c2"))
    for student, company, kind in (("s1", "c1", PairKind.VETO), ("s1", "c2", PairKind.MEETS)):
        answer = explain_without_solving(event, table, student, company)
        assert answer.kind is kind
        assert answer == explain_pair(
            event, table, student, company, settings=Settings(workers=1), in_child=False
        )


def test_where_only_a_solve_decides_the_places_and_own_meetings_are_told() -> None:
    rules = Rules(max_meetings_per_student=1, guaranteed_meetings_per_student=1)
    event = make_event(
        ["s1", "s2"], ["c2", "c1"], {"s1": ["c2", "c1"], "s2": ["c1"]}, slots=1, rules=rules
    )
    table = make_timetable(make_meeting(0, "s1", "c2", 1), make_meeting(0, "s2", "c1", 2))
    answer = explain_without_solving(event, table, "s1", "c1")
    assert answer.kind is PairKind.UNKNOWN
    assert answer.places == SharedPlaces(1, 1, 1, ((1, 1),), 1)
    assert answer.own == OwnMeetings((1,), 1, is_own_limit=False, is_all_better=True)
    assert answer.price is None


def test_an_unknown_person_is_refused() -> None:
    with pytest.raises(InvalidEventError, match="'s9' is not there"):
        explain_without_solving(make_event(), make_timetable(), "s9", "c1")

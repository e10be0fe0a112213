"""Reasons and prices of pairs against the verifier and every timetable tried."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings

from scheduler.explain.pair import explain_pair
from scheduler.explain.pair_answer import (
    PairAnswer,
    PairKind,
)
from scheduler.explain.pair_words import sentences
from scheduler.model import (
    Decision,
    DecisionKind,
    Event,
    Meeting,
    Timetable,
)
from scheduler.model.eligibility import Refusal
from scheduler.strategies.base import entries
from scheduler.verify import violations
from tests.scheduler.brute_force import brute_force
from tests.scheduler.events import (
    pin,
    tiny_events,
)
from tests.scheduler.explain.asking import SETTINGS
from tests.scheduler.solved import solved

COSTS = {PairKind.COSTS_GUARANTEE, PairKind.COSTS_MINIMUM, PairKind.COSTS_WISHES}
REFUSED = {
    Refusal.VETO: "vetoed",
    Refusal.FORBID: "forbidden",
    Refusal.LANGUAGE: "the company needs",
    Refusal.FIELD: "the student's field",
    Refusal.POSITION: "no position in common",
}


def alone(event: Event, answer: PairAnswer, slot: int) -> dict[str, str]:
    """Rules that the meeting breaks in an otherwise empty timetable, each with its message."""
    room = answer.company.room_id or event.rooms[0].room_id
    own = Meeting(slot, room, 1, answer.student.student_id, answer.company.company_id)
    found = violations(replace(event, decisions=_forbids(event)), Timetable((own,)))
    return {v.rule: v.message for v in found if v.rule != "room_tables"}


def _forbids(event: Event) -> tuple[Decision, ...]:
    return tuple(own for own in event.decisions if own.kind is DecisionKind.FORBID)


def pairs(event: Event) -> list[tuple[str, str]]:
    return [(s.student_id, c.company_id) for s in event.students for c in event.companies]


@given(tiny_events())
@settings(max_examples=80)
def test_kind_is_what_verifier_and_brute_force_say(event: Event) -> None:
    best = brute_force(event)
    if best is None:
        return
    for student, company in pairs(event):
        answer = explain_pair(
            event, best.timetable, student, company, settings=SETTINGS, in_child=False
        )
        assert sentences(event, answer)
        if answer.price is None:
            agrees_with_the_verifier(event, answer)
        forced = brute_force(replace(event, decisions=(*event.decisions, pin(student, company))))
        if answer.kind in (PairKind.MAXIMUM, PairKind.IMPOSSIBLE):
            assert forced is None
        if answer.price is not None:
            assert forced is not None
            assert tuple(e.before for e in answer.price.entries) == entries(best.scores)
            assert tuple(e.after for e in answer.price.entries) == entries(forced.scores)
            assert answer.price.is_proven
            assert answer.price.is_certain is (entries(forced.scores) < entries(best.scores))
            assert answer.price.is_certain is (answer.kind in COSTS)
            assert violations(event, answer.price.timetable) == ()


def agrees_with_the_verifier(event: Event, answer: PairAnswer) -> None:
    broken = [alone(event, answer, slot) for slot in range(len(event.window.slots))]
    if answer.kind is PairKind.MEETS:
        assert answer.meeting is not None
    elif answer.kind is PairKind.UNRANKED or answer.refusals:
        assert all(set(rules) - {"presence", "max_meetings"} == {"eligible"} for rules in broken)
        reasons = broken[0]["eligible"]
        assert {own for own, text in REFUSED.items() if text in reasons} == set(answer.refusals)
        assert ("not ranked" in reasons) is (answer.rank is None and not event.rules.offer_unranked)
        assert answer.kind in ("unranked", *answer.refusals[:1])
    elif answer.kind is PairKind.NEVER_TOGETHER:
        assert all(set(rules) - {"max_meetings"} == {"presence"} for rules in broken)
    elif answer.kind is PairKind.MAXIMUM:
        assert answer.maximum is not None
        assert answer.maximum.pinned or all("max_meetings" in rules for rules in broken)
    else:
        assert answer.kind is PairKind.IMPOSSIBLE


@given(tiny_events(students=3, companies=2))
@settings(max_examples=60)
def test_no_equally_good_timetable_keeps_more_pairs(event: Event) -> None:
    before = solved(event).timetable
    if before is None:
        return
    met = pairs_of(before)
    pinned = {(d.student_id, d.company_id) for d in event.decisions if d.kind is DecisionKind.PIN}
    for pair in pairs(event):
        price = explain_pair(event, before, *pair, settings=SETTINGS, in_child=False).price
        if price is None:
            continue
        assert price.moves.is_fewest
        row = tuple(entry.after for entry in price.entries)
        for kept in combinations(sorted(met), len(met & pairs_of(price.timetable)) + 1):
            wanted = {*kept, pair} - pinned
            more = replace(event, decisions=(*event.decisions, *(pin(*own) for own in wanted)))
            found = brute_force(more)
            assert found is None or entries(found.scores) < row


def pairs_of(timetable: Timetable) -> set[tuple[str, str]]:
    return {(meeting.student_id, meeting.company_id) for meeting in timetable.meetings}

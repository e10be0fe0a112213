"""Why a pair does not meet: each reason by a tiny event, and by verifier and brute force."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings

from scheduler.errors import InvalidEventError
from scheduler.explain.pair import explain_pair
from scheduler.explain.pair_answer import (
    Maximum,
    OwnMeetings,
    PairAnswer,
    PairKind,
    SharedPlaces,
)
from scheduler.explain.pair_price import Solve, find_price
from scheduler.explain.pair_words import sentences
from scheduler.model import (
    Decision,
    DecisionKind,
    Event,
    Meeting,
    PersonKind,
    Position,
    Result,
    Rules,
    Status,
    Timetable,
)
from scheduler.model.eligibility import Refusal
from scheduler.solve import solve
from scheduler.strategies.base import Settings, entries
from scheduler.verify import violations
from tests.scheduler.brute_force import brute_force
from tests.scheduler.events import (
    company_away,
    forbid,
    languages,
    make_company,
    make_event,
    make_meeting,
    make_student,
    make_timetable,
    needs,
    pin,
    student_away,
    tiny_events,
    veto,
)
from tests.scheduler.solved import solved

SETTINGS = Settings(workers=1, comfort_s=0.05)
COSTS = {PairKind.COSTS_GUARANTEE, PairKind.COSTS_MINIMUM, PairKind.COSTS_WISHES}
REFUSED = {
    Refusal.VETO: "vetoed",
    Refusal.FORBID: "forbidden",
    Refusal.LANGUAGE: "the company needs",
    Refusal.FIELD: "the student's field",
    Refusal.POSITION: "no position in common",
}


def explain(
    event: Event, *meetings: Meeting, student: str = "s1", company: str = "c1"
) -> PairAnswer:
    table = make_timetable(*meetings)
    return explain_pair(event, table, student, company, settings=SETTINGS, in_child=False)


def said(
    event: Event, *meetings: Meeting, student: str = "s1", company: str = "c1"
) -> tuple[str, ...]:
    return sentences(event, explain(event, *meetings, student=student, company=company))


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


def test_price_is_told_in_points_and_ranks() -> None:
    rules = Rules(guaranteed_meetings_per_student=0)
    event = make_event(
        ["s1", "s2"], ["c2", "c1"], {"s1": ["c2", "c1"], "s2": ["c1"]}, slots=1, rules=rules
    )
    answer = explain(event, make_meeting(0, "s1", "c2", 1), make_meeting(0, "s2", "c1", 2))
    assert answer.kind is PairKind.COSTS_WISHES
    assert answer.places == SharedPlaces(1, 1, 1, ((1, 1),), 1)
    price = answer.price
    assert price is not None
    assert price.is_proven
    assert price.is_certain
    assert [(e.before, e.after) for e in price.entries[1:]] == [(200, 80)]
    assert (price.moves.lost, price.moves.gained, price.moves.own_lost) == (
        ((1, 1),),
        (),
        ((1, 1),),
    )
    assert sentences(event, answer) == (
        "Company c1 has 1 place in the 1 slot in which both are present; it went to a student "
        "with rank 1.",
        "They can meet, but the wishes of all together are then worth fewer points.",
        "120 fewer points for wishes (80 instead of 200).",
        "With the fewest changes, 1 other student meets other companies: lost 1 of rank 1.",
        "Student s1, besides: lost 1 of rank 1.",
    )


def test_guarantee_is_told_as_coming_first() -> None:
    rules = Rules(guaranteed_meetings_per_student=1)
    event = make_event(
        ["s1", "s2"], ["c1", "c2"], {"s1": ["c1", "c2"], "s2": ["c1"]}, slots=1, rules=rules
    )
    answer = explain(event, make_meeting(0, "s1", "c2", 2), make_meeting(0, "s2", "c1"))
    assert answer.kind is PairKind.COSTS_GUARANTEE
    assert sentences(event, answer)[1:4] == (
        "They can meet only at the cost of guaranteed meetings, which come first.",
        "1 fewer student with 1 meeting or more (1 instead of 2).",
        "80 fewer points for wishes (100 instead of 180).",
    )


def test_companies_minimum_is_told_as_coming_before_wishes() -> None:
    rules = Rules(guaranteed_meetings_per_student=0)
    event = make_event(["s1"], ["c1", make_company("c2", min_meetings=1)], slots=1, rules=rules)
    answer = explain(event, make_meeting(0, "s1", "c2", 2))
    assert answer.kind is PairKind.COSTS_MINIMUM
    assert sentences(event, answer)[1:] == (
        "They can meet only at the cost of companies' minimums, which come before wishes.",
        "1 fewer meeting towards the companies' minimums (0 instead of 1).",
        "20 more points for wishes (100 instead of 80).",
        "With the fewest changes, every other student keeps the same companies, perhaps at other "
        "times.",
        "Student s1, besides: lost 1 of rank 2.",
    )


def test_equally_good_timetable_is_said_to_exist_and_changes_nobody_needlessly() -> None:
    rules = Rules(guaranteed_meetings_per_student=0)
    event = make_event([f"s{n}" for n in range(1, 8)], ["c1"], slots=6, rules=rules)
    meetings = [make_meeting(n - 2, f"s{n}", "c1") for n in range(2, 8)]
    answer = explain(event, *meetings)
    assert answer.kind is PairKind.EQUALLY_GOOD
    assert sentences(event, answer) == (
        "Company c1 has 6 places in the 6 slots in which both are present; all went to students "
        "with rank 1.",
        "An equally good timetable exists in which they meet.",
        "With the fewest changes, 1 other student meets other companies: lost 1 of rank 1.",
    )


def test_timetable_that_is_not_the_best_is_told() -> None:
    answer = explain(make_event())
    assert answer.kind is PairKind.BETTER
    assert said(make_event())[:2] == (
        "Company c1 has 3 places in the 3 slots in which both are present; none is taken.",
        "A better timetable than this one exists, in which they meet.",
    )


def test_full_student_is_told_with_ranks_as_part_of_the_price() -> None:
    event = make_event([make_student(max_meetings=1)], ["c2", "c1"])
    answer = explain(event, make_meeting(0, "s1", "c2"))
    assert answer.own == OwnMeetings((1,), 1, is_own_limit=True, is_all_better=True)
    assert sentences(event, answer)[0] == (
        "Student s1 has 1 meeting, as many as Student s1 asked for (rank 1); each is worth more "
        "points than this one would be."
    )
    assert answer.kind is PairKind.COSTS_WISHES


def test_no_other_student_is_named() -> None:
    event = make_event(
        [make_student("s1"), make_student("s2", name="Somebody Else")], ["c1"], slots=1
    )
    text = " ".join(said(event, make_meeting(0, "s2", "c1")))
    assert "with rank 1" in text
    assert "Somebody" not in text


def crowded() -> tuple[Event, Timetable]:
    """Two students, two companies, one slot: s1 meets c2, s2 meets c1, both their first wish."""
    rules = Rules(guaranteed_meetings_per_student=1)
    event = make_event(["s1", "s2"], ["c1", "c2"], {"s1": ["c2", "c1"], "s2": ["c1"]}, slots=1)
    table = make_timetable(make_meeting(0, "s1", "c2", 2), make_meeting(0, "s2", "c1"))
    return replace(event, rules=rules), table


def unproven(students: int | None, points: int | None) -> Solve:
    """A solve that ends with these bounds on students with a meeting, and on points."""

    def run(event: Event, own: Settings) -> Result:
        result = solve(event, own, in_child=False)
        first, minimum, wishes, breaks = result.levels
        levels = (
            replace(first, bound=(students,)),
            minimum,
            replace(wishes, bound=(points,)),
            breaks,
        )
        return replace(result, status=Status.FEASIBLE, levels=levels)

    return run


@pytest.mark.parametrize(
    ("students", "points", "is_certain", "changes"),
    [
        (
            1,
            150,
            True,
            (
                "They can meet only at the cost of guaranteed meetings, which come first.",
                "1 fewer student with 1 meeting or more (1 instead of 2).",
                "In the timetable found, 80 points for wishes instead of 200; in the best, at "
                "most 150.",
            ),
        ),
        (
            2,
            150,
            False,
            (
                "They can meet at this price at most; a smaller one may be possible.",
                "In the timetable found, 1 student with 1 meeting or more instead of 2; in the "
                "best, at most 2.",
                "In the timetable found, 0 meetings towards the companies' minimums as now.",
                "In the timetable found, 80 points for wishes instead of 200.",
            ),
        ),
    ],
)
def test_unproven_price_is_told_as_at_most(
    students: int, points: int, is_certain: bool, changes: tuple[str, ...]
) -> None:
    event, table = crowded()
    answer = explain_pair(event, table, "s1", "c1", settings=SETTINGS, in_child=False)
    pair = event.students[0].student_id, event.companies[0].company_id
    solve_badly = unproven(students, points)
    _, price = find_price(event, table, pair, solve=solve_badly, settings=SETTINGS)
    assert price is not None
    assert (price.is_proven, price.is_certain) == (False, is_certain)
    assert not price.moves.is_fewest
    text = sentences(event, replace(answer, price=price))
    assert text[1 : 1 + len(changes)] == changes
    assert text[1 + len(changes)].startswith("In the timetable found, 1 other student meets")


def test_no_answer_in_time_is_said() -> None:
    event, table = crowded()

    def run(event: Event, own: Settings) -> Result:
        found = solve(event, own, in_child=False)
        return replace(found, status=Status.UNKNOWN, timetable=None, levels=())

    pair = event.students[0].student_id, event.companies[0].company_id
    assert find_price(event, table, pair, solve=run, settings=SETTINGS) == (Status.UNKNOWN, None)
    answer = PairAnswer(PairKind.UNKNOWN, event.students[0], event.companies[0], 2)
    assert sentences(event, answer) == ("Whether they could meet was not found out in time.",)


def test_price_is_found_in_a_child_process_too() -> None:
    event, table = crowded()
    inside = explain_pair(event, table, "s1", "c1", settings=SETTINGS, in_child=False)
    assert explain_pair(event, table, "s1", "c1", settings=SETTINGS) == inside


def test_unknown_ids_are_told_both() -> None:
    with pytest.raises(InvalidEventError) as caught:
        explain(make_event(), student="s9", company="c9")
    assert [str(problem) for problem in caught.value.problems] == [
        "students, column student_id: 's9' is not there; give an id of this column",
        "companies, column company_id: 'c9' is not there; give an id of this column",
    ]


def test_broken_timetable_is_refused_with_the_rule() -> None:
    event = make_event(["s1", "s2"])
    with pytest.raises(InvalidEventError, match=r"timetable: seats: .*2 students"):
        explain(event, make_meeting(0, "s1", "c1"), make_meeting(0, "s2", "c1"))


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

"""The exhaustive optimum, against events whose optimum can be seen, and against the verifier."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.model import DecisionKind, Event, Room, RoomId, Rules, Scores, Timetable
from scheduler.objective import score
from scheduler.validation import check
from scheduler.verify import violations
from tests.scheduler.brute_force import brute_force
from tests.scheduler.events import (
    make_company,
    make_event,
    make_meeting,
    make_room,
    pin,
    tiny_events,
    yes,
)

ROOM_IDS = st.sampled_from([RoomId("r1"), RoomId("r2")])


def best(event: Event) -> Scores:
    optimum = brute_force(event)
    assert optimum is not None
    return optimum.scores


def test_brute_force_meets_everybody_where_there_is_room() -> None:
    """Two students, two companies, three slots: all four meetings, no break."""
    event = make_event(["s1", "s2"], ["c1", "c2"])
    assert best(event) == Scores((2, 2), 0, 2 * (100 + 80), 0)


def test_brute_force_prefers_the_guarantee_to_points() -> None:
    """One slot at c1; s1 ranks it first, but s2 has no other company."""
    event = make_event(
        ["s1", "s2"], ["c1", "c2"], {"s1": ["c1", "c2"], "s2": ["c2", "c1"]}, slots=1
    )
    assert best(event) == Scores((2, 0), 0, 200, 0)
    alone = make_event(["s1", "s2"], ["c1", "c2"], {"s1": ["c1", "c2"], "s2": ["c1"]}, slots=1)
    assert best(alone) == Scores((2, 0), 0, 80 + 100, 0)


def test_brute_force_counts_company_minimum_and_mutual_bonus() -> None:
    event = make_event(
        ["s1"], ["c1", make_company("c2", min_meetings=2)], slots=1, shortlist=[yes("c2", "s1")]
    )
    assert best(event) == Scores((1, 0), 1, 80 + 50, 0)


def test_brute_force_counts_the_fewest_breaks() -> None:
    """Pins at the first and the last slot leave one idle run between them."""
    event = make_event(["s1"], ["c1", "c2"], decisions=[pin("s1", "c1", 0), pin("s1", "c2", 24)])
    assert best(event) == Scores((1, 1), 0, 180, 1)


def test_brute_force_finds_none_when_a_company_fits_no_room() -> None:
    company = make_company(room_id=None, tables=2)
    assert brute_force(make_event(["s1"], [company], rooms=[make_room(tables=1)])) is None


def test_brute_force_chooses_the_better_room() -> None:
    """Two slots next to each other, and walking takes longer: c2 has to stand beside c1."""
    event = make_event(
        ["s1"],
        ["c1", make_company("c2", room_id=None)],
        slots=2,
        rooms=[Room(RoomId("r2"), 1, building="B"), Room(RoomId("r1"), 2, building="A")],
        rules=Rules(building_change_min=5),
    )
    assert best(event) == Scores((1, 1), 0, 180, 0)


@given(tiny_events())
@settings(max_examples=60, deadline=None)
def test_brute_force_timetables_break_no_rule_and_score_as_said(event: Event) -> None:
    optimum = brute_force(event)
    if optimum is not None:
        assert violations(event, optimum.timetable) == ()
        assert score(event, optimum.timetable) == optimum.scores


@given(tiny_events())
@settings(deadline=None)
def test_tiny_events_are_valid(event: Event) -> None:
    assert check(event) == []


def test_tiny_events_show_every_rule() -> None:
    seen: Counter[str] = Counter()

    @given(tiny_events())
    @settings(max_examples=200, deadline=None, database=None, derandomize=True)
    def look(event: Event) -> None:
        rules = event.rules
        firms = event.companies
        seen.update(
            {
                "pin": any(d.kind == "pin" for d in event.decisions),
                "forbid": any(d.kind == "forbid" for d in event.decisions),
                "veto": any(not v.is_yes for v in event.shortlist),
                "absence": bool(event.absences),
                "break": bool(event.window.breaks),
                "rest": rules.max_in_a_row > 0,
                "walking": rules.building_change_min > 0
                and len({room.building for room in event.rooms}) > 1,
                "capacity": any(room.capacity for room in event.rooms),
                "free room": any(firm.room_id is None for firm in firms),
                "group": any(firm.seats > 1 for firm in firms),
                "tables": any(firm.tables > 1 for firm in firms),
                "maximum": any(firm.max_meetings for firm in firms),
                "minimum": any(firm.min_meetings for firm in firms),
                "unranked": rules.offer_unranked,
                "language": rules.require_language and any(firm.languages for firm in firms),
                "field": rules.require_field and any(firm.fields for firm in firms),
            }
        )

    look()
    assert {name for name, count in seen.items() if count < 5} == set()


@given(tiny_events(), st.data())
@settings(max_examples=200, deadline=None)
def test_brute_force_is_beaten_by_no_timetable_the_verifier_accepts(
    event: Event, data: st.DataObject
) -> None:
    """Meetings at random, first come first kept; companies stand in the order of their ids."""
    rooms = {c.company_id: c.room_id or data.draw(ROOM_IDS) for c in event.companies}
    tables = {c.company_id: 1 + 2 * number for number, c in enumerate(event.companies)}
    event = replace(event, rooms=tuple(replace(room, tables=6) for room in event.rooms))
    pairs = st.tuples(st.sampled_from(event.students), st.sampled_from(event.companies))
    turns = st.tuples(st.sampled_from(event.window.slots), pairs, st.integers(0, 1))
    kept = Timetable(())
    without_pins = replace(
        event, decisions=tuple(d for d in event.decisions if d.kind is DecisionKind.FORBID)
    )
    for slot, (student, company), shift in data.draw(st.lists(turns, max_size=12)):
        company_id = company.company_id
        table = tables[company_id] + shift
        meeting = make_meeting(slot.index, student.student_id, company_id, table, rooms[company_id])
        grown = Timetable((*kept.meetings, meeting))
        if not violations(without_pins, grown):
            kept = grown
    optimum = brute_force(without_pins)
    assert optimum is not None
    assert order(score(event, kept)) <= order(optimum.scores)


def order(scores: Scores) -> tuple[object, ...]:
    return (scores.guaranteed, scores.company_minimum, scores.preferences)

"""How the optimum follows a change of the event: values that must rise, stay or add up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scheduler.model import (
    Company,
    CompanyId,
    Decision,
    DecisionKind,
    Event,
    Preference,
    Room,
    RoomId,
    Student,
    StudentId,
    Verdict,
    Window,
)
from scheduler.validation import check
from tests.scheduler.events import (
    forbid,
    make_company,
    make_room,
    make_student,
    shuffled,
    tiny_events,
    veto,
)
from tests.scheduler.second_solver import Row
from tests.scheduler.solved import best, is_at_least, row_of, solved

Change = Callable[[Event], Event]
EVENTS = tiny_events(students=5, companies=4, slots=4)


def with_rules(**values: object) -> Change:
    return lambda event: replace(event, rules=replace(event.rules, **values))  # type: ignore[arg-type]  # mixed


def with_companies(change: Callable[[Company], Company]) -> Change:
    return lambda event: replace(event, companies=tuple(map(change, event.companies)))


def with_students(change: Callable[[Student], Student]) -> Change:
    return lambda event: replace(event, students=tuple(map(change, event.students)))


def with_rooms(change: Callable[[Room], Room]) -> Change:
    return lambda event: replace(event, rooms=tuple(map(change, event.rooms)))


def with_one_more_slot(event: Event) -> Event:
    window = event.window
    length = window.length_min
    while len(Window(length, 10, 2, window.breaks).slots) <= len(window.slots):
        length += 1
    return replace(event, window=Window(length, 10, 2, window.breaks))


def without_vetoes(event: Event) -> Event:
    return replace(event, shortlist=tuple(v for v in event.shortlist if v.is_yes))


def with_untimed_pins(event: Event) -> Event:
    return replace(event, decisions=tuple(replace(d, start_min=None) for d in event.decisions))


# 5: the order of rows and the names of people do not matter


@given(EVENTS, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_order_of_rows_does_not_matter(event: Event, chance: Random) -> None:
    """Of the rows of every file and of the parts of a cell: the same levels, the same meetings."""
    mixed, plain = solved(shuffled(event, chance)), solved(event)
    assert row_of(mixed) == row_of(plain)
    assert mixed.levels == plain.levels
    assert mixed.timetable == plain.timetable


@given(EVENTS)
@settings(max_examples=40)
def test_names_do_not_matter(event: Event) -> None:
    """Ids that sort the other way round."""
    assert best(renamed(event, _backwards)) == best(event)


def _backwards(name: str) -> str:
    return f"{9 - int(name[1:])}{name[0]}"


def renamed(event: Event, name: Callable[[str], str]) -> Event:
    """The event with other ids for everybody and every room."""

    def pair(student: str, company: str) -> tuple[StudentId, CompanyId]:
        return StudentId(name(student)), CompanyId(name(company))

    return replace(
        event,
        rooms=tuple(replace(r, room_id=RoomId(name(r.room_id))) for r in event.rooms),
        companies=tuple(
            replace(
                c,
                company_id=CompanyId(name(c.company_id)),
                room_id=None if c.room_id is None else RoomId(name(c.room_id)),
            )
            for c in event.companies
        ),
        students=tuple(
            replace(s, student_id=StudentId(name(s.student_id))) for s in event.students
        ),
        preferences=tuple(Preference(*pair(s, c), rank) for s, c, rank in event.preferences),
        shortlist=tuple(
            Verdict(pair(v.student_id, v.company_id)[1], StudentId(name(v.student_id)), v.is_yes)
            for v in event.shortlist
        ),
        absences=tuple(replace(a, person_id=name(a.person_id)) for a in event.absences),
        decisions=tuple(
            Decision(d.kind, *pair(d.student_id, d.company_id), d.start_min)
            for d in event.decisions
        ),
    )


# 6 and 7: what is possible stays possible, or what is forbidden does not help

RELAXATIONS: dict[str, Change] = {
    "a seat at every table": with_companies(lambda c: replace(c, seats=c.seats + 1)),
    "a slot at the end": with_one_more_slot,
    "rooms without capacity": with_rooms(lambda room: replace(room, capacity=None)),
    "a table in every room": with_rooms(lambda room: replace(room, tables=room.tables + 1)),
    "one building": with_rooms(lambda room: replace(room, building="")),
    "no walking time": with_rules(building_change_min=0),
    "no rest": with_rules(max_in_a_row=0),
    "no language rule": with_rules(require_language=False),
    "no field rule": with_rules(require_field=False),
    "no position rule": with_rules(require_position=False),
    "unranked pairs": with_rules(offer_unranked=True),
    "four meetings for all": with_rules(max_meetings_per_student=4),
    "students without a maximum": with_students(lambda s: replace(s, max_meetings=None)),
    "companies without a maximum": with_companies(lambda c: replace(c, max_meetings=None)),
    "companies without a room": with_companies(lambda c: replace(c, room_id=None)),
    "students there all day": with_students(
        lambda s: replace(s, arrives_min=None, leaves_min=None)
    ),
    "nobody away": lambda event: replace(event, absences=()),
    "no vetoes": without_vetoes,
    "pins without a time": with_untimed_pins,
}


@pytest.mark.parametrize("name", RELAXATIONS)
def test_relaxing_never_hurts(name: str) -> None:
    @given(EVENTS)
    @settings(max_examples=20)
    def compare(event: Event) -> None:
        relaxed = RELAXATIONS[name](event)
        if relaxed != event:
            assert is_at_least(best(relaxed), best(event))

    compare()


def with_forbid(event: Event) -> Event:
    """Nobody may meet the first company, but for pins."""
    company = event.companies[0].company_id
    decided = {(d.student_id, d.company_id) for d in event.decisions}
    more = [
        forbid(s.student_id, company)
        for s in event.students
        if (s.student_id, company) not in decided
    ]
    return replace(event, decisions=(*event.decisions, *more))


def with_veto(event: Event) -> Event:
    """The last company vetoes everybody it has not judged and nobody pinned."""
    company = event.companies[-1].company_id
    spared = {d.student_id for d in event.decisions} | {
        v.student_id for v in event.shortlist if v.company_id == company
    }
    more = [veto(company, s.student_id) for s in event.students if s.student_id not in spared]
    return replace(event, shortlist=(*event.shortlist, *more))


RESTRICTIONS: dict[str, Change] = {
    "forbids": with_forbid,
    "vetoes": with_veto,
    "one student in a room": with_rooms(lambda room: replace(room, capacity=1)),
    "one meeting in a row": with_rules(max_in_a_row=1),
    "long walks": with_rules(building_change_min=20),
    "two meetings each": with_rules(max_meetings_per_student=2),
    "companies with one meeting": with_companies(lambda c: replace(c, max_meetings=1)),
    "students leave early": with_students(lambda s: replace(s, arrives_min=None, leaves_min=22)),
    "all fields": with_rules(require_field=True),
}


@pytest.mark.parametrize("name", RESTRICTIONS)
def test_restricting_never_helps(name: str) -> None:
    @given(EVENTS)
    @settings(max_examples=20)
    def compare(event: Event) -> None:
        if name == "students leave early":
            event = with_students(lambda s: replace(s, arrives_min=None, leaves_min=None))(event)
        if name == "two meetings each":
            event = with_rules(guaranteed_meetings_per_student=1, max_meetings_per_student=4)(event)
        restricted = RESTRICTIONS[name](event)
        if name in ("one meeting in a row", "long walks"):
            assume(event.rules.max_in_a_row != 1)
        assume(restricted != event and check(event) == [] and check(restricted) == [])
        assert is_at_least(best(event), best(restricted))

    compare()


# 8: neutral elements


def without_offers(event: Event) -> Event:
    return replace(event, rules=replace(event.rules, offer_unranked=False))


def plus_student_without_wishes(event: Event) -> Event:
    return replace(event, students=(make_student("s9"), *event.students))


def plus_company_nobody_wants(event: Event) -> Event:
    room, company = make_room("r9", 1), make_company("c9", room_id="r9")
    return replace(event, rooms=(room, *event.rooms), companies=(company, *event.companies))


def plus_room_without_tables(event: Event) -> Event:
    return replace(event, rooms=(make_room("r9", 0, building="Z", capacity=0), *event.rooms))


@pytest.mark.parametrize(
    "plus", [plus_student_without_wishes, plus_company_nobody_wants, plus_room_without_tables]
)
def test_neutral_elements_change_nothing(plus: Change) -> None:
    @given(EVENTS)
    @settings(max_examples=20)
    def compare(event: Event) -> None:
        plain = without_offers(event)
        assert best(plus(plain)) == best(plain)

    compare()


# 9: disjoint events


@given(EVENTS, tiny_events(students=4, companies=3, slots=4, with_pins=False))
@settings(max_examples=30)
def test_disjoint_events_add_up(first: Event, second: Event) -> None:
    """In the same window, under the same rules, in rooms of their own."""
    first = replace(_with_named_rooms(first), rules=replace(first.rules, offer_unranked=False))
    second = replace(_with_named_rooms(second), rules=first.rules, window=first.window)
    assume(check(first) == [] and check(second) == [])
    other = renamed(second, lambda name: f"{name}x")
    both = replace(
        first,
        rooms=first.rooms + other.rooms,
        companies=first.companies + other.companies,
        students=first.students + other.students,
        preferences=first.preferences + other.preferences,
        shortlist=first.shortlist + other.shortlist,
        absences=first.absences + other.absences,
        decisions=first.decisions + other.decisions,
    )
    rows = best(first), best(second)
    total = None
    if rows[0] is not None and rows[1] is not None:
        total = tuple(a + b for a, b in zip(*rows, strict=True))
    assert best(both) == total


def _with_named_rooms(event: Event) -> Event:
    """Companies without a room stand in r1, which is made large enough."""
    companies = tuple(replace(c, room_id=c.room_id or RoomId("r1")) for c in event.companies)
    rooms = tuple(replace(room, tables=room.tables + 20) for room in event.rooms)
    return replace(event, companies=companies, rooms=rooms)


# 10 and 13: weights


@given(EVENTS, st.sampled_from([2, 7, 1000]))
@settings(max_examples=30)
def test_scaling_all_weights_scales_the_preferences(event: Event, factor: int) -> None:
    rules = event.rules
    scaled = replace(
        event,
        rules=replace(
            rules,
            rank_weights=tuple(factor * weight for weight in rules.rank_weights),
            mutual_bonus=factor * rules.mutual_bonus,
            small_talk_bonus=factor * rules.small_talk_bonus,
            later_rank_weight=factor * rules.later_rank_weight,
        ),
    )
    row = best(event)
    assert best(scaled) == (None if row is None else (*row[:-1], factor * row[-1]))


@given(EVENTS, st.data(), st.sampled_from([1, 20, 500]))
@settings(max_examples=40)
def test_raising_the_weight_of_a_met_pair_gives_exactly_that(
    event: Event, data: st.DataObject, points: int
) -> None:
    """No timetable gains more than ``points``, and the old optimum gains them.

    The weight of one pair is raised by the only yes of the event.
    """
    plain = replace(
        event,
        shortlist=tuple(v for v in event.shortlist if not v.is_yes),
        rules=replace(event.rules, mutual_bonus=points),
    )
    old = solved(plain)
    assume(old.timetable is not None and old.timetable.meetings)
    meeting = data.draw(st.sampled_from(old.timetable.meetings))
    raised = _with_yes(plain, meeting.student_id, meeting.company_id)
    assert best(raised) == _plus(best(plain), points)


@given(EVENTS, st.data())
@settings(max_examples=30)
def test_raising_the_weight_of_any_pair_gives_at_most_that(
    event: Event, data: st.DataObject
) -> None:
    plain = replace(
        event,
        shortlist=tuple(v for v in event.shortlist if not v.is_yes),
        rules=replace(event.rules, mutual_bonus=30),
    )
    vetoed = {(v.student_id, v.company_id) for v in plain.shortlist}
    pairs = [
        (s.student_id, c.company_id)
        for s in event.students
        for c in event.companies
        if (s.student_id, c.company_id) not in vetoed
    ]
    assume(pairs)
    raised = best(_with_yes(plain, *data.draw(st.sampled_from(pairs))))
    row = best(plain)
    assert is_at_least(raised, row)
    assert is_at_least(_plus(row, 30), raised)


def _with_yes(event: Event, student_id: StudentId, company_id: CompanyId) -> Event:
    verdict = Verdict(company_id, student_id, is_yes=True)
    return replace(event, shortlist=(*event.shortlist, verdict))


def _plus(row: Row | None, points: int) -> Row | None:
    return None if row is None else (*row[:-1], row[-1] + points)


# 11: pins of an optimum


@given(EVENTS, st.data())
@settings(max_examples=40)
def test_pinning_part_of_an_optimum_keeps_its_value(event: Event, data: st.DataObject) -> None:
    old = solved(event)
    assume(old.timetable is not None and old.timetable.meetings)
    kept = data.draw(st.lists(st.sampled_from(old.timetable.meetings), min_size=1, unique=True))
    pinned = {(m.student_id, m.company_id) for m in kept}
    start = {slot.index: slot.start_min for slot in event.window.slots}
    pins = [Decision(DecisionKind.PIN, m.student_id, m.company_id, start[m.slot]) for m in kept]
    others = [d for d in event.decisions if (d.student_id, d.company_id) not in pinned]
    fixed = replace(event, decisions=(*others, *pins))
    assert best(fixed) == best(event)


def test_best_compares_infeasible_as_worst() -> None:
    assert is_at_least((1, 2), None)
    assert is_at_least(None, None)
    assert not is_at_least(None, (0,))
    assert not is_at_least((1, 2), (1, 3))

"""Days that go wrong, tiny, and the true optimum of each by trying every timetable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from hypothesis import assume
from hypothesis import strategies as st

from scheduler.errors import InvalidEventError
from scheduler.model import (
    Change,
    ChangeKind,
    CompanyId,
    DecisionKind,
    Event,
    Meeting,
    PersonKind,
    Rules,
    Scores,
    Timetable,
)
from scheduler.objective import score
from scheduler.repair import Day, begin
from scheduler.solve import solve
from scheduler.strategies.base import Settings
from scheduler.validation import check
from scheduler.validation.changes import check_changes
from scheduler.verify import violations
from tests.scheduler.events import (
    forbid,
    make_company,
    make_event,
    make_student,
    pin,
    tiny_events,
    veto,
)

QUICK = Settings(workers=1, comfort_s=0.05)
TIMES = (-5, 0, 6, 12, 14, 24, 60)


def absent(person_id: str, kind: PersonKind = PersonKind.STUDENT) -> Change:
    return Change(ChangeKind.ABSENT, kind, person_id)


def arrives(person_id: str, time_min: int, kind: PersonKind = PersonKind.STUDENT) -> Change:
    return Change(ChangeKind.ARRIVES, kind, person_id, time_min=time_min)


def leaves(person_id: str, time_min: int, kind: PersonKind = PersonKind.STUDENT) -> Change:
    return Change(ChangeKind.LEAVES, kind, person_id, time_min=time_min)


def no_longer(student_id: str, company_id: str) -> Change:
    """A forbid that came on the day."""
    company = CompanyId(company_id)
    return Change(ChangeKind.FORBID, PersonKind.STUDENT, student_id, company_id=company)


def tables(company_id: str, count: int) -> Change:
    return Change(ChangeKind.TABLES, PersonKind.COMPANY, company_id, count=count)


@dataclass(frozen=True)
class Trouble:
    """An event as it is now, the timetable before, what happened, and when."""

    event: Event
    timetable: Timetable
    changes: tuple[Change, ...]
    now_min: int

    def day(self) -> Day:
        return begin(self.event, self.timetable, self.changes, now_min=self.now_min)


@st.composite
def troubles(draw: st.DrawFn, *, with_edits: bool = True) -> Trouble:
    """A solved tiny event, changes that make sense, and an edit of the event that may clash."""
    event = draw(st.one_of(tiny_events(students=3, companies=2, slots=3), crowded_events()))
    before = solve(event, QUICK, in_child=False).timetable
    assume(before is not None)
    if before is None:
        raise AssertionError
    if with_edits:
        event = draw(_edited(event))
    trouble = Trouble(
        event,
        Timetable(before.meetings) if draw(st.booleans()) else before,
        draw(_changes(event)),
        draw(st.sampled_from(TIMES)),
    )
    assume(is_repairable(trouble))
    return trouble


@st.composite
def lost_tables(draw: st.DrawFn) -> Trouble:
    """A company with fewer seats than meetings from now on; perhaps one more change."""
    event = draw(crowded_events())
    wide = replace(event, companies=(replace(event.companies[0], tables=2), event.companies[1]))
    before = solve(wide, QUICK, in_child=False).timetable
    if before is None:
        raise AssertionError
    more = [change for change in draw(_changes(wide)) if change.change is not ChangeKind.TABLES]
    trouble = Trouble(wide, before, (tables("c1", 1), *more), draw(st.sampled_from(TIMES[:4])))
    assume(is_repairable(trouble))
    return trouble


def is_repairable(trouble: Trouble) -> bool:
    """Whether it is a day to repair, and not a problem for people."""
    try:
        trouble.day()
    except InvalidEventError:
        return False
    return True


@st.composite
def crowded_events(draw: st.DrawFn) -> Event:
    """Everybody wants the same two companies, which have two tables or seats."""
    slots = draw(st.integers(1, 2))
    sizes = st.sampled_from([{"tables": 2}, {"seats": 2}, {"tables": 2, "seats": 2}])
    ids = [f"s{number}" for number in range(1, 5)]
    maximum = draw(st.sampled_from([None, 1, 4]))
    return make_event(
        [make_student(name, max_meetings=draw(st.sampled_from([None, 1]))) for name in ids],
        [
            make_company("c1", **draw(sizes), max_meetings=maximum),
            make_company("c2", **draw(sizes)),
        ],
        {name: draw(st.permutations(["c1", "c2"])) for name in ids},
        slots=slots,
        rules=Rules(guaranteed_meetings_per_student=1),
    )


@st.composite
def _edited(draw: st.DrawFn, event: Event) -> Event:
    students = [student.student_id for student in event.students]
    companies = [company.company_id for company in event.companies]
    pair = draw(st.sampled_from(students)), draw(st.sampled_from(companies))
    start = draw(st.sampled_from([None, *(slot.start_min for slot in event.window.slots)]))
    edits = (
        event,
        replace(event, decisions=(*event.decisions, pin(*pair, start))),
        replace(event, decisions=(*event.decisions, forbid(*pair))),
        replace(event, shortlist=(veto(pair[1], pair[0]),)),
        replace(event, rules=replace(event.rules, max_in_a_row=1)),
        replace(event, companies=tuple(replace(c, seats=1) for c in event.companies)),
        replace(event, rooms=tuple(replace(room, capacity=1) for room in event.rooms)),
    )
    edited = draw(st.sampled_from(edits))
    return event if check(edited) else edited


@st.composite
def _changes(draw: st.DrawFn, event: Event) -> tuple[Change, ...]:
    changes: tuple[Change, ...] = ()
    students = st.sampled_from([student.student_id for student in event.students])
    companies = st.sampled_from([company.company_id for company in event.companies])
    for _ in range(draw(st.integers(0, 3))):
        is_student = draw(st.booleans())
        kind = PersonKind.STUDENT if is_student else PersonKind.COMPANY
        person = draw(students) if is_student else draw(companies)
        time = draw(st.integers(0, event.window.length_min))
        grown = (
            *changes,
            draw(
                st.sampled_from(
                    (
                        absent(person, kind),
                        arrives(person, time, kind),
                        leaves(person, time, kind),
                        no_longer(draw(students), draw(companies)),
                        tables(draw(companies), draw(st.sampled_from([0, 1, 1, 3]))),
                    )
                )
            ),
        )
        if not check_changes(event, grown):
            changes = grown
    return changes


# the true optimum


def best_scores(day: Day) -> Scores | None:
    """The best levels of every timetable that the verifier accepts; None when there is none."""
    past = day.begun.past(day.event.window)
    own = [list(_schedules(day, student.student_id, past)) for student in day.event.students]
    best = None
    for parts in product(*own):
        timetable = seated(day, [meeting for part in parts for meeting in part])
        if timetable is not None and not violations(day.event, timetable, day.begun):
            scores = score(day.event, timetable, day.begun)
            if best is None or order(scores) > order(best):
                best = scores
    return best


def order(scores: Scores) -> tuple[object, ...]:
    changes = -(scores.changes or 0)
    return changes, scores.guaranteed, scores.company_minimum, scores.preferences


def _schedules(
    day: Day, student_id: str, past: Sequence[Meeting]
) -> Iterator[list[tuple[int, str, str]]]:
    """Yield what one student may do later, nobody else looked at."""
    first, last = day.begun.first_open(day.event.window), len(day.event.window.slots)
    choices = [(None, *range(first, last)) for _ in day.event.companies]
    for slots in product(*choices):
        later = [
            (slot, student_id, company.company_id)
            for slot, company in zip(slots, day.event.companies, strict=True)
            if slot is not None
        ]
        alone = seated(day, later)
        pinned = {d.student_id for d in day.event.decisions if d.kind is DecisionKind.PIN}
        if alone is not None and (pinned or not violations(day.event, alone, day.begun)):
            yield later


def seated(day: Day, later: Sequence[tuple[int, str, str]]) -> Timetable | None:
    """Past meetings and these, each at the first table with a seat; None without one."""
    places = {place.company_id: place for place in day.begun.timetable.places}
    firms = {company.company_id: company for company in day.event.companies}
    sitting: Counter[tuple[int, str]] = Counter()
    meetings = list(day.begun.past(day.event.window))
    for slot, student_id, company_id in later:
        place, company = places[CompanyId(company_id)], firms[CompanyId(company_id)]
        number = sitting[slot, company_id]
        if number >= company.capacity:
            return None
        sitting[slot, company_id] += 1
        table = place.first_table + number // company.seats
        meetings.append(
            Meeting(slot, place.room_id, table, student_id, place.company_id)  # type: ignore[arg-type]  # ids as text
        )
    return Timetable(tuple(meetings), day.begun.timetable.places)

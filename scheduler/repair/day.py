"""The event as it is for the rest of the day: changes applied, past meetings fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scheduler.errors import InvalidEventError, Problem
from scheduler.model import (
    Absence,
    Begun,
    Change,
    ChangeKind,
    CompanyId,
    Decision,
    DecisionKind,
    Event,
    Meeting,
    PersonKind,
    Slot,
    StudentId,
    Timetable,
)
from scheduler.model.presence import Presence
from scheduler.repair.places import places_of, settle, with_tables
from scheduler.sentence import Sentence, say
from scheduler.validation import require_valid
from scheduler.validation.changes import check_changes
from scheduler.verify import once_per_pair, one_place_at_a_time, violations


@dataclass(frozen=True, slots=True)
class Cause:
    """A change that takes meetings away: whose, between which minutes, and why in plain words.

    ``company_id`` is None where it is about all meetings of the person.
    """

    kind: PersonKind
    person_id: str
    company_id: CompanyId | None
    start_min: int
    end_min: int
    reason: Sentence

    def hits(self, student_id: StudentId, company_id: CompanyId, slot: Slot) -> bool:
        """Whether a meeting of the pair in the slot cannot be because of it."""
        person = student_id if self.kind is PersonKind.STUDENT else company_id
        is_about = person == self.person_id and self.company_id in (None, company_id)
        return is_about and self.start_min < slot.end_min and slot.start_min < self.end_min


@dataclass(frozen=True, slots=True)
class Day:
    """What a repair works on.

    Parameters
    ----------
    event
        With the changes, from now on; pins that are met or that a change makes impossible are gone.
    begun
        The timetable so far with every company's place, and the time now.
    causes
        What the changes take away.
    fewer_tables
        Companies that lost tables.
    """

    event: Event
    begun: Begun
    causes: tuple[Cause, ...] = ()
    fewer_tables: frozenset[CompanyId] = frozenset()

    def cause(self, meeting: Meeting) -> Cause | None:
        """The change that makes a later meeting impossible, if one does."""
        slot = self.event.window.slots[meeting.slot]
        pair = meeting.student_id, meeting.company_id
        return next((cause for cause in self.causes if cause.hits(*pair, slot)), None)


def begin(event: Event, timetable: Timetable, changes: Sequence[Change], *, now_min: int) -> Day:
    """Apply changes to an event whose day has begun.

    Parameters
    ----------
    event
        As it is now; people who came late are in it.
    timetable
        That people follow.
    now_min
        Minutes since the window opens; below 0 before the day.

    Raises
    ------
    InvalidEventError
        Problems of the event, the changes, pins that the day has passed by, a past in which
        somebody is in two places, and companies for which there are no tables.
    """
    require_valid(event)
    problems = check_changes(event, changes)
    if problems:
        raise InvalidEventError(problems)
    causes = tuple(_causes(event, changes, now_min))
    sizes = {company.company_id: company.tables for company in event.companies}
    counts = {
        CompanyId(change.person_id): change.count
        for change in changes
        if change.change is ChangeKind.TABLES and change.count is not None
    }
    changed = replace(
        with_tables(event, counts),
        absences=(*event.absences, *_absences(causes)),
        decisions=(*event.decisions, *_forbids(causes)),
    )
    begun = Begun(timetable, now_min)
    past = begun.past(event.window)
    changed = replace(changed, decisions=tuple(_decisions(event, changed, causes, begun)))
    places = places_of(event, changed, timetable)
    begun = Begun(Timetable(timetable.meetings, places), now_min)
    changed = settle(changed, timetable, places)
    problems = list(_broken_past(changed, past, begun))
    if problems:
        raise InvalidEventError(problems)
    fewer = frozenset(name for name, count in counts.items() if count < sizes[name])
    return Day(changed, begun, causes, fewer)


def still_possible(day: Day) -> tuple[Meeting, ...]:
    """The day's meetings without the later ones that its changes take away."""
    later = [meeting for meeting in day.begun.later(day.event.window) if day.cause(meeting) is None]
    return (*day.begun.past(day.event.window), *later)


def _causes(event: Event, changes: Sequence[Change], now_min: int) -> Iterator[Cause]:
    end = event.window.length_min
    now = max(0, now_min)
    for change in changes:
        time = change.time_min or 0
        start, stop = {
            ChangeKind.ABSENT: (now, end),
            ChangeKind.ARRIVES: (now, time),
            ChangeKind.LEAVES: (max(now, time), end),
            ChangeKind.FORBID: (now, end),
            ChangeKind.TABLES: (now, 0 if change.count else end),
        }[change.change]
        if start < stop:
            reason = _reason(event, change, now)
            yield Cause(change.kind, change.person_id, change.company_id, start, stop, reason)


def _reason(event: Event, change: Change, now: int) -> Sentence:
    time = event.clock(change.time_min or 0)
    is_student = change.kind is PersonKind.STUDENT
    if change.change is ChangeKind.ABSENT:
        since = event.clock(now)
        if is_student:
            return say("student absent from %(time)s", time=since)
        return say("company absent from %(time)s", time=since)
    if change.change is ChangeKind.ARRIVES:
        if is_student:
            return say("student not here before %(time)s", time=time)
        return say("company not here before %(time)s", time=time)
    if change.change is ChangeKind.LEAVES:
        if is_student:
            return say("student leaves at %(time)s", time=time)
        return say("company leaves at %(time)s", time=time)
    return say("table lost") if change.change is ChangeKind.TABLES else say("pair forbidden")


def _absences(causes: Sequence[Cause]) -> Iterator[Absence]:
    for cause in causes:
        if cause.company_id is None:
            yield Absence(cause.kind, cause.person_id, cause.start_min, cause.end_min)


def _forbids(causes: Sequence[Cause]) -> Iterator[Decision]:
    for cause in causes:
        if cause.company_id is not None:
            student_id = StudentId(cause.person_id)
            yield Decision(DecisionKind.FORBID, student_id, cause.company_id)


def _decisions(
    event: Event, changed: Event, causes: Sequence[Cause], begun: Begun
) -> Iterator[Decision]:
    """Yield the decisions that are still open.

    A pin that a change makes impossible gives way; one that the day has passed by is a problem.
    """
    before, after = Presence(event), Presence(changed)
    is_open = -1 << begun.first_open(event.window)
    slots = {slot.start_min: slot.index for slot in event.window.slots}
    met = {(m.student_id, m.company_id): m.slot for m in begun.past(event.window)}
    forbidden = {(d.student_id, d.company_id) for d in _forbids(causes)}
    problems = []
    for index, pin in enumerate(changed.decisions):
        pair = (pin.student_id, pin.company_id)
        if pin.kind is DecisionKind.FORBID:
            yield pin
            continue
        asked = -1 if pin.start_min is None else 1 << slots[pin.start_min]
        if pair in met and asked >> met[pair] & 1:
            continue
        was, now = (
            one.students[pin.student_id] & one.companies[pin.company_id] & is_open & asked
            for one in (before, after)
        )
        if pair in met or not was:
            problems.append(_passed_by(event, pin, index, met.get(pair)))
        elif now and pair not in forbidden:
            yield pin
    if problems:
        raise InvalidEventError(problems)


def _passed_by(event: Event, pin: Decision, index: int, met: int | None) -> Problem:
    students = {student.student_id: student.name for student in event.students}
    companies = {company.company_id: company.name for company in event.companies}
    names = say(
        "%(student)s and %(company)s",
        student=students[pin.student_id],
        company=companies[pin.company_id],
    )
    pinned = say("%(names)s are pinned", names=names)
    if pin.start_min is not None:
        time = event.clock(pin.start_min)
        pinned = say("%(names)s are pinned at %(time)s", names=names, time=time)
    if met is not None:
        start = event.clock(event.window.slots[met].start_min)
        reason = say("%(pinned)s, but have met at %(time)s already", pinned=pinned, time=start)
    else:
        reason = say("%(pinned)s, which cannot be any more", pinned=pinned)
    return Problem(
        "decisions", reason, say("drop the pin"), index, "start", subject=str(pin.student_id)
    )


def _broken_past(event: Event, past: Sequence[Meeting], begun: Begun) -> Iterator[Problem]:
    """Yield what nobody can have done, and tables that two companies would share."""
    gone = Timetable(tuple(past), begun.timetable.places)
    found = [*one_place_at_a_time(event, gone), *once_per_pair(event, gone)]
    found += [v for v in violations(event, gone, begun) if v.rule != "pins"]
    for violation in found:
        yield Problem("timetable", violation.message, say("correct the timetable"))

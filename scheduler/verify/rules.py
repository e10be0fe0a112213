"""The rules of a timetable: one function each, of the rule's name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from operator import attrgetter

from scheduler.model import (
    CompanyId,
    DecisionKind,
    Event,
    Meeting,
    Room,
    Slot,
    StudentId,
    Timetable,
)
from scheduler.sentence import Sentence, counted, listed, say
from scheduler.verify.names import Names
from scheduler.verify.pairs import eligible, presence
from scheduler.verify.rooms import room_faults
from scheduler.verify.violation import Violation, of_meeting


def one_place_at_a_time(event: Event, timetable: Timetable) -> Iterator[Violation]:
    """Yield a violation where a student has two meetings in one slot."""
    names = Names(event)
    for meetings in _repeated(timetable, attrgetter("student_id", "slot")):
        student_id, slot = meetings[0].student_id, meetings[0].slot
        places = listed(
            say(
                "%(company)s in %(room)s",
                company=names.company(m.company_id),
                room=names.room(m.room_id),
            )
            for m in meetings
        )
        yield Violation(
            "one_place_at_a_time",
            say(
                "%(student)s has %(count)s meetings at %(time)s: %(places)s; at most 1 at a time",
                student=names.student(student_id),
                count=len(meetings),
                time=names.time(slot),
                places=places,
            ),
            student_id,
            None,
            slot,
        )


def seats(event: Event, timetable: Timetable) -> Iterator[Violation]:
    """Yield a violation where more students sit at a table than it has seats."""
    names = Names(event)
    sitting = Counter((m.company_id, m.room_id, m.table, m.slot) for m in timetable.meetings)
    for (company_id, room_id, table, slot), students in sitting.items():
        company = names.companies.get(company_id)
        if company is not None and students > company.seats:
            yield Violation(
                "seats",
                say(
                    "%(company)s, table %(table)s in %(room)s at %(time)s: %(students)s, "
                    "%(seats)s at the table",
                    company=names.company(company_id),
                    table=table,
                    room=names.room(room_id),
                    time=names.time(slot),
                    students=counted(students, "%(num)s student", "%(num)s students"),
                    seats=counted(company.seats, "%(num)s seat", "%(num)s seats"),
                ),
                None,
                company_id,
                slot,
            )


def room_capacity(event: Event, timetable: Timetable) -> Iterator[Violation]:
    """Yield a violation where a room seats more students in a slot than its capacity."""
    names = Names(event)
    seated = Counter((m.room_id, m.slot) for m in timetable.meetings)
    for (room_id, slot), students in seated.items():
        room = names.rooms.get(room_id)
        if room is not None and room.capacity is not None and students > room.capacity:
            yield Violation(
                "room_capacity",
                say(
                    "%(room)s at %(time)s: %(students)s seated, capacity %(capacity)s",
                    room=names.room(room_id),
                    time=names.time(slot),
                    students=counted(students, "%(num)s student", "%(num)s students"),
                    capacity=room.capacity,
                ),
                None,
                None,
                slot,
            )


def room_tables(event: Event, timetable: Timetable) -> Iterator[Violation]:
    """Yield a violation where companies do not stand together in one room without overlap.

    A timetable without places breaks the rule when there are none that fit its meetings.
    """
    for company_id, message in room_faults(Names(event), timetable):
        yield Violation("room_tables", message, None, company_id)


def once_per_pair(event: Event, timetable: Timetable) -> Iterator[Violation]:
    """Yield a violation where a student meets a company more than once."""
    names = Names(event)
    for meetings in _repeated(timetable, attrgetter("student_id", "company_id")):
        first, second = meetings[:2]
        times = listed(
            say("%(time)s in %(room)s", time=names.time(m.slot), room=names.room(m.room_id))
            for m in meetings
        )
        text = say(
            "%(student)s meets %(company)s %(count)s times (%(times)s); at most once",
            student=names.student(first.student_id),
            company=names.company(first.company_id),
            count=len(meetings),
            times=times,
        )
        yield of_meeting(second, "once_per_pair", text)


def max_meetings(event: Event, timetable: Timetable) -> Iterator[Violation]:
    """Yield a violation for a person with more meetings than the maximum.

    For a student the smaller of the two maxima holds, the event's and the student's own.
    """
    names = Names(event)
    by_student = Counter(m.student_id for m in timetable.meetings)
    for student_id, count in by_student.items():
        limit = event.rules.max_meetings_per_student
        student = names.students.get(student_id)
        if student is not None and student.max_meetings is not None:
            limit = min(limit, student.max_meetings)
        if count > limit:
            text = _too_many(names.student(student_id), count, limit)
            yield Violation("max_meetings", text, student_id)
    by_company = Counter(m.company_id for m in timetable.meetings)
    for company_id, count in by_company.items():
        company = names.companies.get(company_id)
        if company is None or company.max_meetings is None or count <= company.max_meetings:
            continue
        text = _too_many(names.company(company_id), count, company.max_meetings)
        yield Violation("max_meetings", text, None, company_id)


def _too_many(who: Sentence, count: int, limit: int) -> Sentence:
    return counted(
        count,
        "%(who)s has %(num)s meeting, at most %(limit)s",
        "%(who)s has %(num)s meetings, at most %(limit)s",
        who=who,
        limit=limit,
    )


def pins(event: Event, timetable: Timetable) -> Iterator[Violation]:
    """Yield a violation for a pin whose meeting is missing, or not at the pin's time."""
    names = Names(event)
    starts: dict[tuple[StudentId, CompanyId], set[int]] = defaultdict(set)
    for meeting in timetable.meetings:
        slot = names.slot(meeting.slot)
        if slot is not None:
            starts[meeting.student_id, meeting.company_id].add(slot.start_min)
    for pin in event.decisions:
        if pin.kind is not DecisionKind.PIN:
            continue
        held = starts.get((pin.student_id, pin.company_id), set())
        if pin.start_min in held or (pin.start_min is None and held):
            continue
        values = {
            "student": names.student(pin.student_id),
            "company": names.company(pin.company_id),
            "found": ", ".join(event.clock(start) for start in sorted(held)) or say("not at all"),
        }
        text = say("%(student)s must meet %(company)s (pinned), but meets it %(found)s", **values)
        if pin.start_min is not None:
            text = say(
                "%(student)s must meet %(company)s at %(time)s (pinned), but meets it %(found)s",
                time=event.clock(pin.start_min),
                **values,
            )
        yield Violation(
            "pins",
            text,
            pin.student_id,
            pin.company_id,
        )


def walking_time(event: Event, timetable: Timetable) -> Iterator[Violation]:
    """Yield a violation where a student has too little time between meetings in two buildings."""
    needed = event.rules.building_change_min
    if needed <= 0 or len({room.building for room in event.rooms}) < 2:
        return
    names = Names(event)
    visits: dict[StudentId, list[tuple[Slot, Room, Meeting]]] = defaultdict(list)
    for meeting in timetable.meetings:
        slot, room = names.slot(meeting.slot), names.rooms.get(meeting.room_id)
        if slot is not None and room is not None:
            visits[meeting.student_id].append((slot, room, meeting))
    for student_id, visited in visits.items():
        for (before, room, first), (after, other, second) in combinations(visited, 2):
            gap = after.start_min - before.end_min
            if room.building == other.building or before == after or gap >= needed:
                continue
            yield Violation(
                "walking_time",
                say(
                    "%(student)s ends with %(company)s in %(room)s at %(end)s and begins with "
                    "%(next)s in %(other)s, another building, at %(start)s: %(gap)s min, "
                    "%(needed)s needed",
                    student=names.student(student_id),
                    company=names.company(first.company_id),
                    room=names.room(first.room_id),
                    end=event.clock(before.end_min),
                    next=names.company(second.company_id),
                    other=names.room(second.room_id),
                    start=event.clock(after.start_min),
                    gap=gap,
                    needed=needed,
                ),
                student_id,
                second.company_id,
                second.slot,
            )


def max_in_a_row(event: Event, timetable: Timetable) -> Iterator[Violation]:
    """Yield a violation for a student's row of slots without a free one that is too long.

    An event break between two slots ends a row.
    """
    limit = event.rules.max_in_a_row
    if limit <= 0:
        return
    names = Names(event)
    busy: dict[StudentId, set[int]] = defaultdict(set)
    for meeting in timetable.meetings:
        if names.slot(meeting.slot) is not None:
            busy[meeting.student_id].add(meeting.slot)
    row_ends = {t for t in range(len(names.slots) - 1) if event.window.has_break_after(t)}
    for student_id, slots in busy.items():
        row: list[int] = []
        for slot in sorted(slots):
            row = [*row, slot] if slot - 1 in row and slot - 1 not in row_ends else [slot]
            goes_on = slot + 1 in slots and slot not in row_ends
            if len(row) > limit and not goes_on:
                text = say(
                    "%(student)s has %(count)s meetings in a row from %(start)s to %(end)s, at "
                    "most %(limit)s",
                    student=names.student(student_id),
                    count=len(row),
                    start=names.time(row[0]),
                    end=names.time(slot),
                    limit=limit,
                )
                yield Violation("max_in_a_row", text, student_id, None, row[limit])


RULES: tuple[Callable[[Event, Timetable], Iterator[Violation]], ...] = (
    one_place_at_a_time,
    seats,
    room_capacity,
    room_tables,
    presence,
    once_per_pair,
    eligible,
    max_meetings,
    pins,
    walking_time,
    max_in_a_row,
)
"""Every rule of a timetable; a function's name is the rule's name."""

OF_A_DAY = (once_per_pair, max_meetings, pins, walking_time, max_in_a_row)
"""Rules about several meetings of one person, past and later ones."""


def _repeated(
    timetable: Timetable, key: Callable[[Meeting], tuple[object, ...]]
) -> Iterable[list[Meeting]]:
    """Meetings that share a key, in groups of two or more."""
    counts = Counter(map(key, timetable.meetings))
    groups: dict[tuple[object, ...], list[Meeting]] = defaultdict(list)
    if len(counts) < len(timetable.meetings):
        for meeting in timetable.meetings:
            if counts[key(meeting)] > 1:
                groups[key(meeting)].append(meeting)
    return groups.values()

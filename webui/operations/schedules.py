"""A student's part of the published timetable: meetings, what they missed, the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.importers.columns import COMPANIES, ROOMS, STUDENTS
from scheduler.model import CompanyId, Event, Preference, StudentId, Timetable
from webui.operations.answering import own_rows
from webui.operations.log import NotFoundError
from webui.operations.offers import profile_event
from webui.operations.versions import as_published, published
from webui.operations.wishes import ranking_of
from webui.store import (
    CompanyRow,
    Database,
    EventRow,
    MeetingRow,
    PreferenceRow,
    RoomRow,
    StudentRow,
    Version,
)
from webui.store.exchange import rows_of, value_of
from webui.store.meetings import read_meetings, students_by_id


@dataclass(frozen=True, slots=True)
class Appointment:
    """One meeting of a student; moments are in the event's zone."""

    starts: dt.datetime
    ends: dt.datetime
    room: str
    building: str
    table: int
    company_pk: int
    company: str
    positions: str
    website: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A student's meetings in the published version, in order of time."""

    student: StudentRow
    event: EventRow
    version: int
    timetable_pk: int
    published_at: dt.datetime
    appointments: tuple[Appointment, ...]


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A meeting for a calendar; one that is no more is cancelled."""

    appointment: Appointment
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """Every meeting a student has or had; ``sequence`` grows with each publishing."""

    student: StudentRow
    event: EventRow
    sequence: int
    changed_at: dt.datetime
    entries: tuple[CalendarEntry, ...]


def moment_of(event: EventRow, minute: int) -> dt.datetime:
    """The moment of a minute after local midnight, as clocks show it that day."""
    at = dt.time(minute // 60 % 24, minute % 60)
    day = event.date + dt.timedelta(days=minute // (24 * 60))
    return dt.datetime.combine(day, at, tzinfo=ZoneInfo(event.timezone))


def schedule_of(database: Database, student_pk: int) -> Schedule | None:
    """A student's schedule; None while nothing is published. Three queries."""
    with database.reading() as session:
        student, event = own_rows(session, student_pk)
        version = published(session, event.id)
        if version is None:
            return None
        event = as_published(event, version)
        found = appointments_in(session, {version.timetable_id: event}, student_pk)
        return Schedule(
            student,
            event,
            version.number,
            version.timetable_id,
            version.published_at,
            tuple(appointment for _, appointment in found),
        )


def appointments_in(
    session: Session, events: Mapping[int, EventRow], student_pk: int
) -> list[tuple[int, Appointment]]:
    """Meetings of a student with the timetable of each, in order of time.

    Parameters
    ----------
    events
        The event as each timetable was published, by the timetable's row.
    """
    found = session.execute(
        select(MeetingRow, CompanyRow, RoomRow, PreferenceRow.rank)
        .join(CompanyRow, CompanyRow.id == MeetingRow.company_pk)
        .outerjoin(
            RoomRow,
            (RoomRow.event_id == CompanyRow.event_id) & (RoomRow.room_id == MeetingRow.room_id),
        )
        .outerjoin(
            PreferenceRow,
            (PreferenceRow.student_pk == MeetingRow.student_pk)
            & (PreferenceRow.company_pk == MeetingRow.company_pk),
        )
        .where(MeetingRow.student_pk == student_pk, MeetingRow.timetable_id.in_(tuple(events)))
        .order_by(MeetingRow.start_min)
    )
    return [
        (own[0].timetable_id, appointment_of(events[own[0].timetable_id], *own)) for own in found
    ]


def appointment_of(
    event: EventRow,
    meeting: MeetingRow,
    company: CompanyRow,
    room: RoomRow | None,
    rank: int | None,
) -> Appointment:
    """A meeting's row as a student reads it."""
    return Appointment(
        moment_of(event, meeting.start_min),
        moment_of(event, meeting.start_min + event.slot_min),
        (room.name or room.room_id) if room else meeting.room_id,
        room.building if room else "",
        meeting.table,
        company.id,
        company.name,
        company.positions,
        company.website,
        rank,
    )


def calendar_of(database: Database, student_pk: int) -> Calendar:
    """Every meeting of every version, those that are no more as cancelled.

    Raises
    ------
    NotFoundError
        Nothing was ever published.
    """
    with database.reading() as session:
        student, event = own_rows(session, student_pk)
        versions = session.scalars(
            select(Version).where(Version.event_id == event.id).order_by(Version.number)
        ).all()
        if not versions:
            raise NotFoundError
        numbers = {own.timetable_id: own.number for own in versions}
        then = {own.timetable_id: as_published(event, own) for own in versions}
        found = appointments_in(session, then, student_pk)
    last = versions[-1]
    latest: dict[int, tuple[int, Appointment]] = {}
    for timetable, appointment in found:
        known = latest.get(appointment.company_pk)
        if known is None or known[0] < numbers[timetable]:
            latest[appointment.company_pk] = (numbers[timetable], appointment)
    current = None if last.withdrawn_at else last.number
    entries = [
        CalendarEntry(appointment, number != current) for number, appointment in latest.values()
    ]
    entries.sort(key=lambda own: own.appointment.starts)
    # a version that was withdrawn comes after itself
    sequence = 2 * last.number + (last.withdrawn_at is not None)
    changed_at = last.withdrawn_at or last.published_at
    return Calendar(student, event, sequence, changed_at, tuple(entries))


def whole_timetable(database: Database, student_pk: int) -> tuple[Event, Timetable, str, int]:
    """The published timetable, the student's id in it and its version, for print.

    Returns
    -------
    Event
        Without the other students, who are many and do not stand on this paper.

    Raises
    ------
    NotFoundError
        Nothing is published.
    """
    with database.reading() as session:
        student, row = own_rows(session, student_pk)
        version = published(session, row.id)
        if version is None:
            raise NotFoundError
        row = as_published(row, version)
        opens = row.start_min
        companies = rows_of(session, CompanyRow, row.id)
        ids = {own.id: CompanyId(own.company_id) for own in companies}
        own_id = StudentId(student.student_id)
        alone = profile_event(
            row,
            value_of(STUDENTS, student, opens),
            [value_of(COMPANIES, own, opens) for own in companies],
        )
        event = replace(
            alone,
            rooms=tuple(value_of(ROOMS, own, opens) for own in rows_of(session, RoomRow, row.id)),
            preferences=tuple(
                Preference(own_id, ids[company_pk], rank)
                for rank, company_pk in enumerate(ranking_of(session, student_pk), 1)
            ),
        )
        students = students_by_id(session, row.id)
        timetable = read_meetings(
            session,
            version.timetable_id,
            event=event,
            students={StudentId(own): pk for own, pk in students.items()},
            companies={own_id: pk for pk, own_id in ids.items()},
        )
        return event, timetable, own_id, version.number

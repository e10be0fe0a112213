"""What a student's schedule changed with the version that is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from webui.operations.lost_meetings import lost_meetings
from webui.operations.schedules import Appointment, Schedule, appointment_of, appointments_in
from webui.operations.versions import as_published
from webui.store import CompanyRow, Database, MeetingRow, RoomRow, TimetableRow, Version


@dataclass(frozen=True, slots=True)
class Changes:
    """What the version before had elsewhere, had not, or had alone.

    Parameters
    ----------
    was
        Where a meeting that moved was, by the row of its company.
    new
        Rows of companies.
    gone
        In order of time.
    """

    was: Mapping[int, Appointment] = field(default_factory=dict)
    new: frozenset[int] = frozenset()
    gone: tuple[Appointment, ...] = ()


def changes_of(database: Database, schedule: Schedule) -> Changes:
    """Compare a schedule with the version before, and with what was deleted since; four queries.

    Who had no meeting before has nothing to be told of.
    """
    event, student_pk = schedule.event, schedule.student.id
    with database.reading() as session:
        asked = (
            select(Version, TimetableRow.created_at)
            .join(TimetableRow, TimetableRow.id == Version.timetable_id)
            .where(Version.event_id == event.id, Version.number <= schedule.version)
            .order_by(Version.number.desc())
            .limit(2)
        )
        last = list(session.execute(asked))
        events = {own.timetable_id: as_published(event, own) for own, _ in last}
        earlier = {pk: own for pk, own in events.items() if pk != schedule.timetable_pk}
        before = [own for _, own in appointments_in(session, earlier, student_pk)]
        lost = lost_meetings(session, event.id, events, since=min(made for _, made in last))
        asked_rooms = select(RoomRow).where(RoomRow.event_id == event.id)
        found = session.scalars(asked_rooms) if lost.meetings else ()
        rooms = {own.room_id: own for own in found}
    ended = {
        company: appointment_of(
            events[timetable],
            MeetingRow(start_min=start, room_id=room, table=table),
            CompanyRow(id=company, name=lost.companies[company], positions="", website=""),
            rooms.get(room),
            None,
        )
        for timetable, student, company, start, room, table in lost.meetings
        if student == student_pk and company in lost.companies
    }
    return _compared(schedule.appointments, before, list(ended.values()))


def _compared(
    now: tuple[Appointment, ...], before: list[Appointment], ended: list[Appointment]
) -> Changes:
    if not before and not ended:
        return Changes()
    old = {own.company_pk: own for own in before}
    met = {own.company_pk for own in now}
    was = {
        own.company_pk: old[own.company_pk]
        for own in now
        if own.company_pk in old and _spot(old[own.company_pk]) != _spot(own)
    }
    gone = [own for own in (*before, *ended) if own.company_pk not in met]
    return Changes(
        was, frozenset(met - old.keys()), tuple(sorted(gone, key=lambda own: own.starts))
    )


def _spot(own: Appointment) -> tuple[object, ...]:
    return own.starts, own.room, own.building, own.table

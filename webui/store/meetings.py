"""Timetables to rows and back."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from scheduler.model import (
    CompanyId,
    Event,
    Meeting,
    Place,
    RoomId,
    StudentId,
    Timetable,
)
from webui.store.events import CompanyRow, StudentRow
from webui.store.timetables import MeetingRow, PlaceRow


def write_meetings(
    session: Session, timetable_pk: int, event: Event, event_pk: int, timetable: Timetable
) -> None:
    """Store the meetings and places of a timetable, in the place of those it had."""
    students = students_by_id(session, event_pk)
    companies = companies_by_id(session, event_pk)
    slots = event.window.slots
    session.execute(delete(MeetingRow).where(MeetingRow.timetable_id == timetable_pk))
    session.execute(delete(PlaceRow).where(PlaceRow.timetable_id == timetable_pk))
    if timetable.meetings:
        session.execute(
            insert(MeetingRow),
            [
                {
                    "timetable_id": timetable_pk,
                    "start_min": slots[meeting.slot].start_min + event.opens_min,
                    "room_id": meeting.room_id,
                    "table": meeting.table,
                    "student_pk": students[meeting.student_id],
                    "company_pk": companies[meeting.company_id],
                }
                for meeting in timetable.meetings
            ],
        )
    if timetable.places:
        session.execute(
            insert(PlaceRow),
            [
                {
                    "timetable_id": timetable_pk,
                    "company_pk": companies[place.company_id],
                    "room_id": place.room_id,
                    "first_table": place.first_table,
                }
                for place in timetable.places
            ],
        )


def students_by_id(session: Session, event_pk: int) -> dict[str, int]:
    """Rows of an event's students by their ids."""
    asked = select(StudentRow.student_id, StudentRow.id).where(StudentRow.event_id == event_pk)
    return {own_id: pk for own_id, pk in session.execute(asked)}  # noqa: C416  # typed rows


def companies_by_id(session: Session, event_pk: int) -> dict[str, int]:
    """Rows of an event's companies by their ids."""
    asked = select(CompanyRow.company_id, CompanyRow.id).where(CompanyRow.event_id == event_pk)
    return {own_id: pk for own_id, pk in session.execute(asked)}  # noqa: C416  # typed rows


def read_meetings(
    session: Session,
    timetable_pk: int,
    *,
    event: Event,
    students: Mapping[StudentId, int],
    companies: Mapping[CompanyId, int],
) -> Timetable:
    """Make the engine's timetable of stored rows.

    Parameters
    ----------
    students, companies
        Rows of everybody of the event, by their ids.

    Raises
    ------
    LookupError
        A meeting begins when no slot of the event does: its window was changed since.
    """
    slot_at = {slot.start_min + event.opens_min: slot.index for slot in event.window.slots}
    stored = MeetingRow.__table__.c  # plain columns and no join: thousands of rows
    found = session.execute(
        select(stored.start_min, stored.room_id, stored.table, stored.student_pk, stored.company_pk)
        .where(stored.timetable_id == timetable_pk)
        .order_by(stored.id)
    ).all()
    strays = sorted({row[0] for row in found} - slot_at.keys())
    if strays:
        raise LookupError(f"no slot begins at minute {strays[0]}")
    student_ids = {pk: own for own, pk in students.items()}
    company_ids = {pk: own for own, pk in companies.items()}
    places = session.execute(
        select(CompanyRow.company_id, PlaceRow.room_id, PlaceRow.first_table)
        .join(CompanyRow, CompanyRow.id == PlaceRow.company_pk)
        .where(PlaceRow.timetable_id == timetable_pk)
        .order_by(CompanyRow.position, CompanyRow.id)
    )
    return Timetable(
        tuple(
            Meeting(slot_at[start], room, table, student_ids[student], company_ids[company])
            for start, room, table, student, company in found
        ),
        tuple(Place(CompanyId(company), RoomId(room), first) for company, room, first in places),
    )

"""Rows of the lists deleted, and what goes with them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webui.operations import events, removing
from webui.operations.editing import move_companies, require_fresh
from webui.operations.log import Actor, record
from webui.operations.people import REFERENCES
from webui.store import (
    AbsenceRow,
    CompanyRow,
    Database,
    DecisionRow,
    MeetingRow,
    PreferenceRow,
    Removed,
    RoomRow,
    ShortlistRow,
    StudentRow,
    TimetableRow,
    Version,
)
from webui.store.exchange import LISTS


def what_is_lost(database: Database, *, event_pk: int, name: str, pk: int) -> dict[str, int]:
    """Count what goes with a row when it is deleted; only what there is."""
    if name not in ("students", "companies", "rooms"):
        return {}
    with database.reading() as session:
        if name == "rooms":
            asked = (
                select(func.count(CompanyRow.id))
                .join(RoomRow, RoomRow.room_id == CompanyRow.room_id)
                .where(CompanyRow.event_id == event_pk, RoomRow.id == pk)
            )
            counts = {"companies": session.scalar(asked) or 0}
        else:
            column = "student_pk" if name == "students" else "company_pk"
            kinds: dict[str, Any] = {
                "wishes": PreferenceRow,
                "shortlist": ShortlistRow,
                "unavailable": AbsenceRow,
                "decisions": DecisionRow,
            }
            counts = {
                own: session.scalar(select(func.count()).where(getattr(kind, column) == pk)) or 0
                for own, kind in kinds.items()
            }
            meetings = select(func.count(MeetingRow.id)).where(getattr(MeetingRow, column) == pk)
            published = meetings.join(Version, Version.timetable_id == MeetingRow.timetable_id)
            counts["meetings"] = (
                session.scalar(published.where(Version.withdrawn_at.is_(None))) or 0
            )
            working = meetings.join(TimetableRow, TimetableRow.id == MeetingRow.timetable_id)
            counts["working"] = session.scalar(working.where(TimetableRow.is_working)) or 0
    return {own: count for own, count in counts.items() if count}


def delete_row(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_pk: int,
    name: str,
    pk: int,
    was: str,
    title: str = "",
) -> int:
    """Delete a row with everything that refers to it, and keep it aside.

    Parameters
    ----------
    title
        What the row is called where it can be brought back.

    Returns
    -------
    int
        What brings it back: `removing.bring_back`.

    Raises
    ------
    StaleError
        The row was changed since it was shown.
    """

    def remove() -> int:
        with database.writing() as session:
            line = require_fresh(session, event_pk, name, pk, was)
            kind, pks = _rows_of(session, name, pk)
            room_id = line.cells["room_id"] if name == "rooms" else None
            inside = select(CompanyRow.id).where(
                CompanyRow.event_id == event_pk, CompanyRow.room_id == room_id
            )
            companies = list(session.scalars(inside)) if room_id is not None else []
            removed = Removed(
                event_id=event_pk,
                list_name=name,
                title=room_id or title,
                removed_at=now,
                removed_by=actor.id,
            )
            number = removing.put_aside(
                session, removed, table=kind.__table__, pks=pks, companies=companies
            )
            if room_id is not None:
                move_companies(session, event_pk, room_id, None)
            if name == "wishes":
                session.get_one(StudentRow, pk).revision += 1
            session.execute(delete(kind).where(kind.id.in_(pks), kind.event_id == event_pk))
            events.touch(session, event_pk)
            record(session, actor, now, f"{name}.delete", event_id=event_pk, row=pk)
            return number

    return database.again(remove)


def _rows_of(session: Session, name: str, pk: int) -> tuple[Any, list[int]]:
    """The kind of the rows that are deleted, and which; the wishes of a student are many."""
    if name == "wishes":
        asked = select(PreferenceRow.id).where(PreferenceRow.student_pk == pk)
        return PreferenceRow, list(session.scalars(asked))
    return (LISTS[name] if name in LISTS else REFERENCES[name])[1], [pk]

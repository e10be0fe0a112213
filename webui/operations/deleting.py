"""Rows of the lists deleted, and what goes with them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, func, select

from webui.operations import events
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
    RoomRow,
    ShortlistRow,
    StudentRow,
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
            published = (
                select(func.count())
                .select_from(MeetingRow)
                .join(Version, Version.timetable_id == MeetingRow.timetable_id)
                .where(getattr(MeetingRow, column) == pk, Version.withdrawn_at.is_(None))
            )
            counts["meetings"] = session.scalar(published) or 0
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
) -> None:
    """Delete a row with everything that refers to it.

    Raises
    ------
    StaleError
        The row was changed since it was shown.
    """

    def remove() -> None:
        with database.writing() as session:
            line = require_fresh(session, event_pk, name, pk, was)
            if name == "wishes":
                session.execute(delete(PreferenceRow).where(PreferenceRow.student_pk == pk))
                session.get_one(StudentRow, pk).revision += 1
            else:
                kind: Any = LISTS[name][1] if name in LISTS else REFERENCES[name][1]
                if name == "rooms":
                    move_companies(session, event_pk, line.cells["room_id"], None)
                session.execute(delete(kind).where(kind.id == pk, kind.event_id == event_pk))
            events.touch(session, event_pk)
            record(session, actor, now, f"{name}.delete", event_id=event_pk, row=pk)

    database.again(remove)

"""An event that was never published, deleted whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from webui.operations.log import Actor, NotFoundError, RefusedError, record
from webui.operations.queue import ACTIVE
from webui.store import (
    CompanyRow,
    Cv,
    Database,
    EventRow,
    Job,
    PersonalLink,
    PreferenceRow,
    RoomRow,
    StudentRow,
    TimetableRow,
    Version,
)

OF_EVENT: Mapping[str, Any] = {
    "companies": CompanyRow,
    "students": StudentRow,
    "rooms": RoomRow,
    "wishes": PreferenceRow,
    "timetables": TimetableRow,
}
OF_STUDENTS: Mapping[str, Any] = {"links": PersonalLink, "cvs": Cv}


@dataclass(frozen=True, slots=True)
class WhatGoes:
    """What goes with an event; ``answered`` are students who wrote something themselves."""

    was_published: bool
    counts: Mapping[str, int]
    answered: int


def what_goes(database: Database, event_pk: int) -> WhatGoes:
    """Look at what would be deleted with an event, and whether it may be."""
    with database.reading() as session:
        counts = _counts(session, event_pk)
        answered = select(func.count(StudentRow.id)).where(
            StudentRow.event_id == event_pk, StudentRow.answered_at.is_not(None)
        )
        return WhatGoes(_was_published(session, event_pk), counts, session.scalar(answered) or 0)


def _counts(session: Session, event_pk: int) -> dict[str, int]:
    asked = {
        name: select(func.count(kind.id)).where(kind.event_id == event_pk)
        for name, kind in OF_EVENT.items()
    } | {
        name: select(func.count(kind.id))
        .join(StudentRow, StudentRow.id == kind.student_pk)
        .where(StudentRow.event_id == event_pk)
        for name, kind in OF_STUDENTS.items()
    }
    return {name: session.scalar(own) or 0 for name, own in asked.items()}


def _was_published(session: Session, event_pk: int) -> bool:
    return bool(session.scalar(select(exists().where(Version.event_id == event_pk))))


def delete_event(
    database: Database, actor: Actor, now: dt.datetime, *, event_pk: int, typed: str
) -> None:
    """Delete an event with everything in it, for good.

    Parameters
    ----------
    typed
        The event's key, as whoever deletes it has typed it.

    Raises
    ------
    RefusedError
        It was published once, a job of it runs, or something else was typed.
    """

    def remove() -> None:
        with database.writing() as session:
            row = session.get(EventRow, event_pk, with_for_update=True)
            if row is None:
                raise NotFoundError
            if typed.strip() != row.key:
                raise RefusedError("Type %(key)s to delete this event.", field="key", key=row.key)
            if _was_published(session, event_pk):
                raise RefusedError("This event was published, so it can only be archived.")
            is_busy = exists().where(Job.event_id == event_pk, Job.state.in_(ACTIVE))
            if session.scalar(select(is_busy)):
                raise RefusedError("Something is being made of this event. Wait, or cancel it.")
            counts = _counts(session, event_pk)
            session.execute(delete(EventRow).where(EventRow.id == event_pk))
            record(session, actor, now, "event.delete", event=event_pk, **counts)

    database.again(remove)

"""Events: listed, created, settings changed, copied, archived."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.orm import Session

from scheduler.importers.columns import ROOMS
from scheduler.model import Event, Window
from scheduler.model.presence import most_seated
from webui.operations.accounts import Colleague
from webui.operations.log import Actor, NotFoundError, RefusedError, StaleError, record
from webui.operations.steps import Progress, progress_of_each
from webui.store import (
    CompanyRow,
    Database,
    EventRow,
    Membership,
    RoomRow,
    StudentRow,
)
from webui.store.exchange import read_companies, rows_of, value_of, window_of

KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of the list of events, with how far it is."""

    key: str
    name: str
    date: dt.date
    state: str
    companies: int
    students: int
    answered: int
    is_archived: bool
    progress: Progress


def event_of(database: Database, staff: Colleague, key: str) -> EventRow | None:
    """Find an event that this colleague may see."""
    asked = select(EventRow).where(EventRow.key == key, _is_given(staff))
    with database.reading() as session:
        return session.scalar(asked)


def _is_given(staff: Colleague) -> ColumnElement[bool]:
    """Whether an event is among those of a colleague; administrators see every one."""
    if staff.role == "administrator" or staff.sees_all:
        return true()
    return EventRow.id.in_(select(Membership.event_id).where(Membership.staff_id == staff.id))


def exists(database: Database, key: str) -> bool:
    """Whether there is an event with this key."""
    with database.reading() as session:
        return session.scalar(select(EventRow.id).where(EventRow.key == key)) is not None


def list_events(database: Database, staff: Colleague, now: dt.datetime) -> list[EventLine]:
    """Every event of a colleague, the next one first, archived ones last."""
    companies = _count(CompanyRow.id, CompanyRow.event_id)
    students = _count(StudentRow.id, StudentRow.event_id)
    answered = (
        select(func.count(StudentRow.id))
        .where(StudentRow.event_id == EventRow.id, StudentRow.answered_at.is_not(None))
        .scalar_subquery()
    )
    asked = select(EventRow, companies, students, answered).where(_is_given(staff))
    with database.reading() as session:
        found = session.execute(asked).all()
        progress = progress_of_each(session, [own[0] for own in found], now)
    lines = [
        EventLine(
            row.key,
            row.name,
            row.date,
            state_of(row, now, is_published=progress[row.id].is_published),
            n_companies,
            n_students,
            n_answered,
            row.archived_at is not None,
            progress[row.id],
        )
        for row, n_companies, n_students, n_answered in found
    ]
    today = now.date()
    return sorted(
        lines, key=lambda e: (e.is_archived, e.date < today, abs((e.date - today).days), e.key)
    )


def _count(counted: Any, event_id: Any) -> Any:
    return select(func.count(counted)).where(event_id == EventRow.id).scalar_subquery()


def state_of(row: EventRow, now: dt.datetime, *, is_published: bool) -> str:
    """Where an event stands: draft, collecting, closed, published or done."""
    if row.date < now.date():
        return "done"
    if is_published:
        return "published"
    if row.opens_at is not None and row.opens_at <= now:
        is_open = row.closes_at is None or now < row.closes_at
        return "collecting" if is_open else "closed"
    return "draft"


def create_event(
    database: Database, actor: Actor, now: dt.datetime, *, values: dict[str, Any]
) -> str:
    """Create an event from its settings; who creates it works on it.

    Parameters
    ----------
    values
        Columns of `EventRow`.

    Returns
    -------
    str
        Its key.

    Raises
    ------
    RefusedError
        The key is taken or has not the form of one.
    """
    key = str(values.get("key", ""))
    if not KEY.fullmatch(key):
        raise RefusedError("Short name: 1 to 64 small letters, digits and hyphens.", field="key")
    with database.writing() as session:
        if session.scalar(select(EventRow.id).where(EventRow.key == key)):
            raise RefusedError("There is already an event '%(key)s'.", field="key", key=key)
        row = EventRow(created_at=now, **values)
        session.add(row)
        session.flush()
        if actor.id is not None:
            session.add(Membership(event_id=row.id, staff_id=actor.id))
        record(session, actor, now, "event.create", event_id=row.id)
    return key


def change_event(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_pk: int,
    revision: int,
    values: dict[str, Any],
    was: str = "",
) -> None:
    """Change settings of an event.

    Parameters
    ----------
    was
        Digest of what the page showed: students' saves also count the revision up, and are no
        reason to refuse settings that nobody touched.

    Raises
    ------
    StaleError
        The event is not at ``revision`` any more, and these settings are others.
    """

    def change() -> None:
        with database.writing() as session:
            row, seen = session.get(EventRow, event_pk), revision
            if row is not None and was == settings_digest(row, values):
                seen = row.revision
            change_in(session, actor, now, event_pk=event_pk, revision=seen, values=values)

    database.again(change)  # students' answers change the same row


def settings_digest(row: EventRow, names: Iterable[str]) -> str:
    """Changes with any of these columns of an event."""
    values = {name: getattr(row, name) for name in names}
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def change_in(
    session: Session,
    actor: Actor,
    now: dt.datetime,
    *,
    event_pk: int,
    revision: int,
    values: dict[str, Any],
) -> None:
    """Change settings of an event within a transaction, as `change_event` does."""
    row = session.get(EventRow, event_pk)
    if row is None:
        raise NotFoundError
    if row.revision != revision:
        raise StaleError({name: getattr(row, name) for name in values})
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    record(session, actor, now, "event.change", event_id=row.id, fields=sorted(values))


def touch(session: Session, event_pk: int) -> None:
    """Count a change of an event within a transaction: results made before are of older input."""
    touched = session.execute(
        update(EventRow)
        .where(EventRow.id == event_pk)
        .values(revision=EventRow.revision + 1)
        .returning(EventRow.id)
    )
    if touched.scalar_one_or_none() is None:
        raise NotFoundError


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What fits: places against wishes and guarantees."""

    slots: int
    slot_min: int
    first: str
    last: str
    tables: int
    places: int
    students: int
    guarantee: int

    @property
    def guaranteed(self) -> int:
        """Meetings that the guarantee asks for."""
        return self.students * self.guarantee


def arithmetic(
    window: Window,
    opens_min: int,
    *,
    venue: Event,
    students: int,
    guarantee: int,
) -> Arithmetic:
    """Count the places of a window.

    Parameters
    ----------
    venue
        With its rooms and companies, and when those are away.
    """
    slots = window.slots
    tables = sum(own.tables for own in venue.companies)
    places = most_seated(replace(venue, window=window))

    def clock(minute: int) -> str:
        total = opens_min + minute
        return f"{total // 60:02d}:{total % 60:02d}"

    first = clock(slots[0].start_min) if slots else ""
    last = clock(slots[-1].end_min) if slots else ""
    return Arithmetic(len(slots), window.slot_min, first, last, tables, places, students, guarantee)


def venue_of(database: Database, event_pk: int) -> tuple[Event, int]:
    """The event with its rooms and companies alone, and how many students it has."""
    with database.reading() as session:
        row = session.get_one(EventRow, event_pk)
        companies, _pks, absences = read_companies(session, row)
        rooms = rows_of(session, RoomRow, event_pk)
        students = session.scalar(
            select(func.count(StudentRow.id)).where(StudentRow.event_id == event_pk)
        )
        venue = Event(
            event_id=row.key,
            name=row.name,
            date=row.date,
            timezone=row.timezone,
            opens_min=row.start_min,
            window=window_of(row),
            rooms=tuple(value_of(ROOMS, own, row.start_min) for own in rooms),
            companies=companies,
            students=(),
            preferences=(),
            absences=absences,
        )
    return venue, students or 0

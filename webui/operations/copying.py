"""Events copied from earlier ones, archived and brought back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from webui.operations.events import KEY
from webui.operations.log import Actor, NotFoundError, RefusedError, record
from webui.store import Database, EventRow, Membership, Removed
from webui.store.exchange import LISTS

PARTS = ("rooms", "companies", "students")
"""What can be copied besides the settings, which always are."""
SETTINGS = (
    "language",
    "timezone",
    "start_min",
    "end_min",
    "slot_min",
    "changeover_min",
    "breaks",
    "rules",
    "wish_limit",
    "retention_days",
)


def copy_event(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_pk: int,
    key: str,
    name: str,
    date: dt.date,
    parts: Collection[str],
) -> str:
    """Make an event of an earlier one: its settings, and the lists that are asked for.

    Parameters
    ----------
    parts
        Of `PARTS`. Students come as registered: without their answers, wishes and links.

    Returns
    -------
    str
        Its key.

    Raises
    ------
    RefusedError
        The key is taken or has not the form of one, or there is no name.
    """
    if not name.strip():
        raise RefusedError("Give the new event a name.", field="name")
    if not KEY.fullmatch(key):
        raise RefusedError("Short name: 1 to 64 small letters, digits and hyphens.", field="key")
    with database.writing() as session:
        old = session.get(EventRow, event_pk)
        if old is None:
            raise NotFoundError
        if session.scalar(select(EventRow.id).where(EventRow.key == key)):
            raise RefusedError("There is already an event '%(key)s'.", field="key", key=key)
        values = {column: getattr(old, column) for column in SETTINGS}
        new = EventRow(key=key, name=name.strip(), date=date, created_at=now, **values)
        session.add(new)
        session.flush()
        if actor.id is not None:
            session.add(Membership(event_id=new.id, staff_id=actor.id))
        counts = {
            part: _copy_list(session, part, old.id, new.id) for part in PARTS if part in parts
        }
        record(session, actor, now, "event.copy", event_id=new.id, copied_from=old.id, **counts)
    return key


def _copy_list(session: Session, name: str, old: int, new: int) -> int:
    table, kind = LISTS[name]
    columns = ["position", *(column.attribute or column.name for column in table.columns)]
    stored = kind.__table__
    rows: list[dict[str, Any]] = [
        {"event_id": new, **row}
        for row in session.execute(
            select(*(stored.c[column] for column in columns)).where(stored.c.event_id == old)
        ).mappings()
    ]
    if rows:
        session.execute(insert(kind), rows)
    return len(rows)


def copied_counts(database: Database, event_pk: int) -> Mapping[str, int]:
    """How many rows each part has that can be copied."""
    asked = [
        select(func.count()).where(kind.__table__.c.event_id == event_pk).scalar_subquery()
        for _table, kind in (LISTS[part] for part in PARTS)
    ]
    with database.reading() as session:
        return dict(zip(PARTS, session.execute(select(*asked)).one(), strict=True))


def archive(
    database: Database, actor: Actor, now: dt.datetime, *, event_pk: int, is_archived: bool
) -> None:
    """Put an event away, or bring it back; nothing of it changes."""

    def put() -> None:
        with database.writing() as session:
            row = session.get(EventRow, event_pk)
            if row is None:
                raise NotFoundError
            row.archived_at = now if is_archived else None
            if is_archived:  # what was deleted can be brought back only while the event is open
                session.execute(delete(Removed).where(Removed.event_id == event_pk))
            action = "event.archive" if is_archived else "event.unarchive"
            record(session, actor, now, action, event_id=event_pk)

    database.again(put)  # students' answers change the same row

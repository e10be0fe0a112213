"""A new event from its files; while its short name is taken the files wait for another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.model import Event
from webui.operations import uploads
from webui.operations.accounts import Colleague
from webui.operations.events import event_of
from webui.operations.importing import create_from
from webui.operations.log import NotFoundError
from webui.operations.looking import Files, look_through
from webui.store import Database, EventRow, Upload

LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Waiting:
    """Files of an event whose short name is taken.

    Parameters
    ----------
    key, name
        Of the event in the files.
    free
        A short name that nobody has.
    taken
        The event that has it, where this colleague may see it.
    """

    upload_id: int
    key: str
    name: str
    free: str
    taken: EventRow | None


def keep_waiting(database: Database, staff: Colleague, now: dt.datetime, *, files: Files) -> int:
    """Keep clean files of an event whose short name is taken; their number."""
    with database.writing() as session:
        return uploads.keep_in(session, staff.actor, now, event_pk=None, files=files)


def waiting(
    database: Database, staff: Colleague, now: dt.datetime, *, upload_id: int, key: str
) -> Waiting:
    """Look at files that wait for a short name.

    Parameters
    ----------
    key
        The short name that is taken.

    Raises
    ------
    NotFoundError
        There are none such of this colleague, or they have expired.
    """
    event = _event_of(database, staff, now, upload_id)
    with database.reading() as session:
        free = free_key(session, key)
    return Waiting(upload_id, key, event.name, free, event_of(database, staff, key))


def free_key(session: Session, key: str) -> str:
    """A short name that no event has: this one, or with the first number that is free."""
    taken = set(session.scalars(select(EventRow.key)))
    number, own = 1, key
    while own in taken:
        number += 1
        own = f"{key[: LONGEST_KEY - len(str(number)) - 1]}-{number}"
    return own


def create_waiting(
    database: Database, staff: Colleague, now: dt.datetime, *, upload_id: int, key: str
) -> None:
    """Create the event of files that waited, under a short name.

    Raises
    ------
    NotFoundError
        There are none such of this colleague.
    RefusedError
        There is an event of this short name, or it has not the form of one.
    """
    event = _event_of(database, staff, now, upload_id)
    create_from(database, staff.actor, now, replace(event, event_id=key))
    with database.writing() as session:
        session.delete(_upload_of(session, staff, now, upload_id))


def hand_over(
    database: Database, staff: Colleague, now: dt.datetime, *, upload_id: int, key: str
) -> int:
    """Keep files that waited for an event that exists, to be compared with it; their new number.

    Raises
    ------
    NotFoundError
        There are none such of this colleague, or no such event for them.
    """
    row = event_of(database, staff, key)
    if row is None:
        raise NotFoundError
    with database.writing() as session:
        upload = _upload_of(session, staff, now, upload_id)
        files = uploads.unpacked(upload.content)
        session.delete(upload)
        return uploads.keep_in(session, staff.actor, now, event_pk=row.id, files=files)


def _upload_of(session: Session, staff: Colleague, now: dt.datetime, upload_id: int) -> Upload:
    upload = session.get(Upload, upload_id)
    is_theirs = upload is not None and upload.event_id is None and upload.created_by == staff.id
    if upload is None or not is_theirs or upload.expires_at <= now:
        raise NotFoundError
    return upload


def _event_of(database: Database, staff: Colleague, now: dt.datetime, upload_id: int) -> Event:
    with database.reading() as session:
        content = _upload_of(session, staff, now, upload_id).content
    examined = look_through(uploads.unpacked(content), None).examined
    if examined is None:
        raise NotFoundError
    return examined.loaded.event

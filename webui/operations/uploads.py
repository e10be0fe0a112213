"""Uploaded files: kept until they are confirmed, compared with what is stored, forgotten."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.model import Event
from webui.operations.comparing import Comparison, compare, differing
from webui.operations.known import event_now, known_event
from webui.operations.log import Actor, NotFoundError, record
from webui.operations.looking import WORKBOOK, Files, Findings, columns_of, look_through
from webui.store import Database, StudentRow, Upload
from webui.store.exchange import LISTS

KEPT_FOR = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Preview:
    """A clean upload beside what is stored.

    Parameters
    ----------
    comparison
        Without what students entered themselves, which it names.
    overwriting
        Makes the same with it.
    """

    upload: Upload
    event: Event
    findings: Findings
    comparison: Comparison
    overwriting: Callable[[], Comparison]


def keep(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_pk: int,
    files: Files,
    workbook: str = WORKBOOK,
) -> tuple[int | None, Findings]:
    """Look through an upload and, when it is clean, keep it for the preview.

    Returns
    -------
    tuple
        The upload's number, None when there are problems; and what was found.

    Raises
    ------
    RefusedError
        As `look_through`.
    """
    stored = event_now(database, event_pk).event
    findings = look_through(files, stored, workbook=workbook)
    if not findings.is_clean:
        return None, findings
    with database.writing() as session:
        return keep_in(session, actor, now, event_pk=event_pk, files=files), findings


def keep_in(
    session: Session, actor: Actor, now: dt.datetime, *, event_pk: int | None, files: Files
) -> int:
    """Keep clean files within a transaction, instead of those kept before; their number.

    Parameters
    ----------
    event_pk
        None for an event that is still to be made of them.
    """
    session.execute(delete(Upload).where(Upload.expires_at <= now))
    is_for_it = Upload.event_id.is_(None) if event_pk is None else Upload.event_id == event_pk
    session.execute(delete(Upload).where(is_for_it, Upload.created_by == actor.id))
    upload = Upload(
        event_id=event_pk,
        created_by=actor.id,
        created_at=now,
        expires_at=now + KEPT_FOR,
        content=_packed(files),
    )
    session.add(upload)
    session.flush()
    record(
        session, actor, now, "upload.keep", event_id=event_pk, upload=upload.id, files=len(files)
    )
    return upload.id


def preview(database: Database, now: dt.datetime, *, event_pk: int, upload_id: int) -> Preview:
    """Compare a kept upload with what is stored now, as `preview_in` does."""
    with database.reading() as session:
        stored = known_event(database, session, event_pk).event
        return preview_in(session, now, stored, event_pk=event_pk, upload_id=upload_id)


def preview_in(
    session: Session, now: dt.datetime, stored: Event, *, event_pk: int, upload_id: int
) -> Preview:
    """Compare a kept upload with the event as it is stored, within a transaction.

    Raises
    ------
    NotFoundError
        There is no such upload, or it has expired.
    """
    upload = session.get(Upload, upload_id)
    if upload is None or upload.event_id != event_pk or upload.expires_at <= now:
        raise NotFoundError
    asked = select(StudentRow.student_id, StudentRow.entered).where(StudentRow.event_id == event_pk)
    entered = {own_id: own for own_id, own in session.execute(asked) if own}
    findings = look_through(unpacked(upload.content), stored)
    examined = findings.examined
    if examined is None:
        raise NotFoundError
    new = replace(examined.own(), event_id=stored.event_id)

    compared = partial(
        compare,
        stored,
        new,
        tables=examined.tables,
        columns=columns_of(examined),
        named={name: examined.added(name) for name in LISTS},
        rows=differing(stored, new, examined.tables),
    )
    return Preview(upload, new, findings, compared(entered=entered), partial(compared, entered={}))


def forget(
    database: Database, actor: Actor, now: dt.datetime, *, event_pk: int, upload_id: int
) -> None:
    """Drop a kept upload; nothing of it was stored.

    Raises
    ------
    NotFoundError
        There is no such upload.
    """
    with database.writing() as session:
        upload = session.get(Upload, upload_id)
        if upload is None or upload.event_id != event_pk:
            raise NotFoundError
        session.delete(upload)
        record(session, actor, now, "upload.forget", event_id=event_pk, upload=upload_id)


def forget_expired(database: Database, now: dt.datetime) -> None:
    """Drop the uploads that nobody confirmed in time."""
    with database.reading() as session:
        if session.scalar(select(Upload.id).where(Upload.expires_at <= now).limit(1)) is None:
            return
    with database.writing() as session:
        session.execute(delete(Upload).where(Upload.expires_at <= now))


def _packed(files: Files) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return stream.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of an upload by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}

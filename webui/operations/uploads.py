"""Uploaded files: looked through, kept until they are confirmed, forgotten."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.errors import ImportFileError, Problem
from scheduler.importers import Examined, examine_event, write_event
from scheduler.importers.columns import TABLES
from scheduler.importers.rows import header_key
from scheduler.model import Event
from webui.operations.comparing import Comparison, compare
from webui.operations.log import Actor, NotFoundError, RefusedError, record
from webui.store import Database, EventRow, StudentRow, Upload
from webui.store.exchange import LISTS, read_event

ROW_LIMIT = 100_000
KEPT_FOR = dt.timedelta(hours=24)
FILE_NAMES = ("event.toml", *(f"{table.name}.csv" for table in TABLES))
WORKBOOK = "event.xlsx"

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Findings:
    """What looking through an upload found.

    Parameters
    ----------
    problems
        Of the uploaded files; while there are any nothing is stored.
    elsewhere
        Problems of what is stored already and was not uploaded.
    examined
        None when nothing could be read at all.
    """

    problems: tuple[Problem, ...]
    elsewhere: tuple[Problem, ...]
    warnings: tuple[str, ...]
    examined: Examined | None


@dataclass(frozen=True, slots=True)
class Preview:
    """A clean upload beside what is stored.

    Parameters
    ----------
    comparison
        Without what students entered themselves, which it names.
    overwriting
        The same with it.
    """

    upload: Upload
    event: Event
    findings: Findings
    comparison: Comparison
    overwriting: Comparison


def named(files: Collection[tuple[str, bytes]]) -> tuple[dict[str, bytes], list[str]]:
    """Sort out uploaded files by their names.

    Returns
    -------
    tuple
        The files of an event by their proper names, and the names of those left out.

    Raises
    ------
    RefusedError
        No file of an event among them, one twice, or a workbook beside others.
    """
    known: dict[str, bytes] = {}
    left_out: list[str] = []
    for raw, content in files:
        name = Path(raw.replace("\\", "/")).name.casefold()
        name = WORKBOOK if name.endswith(".xlsx") else name
        if name != WORKBOOK and name not in FILE_NAMES:
            left_out.append(raw)
        elif name in known:
            raise RefusedError("There are two files for %(name)s; send one.", name=name)
        else:
            known[name] = content
    if not known:
        raise RefusedError(
            "No file of an event is among these. Send a workbook (.xlsx), or %(names)s.",
            names=", ".join(FILE_NAMES),
        )
    if WORKBOOK in known and len(known) > 1:
        raise RefusedError("Send either one workbook or CSV files, not both.")
    return known, left_out


def look_through(files: Files, stored: Event | None) -> Findings:
    """Read uploaded files; what they lack comes from the stored event, where there is one."""
    with tempfile.TemporaryDirectory(prefix="company-dating-") as place:
        own = Path(place, "uploaded")
        rest = None
        if stored is not None:
            rest = Path(place, "stored")
            plain = replace(stored, preferences=(), shortlist=(), absences=(), decisions=())
            write_event(plain, rest)
        own.mkdir()
        for name, content in files.items():
            (own / name).write_bytes(content)
        path = own / WORKBOOK if WORKBOOK in files else own
        try:
            examined = examine_event(path, row_limit=ROW_LIMIT, rest=rest)
        except ImportFileError as error:
            problems = tuple(replace(own, file=Path(own.file).name) for own in error.problems)
            return Findings(problems, (), (), None)
    if stored is None:
        return Findings(examined.problems, (), examined.loaded.warnings, examined)
    stored_tables = {table.name for table in TABLES} - examined.tables
    unseen = tuple(f"{name}{end}: " for name in stored_tables for end in ("", ".csv"))
    wrong, others = [], []
    for problem in examined.problems:
        if problem.table in examined.tables and not examined.is_added(problem):
            wrong.append(problem)
        elif problem.column != "room_id":  # a room that only the file lacks is kept
            others.append(problem)
    return Findings(
        tuple(wrong),
        tuple(others),
        tuple(text for text in examined.loaded.warnings if not text.startswith(unseen)),
        examined,
    )


def columns_of(examined: Examined) -> dict[str, set[str]]:
    """Columns that each file has, by the name of its table."""
    found: dict[str, set[str]] = {}
    for table in TABLES:
        grid = examined.grids.get(table.name)
        header = grid.header() if grid else None
        keys = {header_key(name) for name in header[1]} if header else set()
        found[table.name] = {c.name for c in table.columns if {c.name, c.danish} & keys}
    return found


def _stored(session: Session, event_pk: int) -> tuple[Event, dict[str, list[str]]]:
    """An event as it is stored, and what its students entered themselves."""
    row = session.get(EventRow, event_pk)
    if row is None:
        raise NotFoundError
    asked = select(StudentRow.student_id, StudentRow.entered).where(StudentRow.event_id == event_pk)
    entered = {own_id: own for own_id, own in session.execute(asked) if own}
    return read_event(session, row), entered


def keep(
    database: Database, actor: Actor, now: dt.datetime, *, event_pk: int, files: Files
) -> tuple[int | None, Findings]:
    """Look through an upload and, when it is clean, keep it for the preview.

    Returns
    -------
    tuple
        The upload's number, None when there are problems; and what was found.
    """
    with database.reading() as session:
        stored, _entered = _stored(session, event_pk)
    findings = look_through(files, stored)
    if findings.problems or findings.examined is None:
        return None, findings
    with database.writing() as session:
        session.execute(delete(Upload).where(Upload.expires_at <= now))
        session.execute(
            delete(Upload).where(Upload.event_id == event_pk, Upload.created_by == actor.id)
        )
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
            session,
            actor,
            now,
            "upload.keep",
            event_id=event_pk,
            upload=upload.id,
            files=len(files),
        )
        return upload.id, findings


def preview(database: Database, now: dt.datetime, *, event_pk: int, upload_id: int) -> Preview:
    """Compare a kept upload with what is stored now, as `preview_in` does."""
    with database.reading() as session:
        return preview_in(session, now, event_pk=event_pk, upload_id=upload_id)


def preview_in(session: Session, now: dt.datetime, *, event_pk: int, upload_id: int) -> Preview:
    """Compare a kept upload with what is stored now, within a transaction.

    Raises
    ------
    NotFoundError
        There is no such upload, or it has expired.
    """
    upload = session.get(Upload, upload_id)
    if upload is None or upload.event_id != event_pk or upload.expires_at <= now:
        raise NotFoundError
    stored, entered = _stored(session, event_pk)
    findings = look_through(_unpacked(upload.content), stored)
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
    )
    return Preview(upload, new, findings, compared(entered=entered), compared(entered={}))


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


def _unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}

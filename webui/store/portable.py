"""A backup: everything in one file that restores on SQLite and on PostgreSQL alike.

A ZIP with ``backup.json`` (format, schema, and for each table its columns, rows and checksum) and
one file a table, a row a line as a JSON list. Moments are written in ISO form, bytes in base64.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hashlib
import json
import os
import secrets
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    LargeBinary,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Session

from webui.store.base import Base, UtcDateTime
from webui.store.database import Database
from webui.store.schema import revision_of
from webui.store.sentences import plain

FORMAT = 1
CONTENTS = "backup.json"
BATCH = 500
"""Rows in memory at once."""
MOST_CONTENTS = 1_000_000
"""Bytes of the list of contents; a real one has some thousand."""


class BackupError(Exception):
    """A file that is no backup of ours, or not one for this program."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup says of itself.

    Parameters
    ----------
    rows
        By table.
    unpacked
        Bytes of all tables.
    """

    made_at: str
    revision: str
    rows: Mapping[str, int]
    unpacked: int


def tables() -> list[Table]:
    """Every table of ours, those that are referred to first."""
    return list(Base.metadata.sorted_tables)


def write_backup(database: Database, path: Path, now: dt.datetime) -> Contents:
    """Write a backup while the application runs: one moment of the database, whole or not at all.

    Raises
    ------
    OSError
        The place cannot be written; a file that was there is unchanged.
    """
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            contents = write_into(database, file, now)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with contextlib.suppress(OSError):  # renamed, or never made
            beside.unlink()
    return contents


def write_into(database: Database, file: IO[bytes], now: dt.datetime) -> Contents:
    """Write a backup into an open file, as `write_backup` does."""
    with (
        _moment_of(database) as session,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        revision = revision_of(session.connection())
        described = {table.name: _write_table(session, packed, table) for table in tables()}
        contents = {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "revision": revision,
            "tables": described,
        }
        packed.writestr(CONTENTS, json.dumps(contents, indent=1))
        unpacked = sum(own.file_size for own in packed.infolist())
    rows = {name: own["rows"] for name, own in described.items()}
    return Contents(now.isoformat(), revision or "", rows, unpacked)


@contextmanager
def _moment_of(database: Database) -> Iterator[Session]:
    """A session that sees one moment of the database, and holds up no writer while it reads.

    PostgreSQL shows a transaction the snapshot it began with. SQLite's own backup copies the
    database in one step, and the copy is then read: a reader would keep writers waiting.
    """
    if database.engine.dialect.name != "sqlite":
        with database.reading() as session:
            yield session
        return
    with tempfile.TemporaryDirectory(prefix="company-dating-") as place:
        copied = Path(place, "copy.db")
        with contextlib.closing(sqlite3.connect(copied)) as target:
            raw = database.engine.raw_connection()
            try:
                source: Any = raw.driver_connection
                source.backup(target)
            finally:
                raw.close()
        copy = Database(f"sqlite:///{copied}")
        try:
            with copy.reading() as session:
                yield session
        finally:
            copy.close()


def _write_table(session: Session, packed: zipfile.ZipFile, table: Table) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    columns = list(table.columns)
    asked = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    with packed.open(_file_of(table.name), "w", force_zip64=True) as file:
        for row in session.execute(asked):
            cells = [cell_of(value) for value in row]
            line = json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            file.write(line)
            count += 1
    return {
        "columns": [column.name for column in columns],
        "rows": count,
        "sha256": digest.hexdigest(),
    }


def _file_of(table: str) -> str:
    return f"tables/{table}.jsonl"


def cell_of(value: Any) -> Any:
    """A value of a row as JSON holds it."""
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        return plain(value)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def read_contents(file: IO[bytes], *, head: str) -> Contents:
    """Look at a backup before it is restored.

    Parameters
    ----------
    head
        Schema that this program knows.

    Raises
    ------
    BackupError
        It is none, damaged, of a later version, or lacks a table.
    """
    with _opened(file) as packed:
        described = _described(packed, head=head)
        known = {CONTENTS, *(_file_of(name) for name in described["tables"])}
        unpacked = sum(own.file_size for own in packed.infolist() if own.filename in known)
    rows = {name: int(own["rows"]) for name, own in described["tables"].items()}
    return Contents(str(described["made_at"]), head, rows, unpacked)


@contextmanager
def _opened(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as packed:
            yield packed
    except (zipfile.BadZipFile, KeyError, EOFError, UnicodeDecodeError, RecursionError) as error:
        raise BackupError("This file is no backup, or it is damaged.") from error


def _described(packed: zipfile.ZipFile, *, head: str) -> dict[str, Any]:
    if packed.getinfo(CONTENTS).file_size > MOST_CONTENTS:
        raise BackupError("This file is no backup, or it is damaged.")
    try:
        described: dict[str, Any] = json.loads(packed.read(CONTENTS))
        is_ours = isinstance(described["tables"], dict) and "revision" in described
        form, revision = described["format"], described["revision"]
    except (ValueError, TypeError, KeyError) as error:
        raise BackupError("This file is no backup, or it is damaged.") from error
    if not is_ours:
        raise BackupError("This file is no backup, or it is damaged.")
    if form != FORMAT or revision != head:
        raise BackupError(
            f"This backup has schema {revision}, this program {head}: restore it with the version "
            "that made it, and upgrade then."
        )
    lacking = [
        table.name
        for table in tables()
        if described["tables"].get(table.name, {}).get("columns")
        != [column.name for column in table.columns]
    ]
    if lacking:
        raise BackupError(f"This backup is damaged: table {lacking[0]} is not as it should be.")
    return described


def restore_into(
    session: Session, file: IO[bytes], *, head: str, on_table: Callable[[str], None] | None = None
) -> Contents:
    """Put a backup in the place of everything, within the caller's transaction.

    Raises
    ------
    BackupError
        As `read_contents`, or a table is not what its checksum says: leave the transaction then.
    """
    contents = read_contents(file, head=head)
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
    with _opened(file) as packed:
        described = _described(packed, head=head)["tables"]
        for table in reversed(tables()):
            session.execute(delete(table))
        for table in tables():
            _read_table(session, packed, table, described[table.name])
            if on_table is not None:
                on_table(table.name)
            if not is_sqlite:
                _continue_numbers(session, table)
    return contents


def _read_table(
    session: Session, packed: zipfile.ZipFile, table: Table, described: Mapping[str, Any]
) -> None:
    digest, count = hashlib.sha256(), 0
    readers = [reader_of(column) for column in table.columns]
    names = [column.name for column in table.columns]
    batch: list[dict[str, Any]] = []
    try:
        with packed.open(_file_of(table.name)) as lines:
            for line in lines:
                digest.update(line)
                cells = json.loads(line)
                values = (read(cell) for read, cell in zip(readers, cells, strict=True))
                batch.append(dict(zip(names, values, strict=True)))
                count += 1
                if len(batch) == BATCH:
                    _insert(session, table, batch)
                    batch = []
    except (ValueError, TypeError) as error:
        raise BackupError(f"This backup is damaged: table {table.name}.") from error
    _insert(session, table, batch)
    if digest.hexdigest() != described["sha256"] or count != described["rows"]:
        raise BackupError(f"This backup is damaged: table {table.name} has other content.")


def _insert(session: Session, table: Table, batch: Sequence[dict[str, Any]]) -> None:
    if batch:
        session.execute(insert(table), batch)


def reader_of(column: Column[Any]) -> Callable[[Any], Any]:
    """How the cells of a column become values again."""

    def when(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda cell: None if cell is None else read(cell)

    if isinstance(column.type, (UtcDateTime, DateTime)):
        return when(dt.datetime.fromisoformat)
    if isinstance(column.type, Date):
        return when(dt.date.fromisoformat)
    if isinstance(column.type, LargeBinary):
        return when(lambda cell: base64.b64decode(cell, validate=True))
    return lambda cell: cell


def _continue_numbers(session: Session, table: Table) -> None:
    """Let PostgreSQL number new rows after the highest restored one."""
    own = table.primary_key.columns[0]
    highest = session.scalar(select(func.max(own)))
    session.execute(
        text("select setval(pg_get_serial_sequence(:table, :column), :at, :is_used)"),
        {
            "table": table.name,
            "column": own.name,
            "at": highest or 1,
            "is_used": highest is not None,
        },
    )

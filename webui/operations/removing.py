"""What went with a deleted row: kept aside, brought back, forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, UniqueConstraint, delete, func, insert, select, update
from sqlalchemy.orm import Session

from webui.operations import events
from webui.operations.log import Actor, NotFoundError, RefusedError, record
from webui.store import (
    Base,
    CompanyRow,
    Database,
    EventRow,
    MeetingRow,
    PreferenceRow,
    Removed,
    TimetableRow,
)
from webui.store.portable import cell_of, reader_of

Rows = dict[str, list[dict[str, Any]]]
TABLES: Mapping[str, Table] = Base.metadata.tables


@dataclass(frozen=True, slots=True)
class RemovedLine:
    """A deleted row, and how many rows of each table went with it."""

    id: int
    list_name: str
    title: str
    at: dt.datetime
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and how many meetings did not because their timetable was changed."""

    list_name: str
    title: str
    meetings_left: int


def put_aside(
    session: Session, removed: Removed, *, table: Table, pks: list[int], companies: list[int]
) -> int:
    """Keep rows and all that goes with them, before they are deleted.

    Parameters
    ----------
    removed
        Who deleted what of which event, and when.
    companies
        Those that were in a room, by row.

    Returns
    -------
    int
        What brings them back.
    """
    rows = _with_all(session, table, pks)
    timetables = {own["timetable_id"] for own in rows.get(MeetingRow.__tablename__, ())}
    asked = select(TimetableRow.id, TimetableRow.revision).where(TimetableRow.id.in_(timetables))
    removed.content = {
        "rows": rows,
        "companies": companies,
        "revisions": {str(pk): revision for pk, revision in session.execute(asked)},
    }
    session.add(removed)
    session.flush()
    return removed.id


def _with_all(session: Session, table: Table, pks: list[int]) -> Rows:
    """Rows, and those that are deleted with them, those that are referred to first."""
    found: dict[str, dict[int, dict[str, Any]]] = {table.name: _rows(session, table, "id", pks)}
    for own in Base.metadata.sorted_tables:
        for key in own.foreign_keys:
            parents = found.get(key.column.table.name)
            if parents and key.ondelete == "CASCADE":
                more = _rows(session, own, key.parent.name, list(parents))
                found.setdefault(own.name, {}).update(more)
    return {name: list(rows.values()) for name, rows in found.items() if rows}


def _rows(
    session: Session, table: Table, column: str, values: list[int]
) -> dict[int, dict[str, Any]]:
    asked = select(table).where(table.c[column].in_(values))
    return {
        row["id"]: {name: cell_of(value) for name, value in row.items()}
        for row in session.execute(asked).mappings()
    }


def removed_of(database: Database, event_pk: int) -> list[RemovedLine]:
    """Everything of an event that can be brought back, the latest first."""
    asked = select(Removed).where(Removed.event_id == event_pk).order_by(Removed.id.desc())
    with database.reading() as session:
        return [_line(own) for own in session.scalars(asked)]


def removed_line(database: Database, event_pk: int, removed_id: int) -> RemovedLine | None:
    """One of them; None when it is back, or gone for good."""
    with database.reading() as session:
        own = session.get(Removed, removed_id)
        return _line(own) if own is not None and own.event_id == event_pk else None


def _line(own: Removed) -> RemovedLine:
    counts = {name: len(rows) for name, rows in own.content["rows"].items()}
    if own.content["companies"]:
        counts["company"] = len(own.content["companies"])
    return RemovedLine(own.id, own.list_name, own.title, own.removed_at, counts)


def bring_back(
    database: Database, actor: Actor, now: dt.datetime, *, event_pk: int, removed_id: int
) -> Restored:
    """Undo a deletion: the row and what went with it are as they were.

    What has no place any more stays away: a wish for a company that was deleted since, a meeting
    of a timetable that was changed since.

    Raises
    ------
    NotFoundError
        It is back already, or gone for good.
    RefusedError
        Another row has its id now, or the student other wishes.
    """

    def restore() -> Restored:
        with database.writing() as session:
            own = session.get(Removed, removed_id, with_for_update=True)
            if own is None or own.event_id != event_pk:
                raise NotFoundError
            if own.list_name == "wishes":
                _require_no_wishes(session, own)
            left = _restore(session, own)
            session.execute(
                update(CompanyRow)
                .where(CompanyRow.id.in_(own.content["companies"]), CompanyRow.room_id.is_(None))
                .values(room_id=own.title, revision=CompanyRow.revision + 1)
            )
            session.delete(own)
            events.touch(session, event_pk)
            record(session, actor, now, f"{own.list_name}.restore", event_id=event_pk)
            return Restored(own.list_name, own.title, left)

    return database.again(restore)


def _restore(session: Session, own: Removed) -> int:
    """Insert the rows again, each with the new numbers of those it refers to."""
    numbers: dict[str, dict[int, int]] = {}
    left = 0
    is_first = True
    revisions = {int(pk): revision for pk, revision in own.content["revisions"].items()}
    for name, values in _in_order(own.content["rows"]):
        old = values["id"]
        row = _placed(session, TABLES[name], values, numbers)
        if row is not None and name == MeetingRow.__tablename__:
            timetable = session.get(TimetableRow, row["timetable_id"])
            if timetable is None or timetable.revision != revisions[timetable.id]:
                row = None
        if row is None or _is_taken(session, TABLES[name], row):
            if is_first:
                raise RefusedError("Another row has this id now. Change or delete it first.")
            left += name == MeetingRow.__tablename__
            continue
        is_first = False
        added = session.execute(insert(TABLES[name]).values(row).returning(TABLES[name].c.id))
        numbers.setdefault(name, {})[old] = added.scalar_one()
    return left


def _require_no_wishes(session: Session, own: Removed) -> None:
    """Refuse to mix two rankings of one student."""
    students = {row["student_pk"] for row in own.content["rows"].get("preference", ())}
    asked = select(PreferenceRow.id).where(PreferenceRow.student_pk.in_(students)).limit(1)
    if session.scalar(asked) is not None:
        raise RefusedError("This student has other wishes now. Delete those first.")


def _in_order(rows: Rows) -> Iterator[tuple[str, dict[str, Any]]]:
    for table in Base.metadata.sorted_tables:
        readers = {column.name: reader_of(column) for column in table.columns}
        for row in rows.get(table.name, ()):
            yield table.name, {name: readers[name](cell) for name, cell in row.items()}


def _placed(
    session: Session, table: Table, row: dict[str, Any], numbers: Mapping[str, Mapping[int, int]]
) -> dict[str, Any] | None:
    """The row with the numbers of today; None when it refers to what is not there any more."""
    placed = dict(row)
    for key in table.foreign_keys:
        parent, value = key.column.table, row[key.parent.name]
        if value is None or value in numbers.get(parent.name, {}):
            placed[key.parent.name] = numbers.get(parent.name, {}).get(value)
        elif session.scalar(select(parent.c.id).where(parent.c.id == value)) is None:
            if not key.parent.nullable:
                return None
            placed[key.parent.name] = None
    if session.scalar(select(table.c.id).where(table.c.id == row["id"])) is not None:
        del placed["id"]
    if table.name == PreferenceRow.__tablename__:
        placed["rank"] = _free_rank(session, placed["student_pk"], row["rank"])
    return placed


def _free_rank(session: Session, student_pk: int, rank: int) -> int:
    """The rank that a wish had, or the one after the student's last."""
    ranks = set(
        session.scalars(select(PreferenceRow.rank).where(PreferenceRow.student_pk == student_pk))
    )
    return rank if rank not in ranks else max(ranks) + 1


def _is_taken(session: Session, table: Table, row: dict[str, Any]) -> bool:
    """Whether another row has what no two may have."""
    sets = [own.columns for own in table.constraints if isinstance(own, UniqueConstraint)]
    return any(
        session.scalar(
            select(func.count())
            .select_from(table)
            .where(*(column == row[column.name] for column in columns))
        )
        for columns in sets
        if all(row[column.name] is not None for column in columns)
    )


def erase(
    database: Database, actor: Actor, now: dt.datetime, *, event_pk: int, removed_id: int
) -> None:
    """Forget a deleted row for good.

    Raises
    ------
    NotFoundError
        It is back already, or gone for good.
    """
    with database.writing() as session:
        own = session.get(Removed, removed_id)
        if own is None or own.event_id != event_pk:
            raise NotFoundError
        session.delete(own)
        record(session, actor, now, f"{own.list_name}.erase", event_id=event_pk)


def forget_removed(database: Database, now: dt.datetime) -> None:
    """Forget the deleted rows of events that are over or archived."""
    over = select(EventRow.id).where(
        (EventRow.date < now.date()) | EventRow.archived_at.is_not(None)
    )
    with database.reading() as session:
        if session.scalar(select(Removed.id).where(Removed.event_id.in_(over)).limit(1)) is None:
            return
    with database.writing() as session:
        session.execute(delete(Removed).where(Removed.event_id.in_(over)))

"""Rows to the engine's values and back, by the columns of the exchange format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, String, cast, func, select, true
from sqlalchemy.orm import Session

from scheduler.importers.columns import COMPANIES, ROOMS, STUDENTS, Column, Table
from scheduler.importers.writer import cell_of
from scheduler.model import (
    Absence,
    Break,
    Company,
    CompanyId,
    Decision,
    DecisionKind,
    Event,
    PersonKind,
    Preference,
    Rules,
    Student,
    StudentId,
    Verdict,
    Window,
)
from webui.store.events import (
    AbsenceRow,
    CompanyRow,
    DecisionRow,
    EventRow,
    PreferenceRow,
    RoomRow,
    ShortlistRow,
    StudentRow,
)

ListRow = RoomRow | CompanyRow | StudentRow
Row = TypeVar("Row", RoomRow, CompanyRow, StudentRow)
LISTS: Mapping[str, tuple[Table, type[ListRow]]] = {
    "rooms": (ROOMS, RoomRow),
    "companies": (COMPANIES, CompanyRow),
    "students": (STUDENTS, StudentRow),
}
"""The lists that people edit, by the name of their file."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Wishes of an event as read.

    Parameters
    ----------
    company_ids
        By the rows of companies, as wishes are stored.
    made
        Wishes of each student, by the student's id and how they are stored.
    """

    company_ids: Mapping[str, CompanyId]
    made: Mapping[tuple[StudentId, str], tuple[Preference, ...]]


@dataclass(frozen=True, slots=True)
class People:
    """An event, the rows of its students and companies by their ids, and its wishes as read."""

    event: Event
    student_pks: Mapping[StudentId, int]
    company_pks: Mapping[CompanyId, int]
    wishes: Wishes


def stored(column: Column, value: Any, opens_min: int) -> Any:
    """Turn a value of the engine into what its column stores.

    Parameters
    ----------
    opens_min
        Minutes after midnight at which the window opens; stored times count from midnight.
    """
    if column.is_time:
        return None if value is None else value + opens_min
    return cell_of(value) if isinstance(value, tuple) else value


def row_values(table: Table, value: Any, opens_min: int) -> dict[str, Any]:
    """Columns of the row of a room, company or student, by name."""
    return {
        column.attribute or column.name: stored(
            column, getattr(value, column.attribute or column.name), opens_min
        )
        for column in table.columns
    }


def value_of(table: Table, row: ListRow, opens_min: int) -> Any:
    """Make the room, company or student of a row."""
    cells = [getattr(row, column.attribute or column.name) for column in table.columns]
    values = [
        _values(column, (cell,), opens_min)[0]
        for column, cell in zip(table.columns, cells, strict=True)
    ]
    return table.build(values, frozenset())


def _values(column: Column, cells: Sequence[Any], opens_min: int) -> Sequence[Any]:
    """Values of the engine for the cells of a column; equal cells are read once."""
    if column.is_time:
        return [None if cell is None else cell - opens_min for cell in cells]
    if isinstance(column.empty, tuple):
        known = {cell: column.parse(cell) if cell else () for cell in set(cells)}
        return [known[cell] for cell in cells]
    return cells


def read_list(session: Session, name: str, row: EventRow) -> dict[int, Any]:
    """Rooms, companies or students of an event by their rows, in the order of their list.

    Parameters
    ----------
    name
        Of `LISTS`.
    """
    table, kind = LISTS[name]
    stored = kind.__table__.c
    found = session.execute(
        select(stored.id, *(stored[column.attribute or column.name] for column in table.columns))
        .where(stored.event_id == row.id)
        .order_by(stored.position, stored.id)
    ).all()
    if not found:
        return {}
    pks, *columns = zip(*found, strict=True)
    values = (
        _values(column, cells, row.start_min)
        for column, cells in zip(table.columns, columns, strict=True)
    )
    return {
        pk: table.build(list(own), frozenset())
        for pk, own in zip(pks, zip(*values, strict=True), strict=True)
    }


def rules_values(rules: Rules) -> dict[str, Any]:
    """Rules as JSON holds them."""
    names = Rules.__dataclass_fields__
    return {
        name: list(value) if isinstance(value := getattr(rules, name), tuple) else value
        for name in names
    }


def rules_of(row: EventRow) -> Rules:
    """Make the rules of an event; one that is not stored has its default."""
    known = Rules.__dataclass_fields__
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in row.rules.items()
        if name in known
    }
    return Rules(**values)


def window_of(row: EventRow) -> Window:
    """Make the window of an event."""
    return Window(
        row.end_min - row.start_min,
        row.slot_min,
        row.changeover_min,
        tuple(Break(start - row.start_min, end - row.start_min) for start, end in row.breaks),
    )


def rows_of(session: Session, kind: type[Row], event_pk: int) -> list[Row]:
    """Rooms, companies or students of an event, in the order of their list."""
    asked = select(kind).where(kind.event_id == event_pk).order_by(kind.position, kind.id)
    return list(session.scalars(asked))


def read_companies(
    session: Session, row: EventRow
) -> tuple[tuple[Company, ...], tuple[int, ...], tuple[Absence, ...]]:
    """Companies of an event, their rows, and when they are away, in two queries."""
    companies = read_list(session, "companies", row)
    absences = _absences(session, row, AbsenceRow.company_pk.is_not(None), companies, {})
    return tuple(companies.values()), tuple(companies), absences


def read_event(session: Session, row: EventRow) -> Event:
    """Make the engine's event of everything stored, in seven queries.

    Notes
    -----
    It may have problems: half-filled events are stored too. `scheduler.validation.check` says.
    """
    return read_people(session, row).event


def read_people(session: Session, row: EventRow, before: Wishes | None = None) -> People:
    """Make the event as `read_event`, with the rows of its students and companies by their ids.

    Parameters
    ----------
    before
        Of an earlier reading: most wishes stay while an event changes, and are not made again.
    """
    opens = row.start_min
    companies = read_list(session, "companies", row)
    students = read_list(session, "students", row)
    wishes = _read_wishes(session, row, students, companies, before)
    event = Event(
        event_id=row.key,
        name=row.name,
        date=row.date,
        timezone=row.timezone,
        opens_min=opens,
        window=window_of(row),
        rooms=tuple(read_list(session, "rooms", row).values()),
        companies=tuple(companies.values()),
        students=tuple(students.values()),
        preferences=tuple(chain.from_iterable(wishes.made.values())),
        shortlist=_shortlist(session, row, students, companies),
        absences=_absences(session, row, true(), companies, students),
        decisions=_decisions(session, row, students, companies),
        rules=rules_of(row),
        language=row.language,
    )
    return People(
        event,
        {own.student_id: pk for pk, own in students.items()},
        {own.company_id: pk for pk, own in companies.items()},
        wishes,
    )


def _read_wishes(
    session: Session,
    row: EventRow,
    students: Mapping[int, Student],
    companies: Mapping[int, Company],
    before: Wishes | None,
) -> Wishes:
    """Wishes, student by student in the order of the list, by rank; a student's in one row."""
    stored = PreferenceRow.__table__.c
    wish = cast(stored.rank, String) + ":" + cast(stored.company_pk, String)
    wishes = (
        select(stored.student_pk, wish.label("wish"))
        .where(stored.event_id == row.id)
        .order_by(stored.student_pk, stored.rank)
        .subquery()
        .c
    )
    found = session.execute(
        select(wishes.student_pk, func.aggregate_strings(wishes.wish, " ")).group_by(
            wishes.student_pk
        )
    )
    said = {pk: wishes for pk, wishes in found}  # noqa: C416  # typed rows
    company_ids = {str(pk): own.company_id for pk, own in companies.items()}
    known = before.made if before is not None and before.company_ids == company_ids else {}
    made = {}
    for pk, student in students.items():
        if pk in said:
            key = student.student_id, said[pk]
            made[key] = known.get(key) or _wishes_of(*key, company_ids)
    return Wishes(company_ids, made)


def _wishes_of(
    student_id: StudentId, said: str, company_ids: Mapping[str, CompanyId]
) -> tuple[Preference, ...]:
    """Wishes of a student, of ``rank:company`` one after another in any order."""
    wishes = []
    for each in said.split():
        rank, _colon, company = each.partition(":")
        wishes.append(Preference(student_id, company_ids[company], int(rank)))
    return tuple(sorted(wishes, key=attrgetter("rank")))


def _shortlist(
    session: Session,
    row: EventRow,
    students: Mapping[int, Student],
    companies: Mapping[int, Company],
) -> tuple[Verdict, ...]:
    found = session.execute(
        select(ShortlistRow.company_pk, ShortlistRow.student_pk, ShortlistRow.verdict)
        .where(ShortlistRow.event_id == row.id)
        .order_by(ShortlistRow.id)
    )
    return tuple(
        Verdict(companies[company].company_id, students[student].student_id, verdict == "yes")
        for company, student, verdict in found
    )


def _absences(
    session: Session,
    row: EventRow,
    which: ColumnElement[bool],
    companies: Mapping[int, Company],
    students: Mapping[int, Student],
) -> tuple[Absence, ...]:
    found = session.execute(
        select(
            AbsenceRow.student_pk, AbsenceRow.company_pk, AbsenceRow.start_min, AbsenceRow.end_min
        )
        .where(AbsenceRow.event_id == row.id, which)
        .order_by(AbsenceRow.id)
    )
    opens = row.start_min
    return tuple(
        Absence(PersonKind.STUDENT, students[student].student_id, start - opens, end - opens)
        if student is not None
        else Absence(
            PersonKind.COMPANY, companies[company or 0].company_id, start - opens, end - opens
        )
        for student, company, start, end in found
    )


def _decisions(
    session: Session,
    row: EventRow,
    students: Mapping[int, Student],
    companies: Mapping[int, Company],
) -> tuple[Decision, ...]:
    found = session.scalars(
        select(DecisionRow).where(DecisionRow.event_id == row.id).order_by(DecisionRow.id)
    )
    return tuple(
        Decision(
            DecisionKind(own.kind),
            students[own.student_pk].student_id,
            companies[own.company_pk].company_id,
            None if own.start_min is None else own.start_min - row.start_min,
        )
        for own in found
    )

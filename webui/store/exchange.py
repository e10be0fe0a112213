"""Rows to the engine's values and back, by the columns of the exchange format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import select
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
    values = []
    for column in table.columns:
        cell = getattr(row, column.attribute or column.name)
        if column.is_time:
            values.append(None if cell is None else cell - opens_min)
        elif isinstance(column.empty, tuple):
            values.append(column.parse(cell) if cell else ())
        else:
            values.append(cell)
    return table.build(values, frozenset())


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
    rows = rows_of(session, CompanyRow, row.id)
    ids = {own.id: CompanyId(own.company_id) for own in rows}
    absences = session.scalars(
        select(AbsenceRow).where(AbsenceRow.event_id == row.id, AbsenceRow.company_pk.is_not(None))
    )
    return (
        tuple(value_of(COMPANIES, own, row.start_min) for own in rows),
        tuple(ids),
        tuple(_absence(own, {}, ids, row.start_min) for own in absences),
    )


def read_event(session: Session, row: EventRow) -> Event:
    """Make the engine's event of everything stored, in seven queries.

    Notes
    -----
    It may have problems: half-filled events are stored too. `scheduler.validation.check` says.
    """
    opens = row.start_min
    rooms = rows_of(session, RoomRow, row.id)
    companies = rows_of(session, CompanyRow, row.id)
    students = rows_of(session, StudentRow, row.id)
    student_ids = {own.id: StudentId(own.student_id) for own in students}
    company_ids = {own.id: CompanyId(own.company_id) for own in companies}
    return Event(
        event_id=row.key,
        name=row.name,
        date=row.date,
        timezone=row.timezone,
        opens_min=opens,
        window=window_of(row),
        rooms=tuple(value_of(ROOMS, own, opens) for own in rooms),
        companies=tuple(value_of(COMPANIES, own, opens) for own in companies),
        students=tuple(value_of(STUDENTS, own, opens) for own in students),
        preferences=tuple(
            Preference(student_ids[student], company_ids[company], rank)
            for student, company, rank in session.execute(
                select(PreferenceRow.student_pk, PreferenceRow.company_pk, PreferenceRow.rank)
                .join(StudentRow, StudentRow.id == PreferenceRow.student_pk)
                .where(PreferenceRow.event_id == row.id)
                .order_by(StudentRow.position, StudentRow.id, PreferenceRow.rank)
            )
        ),
        shortlist=tuple(
            Verdict(company_ids[own.company_pk], student_ids[own.student_pk], own.verdict == "yes")
            for own in session.scalars(
                select(ShortlistRow)
                .where(ShortlistRow.event_id == row.id)
                .order_by(ShortlistRow.id)
            )
        ),
        absences=tuple(
            _absence(own, student_ids, company_ids, opens)
            for own in session.scalars(
                select(AbsenceRow).where(AbsenceRow.event_id == row.id).order_by(AbsenceRow.id)
            )
        ),
        decisions=tuple(
            Decision(
                DecisionKind(own.kind),
                student_ids[own.student_pk],
                company_ids[own.company_pk],
                None if own.start_min is None else own.start_min - opens,
            )
            for own in session.scalars(
                select(DecisionRow).where(DecisionRow.event_id == row.id).order_by(DecisionRow.id)
            )
        ),
        rules=rules_of(row),
        language=row.language,
    )


def _absence(
    row: AbsenceRow,
    student_ids: Mapping[int, StudentId],
    company_ids: Mapping[int, CompanyId],
    opens: int,
) -> Absence:
    if row.student_pk is not None:
        kind, person = PersonKind.STUDENT, str(student_ids[row.student_pk])
    else:
        kind, person = PersonKind.COMPANY, str(company_ids[row.company_pk or 0])
    return Absence(kind, person, row.start_min - opens, row.end_min - opens)

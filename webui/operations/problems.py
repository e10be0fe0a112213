"""What keeps an event from being solved, each problem beside the row it speaks of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import Problem
from webui.operations.known import KnownEvent, known_event
from webui.store import (
    AbsenceRow,
    CompanyRow,
    Database,
    DecisionRow,
    EventRow,
    PreferenceRow,
    RoomRow,
    ShortlistRow,
    StudentRow,
)

REMEMBERED = 8
LIST_NAMES: Mapping[str, str] = {"preferences": "wishes"}
"""Lists that are not called as the file whose problems they show."""


@dataclass(frozen=True, slots=True)
class Problems:
    """Every problem of an event.

    Parameters
    ----------
    by_row
        By the list and the row.
    loose
        Those of no single row.
    """

    every: tuple[Problem, ...]
    by_row: Mapping[tuple[str, int], tuple[Problem, ...]]
    loose: tuple[Problem, ...]

    def of(self, name: str) -> dict[int, tuple[Problem, ...]]:
        """Problems of one list, by row."""
        return {pk: own for (list_name, pk), own in self.by_row.items() if list_name == name}


_remembered: WeakKeyDictionary[Database, dict[tuple[int, int], Problems]] = WeakKeyDictionary()


def problems_of(database: Database, event: EventRow) -> Problems:
    """Check an event; what was found is remembered until the event changes."""
    known = _remembered.setdefault(database, {})
    with database.reading() as session:
        stored = known_event(database, session, event.id)
        key = (stored.row.id, stored.row.revision)
        found = known.get(key)
        if found is None:
            while len(known) >= REMEMBERED:
                known.pop(next(iter(known)), None)
            found = known[key] = _found(session, stored)
    return found


def _found(session: Session, stored: KnownEvent) -> Problems:
    every, row = stored.problems, stored.row
    tables = {own.table for own in every if own.index is not None}
    rows = {table: _rows(session, row.id, table) for table in tables & _ORDERS.keys()}
    by_row: dict[tuple[str, int], list[Problem]] = defaultdict(list)
    loose = []
    for problem in every:
        if problem.index is None or problem.table not in rows:
            loose.append(problem)
            continue
        name = LIST_NAMES.get(problem.table, problem.table)
        by_row[name, rows[problem.table][problem.index]].append(problem)
    return Problems(every, {key: tuple(own) for key, own in by_row.items()}, tuple(loose))


_ORDERS: Mapping[str, tuple[Any, Iterable[Any]]] = {
    "rooms": (RoomRow.id, (RoomRow.position, RoomRow.id)),
    "companies": (CompanyRow.id, (CompanyRow.position, CompanyRow.id)),
    "students": (StudentRow.id, (StudentRow.position, StudentRow.id)),
    "preferences": (
        PreferenceRow.student_pk,
        (StudentRow.position, StudentRow.id, PreferenceRow.rank),
    ),
    "shortlist": (ShortlistRow.id, (ShortlistRow.id,)),
    "unavailable": (AbsenceRow.id, (AbsenceRow.id,)),
    "decisions": (DecisionRow.id, (DecisionRow.id,)),
}
"""The rows of each table in the order in which `read_event` reads them."""


def _rows(session: Session, event_pk: int, table: str) -> list[int]:
    column, order = _ORDERS[table]
    asked = select(column).where(column.class_.event_id == event_pk).order_by(*order)
    if table == "preferences":
        asked = asked.join(StudentRow, StudentRow.id == PreferenceRow.student_pk)
    return list(session.scalars(asked))

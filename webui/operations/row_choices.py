"""What the columns of a list may hold: ids of others, and words that the event knows already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webui.store import CompanyRow, Database, RoomRow, StudentRow

PEOPLE = {"company_id": CompanyRow, "student_id": StudentRow}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "companies": {"room_id": RoomRow},
    "wishes": {"company_id": CompanyRow},
    "shortlist": PEOPLE,
    "decisions": PEOPLE,
    "unavailable": PEOPLE,
}
"""Columns that hold an id, and whose."""
FIELDS = (CompanyRow.fields, StudentRow.field)
KNOWN: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "rooms": {"building": (RoomRow.building,)},
    "companies": {"fields": FIELDS},
    "students": {"field": FIELDS, "programme": (StudentRow.programme,)},
}
"""Columns that take any words, and where the event has such words already."""


def choices(database: Database, *, event_pk: int, name: str) -> dict[str, list[tuple[str, str]]]:
    """What the columns of a list may hold, and how it is called: ids, or words that are known."""
    found: dict[str, list[tuple[str, str]]] = {}
    with database.reading() as session:
        for column, own in CHOICES.get(name, {}).items():
            asked = select(getattr(own, column), own.name).where(own.event_id == event_pk)
            rows = [(own_id, label or own_id) for own_id, label in session.execute(asked)]
            found[column] = sorted(rows, key=lambda row: (row[1].casefold(), row[0]))
        for column, stored in KNOWN.get(name, {}).items():
            words = _words(session, event_pk, stored)
            found[column] = [(word, word) for word in words]
    if name == "unavailable":
        found = {"id": [*found["company_id"], *found["student_id"]]}
    return found


def _words(session: Session, event_pk: int, columns: Iterable[Any]) -> list[str]:
    """Words that columns hold with ``;`` between them, each once whatever its case."""
    words: dict[str, str] = {}
    for column in columns:
        asked = select(column).where(column.class_.event_id == event_pk).distinct()
        for cell in session.scalars(asked):
            for word in filter(None, map(str.strip, cell.split(";"))):
                words.setdefault(word.casefold(), word)
    return sorted(words.values(), key=str.casefold)

"""The lists of an event: searched, filtered, sorted, a page at a time."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.importers.columns import DECISIONS, SHORTLIST, UNAVAILABLE, Table
from webui.operations.secrets import digest_of
from webui.store import (
    AbsenceRow,
    CompanyRow,
    Database,
    DecisionRow,
    PreferenceRow,
    RoomRow,
    ShortlistRow,
    StudentRow,
)
from webui.store.exchange import LISTS

NAMES = ("companies", "students", "rooms", "wishes", "shortlist", "unavailable", "decisions")
REFERENCES: Mapping[str, tuple[Table, Any]] = {
    "shortlist": (SHORTLIST, ShortlistRow),
    "unavailable": (UNAVAILABLE, AbsenceRow),
    "decisions": (DECISIONS, DecisionRow),
}
"""Lists that refer to students and companies, by the name of their file."""
SHOWN: Mapping[str, tuple[str, ...]] = {
    "companies": (
        "name",
        "room_id",
        "tables",
        "seats",
        "times",
        "languages",
        "positions",
        "meetings",
        "wishes",
    ),
    "students": ("name", "programme", "languages", "positions", "times", "wishes"),
    "rooms": ("room_id", "name", "building", "tables", "capacity"),
    "wishes": ("name", "wishes"),
    "shortlist": ("company_id", "student_id", "verdict"),
    "unavailable": ("id", "kind", "start", "end"),
    "decisions": ("student_id", "company_id", "kind", "start", "reason"),
}
"""Columns of the lists on screen; the rest stands in the form of a row."""
FACETS: Mapping[str, tuple[str, ...]] = {
    "companies": ("room_id",),
    "students": ("programme", "answered"),
    "rooms": ("building",),
    "wishes": ("answered",),
    "shortlist": ("company_id", "verdict"),
    "unavailable": ("kind",),
    "decisions": ("kind",),
}
"""Columns whose values can be chosen to filter by."""
NUMBERS = frozenset({"tables", "capacity", "seats", "wishes"})
PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list.

    Parameters
    ----------
    cells
        As the format writes them, by column.
    names
        Names of whom, or which room, a column holds the id of.
    was
        Changes when the row does: tells a stale edit.
    """

    pk: int
    cells: dict[str, str]
    was: str
    names: dict[str, str] = field(default_factory=dict)
    wishes: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """A column to filter by: the values it has, and the one chosen."""

    column: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of a list somebody wants to see; ``sort`` begins with ``-`` for descending."""

    query: str = ""
    sort: str = ""
    page: int = 1
    facets: Mapping[str, str] = field(default_factory=dict)
    only: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list."""

    name: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: int
    matching: int
    page: int
    pages: int
    facets: tuple[Facet, ...]


def list_page(database: Database, *, event_pk: int, name: str, asked: Asked) -> ListPage:
    """Give the part of a list that was asked for."""
    with database.reading() as session:
        lines = _lines(session, event_pk, name)
        facets = _facets(lines, name, asked)
        found = [own for own in lines if _matches(own, asked)]
        _sort(found, asked.sort)
        pages = max(1, -(-len(found) // PAGE))
        page = min(max(asked.page, 1), pages)
        shown = found[(page - 1) * PAGE : page * PAGE]
        if name == "wishes":
            shown = _with_wishes(session, shown)
    return ListPage(
        name, SHOWN[name], tuple(shown), len(lines), len(found), page, pages, tuple(facets)
    )


def has_people(database: Database, event_pk: int) -> bool:
    """Whether an event has a student or a company."""
    with database.reading() as session:
        return any(
            session.scalar(select(own.id).where(own.event_id == event_pk).limit(1)) is not None
            for own in (StudentRow, CompanyRow)
        )


def line_of(database: Database, *, event_pk: int, name: str, pk: int) -> Line | None:
    """Give one row of a list."""
    with database.reading() as session:
        return line_in(session, event_pk, name, pk)


def line_in(session: Session, event_pk: int, name: str, pk: int) -> Line | None:
    """Give one row of a list, within a transaction."""
    found = [own for own in _lines(session, event_pk, name, pk=pk) if own.pk == pk]
    if found and name == "wishes":
        found = _with_wishes(session, found)
    return found[0] if found else None


def _lines(session: Session, event_pk: int, name: str, *, pk: int | None = None) -> list[Line]:
    if name == "wishes":
        return _wish_lines(session, event_pk)
    if name in LISTS:
        return _list_lines(session, event_pk, name, pk)
    return _reference_lines(session, event_pk, name, pk)


def _list_lines(session: Session, event_pk: int, name: str, pk: int | None) -> list[Line]:
    table, kind = LISTS[name]
    stored = kind.__table__
    asked = select(stored).where(stored.c.event_id == event_pk)
    if pk is not None:
        asked = asked.where(stored.c.id == pk)
    counts = _wish_counts(session, event_pk, name)
    columns = [(c.name, c.attribute or c.name, c.is_time) for c in table.columns]
    rooms = _room_names(session, event_pk) if name == "companies" else {}
    lines = []
    for row in session.execute(asked.order_by(stored.c.position, stored.c.id)).mappings():
        cells = {column: text_of(row[own], is_time=is_time) for column, own, is_time in columns}
        if "arrives" in cells:
            cells["times"] = _span(cells["arrives"], cells["leaves"])
        if "min_meetings" in cells:
            cells["meetings"] = _span(cells["min_meetings"], cells["max_meetings"], open_end="+")
        if counts is not None:
            cells["wishes"] = str(counts.get(row["id"], 0))
        if name == "students":
            cells["answered"] = "yes" if row["answered_at"] else "no"
        names = {"room_id": rooms[cells["room_id"]]} if cells.get("room_id") in rooms else {}
        lines.append(Line(row["id"], cells, str(row["revision"]), names))
    return lines


def _room_names(session: Session, event_pk: int) -> dict[str, str]:
    asked = select(RoomRow.room_id, RoomRow.name).where(RoomRow.event_id == event_pk)
    return {room_id: name for room_id, name in session.execute(asked) if name}


def _wish_counts(session: Session, event_pk: int, name: str) -> dict[int, int] | None:
    column = {"companies": PreferenceRow.company_pk, "students": PreferenceRow.student_pk}.get(name)
    if column is None:
        return None
    asked = select(column, func.count()).where(PreferenceRow.event_id == event_pk).group_by(column)
    return {pk: count for pk, count in session.execute(asked)}  # noqa: C416  # typed rows


def _wish_lines(session: Session, event_pk: int) -> list[Line]:
    counts = _wish_counts(session, event_pk, "students") or {}
    asked = (
        select(
            StudentRow.id,
            StudentRow.student_id,
            StudentRow.name,
            StudentRow.revision,
            StudentRow.answered_at,
        )
        .where(StudentRow.event_id == event_pk)
        .order_by(StudentRow.position, StudentRow.id)
    )
    return [
        Line(
            pk,
            {
                "student_id": student_id,
                "name": name,
                "wishes": str(counts.get(pk, 0)),
                "answered": "yes" if answered_at else "no",
            },
            str(revision),
        )
        for pk, student_id, name, revision, answered_at in session.execute(asked)
    ]


def _with_wishes(session: Session, lines: Iterable[Line]) -> list[Line]:
    """Add the ranked companies of a few students."""
    listed = list(lines)
    asked = (
        select(PreferenceRow.student_pk, PreferenceRow.rank, CompanyRow.company_id, CompanyRow.name)
        .join(CompanyRow, CompanyRow.id == PreferenceRow.company_pk)
        .where(PreferenceRow.student_pk.in_([own.pk for own in listed]))
        .order_by(PreferenceRow.rank)
    )
    ranked: dict[int, list[tuple[int, str]]] = {own.pk: [] for own in listed}
    names: dict[str, str] = {}
    for student, rank, company_id, name in session.execute(asked):
        ranked[student].append((rank, company_id))
        names[company_id] = name
    return [replace(own, wishes=tuple(ranked[own.pk]), names=names) for own in listed]


def _reference_lines(session: Session, event_pk: int, name: str, pk: int | None) -> list[Line]:
    _table, kind = REFERENCES[name]
    asked = (
        select(kind, StudentRow.student_id, StudentRow.name, CompanyRow.company_id, CompanyRow.name)
        .outerjoin(StudentRow, StudentRow.id == kind.student_pk)
        .outerjoin(CompanyRow, CompanyRow.id == kind.company_pk)
        .where(kind.event_id == event_pk)
        .order_by(kind.id)
    )
    if pk is not None:
        asked = asked.where(kind.id == pk)
    lines = []
    for row, student_id, student, company_id, company in session.execute(asked):
        cells = {"student_id": student_id or "", "company_id": company_id or ""}
        names = {"student_id": student or "", "company_id": company or ""}
        if name == "shortlist":
            cells["verdict"] = row.verdict
        else:
            cells["start"] = text_of(row.start_min, is_time=True)
        if name == "unavailable":
            cells["end"] = text_of(row.end_min, is_time=True)
            cells["kind"] = "company" if student_id is None else "student"
            cells["id"], names["id"] = student_id or company_id, student or company
        if name == "decisions":
            cells |= {"kind": row.kind, "reason": row.reason}
        lines.append(Line(row.id, cells, was_of(cells), names))
    return lines


def _span(least: str, most: str, *, open_end: str = "–") -> str:
    """Write two limits as one: ``13:24–``, ``6–12``, ``6+``; empty when there is none."""
    if most:
        return f"{least}–{most}"
    return "" if least in ("", "0") else f"{least}{open_end}"


def was_of(cells: Mapping[str, str]) -> str:
    """Short digest of a row's cells."""
    return digest_of("\x1f".join(f"{name}={cells[name]}" for name in sorted(cells)))[:16]


def text_of(value: Any, *, is_time: bool = False) -> str:
    """Write a stored value as its cell."""
    if value is None:
        return ""
    return f"{value // 60:02d}:{value % 60:02d}" if is_time else str(value)


def plain(text: str) -> str:
    """Reduce a text to what is searched: no case, no accents."""
    parts = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("æ", "ae"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _matches(line: Line, asked: Asked) -> bool:
    if asked.only is not None and line.pk not in asked.only:
        return False
    if any(line.cells.get(column, "") != chosen for column, chosen in asked.facets.items()):
        return False
    if not asked.query:
        return True
    text = plain(" ".join((*line.cells.values(), *line.names.values())))
    return all(word in text for word in plain(asked.query).split())


def _sort(lines: list[Line], sort: str) -> None:
    column = sort.removeprefix("-")
    if not column:
        return

    def key(line: Line) -> tuple[bool, Any]:
        text = line.cells.get(column, "")
        if column in NUMBERS:
            return (not text, int(text or 0))
        return (not text, plain(line.names.get(column) or text))

    lines.sort(key=key, reverse=sort.startswith("-"))


def _facets(lines: Collection[Line], name: str, asked: Asked) -> Iterable[Facet]:
    for column in FACETS[name]:
        options = {
            own.cells[column]: own.names.get(column) or own.cells[column]
            for own in lines
            if own.cells.get(column)
        }
        chosen = asked.facets.get(column, "")
        if len(options) > 1 or chosen:
            ordered = sorted(options.items(), key=lambda pair: plain(pair[1]))
            yield Facet(column, tuple(ordered), chosen)

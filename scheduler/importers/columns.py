"""The columns of every table: one list for reading, writing and the template."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Any

from scheduler.importers import cells, languages
from scheduler.model import (
    Absence,
    Company,
    CompanyId,
    Decision,
    DecisionKind,
    Preference,
    Room,
    RoomId,
    Student,
    StudentId,
    Verdict,
)
from scheduler.sentence import say


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name, danish
        The header, and the one of the Danish template.
    parse
        Cleaned text to value; raises `cells.CellError`.
    is_required
        The column must exist and none of its cells may be empty.
    is_key
        A row whose cell cannot be read is left out: nothing can be said about it.
    is_time
        The value becomes minutes since the window opens.
    empty, fallback
        Values of an empty cell, and of one that cannot be read, chosen so that no rule
        complains about the row because of it.
    attribute
        Of the value this row becomes; the header when not given.
    has_lines
        Line breaks are part of the text.
    """

    name: str
    danish: str
    parse: Callable[[str], Any] = cells.parse_text
    is_required: bool = False
    is_key: bool = False
    is_time: bool = False
    empty: Any = ""
    fallback: Any = ""
    attribute: str = ""
    has_lines: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One file or sheet: its columns and how a row's values become a value of the engine.

    ``build`` gets the values in the order of ``columns`` and the names of those that could not be
    read.
    """

    name: str
    danish: str
    is_needed: bool
    columns: tuple[Column, ...]
    build: Callable[[list[Any], Set[str]], Any]

    @property
    def headers(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def _id(name: str, danish: str, attribute: str = "") -> Column:
    return Column(name, danish, cells.parse_id, is_required=True, is_key=True, attribute=attribute)


def _whole(name: str, danish: str, empty: int | None, **more: Any) -> Column:
    return Column(name, danish, cells.parse_whole, empty=empty, fallback=empty, **more)


def _time(name: str, danish: str, attribute: str = "", **more: Any) -> Column:
    return Column(
        name,
        danish,
        cells.parse_clock,
        is_time=True,
        empty=None,
        fallback=None,
        attribute=attribute or f"{name}_min",
        **more,
    )


_POSITIONS = Column("positions", "stillingstyper", cells.parse_positions, empty=(), fallback=())
_ARRIVES = _time("arrives", "ankommer")
_LEAVES = _time("leaves", "går")
_MAX_MEETINGS = _whole("max_meetings", "møder_højst", None)
_EMAIL = Column("email", "e_mail", cells.parse_email)
_STUDENT_ID = _id("student_id", "studerende_id")
_COMPANY_ID = _id("company_id", "virksomhed_id")


def _room(values: list[Any], unread: Set[str]) -> Room:
    room_id, name, building, tables, capacity = values
    return Room(RoomId(room_id), tables, name, building, capacity)


def _company(values: list[Any], unread: Set[str]) -> Company:
    by_attribute = dict(zip(_COMPANY_ATTRIBUTES, values, strict=True))
    if "tables" in unread:
        by_attribute["seats"] = cells.MORE_THAN_ANY
    return Company(**by_attribute)


def _student(values: list[Any], unread: Set[str]) -> Student:
    return Student(*values)


def _preference(values: list[Any], unread: Set[str]) -> Preference:
    return Preference(*values)


def _verdict(values: list[Any], unread: Set[str]) -> Verdict:
    return Verdict(*values)


def _absence(values: list[Any], unread: Set[str]) -> Absence:
    kind, person_id, start_min, end_min = values
    if unread:
        start_min, end_min = -2, -1
    return Absence(kind, person_id, start_min, end_min)


def _decision(values: list[Any], unread: Set[str]) -> Decision:
    kind, student_id, company_id, start_min = values
    if "kind" in unread:
        return Decision(DecisionKind.FORBID, student_id, company_id)
    return Decision(kind, StudentId(student_id), CompanyId(company_id), start_min)


ROOMS = Table(
    "rooms",
    "lokaler",
    True,
    (
        _id("room_id", "lokale_id"),
        Column("name", "navn"),
        Column("building", "bygning"),
        Column(
            "tables",
            "borde",
            cells.parse_whole,
            is_required=True,
            fallback=cells.MORE_THAN_ANY,
        ),
        _whole("capacity", "pladser_i_alt", None),
    ),
    _room,
)

COMPANIES = Table(
    "companies",
    "virksomheder",
    True,
    (
        _COMPANY_ID,
        Column("name", "navn", is_required=True),
        Column("room_id", "lokale_id", cells.parse_id, empty=None, fallback=None),
        _whole("tables", "borde", 1),
        Column(
            "seats",
            "pladser_ved_bordet",
            cells.parse_whole,
            empty=1,
            fallback=cells.MORE_THAN_ANY,
        ),
        _ARRIVES,
        _LEAVES,
        _POSITIONS,
        Column("languages", "sprog", languages.parse_needs, empty=(), fallback=()),
        Column("small_talk", "smalltalk", languages.parse_needs, empty=(), fallback=()),
        Column("fields", "fagområder", cells.parse_words, empty=(), fallback=()),
        _whole("min_meetings", "møder_mindst", 0),
        _MAX_MEETINGS,
        _EMAIL,
        Column("website", "hjemmeside", cells.parse_website),
        Column("about", "om", has_lines=True),
    ),
    _company,
)
_COMPANY_ATTRIBUTES = tuple(c.attribute or c.name for c in COMPANIES.columns)

STUDENTS = Table(
    "students",
    "studerende",
    True,
    (
        _STUDENT_ID,
        Column("name", "navn", is_required=True),
        Column("given_name", "fornavn"),
        Column("family_name", "efternavn"),
        _EMAIL,
        Column("programme", "uddannelse"),
        Column("field", "fagområde"),
        Column("languages", "sprog", languages.parse_languages, empty=(), fallback=()),
        _POSITIONS,
        _ARRIVES,
        _LEAVES,
        _MAX_MEETINGS,
    ),
    _student,
)

PREFERENCES = Table(
    "preferences",
    "ønsker",
    True,
    (
        _STUDENT_ID,
        _COMPANY_ID,
        Column(
            "rank",
            "prioritet",
            cells.parse_whole,
            is_required=True,
            fallback=cells.MORE_THAN_ANY,
        ),
    ),
    _preference,
)

SHORTLIST = Table(
    "shortlist",
    "virksomhedernes_ønsker",
    False,
    (
        _COMPANY_ID,
        _STUDENT_ID,
        Column(
            "verdict",
            "svar",
            cells.one_of(cells.VERDICTS, say("yes no")),
            is_required=True,
            fallback=True,
            attribute="is_yes",
        ),
    ),
    _verdict,
)

UNAVAILABLE = Table(
    "unavailable",
    "fravær",
    False,
    (
        Column(
            "kind",
            "hvem",
            cells.one_of(cells.PERSON_KINDS, say("student company")),
            is_required=True,
            is_key=True,
        ),
        _id("id", "id", "person_id"),
        _time("start", "fra", is_required=True),
        _time("end", "til", is_required=True),
    ),
    _absence,
)

DECISIONS = Table(
    "decisions",
    "beslutninger",
    False,
    (
        Column(
            "kind",
            "beslutning",
            cells.one_of(cells.DECISION_KINDS, say("pin forbid")),
            is_required=True,
        ),
        _STUDENT_ID,
        _COMPANY_ID,
        _time("start", "tid"),
    ),
    _decision,
)

TABLES = (ROOMS, COMPANIES, STUDENTS, PREFERENCES, SHORTLIST, UNAVAILABLE, DECISIONS)
"""In the order in which problems are told; ``event`` comes before them."""

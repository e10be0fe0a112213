"""Rows of cells to values of the engine, with every fault of every cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from scheduler.errors import Problem
from scheduler.importers.cells import CellError, clean, refuse_cpr
from scheduler.importers.columns import Column, Table
from scheduler.importers.grid import Grid
from scheduler.sentence import Sentence, say, table_word


@dataclass(slots=True)
class Findings:
    """What reading found besides values: problems, warnings, and tables that are not there."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Sentence] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Rows:
    """The values of one table and where they stood.

    Parameters
    ----------
    label
        What a message calls the file or sheet.
    numbers
        Row of each value.
    shown
        Headers as the person wrote them, where they differ from the column's name.
    unread
        Positions in ``values`` and names of columns whose cell could not be read.
    """

    label: str
    values: tuple[Any, ...] = ()
    numbers: tuple[int, ...] = ()
    shown: dict[str, str] = field(default_factory=dict)
    unread: frozenset[tuple[int, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class _Fault:
    reason: Sentence
    remedy: Sentence


class _Parsed(dict[str, Any]):
    """Raw cell to value or `_Fault`, each parsed once however often it stands in a column."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, raw: str) -> Any:
        try:
            value = self._parse(raw)
        except CellError as error:
            value = _Fault(error.reason, error.remedy)
        self[raw] = value
        return value


def read_rows(grid: Grid, table: Table, opens_min: int, findings: Findings) -> Rows:
    """Read the rows of one table.

    Parameters
    ----------
    opens_min
        Minutes after midnight to which times become relative.
    findings
        Gets a problem for every cell, column or row that is wrong, a warning for each column
        that is not one of this table, and the table's name when its columns are missing.
    """
    header = grid.header()
    if header is None:
        remedy = say(
            "begin it with a row of headers: %(headers)s", headers=", ".join(table.headers)
        )
        findings.problems.append(Problem(table.name, say("is empty"), remedy, file=grid.label))
        findings.broken.add(table.name)
        return Rows(grid.label)
    number, names = header
    places = _places(grid, table, number, names, findings)
    shown = {
        name: names[place].strip()
        for name, place in places.items()
        if header_key(names[place]) != name
    }
    if not _has_required(grid, table, number, places, findings):
        return Rows(grid.label, shown=shown)
    return _Reader(grid, table, places, shown, opens_min, findings).read(number, names)


def header_key(header: str) -> str:
    """Reduce a header to what is compared: no case, no outer blanks, ``_`` for blanks and ``-``."""
    return re.sub(r"[\s_-]+", "_", header.strip().removeprefix("'").casefold())


def _places(
    grid: Grid, table: Table, number: int, names: list[str], findings: Findings
) -> dict[str, int]:
    known = {column.danish: column.name for column in table.columns}
    known |= {column.name: column.name for column in table.columns}
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        key = header_key(name)
        if not key:
            continue
        column = known.get(key)
        if column is None:
            text = say(
                "%(file)s, column %(column)s: not a column of %(table)s; left out",
                file=grid.label,
                column=name.strip(),
                table=table_word(table.name),
            )
            findings.warnings.append(text)
        elif column in places:
            findings.problems.append(
                Problem(
                    table.name,
                    say("the column is there twice"),
                    say("keep one of them"),
                    column=name.strip(),
                    file=grid.label,
                    row=number,
                )
            )
        else:
            places[column] = place
    return places


def _has_required(
    grid: Grid, table: Table, number: int, places: dict[str, int], findings: Findings
) -> bool:
    missing = [c for c in table.columns if c.is_required and c.name not in places]
    for column in missing:
        findings.problems.append(
            Problem(
                table.name,
                say("the column is missing"),
                say(
                    "add it; %(table)s has the columns %(headers)s",
                    table=table_word(table.name),
                    headers=", ".join(table.headers),
                ),
                column=column.name,
                file=grid.label,
                row=number,
            )
        )
    is_readable = not any(column.is_key for column in missing)
    if not is_readable:
        findings.broken.add(table.name)
    return is_readable


class _Reader:
    def __init__(
        self,
        grid: Grid,
        table: Table,
        places: dict[str, int],
        shown: dict[str, str],
        opens_min: int,
        findings: Findings,
    ) -> None:
        self._grid, self._table, self._shown = grid, table, shown
        self._findings = findings
        self._plan = [
            (column, places[column.name], _Parsed(_parser(column, opens_min)))
            if column.name in places
            else (column, None, _Parsed(lambda raw: raw))
            for column in table.columns
        ]
        self._used = set(places.values())
        self._keys = {column.name for column in table.columns if column.is_key}
        self._values: list[Any] = []
        self._numbers: list[int] = []
        self._unread: set[tuple[int, str]] = set()

    def read(self, header_number: int, names: list[str]) -> Rows:
        ignored = [i for i, name in enumerate(names) if name.strip() and i not in self._used]
        headed = {i for i, name in enumerate(names) if name.strip()}
        width = len(names)
        is_plain = not ignored and len(headed) == width
        steps = [(place, parsed, column) for column, place, parsed in self._plan]
        build, nothing = self._table.build, frozenset[str]()
        missing = {c.name for c, place, _ in self._plan if place is None and c.is_required}
        for number, record in self._grid.rows(header_number):
            if not is_plain or len(record) > width:
                self._look_beside(number, record, ignored, headed)
            values: list[Any] = []
            unread: set[str] | None = set(missing) if missing else None
            for place, parsed, column in steps:
                if place is None:
                    values.append(column.fallback if column.is_required else column.empty)
                    continue
                value = parsed[record[place] if place < len(record) else ""]
                if value.__class__ is _Fault:
                    unread = unread or set()
                    unread.add(column.name)
                    self._tell(number, column.name, value)
                    value = column.fallback
                values.append(value)
            if unread is None:
                self._values.append(build(values, nothing))
                self._numbers.append(number)
            elif not unread & self._keys:
                self._unread |= {(len(self._values), name) for name in unread}
                self._values.append(build(values, unread))
                self._numbers.append(number)
        return Rows(
            self._grid.label,
            tuple(self._values),
            tuple(self._numbers),
            self._shown,
            frozenset(self._unread),
        )

    def _look_beside(
        self, number: int, record: list[str], ignored: list[int], headed: set[int]
    ) -> None:
        """Look at the cells that are read by no column."""
        for place in ignored:
            if place < len(record):
                try:
                    refuse_cpr(record[place].strip())
                except CellError as error:
                    self._tell(number, "", _Fault(error.reason, error.remedy), place)
        for place, cell in enumerate(record):
            if place not in headed and cell.strip():
                reason = say("a cell without a header above it")
                remedy = say("give it a header, delete it, or put the value in quotation marks")
                self._tell(number, "", _Fault(reason, remedy), place)
                return

    def _tell(self, number: int, column: str, fault: _Fault, place: int | None = None) -> None:
        shown = self._shown.get(column, column) if place is None else letters_of(place)
        self._findings.problems.append(
            Problem(
                self._table.name,
                fault.reason,
                fault.remedy,
                column=shown,
                file=self._grid.label,
                row=number,
            )
        )


def letters_of(place: int) -> str:
    """Name a column as a spreadsheet does: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _parser(column: Column, opens_min: int) -> Callable[[str], Any]:
    parse, empty, has_lines = column.parse, column.empty, column.has_lines
    offset = opens_min if column.is_time else 0
    is_required = column.is_required

    def read(raw: str) -> Any:
        text = clean(raw, may_have_lines=has_lines)
        if not text:
            if is_required:
                raise CellError(say("the cell is empty"), say("fill it in"))
            return empty
        value = parse(text)
        return value - offset if offset else value

    return read

"""Files beside an event: a timetable, a list of ids, the badges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from pathlib import Path
from typing import Any

from scheduler.errors import ImportFileError, Problem
from scheduler.importers import cells
from scheduler.importers.columns import Column, Table
from scheduler.importers.grid import (
    OLE_MAGIC,
    ZIP_MAGIC,
    FileFault,
    Grid,
    decode,
    parse_csv,
    read_bytes,
    refuse,
)
from scheduler.importers.rows import Findings, Rows, header_key, read_rows
from scheduler.importers.workbook import Workbook
from scheduler.model import Event, Meeting, StudentId, Timetable
from scheduler.sentence import Sentence, say

Fault = tuple[str, Sentence, Sentence]
"""Column, reason and remedy."""

_ID_HEADERS = frozenset({"student_id", "company_id", "id", "studerende_id", "virksomhed_id"})


def _list(values: list[Any], unread: Set[str]) -> list[Any]:
    return values


def _key(name: str, danish: str) -> Column:
    return Column(name, danish, cells.parse_id, is_required=True, is_key=True)


_TIMETABLE = Table(
    "timetable",
    "program",
    True,
    (
        Column("start", "start", cells.parse_clock, is_required=True, is_key=True, is_time=True),
        _key("room_id", "lokale_id"),
        Column("table", "bord", cells.parse_whole, is_required=True, is_key=True),
        _key("company_id", "virksomhed_id"),
        _key("student_id", "studerende_id"),
    ),
    _list,
)
_BADGES = Table(
    "badges",
    "navneskilte",
    True,
    (
        _key("student_id", "studerende_id"),
        Column("badge_id", "skilt_id", is_required=True, is_key=True),
    ),
    _list,
)


def load_timetable(path: Path, event: Event) -> Timetable:
    """Read a timetable: CSV, or a workbook's sheet ``timetable`` (else its first).

    Returns
    -------
    Timetable
        Without places: a file names only the tables that are used.

    Raises
    ------
    ImportFileError
        With every cell that cannot be read, every id that the event does not have, and every
        start at which no slot begins.
    """
    rows, problems = read_table(path, _TIMETABLE, event.opens_min)
    slots = {slot.start_min: slot.index for slot in event.window.slots}
    meetings: list[Meeting] = []
    find_faults = _timetable_faults(event, slots)
    for number, values in zip(rows.numbers, rows.values, strict=True):
        start_min, room_id, table, company_id, student_id = values
        faults = find_faults(values)
        for column, reason, remedy in faults:
            shown = rows.shown.get(column, column)
            problems.append(
                Problem("timetable", reason, remedy, column=shown, file=rows.label, row=number)
            )
        if not faults:
            slot = slots[start_min]
            meetings.append(Meeting(slot, room_id, table, student_id, company_id))
    raise_all(problems)
    return Timetable(tuple(meetings))


def _timetable_faults(event: Event, slots: dict[int, int]) -> Callable[[list[Any]], list[Fault]]:
    rooms = {room.room_id for room in event.rooms}
    companies = {company.company_id for company in event.companies}
    students = {student.student_id for student in event.students}

    def find(values: list[Any]) -> list[Fault]:
        start_min, room_id, table, company_id, student_id = values
        faults = []
        if start_min not in slots:
            starts = " ".join(map(event.clock, slots))
            reason = say("no slot starts at %(clock)s", clock=event.clock(start_min))
            faults.append(("start", reason, say("use one of %(starts)s", starts=starts)))
        if table < 1:
            faults.append(
                (
                    "table",
                    say("%(value)s is below 1", value=table),
                    say("tables are numbered from 1"),
                )
            )
        for column, value, known in (
            ("room_id", room_id, rooms),
            ("company_id", company_id, companies),
            ("student_id", student_id, students),
        ):
            if value not in known:
                reason = say("'%(id)s' is not in the event", id=cells.shown(value))
                faults.append((column, reason, say("correct the id")))
        return faults

    return find


def load_badges(path: Path) -> dict[StudentId, str]:
    """Read which badge each student has (``student_id``, ``badge_id``).

    Raises
    ------
    ImportFileError
        A cell that cannot be read, or a student or a badge that is there twice.
    """
    rows, problems = read_table(path, _BADGES, 0)
    badges: dict[StudentId, str] = {}
    given: set[str] = set()
    for number, (student_id, badge_id) in zip(rows.numbers, rows.values, strict=True):
        for column, is_twice in (
            ("student_id", student_id in badges),
            ("badge_id", badge_id in given),
        ):
            if is_twice:
                problems.append(
                    Problem(
                        "badges",
                        say("is there twice"),
                        say("keep one of the rows"),
                        column=column,
                        file=rows.label,
                        row=number,
                    )
                )
        badges[student_id] = badge_id
        given.add(badge_id)
    raise_all(problems)
    return badges


def load_ids(path: Path, event: Event) -> tuple[str, ...]:
    """Read ids, one a line, or the columns ``student_id``, ``company_id`` or ``id`` of a table.

    Returns
    -------
    tuple of str
        Of students and companies, in the order of the file, each once.

    Raises
    ------
    ImportFileError
        The file cannot be read, or one of its ids is not in the event.
    """
    if not path.exists():
        remedy = say("give a file that holds the ids of students and companies, one a line")
        raise refuse(path, say("there is no such file"), remedy)
    grid = _grid(path, "ids")
    number, names = grid.header() or (0, [])
    places = [i for i, name in enumerate(names) if header_key(name) in _ID_HEADERS]
    known = {student.student_id for student in event.students}
    known_companies = {company.company_id for company in event.companies}
    problems: list[Problem] = []
    ids: dict[str, None] = {}
    for row, text in _id_cells(grid, number if places else 0, places or [0]):
        try:
            found = cells.clean(text)
            if found and found not in known and found not in known_companies:
                raise cells.CellError(
                    say("'%(id)s' is not a student or company of the event", id=cells.shown(found)),
                    say("correct it"),
                )
            if found:
                ids[found] = None
        except cells.CellError as error:
            problems.append(Problem("ids", error.reason, error.remedy, file=grid.label, row=row))
    raise_all(problems)
    return tuple(ids)


def _id_cells(grid: Grid, after: int, places: list[int]) -> Iterator[tuple[int, str]]:
    for row, record in grid.rows(after):
        for place in places:
            if place < len(record):
                yield row, record[place]


def read_table(path: Path, table: Table, opens_min: int) -> tuple[Rows, list[Problem]]:
    """Read one table that stands in a file of its own, and its problems so far."""
    rows, findings = read_with_findings(path, table, opens_min)
    return rows, findings.problems


def read_with_findings(path: Path, table: Table, opens_min: int) -> tuple[Rows, Findings]:
    """Read one table that stands in a file of its own, warnings too."""
    findings = Findings()
    return read_rows(_grid(path, table.name), table, opens_min, findings), findings


def _grid(path: Path, table: str) -> Grid:
    """Read a text file, or the sheet ``table`` of a workbook (else its first)."""
    try:
        content = read_bytes(path)
        if not content.startswith((ZIP_MAGIC, OLE_MAGIC)):
            return Grid(table, path.name, parse_csv(decode(content)))
        book = Workbook(path)
        names = {name.strip().casefold(): name for name in book.sheet_names}
        if not names:
            raise FileFault(say("has no sheet"), say("save the table into it"))
        return book.grid(names.get(table, book.sheet_names[0]))
    except FileFault as fault:
        raise refuse(path, fault.reason, fault.remedy, fault.row) from fault


def raise_all(problems: list[Problem]) -> None:
    """Raise the problems of one file, in the order of its rows, if there are any."""
    if problems:
        raise ImportFileError(sorted(problems, key=lambda problem: problem.row or 0))

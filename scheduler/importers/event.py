"""An event from a folder or a workbook: all of it, or all of its problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from scheduler.errors import ImportFileError, Problem
from scheduler.importers.columns import COMPANIES, ROOMS, STUDENTS, TABLES
from scheduler.importers.grid import FileFault, Grid, refuse
from scheduler.importers.rows import Findings, Rows, read_rows
from scheduler.importers.settings import Settings, nothing_read
from scheduler.importers.sources import Source, open_event, open_folder, open_workbook
from scheduler.model import Event, PersonKind
from scheduler.sentence import Grouped, Sentence, say
from scheduler.validation import check

_ORDER = {name: place for place, name in enumerate(["event", *(table.name for table in TABLES)])}
_REFERENCES = {
    "rooms": ("room_id",),
    "companies": ("company_id", "id"),
    "students": ("student_id", "id"),
}
"""Columns of other tables that name a row of this one."""
_ID_COLUMNS = {"rooms": "room_id", "companies": "company_id", "students": "student_id"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """An event that was read, what was left out, and where each of its values stood."""

    event: Event
    warnings: tuple[Sentence, ...]
    settings: Settings = field(repr=False)
    rows: Mapping[str, Rows] = field(repr=False)

    def locate(self, problem: Problem) -> Problem:
        """Fill in the file and the row of a problem that speaks of this event."""
        if problem.table == "event":
            settings = self.settings
            row = settings.rows.get(problem.column)
            if row is None:
                row = settings.rows.get(f"{problem.column}.start")
            return replace(problem, file=settings.label, row=row)
        rows = self.rows.get(problem.table)
        if rows is None:
            return problem
        index = problem.index
        row = rows.numbers[index] if index is not None and index < len(rows.numbers) else None
        column = rows.shown.get(problem.column, problem.column)
        return replace(problem, file=rows.label, row=row, column=column)


@dataclass(frozen=True, slots=True)
class Examined:
    """Everything that could be read, right or wrong.

    Parameters
    ----------
    loaded
        An event only when nothing is wrong; stand-ins fill what could not be read.
    problems
        In the order of the files and rows.
    grids
        The cells of each table that was read, by its name, to show where a problem stands.
    tables
        Names of the tables that the files hold, ``event`` among them.
    """

    loaded: Loaded
    problems: tuple[Problem, ...]
    grids: Mapping[str, Grid]
    tables: frozenset[str]

    def is_added(self, problem: Problem) -> bool:
        """Whether a problem speaks of a row that only the rest has and the files name."""
        rows = self.loaded.rows.get(problem.table)
        if rows is None or problem.index is None:
            return False
        return problem.index >= len(rows.numbers)

    def added(self, table: str) -> tuple[str, ...]:
        """Ids of rooms, companies or students that the files name but only the rest has."""
        rows = self.loaded.rows[table]
        return tuple(_id_of(table, value) for value in rows.values[len(rows.numbers) :])

    def own(self) -> Event:
        """The event without the rows of `added`."""
        loaded = self.loaded
        own = {
            name: replace(rows, values=rows.values[: len(rows.numbers)])
            for name, rows in loaded.rows.items()
        }
        return _event(loaded.settings, own)


def load_event(path: Path, *, row_limit: int | None = None) -> Loaded:
    """Read an event from a folder of files or from one .xlsx workbook.

    Parameters
    ----------
    row_limit
        Most rows that one table may have; for files from strangers.

    Raises
    ------
    ImportFileError
        With every problem of every file, in the order of the files and rows.
    """
    examined = examine_event(path, row_limit=row_limit)
    if examined.problems:
        raise ImportFileError(examined.problems)
    return examined.loaded


def examine_event(
    path: Path, *, row_limit: int | None = None, rest: Event | None = None
) -> Examined:
    """Read an event as `load_event` does, but tell its problems beside what could be read.

    Parameters
    ----------
    rest
        The event from which the tables come that ``path`` lacks, and the rooms, companies and
        students that only other files of ``path`` name.

    Raises
    ------
    ImportFileError
        Nothing can be read at all.
    """
    findings = Findings()
    stored = None
    try:
        if not path.exists():
            raise refuse(path, say("there is no such folder or workbook"), say("check the path"))
        source = (open_folder if path.is_dir() else open_workbook)(path, findings)
        if rest is not None:
            source = source.without_unfilled()
        tables = source.tables
        if rest is not None:
            stored = open_event(rest)
            source = source.completed(stored)
    except FileFault as fault:
        raise refuse(path, fault.reason, fault.remedy) from fault
    except OSError as error:
        raise refuse(
            path,
            say("cannot be read (%(error)s)", error=error.strerror),
            say("check its permissions"),
        ) from error
    grids: dict[str, Grid] = {}
    loaded = _assemble(source, row_limit, findings, grids)
    if stored is not None:
        loaded = _with_named(loaded, stored, tables)
    problems = findings.problems + [
        loaded.locate(problem)
        for problem in check(loaded.event)
        if not _is_follow_on(problem, loaded, findings)
    ]
    return Examined(
        replace(loaded, warnings=tuple(findings.warnings)),
        tuple(sorted(problems, key=_place)),
        grids,
        tables,
    )


def _place(problem: Problem) -> tuple[int, int]:
    return _ORDER.get(problem.table, -1), problem.row or 0


def _is_follow_on(problem: Problem, loaded: Loaded, findings: Findings) -> bool:
    """Whether the problem only repeats that a cell, or a whole file, could not be read."""
    if problem.table == "event":
        return problem.column in loaded.settings.unread
    if problem.table in findings.broken:
        return True
    if (problem.index, problem.column) in loaded.rows[problem.table].unread:
        return True
    return any(
        problem.table != broken and problem.column in _REFERENCES.get(broken, ())
        for broken in findings.broken
    )


def _assemble(
    source: Source, row_limit: int | None, findings: Findings, grids: dict[str, Grid]
) -> Loaded:
    settings = _settings(source, findings)
    rows: dict[str, Rows] = {}
    for table in TABLES:
        label = source.label(table.name)
        rows[table.name] = Rows(label)
        read = source.grids.get(table.name)
        if read is None:
            if table.is_needed:
                remedy = say(
                    "add it, with the columns %(headers)s", headers=", ".join(table.headers)
                )
                findings.problems.append(Problem(table.name, say("is missing"), remedy, file=label))
                findings.broken.add(table.name)
            continue
        try:
            grid = read()
            if row_limit is not None and len(grid.records) > row_limit:
                reason = say(
                    "has %(rows)s rows, more than the %(most)s allowed",
                    rows=Grouped(len(grid.records)),
                    most=Grouped(row_limit),
                )
                raise FileFault(reason, say("split it, or use the command line"))
            grids[table.name] = grid
            rows[table.name] = read_rows(grid, table, settings.opens_min, findings)
        except FileFault as fault:
            findings.problems.append(fault.problem(table.name, label))
            findings.broken.add(table.name)
            continue
        if table.is_needed and not rows[table.name].values and table.name not in findings.broken:
            findings.warnings.append(say("%(label)s: has no rows", label=label))
    return Loaded(_event(settings, rows), (), settings, rows)


def _with_named(loaded: Loaded, stored: Source, tables: frozenset[str]) -> Loaded:
    """Add the rooms, companies and students that the files name and only ``stored`` has."""
    rows = dict(loaded.rows)
    for table in (STUDENTS, COMPANIES, ROOMS):  # a company that is added names its room
        if table.name not in tables or table.name not in stored.grids:
            continue
        known = {_id_of(table.name, value) for value in rows[table.name].values}
        lacking = _named(table.name, rows, tables) - known
        if lacking:
            grid = stored.grids[table.name]()
            found = read_rows(grid, table, loaded.settings.opens_min, Findings()).values
            more = tuple(own for own in found if _id_of(table.name, own) in lacking)
            own = rows[table.name]
            rows[table.name] = replace(own, values=own.values + more)
    return replace(loaded, event=_event(loaded.settings, rows), rows=rows)


def _named(table: str, rows: Mapping[str, Rows], tables: frozenset[str]) -> set[str]:
    """Ids of a table's rows that the files name elsewhere."""
    if table == "rooms":
        return {c.room_id for c in rows["companies"].values if c.room_id and "companies" in tables}
    kind = PersonKind.STUDENT if table == "students" else PersonKind.COMPANY
    column = f"{kind.value}_id"
    pairs = (rows[name].values for name in ("preferences", "shortlist", "decisions"))
    named = {getattr(value, column) for values in pairs for value in values}
    return named | {own.person_id for own in rows["unavailable"].values if own.kind is kind}


def _id_of(table: str, value: Any) -> str:
    """Id of a room, company or student."""
    return str(
        getattr(value, {"rooms": "room_id", "companies": "company_id"}.get(table, "student_id"))
    )


def _settings(source: Source, findings: Findings) -> Settings:
    label = source.label("event")
    try:
        if source.settings is not None:
            return source.settings()
        remedy = say(
            "add it, with at least id, name, date, timezone, start, end, slot_min and "
            "changeover_min"
        )
        missing = Problem("event", say("is missing"), remedy, file=label)
        findings.problems.append(missing)
    except FileFault as fault:
        findings.problems.append(fault.problem("event", label))
    return nothing_read(label)


def _event(settings: Settings, rows: Mapping[str, Rows]) -> Event:
    values = settings.values
    return Event(
        event_id=values["event.id"],
        name=values["event.name"],
        date=values["event.date"],
        timezone=values["event.timezone"],
        opens_min=settings.opens_min,
        window=settings.window(),
        rooms=rows["rooms"].values,
        companies=rows["companies"].values,
        students=rows["students"].values,
        preferences=rows["preferences"].values,
        shortlist=rows["shortlist"].values,
        absences=rows["unavailable"].values,
        decisions=rows["decisions"].values,
        rules=settings.rules(),
        language=values["event.language"],
    )

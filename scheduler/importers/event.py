"""An event from a folder or a workbook: all of it, or all of its problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from scheduler.errors import ImportFileError, Problem
from scheduler.importers.columns import TABLES
from scheduler.importers.grid import (
    FileFault,
    Grid,
    decode,
    parse_csv,
    read_bytes,
    refuse,
)
from scheduler.importers.rows import Findings, Rows, read_rows
from scheduler.importers.settings import Settings, nothing_read, read_sheet, read_toml
from scheduler.importers.workbook import Workbook
from scheduler.model import Event
from scheduler.validation import check

_ORDER = {name: place for place, name in enumerate(["event", *(table.name for table in TABLES)])}
_REFERENCES = {
    "rooms": ("room_id",),
    "companies": ("company_id", "id"),
    "students": ("student_id", "id"),
}
"""Columns of other tables that name a row of this one."""

_OUR_FILES = frozenset(
    {
        "timetable.csv",
        "timetable.xlsx",
        "summary.json",
        "badges.csv",
        "changes.csv",
        "diff.csv",
        "standby.csv",
    }
)
_SINGLE_FILES = frozenset({".csv", ".toml", ".tsv", ".txt"})
HELP_SHEETS = frozenset({"help", "hjælp"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """An event that was read, what was left out, and where each of its values stood."""

    event: Event
    warnings: tuple[str, ...]
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
    path: Path, *, row_limit: int | None = None, rest: Path | None = None
) -> Examined:
    """Read an event as `load_event` does, but tell its problems beside what could be read.

    Parameters
    ----------
    rest
        A folder with the files of a whole event, from which the tables come that ``path`` lacks.

    Raises
    ------
    ImportFileError
        Nothing can be read at all.
    """
    findings = Findings()
    try:
        if not path.exists():
            raise refuse(path, "there is no such folder or workbook", "check the path")
        source = (_folder if path.is_dir() else _workbook)(path, findings)
        tables = _tables_of(source)
        if rest is not None:
            source = source.completed(_folder(rest, Findings()))
    except FileFault as fault:
        raise refuse(path, fault.reason, fault.remedy) from fault
    except OSError as error:
        raise refuse(path, f"cannot be read ({error.strerror})", "check its permissions") from error
    grids: dict[str, Grid] = {}
    loaded = _assemble(source, row_limit, findings, grids)
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


@dataclass(frozen=True, slots=True)
class _Source:
    """What holds the tables: a way to read each that is there, and what each is called."""

    ending: str
    grids: dict[str, Callable[[], Grid]]
    settings: Callable[[], Settings] | None

    def completed(self, rest: _Source) -> _Source:
        """Add the tables that are only in the other one."""
        grids, settings = {**rest.grids, **self.grids}, self.settings or rest.settings
        return _Source(self.ending, grids, settings)

    def label(self, table: str) -> str:
        if not self.ending:
            return table
        return "event.toml" if table == "event" else table + self.ending


def _folder(path: Path, findings: Findings) -> _Source:
    found = {file.name: file for file in sorted(path.iterdir()) if file.is_file()}
    files = {key: found[name] for key, name in _by_key(found, findings).items()}
    known = {f"{table.name}.csv" for table in TABLES} | {"event.toml"}
    for name, file in files.items():
        is_document = name.startswith((".", "~", "readme")) or name.endswith(".pdf")
        if name not in known and name not in _OUR_FILES and not is_document:
            findings.warnings.append(f"{file.name}: not a file of an event; left out")

    def grid(table: str, file: Path) -> Grid:
        return Grid(table, f"{table}.csv", parse_csv(decode(read_bytes(file))))

    def settings() -> Settings:
        return read_toml(decode(read_bytes(files["event.toml"])), "event.toml", findings)

    return _Source(
        ".csv",
        {
            table.name: partial(grid, table.name, files[f"{table.name}.csv"])
            for table in TABLES
            if f"{table.name}.csv" in files
        },
        settings if "event.toml" in files else None,
    )


def _workbook(path: Path, findings: Findings) -> _Source:
    if path.suffix.casefold() in _SINGLE_FILES:
        raise FileFault(
            "is one file of an event", "give the folder that holds it, or an .xlsx workbook"
        )
    workbook = Workbook(path)
    sheets = _by_key(workbook.sheet_names, findings)
    known = {table.name for table in TABLES} | {"event"}
    for key, name in sheets.items():
        if key not in known and key not in HELP_SHEETS:
            findings.warnings.append(f"{name}: not a sheet of an event; left out")

    def settings() -> Settings:
        return read_sheet(workbook.grid(sheets["event"]), findings)

    return _Source(
        "",
        {key: partial(workbook.grid, name) for key, name in sheets.items()},
        settings if "event" in sheets else None,
    )


def _by_key(names: Iterable[str], findings: Findings) -> dict[str, str]:
    """Find names without regard to case; of two that are then the same the first counts."""
    by_key: dict[str, str] = {}
    for name in names:
        first = by_key.setdefault(name.strip().casefold(), name)
        if first != name:
            findings.warnings.append(f"{name}: the same name as {first}; left out")
    return by_key


def _tables_of(source: _Source) -> frozenset[str]:
    known = {table.name for table in TABLES}
    return frozenset(known & source.grids.keys() | ({"event"} if source.settings else set()))


def _assemble(
    source: _Source, row_limit: int | None, findings: Findings, grids: dict[str, Grid]
) -> Loaded:
    settings = _settings(source, findings)
    rows: dict[str, Rows] = {}
    for table in TABLES:
        label = source.label(table.name)
        rows[table.name] = Rows(label)
        read = source.grids.get(table.name)
        if read is None:
            if table.is_needed:
                remedy = f"add it, with the columns {', '.join(table.headers)}"
                findings.problems.append(Problem(table.name, "is missing", remedy, file=label))
                findings.broken.add(table.name)
            continue
        try:
            grid = read()
            if row_limit is not None and len(grid.records) > row_limit:
                reason = f"has {len(grid.records):,} rows, more than the {row_limit:,} allowed"
                raise FileFault(reason, "split it, or use the command line")
            grids[table.name] = grid
            rows[table.name] = read_rows(grid, table, settings.opens_min, findings)
        except FileFault as fault:
            findings.problems.append(fault.problem(table.name, label))
            findings.broken.add(table.name)
            continue
        if table.is_needed and not rows[table.name].values and table.name not in findings.broken:
            findings.warnings.append(f"{label}: has no rows")
    return Loaded(_event(settings, rows), (), settings, rows)


def _settings(source: _Source, findings: Findings) -> Settings:
    label = source.label("event")
    try:
        if source.settings is not None:
            return source.settings()
        remedy = "add it, with at least id, name, date, timezone, start, end, slot_min and "
        missing = Problem("event", "is missing", f"{remedy}changeover_min", file=label)
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

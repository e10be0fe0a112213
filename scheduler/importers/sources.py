"""Where an event's tables come from: the files of a folder, the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from scheduler.importers.columns import TABLES, Table
from scheduler.importers.grid import FileFault, Grid, decode, parse_csv, read_bytes
from scheduler.importers.rows import Findings
from scheduler.importers.settings import Settings, is_unfilled, read_sheet, read_toml
from scheduler.importers.workbook import Workbook
from scheduler.importers.writer import csv_of, table_values, toml_of
from scheduler.model import Event
from scheduler.sentence import say

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
_HELP_SHEETS = frozenset({"help", "hjælp"})


@dataclass(frozen=True, slots=True)
class Source:
    """What holds the tables: a way to read each that is there, and what each is called."""

    ending: str
    grids: dict[str, Callable[[], Grid]]
    settings: Callable[[], Settings] | None

    def completed(self, rest: Source) -> Source:
        """Add the tables that are only in the other one."""
        grids, settings = {**rest.grids, **self.grids}, self.settings or rest.settings
        return Source(self.ending, grids, settings)

    def without_unfilled(self) -> Source:
        """Leave out settings that nobody filled in: people take the template for one list."""
        sheet = self.grids.get("event")
        if self.settings is None or sheet is None or not is_unfilled(sheet()):
            return self
        return replace(self, settings=None)

    @property
    def tables(self) -> frozenset[str]:
        """Names of the tables that are here, ``event`` among them."""
        known = {table.name for table in TABLES}
        return frozenset(known & self.grids.keys() | ({"event"} if self.settings else set()))

    def label(self, table: str) -> str:
        """What a message calls the file or sheet of a table."""
        if not self.ending:
            return table
        return "event.toml" if table == "event" else table + self.ending


def open_event(event: Event) -> Source:
    """Find the tables of an event as its folder would have them; each is written when asked for."""

    def grid(table: Table) -> Grid:
        return Grid(table.name, f"{table.name}.csv", parse_csv(csv_of(event, table)))

    return Source(
        ".csv",
        {
            table.name: partial(grid, table)
            for table in TABLES
            if table.is_needed or table_values(event, table)
        },
        lambda: read_toml(toml_of(event), "event.toml", Findings()),
    )


def open_folder(path: Path, findings: Findings) -> Source:
    """Find the files of an event in a folder; others are told."""
    found = {file.name: file for file in sorted(path.iterdir()) if file.is_file()}
    files = {key: found[name] for key, name in _by_key(found, findings).items()}
    known = {f"{table.name}.csv" for table in TABLES} | {"event.toml"}
    for name, file in files.items():
        is_document = name.startswith((".", "~", "readme")) or name.endswith(".pdf")
        if name not in known and name not in _OUR_FILES and not is_document:
            findings.warnings.append(
                say("%(file)s: not a file of an event; left out", file=file.name)
            )

    def grid(table: str, file: Path) -> Grid:
        return Grid(table, f"{table}.csv", parse_csv(decode(read_bytes(file))))

    def settings() -> Settings:
        return read_toml(decode(read_bytes(files["event.toml"])), "event.toml", findings)

    return Source(
        ".csv",
        {
            table.name: partial(grid, table.name, files[f"{table.name}.csv"])
            for table in TABLES
            if f"{table.name}.csv" in files
        },
        settings if "event.toml" in files else None,
    )


def open_workbook(path: Path, findings: Findings) -> Source:
    """Find the sheets of an event in a workbook; others are told."""
    if path.suffix.casefold() in _SINGLE_FILES:
        raise FileFault(
            say("is one file of an event"),
            say("give the folder that holds it, or an .xlsx workbook"),
        )
    workbook = Workbook(path)
    sheets = _by_key(workbook.sheet_names, findings)
    known = {table.name for table in TABLES} | {"event"}
    for key, name in sheets.items():
        if key not in known and key not in _HELP_SHEETS:
            findings.warnings.append(say("%(name)s: not a sheet of an event; left out", name=name))

    def settings() -> Settings:
        return read_sheet(workbook.grid(sheets["event"]), findings)

    return Source(
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
            findings.warnings.append(
                say("%(name)s: the same name as %(first)s; left out", name=name, first=first)
            )
    return by_key

"""Files that somebody sent: which they are, and what is wrong with what they hold."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.errors import ImportFileError, Problem
from scheduler.importers import Examined, examine_event
from scheduler.importers.columns import TABLES
from scheduler.importers.rows import header_key
from scheduler.model import Event
from webui.operations.log import RefusedError
from webui.operations.sheet_guesses import SHEETS, Guess, files_of, sheets_of

ROW_LIMIT = 100_000
FILE_NAMES = ("event.toml", *(f"{table.name}.csv" for table in TABLES))
WORKBOOK = "event.xlsx"
NAMED_BY: Mapping[str, frozenset[str]] = {
    "rooms": frozenset({"room_id", "lokale_id"}),
    "companies": frozenset({"company_id", "virksomhed_id", "id"}),
    "students": frozenset({"student_id", "studerende_id", "id"}),
}
"""Columns of other lists that name a row of this one, as files call them."""

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Findings:
    """What looking through an upload found.

    Parameters
    ----------
    problems
        Of the uploaded files; while there are any nothing is stored.
    elsewhere
        Problems of what is stored already and was not uploaded.
    examined
        None when nothing could be read at all.
    guesses
        What sheets may be that are called otherwise.
    first
        Lists that these files name and that are empty: they have to be stored before.
    """

    problems: tuple[Problem, ...]
    elsewhere: tuple[Problem, ...]
    warnings: tuple[str, ...]
    examined: Examined | None
    guesses: tuple[Guess, ...] = ()
    first: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether this may be stored."""
        return self.examined is not None and not self.problems and not self.first

    @property
    def has_settings(self) -> bool:
        """Whether the files say what event this is."""
        return self.examined is None or "event" in self.examined.tables


@dataclass(frozen=True, slots=True)
class Sent:
    """Files as somebody sent them.

    Parameters
    ----------
    files
        Those of an event, by their proper names.
    left_out
        Names of the others.
    guesses
        What the others may be.
    workbook
        What the workbook was called; empty when there is none.
    """

    files: Files
    left_out: tuple[str, ...]
    guesses: tuple[Guess, ...] = ()
    workbook: str = ""


def named(files: Collection[tuple[str, bytes]]) -> Sent:
    """Sort out uploaded files by their names.

    Raises
    ------
    RefusedError
        No file of an event among them, one twice, or a workbook beside others.
    """
    known: dict[str, bytes] = {}
    left_out: list[tuple[str, bytes]] = []
    workbook = ""
    for raw, content in files:
        plain = Path(raw.replace("\\", "/")).name
        name = plain.casefold()
        if name.endswith(".xlsx"):
            name, workbook = WORKBOOK, workbook or plain
        if name != WORKBOOK and name not in FILE_NAMES:
            left_out.append((raw, content))
        elif name in known:
            raise RefusedError("There are two files for %(name)s; send one.", name=name)
        else:
            known[name] = content
    guesses = files_of(left_out, known)
    if not known and guesses:
        raise RefusedError(
            "'%(name)s' looks like your %(list)s. Name it %(list)s.csv and send it again.",
            name=guesses[0].name,
            list=guesses[0].list_name,
        )
    if not known:
        raise RefusedError(
            "No file of an event is among these. Send a workbook (.xlsx), or %(names)s.",
            names=", ".join(FILE_NAMES),
        )
    if WORKBOOK in known and len(known) > 1:
        raise RefusedError("Send either one workbook or CSV files, not both.")
    return Sent(known, tuple(raw for raw, _ in left_out), guesses, workbook)


def look_through(files: Files, stored: Event | None, *, workbook: str = WORKBOOK) -> Findings:
    """Read uploaded files; what they lack comes from the stored event, where there is one.

    Parameters
    ----------
    workbook
        What the person who sent it calls the workbook.

    Raises
    ------
    RefusedError
        A workbook without any list of an event.
    """
    guesses: tuple[Guess, ...] = ()
    rest = None
    if stored is not None:
        rest = replace(stored, preferences=(), shortlist=(), absences=(), decisions=())
    with tempfile.TemporaryDirectory(prefix="company-dating-") as place:
        own = Path(place)
        for name, content in files.items():
            (own / name).write_bytes(content)
        path = own / WORKBOOK if WORKBOOK in files else own
        try:
            examined = examine_event(path, row_limit=ROW_LIMIT, rest=rest)
        except ImportFileError as error:
            called = workbook if WORKBOOK in files else ""
            problems = tuple(
                replace(own, file=called or Path(own.file).name) for own in error.problems
            )
            return Findings(problems, (), (), None)
        if WORKBOOK in files:
            sheets, guesses = sheets_of(path)
            _refuse_foreign(workbook, sheets, guesses)
    if stored is None:
        return Findings(examined.problems, (), examined.loaded.warnings, examined, guesses)
    stored_tables = {table.name for table in TABLES} - examined.tables
    unseen = tuple(f"{name}{end}: " for name in stored_tables for end in ("", ".csv"))
    wrong, others = [], []
    for problem in examined.problems:
        if problem.table in examined.tables and not examined.is_added(problem):
            wrong.append(problem)
        elif problem.column != "room_id":  # a room that only the file lacks is kept
            others.append(problem)
    first = _needed_first(examined, wrong)
    return Findings(
        () if first else tuple(wrong),
        tuple(others),
        tuple(text for text in examined.loaded.warnings if not text.startswith(unseen)),
        examined,
        guesses,
        first,
    )


def _refuse_foreign(name: str, sheets: Collection[str], guesses: Collection[Guess]) -> None:
    """Refuse a workbook in which no sheet is called as a list of an event."""
    if {own.strip().casefold() for own in sheets} & set(SHEETS):
        return
    values = {"name": name, "found": ", ".join(sheets), "expected": ", ".join(SHEETS)}
    if not guesses:
        raise RefusedError(
            "'%(name)s' has no sheet of an event. Its sheets: %(found)s. "
            "Sheets of an event: %(expected)s.",
            **values,
        )
    own = next(iter(guesses))
    raise RefusedError(
        "'%(name)s' has no sheet of an event, but '%(sheet)s' looks like your %(list)s. "
        "Name that sheet %(list)s and send the workbook again.",
        **values,
        sheet=own.name,
        list=own.list_name,
    )


def _needed_first(examined: Examined, wrong: Collection[Problem]) -> tuple[str, ...]:
    """Lists that are empty, are not among the files, and are named by them."""
    event = examined.loaded.event
    lists = {"rooms": event.rooms, "companies": event.companies, "students": event.students}
    named = {header_key(problem.column) for problem in wrong}
    return tuple(
        name
        for name, rows in lists.items()
        if not rows and name not in examined.tables and named & NAMED_BY[name]
    )


def columns_of(examined: Examined) -> dict[str, set[str]]:
    """Columns that each file has, by the name of its table."""
    found: dict[str, set[str]] = {}
    for table in TABLES:
        grid = examined.grids.get(table.name)
        header = grid.header() if grid else None
        keys = {header_key(name) for name in header[1]} if header else set()
        found[table.name] = {c.name for c in table.columns if {c.name, c.danish} & keys}
    return found

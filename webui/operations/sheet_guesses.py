"""Sheets and files that are called otherwise than the format wants: which list they may be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scheduler.errors import ImportFileError
from scheduler.importers.columns import TABLES
from scheduler.importers.grid import FileFault, decode, parse_csv
from scheduler.importers.rows import header_key
from scheduler.importers.workbook import Workbook

NAMES: Mapping[str, tuple[str, ...]] = {
    "event": ("settings", "arrangement", "indstillinger"),
    "rooms": ("room", "hall", "halls", "lokaler", "lokale", "rum", "sale"),
    "companies": ("company", "firms", "virksomheder", "virksomhed", "firmaer", "firma"),
    "students": ("student", "participants", "studerende", "deltagere", "deltager", "tilmeldte"),
    "preferences": ("preference", "wishes", "ranks", "ønsker", "prioriteter", "prioritering"),
    "shortlist": ("shortlists", "veto", "virksomhedernes ønsker", "kortliste"),
    "unavailable": ("absence", "absences", "away", "fravær", "forfald"),
    "decisions": ("decision", "pins", "beslutninger", "beslutning"),
}
"""What people call the lists, beside the names of the format."""
SHEETS = tuple(NAMES)
HELP = ("help", "hjælp")
_MOST_SHEETS = 20


@dataclass(frozen=True, slots=True)
class Guess:
    """A sheet or file by its own name, and the list that it looks like."""

    name: str
    list_name: str


def sheets_of(workbook: Path) -> tuple[list[str], tuple[Guess, ...]]:
    """Names of a workbook's sheets, and what those may be that are none of an event.

    Nothing is guessed for a list that has its sheet.
    """
    try:
        book = Workbook(workbook)
        names = book.sheet_names
        known = {name.strip().casefold() for name in names}
        strange = [n for n in names if n.strip().casefold() not in (*SHEETS, *HELP)]
        headers = ((n, _header(book.grid(n).header())) for n in strange[:_MOST_SHEETS])
        return names, _guesses(headers, known)
    except (FileFault, ImportFileError):
        return [], ()


def files_of(left_out: Iterable[tuple[str, bytes]], known: Collection[str]) -> tuple[Guess, ...]:
    """What CSV files of other names may be; nothing for a list whose file is ``known``."""
    headers = []
    for raw, content in left_out:
        path = Path(raw.replace("\\", "/"))
        if path.suffix.casefold() != ".csv":
            continue
        try:
            rows = parse_csv(decode(content).partition("\n")[0])
        except FileFault:
            continue
        headers.append((path.name, _header((1, rows[0]) if rows else None)))
    return _guesses(headers, {"event", *(Path(own).stem for own in known)})


def _header(found: tuple[int, list[str]] | None) -> set[str]:
    return {header_key(cell) for cell in found[1]} if found else set()


def _guesses(headers: Iterable[tuple[str, set[str]]], known: Collection[str]) -> tuple[Guess, ...]:
    taken = set(known)
    found = []
    for name, keys in headers:
        own = _by_name(name) or _by_columns(keys)
        if own and own not in taken:
            taken.add(own)
            found.append(Guess(name, own))
    return tuple(found)


def _by_name(name: str) -> str:
    """The list that people call so; empty when none."""
    own = Path(name.strip().casefold()).stem
    return next((key for key, names in NAMES.items() if own == key or own in names), "")


def _by_columns(keys: set[str]) -> str:
    """The list whose needed columns are all there, of several the one with most; empty if none."""
    fitting = [
        (sum(bool({c.name, c.danish} & keys) for c in table.columns), table.name)
        for table in TABLES
        if all({c.name, c.danish} & keys for c in table.columns if c.is_required)
    ]
    return max(fitting)[1] if fitting else ""

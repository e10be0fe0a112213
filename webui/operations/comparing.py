"""What an import would change: new, changed, not in the files any more, list by list."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from scheduler.importers.columns import (
    COMPANIES,
    DECISIONS,
    ROOMS,
    SHORTLIST,
    STUDENTS,
    UNAVAILABLE,
    Column,
    Table,
)
from scheduler.importers.writer import cell_of, clock_of, setting_rows, table_values
from scheduler.model import Event

Key = tuple[str, ...]
Texts = dict[str, str]
Rows = tuple[Mapping[Key, Texts], Mapping[Key, Texts]]

ENTERED_COLUMNS: Mapping[str, str] = {
    "languages": "languages",
    "positions": "positions",
    "arrives": "times",
    "leaves": "times",
}
"""What a student enters, by the column of ``students`` it becomes."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "rooms": ("room_id",),
    "companies": ("company_id",),
    "students": ("student_id",),
    "shortlist": ("company_id", "student_id"),
    "unavailable": ("kind", "id", "start", "end"),
    "decisions": ("student_id", "company_id"),
}
"""Columns that tell one row of a list from another."""
TABLES_BY_NAME: Mapping[str, Table] = {
    table.name: table for table in (ROOMS, COMPANIES, STUDENTS, SHORTLIST, UNAVAILABLE, DECISIONS)
}
LISTS_IN_ORDER = (
    "rooms",
    "companies",
    "students",
    "preferences",
    "shortlist",
    "unavailable",
    "decisions",
)


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a list: its key, its name, and the columns that differ (old, new)."""

    key: Key
    label: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ListChange:
    """How a list of the files differs from the stored one.

    Parameters
    ----------
    missing
        Stored, but not in the files any more.
    entered
        Changes left out, because students entered these values themselves.
    named
        Stored and not in the list's file, but named in another one: they stay.
    stored
        How many rows the list has now.
    """

    name: str
    new: tuple[Change, ...]
    changed: tuple[Change, ...]
    missing: tuple[Change, ...]
    entered: tuple[Change, ...]
    named: tuple[Change, ...]
    stored: int = 0

    @property
    def is_mostly_missing(self) -> bool:
        """Whether most of what is stored is not in the file: perhaps it is the wrong one."""
        return 2 * len(self.missing) > self.stored

    @property
    def is_same(self) -> bool:
        """Whether there is nothing to store, nor to decide."""
        return not (self.new or self.changed or self.missing or self.entered)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every list that the files hold, and the settings that differ."""

    settings: tuple[tuple[str, str, str], ...]
    lists: tuple[ListChange, ...]

    @property
    def is_same(self) -> bool:
        """Whether storing the files would change nothing."""
        return not self.settings and all(own.is_same for own in self.lists)

    def digest(self, *, is_overwriting: bool) -> str:
        """Fingerprint of what storing would do.

        Parameters
        ----------
        is_overwriting
            Also of what students entered: without it their saves meanwhile change nothing here.
        """
        lists = [own if is_overwriting else replace(own, entered=()) for own in self.lists]
        return hashlib.sha256(repr((self.settings, lists)).encode()).hexdigest()

    def of(self, name: str) -> ListChange | None:
        """The change of one list; None for one that the files do not hold."""
        return next((own for own in self.lists if own.name == name), None)


def compare(
    old: Event,
    new: Event,
    *,
    tables: Collection[str],
    entered: Mapping[str, Collection[str]],
    columns: Mapping[str, Collection[str]] | None = None,
    named: Mapping[str, Collection[str]] | None = None,
    rows: Mapping[str, Rows] | None = None,
) -> Comparison:
    """Find what differs between what is stored and what was uploaded.

    Parameters
    ----------
    tables
        Those that the files hold; others are not looked at.
    entered
        By student: what they entered themselves (``wishes``, ``languages``, ``positions``,
        ``times``), which is then left alone.
    columns
        Those that the files have, by table; others stay as they are. None when they have all.
    named
        Ids that a list's own file lacks while another one names them, by table.
    rows
        As `differing` found them, where it was asked already.
    """
    rows = rows or differing(old, new, tables)
    settings: tuple[tuple[str, str, str], ...] = ()
    if "event" in tables:
        settings = settings_changed(old, new)
    return Comparison(
        settings,
        tuple(
            _compare_list(
                name,
                *rows[name],
                entered,
                None if columns is None or name == "preferences" else columns.get(name),
                (named or {}).get(name, ()),
                _count(old, name),
            )
            for name in LISTS_IN_ORDER
            if name in tables
        ),
    )


def differing(old: Event, new: Event, tables: Collection[str]) -> dict[str, Rows]:
    """Rows of each list that are not the same in both, as texts: the old ones, the new ones."""
    return {name: _differing(old, new, name) for name in LISTS_IN_ORDER if name in tables}


def _differing(old: Event, new: Event, name: str) -> Rows:
    has_same_times = old.opens_min == new.opens_min  # else a value is another time of day
    if has_same_times and _every(old, name) == _every(new, name):
        return {}, {}
    before, after = _values(old, name), _values(new, name)
    same: set[Key] = set()
    if has_same_times:
        same = {key for key, value in after.items() if before.get(key) == value}
    return (
        {key: _texts(old, name, value) for key, value in before.items() if key not in same},
        {key: _texts(new, name, value) for key, value in after.items() if key not in same},
    )


def settings_changed(old: Event, new: Event) -> tuple[tuple[str, str, str], ...]:
    """Settings that differ, but for the id: an event keeps its own."""
    before = {key: str(value) for key, value in setting_rows(old)}
    after = {key: str(value) for key, value in setting_rows(new)}
    return tuple(
        (key, before.get(key, ""), after.get(key, ""))
        for key in dict.fromkeys([*after, *before])
        if before.get(key, "") != after.get(key, "") and key != "event.id"
    )


def _every(event: Event, name: str) -> tuple[Any, ...]:
    """Values of a list as the event has them."""
    if name == "preferences":
        return event.preferences
    return table_values(event, TABLES_BY_NAME[name])


def _count(event: Event, name: str) -> int:
    """How many rows a list has; of the wishes, how many students have some."""
    if name == "preferences":
        return len({own.student_id for own in event.preferences})
    return len(_every(event, name))


def _values(event: Event, name: str) -> dict[Key, Any]:
    """Values of a list by key; of the wishes, a student's ranks and companies."""
    if name == "preferences":
        ranked: dict[Key, list[tuple[int, str]]] = defaultdict(list)
        for student_id, company_id, rank in event.preferences:
            ranked[student_id,].append((rank, company_id))
        return {key: sorted(own) for key, own in ranked.items()}
    table = TABLES_BY_NAME[name]
    readers = [
        (attrgetter(own.attribute or own.name), own)
        for key in KEYS[name]
        for own in table.columns
        if own.name == key
    ]
    return {
        tuple(_text(event, column, get(value)) for get, column in readers): value
        for value in _every(event, name)
    }


def _texts(event: Event, name: str, value: Any) -> Texts:
    """A row as texts, by column."""
    if name == "preferences":
        return {"wishes": "; ".join(f"{rank} {company}" for rank, company in value)}
    return {
        own.name: _text(event, own, getattr(value, own.attribute or own.name))
        for own in TABLES_BY_NAME[name].columns
    }


def _text(event: Event, column: Column, value: Any) -> str:
    if column.is_time:
        return "" if value is None else clock_of(event, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(cell_of(value))


def _compare_list(
    name: str,
    old: Mapping[Key, Texts],
    new: Mapping[Key, Texts],
    entered: Mapping[str, Collection[str]],
    columns: Collection[str] | None,
    named: Collection[str],
    stored: int,
) -> ListChange:
    added: list[Change] = []
    changed: list[Change] = []
    missing: list[Change] = []
    own_words: list[Change] = []
    elsewhere: list[Change] = []
    for key, texts in new.items():
        before = old.get(key)
        is_kept = _is_entered(name, key, entered)
        if before is None:
            change = Change(key, _label(texts, key))
            (own_words if is_kept else added).append(change)
            continue
        fields: list[tuple[str, str, str]] = []
        kept: list[tuple[str, str, str]] = []
        for column, text in texts.items():
            if columns is not None and column not in columns:
                continue
            if before.get(column, "") != text:
                by_student = is_kept or _is_entered(name, key, entered, column)
                (kept if by_student else fields).append((column, before.get(column, ""), text))
        if fields:
            changed.append(Change(key, _label(texts, key), tuple(fields)))
        if kept:
            own_words.append(Change(key, _label(texts, key), tuple(kept)))
    for key, texts in old.items():
        if key not in new:
            stays = own_words if _is_entered(name, key, entered) else missing
            (elsewhere if key[0] in named else stays).append(Change(key, _label(texts, key)))
    return ListChange(
        name,
        tuple(added),
        tuple(changed),
        tuple(missing),
        tuple(own_words),
        tuple(elsewhere),
        stored,
    )


def _is_entered(
    name: str, key: Key, entered: Mapping[str, Collection[str]], column: str = ""
) -> bool:
    """Whether a student entered this row, or this column of it."""
    if name == "students" and column in ENTERED_COLUMNS:
        return ENTERED_COLUMNS[column] in entered.get(key[0], ())
    if name == "preferences":
        return "wishes" in entered.get(key[0], ())
    if name == "unavailable":
        return key[0] == "student" and "times" in entered.get(key[1], ())
    return False


def _label(texts: Texts, key: Key) -> str:
    return texts.get("name") or " – ".join(key)

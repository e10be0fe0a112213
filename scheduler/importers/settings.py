"""``event.toml``, or the sheet ``event``: the settings and rules of an event."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.errors import Problem
from scheduler.importers import cells
from scheduler.importers.grid import FileFault, Grid
from scheduler.importers.rows import Findings, header_key
from scheduler.model import Break, Rules, Window
from scheduler.sentence import Sentence, say, table_word

REQUIRED = object()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of setting: how text becomes a value, and what TOML may hold for it."""

    parse: Callable[[str], Any]
    toml_types: tuple[type, ...]
    toml_form: Sentence


TEXT = Kind(cells.parse_text, (str,), say("text in quotation marks"))
ID = Kind(cells.parse_id, (str,), say("text in quotation marks"))
ZONE = Kind(cells.parse_timezone, (str,), say("text in quotation marks"))
LANGUAGE = Kind(
    cells.one_of(cells.DOCUMENT_LANGUAGES, say("en da")), (str,), say("text in quotation marks")
)
DATE = Kind(cells.parse_date, (dt.date, str), say("a date, such as 2026-11-26"))
TIME = Kind(cells.parse_clock, (dt.time, str), say('a time in quotation marks, such as "13:00"'))
WHOLE = Kind(cells.parse_whole, (int,), say("a whole number without quotation marks"))
FLAG = Kind(
    cells.one_of(cells.FLAGS, say("true false")),
    (bool,),
    say("true or false without quotation marks"),
)
WEIGHTS = Kind(cells.parse_weights, (list,), say("a list of whole numbers, such as [100, 80, 64]"))


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of an event: its value when absent, and one no rule complains about."""

    key: str
    kind: Kind
    absent: Any = REQUIRED
    fallback: Any = None


_DEFAULTS = Rules()


def _rule(name: str, kind: Kind, fallback: Any = None) -> Setting:
    absent = getattr(_DEFAULTS, name)
    return Setting(f"rules.{name}", kind, absent, absent if fallback is None else fallback)


SETTINGS = (
    Setting("event.id", ID, fallback="event"),
    Setting("event.name", TEXT, fallback="event"),
    Setting("event.language", LANGUAGE, "en", "en"),
    Setting("event.date", DATE, fallback=dt.date(2000, 1, 1)),
    Setting("event.timezone", ZONE, fallback="UTC"),
    Setting("event.start", TIME, fallback=0),
    Setting("event.end", TIME, fallback=cells.DAY_MIN),
    Setting("event.slot_min", WHOLE, fallback=1),
    Setting("event.changeover_min", WHOLE, fallback=0),
    _rule("max_meetings_per_student", WHOLE, cells.MORE_THAN_ANY),
    _rule("guaranteed_meetings_per_student", WHOLE, 0),
    _rule("max_in_a_row", WHOLE),
    _rule("building_change_min", WHOLE),
    _rule("require_language", FLAG),
    _rule("require_field", FLAG),
    _rule("require_position", FLAG),
    _rule("offer_unranked", FLAG),
    _rule("rank_weights", WEIGHTS),
    _rule("mutual_bonus", WHOLE),
    _rule("small_talk_bonus", WHOLE),
)
"""In the order in which they are written."""

_TIMES = ("event.start", "event.end", "event.slot_min", "event.changeover_min", "event.breaks")
_BREAK_KEY = re.compile(r"event\.breaks\.([0-9]{1,4})\.(start|end)")
SILENT_HEADERS = frozenset({"meaning", "betydning", ""})
"""Columns of the template's sheet ``event`` that explain."""


@dataclass(slots=True)
class Settings:
    """What was read: values by key, breaks in minutes since midnight, where each key stood."""

    label: str
    values: dict[str, Any] = field(default_factory=dict)
    breaks: list[tuple[int, int]] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def opens_min(self) -> int:
        """Minutes after midnight at which the window opens."""
        return int(self.values["event.start"])

    def window(self) -> Window:
        """Make the window; one with a slot each minute when its settings could not be read."""
        opens, closes = self.opens_min, self.values["event.end"]
        if any(key.startswith(_TIMES) for key in self.unread):
            return Window(closes - opens, 1, 0)
        breaks = tuple(Break(start - opens, end - opens) for start, end in self.breaks)
        slot_min, changeover_min = (
            self.values[key] for key in ("event.slot_min", "event.changeover_min")
        )
        return Window(closes - opens, slot_min, changeover_min, breaks)

    def rules(self) -> Rules:
        """Make the rules."""
        prefix = "rules."
        return Rules(
            **{k.removeprefix(prefix): v for k, v in self.values.items() if k.startswith(prefix)}
        )


def nothing_read(label: str) -> Settings:
    """Stand in for settings that are not there."""
    values = {setting.key: setting.fallback for setting in SETTINGS}
    return Settings(label, values, unread=set(values))


def read_toml(text: str, label: str, findings: Findings) -> Settings:
    """Read ``event.toml``.

    Raises
    ------
    FileFault
        It is not TOML; the message names the line.
    """
    try:
        # lone CR line ends are none in TOML
        document = tomllib.loads(text.replace("\r\n", "\n").replace("\r", "\n"))
    except (ValueError, RecursionError) as error:
        raise FileFault(
            say("is not TOML: %(error)s", error=str(error)), say("correct that line")
        ) from error
    raw = dict(_flattened(document))
    return _Reader(label, raw, {}, findings, is_toml=True).read()


def _flattened(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, section in document.items():
        if not isinstance(section, dict):
            yield name, section
            continue
        for key, value in section.items():
            is_breaks = (name, key) == ("event", "breaks") and isinstance(value, list)
            if not is_breaks or not all(isinstance(item, dict) for item in value):
                yield f"{name}.{key}", value
                continue
            for number, pause in enumerate(value, 1):
                for end, clock in pause.items():
                    yield f"event.breaks.{number}.{end}", clock
                if not pause:
                    yield f"event.breaks.{number}.start", ""


def read_sheet(grid: Grid, findings: Findings) -> Settings:
    """Read the sheet ``event`` with its columns ``key`` and ``value``.

    Raises
    ------
    FileFault
        It has no such columns.
    """
    header = grid.header()
    if header is None:
        raise FileFault(say("is empty"), say("begin it with the headers key, value"))
    number, names = header
    keys = [header_key(name) for name in names]
    at_key, at_value = _columns(keys)
    if at_key is None or at_value is None:
        raise FileFault(say("needs the columns key and value"), say("add them"), row=number)
    for place, name in enumerate(keys):
        if place not in (at_key, at_value) and name not in SILENT_HEADERS:
            text = say(
                "%(file)s, column %(column)s: not a column of %(table)s; left out",
                file=grid.label,
                table=table_word("event"),
                column=names[place].strip(),
            )
            findings.warnings.append(text)
    raw: dict[str, Any] = {}
    rows: dict[str, int] = {}
    for row, record in grid.rows(number):
        key = record[at_key].strip().casefold() if at_key < len(record) else ""
        if key in raw:
            findings.problems.append(
                Problem(
                    "event",
                    say("the key is there twice"),
                    say("keep one"),
                    column=key,
                    file=grid.label,
                    row=row,
                )
            )
            continue
        rows[key] = row
        raw[key] = record[at_value] if at_value < len(record) else ""
        if not key:
            findings.problems.append(
                Problem(
                    "event", say("a value without a key"), say("add one"), file=grid.label, row=row
                )
            )
    raw.pop("", None)
    return _Reader(grid.label, raw, rows, findings, is_toml=False).read()


def is_unfilled(grid: Grid) -> bool:
    """Whether a sheet ``event`` says neither id nor name nor date, as an empty template does."""
    header = grid.header()
    if header is None:
        return False
    at_key, at_value = _columns([header_key(name) for name in header[1]])
    if at_key is None or at_value is None:
        return False
    telling = {"event.id", "event.name", "event.date"}
    return not any(
        record[at_key].strip().casefold() in telling and record[at_value].strip()
        for _row, record in grid.rows(header[0])
        if len(record) > max(at_key, at_value)
    )


def _columns(keys: list[str]) -> tuple[int | None, int | None]:
    """Places of the columns ``key`` and ``value``."""
    at_key = next((keys.index(name) for name in ("key", "nøgle") if name in keys), None)
    at_value = next((keys.index(name) for name in ("value", "værdi") if name in keys), None)
    return at_key, at_value


class _Reader:
    def __init__(
        self,
        label: str,
        raw: dict[str, Any],
        rows: dict[str, int],
        findings: Findings,
        *,
        is_toml: bool,
    ) -> None:
        self._raw, self._findings, self._is_toml = raw, findings, is_toml
        self._settings = Settings(label, rows=rows)

    def read(self) -> Settings:
        settings = self._settings
        for setting in SETTINGS:
            settings.values[setting.key] = self._value(setting)
        self._read_breaks()
        known = {setting.key for setting in SETTINGS}
        for key, value in self._raw.items():
            if key not in known and not _BREAK_KEY.fullmatch(key):
                self._warn(key, value)
        return settings

    def _warn(self, key: str, value: Any) -> None:
        if key == "event.breaks":
            self._tell(
                key,
                say("is not a list of breaks"),
                say("write [[event.breaks]] with start and end"),
            )
            return
        try:
            cells.refuse_cpr(str(value).strip())
        except cells.CellError as error:
            self._tell(key, error.reason, error.remedy)
        self._findings.warnings.append(
            say(
                "%(file)s, %(key)s: not a setting of an event; left out",
                file=self._settings.label,
                key=key,
            )
        )

    def _value(self, setting: Setting) -> Any:
        try:
            text = self._text(setting.key, setting.kind)
            if text:
                return setting.kind.parse(text)
            if setting.absent is not REQUIRED:
                return setting.absent
            raise cells.CellError(say("is missing"), say("write it into the event's settings"))
        except cells.CellError as error:
            self._tell(setting.key, error.reason, error.remedy)
            return setting.fallback

    def _text(self, key: str, kind: Kind) -> str:
        """Give a value as the text that a cell would hold; TOML is strict about its types."""
        value = self._raw.get(key, "")
        if self._is_toml and key in self._raw:
            is_type = isinstance(value, kind.toml_types)
            is_stray = isinstance(value, dt.datetime) or (
                isinstance(value, bool) and bool not in kind.toml_types
            )
            if not is_type or is_stray or not _holds_whole_numbers(value):
                shown = cells.shown(str(value))
                raise cells.CellError(
                    say("'%(value)s' is %(kind)s", value=shown, kind=_type_name(value)),
                    say("write %(form)s", form=kind.toml_form),
                )
        if isinstance(value, list):
            return ";".join(map(str, value)) or ";"
        return cells.clean(str(value).lower() if isinstance(value, bool) else str(value))

    def _read_breaks(self) -> None:
        numbers = {int(m[1]) for key in self._raw if (m := _BREAK_KEY.fullmatch(key))}
        for number in sorted(numbers):
            names = [f"event.breaks.{number}.{end}" for end in ("start", "end")]
            given = [str(self._raw.get(name, "")).strip() for name in names]
            if not any(given) and not self._is_toml:
                continue
            start, end = (self._value(Setting(name, TIME)) for name in names)
            if start is not None and end is not None:
                self._settings.breaks.append((start, end))

    def _tell(self, key: str, reason: Sentence, remedy: Sentence) -> None:
        self._settings.unread.add(key)
        self._findings.problems.append(
            Problem(
                "event",
                reason,
                remedy,
                column=key,
                file=self._settings.label,
                row=self._settings.rows.get(key),
            )
        )


def _holds_whole_numbers(value: Any) -> bool:
    return not isinstance(value, list) or all(type(item) is int for item in value)


def _type_name(value: Any) -> Sentence:
    names: dict[type, Sentence] = {
        str: say("text"),
        bool: say("true or false"),
        int: say("a whole number"),
        float: say("a decimal number"),
        list: say("a list"),
        dict: say("a table"),
        dt.datetime: say("a date with a time"),
        dt.date: say("a date"),
        dt.time: say("a time"),
    }
    return names.get(type(value), say("something else"))

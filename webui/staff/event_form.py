"""The form of an event's settings: read as ``event.toml`` is, checked by the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from scheduler.errors import with_remedy
from scheduler.importers.cells import CellError, clean
from scheduler.importers.settings import REQUIRED, SETTINGS, TIME, Setting
from scheduler.importers.writer import cell_of
from scheduler.model import Break, Event, Rules, Window
from scheduler.sentence import say
from scheduler.validation import check
from webui.store import EventRow
from webui.words.filters import clock
from webui.words.sentences import whole

BREAKS_SHOWN = 4
"""Breaks that the form has room for."""

COLUMNS = {
    "event.id": "key",
    "event.name": "name",
    "event.language": "language",
    "event.date": "date",
    "event.timezone": "timezone",
    "event.start": "start_min",
    "event.end": "end_min",
    "event.slot_min": "slot_min",
    "event.changeover_min": "changeover_min",
}
"""Column of the stored event for each setting."""
STORED = (*(own for own in COLUMNS.values() if own != "key"), "breaks", "rules")
"""Columns that the form changes; the key of an event stays."""
FLAGS = ("require_language", "require_field", "require_position", "offer_unranked")


@dataclass(slots=True)
class EventForm:
    """Settings as typed, what they mean, and what is wrong with them.

    Attributes
    ----------
    texts
        As typed, by the key of the setting.
    errors
        By the key of the setting; empty when the form can be stored.
    """

    texts: dict[str, str]
    breaks: list[tuple[str, str]]
    errors: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    pauses: list[list[int]] = field(default_factory=list)

    def stored(self) -> dict[str, Any]:
        """Columns of `EventRow`."""
        values = {column: self.values[key] for key, column in COLUMNS.items()}
        rules = {
            key.removeprefix("rules."): value
            for key, value in self.values.items()
            if key.startswith("rules.")
        }
        rules["rank_weights"] = list(rules["rank_weights"])
        return {**values, "breaks": self.pauses, "rules": rules}

    def window(self) -> Window:
        """The window as typed; without slots while it cannot be read."""
        start, end = self.values.get("event.start"), self.values.get("event.end")
        if start is None or end is None:
            return Window(0, 0, 0)
        return Window(
            end - start,
            self.values.get("event.slot_min") or 0,
            self.values.get("event.changeover_min") or 0,
            tuple(Break(first - start, last - start) for first, last in self.pauses),
        )


def of_row(row: EventRow) -> EventForm:
    """Fill the form with what is stored."""
    texts = {key: _text(getattr(row, column)) for key, column in COLUMNS.items()}
    texts["event.start"], texts["event.end"] = clock(row.start_min), clock(row.end_min)
    defaults = {name: getattr(Rules(), name) for name in Rules.__dataclass_fields__}
    for setting in SETTINGS:
        section, _, name = setting.key.partition(".")
        if section == "rules":
            value = row.rules.get(name, defaults[name])
            texts[setting.key] = _text(tuple(value) if isinstance(value, list) else value)
    return _understood(EventForm(texts, [(clock(start), clock(end)) for start, end in row.breaks]))


def empty(defaults: Mapping[str, str]) -> EventForm:
    """Fill a new event's form with the usual values."""
    texts = {
        setting.key: "" if setting.absent is REQUIRED else _text(setting.absent)
        for setting in SETTINGS
    }
    return EventForm({**texts, **defaults}, [])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(cell_of(value)) if isinstance(value, tuple) else str(value)


def read(form: MultiDict[str, str], *, key: str) -> EventForm:
    """Read what was typed; every error stands at its setting.

    Parameters
    ----------
    key
        Of the event; an existing one never changes it.
    """
    texts = {setting.key: form.get(setting.key, "") for setting in SETTINGS} | {"event.id": key}
    for name in FLAGS:
        texts[f"rules.{name}"] = "true" if f"rules.{name}" in form else "false"
    starts, ends = form.getlist("break_start"), form.getlist("break_end")
    return _understood(
        EventForm(texts, [pair for pair in zip(starts, ends, strict=False) if any(pair)])
    )


def _understood(own: EventForm) -> EventForm:
    texts = own.texts
    for setting in SETTINGS:
        _read(own, setting, texts[setting.key])
    for number, (start, end) in enumerate(own.breaks, 1):
        pause = [_read(own, Setting(f"event.breaks.{number}", TIME), text) for text in (start, end)]
        if None not in pause:
            own.pauses.append(pause)
    if not own.errors:
        _check(own)
    own.errors = {key: whole(text) for key, text in own.errors.items()}
    return own


def _read(own: EventForm, setting: Setting, raw: str) -> Any:
    try:
        text = clean(raw)
        if text:
            value = setting.kind.parse(text)
        elif setting.absent is REQUIRED:
            raise CellError(say("this has to be filled in"))
        else:
            value = setting.absent
    except CellError as error:
        own.errors.setdefault(setting.key, with_remedy(error.reason, error.remedy))
        return None
    own.values[setting.key] = value
    return value


def _check(own: EventForm) -> None:
    values = own.values
    rules = {k.removeprefix("rules."): v for k, v in values.items() if k.startswith("rules.")}
    event = Event(
        event_id=values["event.id"],
        name=values["event.name"],
        date=values["event.date"],
        timezone=values["event.timezone"],
        opens_min=values["event.start"],
        window=own.window(),
        rooms=(),
        companies=(),
        students=(),
        preferences=(),
        rules=Rules(**rules),
        language=values["event.language"],
    )
    for problem in check(event):
        if problem.table == "event":
            key = (
                problem.column if problem.column in own.texts else problem.column.rsplit(".", 1)[0]
            )
            own.errors.setdefault(key, with_remedy(problem.reason, problem.remedy))

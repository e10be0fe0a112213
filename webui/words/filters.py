"""Filters of the templates: dates, times, numbers, languages in the reader's form."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_date, format_decimal, format_percent, get_locale

from scheduler.reports.words import date_in_words, language_name
from webui.words.columns import column_help, column_name, list_name, value_name


def clock(minute: int | None) -> str:
    """Minutes after midnight as ``HH:MM``; empty for none."""
    return "" if minute is None else f"{minute // 60:02d}:{minute % 60:02d}"


def day(date: dt.date, *, is_long: bool = False) -> str:
    """A date in the reader's form."""
    if is_long:
        return date_in_words(date, str(get_locale() or "en"))
    return str(format_date(date, f"{_short_day()} yyyy", rebase=False))


def moment(at: dt.datetime | None, zone: str = "Europe/Copenhagen") -> str:
    """Date and time in a zone, in the reader's form; empty for none."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone))
    return f"{format_date(local.date(), _short_day(), rebase=False)} {local:%H:%M}"


def _short_day() -> str:
    """Day and month as short as they stay clear: Danish has a full stop after the day."""
    return "EEE d. MMM" if str(get_locale()) == "da" else "EEE d MMM"


def number(value: float) -> str:
    """A number in the reader's form."""
    return str(format_decimal(value))


def file_size(size: int) -> str:
    """Bytes as kilobytes or megabytes in the reader's form."""
    unit, of = ("kB", 1e3) if size < 1_000_000 else ("MB", 1e6)
    return f"{format_decimal(size / of, format='0.0')}\u00a0{unit}"


def percent(value: float) -> str:
    """A share in the reader's form."""
    return str(format_percent(value))


def spoken(code: str) -> str:
    """Name of a language in the reader's language."""
    return language_name(code, str(get_locale() or "en"))


def spoken_within(code: str) -> str:
    """The name of a language within a sentence, where Danish writes it small."""
    name = spoken(code)
    return name[:1].lower() + name[1:] if str(get_locale()) == "da" else name


def install(app: Flask) -> None:
    """Give the templates these filters."""
    app.jinja_env.filters.update(
        clock=clock,
        file_size=file_size,
        day=day,
        moment=moment,
        number=number,
        percent=percent,
        spoken=spoken,
        spoken_within=spoken_within,
        list_name=list_name,
        column_name=column_name,
        column_help=column_help,
        value_name=value_name,
    )

"""The words of reports: languages, positions, dates and labels, in English and Danish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from scheduler.model import Language, LanguageNeed, Position, Proficiency
from scheduler.model.language_names import LANGUAGE_NAMES
from scheduler.reports.labels import LABELS

LANGUAGES = ("en", "da")
"""Languages a report can be in."""

_POSITION_NAMES = {
    Position.INTERNSHIP: ("Internship", "Praktik"),
    Position.STUDENT_JOB: ("Student job", "Studiejob"),
    Position.FULL_TIME: ("Full-time job", "Fuldtidsjob"),
}

_NATIVE = ("native", "modersmål")
_OR = ("or", "eller")

_DAYS = (
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
)
_MONTHS = (
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ],
)


def _column(language: str) -> int:
    return 1 if language == "da" else 0


def label(key: str, language: str, **values: object) -> str:
    """The label ``key`` in a language, its ``{name}`` places filled from ``values``.

    Counts choose the singular: with ``count=1`` the key ``<key>.one`` is taken where it exists.
    A language without documents reads as English.
    """
    if values.get("count") == 1 and f"{key}.one" in LABELS:
        key = f"{key}.one"
    return LABELS[key][_column(language)].format(**values)


def language_name(code: str, language: str) -> str:
    """The name of a BCP 47 code: the code whole, else its first part, else it in capitals."""
    code = code.lower()
    names = LANGUAGE_NAMES.get(code)
    if names is None and "-" in code:
        base, region = code.split("-", 1)
        names = LANGUAGE_NAMES.get(base)
        if names is not None:
            return f"{names[_column(language)]} ({region.upper()})"
    return names[_column(language)] if names else code.upper()


def proficiency_name(proficiency: Proficiency, language: str) -> str:
    """The level in words: the CEFR level itself, or that it is the mother tongue."""
    if proficiency is Proficiency.NATIVE:
        return _NATIVE[_column(language)]
    return str(proficiency)


def spoken(languages: Iterable[Language], language: str) -> str:
    """What somebody speaks, best first: ``Danish (native), English C1``."""
    ordered = sorted(languages, key=lambda item: (-item.proficiency, item.code))
    names = [_language_at_level(item, language) for item in ordered]
    return ", ".join([*names[:1], *(_within(name, language) for name in names[1:])])


def asked(needs: Iterable[LanguageNeed], language: str) -> str:
    """What a company asks for: ``English C1, German B2 or French B2``."""
    either = f" {_OR[_column(language)]} "
    text = ", ".join(
        either.join(_within(_language_at_level(item, language), language) for item in need)
        for need in needs
    )
    return text[:1].upper() + text[1:]


def _within(name: str, language: str) -> str:
    """The name of a language after other words: Danish writes it small."""
    return name[:1].lower() + name[1:] if language == "da" else name


def _language_at_level(item: Language, language: str) -> str:
    name = language_name(item.code, language)
    level = proficiency_name(item.proficiency, language)
    return f"{name} ({level})" if item.proficiency is Proficiency.NATIVE else f"{name} {level}"


def positions_in_words(positions: Iterable[Position], language: str) -> str:
    """Positions, the first with a capital: ``Internship, student job``."""
    names = [_POSITION_NAMES[position][_column(language)] for position in positions]
    return ", ".join([*names[:1], *(name[0].lower() + name[1:] for name in names[1:])])


def date_in_words(date: dt.date, language: str) -> str:
    """``Thursday 26 November 2026``, ``torsdag den 26. november 2026``."""
    column = _column(language)
    day, month = _DAYS[column][date.weekday()], _MONTHS[column][date.month - 1]
    if column:
        return f"{day} den {date.day}. {month} {date.year}"
    return f"{day} {date.day} {month} {date.year}"

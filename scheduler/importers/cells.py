"""One parser for every kind of cell: cleaned text in, a value or a clear fault out."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import zoneinfo
from collections.abc import Callable, Mapping

from scheduler.files import unprotect
from scheduler.model import DecisionKind, PersonKind, Position
from scheduler.sentence import NOTHING, Grouped, Sentence, say

DAY_MIN = 24 * 60

_CPR = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})-?[0-9]{4}")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_CONTROL_BUT_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|I/T|VÆRDI!|NAVN\?|REFERENCE!)")
_WHOLE = re.compile(r"([+-]?)([0-9]+)(?:[.,]0{1,2})?")
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:[:.]([0-9]{2}))?(?: ?([AaPp])\.?[Mm]\.?)?")
_DAY_FRACTION = re.compile(r"0?[.,][0-9]+|0")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00)?)?")
_DANISH_DATE = re.compile(r"([0-9]{1,2})[-.]([0-9]{1,2})[-.]([0-9]{4})")
_EMAIL = re.compile(r"[^\s@,;<>()]+@[^\s@,;<>()]+\.[^\s@,;<>().]+")
_EXCEL_DAY = re.compile(r"[0-9]{5}")
_EXCEL_EPOCH = dt.date(1899, 12, 30)

POSITIONS: Mapping[str, Position] = {
    **{position.value: position for position in Position},
    "praktik": Position.INTERNSHIP,
    "studiejob": Position.STUDENT_JOB,
    "fuldtid": Position.FULL_TIME,
}
VERDICTS: Mapping[str, bool] = {"yes": True, "no": False, "ja": True, "nej": False}
FLAGS: Mapping[str, bool] = {
    "true": True,
    "yes": True,
    "sand": True,
    "ja": True,
    "1": True,
    "false": False,
    "no": False,
    "falsk": False,
    "nej": False,
    "0": False,
}
PERSON_KINDS: Mapping[str, PersonKind] = {
    **{kind.value: kind for kind in PersonKind},
    "studerende": PersonKind.STUDENT,
    "virksomhed": PersonKind.COMPANY,
}
DECISION_KINDS: Mapping[str, DecisionKind] = {
    **{kind.value: kind for kind in DecisionKind},
    "fasthold": DecisionKind.PIN,
    "forbyd": DecisionKind.FORBID,
}
DOCUMENT_LANGUAGES: Mapping[str, str] = {"en": "en", "da": "da"}

MORE_THAN_ANY = 10**9
"""Whole numbers are below this; it stands in where a limit could not be read."""


class CellError(ValueError):
    """A cell that cannot be read: what is wrong, and what to do about it."""

    def __init__(self, reason: Sentence, remedy: Sentence = NOTHING) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


def shown(text: str) -> str:
    """Show a value in a message: on one line, not endless."""
    short = text if len(text) <= 60 else f"{text[:57]}..."
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short)


def clean(raw: str, *, may_have_lines: bool = False) -> str:
    """Strip a cell, take off the ``'`` that protects it, normalise it (NFC).

    Raises
    ------
    CellError
        A control character, a spreadsheet's error value, or a CPR number (never repeated).
    """
    text = unicodedata.normalize("NFC", unprotect(raw.strip()).strip())
    refuse_cpr(text)
    if _ERROR.fullmatch(text):
        raise CellError(
            say("'%(value)s' is an error of the spreadsheet", value=shown(text)),
            say("correct the formula"),
        )
    if may_have_lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = (_CONTROL_BUT_LINES if may_have_lines else _CONTROL).search(text)
    if found:
        reason = say("'%(value)s' holds a control character", value=shown(text))
        if found[0] in "\r\n\u2028\u2029":
            reason = say("'%(value)s' holds a line break", value=shown(text))
        raise CellError(reason, say("type the value again on one line"))
    return text


def refuse_cpr(text: str) -> None:
    """Refuse a Danish civil registration number (DDMMYY-SSSS); nothing here needs one.

    Raises
    ------
    CellError
        The whole text has the form of one and its first six digits are a date.
    """
    found = _CPR.fullmatch(text) if len(text) in (10, 11) else None
    if found is None:
        return
    day, month, year = (int(part) for part in found.groups())
    try:
        dt.date(2000 + year, month, day)
    except ValueError:
        return
    raise CellError(say("this looks like a CPR number"), say("delete it and use another id"))


def parse_text(text: str) -> str:
    """Take text as it stands."""
    return text


def parse_id(text: str) -> str:
    """Read an id, exactly as written.

    Raises
    ------
    CellError
        It begins as a formula does.
    """
    if text[0] in "=+-@'":
        raise CellError(
            say("the id '%(value)s' begins with %(first)s", value=shown(text), first=text[0]),
            say("begin it with a letter or a digit"),
        )
    return text


def parse_email(text: str) -> str:
    """Take one e-mail address as it stands.

    Raises
    ------
    CellError
        It has not the form of one: a name, @ and a domain with a dot.
    """
    if not _EMAIL.fullmatch(text):
        raise CellError(
            say("'%(value)s' is not an e-mail address", value=shown(text)),
            say("write one such as ann@example.org, or leave it empty"),
        )
    return text


def parse_whole(text: str) -> int:
    """Read a whole number of 0 or more; ``7.0`` and ``7,0`` are 7.

    Raises
    ------
    CellError
        Not a whole number, below 0, or 1,000,000,000 or more.
    """
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise CellError(
            say("'%(value)s' is not a whole number", value=shown(text)),
            say("write digits only, such as 12"),
        )
    if len(found[2].lstrip("0")) > 9:
        raise CellError(
            say("'%(value)s' is too large", value=shown(text)),
            say("write less than %(limit)s", limit=Grouped(MORE_THAN_ANY)),
        )
    number = int(found[2])
    if found[1] == "-" and number:
        raise CellError(say("'%(value)s' is below 0", value=shown(text)), say("write 0 or more"))
    return number


def parse_clock(text: str) -> int:
    """Read a time of day, in minutes since midnight (24:00 is the end of the day).

    Raises
    ------
    CellError
        Not a time, or not a whole minute.

    Notes
    -----
    ``13:00``, ``13.00``, ``13:00:00`` and ``1:00 PM``, and what a spreadsheet stores: a fraction
    of a day, ``0,5417``, rounded to the minute as its last digit allows. ``0.25`` is therefore
    six in the morning; a quarter past midnight is ``00.25``.
    """
    if _DAY_FRACTION.fullmatch(text):
        return _minute_of_fraction(text)
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise CellError(
            say("'%(value)s' is not a time", value=shown(text)),
            say("write it as HH:MM, such as 13:00"),
        )
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            raise CellError(
                say("'%(value)s' is not a time", value=shown(text)),
                say("write it as HH:MM, such as 13:00"),
            )
        hour = hour % 12 + (12 if found[4] in "Pp" else 0)
    total = hour * 60 + minute
    if minute > 59 or second > 59 or total > DAY_MIN:
        raise CellError(
            say("'%(value)s' is not a time of day", value=shown(text)), say("write 00:00 to 24:00")
        )
    if second:
        raise CellError(
            say("'%(value)s' has seconds", value=shown(text)),
            say("write whole minutes, such as 13:00"),
        )
    return total


def _minute_of_fraction(text: str) -> int:
    digits = text.lstrip("0").lstrip(".,")
    minutes = float("0." + digits) * DAY_MIN if digits else 0.0
    allowed = 0.5 * 10.0 ** -len(digits) * DAY_MIN + 0.01
    if abs(minutes - round(minutes)) > allowed:
        raise CellError(
            say("'%(value)s' is not a whole minute", value=shown(text)),
            say("write it as HH:MM, such as 13:00"),
        )
    return round(minutes)


def parse_date(text: str) -> dt.date:
    """Read a date: ``2026-11-26``, ``26-11-2026``, ``26.11.2026`` or a spreadsheet's day number.

    Raises
    ------
    CellError
        Not a date, or one with slashes, which two countries read differently.
    """
    found, danish = _DATE.fullmatch(text), _DANISH_DATE.fullmatch(text)
    try:
        if found:
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
        if danish:
            return dt.date(int(danish[3]), int(danish[2]), int(danish[1]))
        if _EXCEL_DAY.fullmatch(text):
            return _EXCEL_EPOCH + dt.timedelta(days=int(text))
    except ValueError:
        pass
    raise CellError(
        say("'%(value)s' is not a date", value=shown(text)), say("write it as 2026-11-26")
    )


def parse_timezone(text: str) -> str:
    """Read the name of a time zone (IANA).

    Raises
    ------
    CellError
        There is no zone of this name.
    """
    try:
        return zoneinfo.ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        raise CellError(
            say("'%(value)s' is not a time zone", value=shown(text)),
            say("write one such as Europe/Copenhagen"),
        ) from None


def parse_website(text: str) -> str:
    """Read a web address, with or without ``http(s)://``.

    Raises
    ------
    CellError
        Another scheme, such as ``javascript:``.
    """
    scheme, colon, _ = text.partition(":")
    if colon and scheme.casefold() not in ("http", "https") and "/" not in scheme:
        raise CellError(
            say("'%(value)s' is not a web address", value=shown(text)),
            say("begin it with https://"),
        )
    return text


def parse_weights(text: str) -> tuple[int, ...]:
    """Read whole numbers with ``;`` between them; ``;`` alone is none.

    Raises
    ------
    CellError
        One of them is not a whole number of 0 or more.
    """
    return tuple(parse_whole(item) for item in items(text))


def parse_words(text: str) -> tuple[str, ...]:
    """Read free words with ``;`` between them."""
    return tuple(items(text))


def parse_positions(text: str) -> tuple[Position, ...]:
    """Read positions with ``;`` between them; one that is there twice counts once.

    Raises
    ------
    CellError
        One of them is no position.
    """
    return tuple(dict.fromkeys(_position(item) for item in items(text)))


def _position(item: str) -> Position:
    position = POSITIONS.get(re.sub(r"[\s-]+", "_", item.casefold()))
    if position is None:
        raise CellError(
            say(
                "'%(value)s' is not a position (%(positions)s)",
                value=shown(item),
                positions=say("internship student_job full_time"),
            ),
            say("put ; between several"),
        )
    return position


def items(text: str) -> list[str]:
    """Split at ``;``; blanks around an item and empty items are left out."""
    return [item for item in map(str.strip, text.split(";")) if item]


def one_of(words: Mapping[str, object], names: Sentence) -> Callable[[str], object]:
    """Make a parser for one of a few words, without regard to case; ``names`` lists them."""

    def parse(text: str) -> object:
        value = words.get(text.casefold())
        if value is None:
            raise CellError(
                say("'%(value)s' is not one of %(names)s", value=shown(text), names=names),
                say("correct it"),
            )
        return value

    return parse

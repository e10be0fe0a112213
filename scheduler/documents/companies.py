"""Day sheets: who sits when at one company table, with space to write (A4 landscape)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from scheduler.documents.lines import unbroken
from scheduler.documents.paper import Page
from scheduler.documents.pen import (
    A4_LANDSCAPE,
    GREY,
    MARGIN,
    MM,
    Fit,
    Pen,
    Style,
    text_width,
)
from scheduler.reports import Guest, TableSheet, Turn, TurnKind

_WIDTH = A4_LANDSCAPE[0] - 2 * MARGIN
_TOP = A4_LANDSCAPE[1] - MARGIN
_HEAD_HEIGHT = 31 * MM
_BODY = _TOP - MARGIN - _HEAD_HEIGHT - 6 * MM
_GUEST = 11.6 * MM
_SECOND_LINE = 3 * MM
_NAME_HIGHER = 2 * MM
_PAUSE = 5.5 * MM

_X_TIME = 0.0
_X_NAME = 24 * MM
_X_LANGUAGES = 99 * MM
_GUEST_WIDTH = _X_LANGUAGES - _X_NAME - 3 * MM
_X_LOOKS = 145 * MM
_X_NOTES = 181 * MM
_BOX = 4.2 * MM
_BOX_STEP = 13 * MM
_X_BOXES = _WIDTH - 3 * _BOX_STEP

_HEAD = Style(8, grey=GREY)
_TIME = Style(12, bold=True)
_NAME = Style(11.5, bold=True, least=6.5)
_CELL = Fit(2, single=7.5, is_centred=True)
_SMALL = Style(8, grey=GREY, least=5)
_PROGRAMME = Style(8, grey=GREY, least=6.5)
_TWO = Fit(2, single=7)
_WORDS = Style(8.5, least=6)
_QUIET = Style(9.5, grey=GREY)


@dataclass(frozen=True, slots=True)
class _Line:
    """A guest, or a turn without one; the time stands before the first guest only."""

    turn: Turn
    guest: Guest | None
    is_first: bool

    @property
    def height(self) -> float:
        """Space on the page; a pause needs no place to write."""
        if self.turn.kind in (TurnKind.BREAK, TurnKind.AWAY):
            return _PAUSE
        if self.guest is None or not _is_two(self.guest.programme, _PROGRAMME, _TWO):
            return _GUEST
        return _GUEST + _SECOND_LINE - _name_rise(self.guest)


def _is_two(text: str, style: Style, fit: Fit) -> bool:
    return text_width(text, style) / style.size * fit.single > _GUEST_WIDTH


def _name_rise(guest: Guest) -> float:
    """How much higher a name stands than usual, to make room for a programme on two lines."""
    is_alone = not _is_two(guest.name, _NAME, _CELL)
    return _NAME_HIGHER if is_alone and _is_two(guest.programme, _PROGRAMME, _TWO) else 0.0


def company_pages(sheets: Sequence[TableSheet]) -> list[Page]:
    """Each table on a page of its own, on more when its turns need them."""
    pages: list[Page] = []
    for sheet in sheets:
        for index, lines in enumerate(_fill(sheet)):
            pages.append(partial(_page, sheet, lines, index > 0))
    return pages


def _fill(sheet: TableSheet) -> Iterator[list[_Line]]:
    """Turns on pages: a turn stays together unless it alone fills a page."""
    page: list[_Line] = []
    left = _BODY
    for turn in sheet.turns:
        guests: tuple[Guest | None, ...] = turn.guests or (None,)
        lines = [_Line(turn, guest, not i) for i, guest in enumerate(guests)]
        height = sum(line.height for line in lines)
        if page and height > left and (height <= _BODY or left < lines[0].height):
            yield page
            page, left = [], _BODY
        for line in lines:
            if page and line.height > left:
                yield page
                page, left = [], _BODY
                line = _Line(line.turn, line.guest, True)
            page.append(line)
            left -= line.height
    yield page


def _page(sheet: TableSheet, lines: Sequence[_Line], is_continued: bool, pen: Pen) -> None:
    _head(pen, sheet, is_continued)
    y = _TOP - _HEAD_HEIGHT
    _column_heads(pen, y)
    y -= 2 * MM
    pen.rule(MARGIN, y, _WIDTH, weight=0.9)
    if not lines:
        pen.text(MARGIN, y - 8 * MM, pen.label("no_place"), _QUIET)
    for index, line in enumerate(lines):
        _row(pen, line, y)
        y -= line.height
        is_turn_end = index + 1 == len(lines) or lines[index + 1].is_first
        inset = 0 if is_turn_end else _X_NAME
        pen.rule(MARGIN + inset, y, _WIDTH - inset, grey=0.45 if is_turn_end else 0.7)
    pen.foot()


def _head(pen: Pen, sheet: TableSheet, is_continued: bool) -> None:
    number = pen.label("table_number", number=sheet.table if sheet.table is not None else "–")
    y = _TOP - 12.5 * MM
    drawn = pen.text(A4_LANDSCAPE[0] - MARGIN, y, number, Style(30, bold=True), align="right")
    width = _WIDTH - drawn - 8 * MM
    kind = pen.label("companies")
    if sheet.count > 1:
        kind += " · " + pen.label("table_of_tables", number=sheet.number, count=sheet.count)
    if is_continued:
        kind += " · " + pen.label("continued")
    pen.text(MARGIN, _TOP - 3.5 * MM, kind, Style(8.5, bold=True, grey=GREY), width=width)
    pen.text(MARGIN, y, sheet.company, Style(24, bold=True, least=11), width=width)
    facts = [
        (pen.label(key), words)
        for key, words in (("offers", sheet.offers), ("asks_for", sheet.asks_for))
        if words
    ]
    place = ", ".join(part for part in (sheet.room, sheet.building) if part)
    y -= 8 * MM
    used = pen.text(
        A4_LANDSCAPE[0] - MARGIN, y, place, Style(10, least=7), align="right", width=90 * MM
    )
    text = " · ".join(f"{name}: {words}" for name, words in facts)
    pen.text(
        MARGIN,
        y,
        text,
        Style(9, grey=GREY, least=7),
        width=_WIDTH - used - 6 * MM,
        whose=sheet.company,
    )


def _column_heads(pen: Pen, y: float) -> None:
    for x, key in (
        (_X_TIME, "time"),
        (_X_NAME, "student"),
        (_X_LANGUAGES, "languages"),
        (_X_LOOKS, "looks_for"),
        (_X_NOTES, "notes"),
    ):
        pen.text(MARGIN + x, y, pen.label(key), _HEAD)
    for index, key in enumerate(("yes", "maybe", "no")):
        pen.text(MARGIN + _box_x(index) + _BOX / 2, y, pen.label(key), _HEAD, align="centre")


def _box_x(index: int) -> float:
    return _X_BOXES + index * _BOX_STEP + (_BOX_STEP - _BOX) / 2


def _row(pen: Pen, line: _Line, y: float) -> None:
    turn, guest = line.turn, line.guest
    if line.height == _PAUSE:
        base = y - 3.9 * MM
        pen.text(MARGIN, base, f"{turn.start}–{turn.end}", _SMALL)
        pen.text(MARGIN + _X_NAME, base, pen.label(turn.kind.value), _SMALL)
        return
    if line.is_first:
        pen.text(MARGIN + _X_TIME, y - 5 * MM, turn.start, _TIME)
        pen.text(MARGIN + _X_TIME, y - 9.4 * MM, f"–{turn.end}", _SMALL)
    if guest is None:
        pen.text(MARGIN + _X_NAME, y - 5 * MM, pen.label("free"), _QUIET)
    else:
        _guest(pen, guest, y)
    pen.rule(MARGIN + _X_NOTES, y - 9.4 * MM, _X_BOXES - _X_NOTES - 1 * MM, grey=0.75)
    for index in range(3):
        pen.box(MARGIN + _box_x(index), y - 8 * MM, _BOX, _BOX)


def _guest(pen: Pen, guest: Guest, y: float) -> None:
    x, width, rise = MARGIN + _X_NAME, _GUEST_WIDTH, _name_rise(guest)
    pen.block(x, y - 5 * MM + rise / 4, guest.name, _NAME, width=width, fit=_CELL)
    base = y - 9.4 * MM + rise * 0.6
    pen.block(x, base, guest.programme, _PROGRAMME, width=width, fit=_TWO, whose=guest.name)
    for x, end, words in (
        (_X_LANGUAGES, _X_LOOKS, guest.languages),
        (_X_LOOKS, _X_NOTES, guest.looks_for),
    ):
        pen.block(
            MARGIN + x,
            y - 4.6 * MM,
            unbroken(words),
            _WORDS,
            width=end - x - 3 * MM,
            whose=guest.name,
        )

"""The desk list: everybody by name, with a box to tick and the first table (A4)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from scheduler.documents.paper import Page
from scheduler.documents.pen import A4, GREY, MARGIN, MM, Fit, Pen, Style
from scheduler.reports import DeskRow

_WIDTH = A4[0] - 2 * MARGIN
_TOP = A4[1] - MARGIN
_ROW = 6.2 * MM
_HEADING = 8.6 * MM
_HEAD_HEIGHT = 17 * MM
_BODY = _TOP - MARGIN - _HEAD_HEIGHT - 5 * MM

_X_NAME = 10 * MM
_X_PROGRAMME = 66 * MM
_X_TIME = 124 * MM
_X_TABLE = 146 * MM
_X_ROOM = 151 * MM

_HEAD = Style(8, grey=GREY)
_NAME = Style(10, bold=True, least=6)
_TWO = Fit(2, single=7, is_centred=True)
_CELL = Style(9, least=6.5)
_QUIET = Style(9, grey=GREY, least=6.5)
_LETTER = Style(11, bold=True)


def desk_pages(rows: Sequence[DeskRow]) -> list[Page]:
    """The list on as many pages as it needs; never a letter alone at the foot of one."""
    pages: list[list[DeskRow | str]] = [[]]
    left = _BODY
    letter: str | None = None
    for row in rows:
        is_new = row.heading != letter
        needed = _ROW + (_HEADING if is_new or not pages[-1] else 0)
        if needed > left:
            pages.append([])
            left, needed = _BODY, _ROW + _HEADING
        if is_new or not pages[-1]:
            pages[-1].append(row.heading)
        pages[-1].append(row)
        left -= needed
        letter = row.heading
    return [partial(_page, page) for page in pages]


def _page(items: Sequence[DeskRow | str], pen: Pen) -> None:
    names = [item.name for item in items if isinstance(item, DeskRow)]
    pen.text(MARGIN, _TOP - 6.5 * MM, pen.label("desk"), Style(18, bold=True))
    letters = [item for item in items if isinstance(item, str) and item]
    if letters:
        span = letters[0] if len(letters) == 1 else f"{letters[0]}–{letters[-1]}"
        pen.text(MARGIN + _WIDTH, _TOP - 6.5 * MM, span, Style(18, bold=True), align="right")
    y = _TOP - _HEAD_HEIGHT + 2 * MM
    for x, key in (
        (0, "here"),
        (_X_NAME, "name"),
        (_X_PROGRAMME, "programme"),
        (_X_TIME, "first"),
        (_X_ROOM, "room"),
    ):
        pen.text(MARGIN + x, y, pen.label(key), _HEAD)
    pen.text(MARGIN + _X_TABLE, y, pen.label("table"), _HEAD, align="right")
    y -= 2 * MM
    pen.rule(MARGIN, y, _WIDTH, weight=0.9)
    if not names:
        pen.text(MARGIN, y - 8 * MM, pen.label("nobody"), _QUIET)
    for item in items:
        if isinstance(item, str):
            y -= _HEADING
            pen.text(MARGIN, y + 2.2 * MM, item or pen.label("other_scripts"), _LETTER)
            pen.rule(MARGIN, y, _WIDTH, grey=0.45)
        else:
            _row(pen, item, y)
            y -= _ROW
            pen.rule(MARGIN, y, _WIDTH, grey=0.75)
    pen.foot()


def _row(pen: Pen, row: DeskRow, y: float) -> None:
    base = y - 4.3 * MM
    pen.box(MARGIN + 1 * MM, y - 4.9 * MM, 3.6 * MM, 3.6 * MM)
    width = _X_PROGRAMME - _X_NAME - 3 * MM
    pen.block(MARGIN + _X_NAME, base, row.name, _NAME, width=width, fit=_TWO)
    width = _X_TIME - _X_PROGRAMME - 3 * MM
    x = MARGIN + _X_PROGRAMME
    pen.block(x, base, row.programme, _QUIET, width=width, fit=_TWO, whose=row.name)
    first = row.first
    if first is None:
        pen.text(MARGIN + _X_TIME, base, pen.label("without_meeting"), _QUIET)
        return
    pen.text(MARGIN + _X_TIME, base, first.start, Style(10, bold=True))
    pen.text(MARGIN + _X_TABLE, base, str(first.table), Style(10, bold=True), align="right")
    place = ", ".join(part for part in (first.room, first.building) if part)
    pen.block(MARGIN + _X_ROOM, base, place, _CELL, width=_WIDTH - _X_ROOM, fit=_TWO)

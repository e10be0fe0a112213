"""Table signs: an A4 page to fold into a tent, its turns small on the inside."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from scheduler.documents.paper import Page
from scheduler.documents.pen import A4, GREY, MARGIN, MM, Fit, Pen, Style, leading
from scheduler.reports import TableSheet, TurnKind
from scheduler.sentence import say

_WIDTH = A4[0] - 2 * MARGIN
_HALF = A4[1] / 2

_NUMBER = Style(225, bold=True, least=60)
_COMPANY = Style(44, bold=True, least=18)
_ROOM = Style(15, grey=GREY, least=9)
_SIZES = (10.0, 9.0, 8.0, 7.0, 6.0)
_COLUMNS = (1, 2, 3)


def sign_pages(sheets: Sequence[TableSheet]) -> list[Page]:
    """Outside and inside of each table's sign, for printing on both sides."""
    pages: list[Page] = []
    for sheet in sheets:
        pages += [partial(_outside, sheet), partial(_inside, sheet)]
    return pages


def _outside(sheet: TableSheet, pen: Pen) -> None:
    _face(pen, sheet)
    pen.canvas.saveState()
    pen.canvas.translate(A4[0], A4[1])
    pen.canvas.rotate(180)
    _face(pen, sheet)
    pen.canvas.restoreState()
    pen.cut_line(MARGIN, _HALF, MARGIN + 12 * MM, _HALF)
    pen.cut_line(A4[0] - MARGIN - 12 * MM, _HALF, A4[0] - MARGIN, _HALF)
    pen.foot(size=6.5)


def _face(pen: Pen, sheet: TableSheet) -> None:
    """One side of the tent, upright in the lower half."""
    middle = A4[0] / 2
    number = str(sheet.table) if sheet.table is not None else "–"
    pen.text(middle, 132 * MM, pen.label("table"), Style(26, grey=GREY), align="centre")
    pen.text(middle, 66 * MM, number, _NUMBER, width=_WIDTH, align="centre")
    rows, size = pen.wrap(sheet.company, _COMPANY, width=_WIDTH, fit=Fit(2, single=30))
    y = 40 * MM + (len(rows) - 1) * leading(size) / 2
    for row in rows:
        pen.text(middle, y, row, Style(size, bold=True), align="centre", whose=sheet.company)
        y -= leading(size)
    place = ", ".join(part for part in (sheet.room, sheet.building) if part)
    pen.text(middle, 17 * MM, place, _ROOM, width=_WIDTH, align="centre")


def _inside(sheet: TableSheet, pen: Pen) -> None:
    lines = _lines(pen, sheet)
    top, columns, size = _layout(len(lines))
    number = pen.label("table_number", number=sheet.table if sheet.table is not None else "–")
    used = pen.text(MARGIN + _WIDTH, top - 6 * MM, number, Style(16, bold=True), align="right")
    company = Style(16, bold=True, least=9)
    pen.text(MARGIN, top - 6 * MM, sheet.company, company, width=_WIDTH - used - 6 * MM)
    pen.text(MARGIN, top - 12 * MM, pen.label("turns"), Style(8.5, grey=GREY))
    y = top - 14.5 * MM
    pen.rule(MARGIN, y, _WIDTH, weight=0.9)
    room = int((y - MARGIN - 6 * MM) / (leading(size) * 1.1))
    per_column = -(-len(lines) // columns) if len(lines) <= room * columns else room
    if len(lines) > per_column * columns:
        rest = len(lines) - per_column * columns + 1
        text = pen.label("more_turns", count=rest)
        lines = [*lines[:-rest], ("", text, False)]
        pen.notes.add(sheet.company, say("%(file)s: %(text)s", file="signs.pdf", text=text))
    width = (_WIDTH - (columns - 1) * 6 * MM) / columns
    time_width = size * 6.4
    for index, (time, text, is_quiet) in enumerate(lines):
        x = MARGIN + index // per_column * (width + 6 * MM)
        base = y - (index % per_column + 1) * leading(size) * 1.1
        pen.text(x, base, time, Style(size, bold=not is_quiet, grey=GREY if is_quiet else 0))
        style = Style(size, least=max(5.0, size * 0.7), grey=GREY if is_quiet else 0)
        pen.text(x + time_width, base, text, style, width=width - time_width)
    pen.foot(size=6.5)


def _lines(pen: Pen, sheet: TableSheet) -> list[tuple[str, str, bool]]:
    """Time, text, and whether it is said quietly; the time before the first guest only."""
    lines = []
    for turn in sheet.turns:
        time = f"{turn.start}–{turn.end}"
        if turn.kind is not TurnKind.MEETING:
            lines.append((time, pen.label(turn.kind.value), True))
        for index, guest in enumerate(turn.guests):
            lines.append(("" if index else time, guest.name, False))
    return lines


def _layout(count: int) -> tuple[float, int, float]:
    """Top, columns and type size: the lower half where it holds all lines, else the page."""
    for top in (_HALF - 4 * MM, A4[1] - MARGIN):
        height = top - 14.5 * MM - MARGIN - 6 * MM
        for size in _SIZES:
            for columns in _COLUMNS:
                if columns * int(height / (leading(size) * 1.1)) >= count:
                    return top, columns, size
    return A4[1] - MARGIN, _COLUMNS[-1], _SIZES[-1]

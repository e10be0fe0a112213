"""Wall charts: who is where when, tables by slots, one room after the other (A3 landscape)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from scheduler.documents.lines import break_lines, typeset, widest_word
from scheduler.documents.paper import Page
from scheduler.documents.pen import A3_LANDSCAPE, GREY, MARGIN, MM, Fit, Pen, Style, leading
from scheduler.reports import ChartRow, RoomChart, Turn, TurnKind

_WIDTH = A3_LANDSCAPE[0] - 2 * MARGIN
_TOP = A3_LANDSCAPE[1] - MARGIN
_HEAD_HEIGHT = 26 * MM
_BODY = _TOP - MARGIN - _HEAD_HEIGHT - 8 * MM
_TABLE_WIDTH = 58 * MM
_SLOTS_A_PAGE = 12
_BREAK_WIDTH = 9 * MM
_PAD = 1.6 * MM
_STRETCH = 12 * MM
"""Rows of a page that is not full are higher by at most so much."""

_TIME = Style(13, bold=True)
_PAUSE = Style(7.5, grey=GREY, least=5)


@dataclass(frozen=True, slots=True)
class _Type:
    """How large a chart is set; ``scale`` 1 is names of 10 points."""

    scale: float

    @property
    def student(self) -> Style:
        """A student's name: of one size, on as many lines as it takes; a long word is smaller."""
        return Style(10 * self.scale, least=7)

    @property
    def company(self) -> Style:
        """A company's name."""
        return Style(11 * self.scale, bold=True, least=7.5)

    @property
    def number(self) -> Style:
        """A table's number."""
        return Style(17 * self.scale, bold=True, least=12)

    @property
    def gap(self) -> float:
        """Between two guests of a turn."""
        return 0.8 * MM * self.scale

    @property
    def base(self) -> float:
        """From the upper edge of a row to its first baseline."""
        return 4.6 * MM * self.scale


_TYPES = tuple(_Type(0.9 + step / 20) for step in range(11))
"""Names of 9 to 14 points, which are read from a metre away."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Some rows of a room by some of its columns (``first`` up to ``last``)."""

    chart: RoomChart
    rows: tuple[tuple[ChartRow, float], ...]
    first: int
    last: int
    is_first: bool
    type: _Type

    @property
    def stretch(self) -> float:
        """How much higher each row is so that together they fill the page."""
        left = _BODY - sum(height for _, height in self.rows)
        return min(_STRETCH, left / max(1, len(self.rows)))


def wall_pages(charts: Sequence[RoomChart]) -> list[Page]:
    """Every room, long ones over more pages: first down the tables, then along the slots."""
    return [partial(_page, sheet) for chart in charts for sheet in _largest(chart)]


def _largest(chart: RoomChart) -> list[_Sheet]:
    """The sheets in the largest type that takes no more of them than the smallest does."""
    best = list(_sheets(chart, _TYPES[0]))
    low, high = 0, len(_TYPES) - 1
    while low < high:
        middle = (low + high + 1) // 2
        sheets = list(_sheets(chart, _TYPES[middle]))
        if len(sheets) > len(best):
            high = middle - 1
        else:
            best, low = sheets, middle
    return best


def _sheets(chart: RoomChart, type_: _Type) -> Iterator[_Sheet]:
    is_first = True
    for first, last in _spans(chart):
        width = _slot_width(chart, first, last)
        page: list[tuple[ChartRow, float]] = []
        left = _BODY
        for row in chart.rows:
            for piece, height in _split(row, first, last, width, type_):
                if page and height > left:
                    yield _Sheet(chart, tuple(page), first, last, is_first, type_)
                    page, left, is_first = [], _BODY, False
                page.append((piece, height))
                left -= height
        yield _Sheet(chart, tuple(page), first, last, is_first, type_)
        is_first = False


def _spans(chart: RoomChart) -> Iterator[tuple[int, int]]:
    """Stretches of columns with an even number of slots, never more than fit."""
    slots = [i for i, column in enumerate(chart.columns) if not column.is_break]
    if not slots:
        yield 0, len(chart.columns)
        return
    pages = -(-len(slots) // _SLOTS_A_PAGE)
    each = -(-len(slots) // pages)
    stops = [0, *(slots[i] for i in range(each, len(slots), each)), len(chart.columns)]
    yield from pairwise(stops)


def _slot_width(chart: RoomChart, first: int, last: int) -> float:
    breaks = sum(column.is_break for column in chart.columns[first:last])
    slots = max(1, last - first - breaks)
    return min((_WIDTH - _TABLE_WIDTH - breaks * _BREAK_WIDTH) / slots, 60 * MM)


def _split(
    row: ChartRow, first: int, last: int, width: float, type_: _Type
) -> Iterator[tuple[ChartRow, float]]:
    """A row with its height; one higher than a page in pieces of fewer guests."""
    turns = row.turns[first:last]
    heights = [_turn_height(turn, width, type_) for turn in turns]
    height = max([10 * MM * type_.scale, *heights])
    if height <= _BODY:
        yield ChartRow(row.table, row.company, turns), height
        return
    most = max(len(turn.guests) for turn in turns)
    half = -(-most // 2)
    for start in (0, half):
        piece = tuple(Turn(t.start, t.end, t.kind, t.guests[start : start + half]) for t in turns)
        yield from _split(ChartRow(row.table, row.company, piece), 0, len(piece), width, type_)


def _guest_lines(name: str, width: float, type_: _Type) -> int:
    inner = width - 2 * _PAD
    line = typeset(name)
    if line.width * type_.student.size <= inner:
        return 1
    widest = widest_word(line.text, False) or 1
    size = min(type_.student.size, max(type_.student.least, 0.999 * inner / widest))
    return 2 if len(break_lines(line.text, inner / size, False)) == 2 else 3


def _turn_height(turn: Turn, width: float, type_: _Type) -> float:
    further = sum(_guest_lines(guest.name, width, type_) - 1 for guest in turn.guests)
    height = len(turn.guests) * leading(type_.student.size) + further * leading(type_.student.size)
    return height + max(0, len(turn.guests) - 1) * type_.gap + 2.4 * MM * type_.scale


def _page(sheet: _Sheet, pen: Pen) -> None:
    chart = sheet.chart
    kind = pen.label("wall") + ("" if sheet.is_first else f"  ·  {pen.label('continued')}")
    pen.text(MARGIN, _TOP - 3.5 * MM, kind, Style(9, bold=True, grey=GREY))
    place = ", ".join(part for part in (chart.room, chart.building) if part)
    if sheet.rows:
        first, last = sheet.rows[0][0].table, sheet.rows[-1][0].table
        tables = (
            pen.label("tables_range", first=first, last=last)
            if first != last
            else pen.label("table_number", number=first)
        )
        pen.text(MARGIN + _WIDTH, _TOP - 13 * MM, tables, Style(20), align="right")
    pen.text(MARGIN, _TOP - 13 * MM, place, Style(28, bold=True, least=14), width=_WIDTH - 70 * MM)
    edges = _edges(sheet)
    y = _TOP - _HEAD_HEIGHT
    _times(pen, sheet, edges, y)
    y -= 2 * MM
    pen.rule(MARGIN, y, edges[-1] - MARGIN, weight=1.1)
    top = y
    if not sheet.rows:
        pen.text(MARGIN, y - 8 * MM, pen.label("no_tables"), Style(12, grey=GREY))
    for row, least in sheet.rows:
        height = least + sheet.stretch
        _row(pen, row, edges, y, height, sheet.type)
        y -= height
        pen.rule(MARGIN, y, edges[-1] - MARGIN, grey=0.35)
    for x in edges:
        pen.upright(x, y, top - y, grey=0.6)
    pen.foot(size=8)


def _edges(sheet: _Sheet) -> list[float]:
    """Left edges of the columns, and the right edge of the last."""
    width = _slot_width(sheet.chart, sheet.first, sheet.last)
    edges = [MARGIN + _TABLE_WIDTH]
    for column in sheet.chart.columns[sheet.first : sheet.last]:
        edges.append(edges[-1] + (_BREAK_WIDTH if column.is_break else width))
    return edges


def _times(pen: Pen, sheet: _Sheet, edges: Sequence[float], y: float) -> None:
    pen.text(MARGIN, y, pen.label("table"), Style(9, grey=GREY))
    for column, x in zip(sheet.chart.columns[sheet.first : sheet.last], edges, strict=False):
        if column.is_break:
            middle = x + _BREAK_WIDTH / 2
            pen.text(middle, y, pen.label("break"), _PAUSE, width=_BREAK_WIDTH, align="centre")
            continue
        drawn = pen.text(x + _PAD, y, column.start, _TIME)
        pen.text(x + _PAD + drawn + 1, y, f"–{column.end}", Style(7.5, grey=GREY))


def _row(
    pen: Pen, row: ChartRow, edges: Sequence[float], y: float, height: float, type_: _Type
) -> None:
    base = y - type_.base
    number, width = str(row.table), 11 * MM
    lower = y - 6.6 * MM * type_.scale
    pen.text(MARGIN + width, lower, number, type_.number, width=width, align="right")
    fit = Fit(2, single=9 * type_.scale)
    width = _TABLE_WIDTH - 15 * MM
    pen.block(MARGIN + 13.5 * MM, base, row.company, type_.company, width=width, fit=fit)
    for turn, x, end in zip(row.turns, edges, edges[1:], strict=False):
        if turn.kind is TurnKind.BREAK:
            pen.panel(x, y - height, end - x, height)
        elif turn.kind is TurnKind.AWAY:
            text = pen.label("away")
            style = Style(8 * type_.scale, grey=GREY, least=5)
            pen.text(x + _PAD, base, text, style, width=end - x - 4)
        _guests(pen, turn, x + _PAD, base, end - x - 2 * _PAD, type_)


def _guests(pen: Pen, turn: Turn, x: float, y: float, width: float, type_: _Type) -> None:
    for guest in turn.guests:
        fit = Fit(_guest_lines(guest.name, width + 2 * _PAD, type_), single=type_.student.size)
        y = pen.block(x, y, guest.name, type_.student, width=width, fit=fit)
        y -= leading(type_.student.size) + type_.gap

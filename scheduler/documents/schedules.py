"""Schedules for students: one to an A4 page, or four with lines to cut along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from scheduler.documents.paper import Page
from scheduler.documents.pen import A4, GREY, MARGIN, MM, Fit, Pen, Style
from scheduler.reports import ScheduleRow, StudentSchedule

_WIDTH = A4[0] - 2 * MARGIN - 10 * MM
_LEFT = MARGIN + 5 * MM

_KIND = Style(8.5, bold=True, grey=GREY)
_NAME = Style(30, bold=True, least=16)
_PROGRAMME = Style(12, grey=GREY, least=9)
_HEAD = Style(8, grey=GREY)
_TIME = Style(17, bold=True)
_UNTIL = Style(8.5, grey=GREY)
_COMPANY = Style(13, bold=True, least=7)
_OFFERS = Style(9, grey=GREY, least=7)
_TABLE = Style(13, bold=True, least=8)
_ROOM = Style(9, grey=GREY, least=7)
_WISH = Style(9, grey=GREY, least=7)

_ROW = 14 * MM
_FIRST_PAGE_ROWS = 11
_LATER_PAGE_ROWS = 16


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows of a schedule that stand on one page or card."""

    schedule: StudentSchedule
    rows: tuple[ScheduleRow, ...]
    is_first: bool
    is_last: bool


def _parts(schedules: Sequence[StudentSchedule], first: int, later: int) -> list[_Part]:
    """Cut schedules to ``first`` rows, then ``later`` ones."""
    parts = []
    for schedule in schedules:
        rows = schedule.rows
        stops = [0, *range(first, len(rows), later), len(rows)] if rows else [0, 0]
        for start, stop in pairwise(stops):
            parts.append(_Part(schedule, rows[start:stop], start == 0, stop == len(rows)))
    return parts


def schedule_pages(schedules: Sequence[StudentSchedule]) -> list[Page]:
    """One student a page, long schedules on more."""
    parts = _parts(schedules, _FIRST_PAGE_ROWS, _LATER_PAGE_ROWS)
    return [partial(_schedule_page, part) for part in parts]


def _schedule_page(part: _Part, pen: Pen) -> None:
    schedule = part.schedule
    y = A4[1] - MARGIN - 8 * MM
    kind = pen.label("schedules")
    if not part.is_first:
        kind = f"{kind}, {pen.label('continued')}"
    pen.text(_LEFT, y, kind, _KIND)
    y -= 13 * MM
    y = pen.block(_LEFT, y, schedule.name, _NAME, width=_WIDTH, fit=Fit(2, single=22))
    if part.is_first:
        if schedule.programme:
            y -= 7 * MM
            pen.text(_LEFT, y, schedule.programme, _PROGRAMME, width=_WIDTH, whose=schedule.name)
        y -= 10 * MM
        y = _next_thing(pen, part, y)
    y -= 12 * MM
    if part.rows:
        y = _table(pen, part, y)
    if part.is_last and part.rows:
        _rooms(pen, schedule, y - 9 * MM)
    pen.foot(_LEFT, width=_WIDTH)


def _next_thing(pen: Pen, part: _Part, top: float) -> float:
    """The first meeting in large letters: what to do now."""
    height = 33 * MM
    bottom = top - height
    pen.panel(_LEFT, bottom, _WIDTH, height)
    inner, width = _LEFT + 6 * MM, _WIDTH - 12 * MM
    if not part.rows:
        pen.text(
            inner, bottom + 17 * MM, pen.label("no_meetings"), Style(22, bold=True), width=width
        )
        pen.text(inner, bottom + 9 * MM, pen.label("ask_desk"), Style(11), width=width)
        return bottom
    row = part.rows[0]
    pen.text(inner, top - 7.5 * MM, pen.label("first_meeting"), _HEAD)
    time = pen.text(inner, bottom + 9 * MM, row.start, Style(44, bold=True))
    x = inner + time + 8 * MM
    width -= time + 8 * MM
    where = f"{pen.label('table_number', number=row.table)} · {_place(row.room, row.building)}"
    pen.text(x, bottom + 17.5 * MM, where, Style(15, bold=True, least=9), width=width)
    pen.text(x, bottom + 9.5 * MM, row.company, Style(15, least=9), width=width)
    return bottom


def _place(room: str, building: str) -> str:
    return f"{room}, {building}" if building else room


def _by_building(schedule: StudentSchedule) -> str:
    """Such as ``Main building: Hall A, Hall B · Library: Reading room``."""
    inside: dict[str, list[str]] = {}
    for room in schedule.rooms:
        inside.setdefault(room.building, []).append(room.room)
    places = ((building, ", ".join(rooms)) for building, rooms in inside.items())
    return " · ".join(f"{building}: {rooms}" if building else rooms for building, rooms in places)


_COLUMNS = (0.0, 27 * MM, 68 * MM, _WIDTH - 22 * MM)
_CELL = Fit(2, single=8.5, is_centred=True)


def _table(pen: Pen, part: _Part, y: float) -> float:
    x_time, x_table, x_company, x_wish = (_LEFT + x for x in _COLUMNS)
    has_wishes = any(row.rank is not None for row in part.rows)
    heads = [(x_time, "time"), (x_table, "table"), (x_company, "company")]
    for x, key in heads:
        pen.text(x, y, pen.label(key), _HEAD)
    if has_wishes:
        pen.text(_LEFT + _WIDTH, y, pen.label("wish_head"), _HEAD, align="right")
    y -= 2.2 * MM
    pen.rule(_LEFT, y, _WIDTH, weight=0.9)
    for row in part.rows:
        base, second = y - 6.2 * MM, y - 11.3 * MM
        pen.text(x_time, base, row.start, _TIME)
        pen.text(x_time, second, f"–{row.end}", _UNTIL)
        number = pen.label("table_number", number=row.table)
        pen.text(x_table, base, number, _TABLE, width=x_company - x_table - 3 * MM)
        place = _place(row.room, row.building)
        pen.text(x_table, second, place, _ROOM, width=x_company - x_table - 3 * MM)
        width = (x_wish if has_wishes else _LEFT + _WIDTH) - x_company - 3 * MM
        pen.block(x_company, base, row.company, _COMPANY, width=width, fit=_CELL)
        if row.offers:
            pen.text(x_company, second, row.offers, _OFFERS, width=width, whose=row.company)
        if row.rank is not None:
            wish = pen.label("wish", rank=row.rank)
            pen.text(_LEFT + _WIDTH, base, wish, _WISH, align="right", width=22 * MM)
        y -= _ROW
        pen.rule(_LEFT, y, _WIDTH, grey=0.6)
    return y


def _rooms(pen: Pen, schedule: StudentSchedule, y: float) -> None:
    """Where the rooms are, by name, as far as the page has space."""
    pen.text(_LEFT, y, pen.label("your_rooms"), _HEAD)
    for room in schedule.rooms:
        y -= 5.2 * MM
        if y < MARGIN + 8 * MM:
            return
        pen.text(
            _LEFT,
            y,
            f"{_place(room.room, room.building)}: {_tables(pen, room.tables)}",
            Style(10, least=7),
            width=_WIDTH,
        )


def _tables(pen: Pen, tables: Sequence[int]) -> str:
    numbers = ", ".join(str(table) for table in tables)
    key = "table_number" if len(tables) == 1 else "table_list"
    return pen.label(key, number=numbers)


# four to a page -----------------------------------------------------------------------------------

_CARD = (A4[0] / 2, A4[1] / 2)
_CARD_WIDTH = _CARD[0] - 2 * MARGIN
_CARD_ROWS = 8
_CARD_ROW = 10.4 * MM
_CARD_NAME = Style(17, bold=True, least=10)
_CARD_TIME = Style(12.5, bold=True)
_CARD_TABLE = Style(12.5, bold=True, least=8)
_CARD_COMPANY = Style(9.5, bold=True, least=5.5)
_CARD_CELL = Fit(2, single=6.8, is_centred=True)
_CARD_SMALL = Style(7.5, grey=GREY, least=6)


def card_pages(schedules: Sequence[StudentSchedule]) -> list[Page]:
    """Four cards a page in reading order, long schedules on more cards."""
    parts = _parts(schedules, _CARD_ROWS, _CARD_ROWS + 1)
    return [partial(_card_page, parts[i : i + 4]) for i in range(0, len(parts), 4)]


def _card_page(parts: Sequence[_Part], pen: Pen) -> None:
    for index, part in enumerate(parts):
        _card(pen, part, *card_corner(index))
    cut_lines(pen)


def card_corner(index: int) -> tuple[float, float]:
    """Left and top of one of the four cards, inside its margin."""
    return (index % 2) * _CARD[0] + MARGIN, A4[1] - (index // 2) * _CARD[1] - MARGIN


def cut_lines(pen: Pen) -> None:
    """Dashed lines between four cards."""
    pen.cut_line(A4[0] / 2, MARGIN, A4[0] / 2, A4[1] - MARGIN)
    pen.cut_line(MARGIN, A4[1] / 2, A4[0] - MARGIN, A4[1] / 2)


def _card(pen: Pen, part: _Part, x: float, top: float) -> None:
    schedule = part.schedule
    y = top - 5 * MM
    if part.is_first:
        y = pen.block(x, y, schedule.name, _CARD_NAME, width=_CARD_WIDTH, fit=Fit(2, single=12))
        if schedule.programme:
            y -= 4.3 * MM
            pen.text(x, y, schedule.programme, _CARD_SMALL, width=_CARD_WIDTH, whose=schedule.name)
    else:
        name = f"{schedule.name}, {pen.label('continued')}"
        pen.text(x, y, name, Style(11, bold=True, least=7), width=_CARD_WIDTH, whose=schedule.name)
    y -= 4 * MM
    pen.rule(x, y, _CARD_WIDTH, weight=0.9)
    for row in part.rows:
        _card_row(pen, row, x, y)
        y -= _CARD_ROW
        pen.rule(x, y, _CARD_WIDTH, grey=0.6)
    if part.is_last and any(room.building for room in schedule.rooms):
        pen.block(
            x,
            y - 5 * MM,
            _by_building(schedule),
            _CARD_SMALL,
            width=_CARD_WIDTH,
            whose=schedule.name,
        )
    if not part.rows:
        pen.text(x, y - 8 * MM, pen.label("no_meetings"), Style(13, bold=True), width=_CARD_WIDTH)
        pen.block(x, y - 14 * MM, pen.label("ask_desk"), Style(9), width=_CARD_WIDTH)
    card_foot(pen, x, top)


def _card_row(pen: Pen, row: ScheduleRow, x: float, y: float) -> None:
    base, second = y - 4.6 * MM, y - 8.6 * MM
    pen.text(x, base, row.start, _CARD_TIME)
    number = pen.label("table_number", number=row.table)
    pen.text(x + 15 * MM, base, number, _CARD_TABLE, width=22 * MM)
    pen.text(x + 15 * MM, second, row.room, _CARD_SMALL, width=22 * MM)
    left, width = x + 39 * MM, _CARD_WIDTH - 39 * MM
    pen.block(left, base, row.company, _CARD_COMPANY, width=width, fit=_CARD_CELL)
    if row.offers:
        pen.text(left, second, row.offers, _CARD_SMALL, width=width, whose=row.company)
    pen.text(x, second, f"–{row.end}", _CARD_SMALL)


def card_foot(pen: Pen, x: float, top: float) -> None:
    """The foot of one card, so that each says its version when cut."""
    pen.foot_of_card(x, top - _CARD[1] + 2 * MARGIN, _CARD_WIDTH, size=6.2)

"""Badges: names to be read at two metres on bought sheets, the own schedule on the back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import segno

from scheduler.documents.lines import unbroken
from scheduler.documents.paper import Page
from scheduler.documents.pen import (
    A4,
    GREY,
    MARGIN,
    MM,
    ONE_LINE,
    Fit,
    Pen,
    Style,
    leading,
    text_width,
)
from scheduler.documents.stocks import Stock
from scheduler.model import StudentId
from scheduler.reports import ScheduleRow, StudentSchedule
from scheduler.sentence import say

_PAD = 4 * MM
_QR = 18 * MM
_QUIET_ZONE = 4
"""Modules of white around a code (ISO/IEC 18004:2015, 6.3.8)."""

READABLE = 24.0
"""Points at which a name is read at two metres; smaller only where it cannot fit."""

_EVENT = Style(6.5, grey=GREY, least=5)
_PROGRAMME = Style(8.5, bold=True, least=6.5)
_LANGUAGES = Style(8, least=6)


@dataclass(frozen=True, slots=True)
class BadgeSheets:
    """How badges are laid on paper.

    Parameters
    ----------
    offset_mm
        How far badges are moved to the right and up, to make good the printer.
    """

    stock: Stock
    offset_mm: tuple[float, float] = (0.0, 0.0)
    crop_marks: bool = False


def badge_pages(
    schedules: Sequence[StudentSchedule], badge_ids: Mapping[StudentId, str], sheets: BadgeSheets
) -> list[Page]:
    """Sheets of fronts, each followed by its backs for printing on both sides."""
    pages: list[Page] = []
    count = sheets.stock.count
    for start in range(0, len(schedules), count):
        some = schedules[start : start + count]
        pages.append(partial(_fronts, some, badge_ids, sheets))
        pages.append(partial(_backs, some, sheets))
    return pages


def _fronts(
    schedules: Sequence[StudentSchedule],
    badge_ids: Mapping[StudentId, str],
    sheets: BadgeSheets,
    pen: Pen,
) -> None:
    for index, schedule in enumerate(schedules):
        x, y = sheets.stock.corner(index, sheets.offset_mm, is_back=False)
        _front(pen, schedule, badge_ids.get(schedule.student_id), _Area.of(sheets.stock, x, y))
    _sheet_foot(pen, sheets)


def _backs(schedules: Sequence[StudentSchedule], sheets: BadgeSheets, pen: Pen) -> None:
    for index, schedule in enumerate(schedules):
        x, y = sheets.stock.corner(index, sheets.offset_mm, is_back=True)
        _back(pen, schedule, _Area.of(sheets.stock, x, y))
    _sheet_foot(pen, sheets)


@dataclass(frozen=True, slots=True)
class _Area:
    """The printed part of a badge."""

    left: float
    bottom: float
    width: float
    height: float

    @classmethod
    def of(cls, stock: Stock, x: float, y: float) -> _Area:
        return cls(x + _PAD, y + _PAD, stock.width * MM - 2 * _PAD, stock.height * MM - 2 * _PAD)

    @property
    def top(self) -> float:
        return self.bottom + self.height

    @property
    def right(self) -> float:
        return self.left + self.width


def _front(pen: Pen, schedule: StudentSchedule, badge_id: str | None, area: _Area) -> None:
    pen.text(area.left, area.top - 1.8 * MM, pen.letterhead.event, _EVENT, width=area.width)
    lower = area.bottom + _QR - 2 * MM
    _name(pen, schedule, area, lower)
    width = area.width
    if badge_id is not None:
        # the code's own white may reach into the padding of the badge
        draw_qr(pen, badge_id, area.right - _QR + 2 * MM, area.bottom - 2 * MM, _QR)
        width -= _QR
    y = area.bottom + 11.5 * MM
    name = schedule.name
    if schedule.programme:
        y = pen.block(area.left, y, schedule.programme, _PROGRAMME, width=width, whose=name)
        y -= 4 * MM
    pen.block(area.left, y, unbroken(schedule.languages), _LANGUAGES, width=width, whose=name)


def _name(pen: Pen, schedule: StudentSchedule, area: _Area, lower: float) -> None:
    """The name between the event's line and ``lower``: first names large, the rest smaller."""
    whole = schedule.name
    large, small = whole, ""
    if schedule.given_name and schedule.family_name:
        large, small = schedule.given_name, schedule.family_name
    space = area.top - 3.5 * MM - lower
    small_style = Style(17, least=9)
    reserved = small_style.size * 1.32 if small else 0.0
    rows, size = _large_rows(pen, large, area.width, space - reserved, whole)
    used = len(rows) * leading(size) + reserved
    y = lower + (space + used) / 2 - size * 0.95
    for row in rows:
        pen.text(area.left, y, row, Style(size, bold=True), whose=whole)
        y -= leading(size)
    if small:
        y += leading(size) - reserved
        pen.text(area.left, y, small, small_style, width=area.width, whose=whole)


def _large_rows(
    pen: Pen, text: str, width: float, height: float, whose: str
) -> tuple[list[str], float]:
    """One line of at least `READABLE` where it fits, else two, smaller only when they must."""
    best = min(36.0, height / 1.22)
    one_line = min(best, width / max(text_width(text, Style(1, bold=True)), 0.01))
    if one_line >= READABLE:
        return pen.wrap(
            text, Style(one_line * 0.999, bold=True), width=width, fit=ONE_LINE, whose=whose
        )
    most = min(READABLE, height / 2.44)
    return pen.wrap(text, Style(most, bold=True, least=8), width=width, whose=whose)


def draw_qr(pen: Pen, text: str, x: float, y: float, side: float) -> None:
    """Draw a QR code with its quiet zone into a square, as one path.

    Neighbouring modules of a row are one rectangle, so that no viewer shows seams.
    """
    matrix = segno.make(text, error="m", micro=False, boost_error=False).matrix
    module = side / (len(matrix) + 2 * _QUIET_ZONE)
    path = []
    for row_index, row in enumerate(matrix):
        top = y + side - (row_index + _QUIET_ZONE) * module
        start = None
        for column, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                left = x + (start + _QUIET_ZONE) * module
                width = (column - start) * module
                path.append(f"{left:.3f} {top - module:.3f} {width:.3f} {module:.3f} re")
                start = None
    pen.canvas.addLiteral(f"0 g {' '.join(path)} f")


_BACK_LAYOUTS = ((7, 1, 8.5), (11, 1, 6.8), (22, 2, 6.2), (28, 2, 5))
"""Meetings up to, columns, type size."""
_BACK_CELL = Fit(2, single=6.1, is_centred=True)


def _back(pen: Pen, schedule: StudentSchedule, area: _Area) -> None:
    y = area.top - 2.6 * MM
    stamp = pen.label("version", stamp=pen.letterhead.stamp)
    used = pen.text(area.right, y, stamp, Style(6, grey=GREY), align="right")
    name = schedule.name
    pen.text(area.left, y, name, Style(9.5, bold=True, least=5), width=area.width - used - 2 * MM)
    y -= 1.7 * MM
    pen.rule(area.left, y, area.width, weight=0.8)
    if not schedule.rows:
        pen.text(area.left, y - 7 * MM, pen.label("no_meetings"), Style(12, bold=True))
        pen.block(area.left, y - 12 * MM, pen.label("ask_desk"), Style(8.5), width=area.width)
        return
    rows = list(schedule.rows)
    most, columns, size = next(
        (layout for layout in _BACK_LAYOUTS if len(rows) <= layout[0]), _BACK_LAYOUTS[-1]
    )
    height = min((y - area.bottom) / -(-most // columns), leading(size) * 1.5)
    per_column = int((y - area.bottom + 0.01) / height)
    shown = rows
    if len(rows) > per_column * columns:
        shown = rows[: per_column * columns - 1]
    width = (area.width - (columns - 1) * 3 * MM) / columns
    for index, row in enumerate(shown):
        x = area.left + index // per_column * (width + 3 * MM)
        base = y - (index % per_column + 1) * height + 0.36 * size
        _back_row(pen, row, (x, base, width, size))
    if len(shown) < len(rows):
        text = pen.label("more_meetings", count=len(rows) - len(shown))
        pen.text(area.right - width, area.bottom + 1, text, Style(size, grey=GREY), width=width)
        pen.notes.add(name, say("%(file)s: %(text)s", file="badges.pdf", text=text))


def _back_row(pen: Pen, row: ScheduleRow, place: tuple[float, float, float, float]) -> None:
    x, base, width, size = place
    bold, plain = Style(size, bold=True), Style(size, least=max(4.5, size * 0.7))
    room = Style(size, least=max(4.5, size * 0.7), grey=GREY)
    time = max(text_width("00:00", bold), pen.text(x, base, row.start, bold)) + 0.5 * size
    number = pen.label("table_number", number=row.table)
    table = text_width(pen.label("table_number", number="000"), bold)
    pen.text(x + time, base, number, Style(size, bold=True, least=4.5), width=table)
    rest = width - time - table - 0.5 * size
    left = x + time + table + 0.5 * size
    right = pen.text(x + width, base, row.room, room, width=rest * 0.4, align="right")
    width = rest - right - 0.5 * size
    # a second line only where rows stand far enough apart
    fit = _BACK_CELL if size > _BACK_LAYOUTS[1][2] else ONE_LINE
    pen.block(left, base, row.company, plain, width=width, fit=fit)


def _sheet_foot(pen: Pen, sheets: BadgeSheets) -> None:
    # between the crop marks, which stand at the edges of the badges
    left = max(sheets.stock.left, MARGIN / MM) * MM + 1.5 * MM
    pen.foot(left, MARGIN + 0.2 * MM, A4[0] - 2 * left, size=5.5)
    if sheets.crop_marks:
        _crop_marks(pen, sheets)


def _crop_marks(pen: Pen, sheets: BadgeSheets) -> None:
    """Short lines outside the badges, at every edge; none nearer to the paper's edge than 10 mm."""
    stock, (dx, dy) = sheets.stock, sheets.offset_mm
    is_back = pen.number % 2 == 0
    corners = [stock.corner(i, (dx, dy), is_back=is_back) for i in range(stock.count)]
    xs = sorted({round(v, 2) for x, _ in corners for v in (x, x + stock.width * MM)})
    ys = sorted({round(v, 2) for _, y in corners for v in (y, y + stock.height * MM)})
    gap = 0.7 * MM
    for x in xs:
        for start, stop in ((MARGIN, ys[0] - gap), (ys[-1] + gap, A4[1] - MARGIN)):
            if stop - start > MM:
                pen.upright(x, start, stop - start, weight=0.3)
    for y in ys:
        for start, stop in ((MARGIN, xs[0] - gap), (xs[-1] + gap, A4[0] - MARGIN)):
            if stop - start > MM:
                pen.rule(start, y, stop - start, weight=0.3)


# the test sheet and the blanks --------------------------------------------------------------------


def test_sheet_pages(sheets: BadgeSheets) -> list[Page]:
    """Outlines of every badge, front and back, to hold against a bought sheet."""
    return [partial(_test_page, sheets, False), partial(_test_page, sheets, True)]


def _test_page(sheets: BadgeSheets, is_back: bool, pen: Pen) -> None:
    stock, offset = sheets.stock, sheets.offset_mm
    for index in range(stock.count):
        x, y = stock.corner(index, offset, is_back=is_back)
        area = _Area.of(stock, x, y)
        pen.box(x, y, stock.width * MM, stock.height * MM, weight=0.5)
        middle_x, middle_y = x + stock.width * MM / 2, y + stock.height * MM / 2
        pen.rule(middle_x - 3 * MM, middle_y, 6 * MM)
        pen.upright(middle_x, middle_y - 3 * MM, 6 * MM)
        side = pen.label("test.back" if is_back else "test.front")
        pen.text(area.left, area.top - 3 * MM, f"{side} {index + 1}", Style(9, bold=True))
        size = f"{stock.width:g} × {stock.height:g} mm"
        pen.text(area.right, area.top - 3 * MM, size, Style(8), align="right")
        if index == 0:
            _test_words(pen, sheets, area)
    _sheet_foot(pen, sheets)


def _test_words(pen: Pen, sheets: BadgeSheets, area: _Area) -> None:
    y = area.top - 8.5 * MM
    pen.text(
        area.left,
        y,
        pen.label("test.title", stock=sheets.stock.name),
        Style(8, bold=True, least=5.5),
        width=area.width,
    )
    x_mm, y_mm = sheets.offset_mm
    y = area.bottom + 13 * MM
    for key in ("test.how", "test.offset", "test.now"):
        text = pen.label(key, x=f"{x_mm:g}", y=f"{y_mm:g}")
        y = pen.block(area.left, y, text, Style(6.5, least=5), width=area.width) - 3.6 * MM


def blank_badge_pages(sheets: BadgeSheets, starts: Sequence[str]) -> list[Page]:
    """A sheet of badges to write on, and its backs with the times of the day."""
    return [partial(_blank_fronts, sheets), partial(_blank_backs, sheets, starts)]


def _blank_fronts(sheets: BadgeSheets, pen: Pen) -> None:
    for index in range(sheets.stock.count):
        area = _Area.of(sheets.stock, *sheets.stock.corner(index, sheets.offset_mm, is_back=False))
        pen.text(area.left, area.top - 1.8 * MM, pen.letterhead.event, _EVENT, width=area.width)
        for share, key in ((0.45, "name"), (0.2, "programme"), (0.0, "languages")):
            y = area.bottom + area.height * share
            pen.rule(area.left, y + 3 * MM, area.width, grey=0.4)
            pen.text(area.left, y, pen.label(key), Style(6, grey=GREY))
    _sheet_foot(pen, sheets)


def _blank_backs(sheets: BadgeSheets, starts: Sequence[str], pen: Pen) -> None:
    for index in range(sheets.stock.count):
        area = _Area.of(sheets.stock, *sheets.stock.corner(index, sheets.offset_mm, is_back=True))
        pen.text(area.left, area.top - 2.6 * MM, pen.label("badge_back"), Style(8, bold=True))
        columns = 2 if len(starts) > 1 else 1
        lines = max(1, -(-len(starts) // columns))
        height = area.height - 4 * MM
        step = min(height / lines, 8 * MM)
        width = (area.width - 3 * MM) / columns
        for number, start in enumerate(starts):
            x = area.left + number // lines * (width + 3 * MM)
            y = area.bottom + height - (number % lines + 1) * step
            pen.text(x, y + step * 0.2, start, Style(min(7.5, step * 0.6), grey=GREY))
            pen.rule(x, y, width, grey=0.6)
    _sheet_foot(pen, sheets)

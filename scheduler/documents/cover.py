"""The cover: what the pack holds, how many of everything; and the blank schedules (A4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from scheduler.documents.paper import Page
from scheduler.documents.pen import A4, GREY, MARGIN, MM, Fit, Pen, Style
from scheduler.documents.schedules import card_corner, card_foot, cut_lines
from scheduler.reports import Counts, RoomCounts

_LEFT = MARGIN + 5 * MM
_WIDTH = A4[0] - 2 * _LEFT
_HEAD = Style(8, grey=GREY)
_CELL = Style(10, least=7)
_BOLD = Style(10, bold=True, least=7)
_ROW = 6.4 * MM


@dataclass(frozen=True, slots=True)
class Content:
    """A file of the pack: its kind, its name, its pages."""

    kind: str
    name: str
    pages: int


@dataclass(frozen=True, slots=True)
class CoverText:
    """What the cover says beside the counts: the window as clock times.

    ``since`` is the version before where only what changed is printed, else None.
    """

    opens: str
    closes: str
    timezone: str
    since: int | None = None


def cover_pages(counts: Counts, contents: Sequence[Content], text: CoverText) -> list[Page]:
    """The cover; many rooms go on to further pages."""
    first = max(0, 17 - len(contents))
    rooms = counts.rooms
    pages: list[Page] = [partial(_front, counts, contents, text, rooms[:first])]
    for start in range(first, len(rooms), 36):
        pages.append(partial(_rooms_page, rooms[start : start + 36]))
    return pages


def _front(
    counts: Counts,
    contents: Sequence[Content],
    text: CoverText,
    rooms: Sequence[RoomCounts],
    pen: Pen,
) -> None:
    y = A4[1] - MARGIN - 12 * MM
    pen.text(_LEFT, y, pen.label("cover"), Style(9, bold=True, grey=GREY))
    name = Style(32, bold=True, least=16)
    y = pen.block(
        _LEFT, y - 14 * MM, pen.letterhead.event, name, width=_WIDTH, fit=Fit(2, single=22)
    )
    hours = pen.label("window", start=text.opens, end=text.closes)
    when = f"{pen.letterhead.date}, {hours}"
    y -= 9 * MM
    pen.text(_LEFT, y, when[0].upper() + when[1:], Style(13, grey=GREY, least=9), width=_WIDTH)
    y = _numbers(pen, counts, y - 22 * MM)
    y = _stamp(pen, text.since, y - 12 * MM)
    y = _contents(pen, contents, y - 13 * MM)
    if rooms:
        _rooms(pen, rooms, y - 12 * MM)
    pen.foot(_LEFT, width=_WIDTH)


def _numbers(pen: Pen, counts: Counts, y: float) -> float:
    """The four figures one asks for first."""
    figures = (
        (counts.students, "count.students"),
        (counts.companies, "count.companies"),
        (counts.meetings, "count.meetings"),
        (counts.without_meeting, "count.without"),
    )
    step = _WIDTH / len(figures)
    pen.rule(_LEFT, y + 15 * MM, _WIDTH, weight=0.9)
    for index, (count, key) in enumerate(figures):
        x = _LEFT + index * step
        pen.text(x, y, str(count), Style(34, bold=True, least=16), width=step - 4 * MM)
        pen.text(x, y - 6 * MM, pen.label(key, count=count), Style(9.5, grey=GREY))
    pen.rule(_LEFT, y - 10 * MM, _WIDTH, weight=0.9)
    return y - 10 * MM


def _stamp(pen: Pen, since: int | None, y: float) -> float:
    key = "stamp_meaning" if since is None else "stamp_since"
    stamp = pen.label("version", stamp=pen.letterhead.stamp)
    drawn = pen.text(_LEFT, y + 4 * MM, stamp, Style(12, bold=True))
    x = _LEFT + drawn + 6 * MM
    width = _LEFT + _WIDTH - x
    return pen.block(
        x, y + 4.2 * MM, pen.label(key, since=since), Style(8.5, grey=GREY), width=width
    )


def _contents(pen: Pen, contents: Sequence[Content], y: float) -> float:
    pen.text(_LEFT, y, pen.label("contents"), Style(13, bold=True))
    y -= 7 * MM
    columns = ((0.0, "file_head"), (44 * MM, ""), (113 * MM, "paper_head"))
    for x, key in columns:
        if key:
            pen.text(_LEFT + x, y, pen.label(key), _HEAD)
    pen.text(_LEFT + _WIDTH, y, pen.label("pages_head"), _HEAD, align="right")
    y -= 2 * MM
    pen.rule(_LEFT, y, _WIDTH, weight=0.9)
    for content in contents:
        base = y - 4.5 * MM
        pen.text(_LEFT, base, content.name, _BOLD, width=42 * MM)
        pen.text(_LEFT + 44 * MM, base, pen.label(f"about.{content.kind}"), _CELL, width=67 * MM)
        hint = pen.label(f"hint.{content.kind}")
        pen.text(_LEFT + 113 * MM, base, hint, Style(9, grey=GREY, least=6.5), width=58 * MM)
        pen.text(_LEFT + _WIDTH, base, str(content.pages), _BOLD, align="right")
        y -= _ROW
        pen.rule(_LEFT, y, _WIDTH, grey=0.65)
    return y


def _rooms_page(rooms: Sequence[RoomCounts], pen: Pen) -> None:
    _rooms(pen, rooms, A4[1] - MARGIN - 12 * MM)
    pen.foot(_LEFT, width=_WIDTH)


def _rooms(pen: Pen, rooms: Sequence[RoomCounts], y: float) -> None:
    pen.text(_LEFT, y, pen.label("by_room"), Style(13, bold=True))
    y -= 7 * MM
    keys = ("tables_head", "companies_head", "students_head", "meetings_head")
    rights = [_LEFT + _WIDTH - (len(keys) - 1 - i) * 25 * MM for i in range(len(keys))]
    pen.text(_LEFT, y, pen.label("room"), _HEAD)
    for key, right in zip(keys, rights, strict=True):
        pen.text(right, y, pen.label(key), _HEAD, align="right")
    y -= 2 * MM
    pen.rule(_LEFT, y, _WIDTH, weight=0.9)
    for room in rooms:
        base = y - 4.5 * MM
        place = ", ".join(part for part in (room.room, room.building) if part)
        pen.text(_LEFT, base, place, _BOLD, width=rights[0] - _LEFT - 16 * MM)
        numbers = (room.tables, room.companies, room.students, room.meetings)
        for number, right in zip(numbers, rights, strict=True):
            pen.text(right, base, str(number), _CELL, align="right")
        y -= _ROW
        pen.rule(_LEFT, y, _WIDTH, grey=0.65)


def blank_card_page(starts: Sequence[str]) -> Page:
    """Four blank schedules, with the times of the day."""
    return partial(_blank_cards, starts)


def _blank_cards(starts: Sequence[str], pen: Pen) -> None:
    width = A4[0] / 2 - 2 * MARGIN
    for index in range(4):
        x, top = card_corner(index)
        y = top - 5 * MM
        pen.text(x, y, pen.label("spare_schedule"), Style(11, bold=True))
        y -= 13 * MM
        pen.rule(x, y, width, grey=0.4)
        pen.text(x, y - 3 * MM, pen.label("name"), Style(6.5, grey=GREY))
        y -= 9 * MM
        columns = ((0.0, "time"), (17 * MM, "table"), (32 * MM, "company"))
        for shift, key in columns:
            pen.text(x + shift, y, pen.label(key), Style(6.5, grey=GREY))
        y -= 1.5 * MM
        pen.rule(x, y, width, weight=0.9)
        step = min(8.5 * MM, (y - (top - A4[1] / 2 + 2 * MARGIN) - 10 * MM) / max(1, len(starts)))
        size = min(10.0, step * 0.6)
        for start in starts:
            y -= step
            pen.text(x, y + step * 0.28, start, Style(size, bold=True))
            pen.rule(x, y, width, grey=0.6)
        card_foot(pen, x, top)
    cut_lines(pen)

"""The press: documents of one order drawn as bytes, several at once when there is much to draw."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from scheduler.documents import badges, companies, cover, desk, schedules, signs, wall
from scheduler.documents.notes import Notes, PrintWarning
from scheduler.documents.paper import Page, make_pdf
from scheduler.documents.pen import A3_LANDSCAPE, A4, A4_LANDSCAPE, Letterhead, Pen, Style
from scheduler.model import CompanyId, StudentId
from scheduler.reports import Report
from scheduler.reports.words import date_in_words, label

_LANDSCAPE = {"companies": A4_LANDSCAPE, "wall": A3_LANDSCAPE}
_DUPLEX = frozenset({"badges", "signs", "spares", "badges-test-sheet"})
_WORTH_A_PROCESS = 1500
"""Meetings and people from which on a second process saves more than it takes to start."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to print; made once, handed to every process.

    Parameters
    ----------
    students, companies
        Whom paper about people is for, in the order of the paper.
    is_reprint
        For some people again; what is about nobody is then left out.
    since
        The version before, of a reprint for those for whom something changed since.
    contents
        Of the cover: every file with its pages.
    """

    report: Report
    students: tuple[StudentId, ...]
    companies: tuple[CompanyId, ...]
    badge_ids: Mapping[StudentId, str]
    sheets: badges.BadgeSheets
    is_reprint: bool
    since: int | None = None
    contents: tuple[cover.Content, ...] = field(default=())

    @property
    def letterhead(self) -> Letterhead:
        """What every page says of its event and timetable."""
        event = self.report.event
        date = date_in_words(event.date, event.language)
        return Letterhead(event.name, date, self.report.stamp, event.language)

    @property
    def starts(self) -> tuple[str, ...]:
        """When each slot begins, for what is filled in by hand."""
        event = self.report.event
        return tuple(event.clock(slot.start_min) for slot in event.window.slots)


@dataclass(frozen=True, slots=True)
class Printed:
    """One document as bytes."""

    kind: str
    content: bytes
    pages: int
    warnings: tuple[PrintWarning, ...]


def print_all(
    order: Order,
    names: Sequence[str],
    *,
    processes: int | None,
    progress: Callable[[int, int], None],
) -> list[Printed]:
    """Draw documents, in the order of their names.

    Parameters
    ----------
    processes
        None is every core for a large event, one for a small one.
    progress
        Told after each document how many are done, and of how many.
    """
    if processes is None:
        event = order.report.event
        size = len(event.students) + len(event.companies) + order.report.counts().meetings
        processes = (os.cpu_count() or 1) if size >= _WORTH_A_PROCESS else 1
    processes = min(processes, len(names))
    if processes <= 1:
        return _counted((print_one(order, name) for name in names), len(names), progress)
    # spawn: a fork of a server that runs threads can hang
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        processes, mp_context=context, initializer=_take_order, initargs=(order,)
    ) as pool:
        return _counted(pool.map(_print_ordered, names), len(names), progress)


def print_one(order: Order, name: str) -> Printed:
    """Draw one document; one about nobody is a page that says so."""
    notes = Notes(f"{name}.pdf")
    pages = _pages(order, name) or [_nothing]
    content = make_pdf(
        pages,
        _LANDSCAPE.get(name, A4),
        title=label(name, order.letterhead.language),
        letterhead=order.letterhead,
        notes=notes,
        is_duplex=name in _DUPLEX,
    )
    return Printed(name, content, len(pages), notes.warnings)


def cover_pages(order: Order) -> list[Page]:
    """Draw the cover with the contents of the order."""
    event = order.report.event
    closes = event.clock(event.window.length_min)
    text = cover.CoverText(event.clock(0), closes, event.timezone, order.since)
    return cover.cover_pages(order.report.counts(), order.contents, text)


def _counted(
    documents: Iterable[Printed], count: int, progress: Callable[[int, int], None]
) -> list[Printed]:
    printed = []
    for document in documents:
        printed.append(document)
        progress(len(printed), count)
    return printed


_order: list[Order] = []
"""The order of this worker process, set once when it starts."""


def _take_order(order: Order) -> None:
    _order[:] = [order]


def _print_ordered(name: str) -> Printed:
    return print_one(_order[0], name)


def _pages(order: Order, name: str) -> list[Page]:
    report = order.report
    match name:
        case "schedules":
            return schedules.schedule_pages([report.student(s) for s in order.students])
        case "schedules-4up":
            return schedules.card_pages([report.student(s) for s in order.students])
        case "badges":
            people = [report.student(s) for s in order.students]
            return badges.badge_pages(people, order.badge_ids, order.sheets)
        case "badges-test-sheet":
            return badges.test_sheet_pages(order.sheets)
        case "companies":
            tables = [sheet for c in order.companies for sheet in report.company(c)]
            return companies.company_pages(tables)
        case "signs":
            return signs.sign_pages([t for c in order.companies for t in report.company(c)])
        case "wall":
            return wall.wall_pages([report.room(room) for room in report.room_ids])
        case "desk":
            return desk.desk_pages(report.desk())
        case "spares":
            blanks = badges.blank_badge_pages(order.sheets, order.starts)
            return [*blanks, cover.blank_card_page(order.starts)]
        case _:
            return cover_pages(order)


def _nothing(pen: Pen) -> None:
    """A page that says that there is nothing to print."""
    pen.text(56, pen.size[1] - 90, pen.label("nobody"), Style(14))
    pen.foot()

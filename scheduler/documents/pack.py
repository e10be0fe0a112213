"""The whole paper of a day: every kind of document, as many at once as there are cores."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

from scheduler.documents import badges, companies, cover, desk, schedules, signs, wall
from scheduler.documents.notes import Notes, PrintWarning
from scheduler.documents.paper import Page, make_pdf
from scheduler.documents.pen import A3_LANDSCAPE, A4, A4_LANDSCAPE, Letterhead, Pen, Style
from scheduler.documents.printable import with_printable_names
from scheduler.documents.stocks import DEFAULT_STOCK, stock_named
from scheduler.errors import InvalidEventError, Problem, SchedulerError
from scheduler.files import make_folder, spare_path, write_whole
from scheduler.model import CompanyId, Event, StudentId, Timetable
from scheduler.reports import Report
from scheduler.reports.words import date_in_words, label
from scheduler.sentence import say

KINDS = ("schedules", "companies", "badges", "signs", "wall", "desk", "cover")
"""What can be printed; the names of ``--only``."""

TEST_SHEET = "badges-test-sheet.pdf"

# the files of each kind; the longest to draw come first, so that the cores end together
_DOCUMENTS = {
    "badges": ("badges", "badges-test-sheet"),
    "companies": ("companies",),
    "schedules": ("schedules", "schedules-4up"),
    "signs": ("signs",),
    "wall": ("wall",),
    "desk": ("desk",),
}
_OF_STUDENTS = frozenset({"schedules", "badges"})
_OF_COMPANIES = frozenset({"companies", "signs"})

_LANDSCAPE = {"companies": A4_LANDSCAPE, "wall": A3_LANDSCAPE}
_DUPLEX = frozenset({"badges", "signs", "spares", "badges-test-sheet"})
_WORTH_A_PROCESS = 1500
"""Meetings and people from which on a second process saves more than it takes to start."""


@dataclass(frozen=True, slots=True)
class PrintedFile:
    """A file of the pack."""

    kind: str
    path: Path
    pages: int


@dataclass(frozen=True, slots=True)
class PrintReport:
    """What was written, and every text that could not be printed as it was."""

    files: tuple[PrintedFile, ...]
    warnings: tuple[PrintWarning, ...]


@dataclass(frozen=True, slots=True)
class _Order:
    """What to print; made once, handed to every process."""

    report: Report
    students: tuple[StudentId, ...]
    companies: tuple[CompanyId, ...]
    badge_ids: Mapping[StudentId, str]
    sheets: badges.BadgeSheets
    contents: tuple[cover.Content, ...] = field(default=())
    since: int | None = None

    @property
    def letterhead(self) -> Letterhead:
        event = self.report.event
        date = date_in_words(event.date, event.language)
        return Letterhead(event.name, date, self.report.stamp, event.language)

    @property
    def starts(self) -> tuple[str, ...]:
        event = self.report.event
        return tuple(event.clock(slot.start_min) for slot in event.window.slots)


@dataclass(frozen=True, slots=True)
class _Printed:
    """One document as bytes."""

    kind: str
    content: bytes
    pages: int
    warnings: tuple[PrintWarning, ...]


def print_pack(  # noqa: PLR0913 -- the choices of one print dialogue
    event: Event,
    timetable: Timetable,
    out: Path,
    *,
    only: Collection[str] | None = None,
    ids: Collection[str] | None = None,
    badge_ids: Mapping[StudentId, str],
    stock: str = DEFAULT_STOCK,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    crop_marks: bool = False,
    processes: int | None = None,
    version: int | None = None,
    since: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> PrintReport:
    """Print the PDFs of a timetable into a folder.

    Parameters
    ----------
    out
        Made when it does not exist. A file is written whole or not at all; with ``ids`` one that
        is there is kept, and the new one is called ``<kind>-again.pdf``.
    only
        Some of `KINDS`; None is all of them.
    ids
        Students and companies to print again: schedules and badges of these students, day sheets
        and signs of these companies. The wall chart, the desk list and the cover then come only
        when ``only`` names them, and are whole.
    badge_ids
        Of `ensure_badge_ids`; a student without one gets a badge without a code.
    stock
        A key of `STOCKS`.
    offset_mm
        How far badges are moved to the right and up, to make good the printer.
    processes
        None is every core for a large event, one for a small one.
    version
        Of the timetable where versions are counted: stands before the stamp.
    since
        The version before, where ``ids`` are those for whom something changed since.
    progress
        Told after each document how many are done, and of how many; the cover is not counted.

    Raises
    ------
    InvalidEventError
        ``ids`` names somebody the event does not have.
    SchedulerError
        A kind or stock is unknown, or ``out`` cannot be written.

    Notes
    -----
    The same event, timetable and choices give the same bytes.
    """
    kinds = _chosen(only, ids)
    notes = Notes()
    report = Report(with_printable_names(event, notes), timetable)
    if version is not None:
        report.stamp = f"{version} · {report.stamp}"
    sheets = badges.BadgeSheets(stock_named(stock), offset_mm, crop_marks)
    order = _Order(report, *_named(report, ids), badge_ids, sheets, since=since)
    names = _names(order, kinds, is_reprint=ids is not None)
    printed = _print_all(order, names, processes, progress)
    paths = _paths(out, is_reprint=ids is not None)
    if "cover" in kinds:
        printed += _print_cover(order, printed, paths)
    make_folder(out)
    for document in printed:
        write_whole(paths[document.kind], document.content)
    return _as_report(printed, paths, notes.warnings)


def _paths(out: Path, *, is_reprint: bool) -> dict[str, Path]:
    paths = {kind: out / f"{kind}.pdf" for kind in _FILES}
    return {kind: spare_path(path) for kind, path in paths.items()} if is_reprint else paths


def print_test_sheet(
    out: Path,
    *,
    stock: str = DEFAULT_STOCK,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    language: str = "en",
) -> PrintReport:
    """Print only the outlines of a badge stock, for a printer to be adjusted before any event."""
    sheets = badges.BadgeSheets(stock_named(stock), offset_mm)
    title = label("badges-test-sheet", language)
    letterhead = Letterhead(sheets.stock.name, title, "–", language)
    pages = badges.test_sheet_pages(sheets)
    content = make_pdf(pages, A4, title=title, letterhead=letterhead, notes=Notes(), is_duplex=True)
    make_folder(out)
    write_whole(out / TEST_SHEET, content)
    printed = PrintedFile("badges-test-sheet", out / TEST_SHEET, len(pages))
    return PrintReport((printed,), ())


def _chosen(only: Collection[str] | None, ids: Collection[str] | None) -> frozenset[str]:
    unknown = sorted(set(only or ()) - set(KINDS))
    if unknown:
        raise SchedulerError(
            say(
                "There is no document %(unknown)s; choose of %(kinds)s",
                unknown=", ".join(unknown),
                kinds=", ".join(KINDS),
            )
        )
    if only is not None:
        return frozenset(only)
    return frozenset(KINDS) if ids is None else _OF_STUDENTS | _OF_COMPANIES


def _named(
    report: Report, ids: Collection[str] | None
) -> tuple[tuple[StudentId, ...], tuple[CompanyId, ...]]:
    """Students and companies to print, in the order of the paper."""
    if ids is None:
        return report.student_ids, report.company_ids
    wanted = set(ids)
    students = tuple(s for s in report.student_ids if s in wanted)
    people = tuple(c for c in report.company_ids if c in wanted)
    unknown = sorted(wanted - set(students) - set(people))
    if unknown:
        raise InvalidEventError(
            [
                Problem(
                    "ids",
                    say("no student and no company has this id"),
                    say("correct it"),
                    subject=name,
                )
                for name in unknown
            ]
        )
    return students, people


def _is_about_nobody(kind: str, order: _Order) -> bool:
    if kind in _OF_STUDENTS:
        return not order.students
    return kind in _OF_COMPANIES and not order.companies


def _names(order: _Order, kinds: frozenset[str], *, is_reprint: bool) -> list[str]:
    """The documents to print; a reprint leaves out those about nobody, and the test sheet."""
    return [
        name
        for kind, documents in _DOCUMENTS.items()
        if kind in kinds and not (is_reprint and _is_about_nobody(kind, order))
        for name in documents
        if not (is_reprint and name == "badges-test-sheet")
    ]


def _print_all(
    order: _Order,
    names: Sequence[str],
    processes: int | None,
    progress: Callable[[int, int], None],
) -> list[_Printed]:
    if processes is None:
        event = order.report.event
        size = len(event.students) + len(event.companies) + order.report.counts().meetings
        processes = (os.cpu_count() or 1) if size >= _WORTH_A_PROCESS else 1
    processes = min(processes, len(names))
    if processes <= 1:
        return _counted((_print_one(order, name) for name in names), len(names), progress)
    # spawn: a fork of a server that runs threads can hang
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        processes, mp_context=context, initializer=_take_order, initargs=(order,)
    ) as pool:
        return _counted(pool.map(_print_ordered, names), len(names), progress)


def _counted(
    documents: Iterable[_Printed], count: int, progress: Callable[[int, int], None]
) -> list[_Printed]:
    printed = []
    for document in documents:
        printed.append(document)
        progress(len(printed), count)
    return printed


_order: list[_Order] = []
"""The order of this worker process, set once when it starts."""


def _take_order(order: _Order) -> None:
    _order[:] = [order]


def _print_ordered(name: str) -> _Printed:
    return _print_one(_order[0], name)


def _print_one(order: _Order, name: str) -> _Printed:
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
    return _Printed(name, content, len(pages), notes.warnings)


def _pages(order: _Order, name: str) -> list[Page]:
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
            return _cover_pages(order)


def _cover_pages(order: _Order) -> list[Page]:
    event = order.report.event
    closes = event.clock(event.window.length_min)
    text = cover.CoverText(event.clock(0), closes, event.timezone, order.since)
    return cover.cover_pages(order.report.counts(), order.contents, text)


def _nothing(pen: Pen) -> None:
    """A page that says that there is nothing to print."""
    pen.text(56, pen.size[1] - 90, pen.label("nobody"), Style(14))
    pen.foot()


def _print_cover(
    order: _Order, printed: Sequence[_Printed], paths: Mapping[str, Path]
) -> list[_Printed]:
    """The cover, which counts every other page and its own, and the spares."""
    spares = _print_one(order, "spares")
    contents = [cover.Content(p.kind, paths[p.kind].name, p.pages) for p in printed]
    contents.sort(key=lambda content: _FILES.index(content.kind))
    contents.append(cover.Content("spares", paths["spares"].name, spares.pages))
    own = cover.Content("cover", paths["cover"].name, 1)
    draft = _with_contents(order, (own, *contents))
    own = cover.Content("cover", own.name, len(_cover_pages(draft)))
    final = _with_contents(order, (own, *contents))
    return [_print_one(final, "cover"), spares]


def _with_contents(order: _Order, contents: tuple[cover.Content, ...]) -> _Order:
    return replace(order, contents=contents)


_FILES = (
    "cover",
    "schedules",
    "schedules-4up",
    "companies",
    "badges",
    "badges-test-sheet",
    "signs",
    "wall",
    "desk",
    "spares",
)
"""Every file of a pack, in the order people are told of them."""


def _as_report(
    printed: Sequence[_Printed], paths: Mapping[str, Path], warnings: Sequence[PrintWarning]
) -> PrintReport:
    ordered = sorted(printed, key=lambda document: _FILES.index(document.kind))
    files = tuple(PrintedFile(p.kind, paths[p.kind], p.pages) for p in ordered)
    of_pages = (warning for p in ordered for warning in p.warnings)
    return PrintReport(files, tuple(dict.fromkeys((*warnings, *of_pages))))

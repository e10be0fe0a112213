"""The whole paper of a day: every kind of document, written into one folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scheduler.documents import badges, cover
from scheduler.documents.notes import Notes, PrintWarning
from scheduler.documents.paper import make_pdf
from scheduler.documents.pen import A4, Letterhead
from scheduler.documents.press import Order, Printed, cover_pages, print_all, print_one
from scheduler.documents.printable import with_printable_names
from scheduler.documents.stocks import DEFAULT_STOCK, stock_named
from scheduler.errors import InvalidEventError, Problem, SchedulerError
from scheduler.files import make_folder, spare_path, write_whole
from scheduler.model import CompanyId, Event, StudentId, Timetable
from scheduler.reports import Report
from scheduler.reports.words import label
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


def print_pack(  # noqa: PLR0913 -- the choices of one print dialogue
    event: Event,
    timetable: Timetable,
    out: Path,
    *,
    only: Collection[str] | None = None,
    ids: Collection[str] | None = None,
    badge_ids: Mapping[StudentId, str],
    sheets: badges.BadgeSheets | None = None,
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
    sheets
        How badges are laid on paper; None is the usual stock.
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
        A kind is unknown, or ``out`` cannot be written.

    Notes
    -----
    The same event, timetable and choices give the same bytes.
    """
    kinds = _chosen(only, ids)
    notes = Notes()
    report = _report(with_printable_names(event, notes), timetable, version)
    sheets = sheets or badges.BadgeSheets(stock_named(DEFAULT_STOCK))
    order = Order(report, *_named(report, ids), badge_ids, sheets, ids is not None, since)
    paths = _paths(order, out)
    printed = _print_kinds(order, kinds, paths=paths, processes=processes, progress=progress)
    return _written(printed, paths, out=out, warnings=notes.warnings)


def _report(event: Event, timetable: Timetable, version: int | None) -> Report:
    report = Report(event, timetable)
    if version is not None:
        report.stamp = f"{version} · {report.stamp}"
    return report


def _paths(order: Order, out: Path) -> dict[str, Path]:
    paths = {kind: out / f"{kind}.pdf" for kind in _FILES}
    return {kind: spare_path(path) for kind, path in paths.items()} if order.is_reprint else paths


def _print_kinds(
    order: Order,
    kinds: frozenset[str],
    *,
    paths: Mapping[str, Path],
    processes: int | None,
    progress: Callable[[int, int], None],
) -> list[Printed]:
    """Every document of these kinds; the cover last, because it counts the others' pages."""
    printed = print_all(order, _names(order, kinds), processes=processes, progress=progress)
    return printed + (_print_cover(order, printed, paths) if "cover" in kinds else [])


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


def _is_about_nobody(kind: str, order: Order) -> bool:
    if kind in _OF_STUDENTS:
        return not order.students
    return kind in _OF_COMPANIES and not order.companies


def _names(order: Order, kinds: frozenset[str]) -> list[str]:
    """The documents to print; a reprint leaves out those about nobody, and the test sheet."""
    return [
        name
        for kind, documents in _DOCUMENTS.items()
        if kind in kinds and not (order.is_reprint and _is_about_nobody(kind, order))
        for name in documents
        if not (order.is_reprint and name == "badges-test-sheet")
    ]


def _print_cover(
    order: Order, printed: Sequence[Printed], paths: Mapping[str, Path]
) -> list[Printed]:
    """The cover, which counts every other page and its own, and the spares."""
    spares = print_one(order, "spares")
    contents = [cover.Content(p.kind, paths[p.kind].name, p.pages) for p in printed]
    contents.sort(key=lambda content: _FILES.index(content.kind))
    contents.append(cover.Content("spares", paths["spares"].name, spares.pages))
    own = cover.Content("cover", paths["cover"].name, 1)
    draft = replace(order, contents=(own, *contents))
    own = cover.Content("cover", own.name, len(cover_pages(draft)))
    final = replace(order, contents=(own, *contents))
    return [print_one(final, "cover"), spares]


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


def _written(
    printed: Sequence[Printed],
    paths: Mapping[str, Path],
    *,
    out: Path,
    warnings: Sequence[PrintWarning],
) -> PrintReport:
    make_folder(out)
    for document in printed:
        write_whole(paths[document.kind], document.content)
    ordered = sorted(printed, key=lambda document: _FILES.index(document.kind))
    files = tuple(PrintedFile(p.kind, paths[p.kind], p.pages) for p in ordered)
    of_pages = (warning for p in ordered for warning in p.warnings)
    return PrintReport(files, tuple(dict.fromkeys((*warnings, *of_pages))))

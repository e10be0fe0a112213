"""Printing the pack from the command line."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from pathlib import Path

from scheduler.cli.counts import counted
from scheduler.documents import (
    DEFAULT_STOCK,
    BadgeSheets,
    PrintReport,
    ensure_badge_ids,
    print_pack,
    stock_named,
)
from scheduler.files import make_folder, spare_path, write_whole
from scheduler.model import Event, Timetable

BADGES = "badges.csv"
REPORT = "print-report.txt"
SHOWN = 5
"""Warnings by name on the terminal; the file has all."""


def print_files(
    event: Event,
    timetable: Timetable,
    out: Path,
    *,
    only: Collection[str] | None = None,
    ids: Collection[str] | None = None,
    stock: str | None = None,
    offset_mm: tuple[float, float] = (0.0, 0.0),
    crop_marks: bool = False,
) -> Iterator[str]:
    """Print the pack, or with ``ids`` some of it again, and say line by line what lies there.

    What could not be printed as it was written goes to a report, by name, and to standard error,
    where texts that were too long are only counted.
    """
    make_folder(out)
    students = [student.student_id for student in event.students]
    report = print_pack(
        event,
        timetable,
        out,
        only=only,
        ids=ids,
        badge_ids=ensure_badge_ids(out / BADGES, students),
        sheets=BadgeSheets(stock_named(stock or DEFAULT_STOCK), offset_mm, crop_marks),
    )
    place = out / REPORT
    _warn(report, place if ids is None else spare_path(place))
    yield from _describe(report, out, timetable.stamp)


def _warn(report: PrintReport, place: Path) -> None:
    if not report.warnings:
        place.unlink(missing_ok=True)
        return
    lines = [str(warning) for warning in report.warnings]
    write_whole(place, ("\n".join(lines) + "\n").encode())
    named = [str(warning) for warning in report.warnings if not warning.is_cut]
    for line in named[:SHOWN]:
        print(f"warning: {line}", file=sys.stderr)
    if len(named) > SHOWN:
        print(f"warning: {len(named) - SHOWN} more are in {place}", file=sys.stderr)
    cut = len(lines) - len(named)
    if cut:
        was, them = ("was", "it") if cut == 1 else ("were", "them")
        text = f"{counted(cut, 'long text')} {was} shortened; {place} lists {them}"
        print(f"warning: {text}", file=sys.stderr)


def _describe(report: PrintReport, out: Path, stamp: str) -> Iterator[str]:
    if not report.files:
        yield "Nothing to print for these people and kinds."
        return
    yield f"Printed into {out}, version {stamp}:"
    for file in report.files:
        yield f"  {file.path.name:<24}{counted(file.pages, 'page'):>10}"

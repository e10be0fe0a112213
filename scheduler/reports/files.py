"""The result files: timetable as CSV and workbook, and the summary."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from scheduler.files import protect, write_whole
from scheduler.model import Event, Level, Meeting, Result, Timetable
from scheduler.reports.collation import collation_key
from scheduler.reports.fairness import fairness
from scheduler.reports.sheets import Cell, Sheet, workbook_bytes
from scheduler.reports.standby import standby
from scheduler.reports.standby_rows import STANDBY_COLUMNS, standby_rows

__all__ = ["summary_json", "timetable_csv", "write_timetable_xlsx", "write_whole"]

TIMETABLE_COLUMNS = (
    "start",
    "end",
    "room_id",
    "table",
    "company_id",
    "company",
    "student_id",
    "student",
    "rank",
)
_STUDENT_COLUMNS = (
    "student",
    "student_id",
    "start",
    "end",
    "room_id",
    "table",
    "company_id",
    "company",
    "rank",
)
_FAIRNESS_COLUMNS = (
    "by",
    "group",
    "students",
    "meetings per student",
    "wishes per student",
    "best rank met",
    "clearly below",
)
_COMPANY_COLUMNS = ("start", "end", "room_id", "table", "student_id", "student", "programme")

STANDBY_TURNS = 2_000
"""Most turns for which the sheet ``standby`` is made: nobody prints more, and it takes time."""
_SHEET_NAME_LIMIT = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
Row = tuple[Cell, ...]


def timetable_csv(event: Event, timetable: Timetable) -> bytes:
    """Write every meeting as CSV: UTF-8, comma, sorted by start, room, table and student.

    Notes
    -----
    A cell that a spreadsheet would take for a formula gets a leading ``'``.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(TIMETABLE_COLUMNS)
    safe = _Safe()
    writer.writerows(
        [safe[cell] if isinstance(cell, str) else cell for cell in row]
        for row in _timetable_rows(event, timetable)
    )
    return stream.getvalue().encode()


class _Safe(dict[str, str]):
    """Text to protected text, each looked at once."""

    def __missing__(self, text: str) -> str:
        self[text] = protect(text)
        return self[text]


def _timetable_rows(event: Event, timetable: Timetable) -> Iterable[Row]:
    clocks = [(event.clock(s.start_min), event.clock(s.end_min)) for s in event.window.slots]
    companies = {company.company_id: company.name for company in event.companies}
    students = {student.student_id: student.name for student in event.students}
    ranks = _ranks(event)
    for slot, room_id, table, student_id, company_id in timetable.meetings:
        start, end = clocks[slot]
        yield (
            start,
            end,
            room_id,
            table,
            company_id,
            companies[company_id],
            student_id,
            students[student_id],
            ranks.get((student_id, company_id)),
        )


def _ranks(event: Event) -> dict[tuple[str, str], int]:
    return {(student, company): rank for student, company, rank in event.preferences}


def write_timetable_xlsx(event: Event, timetable: Timetable, path: Path) -> None:
    """Write the timetable as a workbook: meetings, students, fairness, stand-ins, each company.

    Parameters
    ----------
    path
        Replaced only when the new workbook is complete.

    Raises
    ------
    SchedulerError
        The place cannot be written.

    Notes
    -----
    The sheet ``students`` goes by name and holds students without a meeting too. Text is written
    as text, so nothing in it can run.
    """
    names = _SheetNames()
    sheets = [
        _table(names.make("timetable"), TIMETABLE_COLUMNS, _timetable_rows(event, timetable)),
        _table(names.make("students"), _STUDENT_COLUMNS, _student_rows(event, timetable)),
        _table(names.make("fairness"), _FAIRNESS_COLUMNS, _fairness_rows(event, timetable)),
        _table(names.make("standby"), STANDBY_COLUMNS, _standby_rows(event, timetable)),
    ]
    by_company: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in timetable.meetings:
        by_company[meeting.company_id].append(meeting)
    people = {student.student_id: student for student in event.students}
    clocks = [
        (event.clock(slot.start_min), event.clock(slot.end_min)) for slot in event.window.slots
    ]
    for company in event.companies:
        rows: list[Row] = []
        for meeting in by_company[company.company_id]:
            student = people[meeting.student_id]
            place = meeting.room_id, meeting.table
            who = student.student_id, student.name, student.programme
            rows.append((*clocks[meeting.slot], *place, *who))
        sheets.append(_table(names.make(company.name), _COMPANY_COLUMNS, rows))
    write_whole(path, workbook_bytes(sheets, day=event.date))


def _student_rows(event: Event, timetable: Timetable) -> Iterable[Row]:
    by_student: dict[str, list[Row]] = defaultdict(list)
    for row in _timetable_rows(event, timetable):
        start, end, room_id, table, company_id, company, student_id, _, rank = row
        by_student[str(student_id)].append((start, end, room_id, table, company_id, company, rank))
    for student in sorted(event.students, key=lambda s: (collation_key(s.name), s.student_id)):
        for meeting in by_student[student.student_id] or [(None,) * 7]:
            yield (student.name, student.student_id, *meeting)


def _fairness_rows(event: Event, timetable: Timetable) -> Iterable[Row]:
    for row in fairness(event, timetable):
        means = (row.meetings, row.wishes, row.best_rank)
        rounded = (None if mean is None else round(mean, 2) for mean in means)
        judged = "yes" if row.is_clearly_below else None
        yield (row.by, row.group, row.students, *rounded, judged)


def _standby_rows(event: Event, timetable: Timetable) -> Iterable[Row]:
    turns = {(meeting.slot, meeting.company_id) for meeting in timetable.meetings}
    if len(turns) > STANDBY_TURNS:
        return [
            (f"{len(turns):,} turns are too many for a sheet: company-dating standby --out FILE",)
        ]
    return standby_rows(event, standby(event, timetable))


def _table(name: str, columns: Sequence[str], rows: Iterable[Row]) -> Sheet:
    wide = ("student", "company", "programme", "group")
    return Sheet(name, columns, [30 if column in wide else 12 for column in columns], rows)


class _SheetNames:
    """Names that a workbook takes: short, without special characters, each once."""

    def __init__(self) -> None:
        self._taken = {"history"}

    def make(self, wanted: str) -> str:
        base = _NOT_IN_SHEET_NAMES.sub("-", wanted).strip().strip("'") or "company"
        name, number = _cut(base, _SHEET_NAME_LIMIT), 1
        while name.casefold() in self._taken:
            number += 1
            ending = f" ({number})"
            name = _cut(base, _SHEET_NAME_LIMIT - len(ending)) + ending
        self._taken.add(name.casefold())
        return name


def _cut(text: str, limit: int) -> str:
    """Keep as much as fits in ``limit`` UTF-16 units, as Excel counts."""
    short = text.encode("utf-16-le")[: 2 * limit].decode("utf-16-le", "ignore")
    return short.strip().rstrip("'")


def summary_json(result: Result) -> str:
    """Write the summary of a solve; numbers that nothing is known of are null."""
    metrics = result.metrics
    summary = {
        "status": result.status.value,
        "levels": [_level(level) for level in result.levels],
        "meetings": metrics.meetings if metrics else None,
        "students_without_meeting": metrics.students_without_meeting if metrics else None,
        "below_guarantee": list(metrics.below_guarantee) if metrics else [],
        "mean_rank": metrics.mean_rank if metrics else None,
        "first_choice_share": metrics.first_choice_share if metrics else None,
        "comfort": asdict(result.comfort) if result.comfort else None,
        "seed": result.seed,
        "version": result.version,
        "event_sha256": result.event_sha256,
        "runtime_s": dict(result.runtime_s),
    }
    return json.dumps(summary, ensure_ascii=False, indent=2) + "\n"


def _level(level: Level) -> dict[str, Any]:
    is_list = level.name == "guaranteed_meetings"
    return {
        "name": level.name,
        "value": list(level.value) if is_list else level.value[0],
        "bound": list(level.bound) if is_list else level.bound[0],
        "proven": level.is_proven,
    }

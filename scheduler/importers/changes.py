"""Reading what happened on the day: ``changes.csv``."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from pathlib import Path
from typing import Any

from scheduler.importers import cells
from scheduler.importers.columns import Column, Table
from scheduler.importers.timetable import raise_all, read_with_findings
from scheduler.model import Change, ChangeKind, Event
from scheduler.sentence import say
from scheduler.validation.changes import check_changes

CHANGE_KINDS: Mapping[str, ChangeKind] = {
    **{kind.value: kind for kind in ChangeKind},
    "fraværende": ChangeKind.ABSENT,
    "ankommer": ChangeKind.ARRIVES,
    "går": ChangeKind.LEAVES,
    "forbyd": ChangeKind.FORBID,
    "borde": ChangeKind.TABLES,
}


def _change(values: list[Any], unread: Set[str]) -> Change | None:
    return None if unread else Change(*values)


CHANGES = Table(
    "changes",
    "ændringer",
    True,
    (
        Column(
            "change",
            "ændring",
            cells.one_of(CHANGE_KINDS, say("absent arrives leaves forbid tables")),
            is_required=True,
        ),
        Column(
            "kind",
            "hvem",
            cells.one_of(cells.PERSON_KINDS, say("student company")),
            is_required=True,
        ),
        Column("id", "id", cells.parse_id, is_required=True),
        Column("company_id", "virksomhed_id", cells.parse_id, empty=None),
        Column("time", "tid", cells.parse_clock, is_time=True, empty=None),
        Column("count", "antal", cells.parse_whole, empty=None),
    ),
    _change,
)


def load_changes(path: Path, event: Event) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """Read changes: CSV, or a workbook's sheet ``changes`` (else its first).

    Returns
    -------
    tuple of Change, tuple of str
        In the order of the file, and warnings about columns that were left out.

    Raises
    ------
    ImportFileError
        With every cell that cannot be read and every change that makes no sense for the event.
    """
    rows, findings = read_with_findings(path, CHANGES, event.opens_min)
    read = [
        (number, change)
        for number, change in zip(rows.numbers, rows.values, strict=True)
        if change is not None
    ]
    changes = tuple(change for _, change in read)
    for problem in check_changes(event, changes):
        number = None if problem.index is None else read[problem.index][0]
        column = rows.shown.get(problem.column, problem.column)
        findings.problems.append(replace(problem, file=rows.label, row=number, column=column))
    raise_all(findings.problems)
    return changes, tuple(findings.warnings)

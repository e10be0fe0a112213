"""Stand-ins as rows: the sheet ``standby`` and ``standby.csv``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from scheduler.files import protect
from scheduler.model import Event
from scheduler.reports.sheets import Cell
from scheduler.reports.standby import StandbyTurn

STANDBY_COLUMNS = (
    "start",
    "end",
    "room_id",
    "company_id",
    "company",
    "empty places",
    "order",
    "student_id",
    "student",
    "rank",
    "meetings",
    "missing",
)


def standby_rows(event: Event, turns: Iterable[StandbyTurn]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row per turn and name; a turn without a name has one row that ends early."""
    names = {company.company_id: company.name for company in event.companies}
    for turn in turns:
        slot = event.window.slots[turn.slot]
        times = event.clock(slot.start_min), event.clock(slot.end_min)
        company = turn.company_id, names[turn.company_id]
        station = (*times, turn.room_id, *company, turn.free)
        if not turn.names:
            yield (*station, *(None,) * 6)
        for order, own in enumerate(turn.names, 1):
            student = own.student.student_id, own.student.name
            yield (*station, order, *student, own.rank, own.meetings, own.missing)


def standby_csv(event: Event, turns: Iterable[StandbyTurn]) -> bytes:
    """Write stand-ins as CSV: UTF-8, comma, in the order given."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(STANDBY_COLUMNS)
    for row in standby_rows(event, turns):
        writer.writerow([protect(cell) if isinstance(cell, str) else cell for cell in row])
    return stream.getvalue().encode()

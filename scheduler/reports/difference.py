"""``diff.csv``: what a repair changes, one meeting a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Protocol

from scheduler.files import protect
from scheduler.model import Event, Meeting

COLUMNS = (
    "student_id",
    "company_id",
    "change",
    "from_start",
    "from_table",
    "to_start",
    "to_table",
    "reason",
)


class Changed(Protocol):
    """A meeting that is not where it was; see `scheduler.repair.Difference`."""

    @property
    def change(self) -> str:
        """``moved``, ``lost`` or ``gained``."""

    @property
    def before(self) -> Meeting | None:
        """Where it was."""

    @property
    def after(self) -> Meeting | None:
        """Where it will be."""

    @property
    def meeting(self) -> Meeting:
        """One of the two."""

    @property
    def reason(self) -> str:
        """Why, in plain words."""


def difference_csv(event: Event, differences: Iterable[Changed]) -> bytes:
    """Write differences as CSV: UTF-8, comma, in the order given; times are ``HH:MM``."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in differences:
        cells = (one.meeting.student_id, one.meeting.company_id, str(one.change))
        row = (*cells, *_station(event, one.before), *_station(event, one.after), one.reason)
        writer.writerow([protect(cell) for cell in row])
    return stream.getvalue().encode()


def _station(event: Event, meeting: Meeting | None) -> tuple[str, str]:
    if meeting is None:
        return "", ""
    return event.clock(event.window.slots[meeting.slot].start_min), str(meeting.table)

"""A timetable: every meeting with its slot and table."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from scheduler.model.people import CompanyId, StudentId
from scheduler.model.venue import RoomId


class Meeting(NamedTuple):
    """One student at one turn; sorts as the timetable file does (slot, room, table, student)."""

    slot: int
    room_id: RoomId
    table: int
    student_id: StudentId
    company_id: CompanyId


@dataclass(frozen=True, slots=True)
class Place:
    """Where a company stands all day: ``tables`` tables from ``first_table`` on in a room."""

    company_id: CompanyId
    room_id: RoomId
    first_table: int


@dataclass(frozen=True, slots=True)
class Timetable:
    """Meetings, sorted, and the companies' places.

    Parameters
    ----------
    places
        Of every company when the engine made the timetable; empty when it was read from a file,
        which names only the tables that are used.
    """

    meetings: tuple[Meeting, ...]
    places: tuple[Place, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "meetings", tuple(sorted(self.meetings)))

    @property
    def stamp(self) -> str:
        """Eight hexadecimal digits that change with any meeting: printed on every page."""
        rows = "\n".join(
            "\t".join((str(m.slot), m.room_id, str(m.table), m.company_id, m.student_id))
            for m in self.meetings
        )
        return hashlib.sha256(rows.encode()).hexdigest()[:8]

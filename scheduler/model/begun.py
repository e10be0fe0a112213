"""A day that has begun, and what changed on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scheduler.model.event import PersonKind
from scheduler.model.people import CompanyId
from scheduler.model.timetable import Meeting, Timetable
from scheduler.model.window import Window


@dataclass(frozen=True, slots=True)
class Begun:
    """The timetable that people follow, and the time now.

    Parameters
    ----------
    timetable
        With the place of every company of the event.
    now_min
        In minutes since the window opens. Slots that begin before are past.
    """

    timetable: Timetable
    now_min: int

    def first_open(self, window: Window) -> int:
        """Index of the first slot that is not past; their number when all are."""
        return sum(slot.start_min < self.now_min for slot in window.slots)

    def past(self, window: Window) -> tuple[Meeting, ...]:
        """Meetings that have begun and stay."""
        first = self.first_open(window)
        return tuple(meeting for meeting in self.timetable.meetings if meeting.slot < first)

    def later(self, window: Window) -> tuple[Meeting, ...]:
        """Meetings that have not begun and may be moved."""
        first = self.first_open(window)
        return tuple(meeting for meeting in self.timetable.meetings if meeting.slot >= first)


class ChangeKind(StrEnum):
    """What can happen on the day."""

    ABSENT = "absent"
    ARRIVES = "arrives"
    LEAVES = "leaves"
    FORBID = "forbid"
    TABLES = "tables"


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened on the day.

    Parameters
    ----------
    kind, person_id
        Whom it is about; a student for a forbid, a company for tables.
    company_id
        Of a forbid.
    time_min
        Of arrival or departure, in minutes since the window opens.
    count
        Tables from now on.
    """

    change: ChangeKind
    kind: PersonKind
    person_id: str
    company_id: CompanyId | None = None
    time_min: int | None = None
    count: int | None = None

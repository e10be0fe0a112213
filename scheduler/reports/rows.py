"""The rows of every report: plain texts and numbers, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scheduler.model import CompanyId, RoomId, StudentId


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One meeting in a student's schedule; times are ``HH:MM``.

    Parameters
    ----------
    offers
        The company's positions in words, empty when it names none.
    rank
        The student's rank of the company, None when it was not ranked.
    """

    start: str
    end: str
    room: str
    building: str
    table: int
    company: str
    offers: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class RoomTables:
    """A room somebody goes to, with the tables there, ascending."""

    room: str
    building: str
    tables: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StudentSchedule:
    """A student, and the meetings in order of time; languages and positions in words."""

    student_id: StudentId
    name: str
    given_name: str
    family_name: str
    programme: str
    languages: str
    looks_for: str
    rows: tuple[ScheduleRow, ...]
    rooms: tuple[RoomTables, ...]


@dataclass(frozen=True, slots=True)
class Guest:
    """A student at a turn, as the company sees them: no rank, no address."""

    student_id: StudentId
    name: str
    programme: str
    languages: str
    looks_for: str


class TurnKind(StrEnum):
    """What a table does at a time: meets, is free, pauses with everybody, or is not staffed."""

    MEETING = "meeting"
    FREE = "free"
    BREAK = "break"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Turn:
    """One table at one time; guests by name, more than one where the table has more seats."""

    start: str
    end: str
    kind: TurnKind
    guests: tuple[Guest, ...] = ()


@dataclass(frozen=True, slots=True)
class TableSheet:
    """The day of one table of a company.

    Parameters
    ----------
    table
        Its number in the room; None when no room has a place for the company.
    number, count
        Which of the company's tables this is, from 1, and how many it has.
    turns
        Every slot of the day and every break, in order of time.
    """

    company_id: CompanyId
    company: str
    room: str
    building: str
    table: int | None
    number: int
    count: int
    seats: int
    offers: str
    asks_for: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """A slot or a break of the wall chart."""

    start: str
    end: str
    is_break: bool


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A table of the wall chart; one turn per column."""

    table: int
    company: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class RoomChart:
    """Tables by slots of one room; tables at which nobody stands have no row."""

    room_id: RoomId
    room: str
    building: str
    columns: tuple[ChartColumn, ...]
    rows: tuple[ChartRow, ...]


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A line of the desk list.

    Parameters
    ----------
    heading
        The letter the name stands under, empty for other alphabets than the Latin one.
    first
        The first meeting, None without one.
    """

    student_id: StudentId
    name: str
    heading: str
    programme: str
    meetings: int
    first: ScheduleRow | None


@dataclass(frozen=True, slots=True)
class RoomCounts:
    """What happens in one room."""

    room: str
    building: str
    tables: int
    companies: int
    students: int
    meetings: int


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of the cover."""

    students: int
    companies: int
    tables: int
    meetings: int
    without_meeting: int
    rooms: tuple[RoomCounts, ...]

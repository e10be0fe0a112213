"""The grid and the list of the timetable as pages show them: made of a board, nothing read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.model import Company, Meeting, Room, RoomId, Slot, Student
from scheduler.reports.collation import collation_key
from webui.operations.board import Board
from webui.operations.verdicts import below_guarantee

COLUMNS = 24
"""Tables shown at a time: a page of the largest event then has some 1,700 meetings."""
LINES = 100


@dataclass(frozen=True, slots=True)
class Chip:
    """A meeting in the grid; ``pin`` is empty, ``pinned`` or ``time`` (pinned at its time)."""

    student_pk: int
    company_pk: int
    name: str
    rank: int | None
    waits: bool
    pin: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A table in a slot; in a room that is full its free seats are nobody's."""

    company_pk: int
    slot: int
    table: int
    chips: tuple[Chip, ...]
    free: int
    is_away: bool
    is_full: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A table of a room."""

    company_pk: int
    company: Company
    table: int


@dataclass(frozen=True, slots=True)
class Row:
    """A slot, with the break for everybody before it, if there is one."""

    slot: Slot
    clock: str
    pause: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RoomTab:
    """A room that can be chosen, and how full it is.

    Parameters
    ----------
    places
        Those that can be used, with the room's limit.
    is_limited
        Whether the limit leaves seats empty.
    """

    room: Room
    tables: int
    places: int
    taken: int
    is_limited: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """The tables of a room, a part of them when there are many."""

    tabs: tuple[RoomTab, ...]
    room_id: RoomId
    part: int
    parts: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    @property
    def ranks(self) -> set[int]:
        """Ranks of the meetings in sight."""
        chips = (own for row in self.rows for cell in row.cells for own in cell.chips)
        return {own.rank for own in chips if own.rank}


@dataclass(frozen=True, slots=True)
class Line:
    """A student in the list."""

    student_pk: int
    name: str
    meetings: tuple[tuple[str, str, int | None], ...]
    wishes: int
    met: int
    is_below: bool


def grid_of(board: Board, room_id: str, part: int) -> Grid:
    """The grid of a room; of the first one when there is no such."""
    columns = _columns(board)
    rooms = [own for own in board.event.rooms if columns.get(own.room_id)]
    chosen = next((own for own in rooms if own.room_id == room_id), rooms[0] if rooms else None)
    every = columns[chosen.room_id] if chosen else []
    starts = range(0, len(every), COLUMNS)
    part = part if 0 <= part < len(starts) else 0
    shown = every[part * COLUMNS : (part + 1) * COLUMNS]
    names = tuple(
        f"{every[start].table}–{every[min(start + COLUMNS, len(every)) - 1].table}"
        for start in starts
    )
    return Grid(
        tuple(_tab(board, own, columns[own.room_id]) for own in rooms),
        chosen.room_id if chosen else RoomId(""),
        part,
        names,
        tuple(shown),
        tuple(_rows(board, shown)),
    )


def where_is(board: Board, *, student_pk: int = 0, company_pk: int = 0) -> tuple[str, int]:
    """Room and part in which a student's first meeting, or a company, is."""
    people = board.people
    company_id = None
    if student_pk in people.students:
        own = board.judge.of_student.get(people.students[student_pk].student_id)
        company_id = min(own).company_id if own else None
    elif company_pk in people.companies:
        company_id = people.companies[company_pk].company_id
    for room_id, columns in _columns(board).items():
        for index, column in enumerate(columns):
            if column.company.company_id == company_id:
                return room_id, index // COLUMNS
    return "", 0


def counts_of(board: Board) -> dict[str, int]:
    """How many students there are, below the guarantee, with unmet wishes; and meetings."""
    wished, met = board.wished, board.met
    return {
        "students": len(board.event.students),
        "below": len(below_guarantee(board)),
        "unmet": sum(met[student_id] < count for student_id, count in wished.items()),
        "meetings": len(board.timetable.meetings),
    }


def students_of(board: Board, *, show: str, text: str) -> list[Student]:
    """Students of the list, by name.

    Parameters
    ----------
    show
        ``below`` the guarantee, with ``unmet`` wishes, or everybody.
    text
        Part of a name or id.
    """
    students, wanted = board.event.students, text.casefold()
    if show == "below":
        below = set(below_guarantee(board))
        students = tuple(own for own in students if own.student_id in below)
    elif show == "unmet":
        wished, met = board.wished, board.met
        students = tuple(own for own in students if met[own.student_id] < wished[own.student_id])
    found = (
        own
        for own in students
        if wanted in own.name.casefold() or wanted == own.student_id.casefold()
    )
    return sorted(found, key=lambda own: (collation_key(own.name), own.student_id))


def line_of(board: Board, student: Student) -> Line:
    """One student of the list with the meetings, in order of time."""
    meetings = sorted(board.judge.of_student.get(student.student_id, ()))
    return Line(
        board.people.student_pks[student.student_id],
        student.name,
        tuple(_said(board, meeting) for meeting in meetings),
        board.wished[student.student_id],
        board.met[student.student_id],
        len(meetings) < board.event.rules.guaranteed_meetings_per_student,
    )


def found_people(board: Board, text: str) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Students and companies whose name contains a text; a whole id finds too."""
    wanted = text.casefold().strip()
    if not wanted:
        return [], []
    students = [
        (board.people.student_pks[own.student_id], own.name)
        for own in board.event.students
        if wanted in own.name.casefold() or wanted == own.student_id.casefold()
    ]
    companies = [
        (board.people.company_pks[own.company_id], own.name)
        for own in board.event.companies
        if wanted in own.name.casefold() or wanted == own.company_id.casefold()
    ]
    return students, companies


def _said(board: Board, meeting: Meeting) -> tuple[str, str, int | None]:
    slot = board.event.window.slots[meeting.slot]
    rank = board.judge.ranks.get((meeting.student_id, meeting.company_id))
    company = board.judge.companies[meeting.company_id]
    return board.event.clock(slot.start_min), company.name, rank


def _columns(board: Board) -> dict[RoomId, list[Column]]:
    """Tables of every room, in their order."""
    found: dict[RoomId, list[Column]] = defaultdict(list)
    for place in board.timetable.places:
        company = board.judge.companies.get(place.company_id)
        if company is None:
            continue
        company_pk = board.people.company_pks[company.company_id]
        for table in range(place.first_table, place.first_table + company.tables):
            found[place.room_id].append(Column(company_pk, company, table))
    for columns in found.values():
        columns.sort(key=lambda own: own.table)
    return found


def _tab(board: Board, room: Room, columns: Iterable[Column]) -> RoomTab:
    presence = board.judge.presence.companies
    own = list(columns)
    slots = range(len(board.event.window.slots))
    seats = [
        sum(
            column.company.seats
            for column in own
            if presence[column.company.company_id] >> slot & 1
        )
        for slot in slots
    ]
    most = max(seats, default=0) if room.capacity is None else room.capacity
    places = sum(min(most, number) for number in seats)
    taken = sum(board.judge.in_room[room.room_id, slot] for slot in slots)
    return RoomTab(room, len(own), places, taken, places < sum(seats))


def _rows(board: Board, columns: list[Column]) -> Iterable[Row]:
    at: dict[tuple[RoomId, int, int], list[Chip]] = defaultdict(list)
    for company_id in {own.company.company_id for own in columns}:
        for meeting in board.judge.at_company(company_id):
            at[meeting.room_id, meeting.table, meeting.slot].append(_chip(board, meeting))
    window, pauses = (
        board.event.window,
        sorted(board.event.window.breaks, key=lambda own: own.start_min),
    )
    for slot in window.slots:
        has_pause = slot.index > 0 and window.has_break_after(slot.index - 1)
        before = [own for own in pauses if own.end_min <= slot.start_min] if has_pause else []
        yield Row(
            slot,
            board.event.clock(slot.start_min),
            board.event.clock(before[-1].start_min) if before else "",
            tuple(_cell(board, own, slot.index, at) for own in columns),
        )


def _cell(
    board: Board,
    column: Column,
    slot: int,
    at: dict[tuple[RoomId, int, int], list[Chip]],
) -> Cell:
    company_id = column.company.company_id
    place = board.judge.places[company_id]
    chips = tuple(at.get((place.room_id, column.table, slot), ()))
    is_away = not board.judge.presence.companies[company_id] >> slot & 1
    free = 0 if is_away else max(0, column.company.seats - len(chips))
    is_full = board.judge.full_room(place.room_id, slot) is not None
    return Cell(column.company_pk, slot, column.table, chips, free, is_away, is_full)


def _chip(board: Board, meeting: Meeting) -> Chip:
    pair = meeting.student_id, meeting.company_id
    own = [other.slot for other in board.judge.of_student[meeting.student_id]]
    pins = board.judge.pins
    pin = "" if pair not in pins else "pinned" if pins[pair] is None else "time"
    return Chip(
        board.people.student_pks[meeting.student_id],
        board.people.company_pks[meeting.company_id],
        board.judge.students[meeting.student_id].name,
        board.judge.ranks.get(pair),
        min(own) < meeting.slot and meeting.slot - 1 not in own,
        pin,
    )

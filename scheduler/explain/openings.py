"""The slots in which a company has a seat left, and what keeps one student from each of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from scheduler.model import Company, CompanyId, Event, Room, RoomId, StudentId, Timetable


class Obstacle(StrEnum):
    """What keeps a student from a free seat; the first that applies."""

    BUSY = "busy"
    ROOM_FULL = "room_full"
    TOO_FAR = "too_far"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Opening:
    """A slot in which a company has a seat left.

    Parameters
    ----------
    start_min
        Since the window opens.
    obstacle
        None where the student could come without any other change.
    room
        The room that is full, for ``room_full``.
    """

    start_min: int
    obstacle: Obstacle | None
    room: Room | None = None


class Seating:
    """Who sits where and when in a timetable.

    Parameters
    ----------
    in_room
        Students in each room and slot; None counts the timetable's meetings, which are then all.
    """

    def __init__(
        self,
        event: Event,
        timetable: Timetable,
        *,
        in_room: Mapping[tuple[RoomId, int], int] | None = None,
    ) -> None:
        self._event = event
        self._rooms = {room.room_id: room for room in event.rooms}
        self._standing = {own.company_id: own.room_id for own in event.companies if own.room_id}
        self._standing |= {own.company_id: own.room_id for own in timetable.places}
        self._of_student: dict[StudentId, dict[int, RoomId]] = defaultdict(dict)
        self._at_company: Counter[tuple[CompanyId, int]] = Counter()
        counted: Counter[tuple[RoomId, int]] = Counter()
        for own in timetable.meetings:
            self._of_student[own.student_id][own.slot] = own.room_id
            self._standing[own.company_id] = own.room_id
            self._at_company[own.company_id, own.slot] += 1
            counted[own.room_id, own.slot] += 1
        self._in_room = counted if in_room is None else in_room

    def openings(self, student_id: StudentId, company: Company, slots: int) -> tuple[Opening, ...]:
        """The seats left for a student, in order of time.

        Parameters
        ----------
        slots
            Those in which both are present, as a bit mask.
        """
        return tuple(
            self._opening(student_id, company, slot.index)
            for slot in self._event.window.slots
            if slots >> slot.index & 1
            and self._at_company[company.company_id, slot.index] < company.capacity
        )

    def _opening(self, student_id: StudentId, company: Company, slot: int) -> Opening:
        start = self._event.window.slots[slot].start_min
        busy = self._of_student[student_id]
        room = self._rooms.get(self._standing.get(company.company_id, RoomId("")))
        if slot in busy:
            return Opening(start, Obstacle.BUSY)
        if room is not None and self._is_full(room, slot):
            return Opening(start, Obstacle.ROOM_FULL, room)
        if room is not None and any(self._is_too_far(slot, room, *own) for own in busy.items()):
            return Opening(start, Obstacle.TOO_FAR)
        if self._is_too_long({*busy, slot}):
            return Opening(start, Obstacle.ROW)
        return Opening(start, None)

    def _is_full(self, room: Room, slot: int) -> bool:
        most = room.capacity
        return most is not None and self._in_room.get((room.room_id, slot), 0) >= most

    def _is_too_far(self, slot: int, room: Room, other: int, other_room: RoomId) -> bool:
        there = self._rooms.get(other_room)
        if there is None or there.building == room.building:
            return False
        first, second = (self._event.window.slots[own] for own in sorted((slot, other)))
        return second.start_min - first.end_min < self._event.rules.building_change_min

    def _is_too_long(self, busy: set[int]) -> bool:
        """Whether these slots hold more in a row than the rules allow."""
        limit, length = self._event.rules.max_in_a_row, 0
        if limit <= 0:
            return False
        for slot in sorted(busy):
            goes_on = slot - 1 in busy and not self._event.window.has_break_after(slot - 1)
            length = length + 1 if goes_on else 1
            if length > limit:
                return True
        return False

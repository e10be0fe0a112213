"""A timetable under construction: who sits where, and whether one more fits.

Everything is an index or a bit mask, because the hot loops of placing run over it.
"""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.strategies.instance import Instance


class Board:
    """Meetings placed so far.

    Parameters
    ----------
    instance
        The event in numbers.
    rooms
        Room index of every company, chosen ones too.

    Attributes
    ----------
    slot_of
        Slot of each placed pair, by index of the pair.
    used
        Slots each student sits in, as masks.
    meeting_at
        For each student, the pair placed in a slot.
    seated
        For each company and slot, the pairs placed there, in order of placing.
    """

    def __init__(self, instance: Instance, rooms: Sequence[int]) -> None:
        self.instance = instance
        n_students, n_companies = len(instance.student_free), len(instance.company_free)
        self.slot_of: dict[int, int] = {}
        self.used = [0] * n_students
        self.meeting_at: list[dict[int, int]] = [{} for _ in range(n_students)]
        self.seated: list[list[list[int]]] = [
            [[] for _ in range(instance.n_slots)] for _ in range(n_companies)
        ]
        self._open = list(instance.company_free)
        self.rooms = tuple(rooms)
        self._tight = set(self._tight_rooms())
        self._load = [[0] * instance.n_slots for _ in instance.event.rooms]
        self._capacity = [room.capacity for room in instance.event.rooms]
        buildings = instance.buildings
        self._building = [buildings[room] for room in self.rooms]
        self._near = [0] * instance.n_slots
        if len(set(buildings)) > 1:
            for before, after in instance.near_slots():
                self._near[before] |= 1 << after
                self._near[after] |= 1 << before
        self._has_walking = any(self._near)
        self._rows: list[list[int]] = [[] for _ in range(instance.n_slots)]
        for row in instance.rows():
            mask = sum(1 << slot for slot in row)
            for slot in row:
                self._rows[slot].append(mask)

    def _tight_rooms(self) -> list[int]:
        seats = [0] * len(self.instance.event.rooms)
        for company, room in enumerate(self.rooms):
            seats[room] += self.instance.company_seats[company]
        return [
            index
            for index, room in enumerate(self.instance.event.rooms)
            if room.capacity is not None and room.capacity < seats[index]
        ]

    def open_slots(self, pair: int) -> int:
        """Slots in which the company has a seat left and the student is free, as a mask.

        Room capacity, walking time and rows are not looked at: ``fits`` does.
        """
        own = self.instance.pairs[pair]
        return own.slots & self._open[own.company] & ~self.used[own.student]

    def has_seat(self, company: int, slot: int) -> bool:
        """Whether the company, present, has a seat left in the slot."""
        return bool(self._open[company] >> slot & 1)

    def fits(self, pair: int, slot: int) -> bool:
        """Whether the pair, not placed yet, may be placed in the slot by every rule."""
        own = self.instance.pairs[pair]
        bit = 1 << slot
        if not own.slots & self._open[own.company] & ~self.used[own.student] & bit:
            return False
        room = self.rooms[own.company]
        if room in self._tight:
            capacity = self._capacity[room]
            if capacity is not None and self._load[room][slot] >= capacity:
                return False
        return self._student_can(own.student, own.company, slot)

    def _student_can(self, student: int, company: int, slot: int) -> bool:
        with_slot = self.used[student] | 1 << slot
        if any(with_slot & row == row for row in self._rows[slot]):
            return False
        near = self._near[slot] & self.used[student]
        if not near:
            return True
        here = self._building[company]
        return all(
            self._building[self.instance.pairs[pair].company] == here
            for other, pair in self.meeting_at[student].items()
            if near >> other & 1
        )

    def place(self, pair: int, slot: int) -> None:
        """Seat the pair; the caller has asked ``fits`` or restores the rules itself."""
        own = self.instance.pairs[pair]
        self.slot_of[pair] = slot
        self.used[own.student] |= 1 << slot
        self.meeting_at[own.student][slot] = pair
        seated = self.seated[own.company][slot]
        seated.append(pair)
        if len(seated) >= self.instance.company_seats[own.company]:
            self._open[own.company] &= ~(1 << slot)
        self._load[self.rooms[own.company]][slot] += 1

    def remove(self, pair: int) -> int:
        """Take the pair off and return the slot it was in."""
        own = self.instance.pairs[pair]
        slot = self.slot_of.pop(pair)
        if self.meeting_at[own.student].get(slot) == pair:
            del self.meeting_at[own.student][slot]
            self.used[own.student] &= ~(1 << slot)
        self.seated[own.company][slot].remove(pair)
        if self.instance.company_free[own.company] >> slot & 1:
            self._open[own.company] |= 1 << slot
        self._load[self.rooms[own.company]][slot] -= 1
        return slot

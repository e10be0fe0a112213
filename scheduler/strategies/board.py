"""A timetable under construction: who sits where, and whether one more fits.

Everything is an index or a bit mask, because the hot loops of placing run over it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from scheduler.strategies.instance import Instance, Pair


def bits(mask: int) -> Iterator[int]:
    """Slots of a mask, earliest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


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
    tight_rooms
        Rooms whose capacity is less than what their companies seat at once.
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
        self.tight_rooms = frozenset(self._tight_rooms())
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
        if room in self.tight_rooms:
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

    def blockers(
        self, pair: int, slot: int, choose: Callable[[list[int]], int]
    ) -> list[int] | None:
        """Meetings to take off so that the pair, not placed yet, fits into the slot.

        Parameters
        ----------
        slot
            One in which both are present.
        choose
            Picks one of several meetings that would do.

        Returns
        -------
        list of int or None
            Pairs; None when meetings that cannot move stand in the way.
        """
        own = self.instance.pairs[pair]
        out: list[int] = []
        for candidates in self._in_the_way(own, slot, out):
            movable = [other for other in candidates if not self._is_fixed(other)]
            if not movable:
                return None
            out.append(choose(movable))
        return out

    def _is_fixed(self, pair: int) -> bool:
        own = self.instance.pairs[pair]
        return own.is_pinned and own.slots.bit_count() == 1

    def _in_the_way(self, own: Pair, slot: int, out: list[int]) -> Iterator[list[int]]:
        """Groups of which one meeting must go; ``out`` grows by it before the next group."""
        pairs, mine = self.instance.pairs, self.meeting_at[own.student]
        if slot in mine:
            yield [mine[slot]]
        seated = [other for other in self.seated[own.company][slot] if other not in out]
        if len(seated) >= self.instance.company_seats[own.company]:
            yield seated
        room = self.rooms[own.company]
        capacity = self._capacity[room] if room in self.tight_rooms else None
        if capacity is not None and self._load[room][slot] >= capacity:
            inside = [
                other
                for company, at in enumerate(self.rooms)
                if at == room
                for other in self.seated[company][slot]
            ]
            left = [other for other in inside if other not in out]
            if len(left) >= capacity:
                yield left
        for near in bits(self._near[slot] & self.used[own.student]):
            if self._building[pairs[mine[near]].company] != self._building[own.company]:
                yield [mine[near]]
        for row in self._rows[slot]:
            others = [t for t in bits(row & ~(1 << slot)) if t in mine and mine[t] not in out]
            if len(others) == row.bit_count() - 1:
                yield [mine[t] for t in others]

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

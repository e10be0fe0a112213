"""An event in numbers: students, companies and pairs by index, slots as bits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.model import CompanyId, DecisionKind, Event, StudentId, Window
from scheduler.model.eligibility import Eligibility
from scheduler.model.presence import Presence
from scheduler.objective import PairWeights


@dataclass(frozen=True, slots=True)
class Pair:
    """An eligible pair with a common slot, or a pinned one.

    Parameters
    ----------
    student, company
        Indexes.
    weight
        Points on level 3.
    slots
        Bit mask of the slots in which both are present (for a timed pin: that slot).
    is_pinned
        Whether the pair must meet.
    """

    student: int
    company: int
    weight: int
    slots: int
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Instance:
    """What the strategies work on; every person is an index into the event's tuples.

    Parameters
    ----------
    n_slots
        Slots of the window.
    student_free, company_free
        Slots present, as bit masks.
    student_max
        Most meetings a student can have: the smaller maximum, the slots present and what
        ``max_in_a_row`` leaves of them.
    company_seats
        Students seated in one slot.
    company_max, company_min
        Most meetings (maximum, seats in the slots present) and the asked minimum.
    room_of
        Index of the company's named room, None when the engine chooses.
    pairs
        Every pair that may meet, by student and then in order of wishes.
    """

    event: Event
    n_slots: int
    student_free: tuple[int, ...]
    company_free: tuple[int, ...]
    student_max: tuple[int, ...]
    company_seats: tuple[int, ...]
    company_max: tuple[int, ...]
    company_min: tuple[int, ...]
    room_of: tuple[int | None, ...]
    pairs: tuple[Pair, ...]

    @property
    def buildings(self) -> tuple[int, ...]:
        """Index of the building of each room."""
        names = {room.building: None for room in self.event.rooms}
        index = {name: number for number, name in enumerate(names)}
        return tuple(index[room.building] for room in self.event.rooms)

    def near_slots(self) -> list[tuple[int, int]]:
        """Slot pairs (earlier, later) too close to change the building between them."""
        slots, minutes = self.event.window.slots, self.event.rules.building_change_min
        return [
            (before.index, after.index)
            for before in slots
            for after in slots[before.index + 1 :]
            if after.start_min - before.end_min < minutes
        ]

    def rows(self) -> list[range]:
        """Runs of consecutive slots one longer than ``max_in_a_row``, none across a break."""
        limit = self.event.rules.max_in_a_row
        if not limit:
            return []
        return [
            range(first, first + limit + 1)
            for run in runs_between_breaks(self.event.window)
            for first in range(run.start, run.stop - limit)
        ]

    def has_walking(self) -> bool:
        """Whether walking time can forbid anything."""
        return len(set(self.buildings)) > 1 and bool(self.near_slots())

    def tight_rooms(self) -> tuple[int, ...]:
        """Rooms whose capacity can be less than what its companies seat in one slot."""
        loose = sum(
            seats
            for seats, room in zip(self.company_seats, self.room_of, strict=True)
            if room is None
        )
        tight = []
        for index, room in enumerate(self.event.rooms):
            seated = loose + sum(
                seats
                for seats, own in zip(self.company_seats, self.room_of, strict=True)
                if own == index
            )
            if room.capacity is not None and room.capacity < seated:
                tight.append(index)
        return tuple(tight)

    def is_colourable(self) -> bool:
        """Whether only presence and seats bind, so that chains need to know no other rule."""
        return not (self.rows() or self.has_walking() or self.tight_rooms())


def build_instance(event: Event) -> Instance:
    """Number a valid event.

    Notes
    -----
    A pair without a common slot is left out: no timetable can hold it. Time is linear in the
    preferences (in students x companies with ``offer_unranked``).
    """
    presence = Presence(event)
    student_free = tuple(presence.students[s.student_id] for s in event.students)
    company_free = tuple(presence.companies[c.company_id] for c in event.companies)
    rooms = {room.room_id: index for index, room in enumerate(event.rooms)}
    runs = runs_between_breaks(event.window)
    limit = event.rules.max_in_a_row
    most_of = {mask: _most_slots(mask, runs, limit) for mask in set(student_free)}
    overall = event.rules.max_meetings_per_student
    return Instance(
        event=event,
        n_slots=len(event.window.slots),
        student_free=student_free,
        company_free=company_free,
        student_max=tuple(
            min(overall, overall if s.max_meetings is None else s.max_meetings, most_of[mask])
            for s, mask in zip(event.students, student_free, strict=True)
        ),
        company_seats=tuple(c.capacity for c in event.companies),
        company_max=tuple(
            min(
                c.capacity * mask.bit_count(),
                c.capacity * mask.bit_count() if c.max_meetings is None else c.max_meetings,
            )
            for c, mask in zip(event.companies, company_free, strict=True)
        ),
        company_min=tuple(c.min_meetings for c in event.companies),
        room_of=tuple(None if c.room_id is None else rooms[c.room_id] for c in event.companies),
        pairs=tuple(_pairs(event, student_free, company_free)),
    )


def runs_between_breaks(window: Window) -> list[range]:
    """Slot indexes, cut where an event break lies between two slots."""
    runs, first = [], 0
    for slot in window.slots:
        if slot.index + 1 == len(window.slots) or window.has_break_after(slot.index):
            runs.append(range(first, slot.index + 1))
            first = slot.index + 1
    return runs


def _most_slots(mask: int, runs: Sequence[range], limit: int) -> int:
    """Most slots of ``mask`` of which no ``limit + 1`` follow one another (0: no limit).

    Of L slots in a row, one in every ``limit + 1`` stays free: L - floor(L / (limit + 1)).
    """
    if not limit:
        return mask.bit_count()
    most = 0
    for run in runs:
        length = 0
        for slot in (*run, -1):
            if slot >= 0 and mask >> slot & 1:
                length += 1
            else:
                most += length - length // (limit + 1)
                length = 0
    return most


def _pairs(
    event: Event, student_free: tuple[int, ...], company_free: tuple[int, ...]
) -> Iterator[Pair]:
    eligibility = Eligibility(event)
    weights = PairWeights(event, eligibility)
    company_index = {c.company_id: index for index, c in enumerate(event.companies)}
    wishes: dict[StudentId, list[tuple[int, CompanyId]]] = {}
    for student_id, company_id, rank in event.preferences:
        wishes.setdefault(student_id, []).append((rank, company_id))
    slot_at = {slot.start_min: slot.index for slot in event.window.slots}
    pinned: dict[StudentId, dict[CompanyId, int | None]] = {}
    for decision in event.decisions:
        if decision.kind is DecisionKind.PIN:
            start = decision.start_min
            slot = None if start is None else slot_at[start]
            pinned.setdefault(decision.student_id, {})[decision.company_id] = slot
    everybody = [company.company_id for company in event.companies]
    for index, student in enumerate(event.students):
        pins = pinned.get(student.student_id, {})
        wanted = [company_id for _, company_id in sorted(wishes.get(student.student_id, ()))]
        wanted += pins
        if event.rules.offer_unranked:
            wanted += everybody
        for company_id in dict.fromkeys(wanted):
            other = company_index[company_id]
            is_pinned = company_id in pins
            if not is_pinned and eligibility.refusal(student, event.companies[other]):
                continue
            slots = student_free[index] & company_free[other]
            pin = pins.get(company_id)
            if pin is not None:
                slots &= 1 << pin
            if slots:
                weight = weights.weight(student.student_id, company_id)
                yield Pair(index, other, weight, slots, is_pinned)

"""An event in numbers: students, companies and pairs by index, slots as bits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scheduler.model import (
    Begun,
    CompanyId,
    DecisionKind,
    Event,
    Meeting,
    Place,
    StudentId,
    Window,
)
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
    is_past
        A meeting that has begun; it is pinned too, and no rule is asked about it.
    """

    student: int
    company: int
    weight: int
    slots: int
    is_pinned: bool = False
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Crowd:
    """Pairs that met at a turn with fewer seats now: ``least`` of them must be chosen."""

    company: int
    pairs: tuple[int, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Instance:
    """What the strategies work on; every person is an index into the event's tuples.

    Parameters
    ----------
    n_slots
        Slots of the window.
    student_free, company_free
        Slots present and not past, as bit masks.
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
        Every pair that may meet, by student and then in order of wishes; past meetings first.
    begun
        The day that has begun; None when nothing has.
    old_slots
        By pair, where the earlier timetable has it later: what the level ``changes`` counts. None
        where that level is not at stake.
    crowds
        See `Crowd`; no two share a pair.
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
    begun: Begun | None = None
    old_slots: Mapping[int, int] | None = None
    crowds: tuple[Crowd, ...] = ()

    @property
    def first_open(self) -> int:
        """Index of the first slot that is not past."""
        return 0 if self.begun is None else self.begun.first_open(self.event.window)

    def open_pairs(self) -> list[int]:
        """Pairs that may meet and need not."""
        return [index for index, pair in enumerate(self.pairs) if not pair.is_pinned]

    @property
    def places(self) -> tuple[Place, ...]:
        """Where the companies stand already, in their order; empty when nothing has begun."""
        if self.begun is None:
            return ()
        by_company = {place.company_id: place for place in self.begun.timetable.places}
        return tuple(by_company[company.company_id] for company in self.event.companies)

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


def build_instance(event: Event, begun: Begun | None = None) -> Instance:
    """Number a valid event.

    Notes
    -----
    A pair without a common slot is left out: no timetable can hold it. Time is linear in the
    preferences (in students x companies with ``offer_unranked``).
    """
    presence = Presence(event)
    first_open = 0 if begun is None else begun.first_open(event.window)
    is_open = -1 << first_open
    past = () if begun is None else begun.past(event.window)
    student_free = tuple(presence.students[s.student_id] & is_open for s in event.students)
    company_free = tuple(presence.companies[c.company_id] & is_open for c in event.companies)
    rooms = {room.room_id: index for index, room in enumerate(event.rooms)}
    pairs = tuple(_pairs(event, student_free, company_free, past))
    return Instance(
        event=event,
        n_slots=len(event.window.slots),
        student_free=student_free,
        company_free=company_free,
        student_max=_student_max(event, student_free, past),
        company_seats=tuple(c.capacity for c in event.companies),
        company_max=_company_max(event, company_free, past),
        company_min=tuple(c.min_meetings for c in event.companies),
        room_of=tuple(None if c.room_id is None else rooms[c.room_id] for c in event.companies),
        pairs=pairs,
        begun=begun,
        old_slots=None if begun is None else _old_slots(event, begun, pairs),
    )


def _student_max(event: Event, free: Sequence[int], past: Sequence[Meeting]) -> tuple[int, ...]:
    runs = runs_between_breaks(event.window)
    most_of = {mask: _most_slots(mask, runs, event.rules.max_in_a_row) for mask in set(free)}
    overall = event.rules.max_meetings_per_student
    met = Counter(meeting.student_id for meeting in past)
    most = []
    for student, mask in zip(event.students, free, strict=True):
        own = overall if student.max_meetings is None else student.max_meetings
        held = met[student.student_id]
        most.append(max(held, min(overall, own, held + most_of[mask])))
    return tuple(most)


def _company_max(event: Event, free: Sequence[int], past: Sequence[Meeting]) -> tuple[int, ...]:
    met = Counter(meeting.company_id for meeting in past)
    most = []
    for company, mask in zip(event.companies, free, strict=True):
        held = met[company.company_id]
        seats = held + company.capacity * mask.bit_count()
        own = seats if company.max_meetings is None else company.max_meetings
        most.append(max(held, min(seats, own)))
    return tuple(most)


def _old_slots(event: Event, begun: Begun, pairs: Sequence[Pair]) -> dict[int, int]:
    """Later meetings of the earlier timetable by pair, where both may still meet then."""
    students, companies = event.students, event.companies
    found = {
        (students[pair.student].student_id, companies[pair.company].company_id): index
        for index, pair in enumerate(pairs)
        if not pair.is_past
    }
    old: dict[int, int] = {}
    for meeting in begun.later(event.window):
        index = found.get((meeting.student_id, meeting.company_id))
        if index is not None and pairs[index].slots >> meeting.slot & 1:
            old.setdefault(index, meeting.slot)
    return old


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
    event: Event,
    student_free: tuple[int, ...],
    company_free: tuple[int, ...],
    past: Sequence[Meeting],
) -> Iterator[Pair]:
    eligibility = Eligibility(event)
    weights = PairWeights(event, eligibility)
    company_index = {c.company_id: index for index, c in enumerate(event.companies)}
    student_index = {s.student_id: index for index, s in enumerate(event.students)}
    met: dict[StudentId, set[CompanyId]] = {}
    for slot, _, _, student_id, company_id in past:
        index, other = student_index[student_id], company_index[company_id]
        weight = weights.weight(student_id, company_id)
        met.setdefault(student_id, set()).add(company_id)
        yield Pair(index, other, weight, 1 << slot, is_pinned=True, is_past=True)
    wishes: dict[StudentId, list[tuple[int, CompanyId]]] = {}
    for student_id, company_id, rank in event.preferences:
        wishes.setdefault(student_id, []).append((rank, company_id))
    pinned = _pinned_slots(event)
    everybody = [company.company_id for company in event.companies]
    for index, student in enumerate(event.students):
        pins = pinned.get(student.student_id, {})
        over = met.get(student.student_id, ())
        wanted = [company_id for _, company_id in sorted(wishes.get(student.student_id, ()))]
        wanted += pins
        if event.rules.offer_unranked:
            wanted += everybody
        for company_id in dict.fromkeys(wanted):
            other = company_index[company_id]
            is_pinned = company_id in pins
            if company_id in over:
                continue
            if not is_pinned and eligibility.refusal(student, event.companies[other]):
                continue
            slots = student_free[index] & company_free[other]
            pin = pins.get(company_id)
            if pin is not None:
                slots &= 1 << pin
            if slots:
                weight = weights.weight(student.student_id, company_id)
                yield Pair(index, other, weight, slots, is_pinned)


def _pinned_slots(event: Event) -> dict[StudentId, dict[CompanyId, int | None]]:
    slot_at = {slot.start_min: slot.index for slot in event.window.slots}
    pinned: dict[StudentId, dict[CompanyId, int | None]] = {}
    for decision in event.decisions:
        if decision.kind is DecisionKind.PIN:
            start = decision.start_min
            slot = None if start is None else slot_at[start]
            pinned.setdefault(decision.student_id, {})[decision.company_id] = slot
    return pinned

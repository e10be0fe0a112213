"""Who can step in when somebody does not come: names for staff, never for companies or students.

A student can step in at a turn who is eligible, present and free then, does not meet the company
anyway, is below the maximum, and keeps walking time and rest. Whoever steps in takes a place that
is empty, so seats, room capacity and the company's maximum are asked only of places that nobody has
left.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.model import CompanyId, Event, Meeting, RoomId, Student, StudentId, Timetable
from scheduler.model.eligibility import Eligibility
from scheduler.model.presence import Presence

NAMES = 2
"""Stand-ins of a turn before the day: one, and another if the first has gone."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """A student who can step in.

    Parameters
    ----------
    rank
        That the student gave the company, None when not ranked.
    meetings, missing
        Meetings in the timetable, and how many the guarantee lacks.
    """

    student: Student
    rank: int | None
    meetings: int
    missing: int


@dataclass(frozen=True, slots=True)
class StandbyTurn:
    """A company in one slot, its empty places, and who can step in, first to ask first."""

    slot: int
    room_id: RoomId
    company_id: CompanyId
    free: int
    names: tuple[StandIn, ...]


def standby(event: Event, timetable: Timetable, *, names: int = NAMES) -> tuple[StandbyTurn, ...]:
    """Name stand-ins for every turn with a meeting, in case one of its students does not come.

    Returns
    -------
    tuple of StandbyTurn
        By slot, room and company; with fewer names where no more can step in.

    Notes
    -----
    A student is named once per slot, since nobody can step in at two tables at once. Turns with
    the fewest possible names choose first; they take who is named least so far, then in the order
    of `rescue`, so that not the same few stand everywhere. Linear in turns and wishes.
    """
    people = _People(event, timetable)
    turns: dict[tuple[int, CompanyId], list[Meeting]] = defaultdict(list)
    for meeting in timetable.meetings:
        turns[meeting.slot, meeting.company_id].append(meeting)
    able = {turn: people.able(turn[1], turn[0], at_least=names) for turn in turns}
    named: Counter[StudentId] = Counter()
    taken: set[tuple[int, StudentId]] = set()
    chosen = []
    for (slot, company_id), waiting in sorted(able.items(), key=lambda one: (len(one[1]), one[0])):
        free = [own for own in waiting if (slot, own.student.student_id) not in taken]
        free.sort(key=lambda own: (named[own.student.student_id], _need(own)))
        for own in free[:names]:
            named[own.student.student_id] += 1
            taken.add((slot, own.student.student_id))
        room_id = turns[slot, company_id][0].room_id
        left = people.places_left(company_id, slot)
        chosen.append(StandbyTurn(slot, room_id, company_id, left, tuple(free[:names])))
    return tuple(sorted(chosen, key=lambda turn: (turn.slot, turn.room_id, turn.company_id)))


def rescue(event: Event, timetable: Timetable, *, slot: int) -> tuple[StandbyTurn, ...]:
    """Everybody who can take an empty place in one slot.

    Returns
    -------
    tuple of StandbyTurn
        Of the companies with an empty place that a rule does not close, by room and company.

    Notes
    -----
    Order of the names: who lacks most of the guarantee; then the better rank given, unranked last;
    then who has fewer meetings; then the id.
    """
    people = _People(event, timetable)
    rooms = {m.company_id: m.room_id for m in timetable.meetings}
    rooms |= {place.company_id: place.room_id for place in timetable.places}
    found = []
    for company in event.companies:
        room_id = rooms.get(company.company_id)
        left = people.places_left(company.company_id, slot)
        if room_id is not None and left > 0:
            names = sorted(people.able(company.company_id, slot, at_least=None), key=_need)
            found.append(StandbyTurn(slot, room_id, company.company_id, left, tuple(names)))
    return tuple(sorted(found, key=lambda turn: (turn.room_id, turn.company_id)))


def _need(own: StandIn) -> tuple[int, bool, int, int, str]:
    rank = own.rank
    return (-own.missing, rank is None, rank or 0, own.meetings, own.student.student_id)


class _People:
    """Who is free when, from the event and the timetable."""

    def __init__(self, event: Event, timetable: Timetable) -> None:
        self._event = event
        self._presence = Presence(event)
        self._eligibility = Eligibility(event)
        self._meetings: dict[StudentId, list[Meeting]] = defaultdict(list)
        for meeting in timetable.meetings:
            self._meetings[meeting.student_id].append(meeting)
        self._per_company = Counter(m.company_id for m in timetable.meetings)
        self._seated = Counter((m.company_id, m.slot) for m in timetable.meetings)
        self._in_room = Counter((m.room_id, m.slot) for m in timetable.meetings)
        rooms = {m.company_id: m.room_id for m in timetable.meetings}
        self._room_of = rooms | {place.company_id: place.room_id for place in timetable.places}
        self._rooms = {room.room_id: room for room in event.rooms}
        self._companies = {company.company_id: company for company in event.companies}
        self._students = {student.student_id: student for student in event.students}
        self._ranks: dict[CompanyId, dict[StudentId, int]] = defaultdict(dict)
        for student_id, company_id, rank in event.preferences:
            self._ranks[company_id][student_id] = rank
        self._rows = self._full_rows()
        self._free = {s.student_id: self._free_slots(s) for s in event.students}
        self._ready: dict[CompanyId, list[tuple[StandIn, int]]] = {}

    def places_left(self, company_id: CompanyId, slot: int) -> int:
        """Empty places that seats, room capacity, presence and the company's maximum leave."""
        company = self._companies[company_id]
        if not self._presence.companies[company_id] >> slot & 1:
            return 0
        left = company.capacity - self._seated[company_id, slot]
        if company.max_meetings is not None:
            left = min(left, company.max_meetings - self._per_company[company_id])
        room = self._rooms.get(self._room_of.get(company_id, RoomId("")))
        if room is not None and room.capacity is not None:
            left = min(left, room.capacity - self._in_room[room.room_id, slot])
        return max(0, left)

    def able(self, company_id: CompanyId, slot: int, *, at_least: int | None) -> list[StandIn]:
        """Who can step in; students who did not rank it only where they may and others are few.

        Parameters
        ----------
        at_least
            So many ranking students are enough; None is never.
        """
        if company_id not in self._ready:
            ranked = self._ranks[company_id]
            self._ready[company_id] = list(self._candidates(company_id, list(ranked)))
        found = [own for own, slots in self._ready[company_id] if slots >> slot & 1]
        is_enough = at_least is not None and len(found) >= at_least
        if self._event.rules.offer_unranked and not is_enough:
            others = [s for s in self._students if s not in self._ranks[company_id]]
            found += [own for own, mask in self._candidates(company_id, others) if mask >> slot & 1]
        return found

    def _candidates(
        self, company_id: CompanyId, student_ids: Sequence[StudentId]
    ) -> Iterator[tuple[StandIn, int]]:
        """Yield students who may meet the company, with the slots in which they are free for it."""
        company = self._companies[company_id]
        present = self._presence.companies[company_id]
        guarantee = self._event.rules.guaranteed_meetings_per_student
        for student_id in student_ids:
            student, own = self._students[student_id], self._meetings[student_id]
            slots = self._free[student_id] & present & ~self._too_far(own, company_id)
            if not slots or any(m.company_id == company_id for m in own):
                continue
            if self._eligibility.refusal(student, company) is None:
                missing = max(0, guarantee - len(own))
                rank = self._ranks[company_id].get(student_id)
                yield StandIn(student, rank, len(own), missing), slots

    def _free_slots(self, student: Student) -> int:
        """Slots in which one more meeting keeps presence, maximum and rest, as a mask."""
        rules = self._event.rules
        own = self._meetings[student.student_id]
        most = rules.max_meetings_per_student
        if student.max_meetings is not None:
            most = min(most, student.max_meetings)
        if len(own) >= most:
            return 0
        busy = sum(1 << meeting.slot for meeting in own)
        free = self._presence.students[student.student_id] & ~busy
        for row in self._rows:
            missing = row & ~busy
            if missing & (missing - 1) == 0:  # one slot of the row is free: it must stay so
                free &= ~missing
        return free

    def _full_rows(self) -> list[int]:
        """Masks of consecutive slots, one more than may follow one another."""
        window, limit = self._event.window, self._event.rules.max_in_a_row
        if not limit:
            return []
        starts = range(len(window.slots) - limit)
        return [
            sum(1 << slot for slot in range(first, first + limit + 1))
            for first in starts
            if not any(window.has_break_after(slot) for slot in range(first, first + limit))
        ]

    def _too_far(self, own: Sequence[Meeting], company_id: CompanyId) -> int:
        """Slots too near to a meeting in another building than the company's, as a mask."""
        minutes, room_id = self._event.rules.building_change_min, self._room_of.get(company_id)
        if not minutes or room_id is None:
            return 0
        slots, here = self._event.window.slots, self._rooms[room_id].building
        mask = 0
        for meeting in own:
            if self._rooms[meeting.room_id].building != here:
                met = slots[meeting.slot]
                for slot in slots:
                    first, second = (slot, met) if slot.index < met.index else (met, slot)
                    if second.start_min - first.end_min < minutes:
                        mask |= 1 << slot.index
        return mask

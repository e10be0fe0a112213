"""Which rules a change of a timetable breaks, by looking only at whom the change touches.

The verifier looks at everything and decides what is stored. This answers for a thousand places
while somebody holds a meeting; a test shows that it answers as the verifier does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from scheduler.model import (
    CompanyId,
    DecisionKind,
    Event,
    Meeting,
    Place,
    RoomId,
    StudentId,
    Timetable,
)
from scheduler.model.eligibility import Eligibility
from scheduler.model.presence import Presence

Pair = tuple[StudentId, CompanyId]
BY_PIN = frozenset({"unranked", "language", "field", "position"})
"""What a pin may overrule; no other rule has an exception."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A rule that a change would break.

    Parameters
    ----------
    rule
        Its name in `scheduler.verify.RULES`.
    code
        Which side of the rule, such as ``student_away``.
    student_id, company_id
        Whom it is about.
    number
        The limit, or minutes since the window opens.
    room_id
        Of a room that would be too full.
    slots
        When, where a conflict is about some slots of several.
    """

    rule: str
    code: str
    student_id: StudentId | None = None
    company_id: CompanyId | None = None
    number: int = 0
    room_id: RoomId | None = None
    slots: tuple[int, ...] = ()


def pair_of(meeting: Meeting) -> Pair:
    """Who meets whom."""
    return meeting.student_id, meeting.company_id


class Judge:
    """Judges changes of one timetable.

    Parameters
    ----------
    timetable
        Breaks no rule, and has a place for every company.
    """

    def __init__(self, event: Event, timetable: Timetable) -> None:
        self.event = event
        self.eligibility = Eligibility(event)
        self.presence = Presence(event)
        self.students = {own.student_id: own for own in event.students}
        self.companies = {own.company_id: own for own in event.companies}
        self.rooms = {own.room_id: own for own in event.rooms}
        self.places: dict[CompanyId, Place] = {own.company_id: own for own in timetable.places}
        self.ranks = {(student, company): rank for student, company, rank in event.preferences}
        self.pins = {
            (own.student_id, own.company_id): own.start_min
            for own in event.decisions
            if own.kind is DecisionKind.PIN
        }
        self.of_student: dict[StudentId, list[Meeting]] = defaultdict(list)
        self._of_company: dict[CompanyId, list[Meeting]] = defaultdict(list)
        for meeting in timetable.meetings:
            self.of_student[meeting.student_id].append(meeting)
            self._of_company[meeting.company_id].append(meeting)
        self.at_table = Counter((own.room_id, own.table, own.slot) for own in timetable.meetings)
        self.in_room = Counter((own.room_id, own.slot) for own in timetable.meetings)
        self.of_company = Counter(own.company_id for own in timetable.meetings)
        buildings = {own.building for own in event.rooms}
        self._walk_min = event.rules.building_change_min if len(buildings) > 1 else 0
        slots = event.window.slots
        self._row_ends = {own for own in range(len(slots) - 1) if event.window.has_break_after(own)}

    def conflicts(
        self,
        removed: Collection[Meeting],
        added: Collection[Meeting],
        *,
        pinned: Collection[Pair] = (),
    ) -> tuple[Conflict, ...]:
        """Every rule that breaks when meetings are taken away and others made.

        Parameters
        ----------
        pinned
            Pairs that are pinned with the change: what a pin may overrule is no conflict.
        """
        return (
            *(fault for own in added for fault in self._alone(own, pinned)),
            *self._seated(removed, added),
            *self._students(removed, added),
            *self._pins(removed, added),
        )

    def pair(self, pair: Pair, *, is_pinned: bool = False) -> Conflict | None:
        """What refuses a pair at any time."""
        student, company = self.students[pair[0]], self.companies[pair[1]]
        if pair in self.eligibility.vetoes:
            return Conflict("eligible", "veto", *pair)
        if pair in self.eligibility.forbids:
            return Conflict("eligible", "forbid", *pair)
        if is_pinned or pair in self.pins:
            return None
        refusal = self.eligibility.profile_refusal(student, company)
        if refusal is not None:
            return Conflict("eligible", refusal.value, *pair)
        if pair not in self.ranks and not self.event.rules.offer_unranked:
            return Conflict("eligible", "unranked", *pair)
        return None

    def full_room(self, room_id: RoomId, slot: int) -> Conflict | None:
        """What refuses anybody more in a room; None while it has room."""
        room = self.rooms.get(room_id)
        most = room.capacity if room else None
        if most is None or self.in_room[room_id, slot] < most:
            return None
        return Conflict("room_capacity", "room", None, None, most, room_id, (slot,))

    def at_company(self, company_id: CompanyId) -> Sequence[Meeting]:
        """Meetings of a company, in order of time."""
        return self._of_company.get(company_id, ())

    def limit_of(self, student_id: StudentId) -> int:
        """Most meetings of a student: the smaller of the event's maximum and the student's own."""
        own = self.students[student_id].max_meetings
        general = self.event.rules.max_meetings_per_student
        return general if own is None else min(own, general)

    def _alone(self, meeting: Meeting, pinned: Collection[Pair]) -> Iterator[Conflict]:
        """What refuses a new meeting whatever the others are."""
        pair = pair_of(meeting)
        refusal = self.pair(pair, is_pinned=pair in pinned)
        if refusal is not None:
            yield refusal
        if not self.presence.students[meeting.student_id] >> meeting.slot & 1:
            yield Conflict("presence", "student_away", *pair)
        if not self.presence.companies[meeting.company_id] >> meeting.slot & 1:
            yield Conflict("presence", "company_away", *pair)
        place = self.places.get(meeting.company_id)
        tables = self.companies[meeting.company_id].tables
        is_there = (
            place is not None
            and place.room_id == meeting.room_id
            and place.first_table <= meeting.table < place.first_table + tables
        )
        if not is_there:
            yield Conflict("room_tables", "place", None, meeting.company_id)

    def _seated(
        self, removed: Collection[Meeting], added: Collection[Meeting]
    ) -> Iterator[Conflict]:
        """Tables, rooms and companies that would have too many."""
        tables: Counter[tuple[RoomId, int, int]] = Counter()
        rooms: Counter[tuple[RoomId, int]] = Counter()
        companies: Counter[CompanyId] = Counter()
        owner: dict[tuple[RoomId, int, int], CompanyId] = {}
        for step, meetings in ((-1, removed), (1, added)):
            for own in meetings:
                tables[own.room_id, own.table, own.slot] += step
                rooms[own.room_id, own.slot] += step
                companies[own.company_id] += step
                owner[own.room_id, own.table, own.slot] = own.company_id
        for turn, more in tables.items():
            seats = self.companies[owner[turn]].seats
            if more > 0 and self.at_table[turn] + more > seats:
                yield Conflict("seats", "seats", None, owner[turn], seats)
        for (room_id, slot), more in rooms.items():
            room = self.rooms.get(room_id)
            most = room.capacity if room else None
            if more > 0 and most is not None and self.in_room[room_id, slot] + more > most:
                yield Conflict("room_capacity", "room", None, None, most, room_id, (slot,))
        for company_id, more in companies.items():
            most = self.companies[company_id].max_meetings
            if more > 0 and most is not None and self.of_company[company_id] + more > most:
                yield Conflict("max_meetings", "company_max", None, company_id, most)

    def _students(
        self, removed: Collection[Meeting], added: Collection[Meeting]
    ) -> Iterator[Conflict]:
        for student_id in dict.fromkeys(own.student_id for own in added):
            new = [own for own in added if own.student_id == student_id]
            before = self.of_student.get(student_id, [])
            kept = [own for own in before if own not in removed]
            yield from self._clashes(kept, new)
            after = [*kept, *new]
            limit = self.limit_of(student_id)
            if limit < len(after) > len(before):
                yield Conflict("max_meetings", "student_max", student_id, None, limit)
            yield from self._row(student_id, {own.slot for own in after})

    def _clashes(self, kept: list[Meeting], new: list[Meeting]) -> Iterator[Conflict]:
        """Other meetings of the same student at the same time, with the same company, too far."""
        for index, meeting in enumerate(new):
            for other in (*kept, *new[:index]):
                pair = meeting.student_id, other.company_id
                if other.slot == meeting.slot:
                    yield Conflict("one_place_at_a_time", "busy", *pair)
                elif self._is_too_far(meeting, other):
                    yield Conflict("walking_time", "walk", *pair, self._walk_min)
                if other.company_id == meeting.company_id:
                    start = self.event.window.slots[other.slot].start_min
                    yield Conflict("once_per_pair", "twice", *pair, start)

    def _is_too_far(self, meeting: Meeting, other: Meeting) -> bool:
        if self._walk_min <= 0 or meeting.room_id == other.room_id:
            return False
        here, there = self.rooms.get(meeting.room_id), self.rooms.get(other.room_id)
        if here is None or there is None or here.building == there.building:
            return False
        slots = self.event.window.slots
        first, second = sorted((meeting.slot, other.slot))
        return slots[second].start_min - slots[first].end_min < self._walk_min

    def _row(self, student_id: StudentId, busy: set[int]) -> Iterator[Conflict]:
        limit = self.event.rules.max_in_a_row
        if limit <= 0 or len(busy) <= limit:
            return
        length, last = 0, -2
        for slot in sorted(busy):
            goes_on = slot == last + 1 and last not in self._row_ends
            length, last = length + 1 if goes_on else 1, slot
            if length > limit:
                yield Conflict("max_in_a_row", "row", student_id, None, limit)
                return

    def _pins(self, removed: Collection[Meeting], added: Collection[Meeting]) -> Iterator[Conflict]:
        """Pins that would no longer be kept."""
        slots = self.event.window.slots
        for meeting in removed:
            pair = pair_of(meeting)
            if pair not in self.pins:
                continue
            start = self.pins[pair]
            held = {slots[own.slot].start_min for own in added if pair_of(own) == pair}
            if (not held) if start is None else start not in held:
                was = slots[meeting.slot].start_min if start is None else start
                yield Conflict("pins", "pinned", *pair, was)

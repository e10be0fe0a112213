"""What offices do by hand: first come, first served, and a greedy by rank. No solver, no repair.

Pins go first; every meeting goes into the earliest slot in which no rule stands against it, and is
not moved again. Nothing is proven.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from random import Random

from benchmarks.peers.answer import Answer, Held
from benchmarks.peers.question import (
    Pair,
    entry_count,
    most_of_company,
    most_of_student,
    pins_of,
    points_of,
)
from scheduler.model import CompanyId, Event, RoomId, StudentId
from scheduler.model.presence import Presence

SEED = 1


def first_come(event: Event, time_limit_s: float, workers: int) -> Answer:
    """Students in a random order; each takes its whole list, rank by rank, before the next one."""
    started = time.monotonic()
    place = _places(event)
    wishes = sorted(event.preferences, key=lambda wish: (place[wish.student_id], wish.rank))
    return _answer(event, ((wish.student_id, wish.company_id) for wish in wishes), started)


def by_rank(event: Event, time_limit_s: float, workers: int) -> Answer:
    """All first wishes, then all second ones, and so on; each round in the same random order."""
    started = time.monotonic()
    place = _places(event)
    wishes = sorted(event.preferences, key=lambda wish: (wish.rank, place[wish.student_id]))
    return _answer(event, ((wish.student_id, wish.company_id) for wish in wishes), started)


def _places(event: Event) -> dict[StudentId, int]:
    """Each student's place in the queue."""
    order = [student.student_id for student in event.students]
    Random(SEED).shuffle(order)
    return {student: place for place, student in enumerate(order)}


def _answer(event: Event, wishes: Iterable[Pair], started: float) -> Answer:
    sheet = _Sheet(event)
    slots = range(len(event.window.slots))
    for pair, pinned in pins_of(event).items():
        sheet.enter(*pair, slots if pinned is None else [pinned])
    points = points_of(event)
    for pair in wishes:
        if pair in points:
            sheet.enter(*pair, slots)
    nothing = (None,) * entry_count(event)
    return Answer(tuple(sheet.meetings), nothing, time.monotonic() - started)


class _Sheet:
    """The wall chart of an office: who sits where, and what may still be entered."""

    def __init__(self, event: Event) -> None:
        self.meetings: list[Held] = []
        self._event = event
        self._presence = Presence(event)
        self._companies = {company.company_id: company for company in event.companies}
        self._rooms = {room.room_id: room for room in event.rooms}
        self._left = {s.student_id: most_of_student(event, s) for s in event.students}
        self._left_of = {c.company_id: most_of_company(event, c) for c in event.companies}
        self._own: dict[StudentId, dict[int, CompanyId]] = defaultdict(dict)
        self._seated: Counter[tuple[CompanyId, int]] = Counter()
        self._in_room: Counter[tuple[RoomId | None, int]] = Counter()

    def enter(self, student: StudentId, company: CompanyId, slots: Iterable[int]) -> None:
        """Enter the pair into the first slot that is possible, if any is."""
        own = self._own[student]
        if company in own.values() or not self._left[student] or not self._left_of[company]:
            return
        common = self._presence.students[student] & self._presence.companies[company]
        for slot in slots:
            if common >> slot & 1 and slot not in own and self._is_possible(own, company, slot):
                own[slot] = company
                self.meetings.append((student, company, slot))
                self._left[student] -= 1
                self._left_of[company] -= 1
                self._seated[company, slot] += 1
                self._in_room[self._companies[company].room_id, slot] += 1
                return

    def _is_possible(self, own: dict[int, CompanyId], company_id: CompanyId, slot: int) -> bool:
        company = self._companies[company_id]
        if company.room_id is None or self._seated[company_id, slot] >= company.capacity:
            return False
        room = self._rooms[company.room_id]
        if room.capacity is not None and self._in_room[room.room_id, slot] >= room.capacity:
            return False
        return self._can_walk(own, room.building, slot) and self._can_rest(own, slot)

    def _can_walk(self, own: dict[int, CompanyId], building: str, slot: int) -> bool:
        slots, minutes = self._event.window.slots, self._event.rules.building_change_min
        for other, company_id in own.items():
            before, after = slots[min(slot, other)], slots[max(slot, other)]
            room_id = self._companies[company_id].room_id
            is_elsewhere = room_id is not None and self._rooms[room_id].building != building
            if is_elsewhere and after.start_min - before.end_min < minutes:
                return False
        return True

    def _can_rest(self, own: dict[int, CompanyId], slot: int) -> bool:
        window, limit = self._event.window, self._event.rules.max_in_a_row
        first = last = slot
        while first - 1 in own and not window.has_break_after(first - 1):
            first -= 1
        while last + 1 in own and not window.has_break_after(last):
            last += 1
        return not limit or last - first + 1 <= limit

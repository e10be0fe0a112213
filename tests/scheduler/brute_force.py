"""The true optimum of tiny events, by looking at every timetable; shares no code with the engine.

Rooms of companies without one are enumerated; within a choice of rooms every student's possible
schedules are, and timetables are grown student by student. Partial timetables that use the same
seats are alike for everybody who follows, so only the best of them is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise, permutations, product

from scheduler.model import (
    Company,
    DecisionKind,
    Event,
    Meeting,
    PersonKind,
    Room,
    Scores,
    Slot,
    Student,
    Timetable,
    meets_needs,
)

Schedule = tuple[tuple[int, int], ...]
"""A student's meetings: index of the company and of the slot."""
Usage = tuple[int, ...]
"""Students of each company in each slot, company by company."""
Value = tuple[tuple[int, ...], int, int]
"""Students with at least 1, 2 ... meetings, preferences, minus breaks."""


@dataclass(frozen=True)
class Optimum:
    """The best levels, with the fewest breaks among those that reach them, and one timetable."""

    scores: Scores
    timetable: Timetable


def brute_force(event: Event) -> Optimum | None:
    """The optimum, or None when no timetable keeps every rule (pins or rooms do not fit)."""
    found = [best for rooms in _room_choices(event) if (best := _best(event, rooms)) is not None]
    return max(found, key=lambda best: _order(best.scores), default=None)


def _order(scores: Scores) -> tuple[object, ...]:
    return (scores.guaranteed, scores.company_minimum, scores.preferences, -scores.breaks)


def _room_choices(event: Event) -> Iterator[tuple[Room, ...]]:
    """Yield every way to give the companies rooms; from scratch they fit if the tables add up."""
    by_id = {room.room_id: room for room in event.rooms}
    options = [
        event.rooms if company.room_id is None else (by_id[company.room_id],)
        for company in event.companies
    ]
    for rooms in product(*options):
        needed: Counter[str] = Counter()
        for company, room in zip(event.companies, rooms, strict=True):
            needed[room.room_id] += company.tables
        if all(needed[room.room_id] <= room.tables for room in event.rooms):
            yield rooms


def _best(event: Event, rooms: tuple[Room, ...]) -> Optimum | None:
    slots = len(event.window.slots)
    start: Usage = (0,) * (len(event.companies) * slots)
    empty: Value = ((0,) * event.rules.guaranteed_meetings_per_student, 0, 0)
    partial: dict[Usage, tuple[Value, tuple[Schedule, ...]]] = {start: (empty, ())}
    for student in event.students:
        schedules = list(_schedules(event, student, rooms))
        grown: dict[Usage, tuple[Value, tuple[Schedule, ...]]] = {}
        for usage, (value, chosen) in partial.items():
            for schedule in schedules:
                after = _seat(event, rooms, usage, schedule)
                if after is not None:
                    total = _plus(value, _value(event, student, schedule))
                    if after not in grown or total > grown[after][0]:
                        grown[after] = (total, (*chosen, schedule))
        partial = grown
    ends = [
        Optimum(_scores(event, usage, value), _timetable(event, rooms, chosen))
        for usage, (value, chosen) in partial.items()
    ]
    return max(ends, key=lambda end: _order(end.scores), default=None)


def _schedules(event: Event, student: Student, rooms: tuple[Room, ...]) -> Iterator[Schedule]:
    """Yield every set of meetings the student may have, looking at nobody else."""
    slots = event.window.slots
    limit = event.rules.max_meetings_per_student
    if student.max_meetings is not None:
        limit = min(limit, student.max_meetings)
    candidates = [
        index for index, company in enumerate(event.companies) if _may_meet(event, student, company)
    ]
    for count in range(min(limit, len(candidates), len(slots)) + 1):
        for companies in combinations(candidates, count):
            for times in permutations(range(len(slots)), count):
                schedule = tuple(zip(companies, times, strict=True))
                if _keeps_rules(event, student, schedule, rooms):
                    yield schedule


def _may_meet(event: Event, student: Student, company: Company) -> bool:
    pair = (student.student_id, company.company_id)
    decided = {
        kind: {(d.student_id, d.company_id) for d in event.decisions if d.kind is kind}
        for kind in DecisionKind
    }
    vetoes = {(v.student_id, v.company_id) for v in event.shortlist if not v.is_yes}
    if pair in vetoes or pair in decided[DecisionKind.FORBID]:
        return False
    if pair in decided[DecisionKind.PIN]:
        return True
    rules = event.rules
    is_ranked = pair in {(p.student_id, p.company_id) for p in event.preferences}
    if not is_ranked and not rules.offer_unranked:
        return False
    if rules.require_language and not meets_needs(student.languages, company.languages):
        return False
    fields = {field.strip().lower() for field in company.fields}
    if rules.require_field and fields and student.field.strip().lower() not in fields:
        return False
    if rules.require_position and student.positions and company.positions:
        return any(position in company.positions for position in student.positions)
    return True


def _keeps_rules(
    event: Event, student: Student, schedule: Schedule, rooms: tuple[Room, ...]
) -> bool:
    slots = event.window.slots
    for company, slot in schedule:
        if not _is_there(event, student, PersonKind.STUDENT, student.student_id, slots[slot]):
            return False
        firm = event.companies[company]
        if not _is_there(event, firm, PersonKind.COMPANY, firm.company_id, slots[slot]):
            return False
    return (
        _keeps_pins(event, student, schedule)
        and _can_walk(event, schedule, rooms)
        and _can_rest(event, {slot for _, slot in schedule})
    )


def _is_there(
    event: Event, person: Student | Company, kind: PersonKind, person_id: str, slot: Slot
) -> bool:
    there = set(range(slot.start_min, slot.end_min))
    arrives = 0 if person.arrives_min is None else person.arrives_min
    leaves = event.window.length_min if person.leaves_min is None else person.leaves_min
    away: set[int] = set()
    for absence in event.absences:
        if absence.kind is kind and absence.person_id == person_id:
            away |= set(range(absence.start_min, absence.end_min))
    return there <= set(range(arrives, leaves)) and not there & away


def _keeps_pins(event: Event, student: Student, schedule: Schedule) -> bool:
    for pin in event.decisions:
        if pin.kind is DecisionKind.PIN and pin.student_id == student.student_id:
            starts = [
                event.window.slots[slot].start_min
                for company, slot in schedule
                if event.companies[company].company_id == pin.company_id
            ]
            if not starts or pin.start_min not in (None, starts[0]):
                return False
    return True


def _can_walk(event: Event, schedule: Schedule, rooms: tuple[Room, ...]) -> bool:
    slots = event.window.slots
    for (company, slot), (other, later) in product(schedule, schedule):
        if slot < later and rooms[company].building != rooms[other].building:
            walk = slots[later].start_min - slots[slot].end_min
            if walk < event.rules.building_change_min:
                return False
    return True


def _can_rest(event: Event, busy: set[int]) -> bool:
    row = 0
    for slot in event.window.slots:
        previous = event.window.slots[slot.index - 1] if slot.index else slot
        if any(previous.end_min <= b.start_min < slot.start_min for b in event.window.breaks):
            row = 0
        row = row + 1 if slot.index in busy else 0
        if row > event.rules.max_in_a_row > 0:
            return False
    return True


def _seat(event: Event, rooms: tuple[Room, ...], usage: Usage, schedule: Schedule) -> Usage | None:
    """Seats in use after the schedule, or None where a company or a room is full."""
    slots = len(event.window.slots)
    after = list(usage)
    for company, slot in schedule:
        firm, room = event.companies[company], rooms[company]
        after[company * slots + slot] += 1
        if after[company * slots + slot] > firm.tables * firm.seats:
            return None
        used = sum(after[company * slots : (company + 1) * slots])
        if firm.max_meetings is not None and used > firm.max_meetings:
            return None
        seated = sum(
            after[other * slots + slot]
            for other in range(len(rooms))
            if rooms[other].room_id == room.room_id
        )
        if room.capacity is not None and seated > room.capacity:
            return None
    return tuple(after)


def _value(event: Event, student: Student, schedule: Schedule) -> Value:
    guarantee = event.rules.guaranteed_meetings_per_student
    busy = sorted(slot for _, slot in schedule)
    breaks = sum(1 for before, after in pairwise(busy) if after - before > 1)
    points = sum(_points(event, student, event.companies[company]) for company, _ in schedule)
    return tuple(int(len(schedule) >= k) for k in range(1, guarantee + 1)), points, -breaks


def _points(event: Event, student: Student, company: Company) -> int:
    rules = event.rules
    points = 0
    for wish in event.preferences:
        if (wish.student_id, wish.company_id) == (student.student_id, company.company_id):
            is_listed = wish.rank <= len(rules.rank_weights)
            points += rules.rank_weights[wish.rank - 1] if is_listed else rules.later_rank_weight
    for verdict in event.shortlist:
        pair = (verdict.student_id, verdict.company_id)
        if verdict.is_yes and pair == (student.student_id, company.company_id):
            points += rules.mutual_bonus
    if company.small_talk and meets_needs(student.languages, company.small_talk):
        points += rules.small_talk_bonus
    return points


def _plus(one: Value, other: Value) -> Value:
    counts = tuple(a + b for a, b in zip(one[0], other[0], strict=True))
    return counts, one[1] + other[1], one[2] + other[2]


def _scores(event: Event, usage: Usage, value: Value) -> Scores:
    slots = len(event.window.slots)
    minimum = sum(
        min(sum(usage[index * slots : (index + 1) * slots]), company.min_meetings)
        for index, company in enumerate(event.companies)
    )
    guaranteed, preferences, negative_breaks = value
    return Scores(guaranteed, minimum, preferences, -negative_breaks)


def _timetable(event: Event, rooms: tuple[Room, ...], chosen: tuple[Schedule, ...]) -> Timetable:
    """Companies side by side in their order, students at the first free seat."""
    first_table: list[int] = []
    filled: Counter[str] = Counter()
    for company, room in zip(event.companies, rooms, strict=True):
        first_table.append(filled[room.room_id] + 1)
        filled[room.room_id] += company.tables
    seated: Counter[tuple[int, int]] = Counter()
    meetings = []
    for student, schedule in zip(event.students, chosen, strict=True):
        for company, slot in schedule:
            firm = event.companies[company]
            table = first_table[company] + seated[company, slot] // firm.seats
            seated[company, slot] += 1
            room_id = rooms[company].room_id
            meetings.append(Meeting(slot, room_id, table, student.student_id, firm.company_id))
    return Timetable(tuple(meetings))

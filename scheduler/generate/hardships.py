"""Events in which one difficulty bites, for tests and benchmarks of the search.

Each keeps more from happening than the sums say: the maxima of students and companies would allow
an allocation for which there are no slots. What bites, and that it does, is in
``docs/decisions/0006-hard-events.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from random import Random
from types import MappingProxyType

from scheduler.generate.hard import harden
from scheduler.model import Event, Room, RoomId

NARROW_SLOTS = 4
LEAVING_SHARE = 0.5
BUILDINGS = 3
WALK_MIN = 10
"""Longer than a change-over: after a change of building one slot is lost."""


class Hardship(Enum):
    """What makes an event hard."""

    EVERY = "every"
    NARROW = "narrow"
    LEAVING = "leaving"
    WALKING = "walking"
    ROOMS = "rooms"


def narrow(random: Random, event: Event) -> Event:
    """Every student has time for a third of the slots, most of them for the same third.

    Half of the students come for the last slots, after a lecture; the others at any time.
    """
    slots = event.window.slots
    width = min(len(slots), max(NARROW_SLOTS, len(slots) // 3))
    students = []
    for student in event.students:
        last = len(slots) - width
        first = last if random.random() < 0.5 else random.randint(0, last)
        students.append(
            replace(
                student,
                arrives_min=slots[first].start_min,
                leaves_min=slots[first + width - 1].end_min,
            )
        )
    return replace(event, students=tuple(students))


def leaving(random: Random, event: Event) -> Event:
    """Half of the companies leave at half-time; half of the students come a little before it."""
    slots = event.window.slots
    half = (len(slots) + 1) // 2
    arrivals = range(max(0, half - 3), half)
    companies = tuple(
        replace(company, leaves_min=slots[half - 1].end_min)
        if random.random() < LEAVING_SHARE
        else company
        for company in event.companies
    )
    students = tuple(
        replace(student, arrives_min=slots[random.choice(arrivals)].start_min)
        if random.random() < 0.5
        else student
        for student in event.students
    )
    return replace(event, companies=companies, students=students)


def walking(random: Random, event: Event) -> Event:
    """Companies stand in three buildings, and students have half of the slots for all of them."""
    count = min(BUILDINGS, len(event.companies))
    companies = tuple(
        replace(company, room_id=RoomId(f"r{1 + number % count}"))
        for number, company in enumerate(event.companies)
    )
    rooms = tuple(
        Room(
            RoomId(f"r{number + 1}"),
            sum(company.tables for company in companies[number::count]),
            f"Room {number + 1}",
            f"Building {'ABC'[number]}",
        )
        for number in range(count)
    )
    return replace(
        _with_shorter_days(random, event),
        companies=companies,
        rooms=rooms,
        rules=replace(event.rules, building_change_min=WALK_MIN),
    )


def rooms(random: Random, event: Event) -> Event:
    """Rooms seat half of their tables' students at once, and are full in every slot.

    Half of the companies leave at half-time, so the other half fills the rooms alone after that;
    students stay for half of the slots, whichever.
    """
    event = _with_shorter_days(random, event)
    slots = event.window.slots
    half = slots[(len(slots) - 1) // 2].end_min
    companies = tuple(
        replace(company, leaves_min=half) if number % 4 > 1 else company
        for number, company in enumerate(event.companies)
    )
    narrower = []
    for room in event.rooms:
        inside = [company for company in event.companies if company.room_id == room.room_id]
        seats = sum(company.capacity for company in inside)
        narrower.append(replace(room, capacity=max(1, seats // 2)))
    return replace(event, rooms=tuple(narrower), companies=companies)


def _with_shorter_days(random: Random, event: Event) -> Event:
    """Every student is there for half of the slots in a row, whichever."""
    slots = event.window.slots
    width = (len(slots) + 1) // 2
    students = []
    for student in event.students:
        first = random.randint(0, len(slots) - width)
        students.append(
            replace(
                student,
                arrives_min=slots[first].start_min,
                leaves_min=slots[first + width - 1].end_min,
            )
        )
    return replace(event, students=tuple(students))


HARDENERS: Mapping[Hardship, Callable[[Random, Event], Event]] = MappingProxyType(
    {
        Hardship.EVERY: harden,
        Hardship.NARROW: narrow,
        Hardship.LEAVING: leaving,
        Hardship.WALKING: walking,
        Hardship.ROOMS: rooms,
    }
)

"""Who is there when: slots as bits of an integer, bit t for slot t."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from scheduler.model.event import Event, PersonKind
from scheduler.model.people import CompanyId, StudentId
from scheduler.model.venue import RoomId
from scheduler.model.window import Window


class Presence:
    """Slots in which each person of an event is present.

    A person is present in a slot when the whole slot lies between arrival and departure and no
    absence overlaps it by a minute or more; shared end points do not count.

    Parameters
    ----------
    event
        Rows about unknown people are passed over.

    Attributes
    ----------
    students, companies
        Bit masks by id; bit t is set when the person is present in slot t.
    """

    def __init__(self, event: Event) -> None:
        away: dict[tuple[PersonKind, str], list[tuple[int, int]]] = defaultdict(list)
        for absence in event.absences:
            away[absence.kind, absence.person_id].append((absence.start_min, absence.end_min))
        cache: dict[tuple[int | None, int | None], int] = {}

        def mask(kind: PersonKind, person: str, arrives: int | None, leaves: int | None) -> int:
            key = (arrives, leaves)
            if key not in cache:
                cache[key] = _slots_between(event.window, arrives, leaves)
            pauses = away.get((kind, person))
            return cache[key] & ~_slots_touched(event.window, pauses) if pauses else cache[key]

        self.students: dict[StudentId, int] = {
            s.student_id: mask(PersonKind.STUDENT, s.student_id, s.arrives_min, s.leaves_min)
            for s in event.students
        }
        self.companies: dict[CompanyId, int] = {
            c.company_id: mask(PersonKind.COMPANY, c.company_id, c.arrives_min, c.leaves_min)
            for c in event.companies
        }


def most_seated(event: Event) -> int:
    """Students that could be seated in all slots together, at most.

    Counted are tables x seats of the companies that are there, and no more in a room than it takes.
    A company without a room has its seats in full: any room may become its own.
    """
    present = Presence(event).companies
    limits = {room.room_id: room.capacity for room in event.rooms}
    total = 0
    for slot in event.window.slots:
        seats: Counter[str | None] = Counter()
        for company in event.companies:
            if present[company.company_id] >> slot.index & 1:
                seats[company.room_id] += company.capacity
        for room_id, number in seats.items():
            most = None if room_id is None else limits.get(RoomId(room_id))
            total += number if most is None else min(number, most)
    return total


def _slots_between(window: Window, arrives: int | None, leaves: int | None) -> int:
    return sum(
        1 << slot.index
        for slot in window.slots
        if (arrives is None or slot.start_min >= arrives)
        and (leaves is None or slot.end_min <= leaves)
    )


def _slots_touched(window: Window, pauses: Iterable[tuple[int, int]]) -> int:
    mask = 0
    for start, end in pauses:
        for slot in window.slots:
            if slot.start_min < end and start < slot.end_min:
                mask |= 1 << slot.index
    return mask

"""Problems of rooms, companies and students."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from scheduler.errors import Problem, counted
from scheduler.model import Company, Event, Room, RoomId, Student

DAY_MIN = 24 * 60


def _duplicates(table: str, column: str, ids: Iterable[str]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, name in enumerate(ids):
        if name in seen:
            yield Problem(
                table,
                f"'{name}' stands twice",
                "give every row an id of its own",
                index=index,
                column=column,
                subject=name,
            )
        seen.setdefault(name, index)


def check_rooms(event: Event) -> Iterator[Problem]:
    """Find problems of rooms, companies named for them counted."""
    yield from _duplicates("rooms", "room_id", (room.room_id for room in event.rooms))
    named: dict[str, list[Company]] = defaultdict(list)
    for company in event.companies:
        if company.room_id is not None:
            named[company.room_id].append(company)
    for index, room in enumerate(event.rooms):
        if room.tables < 0:
            yield Problem(
                "rooms",
                f"{room.tables} tables is below 0",
                "set 0 or more",
                index=index,
                column="tables",
                subject=room.room_id,
            )
        if room.capacity is not None and room.capacity < 0:
            yield Problem(
                "rooms",
                f"a capacity of {room.capacity} is below 0",
                "leave it empty for no limit",
                index=index,
                column="capacity",
                subject=room.room_id,
            )
        guests = named[room.room_id]
        asked = sum(company.tables for company in guests)
        if asked > room.tables >= 0 and len(guests) > 1:
            yield Problem(
                "rooms",
                f"{room.label} has {counted(room.tables, 'table')}, and the {len(guests)} "
                f"companies named for it need {asked}",
                "move a company to another room or leave its room empty",
                index=index,
                column="tables",
                subject=room.room_id,
            )


def _check_times(table: str, index: int, person: Student | Company, event: Event) -> list[Problem]:
    arrives, leaves = person.arrives_min, person.leaves_min
    if arrives is None or leaves is None or leaves > arrives:
        return []
    subject = person.student_id if isinstance(person, Student) else person.company_id
    return [
        Problem(
            table,
            f"{person.name} leaves at {event.clock(leaves)}, not after arriving at "
            f"{event.clock(arrives)}",
            "correct one of the times",
            index=index,
            column="leaves",
            subject=subject,
        )
    ]


def check_companies(event: Event) -> Iterator[Problem]:
    """Find problems of companies: rooms, counts, times."""
    yield from _duplicates("companies", "company_id", (c.company_id for c in event.companies))
    rooms = {room.room_id: room for room in event.rooms}
    for index, company in enumerate(event.companies):
        for column, reason, remedy in _company_faults(event, company, rooms):
            yield Problem(
                "companies",
                reason,
                remedy,
                index=index,
                column=column,
                subject=company.company_id,
            )
        yield from _check_times("companies", index, company, event)


def _company_faults(
    event: Event, company: Company, rooms: dict[RoomId, Room]
) -> Iterator[tuple[str, str, str]]:
    name = company.name
    room = rooms.get(company.room_id) if company.room_id is not None else None
    if company.room_id is not None and room is None:
        yield "room_id", f"there is no room '{company.room_id}' in rooms", "add it, or leave empty"
    if room is not None and company.tables > room.tables >= 0:
        yield (
            "tables",
            f"{name} needs {counted(company.tables, 'table')}, and {room.label} has {room.tables}",
            "give it another room or fewer tables",
        )
    for column, value in (("tables", company.tables), ("seats", company.seats)):
        if value < 1:
            yield column, f"{value} is below 1", "set 1 or more"
    for column, limit in (
        ("min_meetings", company.min_meetings),
        ("max_meetings", company.max_meetings),
    ):
        if limit is not None and limit < 0:
            yield column, f"{limit} is below 0", "set 0 or more"
    slots = len(event.window.slots)
    if company.max_meetings is not None and company.min_meetings > company.max_meetings:
        yield (
            "min_meetings",
            f"{name}: at least {counted(company.min_meetings, 'meeting')}, but at most "
            f"{company.max_meetings}",
            "lower min_meetings or raise max_meetings",
        )
    elif slots and company.min_meetings > slots * company.capacity > 0:
        yield (
            "min_meetings",
            f"{name}: {counted(company.min_meetings, 'meeting')} asked, {counted(slots, 'slot')} x "
            f"{counted(company.tables, 'table')} x {counted(company.seats, 'seat')}",
            "add a table or lower min_meetings",
        )


def check_students(event: Event) -> Iterator[Problem]:
    """Find problems of students: maxima, times."""
    yield from _duplicates("students", "student_id", (s.student_id for s in event.students))
    for index, student in enumerate(event.students):
        if student.max_meetings is not None and student.max_meetings < 0:
            yield Problem(
                "students",
                f"{student.max_meetings} is below 0",
                "set 0 or more",
                index=index,
                column="max_meetings",
                subject=student.student_id,
            )
        yield from _check_times("students", index, student, event)

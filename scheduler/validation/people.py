"""Problems of rooms, companies and students."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from scheduler.errors import Problem
from scheduler.model import Company, Event, Room, RoomId, Student
from scheduler.sentence import Sentence, counted, say, table_word

DAY_MIN = 24 * 60


def _duplicates(table: str, column: str, ids: Iterable[str]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, name in enumerate(ids):
        if name in seen:
            yield Problem(
                table,
                say("'%(id)s' is there twice", id=name),
                say("give every row an id of its own"),
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
                say("%(tables)s tables is below 0", tables=room.tables),
                say("set 0 or more"),
                index=index,
                column="tables",
                subject=room.room_id,
            )
        if room.capacity is not None and room.capacity < 0:
            yield Problem(
                "rooms",
                say("a capacity of %(capacity)s is below 0", capacity=room.capacity),
                say("leave it empty for no limit"),
                index=index,
                column="capacity",
                subject=room.room_id,
            )
        guests = named[room.room_id]
        asked = sum(company.tables for company in guests)
        if asked > room.tables >= 0 and len(guests) > 1:
            yield Problem(
                "rooms",
                say(
                    "%(room)s has %(tables)s, and the %(guests)s companies named for it need "
                    "%(asked)s",
                    room=room.label,
                    tables=counted(room.tables, "%(num)s table", "%(num)s tables"),
                    guests=len(guests),
                    asked=asked,
                ),
                say("move a company to another room or leave its room empty"),
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
            say(
                "%(person)s leaves at %(leaves)s, not after arriving at %(arrives)s",
                person=person.name,
                leaves=event.clock(leaves),
                arrives=event.clock(arrives),
            ),
            say("correct one of the times"),
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
) -> Iterator[tuple[str, Sentence, Sentence]]:
    yield from _faults_of_place(company, rooms)
    for column, value in (("tables", company.tables), ("seats", company.seats)):
        if value < 1:
            yield column, say("%(value)s is below 1", value=value), say("set 1 or more")
    for column, limit in (
        ("min_meetings", company.min_meetings),
        ("max_meetings", company.max_meetings),
    ):
        if limit is not None and limit < 0:
            yield column, say("%(value)s is below 0", value=limit), say("set 0 or more")
    yield from _faults_of_minimum(company, len(event.window.slots))


def _faults_of_place(
    company: Company, rooms: dict[RoomId, Room]
) -> Iterator[tuple[str, Sentence, Sentence]]:
    room = rooms.get(company.room_id) if company.room_id is not None else None
    if company.room_id is not None and room is None:
        yield (
            "room_id",
            say(
                "there is no room '%(id)s' in %(where)s",
                id=company.room_id,
                where=table_word("rooms"),
            ),
            say("add it, or leave empty"),
        )
    if room is not None and company.tables > room.tables >= 0:
        yield (
            "tables",
            say(
                "%(name)s needs %(tables)s, and %(room)s has %(there)s",
                name=company.name,
                tables=counted(company.tables, "%(num)s table", "%(num)s tables"),
                room=room.label,
                there=room.tables,
            ),
            say("give it another room or fewer tables"),
        )


def _faults_of_minimum(company: Company, slots: int) -> Iterator[tuple[str, Sentence, Sentence]]:
    if company.max_meetings is not None and company.min_meetings > company.max_meetings:
        yield (
            "min_meetings",
            say(
                "%(name)s: at least %(meetings)s, but at most %(most)s",
                name=company.name,
                meetings=counted(company.min_meetings, "%(num)s meeting", "%(num)s meetings"),
                most=company.max_meetings,
            ),
            say("lower min_meetings or raise max_meetings"),
        )
    elif slots and company.min_meetings > slots * company.capacity > 0:
        yield (
            "min_meetings",
            say(
                "%(name)s: %(meetings)s asked, %(slots)s x %(tables)s x %(seats)s",
                name=company.name,
                meetings=counted(company.min_meetings, "%(num)s meeting", "%(num)s meetings"),
                slots=counted(slots, "%(num)s slot", "%(num)s slots"),
                tables=counted(company.tables, "%(num)s table", "%(num)s tables"),
                seats=counted(company.seats, "%(num)s seat", "%(num)s seats"),
            ),
            say("add a table or lower min_meetings"),
        )


def check_students(event: Event) -> Iterator[Problem]:
    """Find problems of students: maxima, times."""
    yield from _duplicates("students", "student_id", (s.student_id for s in event.students))
    for index, student in enumerate(event.students):
        if student.max_meetings is not None and student.max_meetings < 0:
            yield Problem(
                "students",
                say("%(value)s is below 0", value=student.max_meetings),
                say("set 0 or more"),
                index=index,
                column="max_meetings",
                subject=student.student_id,
            )
        yield from _check_times("students", index, student, event)

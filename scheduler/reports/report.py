"""A timetable seen by people: one student, one table, one room, the desk, the counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from scheduler.model import (
    Break,
    Company,
    CompanyId,
    Event,
    Meeting,
    Room,
    RoomId,
    Slot,
    Student,
    StudentId,
    Timetable,
)
from scheduler.model.presence import Presence
from scheduler.reports.collation import collation_key, heading
from scheduler.reports.places import complete_places
from scheduler.reports.rows import (
    ChartColumn,
    ChartRow,
    Counts,
    DeskRow,
    Guest,
    RoomChart,
    RoomCounts,
    RoomTables,
    ScheduleRow,
    StudentSchedule,
    TableSheet,
    Turn,
    TurnKind,
)
from scheduler.reports.words import asked, positions_in_words, spoken


class Report:
    """The rows of every report of one timetable.

    Parameters
    ----------
    event
        Its language is that of the rows.
    timetable
        Meetings of people the event does not know are passed over.

    Attributes
    ----------
    event
        Without its preferences, so that it is cheap to hand to another process.
    stamp
        The timetable's version.
    places
        Of every company that has one, inferred where the timetable has none.
    """

    def __init__(self, event: Event, timetable: Timetable) -> None:
        self.event = replace(event, preferences=())
        self.stamp = timetable.stamp
        self.places = {p.company_id: p for p in complete_places(event, timetable)}
        self._rooms = {room.room_id: room for room in event.rooms}
        self._companies = {company.company_id: company for company in event.companies}
        self._students = {student.student_id: student for student in event.students}
        self._offers = {
            c.company_id: positions_in_words(c.positions, event.language) for c in event.companies
        }
        self._presence = Presence(event).companies
        self._by_student: dict[StudentId, list[Meeting]] = defaultdict(list)
        self._by_turn: dict[tuple[RoomId, int, int], list[Meeting]] = defaultdict(list)
        self._guests: dict[StudentId, Guest] = {}
        self._meetings = tuple(
            m
            for m in timetable.meetings
            if m.student_id in self._students
            and m.company_id in self._companies
            and 0 <= m.slot < len(event.window.slots)
        )
        for meeting in self._meetings:
            self._by_student[meeting.student_id].append(meeting)
            self._by_turn[meeting.room_id, meeting.table, meeting.slot].append(meeting)
        met = {(m.student_id, m.company_id) for m in self._meetings}
        self._ranks = {
            (student, company): rank
            for student, company, rank in event.preferences
            if (student, company) in met
        }

    @property
    def student_ids(self) -> tuple[StudentId, ...]:
        """Every student, by name."""
        students = sorted(self.event.students, key=_student_order)
        return tuple(student.student_id for student in students)

    @property
    def company_ids(self) -> tuple[CompanyId, ...]:
        """Every company by room and table; those without a place last, by name."""
        rooms = {room.room_id: index for index, room in enumerate(self.event.rooms)}

        def order(company: Company) -> tuple[int, int, str]:
            place = self.places.get(company.company_id)
            if place is None:
                return (len(rooms) + 1, 0, collation_key(company.name))
            return (rooms.get(place.room_id, len(rooms)), place.first_table, "")

        return tuple(c.company_id for c in sorted(self.event.companies, key=order))

    @property
    def room_ids(self) -> tuple[RoomId, ...]:
        """Every room in which a company stands, in the order of the event."""
        used = {place.room_id for place in self.places.values()}
        known = [room.room_id for room in self.event.rooms if room.room_id in used]
        return (*known, *sorted(used - self._rooms.keys()))

    def student(self, student_id: StudentId) -> StudentSchedule:
        """One student's schedule.

        Raises
        ------
        KeyError
            The event has no such student.
        """
        student = self._students[student_id]
        meetings = self._by_student.get(student_id, [])
        rows = tuple(self._schedule_row(meeting) for meeting in meetings)
        tables: dict[RoomId, set[int]] = defaultdict(set)
        for meeting in meetings:
            tables[meeting.room_id].add(meeting.table)
        rooms = tuple(
            RoomTables(self._room(r).label, self._room(r).building, tuple(sorted(tables[r])))
            for r in tables
        )
        guest = self._guest(student_id)
        return StudentSchedule(
            student_id,
            student.name,
            student.given_name,
            student.family_name,
            student.programme,
            guest.languages,
            guest.looks_for,
            rows,
            rooms,
        )

    def company(self, company_id: CompanyId) -> tuple[TableSheet, ...]:
        """The sheets of a company, one per table.

        Raises
        ------
        KeyError
            The event has no such company.
        """
        company = self._companies[company_id]
        place = self.places.get(company_id)
        room = self._room(place.room_id) if place else None
        return tuple(
            TableSheet(
                company_id,
                company.name,
                room.label if room else "",
                room.building if room else "",
                place.first_table + index if place else None,
                index + 1,
                company.tables,
                company.seats,
                self._offers[company_id],
                asked(company.languages, self.event.language),
                self._turns(company, room.room_id, place.first_table + index)
                if place and room
                else (),
            )
            for index in range(company.tables)
        )

    def room(self, room_id: RoomId) -> RoomChart:
        """The wall chart of a room."""
        room = self._room(room_id)
        columns = tuple(
            ChartColumn(*self._clocks(item.start_min, item.end_min), not isinstance(item, Slot))
            for item in self._day()
        )
        standing = sorted(
            (place.first_table, place.company_id)
            for place in self.places.values()
            if place.room_id == room_id
        )
        rows = tuple(
            ChartRow(
                first + index,
                self._companies[company_id].name,
                self._turns(self._companies[company_id], room_id, first + index),
            )
            for first, company_id in standing
            for index in range(self._companies[company_id].tables)
        )
        return RoomChart(room_id, room.label, room.building, columns, rows)

    def desk(self) -> tuple[DeskRow, ...]:
        """Every student by name, with the first meeting."""
        rows = []
        for student_id in self.student_ids:
            student, meetings = self._students[student_id], self._by_student.get(student_id, [])
            rows.append(
                DeskRow(
                    student_id,
                    student.name,
                    heading(student.name),
                    student.programme,
                    len(meetings),
                    self._schedule_row(meetings[0]) if meetings else None,
                )
            )
        return tuple(rows)

    def counts(self) -> Counts:
        """How many of everything, in all and by room."""
        rooms = []
        for room_id in self.room_ids:
            companies = [c for c, place in self.places.items() if place.room_id == room_id]
            meetings = [m for m in self._meetings if m.room_id == room_id]
            rooms.append(
                RoomCounts(
                    self._room(room_id).label,
                    self._room(room_id).building,
                    sum(self._companies[c].tables for c in companies),
                    len(companies),
                    len({m.student_id for m in meetings}),
                    len(meetings),
                )
            )
        return Counts(
            len(self._students),
            len(self._companies),
            sum(company.tables for company in self._companies.values()),
            len(self._meetings),
            sum(not self._by_student.get(s) for s in self._students),
            tuple(rooms),
        )

    def _room(self, room_id: RoomId) -> Room:
        return self._rooms.get(room_id) or Room(room_id, 0)

    def _clocks(self, start_min: int, end_min: int) -> tuple[str, str]:
        return self.event.clock(start_min), self.event.clock(end_min)

    def _day(self) -> Iterator[Slot | Break]:
        """Slots and breaks in order of time."""
        window = self.event.window
        items: list[Slot | Break] = [*window.slots, *window.breaks]
        yield from sorted(items, key=lambda item: (item.start_min, item.end_min))

    def _turns(self, company: Company, room_id: RoomId, table: int) -> tuple[Turn, ...]:
        present = self._presence[company.company_id]
        turns = []
        for item in self._day():
            clocks = self._clocks(item.start_min, item.end_min)
            if not isinstance(item, Slot):
                turns.append(Turn(*clocks, TurnKind.BREAK))
                continue
            meetings = self._by_turn.get((room_id, table, item.index), [])
            guests = [self._guest(m.student_id) for m in meetings]
            guests.sort(key=lambda guest: (collation_key(guest.name), guest.student_id))
            # who is booked is shown even when the company left: the paper must not hide a clash
            if guests:
                turns.append(Turn(*clocks, TurnKind.MEETING, tuple(guests)))
            else:
                free = present >> item.index & 1
                turns.append(Turn(*clocks, TurnKind.FREE if free else TurnKind.AWAY))
        return tuple(turns)

    def _schedule_row(self, meeting: Meeting) -> ScheduleRow:
        slot, room = self.event.window.slots[meeting.slot], self._room(meeting.room_id)
        return ScheduleRow(
            *self._clocks(slot.start_min, slot.end_min),
            room.label,
            room.building,
            meeting.table,
            self._companies[meeting.company_id].name,
            self._offers[meeting.company_id],
            self._ranks.get((meeting.student_id, meeting.company_id)),
        )

    def _guest(self, student_id: StudentId) -> Guest:
        guest = self._guests.get(student_id)
        if guest is None:
            student, language = self._students[student_id], self.event.language
            guest = self._guests[student_id] = Guest(
                student_id,
                student.name,
                student.programme,
                spoken(student.languages, language),
                positions_in_words(student.positions, language),
            )
        return guest


def _student_order(student: Student) -> tuple[str, str, str]:
    return collation_key(student.name), student.name, student.student_id

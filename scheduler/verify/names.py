"""What the verifier's messages call people, rooms and slots, known to the event or not."""

from __future__ import annotations

from scheduler.model import CompanyId, Event, Meeting, RoomId, Slot, StudentId
from scheduler.sentence import Sentence, say


class Names:
    """An event's people, rooms and slots by id, and how a message calls them."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.students = {student.student_id: student for student in event.students}
        self.companies = {company.company_id: company for company in event.companies}
        self.rooms = {room.room_id: room for room in event.rooms}
        self.slots = event.window.slots

    def slot(self, index: int) -> Slot | None:
        """The slot of an index, None where the window has none."""
        return self.slots[index] if 0 <= index < len(self.slots) else None

    def student(self, student_id: StudentId) -> Sentence:
        """A student's name and id, or the unknown id."""
        student = self.students.get(student_id)
        if student is None:
            return say("Student %(id)s", id=student_id)
        return say("Student %(name)s (%(id)s)", name=student.name, id=student_id)

    def company(self, company_id: CompanyId) -> Sentence:
        """A company's name and id, or the unknown id."""
        company = self.companies.get(company_id)
        if company is None:
            return say("Company %(id)s", id=company_id)
        return say("Company %(name)s (%(id)s)", name=company.name, id=company_id)

    def room(self, room_id: RoomId) -> Sentence:
        """A room's name, or the unknown id."""
        room = self.rooms.get(room_id)
        return say("room %(name)s", name=room.label if room else room_id)

    def tables(self, first: int, last: int) -> Sentence:
        """The tables of a run: ``table 3``, ``tables 1 to 5``, or none."""
        if first > last:
            return say("no tables")
        if first == last:
            return say("table %(table)s", table=first)
        return say("tables %(first)s to %(last)s", first=first, last=last)

    def time(self, index: int) -> str:
        """The clock time at which a slot begins."""
        slot = self.slot(index)
        return self.event.clock(slot.start_min) if slot else say("slot %(index)s", index=index)

    def pair(self, meeting: Meeting) -> Sentence:
        """Who meets whom, when and where."""
        return say(
            "%(student)s, %(company)s at %(time)s in %(room)s",
            student=self.student(meeting.student_id),
            company=self.company(meeting.company_id),
            time=self.time(meeting.slot),
            room=self.room(meeting.room_id),
        )

"""What the verifier's messages call people, rooms and slots, known to the event or not."""

from __future__ import annotations

from scheduler.model import CompanyId, Event, Meeting, RoomId, Slot, StudentId


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

    def student(self, student_id: StudentId) -> str:
        """A student's name and id, or the unknown id."""
        student = self.students.get(student_id)
        return f"Student {student.name} ({student_id})" if student else f"Student {student_id}"

    def company(self, company_id: CompanyId) -> str:
        """A company's name and id, or the unknown id."""
        company = self.companies.get(company_id)
        return f"Company {company.name} ({company_id})" if company else f"Company {company_id}"

    def room(self, room_id: RoomId) -> str:
        """A room's name, or the unknown id."""
        room = self.rooms.get(room_id)
        return f"room {room.label}" if room else f"room {room_id}"

    def tables(self, first: int, last: int) -> str:
        """The tables of a run: ``table 3``, ``tables 1 to 5``, or none."""
        if first > last:
            return "no tables"
        return f"table {first}" if first == last else f"tables {first} to {last}"

    def time(self, index: int) -> str:
        """The clock time at which a slot begins."""
        slot = self.slot(index)
        return self.event.clock(slot.start_min) if slot else f"slot {index}"

    def pair(self, meeting: Meeting) -> str:
        """Who meets whom, when and where."""
        return (
            f"{self.student(meeting.student_id)}, {self.company(meeting.company_id)} at"
            f" {self.time(meeting.slot)} in {self.room(meeting.room_id)}"
        )

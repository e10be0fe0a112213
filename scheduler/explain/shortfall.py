"""Why a student has fewer meetings than the guarantee."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.explain.openings import Obstacle, Seating
from scheduler.model import Company, CompanyId, Event, Student, StudentId, Timetable
from scheduler.model.eligibility import Eligibility, Refusal
from scheduler.model.presence import Presence
from scheduler.sentence import Sentence, TermKind, counted, languages_asked, say, terms


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A student below the guarantee: how many meetings, and one reason for each wish not met."""

    student: Student
    meetings: int
    reasons: tuple[Sentence, ...]


def shortfalls(event: Event, timetable: Timetable) -> tuple[Shortfall, ...]:
    """List the students below the guarantee, in the event's order, with the reasons."""
    met: dict[StudentId, set[CompanyId]] = defaultdict(set)
    taken: Counter[tuple[CompanyId, int]] = Counter()
    for meeting in timetable.meetings:
        met[meeting.student_id].add(meeting.company_id)
        taken[meeting.company_id, meeting.slot] += 1
    wishes: dict[StudentId, list[tuple[int, CompanyId]]] = defaultdict(list)
    for student_id, company_id, rank in event.preferences:
        wishes[student_id].append((rank, company_id))
    judge = _Judge(event, taken, Seating(event, timetable))
    found = []
    for student in event.students:
        own = met[student.student_id]
        if len(own) < event.rules.guaranteed_meetings_per_student:
            wanted = [company for _, company in sorted(wishes[student.student_id])]
            missed = [company for company in wanted if company not in own]
            reasons = tuple(judge.reasons(student, wanted, missed))
            found.append(Shortfall(student, len(own), reasons))
    return tuple(found)


class _Judge:
    def __init__(
        self, event: Event, taken: Counter[tuple[CompanyId, int]], seating: Seating
    ) -> None:
        self._event = event
        self._taken = taken
        self._seating = seating
        self._companies = {company.company_id: company for company in event.companies}
        self._eligibility = Eligibility(event)
        self._presence = Presence(event)

    def reasons(
        self, student: Student, wanted: list[CompanyId], missed: list[CompanyId]
    ) -> Iterator[Sentence]:
        if not wanted:
            yield say("ranked no company")
            return
        present = self._presence.students[student.student_id].bit_count()
        guarantee = self._event.rules.guaranteed_meetings_per_student
        if student.max_meetings is not None and student.max_meetings < guarantee:
            yield counted(
                student.max_meetings,
                "asked for at most %(num)s meeting",
                "asked for at most %(num)s meetings",
            )
        if present < guarantee:
            yield counted(
                len(self._event.window.slots),
                "is present in %(present)s of %(num)s slot",
                "is present in %(present)s of %(num)s slots",
                present=present,
            )
        if len(wanted) < guarantee:
            yield counted(
                len(wanted), "ranked only %(num)s company", "ranked only %(num)s companies"
            )
        for company_id in missed:
            yield self._missed(student, self._companies[company_id])

    def _missed(self, student: Student, company: Company) -> Sentence:
        refusal = self._eligibility.refusal(student, company)
        if refusal is not None:
            return _because(refusal, company)
        here = self._presence.companies[company.company_id]
        common = here & self._presence.students[student.student_id]
        if not common:
            return say("%(company)s is never there in the same slot", company=company.name)
        places, taken = self._places(company, here)
        if company.max_meetings is not None and company.max_meetings <= taken < places:
            return counted(
                taken,
                "%(company)s takes %(num)s meeting at most, all given",
                "%(company)s takes %(num)s meetings at most, all given",
                company=company.name,
            )
        if taken >= places:
            return counted(
                places,
                "%(company)s has %(num)s place, all taken",
                "%(company)s has %(num)s places, all taken",
                company=company.name,
            )
        shared, shared_taken = self._places(company, common)
        if shared_taken >= shared:
            return counted(
                shared,
                "%(company)s has %(num)s place while the student is present, all taken",
                "%(company)s has %(num)s places while the student is present, all taken",
                company=company.name,
            )
        openings = self._seating.openings(student.student_id, company, common)
        room = openings[0].room
        if room is not None and all(own.obstacle is Obstacle.ROOM_FULL for own in openings):
            return counted(
                room.capacity or 0,
                "%(company)s has seats left only while %(room)s is full with %(num)s student",
                "%(company)s has seats left only while %(room)s is full with %(num)s students",
                company=company.name,
                room=room.label,
            )
        if any(own.obstacle is None for own in openings):
            return say(
                "%(company)s has a place left that fits, not taken yet", company=company.name
            )
        return say(
            "%(company)s has places left (%(taken)s of %(places)s taken), none that fits "
            "the student's other meetings and the rules",
            company=company.name,
            taken=taken,
            places=places,
        )

    def _places(self, company: Company, slots: int) -> tuple[int, int]:
        """Places in these slots, and how many of them are taken."""
        own = [slot.index for slot in self._event.window.slots if slots >> slot.index & 1]
        taken = sum(self._taken[company.company_id, slot] for slot in own)
        return company.capacity * len(own), taken


def _because(refusal: Refusal, company: Company) -> Sentence:
    name = company.name
    if refusal is Refusal.LANGUAGE:
        needs = languages_asked(company.languages)
        return say("%(company)s asks for %(languages)s", company=name, languages=needs)
    if refusal is Refusal.FIELD:
        fields = ", ".join(company.fields)
        return say("%(company)s looks for %(fields)s", company=name, fields=fields)
    if refusal is Refusal.POSITION:
        offered = terms(TermKind.POSITION, company.positions)
        return say("%(company)s offers %(positions)s", company=name, positions=offered)
    if refusal is Refusal.VETO:
        return say("%(company)s said no", company=name)
    return say("%(company)s is forbidden by staff", company=name)

"""Why a student has fewer meetings than the guarantee."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.errors import counted
from scheduler.model import Company, CompanyId, Event, Student, StudentId, Timetable
from scheduler.model.eligibility import Eligibility, Refusal
from scheduler.model.presence import Presence


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A student below the guarantee: how many meetings, and one reason for each wish not met."""

    student: Student
    meetings: int
    reasons: tuple[str, ...]


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
    judge = _Judge(event, taken)
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
    def __init__(self, event: Event, taken: Counter[tuple[CompanyId, int]]) -> None:
        self._event = event
        self._taken = taken
        self._companies = {company.company_id: company for company in event.companies}
        self._eligibility = Eligibility(event)
        self._presence = Presence(event)

    def reasons(
        self, student: Student, wanted: list[CompanyId], missed: list[CompanyId]
    ) -> Iterator[str]:
        if not wanted:
            yield "ranked no company"
            return
        present = self._presence.students[student.student_id].bit_count()
        guarantee = self._event.rules.guaranteed_meetings_per_student
        if student.max_meetings is not None and student.max_meetings < guarantee:
            yield f"asked for at most {counted(student.max_meetings, 'meeting')}"
        if present < guarantee:
            slots = counted(len(self._event.window.slots), "slot")
            yield f"is present in {present} of {slots}"
        if len(wanted) < guarantee:
            yield f"ranked only {'1 company' if len(wanted) == 1 else f'{len(wanted)} companies'}"
        for company_id in missed:
            yield self._missed(student, self._companies[company_id])

    def _missed(self, student: Student, company: Company) -> str:
        refusal = self._eligibility.refusal(student, company)
        if refusal is not None:
            return f"{company.name} {_because(refusal, company)}"
        here = self._presence.companies[company.company_id]
        common = here & self._presence.students[student.student_id]
        if not common:
            return f"{company.name} is never there in the same slot"
        places, taken = self._places(company, here)
        if company.max_meetings is not None and company.max_meetings <= taken < places:
            return f"{company.name} takes {counted(taken, 'meeting')} at most, all given"
        if taken >= places:
            return f"{company.name} has {counted(places, 'place')}, all taken"
        shared, shared_taken = self._places(company, common)
        if shared_taken >= shared:
            return (
                f"{company.name} has {counted(shared, 'place')} while the student is present, "
                "all taken"
            )
        return (
            f"{company.name} has places left ({taken} of {places} taken), "
            "none that fits the student's other meetings and the rules"
        )

    def _places(self, company: Company, slots: int) -> tuple[int, int]:
        """Places in these slots, and how many of them are taken."""
        own = [slot.index for slot in self._event.window.slots if slots >> slot.index & 1]
        taken = sum(self._taken[company.company_id, slot] for slot in own)
        return company.capacity * len(own), taken


def _because(refusal: Refusal, company: Company) -> str:
    if refusal is Refusal.LANGUAGE:
        needs = " and ".join(" or ".join(map(str, need)) for need in company.languages)
        return f"asks for {needs}"
    if refusal is Refusal.FIELD:
        return f"looks for {', '.join(company.fields)}"
    if refusal is Refusal.POSITION:
        return f"offers {', '.join(company.positions)}"
    return "said no" if refusal is Refusal.VETO else "is forbidden by staff"

"""What every peer is asked about an event: who may meet whom, for how many points, how often.

It reads the event's values only, nothing of ``scheduler.strategies``.
"""

from __future__ import annotations

from scheduler.model import Company, CompanyId, DecisionKind, Event, Student, StudentId
from scheduler.model.eligibility import Eligibility
from scheduler.objective import PairWeights

Pair = tuple[StudentId, CompanyId]


def points_of(event: Event) -> dict[Pair, int]:
    """Points of every pair that may meet, in the order of the wishes; pinned pairs last.

    Raises
    ------
    ValueError
        The event offers unranked companies or has companies without a room.
    """
    if event.rules.offer_unranked:
        raise ValueError("the peers do not know offer_unranked")
    if any(company.room_id is None for company in event.companies):
        raise ValueError("the peers do not choose rooms")
    eligibility = Eligibility(event)
    weights = PairWeights(event, eligibility)
    students = {student.student_id: student for student in event.students}
    companies = {company.company_id: company for company in event.companies}
    pairs = [
        (student, company)
        for student, company, _ in event.preferences
        if not eligibility.refusal(students[student], companies[company])
    ]
    return {pair: weights.weight(*pair) for pair in (*pairs, *pins_of(event))}


def pins_of(event: Event) -> dict[Pair, int | None]:
    """Slot of every pinned pair; None where it may be any."""
    slots = {slot.start_min: slot.index for slot in event.window.slots}
    return {
        (decision.student_id, decision.company_id): (
            None if decision.start_min is None else slots[decision.start_min]
        )
        for decision in event.decisions
        if decision.kind is DecisionKind.PIN
    }


def most_of_student(event: Event, student: Student) -> int:
    """Most meetings of a student: the smaller of its own and the event's maximum."""
    overall = event.rules.max_meetings_per_student
    return overall if student.max_meetings is None else min(overall, student.max_meetings)


def most_of_company(event: Event, company: Company) -> int:
    """Most meetings of a company: its maximum, else all its seats in all slots."""
    seats = company.capacity * len(event.window.slots)
    return seats if company.max_meetings is None else company.max_meetings


def entry_count(event: Event) -> int:
    """How many entries levels 1 to 3 have."""
    return event.rules.guaranteed_meetings_per_student + 2

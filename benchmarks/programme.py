"""The timetable as one 0/1 programme over student, company and slot, as everybody writes it.

It knows the values of an event only, nothing of ``scheduler.strategies``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from scheduler.model import CompanyId, DecisionKind, Event
from scheduler.model.eligibility import Eligibility
from scheduler.model.presence import Presence
from scheduler.objective import PairWeights

Terms = tuple[list[int], list[int]]
"""Variables and their coefficients."""


@dataclass(slots=True)
class Programme:
    """Integer variables from 0, rows ``terms <= limit``, and goals to maximise in order.

    Attributes
    ----------
    upper
        Largest value of each variable; 1 for a yes or no.
    rows
        Variables, coefficients, limit.
    goals
        The entries of levels 1 to 3, the most important first.
    most
        What each goal can be at most, by the students' own wishes.
    """

    upper: list[int] = field(default_factory=list)
    rows: list[tuple[list[int], list[int], int]] = field(default_factory=list)
    goals: list[Terms] = field(default_factory=list)
    most: list[int] = field(default_factory=list)

    def variable(self, upper: int = 1) -> int:
        """Add a variable and return its index."""
        self.upper.append(upper)
        return len(self.upper) - 1

    def at_most(self, limit: int, variables: list[int], minus: list[int] | None = None) -> None:
        """Add a row: the sum of ``variables`` less the sum of ``minus`` is at most ``limit``."""
        minus = minus or []
        coefficients = [1] * len(variables) + [-1] * len(minus)
        self.rows.append((variables + minus, coefficients, limit))

    def goal(self, variables: list[int], coefficients: list[int], most: int) -> None:
        """Add the next goal."""
        self.goals.append((variables, coefficients))
        self.most.append(most)


def programme_of(event: Event) -> Programme:
    """Write an event as a programme.

    Raises
    ------
    ValueError
        The event has a rule that this plain model does not know.

    Notes
    -----
    x(s, c, t) for every eligible pair and every slot both are present in. Rows: once per pair; a
    student in one place at a time; a company's seats in a slot; both maxima. Level 1 has
    g(s, k) <= g(s, k - 1) with the sum over k at most the student's meetings; level 2 m(c) at
    most the asked minimum and the company's meetings.
    """
    _require_plain(event)
    programme = Programme()
    presence, eligibility = Presence(event), Eligibility(event)
    weights = PairWeights(event, eligibility)
    students = {student.student_id: student for student in event.students}
    companies = {company.company_id: company for company in event.companies}
    by_student: dict[str, list[int]] = {student: [] for student in students}
    by_company: dict[str, list[int]] = {company: [] for company in companies}
    by_student_slot: dict[tuple[str, int], list[int]] = defaultdict(list)
    by_turns: dict[tuple[CompanyId, int], list[int]] = defaultdict(list)
    meets: list[int] = []
    points: list[int] = []
    worth: dict[str, list[int]] = {student: [] for student in students}
    for student_id, company_id, _ in event.preferences:
        if eligibility.refusal(students[student_id], companies[company_id]):
            continue
        common = presence.students[student_id] & presence.companies[company_id]
        own = []
        for slot in range(len(event.window.slots)):
            if common >> slot & 1:
                own.append(programme.variable())
                by_student_slot[student_id, slot].append(own[-1])
                by_turns[company_id, slot].append(own[-1])
        programme.at_most(1, own)
        by_student[student_id] += own
        by_company[company_id] += own
        meets += own
        points += [weights.weight(student_id, company_id)] * len(own)
        worth[student_id].append(weights.weight(student_id, company_id))
    for variables in by_student_slot.values():
        programme.at_most(1, variables)
    for (company, _), variables in by_turns.items():
        programme.at_most(companies[company].capacity, variables)
    _add_maxima(programme, event, by_student, by_company)
    _add_guarantee(programme, event, by_student)
    _add_minimum(programme, event, by_company)
    best = event.rules.max_meetings_per_student
    most = sum(sum(sorted(own, reverse=True)[:best]) for own in worth.values())
    programme.goal(meets, points, most)
    return programme


def _require_plain(event: Event) -> None:
    rules = event.rules
    unknown = {
        "max_in_a_row": rules.max_in_a_row > 0,
        "building_change_min": rules.building_change_min > 0,
        "offer_unranked": rules.offer_unranked,
        "a pin": any(decision.kind is DecisionKind.PIN for decision in event.decisions),
        "a room's capacity": any(room.capacity is not None for room in event.rooms),
        "a company without a room": any(company.room_id is None for company in event.companies),
    }
    found = [name for name, is_there in unknown.items() if is_there]
    if found:
        raise ValueError(f"the plain model does not know {', '.join(found)}")


def _add_maxima(
    programme: Programme,
    event: Event,
    by_student: dict[str, list[int]],
    by_company: dict[str, list[int]],
) -> None:
    overall = event.rules.max_meetings_per_student
    for student in event.students:
        own = student.max_meetings
        limit = overall if own is None else min(overall, own)
        programme.at_most(limit, by_student[student.student_id])
    for company in event.companies:
        if company.max_meetings is not None:
            programme.at_most(company.max_meetings, by_company[company.company_id])


def _add_guarantee(programme: Programme, event: Event, by_student: dict[str, list[int]]) -> None:
    guarantee = event.rules.guaranteed_meetings_per_student
    steps: list[list[int]] = [[] for _ in range(guarantee)]
    for student in event.students:
        own = [programme.variable() for _ in range(guarantee)]
        programme.at_most(0, own, by_student[student.student_id])
        for k, has_k in enumerate(own):
            steps[k].append(has_k)
            if k:
                programme.at_most(0, [has_k], [own[k - 1]])
    for step in steps:
        programme.goal(step, [1] * len(step), len(step))


def _add_minimum(programme: Programme, event: Event, by_company: dict[str, list[int]]) -> None:
    asked = [company for company in event.companies if company.min_meetings]
    own = [programme.variable(company.min_meetings) for company in asked]
    for company, held in zip(asked, own, strict=True):
        programme.at_most(0, [held], by_company[company.company_id])
    programme.goal(own, [1] * len(own), sum(company.min_meetings for company in asked))

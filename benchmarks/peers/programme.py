"""The timetable as one 0/1 programme over student, company and slot, as everybody writes it.

It knows the values of an event only, nothing of ``scheduler.strategies``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.peers.answer import Held
from benchmarks.peers.question import points_of
from benchmarks.peers.rows import Grouped, Rows, rule_rows
from scheduler.model import Event
from scheduler.model.presence import Presence

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
    meetings
        Of the first variables, one each.
    goals
        The entries of levels 1 to 3, the most important first.
    most
        What each goal can be at most, by the students' own wishes.
    """

    upper: list[int] = field(default_factory=list)
    rows: Rows = field(default_factory=Rows)
    meetings: list[Held] = field(default_factory=list)
    goals: list[Terms] = field(default_factory=list)
    most: list[int] = field(default_factory=list)

    def variable(self, upper: int = 1) -> int:
        """Add a variable and return its index."""
        self.upper.append(upper)
        return len(self.upper) - 1

    def goal(self, variables: list[int], coefficients: list[int], most: int) -> None:
        """Add the next goal."""
        self.goals.append((variables, coefficients))
        self.most.append(most)

    def values(self, solution: Sequence[int]) -> tuple[int, ...]:
        """Entries that a solution has."""
        return tuple(
            sum(c * solution[v] for v, c in zip(*goal, strict=True)) for goal in self.goals
        )

    def held(self, solution: Sequence[int] | None) -> tuple[Held, ...] | None:
        """Meetings that a solution has; None without a solution."""
        if solution is None:
            return None
        chosen = solution[: len(self.meetings)]
        return tuple(held for held, is_held in zip(self.meetings, chosen, strict=True) if is_held)


def programme_of(event: Event) -> Programme:
    """Write an event as a programme.

    Raises
    ------
    ValueError
        The event has a rule that this plain model does not know.

    Notes
    -----
    x(s, c, t) for every pair that may meet and every slot both are present in. Rows: once per pair;
    a student in one place at a time; a company's seats and a room's capacity in a slot; both
    maxima; rest; walking time; pins. Level 1 has g(s, k) <= g(s, k - 1) with the sum over k at most
    the student's meetings; level 2 m(c) at most the asked minimum and the company's meetings.
    """
    programme, presence = Programme(), Presence(event)
    points = points_of(event)
    for student, company in points:
        common = presence.students[student] & presence.companies[company]
        for slot in range(len(event.window.slots)):
            if common >> slot & 1:
                programme.variable()
                programme.meetings.append((student, company, slot))
    grouped = Grouped(programme.meetings)
    rule_rows(programme.rows, event, grouped)
    _add_guarantee(programme, event, grouped)
    _add_minimum(programme, event, grouped)
    worth: dict[str, list[int]] = {student.student_id: [] for student in event.students}
    for (student, _), own in points.items():
        worth[student].append(own)
    overall = event.rules.max_meetings_per_student
    programme.goal(
        list(range(len(programme.meetings))),
        [points[student, company] for student, company, _ in programme.meetings],
        sum(sum(sorted(own, reverse=True)[:overall]) for own in worth.values()),
    )
    return programme


def _add_guarantee(programme: Programme, event: Event, grouped: Grouped) -> None:
    guarantee = event.rules.guaranteed_meetings_per_student
    steps: list[list[int]] = [[] for _ in range(guarantee)]
    for student in event.students:
        own = [programme.variable() for _ in range(guarantee)]
        programme.rows.at_most(0, own, grouped.of_student[student.student_id])
        for k, has_k in enumerate(own):
            steps[k].append(has_k)
            if k:
                programme.rows.at_most(0, [has_k], [own[k - 1]])
    for step in steps:
        programme.goal(step, [1] * len(step), len(step))


def _add_minimum(programme: Programme, event: Event, grouped: Grouped) -> None:
    asked = [company for company in event.companies if company.min_meetings]
    own = [programme.variable(company.min_meetings) for company in asked]
    for company, held in zip(asked, own, strict=True):
        programme.rows.at_most(0, [held], grouped.of_company[company.company_id])
    programme.goal(own, [1] * len(own), sum(company.min_meetings for company in asked))

"""The same event for another solver: HiGHS on a plain time-indexed model, entry by entry.

Who is present and who may meet comes from the model's values, which have tests of their own;
every other rule, room choice, level and bound is stated here once more, the slow and plain way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise

from highspy import Highs, HighsModelStatus
from highspy.highs import highs_linear_expression, highs_var

from scheduler.model import DecisionKind, Event, Timetable, meets_needs
from scheduler.model.eligibility import Eligibility
from scheduler.model.presence import Presence

Row = tuple[int, ...]
"""Levels 1 to 3 as one row of entries, each better when larger."""


def weight_of(event: Event, student: int, company: int) -> int:
    """Points of a meeting, from the rows of the event."""
    person, firm, rules = event.students[student], event.companies[company], event.rules
    points = 0
    for wish in event.preferences:
        if (wish.student_id, wish.company_id) == (person.student_id, firm.company_id):
            listed = wish.rank <= len(rules.rank_weights)
            points += rules.rank_weights[wish.rank - 1] if listed else rules.later_rank_weight
    for verdict in event.shortlist:
        if (verdict.student_id, verdict.company_id) == (person.student_id, firm.company_id):
            points += rules.mutual_bonus if verdict.is_yes else 0
    if firm.small_talk and meets_needs(person.languages, firm.small_talk):
        points += rules.small_talk_bonus
    return points


def recount(event: Event, timetable: Timetable) -> Row:
    """Levels 1 to 3 of a timetable, counted without the engine's definition of them."""
    students = {person.student_id: index for index, person in enumerate(event.students)}
    companies = {firm.company_id: index for index, firm in enumerate(event.companies)}
    pairs = [(students[m.student_id], companies[m.company_id]) for m in timetable.meetings]
    of_student = Counter(student for student, _ in pairs)
    of_company = Counter(company for _, company in pairs)
    return (
        *(
            len([n for n in of_student.values() if n >= k])
            for k in range(1, event.rules.guaranteed_meetings_per_student + 1)
        ),
        sum(
            min(of_company[index], firm.min_meetings) for index, firm in enumerate(event.companies)
        ),
        sum(weight_of(event, *pair) for pair in pairs),
    )


def possible_slots(event: Event) -> dict[tuple[int, int], list[int]]:
    """Slots of every pair (student, company) that may meet; a timed pin has one."""
    known, presence = Eligibility(event), Presence(event)
    ranked = {(wish.student_id, wish.company_id) for wish in event.preferences}
    found = {}
    for s, person in enumerate(event.students):
        for c, firm in enumerate(event.companies):
            pair = (person.student_id, firm.company_id)
            is_wished = pair in ranked or event.rules.offer_unranked
            if pair in known.pins or (is_wished and known.refusal(person, firm) is None):
                common = presence.students[pair[0]] & presence.companies[pair[1]]
                found[s, c] = [
                    slot.index for slot in event.window.slots if common >> slot.index & 1
                ]
    return found


class SecondSolver:
    """One event as a mixed-integer program.

    Parameters
    ----------
    event
        Valid.
    has_time
        False forgets slots, rooms and everything about time: what is left is a flow, its
        variables are continuous, and its optimum bounds that of the event.
    """

    def __init__(self, event: Event, *, has_time: bool = True) -> None:
        self._event = event
        self._highs = Highs()
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("mip_rel_gap", 0.0)
        self._has_time = has_time
        slots = possible_slots(event)
        if not has_time:
            slots = {pair: [0] for pair, own in slots.items() if own}
        self._meets = {(s, c, t): self._variable(1) for (s, c), own in slots.items() for t in own}
        self._add_people()
        if has_time:
            self._add_pins()
            self._add_rooms()
            self._add_rest()
        self._entries = [*self._guaranteed(), self._minimum(), self._preferences()]

    def optimum(self) -> Row | None:
        """Best row of levels; None when no timetable exists."""
        row: list[int] = []
        for entry in self._entries:
            if self._highs.maximize(entry) is None or not self._is_solved():
                return None
            value = round(self._highs.getObjectiveValue())
            row.append(value)
            self._highs.addConstr(entry >= value)
        return tuple(row)

    def can_reach(self, row: Sequence[int]) -> bool:
        """Whether some timetable has at least these first entries."""
        held = [
            self._highs.addConstr(entry >= value)
            for entry, value in zip(self._entries, row, strict=False)
        ]
        self._highs.maximize(self._sum([]))
        is_possible = self._is_solved()
        for constraint in reversed(held):
            self._highs.removeConstr(constraint)
        return is_possible

    def _is_solved(self) -> bool:
        status = self._highs.getModelStatus()
        if status in (HighsModelStatus.kOptimal, HighsModelStatus.kModelEmpty):
            return True
        assert status == HighsModelStatus.kInfeasible, status
        return False

    def _variable(self, upper: int) -> highs_var:
        if self._has_time:
            return self._highs.addIntegral(0, upper)
        return self._highs.addVariable(0, upper)

    def _sum(self, variables: Iterable[object]) -> highs_linear_expression:
        """A sum that is an expression even when it is empty."""
        return self._highs.qsum([*variables]) + 0

    def _of(
        self, *, student: int | None = None, company: int | None = None, slot: int | None = None
    ) -> highs_linear_expression:
        return self._sum(
            variable
            for (s, c, t), variable in self._meets.items()
            if student in (None, s) and company in (None, c) and slot in (None, t)
        )

    def _require(self, expression: highs_linear_expression, most: int) -> None:
        self._highs.addConstr(expression <= most)

    def _add_people(self) -> None:
        event, n_slots = self._event, len(self._event.window.slots)
        for pair in {key[:2] for key in self._meets}:
            self._require(self._of(student=pair[0], company=pair[1]), 1)
        for s, person in enumerate(event.students):
            limits = [event.rules.max_meetings_per_student, n_slots]
            if person.max_meetings is not None:
                limits.append(person.max_meetings)
            self._require(self._of(student=s), min(limits))
        for c, firm in enumerate(event.companies):
            seats = firm.tables * firm.seats
            limit = seats * n_slots
            if firm.max_meetings is not None:
                limit = min(limit, firm.max_meetings)
            self._require(self._of(company=c), limit)
        if self._has_time:
            for t in range(n_slots):
                for s in range(len(event.students)):
                    self._require(self._of(student=s, slot=t), 1)
                for c, firm in enumerate(event.companies):
                    self._require(self._of(company=c, slot=t), firm.tables * firm.seats)

    def _add_pins(self) -> None:
        event = self._event
        students = {person.student_id: index for index, person in enumerate(event.students)}
        companies = {firm.company_id: index for index, firm in enumerate(event.companies)}
        slot_at = {slot.start_min: slot.index for slot in event.window.slots}
        for pin in event.decisions:
            if pin.kind is DecisionKind.PIN:
                slot = None if pin.start_min is None else slot_at[pin.start_min]
                s, c = students[pin.student_id], companies[pin.company_id]
                self._highs.addConstr(self._of(student=s, company=c, slot=slot) >= 1)

    def _add_rooms(self) -> None:
        event = self._event
        stands = {
            (c, r): self._variable(1)
            for c in range(len(event.companies))
            for r in range(len(event.rooms))
        }
        for c, firm in enumerate(event.companies):
            allowed = [
                r for r, room in enumerate(event.rooms) if firm.room_id in (None, room.room_id)
            ]
            self._highs.addConstr(self._sum(stands[c, r] for r in allowed) == 1)
            self._require(self._sum(stands[c, r] for r in range(len(event.rooms))), 1)
        for r, room in enumerate(event.rooms):
            tables = [firm.tables * stands[c, r] for c, firm in enumerate(event.companies)]
            self._require(self._sum(tables), room.tables)
            if room.capacity is not None:
                self._add_room_capacity(stands, r, room.capacity)
        self._add_walking(stands)

    def _add_room_capacity(
        self, stands: dict[tuple[int, int], highs_var], room: int, capacity: int
    ) -> None:
        for slot in self._event.window.slots:
            inside = []
            for c, firm in enumerate(self._event.companies):
                seats = firm.tables * firm.seats
                seated = self._variable(seats)
                here = self._of(company=c, slot=slot.index)
                self._highs.addConstr(seated - here - seats * stands[c, room] >= -seats)
                inside.append(seated)
            self._require(self._sum(inside), capacity)

    def _add_walking(self, stands: dict[tuple[int, int], highs_var]) -> None:
        event, need = self._event, self._event.rules.building_change_min
        apart = [
            (r, q)
            for r, room in enumerate(event.rooms)
            for q, other in enumerate(event.rooms)
            if room.building != other.building
        ]
        close = [
            (before.index, after.index)
            for before, after in combinations(event.window.slots, 2)
            if after.start_min - before.end_min < need
        ]
        for (s, c, t), first in self._meets.items():
            for (other_s, d, u), second in self._meets.items():
                if s == other_s and (t, u) in close:
                    for r, q in apart:
                        self._require(first + second + stands[c, r] + stands[d, q], 3)

    def _add_rest(self) -> None:
        event, limit = self._event, self._event.rules.max_in_a_row
        slots = event.window.slots
        for first in range(len(slots) - limit if limit else 0):
            row = slots[first : first + limit + 1]
            is_cut = any(
                row[0].end_min <= pause.start_min < row[-1].start_min
                for pause in event.window.breaks
            )
            if not is_cut:
                for s in range(len(event.students)):
                    met = [
                        variable
                        for slot in row
                        for (own, _, t), variable in self._meets.items()
                        if own == s and t == slot.index
                    ]
                    self._require(self._sum(met), limit)

    def _guaranteed(self) -> list[highs_linear_expression]:
        guarantee = self._event.rules.guaranteed_meetings_per_student
        reached: list[list[highs_var]] = [[] for _ in range(guarantee)]
        for s in range(len(self._event.students)):
            steps = [self._variable(1) for _ in range(guarantee)]
            for own, step in zip(reached, steps, strict=True):
                own.append(step)
            for step, following in pairwise(steps):
                self._highs.addConstr(step - following >= 0)
            self._highs.addConstr(self._of(student=s) - self._sum(steps) >= 0)
        return [self._sum(own) for own in reached]

    def _minimum(self) -> highs_linear_expression:
        counted = []
        for c, firm in enumerate(self._event.companies):
            count = self._variable(firm.min_meetings)
            self._highs.addConstr(self._of(company=c) - count >= 0)
            counted.append(count)
        return self._sum(counted)

    def _preferences(self) -> highs_linear_expression:
        return self._sum(
            weight_of(self._event, s, c) * variable for (s, c, _), variable in self._meets.items()
        )

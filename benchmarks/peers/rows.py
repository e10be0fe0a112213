"""The rules of an event as rows over 0/1 variables, each of which is a meeting in a slot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from benchmarks.peers.answer import Held
from benchmarks.peers.question import most_of_company, most_of_student, pins_of
from scheduler.model import CompanyId, Event, StudentId


class Rows(list[tuple[list[int], list[int], int]]):
    """Rows ``terms <= limit``: variables, coefficients, limit."""

    def at_most(self, limit: int, plus: list[int], minus: Sequence[int] = ()) -> None:
        """Add a row: the sum of ``plus`` less the sum of ``minus`` is at most ``limit``."""
        if plus or minus:
            self.append(([*plus, *minus], [1] * len(plus) + [-1] * len(minus), limit))


class Grouped:
    """Variables of the meetings, by pair, student and company, the latter two also by slot."""

    def __init__(self, meetings: Sequence[Held]) -> None:
        self.of_pair: dict[tuple[StudentId, CompanyId], dict[int, int]] = defaultdict(dict)
        self.of_student: dict[StudentId, list[int]] = defaultdict(list)
        self.of_company: dict[CompanyId, list[int]] = defaultdict(list)
        self.of_student_in: dict[tuple[StudentId, int], list[int]] = defaultdict(list)
        self.of_company_in: dict[tuple[CompanyId, int], list[int]] = defaultdict(list)
        for variable, (student, company, slot) in enumerate(meetings):
            self.of_pair[student, company][slot] = variable
            self.of_student[student].append(variable)
            self.of_company[company].append(variable)
            self.of_student_in[student, slot].append(variable)
            self.of_company_in[company, slot].append(variable)


def rule_rows(rows: Rows, event: Event, grouped: Grouped) -> None:
    """Add every rule; presence and eligibility are in the choice of variables."""
    for own in grouped.of_pair.values():
        rows.at_most(1, list(own.values()))
    for variables in grouped.of_student_in.values():
        rows.at_most(1, variables)
    capacities = {company.company_id: company.capacity for company in event.companies}
    for (company, _), variables in grouped.of_company_in.items():
        rows.at_most(capacities[company], variables)
    for student in event.students:
        rows.at_most(most_of_student(event, student), grouped.of_student[student.student_id])
    for firm in event.companies:
        rows.at_most(most_of_company(event, firm), grouped.of_company[firm.company_id])
    for pair, slot in pins_of(event).items():
        own = grouped.of_pair[pair]
        rows.at_most(-1, [], list(own.values()) if slot is None else [own[slot]])
    _add_room_capacity(rows, event, grouped)
    _add_rest(rows, event, grouped)
    _add_walking(rows, event, grouped)


def _add_room_capacity(rows: Rows, event: Event, grouped: Grouped) -> None:
    for room in event.rooms:
        if room.capacity is None:
            continue
        inside = [c.company_id for c in event.companies if c.room_id == room.room_id]
        for slot in range(len(event.window.slots)):
            rows.at_most(room.capacity, [v for c in inside for v in grouped.of_company_in[c, slot]])


def _add_rest(rows: Rows, event: Event, grouped: Grouped) -> None:
    limit = event.rules.max_in_a_row
    if not limit:
        return
    for first in range(len(event.window.slots) - limit):
        if any(event.window.has_break_after(slot) for slot in range(first, first + limit)):
            continue
        for student in event.students:
            run = range(first, first + limit + 1)
            own = [v for slot in run for v in grouped.of_student_in[student.student_id, slot]]
            rows.at_most(limit, own)


def _add_walking(rows: Rows, event: Event, grouped: Grouped) -> None:
    buildings = {room.room_id: room.building for room in event.rooms}
    placed = {c.company_id: buildings[c.room_id] for c in event.companies if c.room_id}
    near = [
        (before.index, after.index)
        for before, after in combinations(event.window.slots, 2)
        if after.start_min - before.end_min < event.rules.building_change_min
    ]
    if not near or len(set(placed.values())) < 2:
        return
    by: dict[tuple[StudentId, int, str], list[int]] = defaultdict(list)
    for (student, company), own in grouped.of_pair.items():
        for slot, variable in own.items():
            by[student, slot, placed[company]].append(variable)
    for (student, slot, building), here in list(by.items()):
        for other in set(placed.values()) - {building}:
            for _, after in (pair for pair in near if pair[0] == slot):
                there = by.get((student, after, other))
                if there:
                    rows.at_most(1, here + there)

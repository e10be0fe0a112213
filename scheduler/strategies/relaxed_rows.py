"""The rows of the linear relaxation, in integers; one function per rule, called as in the model.

``presence`` and ``eligible`` have no function here: columns exist only where they allow a meeting.
``room_tables`` has none either: no timetable is lost by leaving it out, and a bound stays a bound.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from scheduler.strategies.board import bits
from scheduler.strategies.instance import Instance

Terms = list[tuple[int, int]]
"""Columns and their factors."""


@dataclass(frozen=True, slots=True)
class Row:
    """``terms <= limit``, or an equation."""

    terms: Terms
    limit: int
    is_equal: bool


@dataclass(slots=True)
class Rows:
    """Columns from 0 to ``upper``, rows, and the entries of levels 1 to 3.

    Attributes
    ----------
    meets
        Column of a pair in a slot.
    """

    upper: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    meets: dict[tuple[int, int], int] = field(default_factory=dict)
    entries: list[Terms] = field(default_factory=list)

    def column(self, upper: int = 1) -> int:
        """Add a column and return its index."""
        self.upper.append(upper)
        return len(self.upper) - 1

    def at_most(self, limit: int, plus: Iterable[int], minus: Iterable[int] = ()) -> None:
        """Add a row: the sum of ``plus`` less the sum of ``minus`` is at most ``limit``."""
        terms = [(column, 1) for column in plus]
        if len(terms) > limit:
            self.rows.append(Row(terms + [(column, -1) for column in minus], limit, is_equal=False))


class _Columns:
    """Columns of the meetings by who sits where."""

    def __init__(self, instance: Instance, rows: Rows) -> None:
        self.of_student: dict[int, list[int]] = defaultdict(list)
        self.of_company: dict[int, list[int]] = defaultdict(list)
        self.student_at: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.company_at: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.room_at: dict[tuple[int, int], list[int]] = defaultdict(list)
        self.in_building: dict[int, dict[tuple[int, int], list[int]]] = defaultdict(dict)
        buildings = instance.buildings
        for index, pair in enumerate(instance.pairs):
            room = instance.room_of[pair.company]
            for slot in bits(pair.slots):
                column = rows.column()
                rows.meets[index, slot] = column
                self.of_student[pair.student].append(column)
                self.of_company[pair.company].append(column)
                self.student_at[pair.student, slot].append(column)
                self.company_at[pair.company, slot].append(column)
                if room is not None:
                    self.room_at[room, slot].append(column)
                    inside = self.in_building[pair.student]
                    inside.setdefault((buildings[room], slot), []).append(column)


def relaxed_rows(instance: Instance) -> Rows:
    """Write an event as rows and entries."""
    rows = Rows()
    columns = _Columns(instance, rows)
    _once_per_pair(rows, instance)
    for own in columns.student_at.values():  # one_place_at_a_time
        rows.at_most(1, own)
    for (company, _), own in columns.company_at.items():  # seats
        rows.at_most(instance.company_seats[company], own)
    for student, own in columns.of_student.items():  # max_meetings
        rows.at_most(instance.student_max[student], own)
    for company, own in columns.of_company.items():
        rows.at_most(instance.company_max[company], own)
    _room_capacity(rows, instance, columns)
    _max_in_a_row(rows, instance, columns)
    _walking_time(rows, instance, columns)
    _entries(rows, instance, columns)
    return rows


def _once_per_pair(rows: Rows, instance: Instance) -> None:
    """A pair meets once at most; a pinned one does (``pins``)."""
    for index, pair in enumerate(instance.pairs):
        own = [rows.meets[index, slot] for slot in bits(pair.slots)]
        if pair.is_pinned:
            rows.rows.append(Row([(column, 1) for column in own], 1, is_equal=True))
        else:
            rows.at_most(1, own)


def _room_capacity(rows: Rows, instance: Instance, columns: _Columns) -> None:
    for room in instance.tight_rooms():
        capacity = instance.event.rooms[room].capacity
        if capacity is not None:
            for slot in range(instance.n_slots):
                rows.at_most(capacity, columns.room_at[room, slot])


def _max_in_a_row(rows: Rows, instance: Instance, columns: _Columns) -> None:
    for row in instance.rows():
        for student in columns.of_student:
            here = [column for slot in row for column in columns.student_at[student, slot]]
            rows.at_most(len(row) - 1, here)


def _walking_time(rows: Rows, instance: Instance, columns: _Columns) -> None:
    """In slots too close for a walk: in a building in the one, or in another in the other."""
    near = instance.near_slots() if instance.has_walking() else []
    for inside in columns.in_building.values():
        buildings = {building for building, _ in inside}
        if len(buildings) < 2:
            continue
        for before, after in near:
            for building in sorted(buildings):
                here = inside.get((building, before), [])
                there = [
                    column
                    for other in sorted(buildings - {building})
                    for column in inside.get((other, after), [])
                ]
                if here and there:
                    rows.at_most(1, [*here, *there])


def _entries(rows: Rows, instance: Instance, columns: _Columns) -> None:
    """Students with at least 1, 2, ... meetings, the companies' minimum, preferences."""
    steps: list[Terms] = [[] for _ in range(instance.event.rules.guaranteed_meetings_per_student)]
    for own in columns.of_student.values():
        has = [rows.column() for _ in steps]
        rows.at_most(0, has, own)
        for number, (step, column) in enumerate(zip(steps, has, strict=True)):
            step.append((column, 1))
            if number:
                rows.at_most(0, [column], [has[number - 1]])
    counted = []
    for company, least in enumerate(instance.company_min):
        if least and columns.of_company[company]:
            counted.append(rows.column(least))
            rows.at_most(0, [counted[-1]], columns.of_company[company])
    points = [(column, instance.pairs[pair].weight) for (pair, _), column in rows.meets.items()]
    rows.entries = [
        *steps,
        [(column, 1) for column in counted],
        [(column, weight) for column, weight in points if weight],
    ]

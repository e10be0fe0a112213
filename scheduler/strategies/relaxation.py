"""Bounds from the timetable as a linear programme: what fractions of meetings could reach.

Notes
-----
The flow forgets the slots; this relaxation keeps them and forgets only that a meeting is whole. By
duality its optimum contains every cut that the slots imply on the allocation: that a company's
students have too few common slots with it (Hall), that two companies want the same students in the
same slots, that a room is full, that a student cannot walk fast enough.

The solver counts in floating point, so its optimum is no proof. Its multipliers are rounded to
fractions with one denominator, and the bound they give is computed from the integer rows exactly
(weak duality): whatever the multipliers are, it holds.

References
----------
G. B. Dantzig, R. Fulkerson, S. Johnson (1954), Solution of a large-scale traveling-salesman
problem, Operations Research 2: excluding variables by their reduced costs.
A. Neumaier, O. Shcherbina (2004), Safe bounds in linear and mixed-integer linear programming,
Mathematical Programming 99.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ortools.linear_solver import pywraplp

from scheduler.strategies.instance import Instance
from scheduler.strategies.relaxed_rows import Row, Rows, Terms, relaxed_rows

DENOMINATOR = 2**20
"""Of the multipliers; their rounding costs less than a point in all measured events."""
LARGEST = 100_000
"""Columns beyond which the programme takes longer than the search gains by it."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """What the relaxation says of one entry.

    Parameters
    ----------
    bound
        No timetable that keeps what is held has more.
    reach
        By pair and slot: no timetable in which the two meet there has more.
    values
        The meetings of the relaxation's optimum, each a share between 0 and 1.
    """

    bound: int
    reach: dict[tuple[int, int], int]
    values: dict[tuple[int, int], float]


class Relaxation:
    """The linear programme of an event; entries are held as they are reached.

    Parameters
    ----------
    instance
        Companies without a room are in none: their walks and seats are not looked at.
    """

    def __init__(self, instance: Instance) -> None:
        self._rows = relaxed_rows(instance)
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._columns = [self._solver.NumVar(0, most, "") for most in self._rows.upper]
        self._constraints = [self._add(row) for row in self._rows.rows]

    def hold(self, entry: int, value: int) -> None:
        """Keep an entry at ``value`` at least from now on."""
        terms = [(column, -worth) for column, worth in self._rows.entries[entry]]
        row = Row(terms, -value, is_equal=False)
        self._rows.rows.append(row)
        self._constraints.append(self._add(row))

    def maximise(self, entry: int, seconds: float) -> Relaxed | None:
        """Bound an entry; None when there is no answer in time, or nothing keeps what is held."""
        objective = self._solver.Objective()
        objective.Clear()
        for column, worth in self._rows.entries[entry]:
            objective.SetCoefficient(self._columns[column], worth)
        objective.SetMaximization()
        self._solver.SetTimeLimit(max(1, int(seconds * 1000)))
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        multipliers = [
            _rounded(constraint.dual_value(), is_free=row.is_equal)
            for constraint, row in zip(self._constraints, self._rows.rows, strict=True)
        ]
        most, gains = weigh(self._rows, self._rows.entries[entry], multipliers)
        return Relaxed(
            bound=most // DENOMINATOR,
            reach={
                meeting: (most + min(0, gains[column])) // DENOMINATOR
                for meeting, column in self._rows.meets.items()
            },
            values={
                meeting: self._columns[column].solution_value()
                for meeting, column in self._rows.meets.items()
            },
        )

    def _add(self, row: Row) -> pywraplp.Constraint:
        least = row.limit if row.is_equal else -self._solver.infinity()
        constraint = self._solver.Constraint(least, row.limit)
        for column, factor in row.terms:
            constraint.SetCoefficient(self._columns[column], factor)
        return constraint


def is_worth_relaxing(instance: Instance) -> bool:
    """Whether the programme is small enough to be solved beside the search."""
    return sum(pair.slots.bit_count() for pair in instance.pairs) <= LARGEST


def _rounded(multiplier: float, *, is_free: bool) -> int:
    whole = round(multiplier * DENOMINATOR)
    return whole if is_free else max(0, whole)


def weigh(rows: Rows, goal: Terms, multipliers: Sequence[int]) -> tuple[int, list[int]]:
    """Bound and reduced worth of every column, both times the denominator, in integers.

    For any multipliers u (at least 0 where a row is no equation) and any x that keeps the rows:
    w x <= u b + (w - u A) x, and a column adds at most its largest value times what is left of its
    worth.
    """
    gains = [0] * len(rows.upper)
    for column, worth in goal:
        gains[column] += worth * DENOMINATOR
    most = 0
    for row, multiplier in zip(rows.rows, multipliers, strict=True):
        if multiplier:
            most += multiplier * row.limit
            for column, factor in row.terms:
                gains[column] -= multiplier * factor
    most += sum(gain * upper for gain, upper in zip(gains, rows.upper, strict=True) if gain > 0)
    return most, gains

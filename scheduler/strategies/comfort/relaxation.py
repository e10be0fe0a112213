"""The linear relaxation of choosing schedules, and a bound in exact integers.

It is far tighter than a relaxation over single meetings: there an average of shifted schedules has
no breaks at all, here every schedule that is averaged has its own.

References
----------
G. B. Dantzig, P. Wolfe (1960), Decomposition principle for linear programs, Operations Research 8.
A. M. Geoffrion (1974), Lagrangean relaxation for integer programming, Mathematical Programming
Study 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from scheduler.strategies.board import bits
from scheduler.strategies.comfort.master import Limit, Master, Row

SCALE = 1 << 20
"""Prices are integers of so many to one break, so that the bound has no rounding in it."""
STEP_COLUMNS = 10
"""Schedules of one student that a round of the relaxation may take in."""
ROUNDS = 200

Ints = NDArray[np.int64]


def fewest_breaks(
    master: Master, start: Sequence[int], unlisted: int, is_over: Callable[[], bool]
) -> int:
    """A lower bound on the breaks of every choice of schedules that keeps the rows.

    Parameters
    ----------
    master
        With every schedule of fewer than ``unlisted`` breaks.
    start
        Schedules (indexes) that together keep every row, one per student.
    is_over
        Asked between rounds; stopped early, the prices so far still give a bound.

    Notes
    -----
    For prices p of the rows, not negative where a row says "at most", every choice has at least
    (sum over students of the cheapest schedule, its breaks and prices) - (sum of p times the row's
    limit) breaks: Lagrangean relaxation. The linear programme, solved over few schedules that grow
    round by round, finds good prices; they are rounded to integers before the bound is computed, so
    it does not rest on floating point. A schedule that is not listed costs at least ``unlisted``
    breaks and each pair's cheapest turn.
    """
    relaxation = _Relaxation(master, unlisted)
    best = relaxation.bound(np.zeros(len(master.limits), dtype=np.int64))
    new = np.array(sorted(start), dtype=np.int64)
    for _ in range(ROUNDS):
        relaxation.take(new)
        if is_over():
            break
        prices, own = relaxation.solve()
        best = max(best, relaxation.bound(prices))
        new = relaxation.worth(prices, own)
        if not len(new):
            break
    return max(0, -(-best // SCALE))


class _Relaxation:
    """All schedules as arrays, and the linear programme over some of them."""

    def __init__(self, master: Master, unlisted: int) -> None:
        self._master, self._unlisted = master, unlisted
        names = {row: number for number, row in enumerate(master.limits)}
        entries = [
            [(names[row], factor) for row, factor in master.rows_of(own)]
            for own in master.schedules
        ]
        self._breaks = np.array([own.breaks for own in master.schedules], dtype=np.int64)
        self._student = np.array([own.student for own in master.schedules], dtype=np.int64)
        self._starts = np.array([0, *accumulate(len(own) for own in entries)], dtype=np.int64)
        flat = [entry for own in entries for entry in own]
        self._row = np.array([row for row, _ in flat], dtype=np.int64)
        self._factor = np.array([factor for _, factor in flat], dtype=np.int64)
        self._inside = np.zeros(len(entries), dtype=bool)
        self._programme = _Programme(master.limits, master.students)

    def take(self, new: Ints) -> None:
        """Let schedules into the linear programme."""
        for index in new.tolist():
            self._inside[index] = True
            span = slice(self._starts[index], self._starts[index + 1])
            rows, factors = self._row[span].tolist(), self._factor[span].tolist()
            own = self._master.schedules[index]
            self._programme.add(own.student, own.breaks, zip(rows, factors, strict=True))

    def solve(self) -> tuple[Ints, Ints]:
        """Prices of the rows, and each student's own at every of its schedules."""
        prices, own = self._programme.solve()
        return prices, np.array([own[s] for s in self._student.tolist()], dtype=np.int64)

    def worth(self, prices: Ints, own: Ints) -> Ints:
        """The schedules outside that would lower the programme's value, some of each student."""
        gain = self._costs(prices) - own
        order = np.lexsort((gain, self._student))
        order = order[(gain[order] < 0) & ~self._inside[order]]
        students = self._student[order]
        rank = np.arange(len(order)) - np.searchsorted(students, students)
        taken: Ints = order[rank < STEP_COLUMNS]
        return taken

    def bound(self, prices: Ints) -> int:
        """The bound that these prices give, times ``SCALE``."""
        costs = self._costs(prices)
        cheapest = dict.fromkeys(self._master.students, 0)
        order = np.lexsort((costs, self._student))
        students, first = np.unique(self._student[order], return_index=True)
        for student, cost in zip(students.tolist(), costs[order[first]].tolist(), strict=True):
            cheapest[student] = cost
        by_row = dict(zip(self._master.limits, prices.tolist(), strict=True))
        paid = sum(by_row[row] * limit.value for row, limit in self._master.limits.items())
        least = (min(cost, self._unlisted_cost(s, by_row)) for s, cost in cheapest.items())
        return int(sum(least) - paid)

    def _costs(self, prices: Ints) -> Ints:
        """Breaks and prices of each schedule."""
        ends = np.append(0, np.cumsum(prices[self._row] * self._factor))
        costs: Ints = self._breaks * SCALE + ends[self._starts[1:]] - ends[self._starts[:-1]]
        return costs

    def _unlisted_cost(self, student: int, by_row: Mapping[Row, int]) -> int:
        """A lower limit of what a schedule that is not listed would cost.

        Each pair at its cheapest turn, as if they did not exclude one another.
        """
        listing, pairs = self._master.listing, self._master.board.instance.pairs
        certain, more = listing.certain[student], listing.open[student]
        cost = self._unlisted * SCALE
        cost += sum(self._cheapest_turn(pair, by_row) for pair in certain)
        if not more:
            return cost
        points = by_row["points", 0, 0]
        steps = [by_row["reached", k, 0] for k in range(1, self._master.guarantee + 1)]
        cost += sum(points * pairs[pair].weight for pair in certain) + sum(steps[: len(certain)])
        best = cost
        extras = sorted(
            self._cheapest_turn(pair, by_row) + points * pairs[pair].weight for pair in more
        )
        for met, extra in enumerate(extras, len(certain)):
            cost += extra + (steps[met] if met < len(steps) else 0)
            best = min(best, cost)
        return best

    def _cheapest_turn(self, pair: int, by_row: Mapping[Row, int]) -> int:
        own = self._master.board.instance.pairs[pair]
        room = self._master.listing.rooms[own.company]
        turns = (
            by_row["seats", own.company, slot]
            + (0 if room is None else by_row.get(("room", room, slot), 0))
            for slot in bits(own.slots)
        )
        return min(turns) + by_row.get(("company", own.company, 0), 0)


class _Programme:
    """The linear programme in GLOP, growing by columns."""

    def __init__(self, limits: Mapping[Row, Limit], students: Sequence[int]) -> None:
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.Objective().SetMinimization()
        self._limits = list(limits.values())
        least = -self._solver.infinity()
        self._rows = [
            self._solver.Constraint(limit.value if limit.is_equal else least, limit.value)
            for limit in self._limits
        ]
        self._own = {student: self._solver.Constraint(1, 1) for student in students}

    def add(self, student: int, breaks: int, entries: Iterable[tuple[int, int]]) -> None:
        """Let one schedule in; its rows by number, with their factors."""
        column = self._solver.NumVar(0, self._solver.infinity(), "")
        self._solver.Objective().SetCoefficient(column, breaks)
        self._own[student].SetCoefficient(column, 1)
        for row, factor in entries:
            self._rows[row].SetCoefficient(column, factor)

    def solve(self) -> tuple[Ints, dict[int, int]]:
        """Prices of the rows, not negative where a row says "at most", and of the students."""
        self._solver.Solve()
        prices = [round(-row.dual_value() * SCALE) for row in self._rows]
        allowed = [
            price if limit.is_equal else max(0, price)
            for price, limit in zip(prices, self._limits, strict=True)
        ]
        own = {s: round(row.dual_value() * SCALE) for s, row in self._own.items()}
        return np.array(allowed, dtype=np.int64), own

"""Large-neighbourhood search: a few students choose anew while all others stay.

Each round frees a group of students who compete for the same companies, and CP-SAT seats them best
around everybody else. All levels count at once, each worth more than all below it, so a round never
makes the timetable worse. Heuristic: no bound comes from it.

References
----------
P. Shaw (1998), Using constraint programming and local search methods to solve vehicle routing
problems, CP 1998, LNCS 1520.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from ortools.sat.python import cp_model

from scheduler.strategies.board import Board
from scheduler.strategies.cpsat.constraints import add_rules
from scheduler.strategies.cpsat.objective import weighted_levels
from scheduler.strategies.cpsat.search import Limits, Placement, read, set_hint, solver_with
from scheduler.strategies.cpsat.variables import make_variables
from scheduler.strategies.instance import Instance

GROUP = 24
"""Students of the first round; more after a round that was solved to the end, else fewer."""
SMALLEST, LARGEST = 8, 400
ROUND_S = 1.5
PATIENCE = 60
"""Rounds without an improvement after which the search gives up."""


def improve_levels(
    board: Board,
    bounds: Sequence[int],
    *,
    seed: int,
    left_s: Callable[[], float],
    found: Callable[[Board], None],
) -> Board:
    """Raise levels 1 to 3 by letting groups of students choose anew.

    Parameters
    ----------
    board
        Breaks no rule and has every pin.
    bounds
        Of the entries of levels 1 to 3; the search ends when all are reached.
    left_s
        Seconds that remain.
    found
        Told of every better board.

    Returns
    -------
    Board
        The best; never worse than ``board``.
    """
    search = _Rounds(board.instance, bounds, Random(seed))  # noqa: S311  # no secret
    idle = 0
    while idle < PATIENCE and left_s() > 0 and not search.is_done(board):
        better = search.round(board, left_s())
        idle = 0 if better is not None else idle + 1
        if better is not None:
            board = better
            found(board)
    return board


class _Rounds:
    def __init__(self, instance: Instance, bounds: Sequence[int], random: Random) -> None:
        self._instance = instance
        self._random = random
        self._size = GROUP
        self._bounds = tuple(bounds)
        self._pairs_of: list[list[int]] = [[] for _ in instance.student_free]
        self._rivals: list[list[int]] = [[] for _ in instance.company_free]
        for index, pair in enumerate(instance.pairs):
            self._pairs_of[pair.student].append(index)
            self._rivals[pair.company].append(pair.student)
        self._people = [s for s, own in enumerate(self._pairs_of) if own]

    def is_done(self, board: Board) -> bool:
        """Whether the board reaches every bound."""
        return self.entries(board) == self._bounds

    def entries(self, board: Board) -> tuple[int, ...]:
        """Levels 1 to 3 of a board, as one row."""
        instance = self._instance
        guarantee = instance.event.rules.guaranteed_meetings_per_student
        students = Counter(instance.pairs[pair].student for pair in board.slot_of)
        companies = Counter(instance.pairs[pair].company for pair in board.slot_of)
        return (
            *(sum(1 for n in students.values() if n >= k) for k in range(1, guarantee + 1)),
            sum(min(companies[c], least) for c, least in enumerate(instance.company_min)),
            sum(instance.pairs[pair].weight for pair in board.slot_of),
        )

    def round(self, board: Board, seconds: float) -> Board | None:
        """Free one group and seat it anew; None when that is no better."""
        group = self._group(board)
        pairs = [pair for student in group for pair in self._pairs_of[student]]
        variables = make_variables(self._instance, pairs, board.rooms)
        chosen = set(pairs)
        for pair, slot in board.slot_of.items():
            if pair not in chosen:
                key = (self._instance.pairs[pair].company, slot)
                variables.seated[key] = variables.seated.get(key, 0) + 1
        add_rules(variables)
        variables.model.maximize(weighted_levels(variables, self._bounds))
        set_hint(variables, Placement(board.slot_of, board.rooms))
        seed = self._random.randrange(2**31)
        solver = solver_with(Limits(min(seconds, ROUND_S), 1, seed))
        status = solver.solve(variables.model)
        self._resize(status == cp_model.OPTIMAL)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        slots = {pair: slot for pair, slot in board.slot_of.items() if pair not in chosen}
        slots.update(read(variables, solver.boolean_value).slots)
        after = Board(self._instance, board.rooms)
        for pair, slot in slots.items():
            after.place(pair, slot)
        return after if self.entries(after) > self.entries(board) else None

    def _resize(self, is_solved: bool) -> None:
        factor = 1.2 if is_solved else 0.8
        size = round(self._size * factor)
        self._size = max(SMALLEST, min(LARGEST, len(self._people), size))

    def _group(self, board: Board) -> list[int]:
        """Students around one who lacks something: rivals for the same companies, at random."""
        lacking = [s for s in self._people if self._lacks(board, s)]
        first = self._random.choice(lacking or self._people)
        group = {first: None}
        frontier = [first]
        while len(group) < min(self._size, len(self._people)):
            if not frontier:
                frontier = [self._random.choice(self._people)]
            student = frontier.pop(self._random.randrange(len(frontier)))
            group.setdefault(student)
            pair = self._random.choice(self._pairs_of[student])
            rivals = self._rivals[self._instance.pairs[pair].company]
            for rival in self._random.sample(rivals, min(len(rivals), 6)):
                if rival not in group and len(group) < self._size:
                    group[rival] = None
                    frontier.append(rival)
        return list(group)

    def _lacks(self, board: Board, student: int) -> bool:
        own = self._pairs_of[student]
        met = len(board.meeting_at[student])
        return met < min(len(own), self._instance.student_max[student])

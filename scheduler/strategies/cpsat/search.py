"""Searching the CP-SAT model: placing given pairs, and the levels one after another.

References
----------
L. Perron, F. Didier (2024), CP-SAT, Google OR-Tools: lazy clause generation
with linear relaxations.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from ortools.sat.python import cp_model

from scheduler.strategies.cpsat.constraints import add_rules
from scheduler.strategies.cpsat.objective import level_entries
from scheduler.strategies.cpsat.variables import Variables, make_variables
from scheduler.strategies.instance import Instance
from scheduler.strategies.rooms import choose_rooms


@dataclass(frozen=True, slots=True)
class Limits:
    """What one search may use."""

    seconds: float
    workers: int
    seed: int
    with_presolve: bool = True


@dataclass(frozen=True, slots=True)
class Placement:
    """Slots by pair, and the room of every company."""

    slots: Mapping[int, int]
    rooms: tuple[int, ...]


class Answer(Enum):
    """How a search ended."""

    FOUND = "found"
    IMPOSSIBLE = "impossible"
    NO_TIME = "no time"


def place_exactly(
    instance: Instance,
    pairs: Sequence[int],
    hint: Placement,
    limits: Limits,
    *,
    is_room_fixed: bool,
) -> tuple[Answer, Placement | None]:
    """Find a slot for every one of the pairs, or show that there is none.

    Parameters
    ----------
    hint
        Where to start from; its rooms are kept when ``is_room_fixed``.
    """
    rooms = hint.rooms if is_room_fixed else None
    variables = make_variables(instance, pairs, rooms)
    add_rules(variables)
    for by_slot in variables.meets.values():
        variables.model.add_bool_or(by_slot.values())
    set_hint(variables, hint)
    solver = solver_with(limits)
    status = solver.solve(variables.model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer.FOUND, read(variables, solver.boolean_value)
    return (Answer.IMPOSSIBLE if status == cp_model.INFEASIBLE else Answer.NO_TIME), None


def place_levels(
    instance: Instance, row: Sequence[int], hint: Mapping[int, int], limits: Limits
) -> tuple[Answer, Placement | None]:
    """Find a timetable with at least these entries, or show that there is none.

    Parameters
    ----------
    row
        An entry of each of levels 1 to 3.
    hint
        Slots by pair, from which to start.
    """
    variables = make_variables(instance, range(len(instance.pairs)), None)
    add_rules(variables)
    for entry, value in zip(level_entries(variables), row, strict=True):
        if value:
            variables.model.add(entry >= value)
    set_hint(variables, Placement(hint, ()))
    solver = solver_with(limits)
    status = solver.solve(variables.model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer.FOUND, read(variables, solver.boolean_value)
    return (Answer.IMPOSSIBLE if status == cp_model.INFEASIBLE else Answer.NO_TIME), None


class LevelSearch:
    """The whole model over all eligible pairs; levels are maximised one entry after another.

    Attributes
    ----------
    best
        The last placement found.
    """

    def __init__(self, instance: Instance, hint: Placement | None) -> None:
        self.best = hint
        rooms = choose_rooms(instance, ()) if instance.places else None
        self._variables = make_variables(instance, range(len(instance.pairs)), rooms)
        add_rules(self._variables)
        self._entries = level_entries(self._variables)

    def hold(self, entry: int, value: int) -> None:
        """Keep an entry at ``value`` at least from now on."""
        self._variables.model.add(self._entries[entry] >= value)

    def exclude(self, meetings: Iterable[tuple[int, int]]) -> None:
        """Let these pairs not meet in these slots from now on."""
        for pair, slot in meetings:
            self._variables.model.add(self._variables.meets[pair][slot] == 0)

    def limit(self, entry: int, bound: int) -> None:
        """Tell the solver a bound that is known from elsewhere."""
        self._variables.model.add(self._entries[entry] <= bound)

    def maximise(
        self,
        entry: int,
        limits: Limits,
        found: Callable[[Placement, int, int], None],
        bounded: Callable[[int], None] = lambda bound: None,
    ) -> tuple[Answer, int | None, int | None]:
        """Raise one entry as far as the limits allow.

        Parameters
        ----------
        found
            Called with placement, value and bound at every better solution.
        bounded
            Called with every better bound.

        Returns
        -------
        Answer, value, bound
            The bound holds for every timetable that keeps what is held; None when nothing is known.
        """
        model = self._variables.model
        model.maximize(self._entries[entry])
        if self.best is not None:
            set_hint(self._variables, self.best)
        solver = solver_with(limits)
        # All constraints in the relaxation: else one worker does not prove the guarantees of
        # 13 students in 15 s, and with it does in 0.1 s (OR-Tools 9.15).
        solver.parameters.linearization_level = 2
        watch = _Watch(self._variables, found)
        solver.best_bound_callback = lambda bound: bounded(round(bound))
        status = solver.solve(model, watch)
        if status == cp_model.INFEASIBLE:
            return Answer.IMPOSSIBLE, None, None
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer.NO_TIME, None, None
        self.best = read(self._variables, solver.boolean_value)
        return Answer.FOUND, round(solver.objective_value), round(solver.best_objective_bound)


class _Watch(cp_model.CpSolverSolutionCallback):
    """Hands better placements on, several a second at most."""

    _EVERY_S = 0.2

    def __init__(self, variables: Variables, found: Callable[[Placement, int, int], None]) -> None:
        super().__init__()
        self._variables = variables
        self._found = found
        self._last_s = float("-inf")

    def on_solution_callback(self) -> None:
        """Pass the placement on unless one was a moment ago."""
        now = time.monotonic()
        if now - self._last_s < self._EVERY_S:
            return
        self._last_s = now
        placement = read(self._variables, self.boolean_value)
        self._found(placement, round(self.objective_value), round(self.best_objective_bound))


def solver_with(limits: Limits) -> cp_model.CpSolver:
    """Make a solver with these limits."""
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limits.seconds
    solver.parameters.num_workers = limits.workers
    solver.parameters.random_seed = limits.seed
    solver.parameters.cp_model_presolve = limits.with_presolve
    return solver


def set_hint(variables: Variables, placement: Placement) -> None:
    """Let the next search start from a placement."""
    variables.model.clear_hints()  # type: ignore[no-untyped-call]  # untyped upstream
    for pair, by_slot in variables.meets.items():
        chosen = placement.slots.get(pair)
        for slot, variable in by_slot.items():
            variables.model.add_hint(variable, slot == chosen)
    for choice, room in zip(variables.stands, placement.rooms, strict=False):
        for index, stands in choice.items():
            if stands is not None:
                variables.model.add_hint(stands, index == room)


def read(variables: Variables, value: Callable[[cp_model.IntVar], bool]) -> Placement:
    """Read a placement from the values of a solution."""
    slots = {
        pair: slot
        for pair, by_slot in variables.meets.items()
        for slot, variable in by_slot.items()
        if value(variable)
    }
    rooms = []
    for choice in variables.stands:
        sure = [room for room, stands in choice.items() if stands is None or value(stands)]
        rooms.append(sure[0])
    return Placement(slots, tuple(rooms))

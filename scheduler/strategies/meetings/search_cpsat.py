"""Minimises breaks with CP-SAT: another model and another solver than the SAT searches.

Notes
-----
A person's breaks are the runs of used slots less one. Everybody with one meeting at a time uses as
many slots as meetings.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

from ortools.sat.python import cp_model

from scheduler.strategies.meetings.problem import Placing
from scheduler.strategies.meetings.search_sat import Bound, Found, Message


def search_cpsat(
    problem: Placing,
    send: Callable[[Message], None],
    *,
    time_limit_s: float,
    seed: int = 0,
    threads: int = 1,
) -> None:
    """Send timetables and bounds until they meet or the time is over."""
    model = cp_model.CpModel()
    held = _place(model, problem)
    breaks = _count(model, problem, held)
    model.minimize(sum(breaks))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = threads
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = time_limit_s
    solver.best_bound_callback = lambda bound: send(Bound(math.ceil(bound - 1e-6)))
    status = solver.solve(model, _Sender(held, send))
    if status == cp_model.INFEASIBLE:
        send(Bound(None))
    elif status == cp_model.OPTIMAL:
        send(Bound(round(solver.objective_value)))
    elif status == cp_model.MODEL_INVALID:
        raise ValueError(model.validate())


class _Sender(cp_model.CpSolverSolutionCallback):
    """Sends each timetable on."""

    def __init__(
        self, held: list[dict[int, cp_model.IntVar]], send: Callable[[Message], None]
    ) -> None:
        super().__init__()
        self._held = held
        self._send = send

    def on_solution_callback(self) -> None:
        """Read the slots of a timetable."""
        slots = [next(t for t, x in own.items() if self.boolean_value(x)) for own in self._held]
        self._send(Found(tuple(slots)))


def _place(model: cp_model.CpModel, problem: Placing) -> list[dict[int, cp_model.IntVar]]:
    held = []
    for meeting in problem.meetings:
        own = {t: model.new_bool_var("") for t in meeting.slots}
        model.add_exactly_one(own.values())
        held.append(own)
    for hall, capacities in enumerate(problem.halls):
        for slot, capacity in enumerate(capacities):
            inside = zip(problem.meetings, held, strict=True)
            model.add(sum(x[slot] for m, x in inside if m.hall == hall and slot in x) <= capacity)
    for first, second in problem.precedences:
        for slot, x in held[second].items():
            model.add_bool_or([y for t, y in held[first].items() if t < slot] + [~x])
    for first, second, gap in problem.conflicts:
        for slot, x in held[first].items():
            for t in range(slot - gap, slot + gap + 1):
                if t in held[second]:
                    model.add_at_most_one([x, held[second][t]])
    return held


def _count(
    model: cp_model.CpModel, problem: Placing, held: list[dict[int, cp_model.IntVar]]
) -> list[cp_model.IntVar]:
    """Breaks of each counted person, after everybody's capacities."""
    own = problem.meetings_by_person()
    breaks = []
    counted = set(problem.people_counted())
    for person, meetings in enumerate(own):
        used = []
        for slot, capacity in enumerate(problem.capacities[person]):
            here = [held[m][slot] for m in meetings if slot in held[m]]
            model.add(sum(here) <= capacity)
            used.append(model.new_bool_var(""))
            model.add_max_equality(used[-1], here) if here else model.add(used[-1] == 0)
        if max(problem.capacities[person], default=0) <= 1:
            model.add(sum(used) == len(meetings))
        if problem.longest_runs:
            length = problem.longest_runs[person] + 1
            for start in range(problem.n_slots - length + 1):
                model.add_bool_or([~x for x in used[start : start + length]])
        if person in counted:
            breaks.append(_runs_less_one(model, used, len(meetings)))
    if problem.fairness is not None and breaks:
        lowest, highest = (model.new_int_var(0, problem.n_slots, "") for _ in range(2))
        model.add_min_equality(lowest, breaks)
        model.add_max_equality(highest, breaks)
        model.add(highest - lowest <= problem.fairness)
    return breaks


def _runs_less_one(
    model: cp_model.CpModel, used: list[cp_model.IntVar], n_meetings: int
) -> cp_model.IntVar:
    breaks = model.new_int_var(0, max(0, n_meetings - 1), "")
    if n_meetings == 0:
        return breaks
    starts = [used[0]]
    for before, now in pairwise(used):
        starts.append(model.new_bool_var(""))
        model.add_multiplication_equality(starts[-1], [now, ~before])
    model.add(breaks == sum(starts) - 1)
    return breaks

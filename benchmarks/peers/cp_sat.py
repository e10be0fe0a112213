"""CP-SAT on the plain programme, with one weighted objective or level after level."""

from __future__ import annotations

import time
from collections.abc import Sequence
from math import floor

from ortools.sat.python import cp_model

from benchmarks.peers.answer import Answer, left_s
from benchmarks.peers.programme import Programme, Terms, programme_of
from scheduler.model import Event


def cp_sat(event: Event, time_limit_s: float, workers: int) -> Answer:
    """Solve with CP-SAT and one weighted objective.

    Notes
    -----
    A bound on an entry follows from the weighted one while the entries above are held.
    """
    started = time.monotonic()
    programme = programme_of(event)
    model = cp_model.CpModel()
    variables = _model(model, programme)
    factors = _factors(programme)
    model.maximize(_weighted(variables, _sum_of(programme.goals, factors)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.max_time_in_seconds = left_s(started, time_limit_s)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        nothing = (None,) * len(factors)
        return Answer(None, nothing, time.monotonic() - started)
    solution = [solver.value(variable) for variable in variables]
    values = programme.values(solution)
    bounds = _unweighted(programme, values, factors, floor(solver.best_objective_bound + 1e-6))
    return Answer(programme.held(solution), bounds, time.monotonic() - started)


def cp_sat_by_level(event: Event, time_limit_s: float, workers: int) -> Answer:
    """Solve with CP-SAT, one solve per level, each starting from the last one's solution."""
    started = time.monotonic()
    programme = programme_of(event)
    model = cp_model.CpModel()
    variables = _model(model, programme)
    values: tuple[int, ...] | None = None
    solution: list[int] | None = None
    bounds: list[int | None] = [None] * len(programme.goals)
    for number, goal in enumerate(programme.goals):
        if values is not None and values[number] == programme.most[number]:
            bounds[number] = values[number]
        else:
            model.maximize(_weighted(variables, goal))
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = workers
            solver.parameters.max_time_in_seconds = left_s(started, time_limit_s)
            status = solver.solve(model)
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                break
            solution = [solver.value(variable) for variable in variables]
            values = programme.values(solution)
            bounds[number] = floor(solver.best_objective_bound + 1e-6)
            model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools leaves it untyped
            for variable, value in zip(variables, solution, strict=True):
                model.add_hint(variable, value)
            if status != cp_model.OPTIMAL:
                break
        model.add(_weighted(variables, goal) >= values[number])
    return Answer(programme.held(solution), tuple(bounds), time.monotonic() - started)


def _factors(programme: Programme) -> list[int]:
    """Factor of each goal, larger than all that the goals below it can sum to."""
    factors = [1]
    for most in reversed(programme.most[1:]):
        factors.insert(0, factors[0] * (most + 1))
    return factors


def _sum_of(goals: Sequence[Terms], factors: Sequence[int]) -> Terms:
    variables: list[int] = []
    coefficients: list[int] = []
    for (chosen, points), factor in zip(goals, factors, strict=True):
        variables += chosen
        coefficients += [factor * point for point in points]
    return variables, coefficients


def _unweighted(
    programme: Programme, values: tuple[int, ...], factors: Sequence[int], bound: int
) -> tuple[int | None, ...]:
    """Bounds entry by entry: what is left of the weighted bound when those above are held."""
    bounds: list[int | None] = []
    for value, factor, most in zip(values, factors, programme.most, strict=True):
        bounds.append(min(most, bound // factor))
        bound -= value * factor
    return tuple(bounds)


def _model(model: cp_model.CpModel, programme: Programme) -> list[cp_model.IntVar]:
    variables = [
        model.new_bool_var("") if most == 1 else model.new_int_var(0, most, "")
        for most in programme.upper
    ]
    for chosen, coefficients, limit in programme.rows:
        own = [variables[variable] for variable in chosen]
        if limit == 1 and -1 not in coefficients:
            model.add_at_most_one(own)
        else:
            model.add(cp_model.LinearExpr.weighted_sum(own, coefficients) <= limit)
    return variables


def _weighted(variables: Sequence[cp_model.IntVar], terms: Terms) -> cp_model.LinearExpr:
    chosen, coefficients = terms
    return cp_model.LinearExpr.weighted_sum([variables[v] for v in chosen], coefficients)

"""The peers: CP-SAT and HiGHS on the plain programme, levels one after another or weighted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, inf

import highspy
import numpy as np
from ortools.sat.python import cp_model

from benchmarks.programme import Programme, Terms, programme_of
from scheduler.model import Event

HOLD_SLACK = 0.5
"""A level of integers is held with this much room, so that no tolerance can cut it off."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer found, in the order of the programme's goals.

    Parameters
    ----------
    values
        Entries of levels 1 to 3 as its solution has them; None when it found none in time.
    bounds
        Of each entry while those above are held; None where the peer did not come so far.
    seconds
        From the event in memory to the answer, building the model included.
    """

    values: tuple[int, ...] | None
    bounds: tuple[int | None, ...]
    seconds: float

    @property
    def is_proven(self) -> bool:
        """Whether every entry has reached its bound."""
        return self.values is not None and self.values == self.bounds


Peer = Callable[[Event, float, int], Answer]
"""Called with the event, the time limit in seconds and the number of workers."""


def cp_sat(event: Event, time_limit_s: float, workers: int) -> Answer:
    """Solve with CP-SAT and one weighted objective.

    Notes
    -----
    A bound on an entry follows from the weighted one while the entries above are held.
    """
    started = time.monotonic()
    programme = programme_of(event)
    model = cp_model.CpModel()
    variables = _cp_sat_model(model, programme)
    factors = _factors(programme)
    model.maximize(_weighted(variables, _sum_of(programme.goals, factors)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.max_time_in_seconds = _left(started, time_limit_s)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        nothing = (None,) * len(factors)
        return Answer(None, nothing, time.monotonic() - started)
    values = _values(programme, [solver.value(variable) for variable in variables])
    bounds = _unweighted(values, factors, floor(solver.best_objective_bound + 1e-6))
    return Answer(values, bounds, time.monotonic() - started)


def cp_sat_by_level(event: Event, time_limit_s: float, workers: int) -> Answer:
    """Solve with CP-SAT, one solve per level, each starting from the last one's solution."""
    started = time.monotonic()
    programme = programme_of(event)
    model = cp_model.CpModel()
    variables = _cp_sat_model(model, programme)
    values: tuple[int, ...] | None = None
    bounds: list[int | None] = [None] * len(programme.goals)
    for number, goal in enumerate(programme.goals):
        if values is not None and values[number] == programme.most[number]:
            bounds[number] = values[number]
        else:
            model.maximize(_weighted(variables, goal))
            solver = cp_model.CpSolver()
            solver.parameters.num_workers = workers
            solver.parameters.max_time_in_seconds = _left(started, time_limit_s)
            status = solver.solve(model)
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                break
            solution = [solver.value(variable) for variable in variables]
            values = _values(programme, solution)
            bounds[number] = floor(solver.best_objective_bound + 1e-6)
            model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools leaves it untyped
            for variable, value in zip(variables, solution, strict=True):
                model.add_hint(variable, value)
            if status != cp_model.OPTIMAL:
                break
        model.add(_weighted(variables, goal) >= values[number])
    return Answer(values, tuple(bounds), time.monotonic() - started)


def highs(event: Event, time_limit_s: float, workers: int) -> Answer:
    """Solve with HiGHS, one solve per level, each starting from the last one's solution.

    Notes
    -----
    By level because one weighted objective would pass what its tolerances can tell apart.
    """
    started = time.monotonic()
    programme = programme_of(event)
    solver = _highs_model(programme, workers)
    everything = np.arange(len(programme.upper), dtype=np.int32)
    values: tuple[int, ...] | None = None
    bounds: list[int | None] = [None] * len(programme.goals)
    for number, (chosen, coefficients) in enumerate(programme.goals):
        if values is not None and values[number] == programme.most[number]:
            bounds[number] = values[number]
        else:
            costs = np.zeros(len(everything))
            costs[chosen] = coefficients
            solver.changeColsCost(len(everything), everything, costs)
            limit = solver.getRunTime() + _left(started, time_limit_s)  # its clock runs on
            solver.setOptionValue("time_limit", limit)
            solver.run()
            info = solver.getInfo()
            if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
                break
            solution = np.rint(solver.getSolution().col_value).astype(int).tolist()
            values = _values(programme, solution)
            if abs(info.mip_dual_bound) < inf:
                bounds[number] = floor(info.mip_dual_bound + 1e-6)
            if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                break
            solver.setSolution(len(everything), everything, np.array(solution, dtype=float))
        if chosen:
            row = np.array(chosen, dtype=np.int32), np.array(coefficients, dtype=float)
            solver.addRow(values[number] - HOLD_SLACK, inf, len(chosen), *row)
    return Answer(values, tuple(bounds), time.monotonic() - started)


def _left(started: float, time_limit_s: float) -> float:
    return max(0.1, time_limit_s - (time.monotonic() - started))


def _values(programme: Programme, solution: Sequence[int]) -> tuple[int, ...]:
    return tuple(
        sum(c * solution[v] for v, c in zip(*goal, strict=True)) for goal in programme.goals
    )


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
    values: tuple[int, ...], factors: Sequence[int], bound: int
) -> tuple[int | None, ...]:
    """Bounds entry by entry: what is left of the weighted bound when those above are held."""
    bounds: list[int | None] = []
    for value, factor in zip(values, factors, strict=True):
        bounds.append(bound // factor)
        bound -= value * factor
    return tuple(bounds)


def _cp_sat_model(model: cp_model.CpModel, programme: Programme) -> list[cp_model.IntVar]:
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


def _highs_model(programme: Programme, workers: int) -> highspy.Highs:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # highspy leaves it untyped
    for option, value in (
        ("output_flag", False),
        ("threads", workers),
        ("parallel", "on" if workers > 1 else "off"),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 1 - 1e-6),  # integers closer than 1 are equal
    ):
        solver.setOptionValue(option, value)
    lengths = [len(chosen) for chosen, _, _ in programme.rows]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(programme.upper), len(programme.rows)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.zeros(lp.num_col_)
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.array(programme.upper, dtype=float)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    lp.row_lower_ = np.full(lp.num_row_, -inf)
    lp.row_upper_ = np.array([limit for _, _, limit in programme.rows], dtype=float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0, *lengths], dtype=np.int32)
    lp.a_matrix_.index_ = np.concatenate(
        [np.array(chosen, dtype=np.int32) for chosen, _, _ in programme.rows]
    )
    lp.a_matrix_.value_ = np.concatenate(
        [np.array(coefficients, dtype=float) for _, coefficients, _ in programme.rows]
    )
    solver.passModel(lp)
    return solver

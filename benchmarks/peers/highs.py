"""HiGHS on the plain programme, level after level."""

from __future__ import annotations

import time
from math import floor, inf

import highspy
import numpy as np

from benchmarks.peers.answer import Answer, left_s
from benchmarks.peers.programme import Programme, programme_of
from scheduler.model import Event

HOLD_SLACK = 0.5
"""A level of integers is held with this much room, so that no tolerance can cut it off."""


def highs(event: Event, time_limit_s: float, workers: int) -> Answer:
    """Solve with HiGHS, one solve per level, each starting from the last one's solution.

    Notes
    -----
    By level because one weighted objective would pass what its tolerances can tell apart.
    """
    started = time.monotonic()
    programme = programme_of(event)
    solver = _model(programme, workers)
    everything = np.arange(len(programme.upper), dtype=np.int32)
    values: tuple[int, ...] | None = None
    solution: list[int] | None = None
    bounds: list[int | None] = [None] * len(programme.goals)
    for number, (chosen, coefficients) in enumerate(programme.goals):
        if values is not None and values[number] == programme.most[number]:
            bounds[number] = values[number]
        else:
            costs = np.zeros(len(everything))
            costs[chosen] = coefficients
            solver.changeColsCost(len(everything), everything, costs)
            limit = solver.getRunTime() + left_s(started, time_limit_s)  # its clock runs on
            solver.setOptionValue("time_limit", limit)
            solver.run()
            info = solver.getInfo()
            if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
                break
            solution = np.rint(solver.getSolution().col_value).astype(int).tolist()
            values = programme.values(solution)
            if abs(info.mip_dual_bound) < inf:
                bounds[number] = floor(info.mip_dual_bound + 1e-6)
            if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                break
            solver.setSolution(len(everything), everything, np.array(solution, dtype=float))
        if chosen:
            row = np.array(chosen, dtype=np.int32), np.array(coefficients, dtype=float)
            solver.addRow(values[number] - HOLD_SLACK, inf, len(chosen), *row)
    return Answer(programme.held(solution), tuple(bounds), time.monotonic() - started)


def _model(programme: Programme, workers: int) -> highspy.Highs:
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

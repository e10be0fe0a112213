"""Choosing one schedule per student with CP-SAT."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from ortools.sat.python import cp_model

from scheduler.strategies.comfort.master import Master, Row


@dataclass(frozen=True, slots=True)
class Selection:
    """Schedules chosen (indexes; None without any), whether they are best, and the effort."""

    chosen: tuple[int, ...] | None
    is_best: bool
    effort_s: float


def select(
    master: Master, start: Collection[int], *, effort_s: float, seconds: float, seed: int
) -> Selection:
    """Pick one schedule for every student so that every row is kept and breaks are fewest.

    Parameters
    ----------
    start
        A choice that keeps the rows.
    effort_s
        Most of CP-SAT's deterministic time, which does not depend on the machine.
    seconds
        Most wall time.
    """
    model = cp_model.CpModel()
    by_student: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    by_row: dict[Row, list[cp_model.LinearExprT]] = defaultdict(list)
    taken = {}
    for index, own in enumerate(master.schedules):
        rows = master.rows_of(own)
        if any(factor > master.limits[row].value for row, factor in rows):
            continue
        taken[index] = variable = model.new_bool_var("")
        by_student[own.student].append(variable)
        for row, factor in rows:
            by_row[row].append(variable * factor)
        model.add_hint(variable, index in start)
    for variables in by_student.values():
        model.add_exactly_one(variables)
    for row, limit in master.limits.items():
        if limit.is_equal:
            model.add(sum(by_row[row]) == limit.value)
        elif len(by_row[row]) > limit.value:
            model.add(sum(by_row[row]) <= limit.value)
    model.minimize(sum(master.schedules[i].breaks * variable for i, variable in taken.items()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.max_deterministic_time = effort_s
    solver.parameters.num_workers = 1  # several would differ from run to run
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    status = solver.solve(model)
    effort = solver.response_proto.deterministic_time
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Selection(None, is_best=False, effort_s=effort)
    chosen = tuple(index for index, variable in taken.items() if solver.boolean_value(variable))
    return Selection(chosen, is_best=status == cp_model.OPTIMAL, effort_s=effort)

"""Levels 1 to 3 as linear expressions over the model's variables, one per entry."""

from __future__ import annotations

from collections.abc import Sequence

from ortools.sat.python import cp_model

from scheduler.strategies.cpsat.variables import Variables


def level_entries(variables: Variables) -> list[cp_model.LinearExprT]:
    """Expressions that equal the entries at an optimum and never exceed them.

    Order: in a repair minus the changes, students with at least 1, 2, ... meetings, the companies'
    minimum, preferences.
    """
    return [
        *_kept(variables),
        *_guaranteed(variables),
        _company_minimum(variables),
        _preferences(variables),
    ]


def weighted_levels(variables: Variables, bounds: Sequence[int]) -> cp_model.LinearExprT:
    """One sum in which each entry is worth more than all below it.

    Parameters
    ----------
    bounds
        On the entries, in their order.
    """
    factor, factors = 1, []
    for bound in reversed(bounds):
        factors.append(factor)
        factor *= bound + 1
    return cp_model.LinearExpr.weighted_sum(level_entries(variables), factors[::-1])


def _kept(variables: Variables) -> list[cp_model.LinearExprT]:
    instance = variables.instance
    if instance.begun is None or instance.old_slots is None:
        return []
    later = len(instance.begun.later(instance.event.window))
    return [sum(variables.meets[pair][slot] for pair, slot in instance.old_slots.items()) - later]


def _guaranteed(variables: Variables) -> list[cp_model.LinearExprT]:
    guarantee = variables.instance.event.rules.guaranteed_meetings_per_student
    reached: list[list[cp_model.IntVar]] = [[] for _ in range(guarantee)]
    for student, own in variables.of_student.items():
        steps = [
            variables.model.new_bool_var(f"has_{student}_{k}")
            for k in range(1, min(guarantee, len(own)) + 1)
        ]
        if not steps:
            continue
        variables.model.add(sum(steps) <= sum(variables.meetings_of(own)))
        for k, step in enumerate(steps):
            reached[k].append(step)
            if k:
                variables.model.add_implication(step, steps[k - 1])
    return [sum(steps) if steps else 0 for steps in reached]


def _company_minimum(variables: Variables) -> cp_model.LinearExprT:
    counted = []
    for company, least in enumerate(variables.instance.company_min):
        own = variables.of_company.get(company, [])
        least -= variables.seated_at(company)
        if least > 0 and own:
            count = variables.model.new_int_var(0, least, f"counted_{company}")
            variables.model.add(count <= sum(variables.meetings_of(own)))
            counted.append(count)
    return sum(counted) if counted else 0


def _preferences(variables: Variables) -> cp_model.LinearExprT:
    terms = [
        variable * variables.instance.pairs[pair].weight
        for pair, by_slot in variables.meets.items()
        for variable in by_slot.values()
        if variables.instance.pairs[pair].weight
    ]
    return sum(terms) if terms else 0

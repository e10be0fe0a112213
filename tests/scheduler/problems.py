"""Comparing the problems of an event with those it should have."""

from __future__ import annotations

from scheduler.errors import Problem
from scheduler.model import Event
from scheduler.validation import check

Place = tuple[str, int | None, str]
"""Table, index and column of a problem."""


def only_problem(event: Event) -> Problem:
    """The one problem of an event."""
    problems = check(event)
    assert len(problems) == 1, problems
    return problems[0]


def assert_only(event: Event, place: Place, *words: str) -> None:
    """One problem at this place; its reason and its remedy say these words."""
    problem = only_problem(event)
    assert (problem.table, problem.index, problem.column) == place
    text = f"{problem.reason}; {problem.remedy}"
    assert problem.remedy
    missing = [word for word in words if word not in text]
    assert not missing, text

"""Everything wrong between the values of an event, all at once.

A type checks its own shape; what one value must be to another stands here.
"""

from __future__ import annotations

from scheduler.errors import InvalidEventError, Problem
from scheduler.model import Event
from scheduler.validation.people import check_companies, check_rooms, check_students
from scheduler.validation.pins import check_decisions
from scheduler.validation.window import check_rules, check_window
from scheduler.validation.wishes import check_absences, check_preferences, check_shortlist


def check(event: Event) -> list[Problem]:
    """Find every problem of an event.

    Returns
    -------
    list of Problem
        In the order of the files; empty when the event can be solved (perhaps to *infeasible*).
    """
    return [
        *check_window(event),
        *check_rules(event),
        *check_rooms(event),
        *check_companies(event),
        *check_students(event),
        *check_preferences(event),
        *check_shortlist(event),
        *check_absences(event),
        *check_decisions(event),
    ]


def require_valid(event: Event) -> None:
    """Raise when the event has problems.

    Raises
    ------
    InvalidEventError
        With every problem.
    """
    problems = check(event)
    if problems:
        raise InvalidEventError(problems)

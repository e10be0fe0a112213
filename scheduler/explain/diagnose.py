"""Why an event has no timetable: a smallest set of facts that clash, and what resolves it.

References
----------
J. W. Chinneck, E. W. Dravnieks (1991), Locating minimal infeasible constraint sets in linear
programs, ORSA Journal on Computing 3: the deletion filter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from scheduler.explain.facts import Fact, facts_of
from scheduler.isolation import run_in_child
from scheduler.model import DecisionKind, Event


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Facts that cannot all hold, each of them needed, and changes that are enough.

    Parameters
    ----------
    facts
        In words; without any one of them the rest can hold.
    remedies
        In words; each alone makes a timetable possible.
    """

    facts: tuple[str, ...]
    remedies: tuple[str, ...]


def diagnose(event: Event, *, time_limit_s: float = 30.0) -> Diagnosis | None:
    """Find a smallest set of clashing facts of an infeasible event.

    Returns
    -------
    Diagnosis or None
        None when the event is feasible after all, or time ran out.

    Notes
    -----
    Only pins and the packing of rooms can make an event infeasible, because every wish is a goal,
    not a demand. So the question "can the rest hold?" is put to CP-SAT without the wishes. The
    deletion filter asks it once per fact; it gives a set that is minimal, not one that is smallest
    in number.
    """
    found: list[Diagnosis] = []
    run_in_child(
        partial(_diagnose, event, time_limit_s), handle=found.append, time_limit_s=time_limit_s
    )
    return found[0] if found else None


def _diagnose(event: Event, time_limit_s: float, emit: Callable[[Diagnosis], None]) -> None:
    from scheduler.strategies.cpsat.pins import can_hold  # OR-Tools is slow to import

    bare = _without_wishes(event)
    facts = facts_of(bare)
    is_possible = partial(can_hold, seconds=time_limit_s)
    if is_possible(bare) is not False:
        return
    relaxed = bare
    needed: list[Fact] = []
    for fact in facts:
        without = fact.relaxed(relaxed)
        if is_possible(without) is False:
            relaxed = without
        else:
            needed.append(fact)
    remedies = [fact.remedy for fact in needed if is_possible(fact.relaxed(bare))]
    emit(Diagnosis(tuple(fact.text for fact in needed), tuple(remedies)))


def _without_wishes(event: Event) -> Event:
    """Leave out what cannot make an event infeasible: wishes, and students without a pin."""
    pins = tuple(d for d in event.decisions if d.kind is DecisionKind.PIN)
    pinned = {pin.student_id for pin in pins}
    return replace(
        event,
        students=tuple(s for s in event.students if s.student_id in pinned),
        preferences=(),
        shortlist=(),
        decisions=pins,
        rules=replace(event.rules, offer_unranked=False, guaranteed_meetings_per_student=0),
    )

"""Why an event has no timetable: a minimal set of facts that clash, and what resolves it.

References
----------
E. Moreno-Centeno, R. M. Karp (2013), The implicit hitting set approach to solve combinatorial
optimization problems, Operations Research 61: the fewest facts to give up where several sets clash.
J. W. Chinneck, E. W. Dravnieks (1991), Locating minimal infeasible constraint sets in linear
programs, ORSA Journal on Computing 3: the deletion filter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

from scheduler.explain.facts import Fact, Step, facts_of, table_totals
from scheduler.isolation import run_in_child
from scheduler.model import DecisionKind, Event
from scheduler.sentence import NOTHING, Sentence

Question = Callable[[Event], bool | None]
"""Whether an event can hold; None when there was no answer in time."""

MOST_CLASHES = 12
"""Clashes looked at for the way out; a day with more is better begun anew."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Facts that cannot all hold, each of them needed, and changes that are enough.

    Parameters
    ----------
    facts
        In words; without any one of them the rest can hold.
    remedies
        In words, the smallest change to each fact; each alone makes a timetable possible. Empty
        when other facts clash too.
    way_out
        Where no single change is enough: changes that are enough together. No smaller number of
        facts can be given up. Empty where that was not found.
    """

    facts: tuple[Sentence, ...]
    remedies: tuple[Sentence, ...]
    way_out: tuple[Sentence, ...] = ()


def diagnose(
    event: Event,
    *,
    time_limit_s: float = 30.0,
    should_stop: Callable[[], bool] = lambda: False,
    memory_limit_mb: int | None = None,
) -> Diagnosis | None:
    """Find a minimal set of clashing facts of an infeasible event.

    Returns
    -------
    Diagnosis or None
        None when the event is feasible after all, time ran out, or it was stopped.

    Notes
    -----
    Only pins and the packing of rooms can make an event infeasible, because every wish is a goal,
    not a demand. So the question "can the rest hold?" is put to CP-SAT without the wishes, and
    without the pins where the packing alone clashes; too few tables in all are told as that. The
    deletion filter asks it for groups of facts, halved where a group is needed: about k log n
    questions for k needed facts of n. It gives a set that is minimal, not one that is smallest in
    number.
    """
    found: list[Diagnosis] = []
    run_in_child(
        partial(_diagnose, event, time_limit_s),
        handle=found.append,
        time_limit_s=time_limit_s,
        should_stop=should_stop,
        memory_limit_mb=memory_limit_mb,
    )
    return found[-1] if found else None


def _diagnose(event: Event, time_limit_s: float, emit: Callable[[Diagnosis], None]) -> None:
    from scheduler.strategies.cpsat.pins import can_hold  # OR-Tools is slow to import

    bare = _without_wishes(event)
    is_possible = partial(can_hold, seconds=time_limit_s)
    if is_possible(bare) is not False:
        return
    needed: Sequence[Fact] = table_totals(bare)
    if not needed:
        packing = replace(bare, students=(), decisions=())
        clash = packing if is_possible(packing) is False else bare
        needed = _needed(clash, facts_of(clash), is_possible)
    remedies = [_smallest_step(fact.steps, bare, is_possible) for fact in needed]
    texts = tuple(fact.text for fact in needed)
    enough = tuple(remedy for remedy in remedies if remedy)
    emit(Diagnosis(texts, enough))
    if not enough:
        emit(Diagnosis(texts, (), _way_out(bare, is_possible)))


def _needed(event: Event, facts: Sequence[Fact], is_possible: Question) -> list[Fact]:
    """Give up facts, many at a time, as long as the rest still clashes."""
    needed: list[Fact] = []
    waiting = [facts]
    while waiting:
        group = waiting.pop()
        without = event
        for fact in group:
            without = fact.without(without)
        if is_possible(without) is False:
            event = without
        elif len(group) == 1:
            needed += group
        else:
            half = len(group) // 2
            waiting += [group[half:], group[:half]]
    return needed


def _smallest_step(steps: Sequence[Step], event: Event, is_possible: Question) -> Sentence:
    """The remedy of the first step that is enough by itself; empty when even the last is not."""
    if not steps or not is_possible(steps[-1].change(event)):
        return NOTHING
    low, high = 0, len(steps) - 1
    while low < high:
        middle = (low + high) // 2
        if is_possible(steps[middle].change(event)):
            high = middle
        else:
            low = middle + 1
    return steps[low].remedy


def _way_out(event: Event, is_possible: Question) -> tuple[Sentence, ...]:
    """Changes of the fewest facts that make a timetable possible; empty when not found.

    Of every clash at least one fact must go. The smallest choice that meets all clashes found so
    far is tried; where it is not enough, it shows one more clash.
    """
    facts = facts_of(event)
    clashes: list[set[int]] = []
    while len(clashes) < MOST_CLASHES:
        given_up = _smallest_choice(clashes)
        rest = _give_up(event, [facts[index] for index in given_up])
        is_enough = is_possible(rest)
        if is_enough is None:
            return ()
        if is_enough:
            return tuple(_steps_of(event, [facts[index] for index in given_up], is_possible))
        others = {id(fact): index for index, fact in enumerate(facts) if index not in given_up}
        kept = [fact for fact in facts if id(fact) in others]
        clashes.append({others[id(fact)] for fact in _needed(rest, kept, is_possible)})
    return ()


def _smallest_choice(clashes: Sequence[set[int]]) -> tuple[int, ...]:
    """The fewest facts of which every clash has one."""
    candidates = sorted(set().union(*clashes))
    return next(
        choice
        for size in range(len(clashes) + 1)
        for choice in combinations(candidates, size)
        if all(clash & set(choice) for clash in clashes)
    )


def _give_up(event: Event, facts: Sequence[Fact]) -> Event:
    for fact in facts:
        event = fact.without(event)
    return event


def _steps_of(event: Event, facts: Sequence[Fact], is_possible: Question) -> Iterator[Sentence]:
    """Yield the smallest step for each fact, while those after it are given up whole."""
    for index, fact in enumerate(facts):
        rest = _give_up(event, facts[index + 1 :])
        remedy = _smallest_step(fact.steps, rest, is_possible)
        event = next(step for step in fact.steps if step.remedy == remedy).change(event)
        yield remedy


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

"""The best levels of a small event, found in ways that share nothing, and which rules bind in it.

Ways: the engine as people run it; its search of the levels without anything placed beforehand; its
CP-SAT model alone, without flow, colouring, hint or bound; HiGHS on a model of its own; and every
timetable one by one where the event is tiny.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from scheduler.model import DecisionKind, Event
from scheduler.validation import check
from tests.scheduler.brute_force import brute_force
from tests.scheduler.second_solver import Row, SecondSolver
from tests.scheduler.solved import best, best_by_search, cpsat_alone

Change = Callable[[Event], Event]
TRIED = (4, 3, 4)
"""Most students, companies and slots of an event whose every timetable is tried."""


@dataclass(frozen=True)
class Proof:
    """What all ways agree on.

    ``row`` is None for an infeasible event. ``breaks`` are the fewest with these levels, None where
    not every timetable was tried.
    """

    row: Row | None
    breaks: int | None
    ways: tuple[str, ...]


def prove(event: Event) -> Proof:
    """The best levels, found by every way that the event's size allows.

    Raises
    ------
    AssertionError
        The ways disagree.
    """
    rows = {
        "engine": best(event),
        "search": best_by_search(event),
        "cpsat": cpsat_alone(event, with_presolve=True),
        "highs": SecondSolver(event).optimum(),
    }
    breaks = None
    sizes = (len(event.students), len(event.companies), len(event.window.slots))
    if all(size <= most for size, most in zip(sizes, TRIED, strict=True)):
        optimum = brute_force(event)
        rows["tried"] = None
        if optimum is not None:
            scores = optimum.scores
            rows["tried"] = (*scores.guaranteed, scores.company_minimum, scores.preferences)
            breaks = scores.breaks
    assert len(set(rows.values())) == 1, rows
    return Proof(rows["highs"], breaks, tuple(rows))


def binding(event: Event) -> tuple[str, ...]:
    """Rules and wishes without which the best levels would be others."""
    row = best_by_search(event)
    found = []
    for name, without in WITHOUT.items():
        changed = without(event)
        if changed == event or check(changed):  # a pin's slot went with the event break
            continue
        other = best_by_search(changed)
        if _comparable(other, name) != _comparable(row, name):
            found.append(name)
    return tuple(found)


def _comparable(row: Row | None, name: str) -> Row | None:
    """Without a guarantee level 1 has no entries; what remains can be compared."""
    return row[-2:] if row is not None and name == "guarantee" else row


def _companies(**values: object) -> Change:
    return lambda event: replace(
        event,
        companies=tuple(replace(own, **values) for own in event.companies),  # type: ignore[arg-type]  # mixed
    )


def _students(**values: object) -> Change:
    return lambda event: replace(
        event,
        students=tuple(replace(own, **values) for own in event.students),  # type: ignore[arg-type]  # mixed
    )


def _rooms(**values: object) -> Change:
    return lambda event: replace(
        event,
        rooms=tuple(replace(own, **values) for own in event.rooms),  # type: ignore[arg-type]  # mixed
    )


def _rules(**values: object) -> Change:
    return lambda event: replace(event, rules=replace(event.rules, **values))  # type: ignore[arg-type]  # mixed


def _without_verdicts(is_yes: bool) -> Change:
    return lambda event: replace(
        event, shortlist=tuple(v for v in event.shortlist if v.is_yes is not is_yes)
    )


def _without_decisions(kind: DecisionKind) -> Change:
    return lambda event: replace(
        event, decisions=tuple(d for d in event.decisions if d.kind is not kind)
    )


def _untimed(event: Event) -> Event:
    return replace(event, decisions=tuple(replace(d, start_min=None) for d in event.decisions))


def _all_day(event: Event) -> Event:
    return _companies(arrives_min=None, leaves_min=None)(
        _students(arrives_min=None, leaves_min=None)(event)
    )


WITHOUT: dict[str, Change] = {
    "seats": _companies(seats=9),
    "room_capacity": _rooms(capacity=None),
    "room_tables": _rooms(tables=40),
    "arrives and leaves": _all_day,
    "unavailable": lambda event: replace(event, absences=()),
    "veto": _without_verdicts(is_yes=False),
    "forbid": _without_decisions(DecisionKind.FORBID),
    "language": _rules(require_language=False),
    "field": _rules(require_field=False),
    "position": _rules(require_position=False),
    "not ranked": _rules(offer_unranked=True),
    "offer_unranked": _rules(offer_unranked=False),
    "max_meetings_per_student": _rules(max_meetings_per_student=9),
    "student's max_meetings": _students(max_meetings=None),
    "company's max_meetings": _companies(max_meetings=None),
    "pins": _without_decisions(DecisionKind.PIN),
    "time of a pin": _untimed,
    "walking_time": _rules(building_change_min=0),
    "max_in_a_row": _rules(max_in_a_row=0),
    "event break": lambda event: replace(event, window=replace(event.window, breaks=())),
    "guarantee": _rules(guaranteed_meetings_per_student=0),
    "min_meetings": _companies(min_meetings=0),
    "mutual_bonus": _rules(mutual_bonus=0),
    "small_talk_bonus": _rules(small_talk_bonus=0),
    "named rooms": _companies(room_id=None),
}
"""Each rule or wish, and the event as it would be without it."""

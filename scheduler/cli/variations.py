"""Variations of an event beside one another, on the terminal and for programs."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from scheduler.cli.counts import counted
from scheduler.explain.whatif import Change, Variation
from scheduler.model import Event, Result, Status
from scheduler.reports.files import summary_json

AS_IT_IS = "as it is"


def label(event: Event, change: Change) -> str:
    """Name a change by the options it came from; the event without one is as it is."""
    parts = [
        f"{name} {value}"
        for name, value in (
            ("slot-min", change.slot_min),
            ("changeover-min", change.changeover_min),
            ("end", None if change.length_min is None else event.clock(change.length_min)),
            ("guarantee", change.guarantee),
            ("max-meetings", change.max_meetings),
        )
        if value is not None
    ]
    for name, values in (("tables", change.tables), ("seats", change.seats)):
        parts.extend(f"{name} {company_id}={value}" for company_id, value in values)
    return ", ".join(parts) or AS_IT_IS


class VariationTable:
    """One line per variation; the widths are known before the first is solved."""

    def __init__(self, event: Event, changes: Sequence[Change]) -> None:
        self._event = event
        self._is_begun = False
        guarantees = [event.rules.guaranteed_meetings_per_student]
        guarantees += [change.guarantee for change in changes if change.guarantee is not None]
        self._most = max(guarantees)
        self._width = max(len(label(event, change)) for change in (Change(), *changes))

    def show(self, variation: Variation) -> None:
        """Print a variation as soon as it is there, the first below the header."""
        if not self._is_begun:
            print(self.header())
        self._is_begun = True
        print(self.row(variation), flush=True)

    def header(self) -> str:
        """Names of the columns."""
        levels = [f">={k}" for k in range(1, self._most + 1)]
        return self._line(
            "", ["slots", "places", "meetings", *levels, "minimum", "points"], "1st wish", "proven"
        )

    def row(self, variation: Variation) -> str:
        """One variation, or why it has no numbers."""
        name = label(self._event, variation.change)
        slots = f"{len(variation.event.window.slots)}"
        result = variation.result
        if result is None:
            first, more = variation.problems[0], len(variation.problems)
            return f"{name:<{self._width}}  {counted(more, 'problem')}, the first: {first}"
        if result.metrics is None:
            is_sure = result.status is Status.INFEASIBLE
            what = "no timetable exists" if is_sure else "no timetable was found in time"
            return f"{name:<{self._width}}  {what}"
        share = result.metrics.first_choice_share
        numbers = [slots, f"{variation.places:,}", f"{result.metrics.meetings:,}"]
        numbers += [f"{variation.students_with(k):,}" for k in range(1, self._most + 1)]
        mark = "" if variation.has_equal_goals else "*"
        numbers += [f"{result.levels[1].value[0]:,}", f"{result.levels[2].value[0]:,}{mark}"]
        wish = "-" if share is None else f"{share:.0%}"
        return self._line(name, numbers, wish, proof(result))

    def _line(self, name: str, numbers: Sequence[str], wish: str, end: str) -> str:
        widths = [5, 7, 8, *[6] * self._most, 7, 8]
        cells = [f"{text:>{width}}" for text, width in zip(numbers, widths, strict=True)]
        return "  ".join([f"{name:<{self._width}}", *cells, f"{wish:>8}", end])


def proof(result: Result) -> str:
    """Say yes when levels 1 to 3 are proven, else what is known of the first that is not."""
    for index, level in enumerate(result.levels[:3]):
        for k, (value, bound) in enumerate(zip(level.value, level.bound, strict=True), 1):
            if value != bound:
                name = ("students with " + f">={k}", "minimum", "points")[index]
                known = "no bound known" if bound is None else f"at most {bound:,}"
                return f"{name}: {known}"
    return "yes"


def remarks(variations: Sequence[Variation]) -> Iterator[str]:
    """Say what may not be compared."""
    if not all(variation.has_equal_goals for variation in variations):
        yield (
            "* Another guarantee: its points were sought under another goal, do not compare them "
            "with the others."
        )
    guarantees = {v.event.rules.guaranteed_meetings_per_student for v in variations}
    if len(guarantees) > 1:
        yield "Students with more meetings than the guarantee are counted, not sought."
    lengths = {v.event.window.slot_min for v in variations}
    if len(lengths) > 1:
        yield "A meeting counts the same however long it is."
    columns = {(problem.table, problem.column) for one in variations for problem in one.problems}
    if ("decisions", "start") in columns:
        yield "A pin at a time that is no slot there: leave its start empty, and any slot will do."


def variations_json(event: Event, variations: Sequence[Variation]) -> str:
    """Write all variations for programs; `summary` is what summary.json of a solve holds."""
    return json.dumps(
        [_variation(event, variation) for variation in variations], ensure_ascii=False, indent=2
    )


def _variation(event: Event, variation: Variation) -> dict[str, Any]:
    change, result = variation.change, variation.result
    numbers = {
        "slot_min": change.slot_min,
        "changeover_min": change.changeover_min,
        "end": None if change.length_min is None else event.clock(change.length_min),
        "guarantee": change.guarantee,
        "max_meetings": change.max_meetings,
        "tables": dict(change.tables) or None,
        "seats": dict(change.seats) or None,
    }
    return {
        "change": {name: value for name, value in numbers.items() if value is not None},
        "slots": len(variation.event.window.slots),
        "places": variation.places,
        "problems": [str(problem) for problem in variation.problems],
        "points_comparable": variation.has_equal_goals,
        "summary": None if result is None else json.loads(summary_json(result)),
    }


@contextmanager
def listening_to_ctrl_c() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C end the whole comparison instead of one solve of it.

    Yields
    ------
    callable
        Whether Ctrl-C was pressed.
    """
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)

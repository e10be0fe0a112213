"""What it costs that a pair meets, in plain words."""

from __future__ import annotations

from scheduler.explain.pair_answer import PairKind
from scheduler.explain.pair_price import Entry, Price
from scheduler.objective import LEVEL_NAMES
from scheduler.sentence import Grouped, Sentence, counted, say


def headline(kind: PairKind, price: Price) -> Sentence:
    """Say what decides."""
    if kind is PairKind.BETTER:
        return say("A better timetable than this one exists, in which they meet.")
    if kind is PairKind.EQUALLY_GOOD:
        if price.breaks_after > price.breaks_before:
            return say(
                "A timetable exists in which they meet that is equally good in all but the "
                "breaks between meetings."
            )
        return say("An equally good timetable exists in which they meet.")
    if not price.is_certain:
        return say("They can meet at this price at most; a smaller one may be possible.")
    if kind is PairKind.COSTS_GUARANTEE:
        return say("They can meet only at the cost of guaranteed meetings, which come first.")
    if kind is PairKind.COSTS_MINIMUM:
        return say(
            "They can meet only at the cost of companies' minimums, which come before wishes."
        )
    return say("They can meet, but the wishes of all together are then worth fewer points.")


def changed(entry: Entry) -> Sentence:
    """Say what becomes of one entry of a level."""
    size, values = abs(entry.after - entry.before), {"before": Grouped(entry.before)}
    if entry.is_sure:
        what = _fewer(entry, size) if entry.after < entry.before else _more(entry, size)
        after = Grouped(entry.after)
        return say("%(what)s (%(after)s instead of %(before)s).", what=what, after=after, **values)
    text = say("In the timetable found, %(what)s as now", what=_found(entry))
    if size:
        what = _found(entry)
        text = say("In the timetable found, %(what)s instead of %(before)s", what=what, **values)
    if entry.most is None:
        return say("%(text)s.", text=text)
    return say("%(text)s; in the best, at most %(most)s.", text=text, most=Grouped(entry.most))


def _fewer(entry: Entry, size: int) -> Sentence:
    number = Grouped(size)
    if entry.level == LEVEL_NAMES[0]:
        return counted(
            number,
            "%(num)s fewer student with %(meetings)s or more",
            "%(num)s fewer students with %(meetings)s or more",
            meetings=_meetings(entry),
        )
    if entry.level == LEVEL_NAMES[1]:
        return counted(
            number,
            "%(num)s fewer meeting towards the companies' minimums",
            "%(num)s fewer meetings towards the companies' minimums",
        )
    return counted(number, "%(num)s fewer point for wishes", "%(num)s fewer points for wishes")


def _more(entry: Entry, size: int) -> Sentence:
    number = Grouped(size)
    if entry.level == LEVEL_NAMES[0]:
        return counted(
            number,
            "%(num)s more student with %(meetings)s or more",
            "%(num)s more students with %(meetings)s or more",
            meetings=_meetings(entry),
        )
    if entry.level == LEVEL_NAMES[1]:
        return counted(
            number,
            "%(num)s more meeting towards the companies' minimums",
            "%(num)s more meetings towards the companies' minimums",
        )
    return counted(number, "%(num)s more point for wishes", "%(num)s more points for wishes")


def _found(entry: Entry) -> Sentence:
    number = Grouped(entry.after)
    if entry.level == LEVEL_NAMES[0]:
        return counted(
            number,
            "%(num)s student with %(meetings)s or more",
            "%(num)s students with %(meetings)s or more",
            meetings=_meetings(entry),
        )
    if entry.level == LEVEL_NAMES[1]:
        return counted(
            number,
            "%(num)s meeting towards the companies' minimums",
            "%(num)s meetings towards the companies' minimums",
        )
    return counted(number, "%(num)s point for wishes", "%(num)s points for wishes")


def _meetings(entry: Entry) -> Sentence:
    return counted(entry.number, "%(num)s meeting", "%(num)s meetings")

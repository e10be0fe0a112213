"""What a timetable is worth, in words and as shares of a bar: levels, verdicts, stages, ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from webui.words.filters import number

WHOLE = 100.0
"""Width of a bar."""
SHOWN_WEIGHTS = 4
"""Wishes whose points are told one by one."""
AROUND_ALL, AROUND_PINS = "around every meeting", "around what is pinned"
WITH_PIN = "with a new pin: "
"""How results are stored that pages name; `name_of` says it in the reader's language."""


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One entry of a level as a page shows it.

    Parameters
    ----------
    name
        What is counted.
    value, open_end
        The number, out of how many; and how much better it can be, empty when proven.
    share, reach
        Of the bar, 0 to 100: how far it is, and how far it can get.
    is_judged
        Whether "proven best" speaks of it: waiting comes after everything else.
    """

    name: str
    value: str
    open_end: str
    is_proven: bool
    share: float
    reach: float
    is_judged: bool = True


def level_lines(levels: Sequence[Mapping[str, Any]], sizes: Mapping[str, Any]) -> list[LevelLine]:
    """Make the lines of levels, as summary.json has them or as a running solve tells them.

    Parameters
    ----------
    sizes
        `webui.operations.figures.sizes_of`; without ``minimum`` asked for its line is left out.
    """
    lines = []
    for level in levels:
        for k, (value, bound) in enumerate(zip(*_entries(level), strict=True), 1):
            if level["name"] == "guaranteed_meetings":
                name = _("At least 1 meeting") if k == 1 else _("At least %(k)s meetings", k=k)
                lines.append(_rising(name, value, bound, whole=sizes["students"]))
            elif level["name"] == "company_minimum" and sizes["minimum"]:
                name = _("Companies' minimum")
                lines.append(_rising(name, value, bound, whole=sizes["minimum"]))
            elif level["name"] == "preferences":
                lines.append(_rising(_("Wishes"), value, bound, write=points))
            elif level["name"] == "breaks":
                lines.append(_waiting(value, bound, whole=max(1, sizes["students"])))
    return lines


def _entries(level: Mapping[str, Any]) -> tuple[list[int], list[int | None]]:
    value, bound = level["value"], level["bound"]
    return (value, bound) if isinstance(value, list) else ([value], [bound])


def points(value: int) -> str:
    """A number of points, as the wishes are counted."""
    return str(ngettext("%(n)s point", "%(n)s points", value, n=number(value)))


def points_hint(weights: Sequence[int], bonus: int) -> str:
    """Say what a wish counts, by the rules of an event."""
    own = [str(weight) for weight in weights[:SHOWN_WEIGHTS]]
    return str(
        _(
            "A first wish that is met counts %(first)s points, the next ones %(others)s and so on; "
            "%(bonus)s more where the company said yes.",
            first=own[0] if own else 0,
            others=", ".join(own[1:]),
            bonus=bonus,
        )
    )


def _rising(
    name: str,
    value: int,
    bound: int | None,
    *,
    whole: int | None = None,
    write: Callable[[int], str] = number,
) -> LevelLine:
    text = write(value)
    if value == whole:
        bound = value  # all of them: there is no more to get
    if whole is not None:
        text = _("%(value)s of %(whole)s", value=text, whole=number(whole))
    open_end = ""
    if bound is None:
        open_end = _("not proven")
    elif bound != value:
        open_end = _("at most %(bound)s", bound=number(bound))
    top = whole or bound
    if top is None:  # nobody knows how much there is to get
        return LevelLine(name, text, open_end, is_proven=False, share=0.0, reach=WHOLE)
    reach = max(value, top if bound is None else bound)
    top = max(top, 1)
    return LevelLine(name, text, open_end, value == bound, _share(value, top), _share(reach, top))


def _waiting(value: int, bound: int | None, *, whole: int) -> LevelLine:
    open_end = ""
    if bound != value:
        open_end = _("at least %(n)s", n=number(bound)) if bound else _("not proven")
    share = _share(value, whole)
    return LevelLine(
        _("Waiting between meetings"),
        ngettext("%(num)d break", "%(num)d breaks", value),
        open_end,
        value == bound,
        share,
        share,
        is_judged=False,
    )


def _share(value: int, top: int) -> float:
    return round(min(WHOLE, WHOLE * value / top), 2)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How good a timetable is, in one headline and one sentence."""

    title: str
    text: str
    short: str
    is_proven: bool


CUT_FROM = 0.95
"""Share of its time limit from which on a solve that proved nothing was ended by that limit."""


def verdict(summary: Mapping[str, Any], *, limit_s: int, is_around: bool) -> Verdict:
    """Judge a result by its levels: proven best, near the bound, or not proven.

    Parameters
    ----------
    limit_s
        Time limit that was set for it; one that was reached is said.
    is_around
        It was sought around meetings that stayed, so what is proven holds for those that have them.
    """
    if summary["status"] == "optimal":
        return _proven(summary, is_around=is_around)
    levels = {level["name"]: level for level in summary["levels"]}
    wishes = levels["preferences"]
    is_near = wishes["bound"] and all(
        levels[name]["proven"] for name in ("guaranteed_meetings", "company_minimum")
    )
    if is_near:
        gap = gap_of(wishes)
        text = _("The wishes are within %(gap)s of the bound.", gap=gap)
        short = _("within %(gap)s", gap=gap)
    else:
        text = _("Not everything is proven. More time may find a better one.")
        short = _("no")
    if summary["runtime_s"]["total"] < CUT_FROM * limit_s:
        return Verdict(_("The best found"), text, short, is_proven=False)
    limit = number(limit_s)
    if is_near:
        text = _(
            "Stopped at your limit of %(limit)s s: the wishes can be met at most %(gap)s better.",
            limit=limit,
            gap=gap,
        )
    else:
        text = _(
            "Stopped at your limit of %(limit)s s: how much better it can be is not proven. More "
            "time may find a better one.",
            limit=limit,
        )
    short = _("%(how)s, stopped at %(limit)s s", how=short, limit=limit)
    return Verdict(_("The best found"), text, short, is_proven=False)


def _proven(summary: Mapping[str, Any], *, is_around: bool) -> Verdict:
    waiting = next(own for own in summary["levels"] if own["name"] == "breaks")
    title = _("Proven best")
    text = _("No timetable scores higher on wishes while keeping the guarantees.")
    if is_around:
        title = _("Proven best around the meetings that were kept")
        text = _(
            "Of the timetables with these meetings none scores higher on wishes while keeping the "
            "guarantees; without them a better one may exist."
        )
    if waiting["bound"] != waiting["value"]:
        more = _("Guarantees and wishes: proven. Waiting times: not proven.")
        text = f"{text} {more}"
    return Verdict(title, text, _("yes"), is_proven=True)


def name_of(note: str) -> str:
    """What a result is called: as staff wrote it, or in the reader's words where pages named it."""
    if note.startswith(WITH_PIN):
        return str(_("with a new pin: %(company)s", company=note.removeprefix(WITH_PIN)))
    named = {AROUND_ALL: _("around every meeting"), AROUND_PINS: _("around what is pinned")}
    return str(named.get(note, note))


def gap_of(level: Mapping[str, Any]) -> str:
    """How far a value may be from the best possible, such as ``0.4 %``."""
    gap = 100 * (level["bound"] - level["value"]) / level["bound"]
    # at least what is shown: never "0.0 %" of something that is open
    return f"{format_decimal(max(gap, 0.1), format='0.0')}\u00a0%"


def stage_words(stage: str) -> str:
    """Say what a running solve is doing."""
    words = {
        "start": _("Reading the event"),
        "allocate": _("Deciding who meets whom"),
        "place": _("Finding a time for every meeting"),
        "search": _("Searching for something better"),
        "comfort": _("Making the waiting shorter"),
        "diagnose": _("No timetable exists; finding out why"),
    }
    return str(words.get(stage, _("Waiting for its turn")))


def end_words(error: str) -> str:
    """Say why a job failed, and what to do."""
    words = {
        "died": _(
            "The program that did this stopped three times without a message, perhaps for lack of "
            "memory. Try a shorter time limit, or tell whoever runs this server."
        ),
        "invalid": _("The event cannot be solved as it is now. Put this right, then solve again:"),
        "changed": _(
            "Somebody who meets was removed from the event while it was being solved. Solve again."
        ),
        "unknown": _("This server cannot do this. Tell whoever runs it."),
    }
    fault = _("A fault of ours stopped it. Try again; if it happens again, tell us.")
    return str(words.get(error, fault))

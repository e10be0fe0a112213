"""A forecast in plain words, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.cli.counts import counted
from scheduler.explain.forecast import Forecast, Kind, WishList
from scheduler.model import Event, LanguageNeed
from scheduler.model.language_names import LANGUAGE_NAMES


def describe(event: Event, found: Forecast) -> Iterator[str]:
    """Say how many fit, what each condition alone and its absence would give, and who talks."""
    names = [condition_name(condition.asked) for condition in found.conditions]
    fit = "fits" if found.fitting == 1 else "fit"
    if names:
        everything = "; ".join(names)
        yield f"{found.fitting} of {counted(found.students, 'student')} {fit} all of: {everything}."
        yield from _table(found, names)
    yield from _costliest(found)
    yield from _small_talk(found)
    yield from _remarks(event, found)


def condition_name(asked: WishList) -> str:
    """Name one condition with the words of languages: ``Portuguese B2 or Spanish B2``."""
    if asked.languages:
        return " and ".join(need_name(need) for need in asked.languages)
    return " or ".join(asked.fields or [position.replace("_", " ") for position in asked.positions])


def need_name(need: LanguageNeed) -> str:
    """Name a language need; a code without a name stands as it is."""
    return " or ".join(
        f"{LANGUAGE_NAMES.get(asked.code, (asked.code,))[0]} {asked.proficiency}" for asked in need
    )


def _table(found: Forecast, names: list[str]) -> Iterator[str]:
    width = max(len(name) for name in (*names, "condition"))
    yield f"  {'condition':<{width}}  {'fit it':>7}  {'all, without it':>15}  all, one level lower"
    for name, condition in zip(names, found.conditions, strict=True):
        numbers = f"{condition.alone:>7}  {_more(condition.without, found):>15}"
        lower = ""
        if condition.lowered is not None:
            lower = f"{_more(condition.lowered, found)} with {need_name(condition.lower)}"
        yield f"  {name:<{width}}  {numbers}  {lower}".rstrip()


def _more(number: int, found: Forecast) -> str:
    more = number - found.fitting
    return f"{number} (+{more})" if more else f"{number}"


def _costliest(found: Forecast) -> Iterator[str]:
    costliest = found.costliest
    if len(found.conditions) < 2:
        return
    if costliest is not None:
        yield (
            f"{condition_name(costliest.asked)} costs most: without it {costliest.without} would "
            f"fit, {costliest.without - found.fitting} more."
        )
    else:
        yield "No single condition costs anybody."


def _small_talk(found: Forecast) -> Iterator[str]:
    for talk in found.small_talk:
        yield (
            f"Small talk in {need_name(talk.wish)} (refuses nobody): {talk.alone} of all students, "
            f"{talk.fitting} of the {found.fitting} who fit."
        )
    if len(found.small_talk) > 1:
        yield f"All of the small talk: {found.small_talk_fitting} of the {found.fitting} who fit."


def _remarks(event: Event, found: Forecast) -> Iterator[str]:
    for kind in dict.fromkeys(c.kind for c in found.conditions if not c.is_rule):
        yield f"This event refuses nobody by {kind}: rules.require_{kind} is false."
    silent = sum(1 for student in event.students if not student.positions)
    if silent and any(condition.kind is Kind.POSITION for condition in found.conditions):
        yield f"{counted(silent, 'student')} who named no position count as fitting any."

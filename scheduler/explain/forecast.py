"""Who would fit a company's conditions: how many students, and what each condition costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from scheduler.model import (
    Company,
    CompanyId,
    Event,
    Language,
    LanguageNeed,
    Position,
    Proficiency,
    meets_needs,
)
from scheduler.model.eligibility import Eligibility


@dataclass(frozen=True, slots=True)
class WishList:
    """What a company would ask for, as in the columns of ``companies``.

    Parameters
    ----------
    languages, fields, positions
        Conditions; those of languages hold one by one.
    small_talk
        Wishes that refuse nobody.
    """

    languages: tuple[LanguageNeed, ...] = ()
    fields: tuple[str, ...] = ()
    positions: tuple[Position, ...] = ()
    small_talk: tuple[LanguageNeed, ...] = ()


class Kind(StrEnum):
    """What a condition speaks of; each has a rule that requires it, or not."""

    LANGUAGE = "language"
    FIELD = "field"
    POSITION = "position"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a wish list, in numbers of students.

    Parameters
    ----------
    asked
        The wish list of this condition alone.
    alone, without, lowered
        Who fit this condition; all others; and all with its level one lower (None where there is
        no lower level: not a language, or A1 already).
    lower
        That language need one level lower; empty where `lowered` is None.
    is_rule
        Whether the event's rules refuse students by it.
    """

    kind: Kind
    asked: WishList
    alone: int
    without: int
    lowered: int | None
    lower: LanguageNeed
    is_rule: bool


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """Students who meet a small-talk wish: of the event, and of those who fit."""

    wish: LanguageNeed
    alone: int
    fitting: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """How many students of an event fit a wish list.

    Parameters
    ----------
    fitting
        Who fit every condition.
    conditions
        In the order languages, fields, positions.
    small_talk, small_talk_fitting
        Each wish; and who fit and meet all of them.
    """

    students: int
    fitting: int
    conditions: tuple[Condition, ...]
    small_talk: tuple[SmallTalk, ...]
    small_talk_fitting: int

    @property
    def costliest(self) -> Condition | None:
        """The condition without which most more would fit; the first of equals, None for none."""
        best = max(self.conditions, key=lambda condition: condition.without, default=None)
        return best if best is not None and best.without > self.fitting else None


def forecast(event: Event, wishes: WishList) -> Forecast:
    """Count the students who fit, whether or not they rank the company.

    Parameters
    ----------
    wishes
        Each condition counts as required, also where the event's rules do not require it.

    Notes
    -----
    The engine's own judgement: a student without a field fits no field, and one who names no
    position fits all of them.
    """
    parts = _parts(wishes)
    judge = _Judge(event)
    fitting = judge.fitting(parts)
    everyone = judge.fitting([])
    conditions = []
    for index, (kind, own) in enumerate(parts):
        others = [*parts[:index], *parts[index + 1 :]]
        lower = lowered(own.languages[0]) if own.languages else ()
        at_lower = [*others, (kind, WishList(languages=(lower,)))]
        conditions.append(
            Condition(
                kind=kind,
                asked=own,
                alone=len(judge.fitting([(kind, own)])),
                without=len(judge.fitting(others)),
                lowered=len(judge.fitting(at_lower)) if lower else None,
                lower=lower,
                is_rule=getattr(event.rules, f"require_{kind}"),
            )
        )
    return Forecast(
        students=len(event.students),
        fitting=len(fitting),
        conditions=tuple(conditions),
        small_talk=tuple(
            SmallTalk(wish, _speaking(everyone, (wish,)), _speaking(fitting, (wish,)))
            for wish in wishes.small_talk
        ),
        small_talk_fitting=_speaking(fitting, wishes.small_talk),
    )


def lowered(need: LanguageNeed) -> LanguageNeed:
    """Lower every alternative of a need by one level, A1 stays; empty when nothing is lower."""
    lower = tuple(
        replace(asked, proficiency=Proficiency(max(asked.proficiency - 1, Proficiency.A1)))
        for asked in need
    )
    return () if lower == need else lower


Part = tuple[Kind, WishList]
Spoken = tuple[Language, ...]


def _parts(wishes: WishList) -> list[Part]:
    parts = [(Kind.LANGUAGE, WishList(languages=(need,))) for need in wishes.languages]
    if wishes.fields:
        parts.append((Kind.FIELD, WishList(fields=wishes.fields)))
    if wishes.positions:
        parts.append((Kind.POSITION, WishList(positions=wishes.positions)))
    return parts


def _speaking(spoken: Sequence[Spoken], wishes: tuple[LanguageNeed, ...]) -> int:
    return sum(1 for languages in spoken if meets_needs(languages, wishes))


class _Judge:
    """The engine's eligibility, with every rule required and nobody's decisions."""

    def __init__(self, event: Event) -> None:
        rules = replace(
            event.rules, require_language=True, require_field=True, require_position=True
        )
        self._event = replace(event, rules=rules, shortlist=(), decisions=())

    def fitting(self, parts: Sequence[Part]) -> list[Spoken]:
        """Languages of each student who fits all the parts."""
        company = Company(
            CompanyId("forecast"),
            "",
            languages=tuple(need for _, own in parts for need in own.languages),
            fields=tuple(name for _, own in parts for name in own.fields),
            positions=tuple(position for _, own in parts for position in own.positions),
        )
        eligibility = Eligibility(replace(self._event, companies=(company,)))
        return [
            student.languages
            for student in self._event.students
            if eligibility.profile_refusal(student, company) is None
        ]

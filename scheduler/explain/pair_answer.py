"""The answer to why a pair does not meet: what decides, and the facts beside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scheduler.explain.openings import Opening
from scheduler.explain.pair_price import Price, RankCounts
from scheduler.model import Company, LanguageNeed, Meeting, PersonKind, Student
from scheduler.model.eligibility import Refusal
from scheduler.sentence import Sentence

Hours = tuple[tuple[int, int], ...]
"""Runs of slots in which a person is present: from, to, in minutes since the window opens."""


class PairKind(StrEnum):
    """What decides about a pair; the first that applies."""

    MEETS = "meets"
    UNRANKED = "unranked"
    VETO = "veto"
    FORBID = "forbid"
    LANGUAGE = "language"
    FIELD = "field"
    POSITION = "position"
    NEVER_TOGETHER = "never_together"
    MAXIMUM = "maximum"
    IMPOSSIBLE = "impossible"
    BETTER = "better"
    EQUALLY_GOOD = "equally_good"
    COSTS_GUARANTEE = "costs_guarantee"
    COSTS_MINIMUM = "costs_minimum"
    COSTS_WISHES = "costs_wishes"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Maximum:
    """A maximum that pins of other pairs, or nothing at all, fill already.

    Parameters
    ----------
    whose
        The student or the company; None the event's rule for every student.
    limit
        Most meetings.
    pinned
        Meetings that staff pinned, of this person.
    """

    whose: PersonKind | None
    limit: int
    pinned: int


@dataclass(frozen=True, slots=True)
class SharedPlaces:
    """The company's places in the slots in which both are present, and who has them.

    Parameters
    ----------
    slots, places, taken
        Slots, places in them, and meetings there.
    holders
        The ranks of the students who have them.
    meetings
        Of the company in all slots; its maximum may be reached before its places are taken.
    """

    slots: int
    places: int
    taken: int
    holders: RankCounts
    meetings: int


@dataclass(frozen=True, slots=True)
class OwnMeetings:
    """What the student has.

    Parameters
    ----------
    ranks
        Of the student's meetings, ascending, None last.
    limit
        Most meetings: the smaller of the event's maximum and the student's own.
    is_own_limit
        Whether the student asked for it.
    is_all_better
        Whether each meeting is worth more points than this pair would be.
    """

    ranks: tuple[int | None, ...]
    limit: int
    is_own_limit: bool
    is_all_better: bool


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """Why a pair does not meet, as facts; `scheduler.explain.pair_words` puts them into words.

    Parameters
    ----------
    rank
        The student's rank of the company, None without one.
    meeting
        Where they meet, for ``meets``.
    refusals
        Every rule that refuses the pair, in order.
    missing_languages
        The company's needs that the student does not meet.
    student_hours, company_hours
        When each is present.
    maximum
        For ``maximum``.
    clashes
        For ``impossible``, what pins leave no room, where counting shows it.
    places, own, openings
        For the kinds after ``maximum``: what stands in the way now.
    price
        For the kinds from ``better`` to ``costs_wishes``.
    """

    kind: PairKind
    student: Student
    company: Company
    rank: int | None
    meeting: Meeting | None = None
    refusals: tuple[Refusal, ...] = ()
    missing_languages: tuple[LanguageNeed, ...] = ()
    student_hours: Hours = ()
    company_hours: Hours = ()
    maximum: Maximum | None = None
    clashes: tuple[Sentence, ...] = ()
    places: SharedPlaces | None = None
    own: OwnMeetings | None = None
    openings: tuple[Opening, ...] = ()
    price: Price | None = None

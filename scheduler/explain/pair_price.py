"""What it would cost the others that one more pair meets: the event is solved again with the pair.

Notes
-----
The pair is pinned without a time, and the engine makes the best timetable that has it. An eligible
pair may meet anyway, so the timetables of that event are those of the event itself in which the two
meet, and what is proven of one holds for the other.

Many timetables may be equally good. The one to show is the one that leaves most pairs as they are:
a second solve gives every pair its points times n, and 1 more where the two meet already, n being
above the number of meetings. Its best timetable is one of the best of the first solve, and of those
the one with most of the old pairs.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product

from scheduler.model import (
    CompanyId,
    Decision,
    DecisionKind,
    Event,
    Preference,
    Result,
    Scores,
    Status,
    StudentId,
    Timetable,
)
from scheduler.objective import LEVEL_NAMES, PairWeights, score
from scheduler.strategies.base import Settings, entries

Pair = tuple[StudentId, CompanyId]
Solve = Callable[[Event, Settings], Result]
RankCounts = tuple[tuple[int | None, int], ...]
"""Ranks, ascending, and how many meetings have them; meetings without a rank last, as None."""
LARGEST_WEIGHT = 2**20
"""Of the second solve: the costs of its flow then stay far below 2**63 with thousands of people."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of levels 1 to 3, in the timetable at hand and where the pair meets.

    Parameters
    ----------
    level
        One of `scheduler.objective.LEVEL_NAMES`.
    number
        k of "students with at least k meetings", else 0.
    before
        In the timetable at hand.
    after
        In the timetable found in which the pair meets.
    most
        The best timetable in which the pair meets has no more; None where nothing is known. It has
        at least ``after`` in the first entry whose ``most`` differs, and exactly ``after`` in those
        before it.
    """

    level: str
    number: int
    before: int
    after: int
    most: int | None

    @property
    def is_sure(self) -> bool:
        """Whether the best timetable in which the pair meets has exactly ``after``."""
        return self.after == self.most


@dataclass(frozen=True, slots=True)
class Moves:
    """Who meets whom no longer, and who newly, counted by rank.

    Parameters
    ----------
    students
        Other students with any change.
    lost, gained
        Of the other students.
    own_lost, own_gained
        Of the student itself, the pair in question left out.
    is_fewest
        Whether no equally good timetable in which the pair meets keeps more pairs.
    """

    students: int
    lost: RankCounts
    gained: RankCounts
    own_lost: RankCounts
    own_gained: RankCounts
    is_fewest: bool


@dataclass(frozen=True, slots=True)
class Price:
    """Two timetables side by side: the one at hand, and the best one found with the pair.

    Parameters
    ----------
    entries
        Of levels 1 to 3, in their order.
    breaks_before, breaks_after
        Level 4, of these two timetables; never proven.
    timetable
        The one found; it breaks no rule and the pair meets in it.
    """

    entries: tuple[Entry, ...]
    breaks_before: int
    breaks_after: int
    moves: Moves
    timetable: Timetable

    @property
    def is_proven(self) -> bool:
        """Whether no timetable in which the pair meets is better on levels 1 to 3."""
        return all(entry.is_sure for entry in self.entries)

    @property
    def deciding(self) -> Entry | None:
        """The first entry that differs, None when the two are equally good."""
        return next((entry for entry in self.entries if entry.before != entry.after), None)

    @property
    def is_certain(self) -> bool:
        """Whether every timetable in which the pair meets is worse than the one at hand."""
        for entry in self.entries:
            if entry.most is not None and entry.most < entry.before:
                return True
            if not entry.is_sure or entry.after > entry.before:
                return False
        return False


def with_pair(event: Event, pair: Pair) -> Event:
    """The event in which staff pinned the pair, without a time."""
    return replace(event, decisions=(*event.decisions, Decision(DecisionKind.PIN, *pair)))


def find_price(
    event: Event, timetable: Timetable, pair: Pair, *, solve: Solve, settings: Settings
) -> tuple[Status, Price | None]:
    """Solve the event again with the pair, and compare.

    Parameters
    ----------
    event
        Valid, also with the pair pinned; the pair is eligible.
    timetable
        Breaks no rule.
    solve
        Makes a verified result of an event.

    Returns
    -------
    Status
        Of the event with the pair.
    Price or None
        None when that has no timetable, or none was found in time.
    """
    started = time.monotonic()
    forced = with_pair(event, pair)
    result = solve(forced, settings)
    if result.timetable is None:
        return result.status, None
    met = _pairs(timetable)
    found, is_fewest = result.timetable, False
    left_s = max(1.0, settings.time_limit_s - (time.monotonic() - started))
    staying = _staying(forced, met) if result.status is Status.OPTIMAL else None
    if staying is not None:
        second = solve(staying, replace(settings, time_limit_s=left_s))
        if second.timetable is not None and _row(event, second.timetable) == _row(event, found):
            found = second.timetable
            is_fewest = second.status is Status.OPTIMAL
    before, after = score(event, timetable), score(event, found)
    price = Price(
        entries=tuple(_entries(before, after, result)),
        breaks_before=before.breaks,
        breaks_after=after.breaks,
        moves=_moves(event, pair, met, _pairs(found), is_fewest=is_fewest),
        timetable=found,
    )
    return result.status, price


def rank_counts(ranks: Iterable[int | None]) -> RankCounts:
    """Count ranks, in ascending order, those without one last."""
    counts = Counter(ranks)
    return tuple(sorted(counts.items(), key=lambda item: (item[0] is None, item[0] or 0)))


def ranks_of(event: Event) -> Mapping[Pair, int]:
    """The rank of every ranked pair."""
    return {(student, company): rank for student, company, rank in event.preferences}


def _entries(before: Scores, after: Scores, result: Result) -> Iterable[Entry]:
    guarantee = len(before.guaranteed)
    names = (*[LEVEL_NAMES[0]] * guarantee, *LEVEL_NAMES[1:3])
    bounds = [bound for level in result.levels[:3] for bound in level.bound]
    is_exact = True
    for index, (old, new) in enumerate(zip(entries(before), entries(after), strict=True)):
        # a bound holds for timetables that are equal above, so only below proven entries
        most = bounds[index] if is_exact else None
        yield Entry(names[index], index + 1 if index < guarantee else 0, old, new, most)
        is_exact = is_exact and most == new


def _staying(event: Event, met: set[Pair]) -> Event | None:
    """The event in which a pair that meets already is worth a little more; None if too large."""
    points = PairWeights(event)
    more = len(event.students) * event.rules.max_meetings_per_student + 1
    pairs = [(student, company) for student, company, _ in event.preferences]
    pairs += [
        (own.student_id, own.company_id) for own in event.decisions if own.kind is DecisionKind.PIN
    ]
    if event.rules.offer_unranked:
        pairs += product(
            (student.student_id for student in event.students),
            (company.company_id for company in event.companies),
        )
    pairs = list(dict.fromkeys(pairs))
    weights = [points.weight(*pair) * more + (pair in met) for pair in pairs]
    if max(weights) > LARGEST_WEIGHT:
        return None
    rules = replace(event.rules, rank_weights=tuple(weights), mutual_bonus=0, small_talk_bonus=0)
    preferences = tuple(Preference(*pair, rank) for rank, pair in enumerate(pairs, 1))
    return replace(event, preferences=preferences, rules=rules)


def _moves(event: Event, pair: Pair, met: set[Pair], now: set[Pair], *, is_fewest: bool) -> Moves:
    ranks = ranks_of(event)
    lost, gained = met - now, now - met - {pair}

    def tallied(pairs: set[Pair], *, is_own: bool) -> RankCounts:
        return rank_counts(ranks.get(other) for other in pairs if (other[0] == pair[0]) is is_own)

    return Moves(
        students=len({student for student, _ in lost | gained} - {pair[0]}),
        lost=tallied(lost, is_own=False),
        gained=tallied(gained, is_own=False),
        own_lost=tallied(lost, is_own=True),
        own_gained=tallied(gained, is_own=True),
        is_fewest=is_fewest,
    )


def _pairs(timetable: Timetable) -> set[Pair]:
    return {(meeting.student_id, meeting.company_id) for meeting in timetable.meetings}


def _row(event: Event, timetable: Timetable) -> tuple[int, ...]:
    return entries(score(event, timetable))

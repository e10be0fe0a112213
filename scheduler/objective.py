"""The levels of a timetable: their one definition, in plain integers.

Levels are lexicographic: the first that differs decides.

1. *guaranteed meetings*: students with at least 1 meeting, then at least 2, ...; larger is better.
2. *company minimum*: sum over companies of min(meetings, min_meetings); larger is better.
3. *preferences*: sum over meetings of the pair's weight; larger is better.
4. *breaks*: idle runs between a student's first and last meeting; smaller is better.

Below them, without being levels: ``comfort``, breaks of companies and then changes of room.

A repair has one level before these. *changes*: later meetings of the earlier timetable whose pair
does not meet at the same start; smaller is better.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

from scheduler.model import (
    Begun,
    Comfort,
    CompanyId,
    Event,
    Metrics,
    RoomId,
    Scores,
    StudentId,
    Timetable,
)
from scheduler.model.eligibility import Eligibility

LEVEL_NAMES = ("guaranteed_meetings", "company_minimum", "preferences", "breaks")
CHANGES = "changes"


class PairWeights:
    """What a meeting of a pair is worth on level 3.

    The rank's weight (0 without a rank), plus the mutual bonus when the company said yes, plus the
    small-talk bonus when the student meets all of the company's small-talk wishes.
    """

    def __init__(self, event: Event, eligibility: Eligibility | None = None) -> None:
        self._rules = event.rules
        self._eligibility = eligibility or Eligibility(event)
        self._students = {student.student_id: student for student in event.students}
        self._companies = {company.company_id: company for company in event.companies}
        self.ranks: Mapping[tuple[StudentId, CompanyId], int] = {
            (student, company): rank for student, company, rank in event.preferences
        }

    def weight(self, student_id: StudentId, company_id: CompanyId) -> int:
        """Points of one meeting of the pair."""
        pair = (student_id, company_id)
        rules = self._rules
        points = rules.weight(self.ranks.get(pair))
        if pair in self._eligibility.yes:
            points += rules.mutual_bonus
        company = self._companies[company_id]
        if company.small_talk and self._eligibility.shares_small_talk(
            self._students[student_id], company
        ):
            points += rules.small_talk_bonus
        return points


def score(event: Event, timetable: Timetable, begun: Begun | None = None) -> Scores:
    """Recompute all four levels from the meetings, and the changes of a day that has begun."""
    per_student = Counter(meeting.student_id for meeting in timetable.meetings)
    per_company = Counter(meeting.company_id for meeting in timetable.meetings)
    guarantee = event.rules.guaranteed_meetings_per_student
    weights = PairWeights(event)
    slots: dict[StudentId, list[int]] = defaultdict(list)
    for meeting in timetable.meetings:
        slots[meeting.student_id].append(meeting.slot)
    return Scores(
        guaranteed=tuple(
            sum(1 for count in per_student.values() if count >= k) for k in range(1, guarantee + 1)
        ),
        company_minimum=sum(
            min(per_company[company.company_id], company.min_meetings)
            for company in event.companies
        ),
        preferences=sum(weights.weight(m.student_id, m.company_id) for m in timetable.meetings),
        breaks=sum(breaks_of(own) for own in slots.values()),
        changes=None if begun is None else changes_of(event, timetable, begun),
    )


def changes_of(event: Event, timetable: Timetable, begun: Begun) -> int:
    """Count the later meetings that are not in the timetable at the same start."""
    held = {(m.slot, m.student_id, m.company_id) for m in timetable.meetings}
    later = begun.later(event.window)
    return sum((m.slot, m.student_id, m.company_id) not in held for m in later)


def breaks_of(slots: Iterable[int]) -> int:
    """Idle runs between the first and the last of one person's slots."""
    ordered = sorted(slots)
    return sum(1 for before, after in pairwise(ordered) if after > before + 1)


def comfort(timetable: Timetable, *, breaks_before: int | None = None) -> Comfort:
    """Count what is made small below level 4: breaks of companies, then changes of room."""
    busy: dict[CompanyId, set[int]] = defaultdict(set)
    visited: dict[StudentId, list[tuple[int, RoomId]]] = defaultdict(list)
    for meeting in timetable.meetings:
        busy[meeting.company_id].add(meeting.slot)
        visited[meeting.student_id].append((meeting.slot, meeting.room_id))
    return Comfort(
        company_breaks=sum(breaks_of(slots) for slots in busy.values()),
        room_changes=sum(
            before[1] != after[1]
            for own in visited.values()
            for before, after in pairwise(sorted(own))
        ),
        breaks_before=breaks_before,
    )


def metrics(event: Event, timetable: Timetable) -> Metrics:
    """Count what people ask for first: meetings, who is below the guarantee, ranks met."""
    counts = Counter(meeting.student_id for meeting in timetable.meetings)
    guarantee = event.rules.guaranteed_meetings_per_student
    ranks = {(student, company): rank for student, company, rank in event.preferences}
    met = [ranks.get((m.student_id, m.company_id)) for m in timetable.meetings]
    ranked = [rank for rank in met if rank is not None]
    wishing = {preference.student_id for preference in event.preferences}
    return Metrics(
        meetings=len(timetable.meetings),
        students_without_meeting=sum(1 for s in event.students if not counts[s.student_id]),
        below_guarantee=tuple(
            s.student_id for s in event.students if counts[s.student_id] < guarantee
        ),
        mean_rank=sum(ranked) / len(ranked) if ranked else None,
        first_choice_share=ranked.count(1) / len(wishing) if wishing else None,
    )

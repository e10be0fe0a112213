"""How groups of students fare in a timetable, told so that no single student is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

from scheduler.model import Event, Proficiency, Student, StudentId, Timetable
from scheduler.model.language_names import LANGUAGE_NAMES

SMALLEST_GROUP = 5
"""Smaller groups are joined; a usual threshold where counts of people are published."""
LEAST_DIFFERENCE = 0.5
"""Meetings below the mean of all; less is nothing that a student would notice."""
STANDARD_ERRORS = 3.0
"""A group of this size drawn by lot would come out so low about once in 700 times."""

EVERYBODY, OTHER, NOT_STATED = "all students", "other", "not stated"


@dataclass(frozen=True, slots=True)
class FairnessRow:
    """One group of students and its means.

    Parameters
    ----------
    by, group
        What students are grouped by, and the group's name.
    meetings, wishes
        Per student.
    best_rank
        Mean over the students who meet a ranked company of the best rank met; None without one.
    is_clearly_below
        Whether the group has clearly fewer meetings than all students, as in Notes of `fairness`.
    """

    by: str
    group: str
    students: int
    meetings: float
    wishes: float
    best_rank: float | None
    is_clearly_below: bool


def fairness(event: Event, timetable: Timetable) -> tuple[FairnessRow, ...]:
    """Compare students by programme and by home language.

    Returns
    -------
    tuple of FairnessRow
        All students first, then each grouping, largest group first and the joined ones last; none
        at all for fewer than `SMALLEST_GROUP` students.

    Notes
    -----
    The home language is the first that a student writes as native. Groups under `SMALLEST_GROUP`
    are joined as *other*; where that is still under it, the smallest of the remaining groups joins
    them, so that no small group can be found by subtracting.

    A group is clearly below when its mean is at least `LEAST_DIFFERENCE` meetings below that of all
    students and more than `STANDARD_ERRORS` standard errors of a group of its size drawn by lot
    without replacement, sqrt(s2 / n * (1 - n / N)) (Cochran 1977). It says that something differs,
    such as wishes, languages or hours, not that anybody was treated otherwise: the engine knows no
    groups. *Other* is not judged.

    References
    ----------
    W. G. Cochran (1977), Sampling Techniques, section 2.4.
    """
    if len(event.students) < SMALLEST_GROUP:
        return ()
    tally = _Tally(event, timetable)
    rows = [tally.row(EVERYBODY, EVERYBODY, event.students)]
    for by, names in (
        ("programme", [student.programme or NOT_STATED for student in event.students]),
        ("home language", [_home_language(student) for student in event.students]),
    ):
        groups = _groups(event.students, names)
        order = sorted(groups, key=lambda name: (name == OTHER, -len(groups[name]), name))
        rows.extend(tally.row(by, name, groups[name]) for name in order)
    return tuple(rows)


def _home_language(student: Student) -> str:
    for language in student.languages:
        if language.proficiency is Proficiency.NATIVE:
            return LANGUAGE_NAMES.get(language.code, (language.code,))[0]
    return NOT_STATED


def _groups(students: Sequence[Student], names: Sequence[str]) -> Mapping[str, list[Student]]:
    """Students by group, the small ones joined."""
    sizes = Counter(names)
    joined = {name for name, size in sizes.items() if size < SMALLEST_GROUP or name == OTHER}
    for name in sorted(sizes.keys() - joined, key=lambda name: (sizes[name], name)):
        if not joined or sum(sizes[other] for other in joined) >= SMALLEST_GROUP:
            break
        joined.add(name)
    groups: dict[str, list[Student]] = defaultdict(list)
    for student, name in zip(students, names, strict=True):
        groups[OTHER if name in joined else name].append(student)
    return groups


class _Tally:
    def __init__(self, event: Event, timetable: Timetable) -> None:
        ranks = {(student, company): rank for student, company, rank in event.preferences}
        self._wishes = Counter(preference.student_id for preference in event.preferences)
        self._meetings = Counter(meeting.student_id for meeting in timetable.meetings)
        self._best: dict[StudentId, int] = {}
        for meeting in timetable.meetings:
            own = meeting.student_id
            rank = ranks.get((own, meeting.company_id))
            if rank is not None:
                self._best[own] = min(rank, self._best.get(own, rank))
        counts = [self._meetings[student.student_id] for student in event.students]
        self._size, self._mean, self._variance = len(counts), fmean(counts), variance(counts)

    def row(self, by: str, group: str, students: Sequence[Student]) -> FairnessRow:
        ids = [student.student_id for student in students]
        met = [self._best[own] for own in ids if own in self._best]
        mean = fmean(self._meetings[own] for own in ids)
        return FairnessRow(
            by=by,
            group=group,
            students=len(ids),
            meetings=mean,
            wishes=fmean(self._wishes[own] for own in ids),
            best_rank=fmean(met) if met else None,
            is_clearly_below=group != OTHER and self._is_clearly_below(mean, len(ids)),
        )

    def _is_clearly_below(self, mean: float, size: int) -> bool:
        below = self._mean - mean
        error = sqrt(self._variance / size * (1 - size / self._size))
        return below >= LEAST_DIFFERENCE and below > STANDARD_ERRORS * error

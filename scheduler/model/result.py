"""What a solve gives back: status, levels with their bounds, the timetable, progress."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scheduler.model.people import StudentId
from scheduler.model.timetable import Timetable
from scheduler.sentence import Sentence


class Status(StrEnum):
    """How a solve ended; optimal when levels 1 to 3, and changes in a repair, are proven."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scores:
    """The four levels of a timetable, recomputed from its meetings.

    ``guaranteed[k - 1]`` is the number of students with at least k meetings, for k up to the
    guarantee. Levels 1 to 3 are better when larger, ``breaks`` when smaller. ``changes`` are the
    later meetings of an earlier timetable that were not kept, None without one; smaller is better.
    """

    guaranteed: tuple[int, ...]
    company_minimum: int
    preferences: int
    breaks: int
    changes: int | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One level: its entries, a bound on each (None where none is known), whether proven."""

    name: str
    value: tuple[int, ...]
    bound: tuple[int | None, ...]

    @property
    def is_proven(self) -> bool:
        """Whether the value equals the bound in every entry."""
        return self.value == self.bound


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a running solve: what is done, how good it is, how good it can get.

    ``best`` and ``bound`` speak of the level ``level`` and are None while nothing is known.
    ``levels`` are those of the best timetable so far, with the bounds known now; empty without one.
    """

    stage: str
    elapsed_s: float
    level: str = ""
    best: int | None = None
    bound: int | None = None
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True)
class Metrics:
    """Counts of a timetable that people ask for first.

    ``mean_rank`` is over ranked meetings, ``first_choice_share`` over students with wishes; both
    are None when there is nothing to average over.
    """

    meetings: int
    students_without_meeting: int
    below_guarantee: tuple[StudentId, ...]
    mean_rank: float | None
    first_choice_share: float | None


@dataclass(frozen=True, slots=True)
class Comfort:
    """What is made small below level 4, in this order, and where level 4 began.

    Parameters
    ----------
    company_breaks
        Runs of slots without a student between a company's first and last meeting, summed.
    room_changes
        Meetings of a student in another room than the one before, summed over students.
    breaks_before
        Students' breaks when the meetings had just been placed; None when the solve did not get
        to lowering them.
    """

    company_breaks: int
    room_changes: int
    breaks_before: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The end of a solve.

    Parameters
    ----------
    timetable
        Verified; None when infeasible or none was found in time.
    runtime_s
        Seconds by stage; ``total`` is the whole solve.
    notes
        Plain sentences: why it stopped early, why nothing exists.
    """

    status: Status
    timetable: Timetable | None
    levels: tuple[Level, ...]
    metrics: Metrics | None
    comfort: Comfort | None
    seed: int
    version: str
    event_sha256: str
    runtime_s: tuple[tuple[str, float], ...]
    notes: tuple[Sentence, ...] = ()

"""The placing problem: meetings between people, each to get one slot, with few breaks.

A person is anybody who meets: a student, a company, a firm among firms. A break is an idle run
between a person's first and last meeting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise


class Status(Enum):
    """What is known when the search ends."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting that has to be held.

    Parameters
    ----------
    people
        Indexes of the people who meet, different ones.
    slots
        Slots it may be held in, ascending; a fixed meeting has one, and none is infeasible.
    hall
        Index of the hall it is held in; None when nothing limits where.
    """

    people: tuple[int, ...]
    slots: tuple[int, ...]
    hall: int | None = None

    def __post_init__(self) -> None:
        if len(set(self.people)) != len(self.people):
            raise ValueError(f"people {self.people}: somebody would meet themselves")
        if list(self.slots) != sorted(set(self.slots)):
            raise ValueError(f"slots {self.slots}: must ascend")


@dataclass(frozen=True, slots=True)
class Placing:
    """Meetings to place and the rules they keep.

    Parameters
    ----------
    n_slots
        Slots are 0 to ``n_slots - 1``.
    capacities
        Shape ``(people, slots)``: meetings a person can have at once, 0 while absent.
    meetings
        All are held.
    halls
        Shape ``(halls, slots)``: most meetings at once.
    precedences
        Pairs of meetings, the first in an earlier slot than the second.
    conflicts
        Triples of two meetings and a gap: their slots differ by more than the gap (0: not at the
        same time; 1: not in neighbouring slots either, as walking time asks).
    longest_runs
        For each person the most slots in a row with meetings; empty for no limit.
    counted
        People whose breaks count, in the sum and in the fairness; None for all.
    fairness
        Most by which the breaks of two counted people may differ; None for no limit.
    """

    n_slots: int
    capacities: tuple[tuple[int, ...], ...]
    meetings: tuple[Meeting, ...]
    halls: tuple[tuple[int, ...], ...] = ()
    precedences: tuple[tuple[int, int], ...] = ()
    conflicts: tuple[tuple[int, int, int], ...] = ()
    longest_runs: tuple[int, ...] = ()
    counted: tuple[int, ...] | None = None
    fairness: int | None = None

    def people_counted(self) -> tuple[int, ...]:
        """Indexes of the people whose breaks count."""
        return tuple(range(len(self.capacities))) if self.counted is None else self.counted

    def meetings_by_person(self) -> tuple[tuple[int, ...], ...]:
        """For each person the indexes of the meetings, ascending."""
        own: list[list[int]] = [[] for _ in self.capacities]
        for index, meeting in enumerate(self.meetings):
            for person in meeting.people:
                own[person].append(index)
        return tuple(tuple(indexes) for indexes in own)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search found.

    Parameters
    ----------
    slots
        Slot of each meeting; None when no timetable is known.
    breaks
        Sum of breaks of ``slots``.
    bound
        No timetable has fewer breaks.
    by
        Which search proved it, or found the best.
    """

    status: Status
    slots: tuple[int, ...] | None
    breaks: int | None
    bound: int
    by: str = ""


def breaks_in(slots: Iterable[int]) -> int:
    """Idle runs between the first and the last of some slots; the same slot twice is one."""
    used = sorted(set(slots))
    return sum(later - earlier > 1 for earlier, later in pairwise(used))


def sum_of_breaks(problem: Placing, slots: tuple[int, ...]) -> int:
    """Breaks of all counted people."""
    own = problem.meetings_by_person()
    return sum(breaks_in(slots[m] for m in own[p]) for p in problem.people_counted())

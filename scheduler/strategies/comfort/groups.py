"""Large-neighbourhood search over schedules: a group of students is seated anew, at best.

All others stay. The group's schedules are listed, with other companies where allocations are
equally good, and CP-SAT chooses one for each so that the breaks are fewest. Heuristic, but each
round is exact for its group; ``fewest`` bounds the whole.

References
----------
P. Shaw (1998), Using constraint programming and local search methods to solve vehicle routing
problems, CP 1998, LNCS 1520.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import islice
from random import Random

from scheduler.strategies.board import Board
from scheduler.strategies.comfort.costs import count_breaks
from scheduler.strategies.comfort.master import Master
from scheduler.strategies.comfort.relaxation import fewest_breaks
from scheduler.strategies.comfort.schedules import Schedule, Schedules
from scheduler.strategies.comfort.selection import select

GROUP, SMALLEST, LARGEST = 40, 8, 120
"""Students of the first round; more after a round that was solved to the end, else fewer."""
MOST_BREAKS = 1
"""Schedules with more are listed only where a student has one now."""
MOST_LISTED = 2_000
"""Schedules of one student in a round; those with early meetings come first."""
MOST_OF_ALL = 150_000
"""Schedules of all students for the bound: some 100 MB."""
ROUND_EFFORT_S = 4.0
LEAST_S = 0.5
"""Of wall time, what listing and making the model of a round need."""
OVERHEAD_S = 0.05
"""Counted for each round besides CP-SAT's effort, for making the model."""


def fewest(board: Board, listing: Schedules, is_over: Callable[[], bool]) -> int:
    """Breaks that no timetable with the same entries of levels 1 to 3 can go below.

    Parameters
    ----------
    board
        Optimal on levels 1 to 3.
    listing
        With the rooms that the event names, for a bound that holds for every choice of the others.

    Notes
    -----
    0 when there are too many schedules to list.
    """
    schedules: list[Schedule] = []
    for student in range(len(board.used)):
        room = MOST_OF_ALL - len(schedules)
        schedules += islice(listing.of(student, MOST_BREAKS), room)
        if len(schedules) == MOST_OF_ALL or is_over():
            return 0
    schedules, start = _with_current(board, schedules, range(len(board.used)))
    master = Master(board, listing, schedules, with_minimums=False)
    return fewest_breaks(master, sorted(start), MOST_BREAKS + 1, is_over)


class Groups:
    """Rounds on one board."""

    def __init__(self, board: Board, listing: Schedules, random: Random) -> None:
        self._board, self._listing, self._random = board, listing, random
        self._size = GROUP
        self._listed: dict[int, list[Schedule]] = {}

    def improve(self, effort_s: float, until: float, bound: int) -> bool:
        """Go on until the effort is spent, nothing is left to gain, or the time is over.

        Returns
        -------
        bool
            False when the time ended it.
        """
        spent = 0.0
        while spent < effort_s and self._breaks() > bound:
            left = until - time.monotonic()
            if left <= LEAST_S:
                return False
            spent += self._round(left)
        return True

    def _breaks(self) -> int:
        return sum(count_breaks(used) for used in self._board.used)

    def _round(self, seconds: float) -> float:
        """Seat one group anew; the effort it took."""
        group = sorted(self._group())
        listed = [schedule for student in group for schedule in self._of(student)]
        schedules, start = _with_current(self._board, listed, group)
        master = Master(self._board, self._listing, schedules, with_minimums=True)
        selection = select(
            master,
            start,
            effort_s=ROUND_EFFORT_S,
            seconds=seconds,
            seed=self._random.randrange(2**31),
        )
        factor = 1.1 if selection.is_best else 0.8
        self._size = max(SMALLEST, min(LARGEST, len(self._board.used), round(self._size * factor)))
        if selection.chosen is not None:
            before = sum(schedules[index].breaks for index in start)
            if sum(schedules[index].breaks for index in selection.chosen) <= before:
                self._seat(group, [schedules[index] for index in selection.chosen])
        return selection.effort_s + OVERHEAD_S

    def _seat(self, group: list[int], schedules: list[Schedule]) -> None:
        for student in group:
            for pair in list(self._board.meeting_at[student].values()):
                self._board.remove(pair)
        for schedule in schedules:
            for pair, slot in schedule.meetings:
                self._board.place(pair, slot)

    def _of(self, student: int) -> list[Schedule]:
        if student not in self._listed:
            self._listed[student] = list(
                islice(self._listing.of(student, MOST_BREAKS), MOST_LISTED)
            )
        return self._listed[student]

    def _group(self) -> set[int]:
        """Students around one with a break who meet the same companies, at random."""
        random, board = self._random, self._board
        pairs = board.instance.pairs
        met = [s for s, used in enumerate(board.used) if used]
        group = [random.choice([s for s in met if count_breaks(board.used[s])])]
        inside = set(group)
        for _ in range(20 * self._size):
            if len(group) >= min(self._size, len(met)):
                break
            pair = random.choice(list(board.meeting_at[random.choice(group)].values()))
            seated = board.seated[pairs[pair].company]
            student = pairs[random.choice([other for own in seated for other in own])].student
            if student not in inside:
                inside.add(student)
                group.append(student)
        return inside


def _with_current(
    board: Board, listed: list[Schedule], students: Iterable[int]
) -> tuple[list[Schedule], set[int]]:
    """Add every student's schedule of now where it is not listed; and the indexes of these."""
    current = {}
    for student in students:
        meetings = tuple((pair, slot) for slot, pair in sorted(board.meeting_at[student].items()))
        breaks = count_breaks(board.used[student])
        current[student] = Schedule(student, breaks, meetings)
    known = set(listed)
    missing = [own for own in current.values() if own not in known]
    schedules = sorted([*listed, *missing], key=lambda schedule: schedule.student)
    now = set(current.values())
    return schedules, {index for index, own in enumerate(schedules) if own in now}

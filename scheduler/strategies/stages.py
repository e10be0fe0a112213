"""The stages of a solve, in order, each handing on what it learnt.

allocate -> place -> (place with CP-SAT -> search) -> comfort. Everything is said in messages, so
that a solve that is stopped has lost nothing it had found.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random

from scheduler.model import Begun, Event, Meeting, Progress, Timetable
from scheduler.model.order import in_solving_order
from scheduler.objective import CHANGES, LEVEL_NAMES, score
from scheduler.sentence import say
from scheduler.strategies.allocation import Allocation, allocate
from scheduler.strategies.base import (
    Bound,
    BreaksBefore,
    Clock,
    Emit,
    Incumbent,
    Note,
    Settings,
    StageTime,
    entries,
)
from scheduler.strategies.board import Board
from scheduler.strategies.colouring import place
from scheduler.strategies.comfort import PHASES, Costs, improve_comfort
from scheduler.strategies.comfort.schedules import Schedules
from scheduler.strategies.ejection import place_by_ejection
from scheduler.strategies.equally_good import Choices, equally_good
from scheduler.strategies.instance import Instance, build_instance
from scheduler.strategies.keeping import Keeping, keep_most
from scheduler.strategies.rooms import choose_rooms, places
from scheduler.strategies.seating import tables_of

CUT_SHORT = say(
    "Fewer breaks were still being found when the time for them ended; "
    "solving again may seat some students in other slots."
)
TRIES_PER_S, TRIES_PER_S_AND_MEETING = 50_000, 120
"""Moves that comfort tries per second allowed: a quarter of what one core of 2024 tries, so that
the same settings give the same timetable on most machines; fewer where there is little to move."""
DEEPER_FROM_S = 4.0
"""Comfort's time from which CP-SAT is worth its import (0.3 s) and a few rounds."""
BOUND_SHARE, GROUPS_SHARE = 0.4, 0.3
"""Of what is left, the most that the bound may take; of comfort's time, CP-SAT's effort."""
PLACING_SHARE = 0.25
"""Share of the time limit that CP-SAT may spend on placing the flow's own allocation."""


def run(event: Event, settings: Settings, emit: Emit, begun: Begun | None = None) -> None:
    """Solve a valid event, or the rest of a day, and say everything through ``emit``.

    Notes
    -----
    Levels 1 to 3 are optimal if the allocation can be placed; else as good as CP-SAT proves in
    time. Level 4 is a heuristic over equally good allocations, with a bound where there is time. In
    a repair the meetings that can stay are pinned before all of that (`keeping`).
    """
    _Solve(event, settings, emit, begun).run()


class _Solve:
    def __init__(self, event: Event, settings: Settings, emit: Emit, begun: Begun | None) -> None:
        self._begun = begun
        self._event = in_solving_order(event, settings.seed)
        self._settings = settings
        self._emit = emit
        self._clock = Clock(settings)

    def run(self) -> None:
        """Go through the stages until one has an answer."""
        with self._stage("allocate"):
            instance = build_instance(self._event, self._begun)
            keeping = None if self._begun is None else keep_most(instance)
            if keeping is None:
                allocation = allocate(instance)
                self._say_bounds(allocation)
            else:
                allocation = self._allocate_rest(keeping)
                instance = keeping.choose(allocation.pairs)
        with self._stage("place"):
            rooms = choose_rooms(instance, allocation.pairs)
            board, left = None, allocation.pairs
            if rooms is not None:
                board, left = place(instance, allocation.pairs, rooms)
                if left:
                    board, left = place_by_ejection(board, left, seed=self._settings.seed)
                if not any(instance.pairs[pair].is_pinned for pair in left):
                    self._found(instance, board.slot_of, rooms)
        is_open = keeping is not None and not keeping.is_certain
        if left or board is None or is_open:
            board = self._search(instance, allocation, board, keeping)
        if board is not None:
            self._comfort(board, allocation)

    def _allocate_rest(self, keeping: Keeping) -> Allocation:
        """Choose who meets beside what is kept; its levels are bounds where that is certain."""
        self._emit(Bound((), -keeping.least_changes))
        elapsed = self._clock.elapsed_s()
        self._emit(Progress("keep", elapsed, CHANGES, bound=keeping.least_changes))
        allocation = allocate(keeping.kept)
        if keeping.is_certain:
            self._say_bounds(allocation, -keeping.least_changes)
        return allocation

    def _search(
        self,
        instance: Instance,
        allocation: Allocation,
        board: Board | None,
        keeping: Keeping | None,
    ) -> Board | None:
        from scheduler.strategies.cpsat.levels import search_levels  # slow to import

        with self._stage("search"):
            found = search_levels(
                instance,
                allocation,
                board,
                keeping=keeping,
                clock=self._clock,
                placing_s=self._settings.time_limit_s * PLACING_SHARE,
                emit=self._emit,
                found=lambda slots, rooms: self._found(instance, slots, rooms),
            )
        if found is None:
            return None
        if keeping is not None:
            instance = keeping.around(found.slots)
        board = Board(instance, found.rooms)
        for pair, slot in found.slots.items():
            board.place(pair, slot)
        return board

    def _comfort(self, board: Board, allocation: Allocation) -> None:
        with self._stage("comfort"):
            breaks, *_ = Costs(board).total()
            self._emit(BreaksBefore(breaks))
            seconds, seed = self._settings.comfort_s, self._settings.seed
            until = time.monotonic() + min(seconds, self._clock.left_s())
            tries = int(seconds * min(TRIES_PER_S, TRIES_PER_S_AND_MEETING * len(board.slot_of)))
            board, is_done = improve_comfort(board, until=until, tries=tries, seed=seed)
            breaks = self._say_breaks(board)
            if breaks and is_done and seconds >= DEEPER_FROM_S and self._begun is None:
                is_done = self._seat_groups(board, allocation, until)
                self._say_breaks(board)
                board, is_fine = improve_comfort(
                    board, until=until, tries=tries // 4, seed=seed, phases=PHASES[1:]
                )
                is_done &= is_fine
                self._say_breaks(board)
            if not is_done:
                self._emit(Note(CUT_SHORT))

    def _seat_groups(self, board: Board, allocation: Allocation, until: float) -> bool:
        """Seat groups of students at best, and bound the breaks; False when the time ended it."""
        from scheduler.strategies.comfort.groups import Groups, fewest  # imports CP-SAT: slow

        instance, started = board.instance, time.monotonic()
        bound = 0
        choices = Choices(frozenset(board.slot_of), frozenset())
        row = (*allocation.guaranteed, allocation.company_minimum, allocation.preferences)
        timetable = timetable_of(instance, board.slot_of, board.rooms)
        is_optimal = entries(score(self._event, timetable)) == row
        if is_optimal:
            choices = equally_good(instance, allocation.guaranteed)
        if is_optimal:
            anywhere = Schedules(instance, instance.room_of, choices)
            proof_ends = started + BOUND_SHARE * (until - started)
            bound = fewest(board, anywhere, lambda: time.monotonic() > proof_ends)
            self._emit(Bound(row, -bound))
        listing = Schedules(instance, board.rooms, choices)
        groups = Groups(board, listing, Random(self._settings.seed))  # noqa: S311  # no secret
        return groups.improve(GROUPS_SHARE * self._settings.comfort_s, until, bound)

    def _say_breaks(self, board: Board) -> int:
        self._found(board.instance, board.slot_of, board.rooms)
        breaks, *_ = Costs(board).total()
        self._emit(Progress("comfort", self._clock.elapsed_s(), LEVEL_NAMES[3], breaks))
        return breaks

    def _say_bounds(self, allocation: Allocation, *above: int) -> None:
        row = (*above, *allocation.guaranteed, allocation.company_minimum, allocation.preferences)
        for index in range(len(above), len(row)):
            self._emit(Bound(row[:index], row[index]))
        elapsed = self._clock.elapsed_s()
        self._emit(Progress("allocate", elapsed, LEVEL_NAMES[2], bound=allocation.preferences))

    def _found(self, instance: Instance, slots: Mapping[int, int], rooms: Sequence[int]) -> None:
        timetable = timetable_of(instance, slots, rooms)
        self._emit(Incumbent(timetable))

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        self._emit(Progress(name, self._clock.elapsed_s()))
        yield
        self._emit(StageTime(name, time.monotonic() - started))


def timetable_of(instance: Instance, slots: Mapping[int, int], rooms: Sequence[int]) -> Timetable:
    """Name the meetings and seat each turn's students at its tables."""
    event = instance.event
    standing = places(instance, rooms)
    tables = tables_of(instance, slots)
    meetings = []
    for pair, slot in slots.items():
        own = instance.pairs[pair]
        place = standing[own.company]
        table = place.first_table + tables[pair]
        student = event.students[own.student]
        meetings.append(Meeting(slot, place.room_id, table, student.student_id, place.company_id))
    return Timetable(tuple(meetings), standing)

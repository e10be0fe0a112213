"""When the flow's allocation finds no slots: bounds with slots, and CP-SAT over all pairs.

The linear relaxation says what can still be reached and which meetings cannot be part of it; CP-SAT
looks for a timetable that does, among the others. Else neighbourhoods and the whole model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from scheduler.model import Progress
from scheduler.objective import CHANGES, LEVEL_NAMES
from scheduler.strategies.allocation import Allocation, allocate
from scheduler.strategies.base import Bound, Clock, Emit, Infeasible
from scheduler.strategies.board import Board
from scheduler.strategies.cpsat.bounds import Aim, Bounds, rounded
from scheduler.strategies.cpsat.neighbourhood import improve_levels
from scheduler.strategies.cpsat.search import (
    Answer,
    LevelSearch,
    Limits,
    Placement,
    place_exactly,
    place_levels,
)
from scheduler.strategies.instance import Instance
from scheduler.strategies.keeping import Keeping
from scheduler.strategies.relaxation import Relaxed

IMPROVING_SHARE = 0.15
"""Share of the time left that goes into neighbourhoods before the whole model is searched."""
SMALL = 2_000
"""Pairs left to decide in a repair, below which the whole model alone is proven soonest."""
SURE = 0.5
"""Share of a meeting in the relaxation above which it is hinted to the search."""
Found = Callable[[Mapping[int, int], tuple[int, ...]], None]


def search_levels(
    instance: Instance,
    allocation: Allocation,
    board: Board | None,
    *,
    keeping: Keeping | None = None,
    clock: Clock,
    placing_s: float,
    emit: Emit,
    found: Found,
) -> Placement | None:
    """Place the allocation, or optimise the levels over all pairs.

    Parameters
    ----------
    board
        What greedy placed, a start for the search; None when no rooms were found.
    keeping
        In a repair, where ``instance`` has what is kept pinned. The search over all pairs may keep
        others.
    placing_s
        Seconds for placing the allocation itself.
    found
        Told of every better timetable.

    Returns
    -------
    Placement or None
        The best found; None when there is none, or none in time.
    """
    search = _Search(instance, keeping, clock, emit, found)
    aim = search.aim(allocation) if keeping is None else None
    hint = None if board is None else Placement(board.slot_of, board.rooms)
    if keeping is not None and board is not None and len(keeping.kept.open_pairs()) < SMALL:
        return search.optimise(allocation, hint)
    if aim is None:
        placed = search.place(allocation, hint, placing_s)
    else:
        placed = search.reach(aim, placing_s)
    if placed is not None and (keeping is None or keeping.is_certain):
        return placed
    if placed is not None:
        hint = placed
    elif board is not None:
        hint = search.improve(allocation, board, aim)
    return search.optimise(allocation, hint)


class _Search:
    def __init__(
        self,
        instance: Instance,
        keeping: Keeping | None,
        clock: Clock,
        emit: Emit,
        found: Found,
    ) -> None:
        self._instance = instance
        self._keeping = keeping
        self._whole = instance if keeping is None else keeping.whole
        self._first = 0 if keeping is None else 1
        self._relaxed: dict[bool, Allocation] = {}
        self._bounds = Bounds(instance, clock)
        self._clock = clock
        self._emit = emit
        self._found = found

    def _limits(self, seconds: float, *, is_second: bool = False) -> Limits:
        settings = self._clock.settings
        return Limits(
            seconds=min(seconds, self._clock.left_s()),
            workers=settings.workers,
            seed=settings.seed + 1 if is_second else settings.seed,
            with_presolve=not is_second,
        )

    def place(
        self, allocation: Allocation, hint: Placement | None, seconds: float
    ) -> Placement | None:
        """Place the flow's allocation: in the hinted rooms, then in any."""
        if hint is None:
            hint = Placement({}, ())
            choices = [False]
        else:
            is_free = None in self._instance.room_of and not self._instance.places
            choices = [True, False] if is_free else [True]
        for is_room_fixed in choices:
            limits = self._limits(seconds / len(choices))
            answer, placed = place_exactly(
                self._instance, allocation.pairs, hint, limits, is_room_fixed=is_room_fixed
            )
            if answer is Answer.FOUND and placed is not None:
                self._found(placed.slots, placed.rooms)
                return placed
        return None

    def aim(self, allocation: Allocation) -> Aim | None:
        """Say the bounds of the relaxation, and what a timetable that reaches them can hold."""
        aim = self._bounds.aim(lambda *at: self._flow_bound(allocation, *at))
        if aim is not None:
            for entry, bound in enumerate(aim.row):
                self._emit(Bound(aim.row[:entry], bound))
            now = self._clock.elapsed_s()
            self._emit(Progress("search", now, LEVEL_NAMES[2], bound=aim.row[-1]))
        return aim

    def reach(self, aim: Aim, seconds: float) -> Placement | None:
        """Look for a timetable that reaches the bounds, among the meetings it can hold."""
        hint = {pair: slot for (pair, slot), share in aim.values.items() if share > SURE}
        narrow = aim.narrow(self._instance)
        answer, placed = place_levels(narrow, aim.row, hint, self._limits(seconds))
        if answer is Answer.FOUND and placed is not None:
            self._found(placed.slots, placed.rooms)
            return placed
        return None

    def improve(self, allocation: Allocation, board: Board, aim: Aim | None) -> Placement:
        """Better the first timetable in small neighbourhoods, for a share of the time."""
        row = (*allocation.guaranteed, allocation.company_minimum, allocation.preferences)
        if aim is not None:
            row = aim.row
            board = self._better(board, rounded(self._instance, board.rooms, aim))
        hint = Placement(board.slot_of, board.rooms)
        if not self._is_whole(hint):
            return hint
        least_s = self._clock.left_s() * (1 - IMPROVING_SHARE)

        def found(better: Board) -> None:
            self._found(better.slot_of, better.rooms)
            value = self._row(Placement(better.slot_of, better.rooms))[-1]
            now = self._clock.elapsed_s()
            self._emit(Progress("search", now, LEVEL_NAMES[2], value, row[-1]))

        board = improve_levels(
            board,
            row,
            seed=self._clock.settings.seed,
            left_s=lambda: self._clock.left_s() - least_s,
            found=found,
        )
        return Placement(board.slot_of, board.rooms)

    def _better(self, board: Board, other: Board) -> Board:
        """The other board where it has every pin and higher levels."""
        one, two = (Placement(own.slot_of, own.rooms) for own in (board, other))
        if not self._is_whole(two) or (self._is_whole(one) and self._row(one) >= self._row(two)):
            return board
        self._found(other.slot_of, other.rooms)
        return other

    def optimise(self, allocation: Allocation, hint: Placement | None) -> Placement | None:
        """Raise the levels one entry after another over all pairs."""
        search = LevelSearch(self._whole, hint)
        last = self._first + len(allocation.guaranteed) + 1
        reached: list[int] = []
        for entry in range(last + 1):
            bound = self._bound(allocation, tuple(reached), entry)
            if bound is not None:
                search.limit(entry, bound)
                self._emit(Bound(tuple(reached), bound))
            start = self._value(search.best, entry, reached)
            relaxed = self._slots_bound(tuple(reached))
            if start is not None and relaxed is not None:
                search.exclude(at for at, most in relaxed.reach.items() if most < start)
            value = bound if start is not None and start == bound else None
            if value is None:
                value = self._raise(search, entry, reached, last)
            if value is None:
                value = start
            if value is None:
                return search.best if self._is_whole(search.best) else None
            search.hold(entry, value)
            reached.append(value)
        return search.best

    def _raise(self, search: LevelSearch, entry: int, reached: list[int], last: int) -> int | None:
        left = self._clock.left_s()
        seconds = left if entry == last else left / 2
        name = CHANGES if entry < self._first else LEVEL_NAMES[max(0, entry - last + 2)]

        best: list[int] = []

        def better(placement: Placement, value: int, bound: int) -> None:
            best.append(value)
            self._emit(Progress("search", self._clock.elapsed_s(), name, abs(value), abs(bound)))
            self._found(placement.slots, placement.rooms)

        def bounded(bound: int) -> None:
            self._say_bound(reached, bound)
            now = self._clock.elapsed_s()
            known = abs(best[-1]) if best else None
            self._emit(Progress("search", now, name, known, abs(bound)))

        limits = self._limits(seconds)
        answer, value, bound = search.maximise(entry, limits, better, bounded)
        if answer is Answer.IMPOSSIBLE and not reached:
            self._confirm()
        if bound is not None:
            self._say_bound(reached, bound)
        if search.best is not None and answer is Answer.FOUND:
            self._found(search.best.slots, search.best.rooms)
        return value

    def _say_bound(self, reached: list[int], bound: int) -> None:
        """Say what CP-SAT has shown, unless only for the rooms chosen for companies that came."""
        if not (self._whole.places and None in self._whole.room_of):
            self._emit(Bound(tuple(reached), bound))

    def _confirm(self) -> None:
        """Ask again with presolve off and another seed before saying that nothing exists."""
        again = LevelSearch(self._whole, None)
        answer, _, _ = again.maximise(
            0, self._limits(self._clock.left_s(), is_second=True), lambda *_: None
        )
        self._emit(Infeasible(is_confirmed=answer is Answer.IMPOSSIBLE))

    def _bound(self, allocation: Allocation, reached: tuple[int, ...], entry: int) -> int | None:
        """The best bound known on an entry, given what the entries above have reached."""
        bound = self._flow_bound(allocation, reached, entry)
        relaxed = self._slots_bound(reached)
        if relaxed is None:
            return bound
        return relaxed.bound if bound is None else min(bound, relaxed.bound)

    def _slots_bound(self, reached: tuple[int, ...]) -> Relaxed | None:
        """What the relaxation says; it does not know what a repair keeps."""
        return None if self._keeping is not None else self._bounds.relaxed(reached)

    def _flow_bound(
        self, allocation: Allocation, reached: tuple[int, ...], entry: int
    ) -> int | None:
        """The flow's bound on an entry, given what the entries above have reached."""
        instance = self._instance
        if self._keeping is not None:
            if entry == 0:
                return -self._keeping.least_changes
            is_most = self._keeping.is_certain and reached[0] == -self._keeping.least_changes
            instance = self._keeping.kept if is_most else self._keeping.whole
            if is_most not in self._relaxed:
                self._relaxed[is_most] = allocate(instance)
            allocation, reached, entry = self._relaxed[is_most], reached[1:], entry - 1
        guarantee = len(allocation.guaranteed)
        row = (*allocation.guaranteed, allocation.company_minimum, allocation.preferences)
        if reached == row[:entry]:
            return row[entry]
        if entry < guarantee:
            return None
        held = allocate(instance, held=reached[:guarantee])
        if entry == guarantee:
            return held.company_minimum
        if reached[guarantee] == held.company_minimum:
            return held.preferences
        return allocate(instance, held=reached[:guarantee], with_minimum=False).preferences

    def _value(self, placement: Placement | None, entry: int, reached: list[int]) -> int | None:
        """An entry of a placement that keeps what is reached; None when it does not."""
        if not self._is_whole(placement) or placement is None:
            return None
        row = self._row(placement)
        return row[entry] if list(row[:entry]) == reached else None

    def _is_whole(self, placement: Placement | None) -> bool:
        return placement is not None and all(
            index in placement.slots
            for index, pair in enumerate(self._whole.pairs)
            if pair.is_pinned
        )

    def _row(self, placement: Placement) -> tuple[int, ...]:
        instance = self._instance
        students = Counter(instance.pairs[pair].student for pair in placement.slots)
        companies = Counter(instance.pairs[pair].company for pair in placement.slots)
        guarantee = instance.event.rules.guaranteed_meetings_per_student
        changes = () if self._keeping is None else (-self._keeping.changes(placement.slots),)
        return (
            *changes,
            *(sum(1 for n in students.values() if n >= k) for k in range(1, guarantee + 1)),
            sum(min(companies[c], least) for c, least in enumerate(instance.company_min)),
            sum(instance.pairs[pair].weight for pair in placement.slots),
        )

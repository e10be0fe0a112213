"""Whether companies can stand in their rooms, for timetables that do not say where each stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

STATE_LIMIT = 200_000
"""States looked at before the search gives up; a day that is not built as a puzzle needs
about as many as there are tables."""


@dataclass(frozen=True, slots=True, order=True)
class UsedRun:
    """A company whose meetings use the tables ``first_used`` to ``last_used`` of a room."""

    first_used: int
    last_used: int
    tables: int


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room's tables, the companies that meet there, and the sizes of others bound to it."""

    tables: int
    used: tuple[UsedRun, ...]
    unused_sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    """A room filled up to ``table``, and the companies of each size still to stand."""

    room: int
    table: int
    used_done: int
    bound: tuple[int, ...]
    free: tuple[int, ...]


def can_stand(rows: Sequence[RoomRow], free_sizes: Sequence[int] = ()) -> bool:
    """Whether all companies can stand together table by table without overlap.

    Parameters
    ----------
    rows
        The rooms. Companies with meetings must cover the tables they use.
    free_sizes
        Tables of companies that may stand in any room.

    Notes
    -----
    A depth-first search fills each room from table 1, largest company first, and never looks at
    a state twice, so it is exact. Beyond `STATE_LIMIT` states it answers False.
    """
    if sum(map(_needed, rows)) + sum(free_sizes) > sum(row.tables for row in rows):
        return False
    search = _Search(rows, free_sizes)
    stack = [search.start()]
    seen = set(stack)
    while stack and len(seen) <= STATE_LIMIT:
        state = stack.pop()
        if state.room == len(rows):
            return True
        for following in search.steps(state):
            if following not in seen:
                seen.add(following)
                stack.append(following)
    return False


class _Search:
    def __init__(self, rows: Sequence[RoomRow], free_sizes: Sequence[int]) -> None:
        self.used = [tuple(sorted(row.used)) for row in rows]
        self.tables = [row.tables for row in rows]
        sizes = {size for row in rows for size in row.unused_sizes} | set(free_sizes)
        self.sizes = sorted(sizes)  # the last one pushed, the largest, is looked at first
        self.bound = [self._counts(row.unused_sizes) for row in rows]
        self.free = self._counts(free_sizes)

    def _counts(self, sizes: Sequence[int]) -> tuple[int, ...]:
        counted = Counter(sizes)
        return tuple(counted[size] for size in self.sizes)

    def start(self) -> _State:
        return _State(0, 1, 0, self.bound[0] if self.bound else (), self.free)

    def steps(self, state: _State) -> Iterator[_State]:
        """Yield the states after one more company, one empty table, or the end of the room."""
        used = self.used[state.room]
        if state.table > self.tables[state.room]:
            if state.used_done == len(used) and not any(state.bound):
                yield from self._next_room(state)
            return
        latest = self.tables[state.room] + 1
        if state.used_done < len(used):
            latest = used[state.used_done].first_used
        if state.table > latest:
            return
        yield _State(state.room, state.table + 1, state.used_done, state.bound, state.free)
        for kind, size in enumerate(self.sizes):
            after = state.table + size
            if after <= latest:
                if state.free[kind]:
                    free = _less_one(state.free, kind)
                    yield _State(state.room, after, state.used_done, state.bound, free)
                if state.bound[kind]:
                    bound = _less_one(state.bound, kind)
                    yield _State(state.room, after, state.used_done, bound, state.free)
        if state.used_done < len(used):
            run = used[state.used_done]
            after = state.table + run.tables
            if after > run.last_used and after <= self.tables[state.room] + 1:
                yield _State(state.room, after, state.used_done + 1, state.bound, state.free)

    def _next_room(self, state: _State) -> Iterator[_State]:
        room = state.room + 1
        if room < len(self.tables):
            yield _State(room, 1, 0, self.bound[room], state.free)
        elif not any(state.free):
            yield _State(room, 1, 0, (), ())


def _less_one(counts: tuple[int, ...], kind: int) -> tuple[int, ...]:
    return (*counts[:kind], counts[kind] - 1, *counts[kind + 1 :])


def _needed(row: RoomRow) -> int:
    return sum(run.tables for run in row.used) + sum(row.unused_sizes)

"""Whether companies can stand side by side: against every arrangement of small rooms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.verify.standing import RoomRow, UsedRun, can_stand


def every_arrangement(rows: Sequence[RoomRow], free_sizes: Sequence[int]) -> Iterator[None]:
    """Yield once per arrangement, by trying every place of every company."""
    options: list[list[set[tuple[int, int]]]] = []
    for room, row in enumerate(rows):
        for run in row.used:
            places = _places(room, row, run.tables)
            options.append(
                [p for p in places if {(room, run.first_used), (room, run.last_used)} <= p]
            )
        options += [_places(room, row, size) for size in row.unused_sizes]
    for size in free_sizes:
        options.append([p for room, row in enumerate(rows) for p in _places(room, row, size)])
    yield from _choose(options, set())


def _places(room: int, row: RoomRow, size: int) -> list[set[tuple[int, int]]]:
    return [
        {(room, table) for table in range(first, first + size)}
        for first in range(1, row.tables - size + 2)
    ]


def _choose(
    options: list[list[set[tuple[int, int]]]], taken: set[tuple[int, int]]
) -> Iterator[None]:
    if not options:
        yield None
        return
    for place in options[0]:
        if not place & taken:
            yield from _choose(options[1:], taken | place)


@st.composite
def rooms(draw: st.DrawFn) -> RoomRow:
    tables = draw(st.integers(0, 6))
    used = []
    first = 1
    while first <= tables and len(used) < 3 and draw(st.booleans()):
        start = draw(st.integers(first, tables))
        size = draw(st.integers(1, 3))
        last = draw(st.integers(start, min(tables, start + size - 1)))
        used.append(UsedRun(start, last, size))
        first = last + 1
    unused = draw(st.lists(st.integers(1, 3), max_size=2))
    return RoomRow(tables, tuple(used), tuple(unused))


@given(st.lists(rooms(), min_size=1, max_size=2), st.lists(st.integers(1, 3), max_size=2))
@settings(max_examples=300, deadline=None)
def test_can_stand_agrees_with_every_arrangement(
    rows: list[RoomRow], free_sizes: list[int]
) -> None:
    exists = next(every_arrangement(rows, free_sizes), "none") is None
    assert can_stand(rows, free_sizes) == exists


def test_can_stand_fills_a_large_hall() -> None:
    """A hall of 1,000 tables without one to spare, no table used yet, is filled."""
    assert can_stand([RoomRow(1000, (), (1, 2, 3) * 150)], [1, 2, 2, 5] * 10)
    assert not can_stand([RoomRow(999, (), (1, 2, 3) * 150)], [1, 2, 2, 5] * 10)


def test_can_stand_without_a_room_holds_nobody() -> None:
    assert can_stand([], [])
    assert not can_stand([], [1])

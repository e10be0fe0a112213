"""Rooms for the companies that have none, and table numbers for all.

One room per company, all its tables together, so packing tables into rooms is bin packing
(NP-hard). A greedy by size with the lightest room first almost always packs; where it does not,
CP-SAT decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scheduler.model import Place
from scheduler.strategies.instance import Instance


def choose_rooms(instance: Instance, pairs: Sequence[int]) -> tuple[int, ...] | None:
    """Pick a room for every company and balance the expected load; who stands already stays.

    Parameters
    ----------
    pairs
        The allocation, whose meetings per company are the load.

    Returns
    -------
    tuple of int or None
        Room index per company; None when this greedy finds no packing (CP-SAT may).
    """
    event = instance.event
    if instance.places:
        index = {room.room_id: number for number, room in enumerate(event.rooms)}
        return tuple(index[place.room_id] for place in instance.places)
    meetings = Counter(instance.pairs[pair].company for pair in pairs)
    chosen: list[int | None] = list(instance.room_of)
    left = [room.tables for room in event.rooms]
    load = [0] * len(event.rooms)
    for company, room in enumerate(chosen):
        if room is not None:
            left[room] -= event.companies[company].tables
            load[room] += meetings[company]
    homeless = [company for company, room in enumerate(chosen) if room is None]
    homeless.sort(key=lambda c: (-event.companies[c].tables, -meetings[c], c))
    for company in homeless:
        tables = event.companies[company].tables
        fitting = [room for room, free in enumerate(left) if free >= tables]
        if not fitting:
            return None
        room = min(fitting, key=lambda r: (_strain(instance, r, load[r] + meetings[company]), r))
        chosen[company] = room
        left[room] -= tables
        load[room] += meetings[company]
    return tuple(room for room in chosen if room is not None)


def _strain(instance: Instance, room: int, load: int) -> float:
    """Meetings as a share of what the room can hold (its tables where it has no limit)."""
    own = instance.event.rooms[room]
    size = own.tables if own.capacity is None else own.capacity
    return load / size if size else float("inf")


def places(instance: Instance, rooms: Sequence[int]) -> tuple[Place, ...]:
    """Number the tables of each room in the companies' order, without gaps; or who stands stays."""
    if instance.places:
        return instance.places
    event = instance.event
    following = [1] * len(event.rooms)
    result = []
    for company, room in zip(event.companies, rooms, strict=True):
        result.append(Place(company.company_id, event.rooms[room].room_id, following[room]))
        following[room] += company.tables
    return tuple(result)

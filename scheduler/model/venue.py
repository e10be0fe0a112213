"""Rooms, their tables and buildings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

RoomId = NewType("RoomId", str)


@dataclass(frozen=True, slots=True)
class Room:
    """A room in which tables stand, numbered from 1.

    Parameters
    ----------
    tables
        How many tables fit.
    capacity
        Students seated at meetings at once; None is no limit.
    building
        Rooms of the same building need no walking time; the empty name is one building.
    """

    room_id: RoomId
    tables: int
    name: str = ""
    building: str = ""
    capacity: int | None = None

    @property
    def label(self) -> str:
        """The name people know, or the id."""
        return self.name or self.room_id

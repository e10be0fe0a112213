"""Choosing one schedule per student: what ties the students together.

Seats of a turn, seated students of a room, a company's maximum, and the entries of levels 1 and 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.strategies.board import Board
from scheduler.strategies.comfort.schedules import Schedule, Schedules

Row = tuple[str, int, int]
"""What it limits, of whom (or how many meetings), in which slot."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Right side of a row; ``is_equal`` where the sum has to be it, else at most."""

    value: int
    is_equal: bool = False


class Master:
    """Rows and schedules of some students, around all others where they sit now.

    Attributes
    ----------
    schedules
        All listed, by student in order.
    limits
        By row.
    """

    def __init__(
        self,
        board: Board,
        listing: Schedules,
        schedules: Sequence[Schedule],
        *,
        with_minimums: bool,
    ) -> None:
        """Parameters and rows.

        Parameters
        ----------
        schedules
            By student in order; the students are free, all others stay.
        with_minimums
            Also keep the meetings of every company that asks for a minimum, and with them level 2.
            The bound is then none for timetables that differ there.
        """
        self.board, self.listing = board, listing
        self.schedules = schedules
        self.students = sorted({own.student for own in schedules})
        self.guarantee = board.instance.event.rules.guaranteed_meetings_per_student
        self.limits = self._limits(with_minimums)

    def rows_of(self, schedule: Schedule) -> list[tuple[Row, int]]:
        """Rows that a schedule counts in, and by how much."""
        pairs, listing = self.board.instance.pairs, self.listing
        rows: list[tuple[Row, int]] = []
        for pair, slot in schedule.meetings:
            company = pairs[pair].company
            rows.append((("seats", company, slot), 1))
            room = listing.rooms[company]
            if room is not None and ("room", room, slot) in self.limits:
                rows.append((("room", room, slot), 1))
            if ("company", company, 0) in self.limits:
                rows.append((("company", company, 0), 1))
        if listing.open[schedule.student]:
            points = sum(pairs[pair].weight for pair, _ in schedule.meetings)
            rows.append((("points", 0, 0), points))
            for k in range(1, min(self.guarantee, len(schedule.meetings)) + 1):
                rows.append((("reached", k, 0), 1))
        return rows

    def _limits(self, with_minimums: bool) -> dict[Row, Limit]:
        board, listing = self.board, self.listing
        instance, pairs = board.instance, board.instance.pairs
        rooms = instance.event.rooms
        current = [
            Schedule(s, 0, tuple((pair, slot) for slot, pair in board.meeting_at[s].items()))
            for s in self.students
        ]
        limits: dict[Row, Limit] = {}
        for company, seats in enumerate(instance.company_seats):
            for slot, own in enumerate(board.seated[company]):
                limits["seats", company, slot] = Limit(seats - len(own))
        for room in board.tight_rooms:
            for slot in range(instance.n_slots):
                inside = [c for c, at in enumerate(listing.rooms) if at == room]
                seated = sum(len(board.seated[company][slot]) for company in inside)
                limits["room", room, slot] = Limit((rooms[room].capacity or 0) - seated)
        for company in {pairs[pair].company for s in self.students for pair in listing.open[s]}:
            is_equal = with_minimums and instance.company_min[company] > 0
            met = sum(map(len, board.seated[company]))
            most = 0 if is_equal else instance.company_max[company] - met
            limits["company", company, 0] = Limit(most, is_equal)
        if any(listing.open[s] for s in self.students):
            limits["points", 0, 0] = Limit(0, is_equal=True)
            limits |= {("reached", k, 0): Limit(0, True) for k in range(1, self.guarantee + 1)}
        self.limits = limits
        for schedule in current:  # what they use now is theirs to use
            for row, factor in self.rows_of(schedule):
                limits[row] = Limit(limits[row].value + factor, limits[row].is_equal)
        return limits

"""What a board costs in comfort, kept by student and company and renewed where it changes."""

from __future__ import annotations

from collections.abc import Iterable

from scheduler.strategies.board import Board

BROKEN = 1_000_000
"""Cost of slots that no student may have: more than any number of breaks."""

Total = tuple[int, int, int]
"""Breaks of students, breaks of companies, changes of room: the first that differs decides."""


def count_breaks(used: int) -> int:
    """Idle runs between the first and last slot of a mask: its runs of ones, less one."""
    return (used & ~(used << 1)).bit_count() - 1 if used else 0


class Costs:
    """The three goals of comfort on one board.

    Attributes
    ----------
    breaks
        Of a student with these slots (a mask), by mask; more than any sum for slots that
        ``max_in_a_row`` forbids.
    students, companies, changes
        Breaks of each student and of each company, and each student's changes of room, as they
        were when last counted.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._rows = [sum(1 << slot for slot in row) for row in board.instance.rows()]
        self._has_rooms = len(set(board.rooms)) > 1
        self._company_of = [pair.company for pair in board.instance.pairs]
        self.breaks = _Breaks(self._rows)
        self.students = [count_breaks(used) for used in board.used]
        self.companies = [self.of_company(c) for c in range(len(board.seated))]
        self.changes = [self.of_rooms(s) for s in range(len(board.used))]
        self._total = sum(self.students), sum(self.companies), sum(self.changes)

    def total(self) -> Total:
        """The goals of the whole board, as last counted."""
        return self._total

    def of_company(self, company: int) -> int:
        """Breaks of a company now."""
        seated = self._board.seated[company]
        return count_breaks(sum(1 << slot for slot, own in enumerate(seated) if own))

    def of_rooms(self, student: int) -> int:
        """Consecutive meetings of a student now that are in two rooms."""
        if not self._has_rooms:
            return 0
        rooms, company_of = self._board.rooms, self._company_of
        visited = [
            rooms[company_of[pair]] for _, pair in sorted(self._board.meeting_at[student].items())
        ]
        return sum(map(int.__ne__, visited, visited[1:]))

    def change(self, students: Iterable[int], companies: Iterable[int]) -> Total:
        """How the goals have changed where a move touched them, since they were last counted."""
        used = self._board.used
        return (
            sum(self.breaks[used[s]] - self.students[s] for s in students),
            sum(self.of_company(c) - self.companies[c] for c in companies),
            sum(self.of_rooms(s) - self.changes[s] for s in students),
        )

    def count(self, students: Iterable[int], companies: Iterable[int]) -> None:
        """Count anew where a move touched the board."""
        breaks, company_breaks, changes = self.change(students, companies)
        old = self._total
        self._total = old[0] + breaks, old[1] + company_breaks, old[2] + changes
        used = self._board.used
        for student in students:
            self.students[student] = self.breaks[used[student]]
            self.changes[student] = self.of_rooms(student)
        for company in companies:
            self.companies[company] = self.of_company(company)


class _Breaks(dict[int, int]):
    """Breaks by mask, counted when first asked for."""

    def __init__(self, rows: list[int]) -> None:
        super().__init__()
        self._rows = rows

    def __missing__(self, used: int) -> int:
        is_broken = any(used & row == row for row in self._rows)
        self[used] = breaks = BROKEN if is_broken else count_breaks(used)
        return breaks

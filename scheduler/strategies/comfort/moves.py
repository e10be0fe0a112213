"""Moves between timetables that are equal on levels 1 to 3: chains and exchanges of pairs.

Both are found by reading the board; rooms, walking time and rows are left to ``fits``.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from scheduler.strategies.board import Board
from scheduler.strategies.comfort.costs import Costs

LONGEST = 8
"""Meetings in one chain; longer ones are hardly ever accepted."""

_Step = tuple[int, int, bool]
"""A pair, its new slot, and whether its company sends it (else its student is needed elsewhere)."""


@dataclass(frozen=True, slots=True)
class Move:
    """Pairs to take off, and pairs to place with their slots."""

    out: list[int]
    into: list[tuple[int, int]]


class Moves:
    """Random moves on one board."""

    def __init__(self, board: Board, costs: Costs, random: Random) -> None:
        self._board = board
        self._costs = costs
        self._random = random.random
        self._pairs = board.instance.pairs
        self._pair_of: dict[tuple[int, int], int] = {}
        self._wishes: list[list[int]] = [[] for _ in board.used]
        for index, pair in enumerate(self._pairs):
            self._pair_of[pair.student, pair.company] = index
            self._wishes[pair.student].append(index)

    def chain(self, pair: int, there: int, limit: float) -> Move | None:
        """Move a pair into another slot, and others back and forth until all have a seat.

        Parameters
        ----------
        limit
            Most by which the students' breaks may grow.

        Notes
        -----
        A Kempe chain between two slots: whoever is in the way in one goes to the other. Where a
        turn is full, one of its students is chosen at random.
        """
        own, here = self._pairs[pair], self._board.slot_of[pair]
        if here == there or not own.slots >> there & 1:
            return None
        growth = self._change(own.student, here, there)
        if growth > limit + 1:
            return None
        into, companies = [(pair, there)], {own.company}
        waiting = self._sent(own.company, there, here) + self._met(own.student, there, here)
        while waiting:
            moved, slot, is_sent = waiting.pop()
            other, left = self._pairs[moved], here + there - slot
            if not other.slots >> slot & 1 or len(into) >= LONGEST:
                return None
            into.append((moved, slot))
            if is_sent:
                growth += self._change(other.student, left, slot)
                if growth > limit + 2:
                    return None
                waiting += self._met(other.student, slot, left)
            elif other.company in companies:
                return None
            else:
                companies.add(other.company)
                waiting += self._sent(other.company, slot, left)
        return Move([moved for moved, _ in into], into) if growth <= limit else None

    def _change(self, student: int, here: int, there: int) -> int:
        """Breaks gained when the student's meeting moves; 0 when two meetings change places."""
        used = self._board.used[student]
        if used >> there & 1:
            return 0
        breaks = self._costs.breaks
        return breaks[used ^ 1 << here ^ 1 << there] - breaks[used]

    def _sent(self, company: int, slot: int, to: int) -> list[_Step]:
        """Who leaves the company's turn for one more, at random; nobody where a seat is free."""
        if self._board.has_seat(company, slot):
            return []
        return [(self._seated(company, slot), to, True)]

    def _met(self, student: int, slot: int, to: int) -> list[_Step]:
        """The student's own meeting in a slot that another takes."""
        met = self._board.meeting_at[student].get(slot)
        return [] if met is None else [(met, to, False)]

    def exchange(self, pair: int, there: int, limit: float) -> Move | None:
        """Let two students exchange companies at an equal sum of weights.

        The student of ``pair`` takes a seat in slot ``there`` at another company it wishes, whose
        student comes to the pair's seat. Degrees of all, the seats taken and the sum of weights
        stay, so levels 1 to 3 do.
        """
        board, pairs = self._board, self._pairs
        own = pairs[pair]
        wishes = self._wishes[own.student]
        mine = wishes[int(self._random() * len(wishes))]
        wished = pairs[mine]
        seated = board.seated[wished.company][there]
        if mine in board.slot_of or own.is_pinned or not seated:
            return None
        rival = seated[int(self._random() * len(seated))]
        other = pairs[rival]
        theirs = self._pair_of.get((other.student, own.company))
        if theirs is None or theirs in board.slot_of or other.is_pinned:
            return None
        if own.weight + other.weight != wished.weight + pairs[theirs].weight:
            return None
        here = board.slot_of[pair]
        if here != there:
            growth = self._change(own.student, here, there)
            growth += self._change(other.student, there, here)
            if growth > limit:
                return None
        return Move([pair, rival], [(mine, there), (theirs, here)])

    def _seated(self, company: int, slot: int) -> int:
        seated = self._board.seated[company][slot]
        return seated[int(self._random() * len(seated))]

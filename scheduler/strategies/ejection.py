"""Placing what greedy and chains left, under every rule: a tabu search over partial timetables.

A meeting that found no slot is put into one all the same, and those that stand in its way by any
rule are taken off and wait for a slot themselves. What was taken off a slot may not return to it
for a while. Heuristic: what it cannot place may still have a slot.

References
----------
I. Blöchliger, N. Zufferey (2008), A graph coloring heuristic using partial solutions and a reactive
tabu scheme, Computers & Operations Research 35: PartialCol.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from scheduler.strategies.board import Board, bits

MOVES = 3_000
SAMPLE = 6
"""Waiting meetings looked at for one move."""
SHORTEST, LONGEST = 1, 10
TENURE_PER_WAITING = 0.6
"""Length of a tabu in moves: a random part, and so much per waiting meeting, as in the paper."""

Move = tuple[int, int, list[int]]


def place_by_ejection(
    board: Board, waiting: Sequence[int], *, seed: int, moves: int = MOVES
) -> tuple[Board, tuple[int, ...]]:
    """Seat the waiting pairs by moving others.

    Parameters
    ----------
    board
        Breaks no rule; used up by the search.
    moves
        At most so many.

    Returns
    -------
    Board, tuple of int
        The fullest board met, which breaks no rule, and the pairs it leaves out; pins are left out
        only when no board with all of them was met.

    Notes
    -----
    The same board, pairs and seed give the same result, however fast the machine is.
    """
    return _Search(board, waiting, Random(seed)).run(moves)  # noqa: S311  # no secret


class _Search:
    def __init__(self, board: Board, waiting: Sequence[int], random: Random) -> None:
        self._board = board
        self._waiting = list(waiting)
        self._random = random
        self._tabu: dict[tuple[int, int], int] = {}
        self._best = (self._cost(), dict(board.slot_of), tuple(waiting))

    def run(self, moves: int) -> tuple[Board, tuple[int, ...]]:
        for number in range(moves):
            if not self._waiting:
                break
            move = self._choose(number)
            if move is not None:
                self._make(move, number)
        _, slots, left = self._best
        best = Board(self._board.instance, self._board.rooms)
        for pair, slot in slots.items():
            best.place(pair, slot)
        return best, left

    def _cost(self) -> tuple[int, int]:
        pairs = self._board.instance.pairs
        return sum(pairs[pair].is_pinned for pair in self._waiting), len(self._waiting)

    def _choose(self, number: int) -> Move | None:
        """A move that takes the fewest meetings off; pins are seated first."""
        pairs = self._board.instance.pairs
        urgent = [pair for pair in self._waiting if pairs[pair].is_pinned] or self._waiting
        if len(urgent) > SAMPLE:
            urgent = self._random.sample(urgent, SAMPLE)
        fewest = len(pairs)
        found: list[Move] = []
        for pair in urgent:
            for slot in bits(pairs[pair].slots):
                out = self._board.blockers(pair, slot, self._random.choice)
                if out is None or len(out) > fewest or self._is_tabu(pair, slot, number, out):
                    continue
                if len(out) < fewest:
                    fewest, found = len(out), []
                found.append((pair, slot, out))
        return self._random.choice(found) if found else None

    def _is_tabu(self, pair: int, slot: int, number: int, out: list[int]) -> bool:
        would_wait = len(self._waiting) - 1 + len(out)
        return self._tabu.get((pair, slot), -1) >= number and would_wait >= self._best[0][1]

    def _make(self, move: Move, number: int) -> None:
        pair, slot, out = move
        for other in out:
            left = self._board.remove(other)
            self._waiting.append(other)
            tenure = self._random.randint(SHORTEST, LONGEST)
            tenure += int(TENURE_PER_WAITING * len(self._waiting))
            self._tabu[other, left] = number + tenure
        self._board.place(pair, slot)
        self._waiting.remove(pair)
        cost = self._cost()
        if cost < self._best[0]:
            self._best = (cost, dict(self._board.slot_of), tuple(self._waiting))

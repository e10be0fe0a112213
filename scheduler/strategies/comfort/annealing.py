"""Simulated annealing over timetables that are equal on levels 1 to 3. Heuristic: proves nothing.

References
----------
S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi (1983), Optimization by simulated annealing, Science 220.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from random import Random

from scheduler.strategies.board import Board, bits
from scheduler.strategies.comfort.costs import Costs, Total
from scheduler.strategies.comfort.moves import Move, Moves

EXCHANGES = 0.05
"""Share of tries that exchange two students' companies; the others are chains."""
FEW_TRIES, FOCUS_IF_FEW = 4, 0.9
"""With fewer tries per meeting than this a hot phase leaves more breaks than the descent did: only
the last phase is run, and most tries go where a student has a break."""
STEP = 128
"""Tries between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the search; what it weighs is measured in breaks of one student.

    Parameters
    ----------
    share
        Of all tries.
    first, last
        Temperatures, falling geometrically.
    company_break, room_change
        Worth of one.
    focus
        Share of tries that begin at a student with a break.
    until
        Goals, the most important first, that end the phase when all are 0.
    """

    share: float
    first: float
    last: float
    company_break: float
    room_change: float
    focus: float
    until: int


# Tried on the example, the generated events and real bids: with more weight on the lower goals from
# the start the breaks of students rise by a tenth; a hotter start gains nothing.
PHASES = (
    Phase(0.7, 0.25, 0.1, 0.05, 0.01, 0.5, 1),
    Phase(0.3, 0.03, 0.008, 0.1, 0.02, 0.3, 3),
)

DESCENT = Phase(0, 0, 0, 0, 0, 1, 1)
"""Only the students' breaks count."""


def improve_comfort(
    board: Board, *, until: float, tries: int, seed: int, phases: Sequence[Phase] = PHASES
) -> tuple[Board, bool]:
    """Lower the breaks of students, below them those of companies, then changes of room.

    Parameters
    ----------
    board
        Breaks no rule; used up by the search.
    until
        Reading of ``time.monotonic`` at which to stop.
    tries
        Moves to try, in all phases together.
    phases
        ``PHASES[1:]`` keeps the students' breaks and lowers the rest.

    Returns
    -------
    Board, bool
        Equal on levels 1 to 3, keeps every rule, and is no worse in comfort than ``board`` was; and
        whether the search came to its end. If so, the same board, tries and seed give the same one.
    """
    if not tries:
        return board, True
    search = _Search(board, Random(seed))  # noqa: S311  # no secret
    is_done = search.descend(until)
    before, slots = search.total(), dict(board.slot_of)
    if tries < FEW_TRIES * len(slots):
        phases = phases[-1:]
    is_done = is_done and all(search.run(phase, tries, until) for phase in phases)
    if search.total() <= before:
        return board, is_done
    old = Board(board.instance, board.rooms)
    for pair, slot in slots.items():
        old.place(pair, slot)
    return old, is_done


class _Search:
    def __init__(self, board: Board, random: Random) -> None:
        self._board = board
        self._random = random.random
        self._costs = Costs(board)
        self._moves = Moves(board, self._costs, random)
        pairs = board.instance.pairs
        self._pairs = _Pool(
            pair
            for pair in board.slot_of
            if not pairs[pair].is_pinned or pairs[pair].slots.bit_count() > 1
        )
        self._restless = _Pool(s for s, breaks in enumerate(self._costs.students) if breaks)
        self._better: dict[int, list[tuple[int, int]]] = {}

    def total(self) -> Total:
        return self._costs.total()

    def run(self, phase: Phase, tries: int, until: float) -> bool:
        """Go through one phase; False when the time ended it."""
        random, own_tries = self._random, int(tries * phase.share)
        if not len(self._pairs):
            return True
        focus = FOCUS_IF_FEW if tries < FEW_TRIES * len(self._pairs) else phase.focus
        temperature, cooling = phase.first, (phase.last / phase.first) ** (STEP / max(own_tries, 1))
        for number in range(own_tries):
            if number % STEP == 0:
                if not any(self.total()[: phase.until]):
                    return True
                if time.monotonic() > until:
                    return False
                temperature *= cooling
            limit = -temperature * log(1 - random())
            move = self._move(focus, limit)
            if move is not None:
                self._make(move, phase, limit)
        return True

    def descend(self, until: float) -> bool:
        """Make every single move that lowers a student's breaks; False when the time ended it."""
        waiting = [student for student, breaks in enumerate(self._costs.students) if breaks]
        while waiting:
            improved = []
            for number, student in enumerate(waiting):
                if number % STEP == 0 and time.monotonic() > until:
                    return False
                if self._settle(student):
                    improved.append(student)
            waiting = [student for student in improved if self._costs.students[student]]
        return True

    def _settle(self, student: int) -> bool:
        """Make the first move that leaves a student with fewer breaks, and nobody with more."""
        for here, there in self._fewer(self._board.used[student]):
            move = self._moves.chain(self._board.meeting_at[student][here], there, -1)
            if move is not None and self._make(move, DESCENT, -1):
                return True
        return False

    def _move(self, focus: float, limit: float) -> Move | None:
        random = self._random
        if len(self._restless) and random() < focus:
            start = self._at_break()
            if start is None:
                return None
            pair, slot = start
        else:
            pair = self._pairs.choose(random())
            slot = int(random() * self._board.instance.n_slots)
        if random() < EXCHANGES:
            return self._moves.exchange(pair, slot, limit)
        return self._moves.chain(pair, slot, limit)

    def _at_break(self) -> tuple[int, int] | None:
        """A meeting and a slot that would leave its student, who has a break, with fewer."""
        student = self._restless.choose(self._random())
        better = self._fewer(self._board.used[student])
        if not better:
            return None
        here, there = better[int(self._random() * len(better))]
        return self._board.meeting_at[student][here], there

    def _fewer(self, used: int) -> list[tuple[int, int]]:
        """Slots to leave and to take, one for the other, that leave a student with fewer breaks."""
        better = self._better.get(used)
        if better is None:
            breaks, free = self._costs.breaks, (1 << self._board.instance.n_slots) - 1 & ~used
            better = self._better[used] = [
                (here, there)
                for here in bits(used)
                for there in bits(free)
                if breaks[used ^ 1 << here ^ 1 << there] < breaks[used]
            ]
        return better

    def _make(self, move: Move, phase: Phase, limit: float) -> bool:
        """Make the move if every rule allows it and the limit does, else leave all as it was."""
        board = self._board
        before = [(pair, board.remove(pair)) for pair in move.out]
        placed = []
        for pair, slot in move.into:
            if not board.fits(pair, slot):
                break
            board.place(pair, slot)
            placed.append(pair)
        else:
            if self._accept(move, phase, limit):
                return True
        for pair in placed:
            board.remove(pair)
        for pair, slot in before:
            board.place(pair, slot)
        return False

    def _accept(self, move: Move, phase: Phase, limit: float) -> bool:
        own = [self._board.instance.pairs[pair] for pair in move.out]
        own += [self._board.instance.pairs[pair] for pair, _ in move.into]
        students = {pair.student for pair in own}
        companies = {pair.company for pair in own}
        breaks, company_breaks, changes = self._costs.change(students, companies)
        if (breaks + phase.company_break * company_breaks + phase.room_change * changes) > limit:
            return False
        self._costs.count(students, companies)
        for student in students:
            self._restless.set(student, self._costs.students[student] > 0)
        for pair in move.out:
            self._pairs.set(pair, pair in self._board.slot_of)
        for pair, _ in move.into:
            self._pairs.set(pair, True)
        return True


class _Pool:
    """Numbers of which one is chosen at random, added and taken out in constant time."""

    def __init__(self, items: Iterable[int]) -> None:
        self._items = sorted(items)
        self._place = {item: place for place, item in enumerate(self._items)}

    def __len__(self) -> int:
        return len(self._items)

    def choose(self, share: float) -> int:
        return self._items[int(share * len(self._items))]

    def set(self, item: int, is_in: bool) -> None:
        if is_in and item not in self._place:
            self._place[item] = len(self._items)
            self._items.append(item)
        elif not is_in and item in self._place:
            place, last = self._place.pop(item), self._items.pop()
            if last != item:
                self._items[place] = last
                self._place[last] = place

"""What the linear relaxation knows of each entry, and what it aims at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scheduler.strategies.base import Clock
from scheduler.strategies.board import Board
from scheduler.strategies.instance import Instance
from scheduler.strategies.relaxation import Relaxation, Relaxed, is_worth_relaxing

RELAXING_SHARE = 0.25
"""Share of the time left that one entry of the relaxation may take."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A row of entries that no timetable surpasses, and what one that reaches it can hold.

    Parameters
    ----------
    row
        The bounds of levels 1 to 3, each while those above are reached.
    slots
        By pair, the slots in which it may meet in a timetable that reaches the row.
    values
        By pair and slot, the meetings of the relaxation's optimum as shares.
    """

    row: tuple[int, ...]
    slots: tuple[int, ...]
    values: dict[tuple[int, int], float]

    def narrow(self, instance: Instance) -> Instance:
        """The instance with these slots only."""
        pairs = zip(instance.pairs, self.slots, strict=True)
        return replace(instance, pairs=tuple(replace(pair, slots=own) for pair, own in pairs))


class Bounds:
    """What the relaxation says of the entries, made when it is asked for."""

    def __init__(self, instance: Instance, clock: Clock) -> None:
        self._instance = instance
        self._clock = clock
        self._relaxed: dict[tuple[int, ...], Relaxed | None] = {}
        self._relaxation: Relaxation | None = None
        self._held: tuple[int, ...] = ()
        self._is_of_use = is_worth_relaxing(instance)

    def aim(self, flow_bound: Callable[[tuple[int, ...], int], int | None]) -> Aim | None:
        """The bounds one below the other; None where the relaxation has no answer.

        Parameters
        ----------
        flow_bound
            The flow's bound on an entry, given the entries above it.
        """
        row: list[int] = []
        slots = [pair.slots for pair in self._instance.pairs]
        values: dict[tuple[int, int], float] = {}
        for entry in range(self._instance.event.rules.guaranteed_meetings_per_student + 2):
            relaxed = self.relaxed(tuple(row))
            if relaxed is None:
                return None
            known = flow_bound(tuple(row), entry)
            bound = relaxed.bound if known is None else min(known, relaxed.bound)
            for (pair, slot), reach in relaxed.reach.items():
                if reach < bound:
                    slots[pair] &= ~(1 << slot)
            values = relaxed.values
            row.append(bound)
        return Aim(tuple(row), tuple(slots), values)

    def relaxed(self, reached: tuple[int, ...]) -> Relaxed | None:
        """What the relaxation says of the next entry; None where it has no answer."""
        if reached not in self._relaxed:
            self._relaxed[reached] = self._relax(reached)
        return self._relaxed[reached]

    def _relax(self, reached: tuple[int, ...]) -> Relaxed | None:
        if not self._is_of_use:
            return None
        if self._relaxation is None or reached[: len(self._held)] != self._held:
            self._relaxation, self._held = Relaxation(self._instance), ()
        for entry in range(len(self._held), len(reached)):
            self._relaxation.hold(entry, reached[entry])
        self._held = reached
        seconds = self._clock.left_s() * RELAXING_SHARE
        relaxed = self._relaxation.maximise(len(reached), seconds)
        self._is_of_use = relaxed is not None  # without an answer once, no more time is spent on it
        return relaxed


def rounded(instance: Instance, rooms: Sequence[int], aim: Aim) -> Board:
    """Place the meetings of the relaxation, the surest first, then what else fits."""
    board = Board(instance, rooms)
    pairs = instance.pairs
    order = sorted(
        aim.values,
        key=lambda at: (
            not pairs[at[0]].is_pinned,
            -round(aim.values[at], 6),
            -pairs[at[0]].weight,
            at,
        ),
    )
    student_left, company_left = list(instance.student_max), list(instance.company_max)
    for pair, slot in order:
        own = pairs[pair]
        has_left = student_left[own.student] > 0 and company_left[own.company] > 0
        if has_left and pair not in board.slot_of and board.fits(pair, slot):
            board.place(pair, slot)
            student_left[own.student] -= 1
            company_left[own.company] -= 1
    return board

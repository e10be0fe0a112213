"""What is left to decide once it is certain which meetings stay: fewer slots, pairs and places.

The flow ignores slots. Beside meetings that stay in every timetable, most pairs have few slots left
or none; without those pairs, and with maxima no larger than what those slots hold, its bound is
much closer. Every timetable that keeps these meetings is one of the narrowed instance.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from scheduler.strategies.board import Board, bits
from scheduler.strategies.instance import Crowd, Instance, Pair


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The instance without impossible slots and pairs, and the new index of each pair left."""

    instance: Instance
    index: Mapping[int, int]


def narrow(instance: Instance, board: Board, crowds: Collection[Crowd]) -> Narrowed:
    """Leave out the slots in which a pair cannot meet beside the meetings on the board.

    Parameters
    ----------
    board
        Meetings that are certain, in their slots.
    crowds
        Their turns hold only pairs of the crowd; those are not on the board.
    """
    old = instance.old_slots or {}
    members = {pair: old[pair] for crowd in crowds for pair in crowd.pairs}
    closed: dict[int, int] = defaultdict(int)
    for crowd in crowds:
        closed[crowd.company] |= 1 << old[crowd.pairs[0]]
    index: dict[int, int] = {}
    pairs: list[Pair] = []
    for number, pair in enumerate(instance.pairs):
        if number in board.slot_of:
            slots = pair.slots
        else:
            own = 1 << members[number] if number in members else 0
            able = board.open_slots(number) & ~closed[pair.company]
            slots = own | sum(1 << slot for slot in bits(able) if board.fits(number, slot))
        if slots or pair.is_pinned:
            index[number] = len(pairs)
            pairs.append(replace(pair, slots=slots) if slots != pair.slots else pair)
    narrowed = replace(
        instance,
        pairs=tuple(pairs),
        old_slots={index[pair]: slot for pair, slot in old.items()},
    )
    return Narrowed(_with_maxima(narrowed, board, {index[pair] for pair in board.slot_of}), index)


def _with_maxima(instance: Instance, board: Board, certain: Collection[int]) -> Instance:
    """Maxima no larger than the meetings that are certain and what the slots left can hold."""
    students, companies = Counter[int](), Counter[int]()
    free: dict[int, int] = defaultdict(int)
    asking: Counter[tuple[int, int]] = Counter()
    for number, pair in enumerate(instance.pairs):
        if number in certain:
            students[pair.student] += 1
            companies[pair.company] += 1
            continue
        free[pair.student] |= pair.slots
        asking.update((pair.company, slot) for slot in bits(pair.slots))
    for (company, slot), wanted in asking.items():
        left = instance.company_seats[company] - len(board.seated[company][slot])
        companies[company] += min(wanted, left)
    return replace(
        instance,
        student_max=tuple(
            min(most, students[s] + free[s].bit_count())
            for s, most in enumerate(instance.student_max)
        ),
        company_max=tuple(min(most, companies[c]) for c, most in enumerate(instance.company_max)),
    )

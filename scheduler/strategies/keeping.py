"""Which later meetings of an earlier timetable stay, so that the fewest change.

A set of meetings that keeps every rule keeps them without any one of its meetings too. So a meeting
that breaks a rule alone, beside what is past and pinned, is in no timetable; and where all others
fit together, keeping all of them is the one way to change least. Where a turn has fewer seats than
such meetings (a *crowd*), no timetable keeps more of them than it seats, and any so many will do:
the flow chooses which. Only where meetings clash by another rule CP-SAT has to find the most.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scheduler.strategies.board import Board
from scheduler.strategies.instance import Crowd, Instance
from scheduler.strategies.narrowing import narrow
from scheduler.strategies.rooms import choose_rooms

NO_LIMIT = 10**9
"""Seats at a turn while only the other rules are asked."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What can be kept of an earlier timetable.

    Parameters
    ----------
    whole
        Every pair free to move, but for meetings that stay in every best timetable; its
        ``old_slots`` are those that can stay at all.
    kept
        The same pairs by the same indexes; meetings that stay are pinned, crowds left to the flow.
    later
        Number of later meetings in the earlier timetable.
    bound
        No timetable keeps more of them.
    is_certain
        Every timetable that keeps ``bound`` of them is one of ``kept``, which keeps as many.
    """

    whole: Instance
    kept: Instance
    later: int
    bound: int
    is_certain: bool

    @property
    def least_changes(self) -> int:
        """No timetable changes fewer meetings."""
        return self.later - self.bound

    def choose(self, allocation: Iterable[int]) -> Instance:
        """Pin the meetings that stay of every crowd, those with the fewest other slots first."""
        chosen = set(allocation)
        old, pairs = self.whole.old_slots or {}, self.kept.pairs
        slots: dict[int, int] = {}
        for crowd in self.kept.crowds:
            able = [pair for pair in crowd.pairs if pair in chosen]
            able.sort(key=lambda pair: (pairs[pair].slots.bit_count(), pair))
            slots.update((pair, old[pair]) for pair in able[: crowd.least])
        return replace(_pinned(self.kept, slots), crowds=())

    def changes(self, slots: Mapping[int, int]) -> int:
        """Later meetings that a placement does not keep."""
        return self.later - len(self.stays(slots))

    def stays(self, slots: Mapping[int, int]) -> dict[int, int]:
        """Those of a placement that are where they were."""
        old = self.whole.old_slots or {}
        return {pair: slot for pair, slot in old.items() if slots.get(pair) == slot}

    def around(self, slots: Mapping[int, int]) -> Instance:
        """The event in which what a placement keeps is pinned."""
        return replace(_pinned(self.whole, self.stays(slots)), old_slots=None)


def keep_most(instance: Instance) -> Keeping:
    """Find what can be kept.

    Parameters
    ----------
    instance
        Of a day that has begun.

    Notes
    -----
    Linear in the meetings. ``is_certain`` leaves pins without a time aside: they may have no slot
    left beside what is kept, which placing then shows.
    """
    return _Keeper(instance).keep()


class _Keeper:
    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        rooms = choose_rooms(instance, ())
        self._rooms: Sequence[int] = () if rooms is None else rooms
        pairs = instance.pairs
        self._fixed = {
            index: pair.slots.bit_length() - 1
            for index, pair in enumerate(pairs)
            if pair.is_pinned and pair.slots.bit_count() == 1
        }
        self._pins = [index for index, pair in enumerate(pairs) if pair.is_pinned]
        self._students = Counter(pairs[pin].student for pin in self._pins)
        self._companies = Counter(pairs[pin].company for pin in self._pins)
        self._seated = Counter((pairs[pin].company, slot) for pin, slot in self._fixed.items())

    def keep(self) -> Keeping:
        instance = self._instance
        begun, old = instance.begun, self._possible()
        later = 0 if begun is None else len(begun.later(instance.event.window))
        turns = self._turns(old)
        bound = sum(slot == self._fixed.get(pair) for pair, slot in old.items())
        crowds = []
        for (company, slot), pairs in turns.items():
            seats = max(0, instance.company_seats[company] - self._seated[company, slot])
            bound += min(seats, len(pairs))
            if len(pairs) > seats:
                crowds.append(Crowd(company, tuple(pairs), seats))
        whole = replace(instance, old_slots=old)
        if not self._fit_together(turns, crowds):
            kept = replace(_pinned(instance, self._greedy(old)), old_slots=None)
            return Keeping(whole, kept, later, bound, is_certain=False)
        crowded = {pair for crowd in crowds for pair in crowd.pairs}
        stay = {pair: slot for pair, slot in old.items() if pair not in crowded}
        if all(
            instance.pairs[pin].is_past or pin in self._fixed or pin in stay for pin in self._pins
        ):
            whole, stay, crowds = self._narrowed(whole, stay, crowds)
            whole = _pinned(whole, stay)
        kept = replace(
            _pinned(whole, stay), old_slots=None, crowds=tuple(c for c in crowds if c.least)
        )
        return Keeping(whole, kept, later, bound, is_certain=True)

    def _narrowed(
        self, whole: Instance, stay: Mapping[int, int], crowds: Sequence[Crowd]
    ) -> tuple[Instance, dict[int, int], list[Crowd]]:
        board = self._board(whole)
        for pair, slot in stay.items():
            if pair not in self._fixed:
                board.place(pair, slot)
        narrowed = narrow(whole, board, crowds)
        index = narrowed.index
        return (
            narrowed.instance,
            {index[pair]: slot for pair, slot in stay.items()},
            [replace(crowd, pairs=tuple(index[p] for p in crowd.pairs)) for crowd in crowds],
        )

    def _possible(self) -> dict[int, int]:
        """Later meetings that break no rule beside what is past and pinned at a time."""
        board = self._board(self._instance)
        return {
            pair: slot
            for pair, slot in (self._instance.old_slots or {}).items()
            if self._fixed.get(pair) == slot
            or (
                self._is_below_maxima(pair, self._students, self._companies)
                and board.fits(pair, slot)
            )
        }

    def _board(self, instance: Instance) -> Board:
        board = Board(instance, self._rooms)
        for pair, slot in self._fixed.items():
            board.place(pair, slot)
        return board

    def _is_below_maxima(
        self, pair: int, students: Mapping[int, int], companies: Mapping[int, int]
    ) -> bool:
        """Whether one more meeting keeps both maxima, beside so many by student and company."""
        own, instance = self._instance.pairs[pair], self._instance
        return own.is_pinned or (
            students[own.student] < instance.student_max[own.student]
            and companies[own.company] < instance.company_max[own.company]
        )

    def _turns(self, old: Mapping[int, int]) -> dict[tuple[int, int], list[int]]:
        turns: dict[tuple[int, int], list[int]] = defaultdict(list)
        for pair, slot in old.items():
            if pair not in self._fixed:
                turns[self._instance.pairs[pair].company, slot].append(pair)
        return turns

    def _fit_together(
        self, turns: Mapping[tuple[int, int], list[int]], crowds: Sequence[Crowd]
    ) -> bool:
        """Whether all of them keep every rule but the seats of crowds, and the pins do too."""
        instance = self._instance
        if any(instance.pairs[pair].is_pinned for crowd in crowds for pair in crowd.pairs):
            return False
        roomy = replace(instance, company_seats=(NO_LIMIT,) * len(instance.company_seats))
        board = Board(roomy, self._rooms)
        everything = [*self._fixed.items()]
        everything += [(pair, slot) for (_, slot), pairs in turns.items() for pair in pairs]
        for pair, slot in everything:
            own = instance.pairs[pair]
            if not own.is_past and not board.fits(pair, slot):
                return False
            board.place(pair, slot)
        students, companies = Counter(self._students), Counter(self._companies)
        for (company, _), pairs in turns.items():
            free = [pair for pair in pairs if not instance.pairs[pair].is_pinned]
            companies[company] += len(free)
            students.update(instance.pairs[pair].student for pair in free)
        for crowd in crowds:
            companies[crowd.company] -= len(crowd.pairs) - crowd.least
        return all(n <= instance.student_max[s] for s, n in students.items()) and all(
            n <= instance.company_max[c] for c, n in companies.items()
        )

    def _greedy(self, old: Mapping[int, int]) -> dict[int, int]:
        """A set that keeps every rule and to which none can be added; not always the largest."""
        board = self._board(self._instance)
        students, companies = Counter(self._students), Counter(self._companies)
        stay: dict[int, int] = {}
        for pair, slot in sorted(old.items()):
            own = self._instance.pairs[pair]
            if pair in self._fixed:
                continue
            if self._is_below_maxima(pair, students, companies) and board.fits(pair, slot):
                board.place(pair, slot)
                stay[pair] = slot
                students[own.student] += not own.is_pinned
                companies[own.company] += not own.is_pinned
        return stay


def _pinned(instance: Instance, slots: Mapping[int, int]) -> Instance:
    pairs = list(instance.pairs)
    for pair, slot in slots.items():
        pairs[pair] = replace(pairs[pair], slots=1 << slot, is_pinned=True)
    return replace(instance, pairs=tuple(pairs))

"""Minimises breaks by asking a SAT solver "at most k?": from below or in leaps.

From below the questions are the floor, the floor + 1, ...: the first "yes" is optimal. In leaps the
question is a quarter of the way from the bound to the best timetable, which soon gives good ones.
Both are complete, and luck differs, so they race.

References
----------
A. Biere et al. (2024), CaDiCaL 2.0, CAV 2024.
A. Ignatiev, A. Morgado, J. Marques-Silva (2018), PySAT, SAT 2018.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from scheduler.strategies.meetings.encoding import Encoding, encode
from scheduler.strategies.meetings.problem import Placing, sum_of_breaks

SOLVER = "cadical195"
LEAP = 4
"""Parts of the way to the best timetable, of which one is taken (measured: 1 wastes time)."""
FIRST_WIDTH = 16
"""Breaks above the floor told apart at first; doubled while the optimum lies beyond."""


@dataclass(frozen=True, slots=True)
class Found:
    """A timetable: the slot of each meeting."""

    slots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """No timetable has fewer breaks; None: there is no timetable."""

    breaks: int | None


Message = Found | Bound


@dataclass(frozen=True, slots=True)
class Search:
    """How one SAT search goes about it.

    Parameters
    ----------
    is_leaping
        Ask a quarter of the way from the bound to the best timetable, rather than at the bound.
    with_windows
        The encoding with window variables.
    seed
        Shuffles variables and clauses; None leaves them.
    """

    is_leaping: bool
    with_windows: bool
    seed: int | None

    def run(
        self,
        problem: Placing,
        send: Callable[[Message], None],
        *,
        bound: int = 0,
        best: int | None = None,
    ) -> None:
        """Send timetables and bounds until they meet or there is no timetable.

        Parameters
        ----------
        bound, best
            What is known already: no timetable has fewer breaks than the bound, and one has best.
        """
        width = FIRST_WIDTH
        while best is None or bound < best:
            with _Asker(problem, self, width) as asker:
                bound = max(bound, asker.floor)
                if best is None:
                    found = asker.ask(None)
                    if found is None:
                        send(Bound(None))
                        return
                    best = sum_of_breaks(problem, found)
                    send(Found(found))
                    send(Bound(bound))
                best, bound = self._close(problem, asker, (best, bound), send)
            width *= 2

    def _close(
        self,
        problem: Placing,
        asker: _Asker,
        reached: tuple[int, int],
        send: Callable[[Message], None],
    ) -> tuple[int, int]:
        """Bring best and bound together, as far as the width lets."""
        best, bound = reached
        while bound < best and bound <= asker.most:
            leap = (best - 1 - bound) // LEAP if self.is_leaping else 0
            asked = min(bound + leap, asker.most)
            better = asker.ask(asked)
            if better is None:
                bound = asked + 1
                send(Bound(bound))
            else:
                best = sum_of_breaks(problem, better)
                send(Found(better))
        return best, bound


class _Asker:
    """An incremental SAT solver that holds a problem's clauses."""

    def __init__(self, problem: Placing, search: Search, width: int) -> None:
        from pysat.solvers import Solver  # here, so that only a search needs it

        encoding = encode(problem, width=width, with_windows=search.with_windows)
        clauses, names = _named(encoding, search.seed)
        self.floor = encoding.floor
        self.most = self.floor + width - 1
        self._held = [{t: names[x] for t, x in held.items()} for held in encoding.held]
        self._extra = [names[x] for x in encoding.extra]
        self._solver = Solver(name=SOLVER, bootstrap_with=clauses)

    def __enter__(self) -> _Asker:
        return self

    def __exit__(self, *_: object) -> None:
        self._solver.delete()

    def ask(self, breaks: int | None) -> tuple[int, ...] | None:
        """Slots of a timetable with at most so many breaks, None for any number; None if none."""
        limit = len(self._extra) if breaks is None else breaks - self.floor
        assumptions = [-self._extra[limit]] if limit < len(self._extra) else []
        if not self._solver.solve(assumptions=assumptions):
            return None
        return self._slots(self._solver.get_model())

    def _slots(self, model: Iterable[int]) -> tuple[int, ...]:
        true = {literal for literal in model if literal > 0}
        return tuple(next(t for t, x in held.items() if x in true) for held in self._held)


def _named(encoding: Encoding, seed: int | None) -> tuple[list[list[int]], list[int]]:
    if seed is None:
        return encoding.clauses.clauses, list(range(encoding.clauses.n_variables + 1))
    return encoding.clauses.shuffled(Random(seed))  # noqa: S311  # no secret is drawn

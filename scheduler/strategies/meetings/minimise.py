"""Places meetings with the fewest breaks: a race of complete searches."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from scheduler.strategies.meetings.problem import Outcome, Placing, Status
from scheduler.strategies.meetings.race import Failed, Leg, Send, race
from scheduler.strategies.meetings.search_cpsat import search_cpsat
from scheduler.strategies.meetings.search_sat import Bound, Found, Search
from scheduler.strategies.meetings.verify import count_breaks, violations

RESTARTS_S = (12.0, 12.0, 12.0, 24.0, 24.0, 48.0, 96.0, 192.0, None)
"""Wall time of the second worker's searches: a search's time has a heavy tail, which fresh seeds
cut off (Gomes, Selman, Kautz 1998)."""
LEAPS_S = 20.0
WITNESSES = 2
"""Searches that must agree before "infeasible" is said; no verifier can check it."""


class WrongTimetableError(Exception):
    """A search returned a timetable that breaks a rule: our bug or a solver's."""


class SearchFailedError(Exception):
    """Every search ended by a fault."""


def minimise_breaks(
    problem: Placing,
    *,
    time_limit_s: float,
    seed: int = 0,
    workers: int = 2,
    should_stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Give every meeting a slot so that the sum of breaks is least.

    Parameters
    ----------
    time_limit_s
        Wall time; the best timetable and the bound so far are returned then.
    seed
        Of the searches; the sum of breaks of an optimal outcome does not depend on it, the
        timetable may, and with several workers it may differ from run to run.
    workers
        Processes, 1 to 3. One alone searches in leaps; of two, both search from below, in two
        encodings, the second later in leaps; a third searches with CP-SAT.
    should_stop
        Asked about twenty times a second; true returns what is known.

    Returns
    -------
    Outcome
        Optimal when the status says so: timetable and bound may come from different searches.

    Raises
    ------
    WrongTimetableError
        When a timetable breaks a rule; every one is verified before it counts.
    SearchFailedError
        When no search could run to an end and nothing is known.
    """
    judge = _Judge(problem)
    race(
        _lanes(judge, seed, time_limit_s, workers),
        handle=judge.hear,
        time_limit_s=time_limit_s,
        should_stop=should_stop,
    )
    if judge.slots is None and judge.failures and not judge.is_proven():
        raise SearchFailedError("; ".join(judge.failures))
    return judge.outcome()


def _lanes(judge: _Judge, seed: int, time_limit_s: float, workers: int) -> list[list[Leg]]:
    """Searches by worker; CP-SAT comes after each, for when a solver is missing or dies."""
    problem = judge.problem

    def leg(name: str, search: Search, most_s: float | None = None) -> Leg:
        def prepare() -> Callable[[Send], None]:
            return partial(search.run, problem, bound=judge.bound, best=judge.breaks)

        return Leg(name, prepare, most_s)

    plain = seed if seed else None
    below = leg("sat from below", Search(False, False, plain))
    leaps = leg("sat in leaps", Search(True, False, plain), LEAPS_S)
    restarts = [
        leg(f"sat restart {number}", Search(False, number % 2 == 0, seed + 4 + number), most_s)
        for number, most_s in enumerate(RESTARTS_S)
    ]
    cpsat = partial(search_cpsat, problem, time_limit_s=time_limit_s, seed=seed)
    last = Leg("cp-sat", lambda: cpsat)
    if workers <= 1:
        return [[leaps, *restarts[1:], last]]
    return [[below, last], [restarts[0], leaps, *restarts[1:], last], [last]][:workers]


class _Judge:
    """Keeps the best timetable and the best bound of all searches."""

    def __init__(self, problem: Placing) -> None:
        self.slots: tuple[int, ...] | None = None
        self.failures: list[str] = []
        self.problem = problem
        self.breaks: int | None = None
        self.bound = 0
        self._infeasible_by: set[str] = set()
        self._by = ""

    def hear(self, name: str, message: object) -> bool:
        """Take a message in; true when the proof is complete."""
        if isinstance(message, Failed):
            self.failures.append(f"{name}: {message.reason}")
        elif isinstance(message, Found):
            self._take(name, message.slots)
        elif isinstance(message, Bound):
            if message.breaks is None:
                self._infeasible_by.add(name)
                return self.is_proven()
            if message.breaks > self.bound:
                self.bound = message.breaks
                self._by = name if self.is_proven() else self._by
        return self.is_proven()

    def outcome(self) -> Outcome:
        """What is known now."""
        by = " and ".join(sorted(self._infeasible_by))
        if self._infeasible_by and self.slots is not None:
            raise WrongTimetableError(f"{by}: infeasible, yet a timetable is known")
        if len(self._infeasible_by) >= WITNESSES:
            return Outcome(Status.INFEASIBLE, None, None, self.bound, by)
        if self.slots is None:
            return Outcome(Status.UNKNOWN, None, None, self.bound, "")
        status = Status.OPTIMAL if self.is_proven() else Status.FEASIBLE
        return Outcome(status, self.slots, self.breaks, self.bound, self._by)

    def is_proven(self) -> bool:
        """Whether nothing is left to search."""
        is_best = self.breaks is not None and self.breaks <= self.bound
        return is_best or len(self._infeasible_by) >= WITNESSES

    def _take(self, name: str, slots: tuple[int, ...]) -> None:
        wrong = violations(self.problem, slots)
        if wrong:
            raise WrongTimetableError(f"{name}: {wrong[0]}")
        breaks = sum(count_breaks(self.problem, slots).values())
        if self.breaks is None or breaks < self.breaks:
            self.slots, self.breaks, self._by = slots, breaks, name

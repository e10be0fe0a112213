"""The placing problem as clauses.

Notes
-----
``held[m][t]``: meeting m is in slot t. ``used[p][t]``: person p meets in t. Implied constraints
that made the difference in Bofill et al. (2022) and here: everybody with one meeting at a time uses
exactly as many slots as meetings, and a slot has at most twice as many such people as meetings.
A break ends in t when p met before t - 1, is idle in t - 1 and meets in t.

References
----------
M. Bofill et al. (2022), Constraint solving approaches to the business-to-business meeting
scheduling problem, JAIR 74.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.strategies.meetings.bounds import least_breaks
from scheduler.strategies.meetings.clauses import Clauses
from scheduler.strategies.meetings.problem import Placing


@dataclass(frozen=True, slots=True)
class Encoding:
    """Clauses of a problem and what their variables mean.

    Parameters
    ----------
    held
        For each meeting, variable by slot.
    extra
        Output j - 1 is true when the breaks exceed ``floor`` by at least j.
    floor
        Sum of what each person cannot avoid.
    """

    clauses: Clauses
    held: tuple[dict[int, int], ...]
    extra: tuple[int, ...]
    floor: int


def encode(problem: Placing, *, width: int, with_windows: bool) -> Encoding:
    """Write a problem as clauses.

    Parameters
    ----------
    width
        Breaks above the floor that are told apart.
    with_windows
        Add one variable for each run of slots in which a person could meet without a break; the
        same problem, which a solver then searches in another way.
    """
    writer = _Writer(problem, with_windows)
    writer.meetings()
    writer.people()
    writer.halls()
    writer.relations()
    counts, floor = writer.breaks()
    writer.fairness(counts)
    clauses = writer.clauses
    unavoidable = {p: least for p, least in writer.least.items() if least}
    extra = clauses.add_up([c[unavoidable.get(p, 0) :] for p, c in counts.items()], width)
    return Encoding(clauses, tuple(writer.held), tuple(extra), floor)


class _Writer:
    """Writes one group of clauses after the other, in the order of ``encode``."""

    def __init__(self, problem: Placing, with_windows: bool) -> None:
        self.problem = problem
        self.clauses = Clauses()
        self.held: list[dict[int, int]] = []
        self.used: list[dict[int, int]] = []
        self.least: dict[int, int] = {}
        self._with_windows = with_windows
        self._own = problem.meetings_by_person()
        self._is_single = [max(capacity, default=0) <= 1 for capacity in problem.capacities]

    def meetings(self) -> None:
        """Every meeting in one of its slots when all its people are present."""
        capacities = self.problem.capacities
        for meeting in self.problem.meetings:
            slots = [t for t in meeting.slots if all(capacities[p][t] for p in meeting.people)]
            held = {t: self.clauses.variable() for t in slots}
            self.clauses.one_in_order(list(held.values()))
            self.held.append(held)

    def people(self) -> None:
        """At most so many meetings at once, and the number of used slots that follows."""
        clauses = self.clauses
        for person, own in enumerate(self._own):
            used: dict[int, int] = {}
            for slot, capacity in enumerate(self.problem.capacities[person]):
                here = self._held_in(own, slot)
                if here:
                    used[slot] = clauses.either(here)
                    clauses.at_most(here, capacity)
            self.used.append(used)
            if len(own) > 1:
                most = max(self.problem.capacities[person])
                clauses.between(list(used.values()), -(-len(own) // max(1, most)), len(own))
            self._longest_run(person)

    def halls(self) -> None:
        """At most so many meetings at once, counted over stars: meetings that share a person."""
        for hall, capacities in enumerate(self.problem.halls):
            inside = {i for i, m in enumerate(self.problem.meetings) if m.hall == hall}
            stars = self._stars(inside)
            single = [
                p
                for p, own in enumerate(self._own)
                if self._is_single[p] and inside.issuperset(own)
            ]
            pairs = all(len(self.problem.meetings[m].people) == 2 for m in inside)
            for slot, capacity in enumerate(capacities):
                if capacity >= len(inside):
                    continue
                self.clauses.at_most(self._star_literals(stars, slot), capacity)
                if pairs:
                    met = [self.used[p][slot] for p in single if slot in self.used[p]]
                    self.clauses.at_most(met, 2 * capacity)

    def relations(self) -> None:
        """Precedences and conflicts between two meetings."""
        clauses = self.clauses
        for first, second in self.problem.precedences:
            early, late = self.held[first], self.held[second]
            for slot, literal in late.items():
                clauses.add(-literal, *(x for t, x in early.items() if t < slot))
            for slot, literal in early.items():
                clauses.add(-literal, *(x for t, x in late.items() if t > slot))
        for first, second, gap in self.problem.conflicts:
            for slot, literal in self.held[first].items():
                for t in range(slot - gap, slot + gap + 1):
                    if t in self.held[second]:
                        clauses.add(-literal, -self.held[second][t])

    def breaks(self) -> tuple[dict[int, list[int]], int]:
        """Outputs that count each person's breaks, and the sum of the unavoidable ones."""
        counts: dict[int, list[int]] = {}
        for person in self.problem.people_counted():
            least = least_breaks(self.problem, person)
            if least is None:
                self.clauses.add()
                least = 0
            self.least[person] = least
            n_own = len(self._own[person])
            ends = self._ends_of_breaks(person) if n_own > 1 else []
            count = self.clauses.count(ends, self._most_outputs(n_own))
            for output in count[:least]:
                self.clauses.add(output)
            if count and self._with_windows and self._is_single[person]:
                self._windows(person, count[0])
            counts[person] = count
        return counts, sum(self.least.values())

    def fairness(self, counts: dict[int, list[int]]) -> None:
        """Breaks differ by at most d: somebody has j + d + 1 only if all have j + 1."""
        allowed = self.problem.fairness
        if allowed is None or not counts:
            return
        if any(not count for count in counts.values()):
            for count in counts.values():
                self.clauses.forbid(count[allowed : allowed + 1])
            return
        for j in range(allowed, max(map(len, counts.values()))):
            somebody = self.clauses.variable()
            for count in counts.values():
                for output in count[j : j + 1]:
                    self.clauses.add(-output, somebody)
                self.clauses.add(-somebody, *count[j - allowed : j - allowed + 1])

    def _most_outputs(self, n_meetings: int) -> int:
        """Breaks worth telling apart: somebody who cannot have any caps everybody's."""
        most = max(1, n_meetings - 1)
        allowed = self.problem.fairness
        if allowed is None:
            return most
        is_capped = any(len(self._own[p]) <= 1 for p in self.problem.people_counted())
        return min(most, allowed + 1) if is_capped else most

    def _held_in(self, meetings: Sequence[int], slot: int) -> list[int]:
        return [self.held[m][slot] for m in meetings if slot in self.held[m]]

    def _longest_run(self, person: int) -> None:
        if not self.problem.longest_runs:
            return
        used = self.used[person]
        length = self.problem.longest_runs[person] + 1
        for start in range(self.problem.n_slots - length + 1):
            if all(t in used for t in range(start, start + length)):
                self.clauses.add(*(-used[t] for t in range(start, start + length)))

    def _stars(self, inside: set[int]) -> list[tuple[int, list[int]]]:
        """Few people who together have all the meetings, each meeting with one: greedy cover."""
        left = set(inside)
        own = {p: left & set(meetings) for p, meetings in enumerate(self._own)}
        stars = []
        while left:
            centre = max(own, key=lambda p: (len(own[p]), -len(self._own[p])))
            star = own[centre]
            if not star:
                stars += [(-1, [m]) for m in sorted(left)]
                break
            stars.append((centre, sorted(star)))
            left -= star
            own = {p: meetings - star for p, meetings in own.items()}
        return stars

    def _star_literals(self, stars: list[tuple[int, list[int]]], slot: int) -> list[int]:
        literals = []
        for centre, meetings in stars:
            here = self._held_in(meetings, slot)
            if centre < 0 or not self._is_single[centre]:
                literals += here
            elif len(meetings) == len(self._own[centre]) and here:
                literals.append(self.used[centre][slot])
            elif here:
                literals.append(self.clauses.either(here))
        return literals

    def _ends_of_breaks(self, person: int) -> list[int]:
        clauses, used = self.clauses, self.used[person]
        ends: list[int] = []
        if not used:
            return ends
        first = min(used)
        met = used[first]
        for slot in range(first + 1, self.problem.n_slots):
            now, before = used.get(slot), used.get(slot - 1)
            if now is None:
                continue
            if slot - 1 > first:
                end = clauses.variable()
                clauses.add(-met, -now, end, *([before] if before else []))
                clauses.add(-end, now)
                clauses.add(-end, met)
                if before:
                    clauses.add(-end, -before)
                ends.append(end)
            met = clauses.either([met, now])
        return ends

    def _windows(self, person: int, has_break: int) -> None:
        clauses, used = self.clauses, self.used[person]
        length = len(self._own[person])
        windows = []
        for start in used:
            if not all(start + i in used for i in range(length)):
                continue
            window = clauses.variable()
            windows.append(window)
            for slot, literal in used.items():
                clauses.add(-window, literal if start <= slot < start + length else -literal)
            clauses.add(-window, -has_break)
            before = [used[start - 1]] if start - 1 in used else []
            after = [used[start + length]] if start + length in used else []
            clauses.add(-used[start], has_break, window, *before)
            clauses.add(-used[start + length - 1], has_break, window, *after)
        clauses.add(has_break, *windows)
        clauses.at_most_one(windows)

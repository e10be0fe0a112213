"""Who meets whom, by minimum-cost flow: optimal when slots are ignored, hence a bound.

Notes
-----
Students and companies with their maxima are a network; levels 1 to 3 are separable concave in the
degrees plus a weight per pair, so the optimal integral flow is an optimal allocation. Dropping the
slots only relaxes the event, so its levels bound those of every timetable (for a later level: of
every timetable that is equal on the levels above).

Of a crowd (pairs of a turn that lost seats, in a repair) at least so many must be chosen: their
arcs go through a node of their own, whose arc to the company has that lower bound.

A level is held inside the network: node k feeds every student's k-th meeting by one arc each and
gets the level's value as its supply. Students with at least k meetings are then exactly as many,
because fewer would contradict the optimum of entry k and more that of the sum. The companies'
minimums are one arc each whose reward exceeds what preferences can lose by it.

References
----------
R. K. Ahuja, T. L. Magnanti, J. B. Orlin (1993), Network Flows, chapters 9 and 14.
A. V. Goldberg (1997), An efficient implementation of a scaling minimum-cost flow algorithm,
Journal of Algorithms 22: the solver behind ``SimpleMinCostFlow``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from scheduler.errors import SchedulerError
from scheduler.strategies.instance import Instance

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Allocation:
    """Chosen pairs and the levels they reach.

    Parameters
    ----------
    pairs
        Indexes into the instance's pairs, ascending, the pinned ones among them.
    guaranteed, company_minimum, preferences
        Bounds on every timetable's levels 1 to 3 (on later ones while the earlier are equal).
    """

    pairs: tuple[int, ...]
    guaranteed: tuple[int, ...]
    company_minimum: int
    preferences: int


@dataclass(frozen=True, slots=True)
class OptimalFlow:
    """A flow that is optimal on levels 2 and 3 with the entries of level 1 held, arc by arc.

    Parameters
    ----------
    pairs
        The pairs, without pins, in order; their arcs come first.
    tails, heads, capacities, costs, flows
        Shape ``(arcs,)``; the cost of a pair is minus its weight, divided by
        what all weights have in common.
    """

    pairs: Ints
    tails: Ints
    heads: Ints
    capacities: Ints
    costs: Ints
    flows: Ints


def optimal_flow(instance: Instance, held: tuple[int, ...]) -> OptimalFlow:
    """Solve the network once more, for whoever needs to know its arcs.

    Parameters
    ----------
    held
        Entries of level 1, those of an optimal allocation.

    Notes
    -----
    ``allocate`` may prefer pairs of weight 0 to an empty place; here they count as nothing.
    """
    return _Network(instance).optimum(held)


def allocate(
    instance: Instance, *, held: tuple[int, ...] | None = None, with_minimum: bool = True
) -> Allocation:
    """Choose the pairs that are best when slots are ignored.

    Parameters
    ----------
    held
        Entries of level 1 to keep exactly, such as those a timetable has reached; the allocation's
        later levels then bound every timetable with the same entries. None maximises them.
    with_minimum
        False leaves level 2 out: the preferences then bound every timetable with these entries,
        whatever its companies' minimum.

    Notes
    -----
    First the entries are held at what the students' own wishes allow; where the network can
    carry that, one flow proves everything. Else one more flow per entry finds what it can carry.
    """
    network = _Network(instance)
    if held is not None:
        return network.allocation(held, with_minimum=with_minimum)
    hoped = network.hoped_entries()
    if network.can_carry(hoped):
        return network.allocation(hoped)
    entries: list[int] = []
    for number in range(len(hoped)):
        entries.append(network.most(entries, hoped[number]))
    return network.allocation(tuple(entries))


class _Network:
    """Arcs built once; nodes: entries, the rest, students, companies, rooms, sink."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        event = instance.event
        self._guarantee = event.rules.guaranteed_meetings_per_student
        pins = [pair for pair in instance.pairs if pair.is_pinned]
        self._company_pins = Counter(pair.company for pair in pins)
        self._company_past = Counter(pair.company for pair in pins if pair.is_past)
        open_pairs = [i for i, pair in enumerate(instance.pairs) if not pair.is_pinned]
        self._pair = np.array(open_pairs, dtype=np.int64)
        chosen = [instance.pairs[i] for i in open_pairs]
        self._pair_student = np.array([pair.student for pair in chosen], dtype=np.int64)
        self._pair_company = np.array([pair.company for pair in chosen], dtype=np.int64)
        self._weights = np.array([pair.weight for pair in chosen], dtype=np.int64)
        n_students, n_companies = len(event.students), len(event.companies)
        pinned = np.array([pair.student for pair in pins], dtype=np.int64)
        self._pinned = np.bincount(pinned, minlength=n_students).astype(np.int64)
        most = np.array(instance.student_max, dtype=np.int64)
        self._left = np.maximum(0, most - self._pinned)
        wished = np.bincount(self._pair_student, minlength=n_students).astype(np.int64)
        self._reach = np.minimum(self._left, wished)
        self._company_left = np.array(
            [max(0, most - self._company_pins[c]) for c, most in enumerate(instance.company_max)],
            dtype=np.int64,
        )
        most_pairs = int(self._reach.sum())
        common = max(1, int(np.gcd.reduce(self._weights)))  # keeps large weights within 64 bits
        weights = self._points = self._weights // common
        if instance.begun is not None:
            # few slots are left: of equal allocations the one with most of them is placed soonest
            ties = np.array([pair.slots.bit_count() for pair in chosen], dtype=np.int64)
            self._reward = weights * (instance.n_slots * most_pairs + 1) + ties
        elif bool((self._weights == 0).any()):
            self._reward = weights * (most_pairs + 1) + 1
        else:
            self._reward = weights
        self._first_student = self._guarantee + 1
        self._first_company = self._first_student + n_students
        self._first_room = self._first_company + n_companies
        self._first_crowd = self._first_room + len(event.rooms)
        self._sink = self._first_crowd + len(instance.crowds)

    def hoped_entries(self) -> tuple[int, ...]:
        """Students whose own wishes and times allow k meetings, for each k."""
        most = self._pinned + self._reach
        return tuple(int((most >= k).sum()) for k in range(1, self._guarantee + 1))

    def can_carry(self, entries: tuple[int, ...]) -> bool:
        """Whether some allocation reaches all the entries at once."""
        has_crowds = bool(self._instance.crowds)
        return self._solve(entries, with_rest=has_crowds, with_rewards=False) is not None

    def most(self, above: list[int], hoped: int) -> int:
        """Largest value of the entry after ``above`` while those are held."""
        k = len(above) + 1
        fixed = self._entry_pins(k)
        has_crowds = bool(self._instance.crowds)
        unmet = self._solve(
            (*above, hoped), overflow=True, with_rest=has_crowds, with_rewards=False
        )
        if unmet is None:
            raise SchedulerError("a level that was reached cannot be held in the network")
        return max(fixed, hoped - unmet.unmet)

    def allocation(self, entries: tuple[int, ...], *, with_minimum: bool = True) -> Allocation:
        """Best companies' minimums, then preferences, with the entries held."""
        flow = self._solve(entries, with_minimum=with_minimum)
        if flow is None:
            raise SchedulerError("the levels above cannot be held in the network")
        instance = self._instance
        pinned = [i for i, pair in enumerate(instance.pairs) if pair.is_pinned]
        chosen = tuple(sorted([*pinned, *self._pair[flow.used].tolist()]))
        degrees = Counter(instance.pairs[i].company for i in chosen)
        return Allocation(
            pairs=chosen,
            guaranteed=entries,
            company_minimum=sum(
                min(degrees[c], least) for c, least in enumerate(instance.company_min)
            ),
            preferences=sum(instance.pairs[i].weight for i in chosen),
        )

    def optimum(self, entries: tuple[int, ...]) -> OptimalFlow:
        """Every arc of the best flow with the entries held."""
        flow = self._solve(entries)
        if flow is None:
            raise SchedulerError("the levels above cannot be held in the network")
        tails, heads, capacities, costs = flow.arcs.columns()
        costs[: len(self._pair)] = -self._points
        return OptimalFlow(self._pair, tails, heads, capacities, costs, flow.flows)

    def _entry_pins(self, k: int) -> int:
        return int((self._pinned >= k).sum())

    def _solve(
        self,
        entries: tuple[int, ...],
        *,
        overflow: bool = False,
        with_rest: bool = True,
        with_rewards: bool = True,
        with_minimum: bool = True,
    ) -> _Flow | None:
        """One flow; None when the supplies cannot be carried."""
        arcs = _Arcs()
        supplies = [value - self._entry_pins(k) for k, value in enumerate(entries, 1)]
        first = self._pair_arcs(arcs, with_rewards)
        for k in range(1, len(entries) + 1):
            self._feed(arcs, k)
        rest = self._guarantee
        if with_rest:
            later = np.maximum(0, self._left - self._fed(len(entries)))
            students = np.arange(len(later), dtype=np.int64) + self._first_student
            arcs.add(np.full_like(later, rest), students, later, 0)
            spare = int(later.sum())
            arcs.add_one(rest, self._sink, spare, 0)
            supplies_of = {rest: spare}
        else:
            supplies_of = {}
        slack = None
        if overflow:
            slack = arcs.add_one(len(entries) - 1, self._sink, supplies[-1], 1)
        self._company_arcs(arcs, with_rewards and with_minimum)
        supplies_of |= dict(enumerate(supplies))
        if any(supply < 0 for supply in supplies_of.values()):
            return None
        solved = arcs.solve(self._with_crowds(arcs, supplies_of), self._sink)
        if solved is None:
            return None
        return _Flow(
            used=np.flatnonzero(solved[first : first + len(self._pair)]),
            unmet=int(solved[slack]) if slack is not None else 0,
            arcs=arcs,
            flows=solved,
        )

    def _fed(self, entries: int) -> Ints:
        """Meetings a student can get from the first ``entries`` entry nodes."""
        fed: Ints = np.minimum(self._left, np.maximum(0, entries - self._pinned))
        return fed

    def _feed(self, arcs: _Arcs, k: int) -> None:
        """Arcs from entry k to the students whose k-th meeting is not a pin."""
        fed = (self._pinned < k) & (self._left + self._pinned >= k)
        students = np.flatnonzero(fed).astype(np.int64)
        arcs.add(
            np.full_like(students, k - 1),
            students + self._first_student,
            np.ones_like(students),
            0,
        )

    def _pair_arcs(self, arcs: _Arcs, with_rewards: bool) -> int:
        heads = self._pair_company + self._first_company
        for number, crowd in enumerate(self._instance.crowds):
            heads[np.isin(self._pair, crowd.pairs)] = self._first_crowd + number
        return arcs.add(
            self._pair_student + self._first_student,
            heads,
            np.ones_like(self._pair),
            -self._reward if with_rewards else 0,
        )

    def _with_crowds(self, arcs: _Arcs, supplies: dict[int, int]) -> dict[int, int]:
        """Let at least so many of each crowd through: a lower bound is a demand and a supply."""
        balanced = Counter(supplies)
        for number, crowd in enumerate(self._instance.crowds):
            node, company = self._first_crowd + number, self._first_company + crowd.company
            arcs.add_one(node, company, len(crowd.pairs) - crowd.least, 0)
            balanced[node] -= crowd.least
            balanced[company] += crowd.least
        return dict(balanced)

    def _company_arcs(self, arcs: _Arcs, with_minimum: bool) -> None:
        """From companies to their room or the sink; the minimum apart, with its reward."""
        instance = self._instance
        tight = set(instance.tight_rooms())
        outlet = np.array(
            [self._first_room + room if room in tight else self._sink for room in instance.room_of],
            dtype=np.int64,
        )
        companies = np.arange(len(outlet), dtype=np.int64) + self._first_company
        asked = np.array(
            [max(0, least - self._company_pins[c]) for c, least in enumerate(instance.company_min)],
            dtype=np.int64,
        )
        least = np.minimum(asked, self._company_left)
        if with_minimum and bool(least.any()):
            arcs.add(companies, outlet, least, -self._minimum_reward())
            arcs.add(companies, outlet, self._company_left - least, 0)
        else:
            arcs.add(companies, outlet, self._company_left, 0)
        for room in sorted(tight):
            arcs.add_one(self._first_room + room, self._sink, self._room_limit(room), 0)

    def _minimum_reward(self) -> int:
        """More than a cycle of the residual network can cost in preferences.

        Two flows differ by simple cycles; one takes at most one pair from each student and company
        (or crowd) it visits. So one more meeting towards a minimum is worth that many best pairs.
        """
        crowds = len(self._instance.crowds)
        pairs = min(len(self._left), len(self._company_left) + crowds)
        return pairs * int(self._reward.max(initial=0)) + 1

    def _room_limit(self, room: int) -> int:
        """Meetings a room can hold: per slot the smaller of its capacity and its seats."""
        instance = self._instance
        capacity = instance.event.rooms[room].capacity
        inside = [c for c, own in enumerate(instance.room_of) if own == room]
        held = sum(self._company_pins[c] - self._company_past[c] for c in inside)
        most = 0
        for slot in range(instance.first_open, instance.n_slots):
            seats = sum(
                instance.company_seats[c] for c in inside if instance.company_free[c] >> slot & 1
            )
            most += seats if capacity is None else min(capacity, seats)
        return max(0, most - held)


@dataclass(frozen=True, slots=True)
class _Flow:
    used: Ints
    unmet: int
    arcs: _Arcs
    flows: Ints


class _Arcs:
    """Arc lists, collected as arrays and handed to the solver at once."""

    def __init__(self) -> None:
        self._parts: list[tuple[Ints, Ints, Ints, Ints]] = []
        self._count = 0

    def add(self, tails: Ints, heads: Ints, capacities: Ints, cost: Ints | int) -> int:
        first = self._count
        costs = np.full_like(tails, cost) if isinstance(cost, int) else cost
        self._parts.append((tails, heads, capacities, costs))
        self._count += len(tails)
        return first

    def add_one(self, tail: int, head: int, capacity: int, cost: int) -> int:
        one = [np.array([value], dtype=np.int64) for value in (tail, head, capacity, cost)]
        return self.add(one[0], one[1], one[2], one[3])

    def columns(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Tails, heads, capacities and costs of all arcs."""
        tails, heads, capacities, costs = (
            np.concatenate([part[column] for part in self._parts]) for column in range(4)
        )
        return tails, heads, capacities, costs

    def solve(self, supplies: dict[int, int], sink: int) -> Ints | None:
        """Flow on every arc, or None when the supplies cannot be carried."""
        tails, heads, capacities, costs = self.columns()
        solver = SimpleMinCostFlow()
        solver.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, costs)
        for node, supply in supplies.items():
            solver.set_node_supply(node, supply)
        solver.set_node_supply(sink, -sum(supplies.values()))
        status = solver.solve()
        if status == SimpleMinCostFlow.INFEASIBLE:
            return None
        if status != SimpleMinCostFlow.OPTIMAL:
            raise SchedulerError(f"the flow solver ended with {status!r}")
        flows = np.zeros(len(tails), dtype=np.int64)
        flows[:] = solver.flows(np.arange(len(tails)))
        return flows

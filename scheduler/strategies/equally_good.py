"""Which pairs differ between allocations that are equally good on levels 1 to 3.

Two optimal flows differ by cycles of the residual network that cost nothing. So a pair that lies on
no such cycle is in every optimal allocation or in none.

References
----------
R. K. Ahuja, T. L. Magnanti, J. B. Orlin (1993), Network Flows, chapter 9: reduced costs.
R. E. Tarjan (1972), Depth-first search and linear graph algorithms, SIAM Journal on Computing 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.errors import SchedulerError
from scheduler.strategies.allocation import Ints, OptimalFlow, optimal_flow
from scheduler.strategies.instance import Instance


@dataclass(frozen=True, slots=True)
class Choices:
    """Pairs of all allocations that are optimal when slots are ignored.

    Parameters
    ----------
    certain
        In every one of them, pins among them.
    open
        In some and not in others; every pair in neither set is in none.
    """

    certain: frozenset[int]
    open: frozenset[int]


def equally_good(instance: Instance, guaranteed: tuple[int, ...]) -> Choices:
    """Find which pairs an equally good allocation may have.

    Parameters
    ----------
    guaranteed
        Entries of level 1 of an optimal allocation.

    Notes
    -----
    With potentials of the residual network every arc costs at least 0, so a cycle that costs
    nothing has arcs of cost 0 only: such an arc is on one if and only if both its ends are in one
    strongly connected component. Timetables are optimal flows when they reach the flow's
    entries; so the two sets hold for them too.
    """
    flow = optimal_flow(instance, guaranteed)
    own = len(flow.pairs)
    used = flow.flows[:own] > 0
    component, potential = _components(flow)
    tails, heads = flow.tails[:own], flow.heads[:own]
    is_free = flow.costs[:own] + potential[tails] == potential[heads]
    is_open = is_free & (component[tails] == component[heads])
    pins = (index for index, pair in enumerate(instance.pairs) if pair.is_pinned)
    return Choices(
        certain=frozenset([*flow.pairs[used & ~is_open].tolist(), *pins]),
        open=frozenset(flow.pairs[is_open].tolist()),
    )


def _components(flow: OptimalFlow) -> tuple[Ints, Ints]:
    """Of each node: its component in the residual arcs that cost nothing, and its potential."""
    onward, back = flow.flows < flow.capacities, flow.flows > 0
    tails = np.concatenate([flow.tails[onward], flow.heads[back]])
    heads = np.concatenate([flow.heads[onward], flow.tails[back]])
    costs = np.concatenate([flow.costs[onward], -flow.costs[back]])
    nodes = int(max(flow.tails.max(initial=0), flow.heads.max(initial=0))) + 1
    potential = np.zeros(nodes, dtype=np.int64)
    for _ in range(nodes + 1):  # Bellman-Ford
        nearer = potential.copy()
        np.minimum.at(nearer, heads, potential[tails] + costs)
        if np.array_equal(nearer, potential):
            break
        potential = nearer
    else:
        raise SchedulerError("an optimal flow has left a negative cycle")
    is_free = costs + potential[tails] == potential[heads]
    following: list[list[int]] = [[] for _ in range(nodes)]
    for tail, head in zip(tails[is_free].tolist(), heads[is_free].tolist(), strict=True):
        following[tail].append(head)
    return np.array(strong_components(following), dtype=np.int64), potential


def strong_components(following: Sequence[Sequence[int]]) -> list[int]:
    """Number of the strongly connected component of each node of a directed graph.

    Parameters
    ----------
    following
        For each node the nodes its arcs lead to.

    Notes
    -----
    Tarjan (1972), without recursion; O(nodes + arcs).
    """
    count = len(following)
    order, low, component = [-1] * count, [0] * count, [-1] * count
    stack: list[int] = []
    seen = found = 0
    for root in range(count):
        if order[root] >= 0:
            continue
        path = [(root, iter(following[root]))]
        order[root] = low[root] = seen
        seen += 1
        stack.append(root)
        while path:
            node, arcs = path[-1]
            for head in arcs:
                if order[head] < 0:
                    order[head] = low[head] = seen
                    seen += 1
                    stack.append(head)
                    path.append((head, iter(following[head])))
                    break
                if component[head] < 0:
                    low[node] = min(low[node], order[head])
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
                if low[node] == order[node]:
                    while component[node] < 0:
                        component[stack.pop()] = found
                    found += 1
    return component

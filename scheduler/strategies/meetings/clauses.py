"""Clauses and the counting that is made of them.

Variables are numbers from 1, a literal is a variable or its negative.

References
----------
I. P. Gent, P. Nightingale (2004), A new encoding of alldifferent into SAT, ModRef 2004.
O. Bailleux, Y. Boufkhad (2003), Efficient CNF encoding of Boolean cardinality constraints, CP 2003.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from random import Random

PAIRWISE_MAX = 6
"""Above this many literals, at-most-one is split with an auxiliary variable (measured)."""


class Clauses:
    """A growing set of clauses."""

    def __init__(self) -> None:
        self.n_variables = 0
        self.clauses: list[list[int]] = []

    def variable(self) -> int:
        """Return a new variable."""
        self.n_variables += 1
        return self.n_variables

    def add(self, *literals: int) -> None:
        """Demand at least one of the literals; none makes everything infeasible."""
        if literals:
            self.clauses.append(list(literals))
        else:
            never = self.variable()
            self.clauses += [[never], [-never]]

    def either(self, literals: Sequence[int]) -> int:
        """Literal that is true when, and only when, one of the literals is."""
        if len(literals) == 1:
            return literals[0]
        result = self.variable()
        for literal in literals:
            self.add(-literal, result)
        self.add(-result, *literals)
        return result

    def at_most_one(self, literals: Sequence[int]) -> None:
        """Forbid two at once."""
        rest = list(literals)
        while len(rest) > PAIRWISE_MAX:
            carried = self.variable()
            head, rest = [*rest[:4], carried], [-carried, *rest[4:]]
            self._forbid_pairs(head)
        self._forbid_pairs(rest)

    def one_in_order(self, literals: Sequence[int]) -> None:
        """Demand exactly one, with variables that say "this one or an earlier one".

        Notes
        -----
        The ladder of Gent and Nightingale (2004): a solver that learns from "not before" finds
        timetables with few breaks sooner and with less luck than with pairs (measured).
        """
        self.add(*literals)
        if len(literals) < 2:
            return
        earlier = literals[0]
        for literal in literals[1:-1]:
            self.add(-earlier, -literal)
            earlier = self.either([earlier, literal])
        self.add(-earlier, -literals[-1])

    def at_most(self, literals: Sequence[int], limit: int) -> None:
        """Forbid more than ``limit`` at once."""
        if limit < 0:
            self.add()
        elif limit == 0:
            self.forbid(literals)
        elif limit == 1:
            self.at_most_one(literals)
        elif limit < len(literals):
            self.add(-self.count(literals, limit + 1, is_exact=False)[limit])

    def between(self, literals: Sequence[int], least: int, most: int) -> None:
        """Demand a number of true literals."""
        if least > min(len(literals), most):
            self.add()
        elif least == len(literals):
            for literal in literals:
                self.add(literal)
        elif most == 0:
            self.forbid(literals)
        else:
            outputs = self.count(literals, most + 1)
            if least > 0:
                self.add(outputs[least - 1])
            if most < len(outputs):
                self.add(-outputs[most])

    def forbid(self, literals: Sequence[int]) -> None:
        """Make all false."""
        for literal in literals:
            self.add(-literal)

    def count(self, literals: Sequence[int], limit: int, *, is_exact: bool = True) -> list[int]:
        """Outputs of a totaliser: output j - 1 is true when at least j literals are.

        Parameters
        ----------
        limit
            No more outputs than this.
        is_exact
            Also "only when"; false saves clauses where nothing asks for it.
        """
        layer = [[literal] for literal in literals]
        while len(layer) > 1:
            layer = self._halve(layer, limit, is_exact)
        return layer[0] if layer else []

    def add_up(self, counts: Sequence[list[int]], limit: int) -> list[int]:
        """Outputs for the sum of several counts, upward only."""
        layer = [count for count in counts if count]
        while len(layer) > 1:
            layer = self._halve(layer, limit, False)
        return layer[0] if layer else []

    def shuffled(self, random: Random) -> tuple[list[list[int]], list[int]]:
        """Clauses under other names and in another order, and the new name of each variable."""
        names = list(range(1, self.n_variables + 1))
        random.shuffle(names)
        names.insert(0, 0)
        clauses = [[names[x] if x > 0 else -names[-x] for x in clause] for clause in self.clauses]
        random.shuffle(clauses)
        return clauses, names

    def _forbid_pairs(self, literals: Sequence[int]) -> None:
        for first, second in combinations(literals, 2):
            self.add(-first, -second)

    def _halve(self, layer: list[list[int]], limit: int, is_exact: bool) -> list[list[int]]:
        merged = [
            self._merge(a, b, limit, is_exact)
            for a, b in zip(layer[::2], layer[1::2], strict=False)
        ]
        return merged + layer[len(merged) * 2 :]

    def _merge(self, a: list[int], b: list[int], limit: int, is_exact: bool) -> list[int]:
        outputs = [self.variable() for _ in range(min(len(a) + len(b), limit))]
        for i in range(len(a) + 1):
            for j in range(len(b) + 1):
                if 1 <= i + j <= len(outputs):
                    reached = (a[i - 1 : i] if i else []) + (b[j - 1 : j] if j else [])
                    self.add(*(-literal for literal in reached), outputs[i + j - 1])
                if is_exact and i + j < len(outputs):
                    self.add(*a[i : i + 1], *b[j : j + 1], -outputs[i + j])
        for fewer, more in pairwise(outputs):
            self.add(-more, fewer)
        return outputs

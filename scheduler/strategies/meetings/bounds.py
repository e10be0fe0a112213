"""Fewest breaks a person can have, whatever the others do."""

from __future__ import annotations

from functools import cache

from scheduler.strategies.meetings.problem import Placing


def least_breaks(problem: Placing, person: int) -> int | None:
    """Lower bound on a person's breaks from the slots of the person's own meetings.

    Returns
    -------
    int or None
        The bound; None when the meetings cannot be placed even alone.

    Notes
    -----
    For somebody with one meeting at a time: exactly as many used slots as meetings, those of fixed
    meetings among them; dynamic programming over (slot, meetings left, state) is optimal for
    this relaxation. Who can have several at once has bound 0.
    """
    capacity = problem.capacities[person]
    own = [meeting for meeting in problem.meetings if person in meeting.people]
    if not own or max(capacity) > 1:
        return 0
    open_slots = {t for meeting in own for t in meeting.slots if capacity[t]}
    fixed = [meeting.slots[0] for meeting in own if len(meeting.slots) == 1]
    if len(set(fixed)) < len(fixed) or not set(fixed) <= open_slots:
        return None
    never = problem.n_slots + 1

    @cache
    def fewest(slot: int, left: int, state: int) -> int:
        """State 0: nothing yet; 1: the slot before is used; 2: idle since."""
        if left == 0:
            return 0 if all(t < slot for t in fixed) else never
        if slot == problem.n_slots:
            return never
        best = never
        if slot in open_slots:
            best = (state == 2) + fewest(slot + 1, left - 1, 1)
        if slot not in fixed:
            best = min(best, fewest(slot + 1, left, 2 if state else 0))
        return best

    found = fewest(0, len(own), 0)
    return None if found >= never else found

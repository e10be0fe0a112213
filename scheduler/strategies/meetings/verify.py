"""Checks a placing; knows no solver and shares no code with those who made it."""

from __future__ import annotations

from collections import Counter, defaultdict

from scheduler.strategies.meetings.problem import Placing


def violations(problem: Placing, slots: tuple[int, ...]) -> list[str]:
    """Say every rule that a placing breaks, in plain words; empty when it breaks none."""
    if len(slots) != len(problem.meetings):
        return [f"{len(slots)} slots for {len(problem.meetings)} meetings"]
    return [
        *_allowed_slots(problem, slots),
        *_capacities(problem, slots),
        *_relations(problem, slots),
        *_runs(problem, slots),
        *_fairness(problem, slots),
    ]


def count_breaks(problem: Placing, slots: tuple[int, ...]) -> dict[int, int]:
    """Breaks of each counted person, by walking through the slots."""
    busy = _busy(problem, slots)
    people = range(len(problem.capacities)) if problem.counted is None else problem.counted
    return {person: _walk(busy[person], problem.n_slots) for person in people}


def _walk(busy: set[int], n_slots: int) -> int:
    runs = 0
    for slot in range(n_slots):
        if slot in busy and slot - 1 not in busy:
            runs += 1
    return max(0, runs - 1)


def _busy(problem: Placing, slots: tuple[int, ...]) -> dict[int, set[int]]:
    busy: dict[int, set[int]] = defaultdict(set)
    for meeting, slot in zip(problem.meetings, slots, strict=True):
        for person in meeting.people:
            busy[person].add(slot)
    return busy


def _allowed_slots(problem: Placing, slots: tuple[int, ...]) -> list[str]:
    return [
        f"meeting {index} is in slot {slot}, allowed are {meeting.slots}"
        for index, (meeting, slot) in enumerate(zip(problem.meetings, slots, strict=True))
        if slot not in meeting.slots or not 0 <= slot < problem.n_slots
    ]


def _capacities(problem: Placing, slots: tuple[int, ...]) -> list[str]:
    people: Counter[tuple[int, int]] = Counter()
    halls: Counter[tuple[int, int]] = Counter()
    for meeting, slot in zip(problem.meetings, slots, strict=True):
        people.update((person, slot) for person in meeting.people)
        if meeting.hall is not None:
            halls[meeting.hall, slot] += 1
    found = []
    for (person, slot), number in people.items():
        if number > problem.capacities[person][slot]:
            found.append(f"person {person} has {number} meetings in slot {slot}")
    for (hall, slot), number in halls.items():
        if number > problem.halls[hall][slot]:
            found.append(f"hall {hall} has {number} meetings in slot {slot}")
    return found


def _relations(problem: Placing, slots: tuple[int, ...]) -> list[str]:
    found = [
        f"meeting {first} is not before meeting {second}"
        for first, second in problem.precedences
        if slots[first] >= slots[second]
    ]
    for first, second, gap in problem.conflicts:
        if abs(slots[first] - slots[second]) <= gap:
            found.append(f"meetings {first} and {second} are within {gap} slots")
    return found


def _runs(problem: Placing, slots: tuple[int, ...]) -> list[str]:
    found = []
    busy = _busy(problem, slots)
    for person, longest in enumerate(problem.longest_runs):
        run = 0
        for slot in range(problem.n_slots):
            run = run + 1 if slot in busy[person] else 0
            if run > longest:
                found.append(f"person {person} has {run} slots in a row, {longest} at most")
    return found


def _fairness(problem: Placing, slots: tuple[int, ...]) -> list[str]:
    breaks = count_breaks(problem, slots).values()
    if problem.fairness is None or not breaks or max(breaks) - min(breaks) <= problem.fairness:
        return []
    return [f"breaks differ by {max(breaks) - min(breaks)}, {problem.fairness} at most"]

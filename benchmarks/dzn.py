"""Reads published business-to-business instances (MiniZinc data files).

Meetings, slots and participants are counted from 1 in the files and from 0 here.

References
----------
M. Bofill, J. Coll, M. Garcia, J. Giraldez-Cru, G. Pesant, J. Suy, M. Villaret (2022), Constraint
solving approaches to the business-to-business meeting scheduling problem, JAIR 74.
"""

from __future__ import annotations

import re
from pathlib import Path

from scheduler.strategies.meetings.problem import Meeting, Placing

_ITEM = re.compile(r"(\w+)\s*=\s*([^;]*?)\s*(?:;|\Z)", re.DOTALL)
_SET = re.compile(r"\{([^}]*)\}|(-?\d+)\s*\.\.\s*(-?\d+)")


def read_placing(path: Path, *, fairness: int | None = 2) -> Placing:
    """Read one instance.

    Parameters
    ----------
    path
        A ``.dzn`` file; items in any order, comments (``%``) skipped.
    fairness
        Most by which two participants' breaks may differ; None for no limit.

    Raises
    ------
    ValueError
        When an item is missing or its length is wrong; the message names file and item.
    """
    items = _items(path)
    n_slots = _number(items, "nTotalSlots", path)
    n_morning = _number(items, "nMorningSlots", path)
    requested = _rows(items, path)
    n_people = _number(items, "nBusiness", path)
    absent = _sets(items, "forbidden", n_people, path)
    name = "fixat" if "fixat" in items else "fixed"
    fixed = _integers(items.get(name, "")) or [0] * len(requested)
    if len(fixed) != len(requested) or len(requested) != _number(items, "nMeetings", path):
        raise ValueError(f"{path}: {len(requested)} meetings requested, {len(fixed)} in {name}")
    session = {1: range(n_morning), 2: range(n_morning, n_slots), 3: range(n_slots)}
    meetings = []
    for (first, second, when), slot in zip(requested, fixed, strict=True):
        away = absent[first - 1] | absent[second - 1]
        wanted = [slot] if slot > 0 else range(1, n_slots + 1)
        slots = tuple(t - 1 for t in wanted if t not in away and t - 1 in session[when])
        meetings.append(Meeting((first - 1, second - 1), slots, 0))
    before = _sets(items, "precedences", len(requested), path) if "precedences" in items else []
    return Placing(
        n_slots=n_slots,
        capacities=tuple(tuple(int(t + 1 not in away) for t in range(n_slots)) for away in absent),
        meetings=tuple(meetings),
        halls=((_number(items, "nTables", path),) * n_slots,),
        precedences=tuple((a - 1, b) for b, earlier in enumerate(before) for a in sorted(earlier)),
        fairness=fairness,
    )


def _items(path: Path) -> dict[str, str]:
    text = re.sub(r"%[^\n]*", "", path.read_text(encoding="utf-8", errors="replace"))
    return dict(_ITEM.findall(text))


def _integers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"-?\d+", text)]


def _number(items: dict[str, str], name: str, path: Path) -> int:
    numbers = _integers(items.get(name, ""))
    if len(numbers) != 1:
        raise ValueError(f"{path}: {name} must be one number")
    return numbers[0]


def _rows(items: dict[str, str], path: Path) -> list[tuple[int, int, int]]:
    """Triples of two participants and a session; rows stand between bars."""
    flat = _integers(re.sub(r"^\s*array2d\s*\([^\[]*", "", items.get("requested", "")))
    if len(flat) % 3:
        raise ValueError(f"{path}: requested must have three numbers a row")
    return list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))


def _sets(items: dict[str, str], name: str, length: int, path: Path) -> list[set[int]]:
    """Sets of positive numbers; a 0 in a set means nothing."""
    found = []
    for listed, first, last in _SET.findall(items.get(name, "")):
        if first:
            members = set(range(int(first), int(last) + 1))
        else:
            ranges = re.findall(r"(-?\d+)\s*\.\.\s*(-?\d+)", listed)
            members = {n for a, b in ranges for n in range(int(a), int(b) + 1)}
            members |= set(_integers(listed))
        found.append({number for number in members if number > 0})
    if not found:
        return [set() for _ in range(length)]
    if len(found) != length:
        raise ValueError(f"{path}: {name} has {len(found)} sets for {length}")
    return found

"""Who sits at which table of a turn."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from scheduler.model import CompanyId, StudentId
from scheduler.strategies.instance import Instance

Key = tuple[int, StudentId, CompanyId]


def tables_of(instance: Instance, slots: Mapping[int, int]) -> dict[int, int]:
    """Number the table of each placed pair within its company, from 0.

    Parameters
    ----------
    slots
        Slot by pair, within the seats of every turn that is not past.

    Notes
    -----
    Tables fill in the order of the pairs. On a day that has begun, past meetings have the tables
    that they had (which may be outside the company's run by now), and those that stay keep theirs
    while the company still has them.
    """
    if instance.begun is None:
        return _in_order(instance, slots)
    old = _old_tables(instance)
    seated: Counter[tuple[int, int, int]] = Counter()
    tables: dict[int, int] = {}
    waiting: dict[tuple[int, int], list[int]] = defaultdict(list)
    event = instance.event
    for pair in sorted(slots):
        own, slot = instance.pairs[pair], slots[pair]
        company = event.companies[own.company]
        student_id = event.students[own.student].student_id
        table = old.get((slot, student_id, company.company_id), -1)
        turn = own.company, slot
        is_there = 0 <= table < company.tables and seated[*turn, table] < company.seats
        if own.is_past or is_there:
            tables[pair] = table
            seated[*turn, table] += 1
        else:
            waiting[turn].append(pair)
    for turn, pairs in waiting.items():
        seats = event.companies[turn[0]].seats
        table = 0
        for pair in pairs:
            while seated[*turn, table] >= seats:
                table += 1
            tables[pair] = table
            seated[*turn, table] += 1
    return tables


def _in_order(instance: Instance, slots: Mapping[int, int]) -> dict[int, int]:
    seated: Counter[tuple[int, int]] = Counter()
    tables = {}
    for pair in sorted(slots):
        turn = instance.pairs[pair].company, slots[pair]
        tables[pair] = seated[turn] // instance.event.companies[turn[0]].seats
        seated[turn] += 1
    return tables


def _old_tables(instance: Instance) -> dict[Key, int]:
    first = {place.company_id: place.first_table for place in instance.places}
    begun = instance.begun
    return {
        (m.slot, m.student_id, m.company_id): m.table - first[m.company_id]
        for m in (begun.timetable.meetings if begun else ())
    }

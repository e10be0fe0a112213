"""Where each company stands, also when the timetable names only the tables that are used."""

from __future__ import annotations

from collections import defaultdict

from scheduler.model import Company, CompanyId, Event, Place, RoomId, Timetable


def complete_places(event: Event, timetable: Timetable) -> tuple[Place, ...]:
    """Places of the companies, those the timetable does not name inferred.

    Returns
    -------
    tuple of Place
        In the order of the event's companies. A company for which no room has a free run of
        tables has none.

    Notes
    -----
    Known places stay. A company with meetings stands in their room with its first table as far
    left as the tables used and its neighbours allow: in one room companies lie in the order of
    their used tables, so the leftmost choice, taken in that order, leaves the most room for the
    next one. The others then take, largest first, the first free run of tables in their named
    room, or in any room of the event.
    """
    known = {place.company_id: place for place in timetable.places}
    companies = {company.company_id: company for company in event.companies}
    taken: dict[RoomId, set[int]] = defaultdict(set)
    for place in known.values():
        if place.company_id in companies:
            _take(taken, place, companies[place.company_id])
    for place in _standing_where_used(timetable, companies, known, taken):
        known[place.company_id] = place
        _take(taken, place, companies[place.company_id])
    rest = [company for company in event.companies if company.company_id not in known]
    # a company with a named room has no choice, so it goes before those that can go anywhere
    for company in sorted(rest, key=lambda c: (c.room_id is None, -c.tables)):
        free = _first_free_run(event, company, taken)
        if free is not None:
            known[company.company_id] = free
            _take(taken, free, company)
    return tuple(
        known[company.company_id] for company in event.companies if company.company_id in known
    )


def _take(taken: dict[RoomId, set[int]], place: Place, company: Company) -> None:
    taken[place.room_id].update(range(place.first_table, place.first_table + company.tables))


def _standing_where_used(
    timetable: Timetable,
    companies: dict[CompanyId, Company],
    known: dict[CompanyId, Place],
    taken: dict[RoomId, set[int]],
) -> list[Place]:
    used: dict[CompanyId, set[int]] = defaultdict(set)
    room_of: dict[CompanyId, RoomId] = {}
    for meeting in timetable.meetings:
        company_id = meeting.company_id
        if company_id in companies and company_id not in known:
            room_of.setdefault(company_id, meeting.room_id)
            if meeting.room_id == room_of[company_id]:
                used[company_id].add(meeting.table)
    places = []
    busy = {room_id: set(tables) for room_id, tables in taken.items()}
    for company_id in sorted(used, key=lambda c: (room_of[c], min(used[c]))):
        room, tables = room_of[company_id], used[company_id]
        count = companies[company_id].tables
        first, last = max(1, max(tables) - count + 1), min(tables)
        occupied = busy.setdefault(room, set())
        while first < last and occupied.intersection(range(first, first + count)):
            first += 1
        # tables further apart than the company has: a timetable made by hand, taken as it is
        first = min(first, last)
        occupied.update(range(first, first + count))
        places.append(Place(company_id, room, first))
    return places


def _first_free_run(event: Event, company: Company, taken: dict[RoomId, set[int]]) -> Place | None:
    for room in event.rooms:
        if company.room_id not in (None, room.room_id):
            continue
        for first in range(1, room.tables - company.tables + 2):
            if not taken[room.room_id].intersection(range(first, first + company.tables)):
                return Place(company.company_id, room.room_id, first)
    return None

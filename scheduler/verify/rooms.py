"""Where companies stand: one room each, tables together, none shared, room enough for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from scheduler.errors import counted
from scheduler.model import Company, CompanyId, Place, Room, RoomId, Timetable
from scheduler.verify.names import Names
from scheduler.verify.standing import RoomRow, UsedRun, can_stand

Fault = tuple[CompanyId | None, str]
UsedTables = Mapping[CompanyId, Mapping[RoomId, set[int]]]


def room_faults(names: Names, timetable: Timetable) -> list[Fault]:
    """Everything wrong with rooms and tables: the company where it is about one, and a sentence."""
    used: dict[CompanyId, dict[RoomId, set[int]]] = defaultdict(lambda: defaultdict(set))
    for meeting in timetable.meetings:
        used[meeting.company_id][meeting.room_id].add(meeting.table)
    faults = [*_table_faults(names, used), *_shared_tables(names, used)]
    if timetable.places:
        return [*faults, *_place_faults(names, timetable.places, used)]
    return faults or list(_standing_faults(names, used))


def _table_faults(names: Names, used: UsedTables) -> Iterator[Fault]:
    for company_id, tables_by_room in used.items():
        company = names.companies.get(company_id)
        who = names.company(company_id)
        if len(tables_by_room) > 1:
            rooms = ", ".join(names.room(room_id) for room_id in sorted(tables_by_room))
            yield company_id, f"{who} meets in {len(tables_by_room)} rooms ({rooms}), not in one"
        for room_id, tables in tables_by_room.items():
            room = names.rooms.get(room_id)
            if room is None:
                yield company_id, f"{who} meets in {names.room(room_id)}: no such room in the event"
                continue
            if company is not None and company.room_id not in (None, room_id):
                named = names.room(company.room_id or room_id)
                yield company_id, f"{who} meets in {names.room(room_id)}, but its room is {named}"
            if min(tables) < 1 or max(tables) > room.tables:
                wrong = ", ".join(str(t) for t in sorted(tables) if not 1 <= t <= room.tables)
                text = f"{who} uses table {wrong} in {names.room(room_id)}, which has"
                yield company_id, f"{text} {names.tables(1, room.tables)}"
            width = max(tables) - min(tables) + 1
            if company is not None and width > company.tables:
                listed = ", ".join(str(table) for table in sorted(tables))
                text = f"{who} uses tables {listed} in {names.room(room_id)}: it has"
                text += f" {counted(company.tables, 'table')}"
                yield company_id, text if company.tables == 1 else f"{text}, which stand together"


def _shared_tables(names: Names, used: UsedTables) -> Iterator[Fault]:
    owners: dict[tuple[RoomId, int], list[CompanyId]] = defaultdict(list)
    for company_id, tables_by_room in used.items():
        for room_id, tables in tables_by_room.items():
            for table in tables:
                owners[room_id, table].append(company_id)
    for (room_id, table), company_ids in owners.items():
        if len(company_ids) > 1:
            listed = ", ".join(names.company(company_id) for company_id in company_ids)
            text = f"Table {table} in {names.room(room_id)} is used by {listed}"
            yield company_ids[1], f"{text}; a table is one company's all day"


def _place_faults(names: Names, places: tuple[Place, ...], used: UsedTables) -> Iterator[Fault]:
    by_company: dict[CompanyId, list[Place]] = defaultdict(list)
    taken: dict[tuple[RoomId, int], CompanyId] = {}
    for place in places:
        by_company[place.company_id].append(place)
        company = names.companies.get(place.company_id)
        room = names.rooms.get(place.room_id)
        who, where = names.company(place.company_id), names.room(place.room_id)
        if company is None or room is None:
            what = "company" if company is None else "room"
            yield place.company_id, f"{who} has a place in {where}: no such {what} in the event"
            continue
        if company.room_id not in (None, room.room_id):
            named = names.room(company.room_id or room.room_id)
            yield company.company_id, f"{who} stands in {where}, but its room is {named}"
        yield from _run_faults(names, place, company, room, taken)
    for company_id in names.companies:
        if len(by_company[company_id]) != 1:
            held = counted(len(by_company[company_id]), "place")
            text = f"{names.company(company_id)} has {held}"
            yield company_id, f"{text}, needs exactly one"
    yield from _off_place(names, by_company, used)


def _run_faults(
    names: Names,
    place: Place,
    company: Company,
    room: Room,
    taken: dict[tuple[RoomId, int], CompanyId],
) -> Iterator[Fault]:
    """Yield what is wrong with a place's run of tables, and enter the run into ``taken``."""
    who, where = names.company(company.company_id), names.room(room.room_id)
    last = place.first_table + company.tables - 1
    if place.first_table < 1 or last > room.tables:
        text = f"{who} stands at {names.tables(place.first_table, last)} in {where}"
        yield company.company_id, f"{text}, which has {names.tables(1, room.tables)}"
    for table in range(place.first_table, last + 1):
        other = taken.setdefault((room.room_id, table), company.company_id)
        if other != company.company_id:
            text = f"{who} stands at table {table} in {where}, where {names.company(other)} stands"
            yield company.company_id, text


def _off_place(
    names: Names, by_company: Mapping[CompanyId, list[Place]], used: UsedTables
) -> Iterator[Fault]:
    for company_id, tables_by_room in used.items():
        company = names.companies.get(company_id)
        places = by_company.get(company_id, [])
        if company is None or len(places) != 1:
            continue  # reported already
        place = places[0]
        run = range(place.first_table, place.first_table + company.tables)
        for room_id, tables in tables_by_room.items():
            for table in sorted(tables):
                if room_id != place.room_id or table not in run:
                    text = f"{names.company(company_id)} meets at table {table} in"
                    text += f" {names.room(room_id)}, but stands at"
                    text += f" {names.tables(run.start, run.stop - 1)}"
                    yield company_id, f"{text} in {names.room(place.room_id)}"


def _standing_faults(names: Names, used: UsedTables) -> Iterator[Fault]:
    """Yield rooms that cannot hold their companies, or else the companies that fit in no room."""
    rows = {room_id: _row(names, room_id, used) for room_id in names.rooms}
    is_full = False
    for room_id, row in rows.items():
        if not can_stand([row]):
            is_full = True
            needed = sum(run.tables for run in row.used) + sum(row.unused_sizes)
            text = f"The companies of {names.room(room_id)} cannot stand together without overlap:"
            asked = counted(needed, "table")
            yield None, f"{text} {asked} asked, {names.tables(1, row.tables)} there"
    free = [c for c in names.companies.values() if c.room_id is None and c.company_id not in used]
    if free and not is_full and not can_stand(list(rows.values()), [c.tables for c in free]):
        listed = ", ".join(names.company(company.company_id) for company in free)
        yield None, f"No room has enough tables side by side left for {listed}"


def _row(names: Names, room_id: RoomId, used: UsedTables) -> RoomRow:
    runs, unused = [], []
    for company in names.companies.values():
        tables = used.get(company.company_id, {}).get(room_id)
        if tables:
            runs.append(UsedRun(min(tables), max(tables), company.tables))
        elif company.room_id == room_id:
            unused.append(company.tables)
    return RoomRow(names.rooms[room_id].tables, tuple(sorted(runs)), tuple(unused))

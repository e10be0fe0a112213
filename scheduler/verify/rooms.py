"""Where companies stand: one room each, tables together, none shared, room enough for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from scheduler.model import Company, CompanyId, Place, Room, RoomId, Timetable
from scheduler.sentence import Sentence, counted, listed, say
from scheduler.verify.names import Names
from scheduler.verify.standing import RoomRow, UsedRun, can_stand

Fault = tuple[CompanyId | None, Sentence]
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
            rooms = listed(names.room(room_id) for room_id in sorted(tables_by_room))
            yield (
                company_id,
                say(
                    "%(who)s meets in %(count)s rooms (%(rooms)s), not in one",
                    who=who,
                    count=len(tables_by_room),
                    rooms=rooms,
                ),
            )
        for room_id, tables in tables_by_room.items():
            room = names.rooms.get(room_id)
            if room is None:
                yield (
                    company_id,
                    say(
                        "%(who)s meets in %(room)s: no such room in the event",
                        who=who,
                        room=names.room(room_id),
                    ),
                )
                continue
            if company is not None and company.room_id not in (None, room_id):
                named = names.room(company.room_id or room_id)
                yield (
                    company_id,
                    say(
                        "%(who)s meets in %(room)s, but its room is %(named)s",
                        who=who,
                        room=names.room(room_id),
                        named=named,
                    ),
                )
            if min(tables) < 1 or max(tables) > room.tables:
                wrong = ", ".join(str(t) for t in sorted(tables) if not 1 <= t <= room.tables)
                text = say(
                    "%(who)s uses table %(wrong)s in %(room)s, which has %(tables)s",
                    who=who,
                    wrong=wrong,
                    room=names.room(room_id),
                    tables=names.tables(1, room.tables),
                )
                yield company_id, text
            width = max(tables) - min(tables) + 1
            if company is not None and width > company.tables:
                text = counted(
                    company.tables,
                    "%(who)s uses tables %(used)s in %(room)s: it has %(num)s table",
                    "%(who)s uses tables %(used)s in %(room)s: it has %(num)s tables, which "
                    "stand together",
                    who=who,
                    used=", ".join(str(table) for table in sorted(tables)),
                    room=names.room(room_id),
                )
                yield company_id, text


def _shared_tables(names: Names, used: UsedTables) -> Iterator[Fault]:
    owners: dict[tuple[RoomId, int], list[CompanyId]] = defaultdict(list)
    for company_id, tables_by_room in used.items():
        for room_id, tables in tables_by_room.items():
            for table in tables:
                owners[room_id, table].append(company_id)
    for (room_id, table), company_ids in owners.items():
        if len(company_ids) > 1:
            text = say(
                "Table %(table)s in %(room)s is used by %(companies)s; a table is one company's "
                "all day",
                table=table,
                room=names.room(room_id),
                companies=listed(names.company(company_id) for company_id in company_ids),
            )
            yield company_ids[1], text


def _place_faults(names: Names, places: tuple[Place, ...], used: UsedTables) -> Iterator[Fault]:
    by_company: dict[CompanyId, list[Place]] = defaultdict(list)
    taken: dict[tuple[RoomId, int], CompanyId] = {}
    for place in places:
        by_company[place.company_id].append(place)
        company = names.companies.get(place.company_id)
        room = names.rooms.get(place.room_id)
        who, where = names.company(place.company_id), names.room(place.room_id)
        if company is None or room is None:
            where_it_is = {"who": who, "where": where}
            text = say("%(who)s has a place in %(where)s: no such room in the event", **where_it_is)
            if company is None:
                text = say(
                    "%(who)s has a place in %(where)s: no such company in the event", **where_it_is
                )
            yield place.company_id, text
            continue
        if company.room_id not in (None, room.room_id):
            named = names.room(company.room_id or room.room_id)
            yield (
                company.company_id,
                say(
                    "%(who)s stands in %(where)s, but its room is %(named)s",
                    who=who,
                    where=where,
                    named=named,
                ),
            )
        yield from _run_faults(names, place, company, room, taken)
    for company_id in names.companies:
        if len(by_company[company_id]) != 1:
            text = counted(
                len(by_company[company_id]),
                "%(company)s has %(num)s place, needs exactly one",
                "%(company)s has %(num)s places, needs exactly one",
                company=names.company(company_id),
            )
            yield company_id, text
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
        text = say(
            "%(who)s stands at %(tables)s in %(where)s, which has %(there)s",
            who=who,
            tables=names.tables(place.first_table, last),
            where=where,
            there=names.tables(1, room.tables),
        )
        yield company.company_id, text
    for table in range(place.first_table, last + 1):
        other = taken.setdefault((room.room_id, table), company.company_id)
        if other != company.company_id:
            text = say(
                "%(who)s stands at table %(table)s in %(where)s, where %(company)s stands",
                who=who,
                table=table,
                where=where,
                company=names.company(other),
            )
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
                    text = say(
                        "%(company)s meets at table %(table)s in %(room)s, but stands at "
                        "%(tables)s in %(place)s",
                        company=names.company(company_id),
                        table=table,
                        room=names.room(room_id),
                        tables=names.tables(run.start, run.stop - 1),
                        place=names.room(place.room_id),
                    )
                    yield company_id, text


def _standing_faults(names: Names, used: UsedTables) -> Iterator[Fault]:
    """Yield rooms that cannot hold their companies, or else the companies that fit in no room."""
    rows = {room_id: _row(names, room_id, used) for room_id in names.rooms}
    is_full = False
    for room_id, row in rows.items():
        if not can_stand([row]):
            is_full = True
            needed = sum(run.tables for run in row.used) + sum(row.unused_sizes)
            text = counted(
                needed,
                "The companies of %(room)s cannot stand together without overlap: %(num)s table "
                "asked, %(tables)s there",
                "The companies of %(room)s cannot stand together without overlap: %(num)s tables "
                "asked, %(tables)s there",
                room=names.room(room_id),
                tables=names.tables(1, row.tables),
            )
            yield None, text
    free = [c for c in names.companies.values() if c.room_id is None and c.company_id not in used]
    if free and not is_full and not can_stand(list(rows.values()), [c.tables for c in free]):
        yield (
            None,
            say(
                "No room has enough tables side by side left for %(companies)s",
                companies=listed(names.company(company.company_id) for company in free),
            ),
        )


def _row(names: Names, room_id: RoomId, used: UsedTables) -> RoomRow:
    runs, unused = [], []
    for company in names.companies.values():
        tables = used.get(company.company_id, {}).get(room_id)
        if tables:
            runs.append(UsedRun(min(tables), max(tables), company.tables))
        elif company.room_id == room_id:
            unused.append(company.tables)
    return RoomRow(names.rooms[room_id].tables, tuple(sorted(runs)), tuple(unused))

"""Where companies stand for the rest of a day: who stood stays, who came gets free tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from scheduler.errors import InvalidEventError, Problem
from scheduler.model import Company, CompanyId, Event, Place, RoomId, Timetable
from scheduler.reports import complete_places
from scheduler.sentence import Sentence, counted, say


def with_tables(event: Event, counts: Mapping[CompanyId, int]) -> Event:
    """Give companies the tables that they have from now on.

    Parameters
    ----------
    counts
        Tables from now on of companies whose number changed; 0 leaves the tables as they are.
    """
    tables = {company_id: count for company_id, count in counts.items() if count}
    return replace(
        event,
        companies=tuple(
            replace(company, tables=tables.get(company.company_id, company.tables))
            for company in event.companies
        ),
    )


def settle(event: Event, timetable: Timetable, places: tuple[Place, ...]) -> Event:
    """Name the room of every company that stands already; who came late may still stand anywhere.

    Bounds hold for every room that a company without one can have, so its room stays open here
    although ``places`` has one for it.
    """
    stood = {meeting.company_id for meeting in timetable.meetings}
    stood |= {place.company_id for place in timetable.places}
    rooms = {place.company_id: place.room_id for place in places if place.company_id in stood}
    return replace(
        event,
        companies=tuple(
            replace(company, room_id=rooms.get(company.company_id, company.room_id))
            for company in event.companies
        ),
    )


def places_of(before: Event, after: Event, timetable: Timetable) -> tuple[Place, ...]:
    """Find a place for every company of the event.

    Parameters
    ----------
    before, after
        The event with the tables so far, and with those from now on.

    Returns
    -------
    tuple of Place
        In the order of the event. A company with meetings keeps its room and its first tables, and
        grows into free tables beside them. Tables that it lost stay empty.

    Raises
    ------
    InvalidEventError
        A company would stand in two rooms, or no free tables are beside each other.
    """
    standing = _standing(before, timetable)
    problems = list(_other_rooms(before, timetable))
    if problems:
        raise InvalidEventError(problems)
    taken: dict[RoomId, set[int]] = defaultdict(set)
    sizes = {company.company_id: company.tables for company in before.companies}
    for place in standing.values():
        run = range(place.first_table, place.first_table + sizes[place.company_id])
        taken[place.room_id].update(run)
    for company in after.companies:
        more = company.tables - sizes[company.company_id]
        if company.company_id in standing and more > 0:
            place = standing[company.company_id]
            grown = _grow(after, place, sizes[company.company_id], more, taken)
            if grown is None:
                what = counted(
                    more, "%(num)s more table beside its own", "%(num)s more tables beside its own"
                )
                problems.append(_no_room(company, what))
            else:
                standing[company.company_id] = grown
    if problems:
        raise InvalidEventError(problems)
    return _with_newcomers(before, after, timetable, standing)


def _standing(event: Event, timetable: Timetable) -> dict[CompanyId, Place]:
    met = {meeting.company_id for meeting in timetable.meetings}
    met |= {place.company_id for place in timetable.places}
    only = replace(event, companies=tuple(c for c in event.companies if c.company_id in met))
    known = {company.company_id for company in only.companies}
    places = tuple(place for place in timetable.places if place.company_id in known)
    found = complete_places(only, Timetable(timetable.meetings, places))
    return {place.company_id: place for place in found}


def _other_rooms(event: Event, timetable: Timetable) -> list[Problem]:
    rooms: dict[CompanyId, set[RoomId]] = defaultdict(set)
    for company in event.companies:
        if company.room_id is not None:
            rooms[company.company_id].add(company.room_id)
    for meeting in timetable.meetings:
        rooms[meeting.company_id].add(meeting.room_id)
    names = {company.company_id: company.name for company in event.companies}
    return [
        Problem(
            "timetable",
            say(
                "%(company)s stands in rooms %(rooms)s of event and timetable",
                company=names[company_id],
                rooms=", ".join(sorted(own)),
            ),
            say("a company keeps its room all day: correct the event, or the timetable"),
            subject=company_id,
        )
        for company_id, own in rooms.items()
        if len(own) > 1
    ]


def _grow(
    event: Event, place: Place, size: int, more: int, taken: dict[RoomId, set[int]]
) -> Place | None:
    """Add tables after the run, else before it, and enter them into ``taken``."""
    last = {room.room_id: room.tables for room in event.rooms}[place.room_id]
    end, busy = place.first_table + size, taken[place.room_id]
    for first in (place.first_table, place.first_table - more):
        run = range(first, first + size + more)
        added = set(run) - set(range(place.first_table, end))
        if run.start >= 1 and run.stop - 1 <= last and not added & busy:
            busy |= added
            return replace(place, first_table=first)
    return None


def _with_newcomers(
    before: Event, after: Event, timetable: Timetable, standing: dict[CompanyId, Place]
) -> tuple[Place, ...]:
    """Places of all; newcomers keep off the tables that others have lost."""
    sizes = {company.company_id: company.tables for company in before.companies}
    wide = replace(
        after,
        companies=tuple(
            replace(company, tables=max(company.tables, sizes[company.company_id]))
            if company.company_id in standing
            else company
            for company in after.companies
        ),
    )
    found = complete_places(wide, Timetable(timetable.meetings, tuple(standing.values())))
    known = {place.company_id for place in found}
    problems = [
        _no_room(
            company,
            counted(
                company.tables,
                "%(num)s free table beside each other",
                "%(num)s free tables beside each other",
            ),
        )
        for company in after.companies
        if company.company_id not in known
    ]
    if problems:
        raise InvalidEventError(problems)
    return found


def _no_room(company: Company, what: Sentence) -> Problem:
    reason = say(
        "no room has %(what)s for %(company)s; the other companies keep theirs",
        what=what,
        company=company.name,
    )
    if company.room_id:
        reason = say(
            "room %(room)s does not have %(what)s for %(company)s; the other companies keep theirs",
            room=company.room_id,
            what=what,
            company=company.name,
        )
    return Problem(
        "companies",
        reason,
        say("give it fewer tables, or name another room"),
        subject=company.company_id,
        column="tables",
    )

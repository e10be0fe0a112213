"""Versions that were published, and what differs between two timetables.

Differences are of stored rows, minutes after midnight, so that a version can be compared also
after the window of its event was changed.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from scheduler.reports.collation import collation_key
from webui.operations.log import NotFoundError
from webui.operations.lost_meetings import Lost, lost_meetings
from webui.store import (
    CompanyRow,
    Database,
    EventRow,
    MeetingRow,
    RoomRow,
    Staff,
    StudentRow,
    TimetableRow,
    Version,
)


@dataclass(frozen=True, slots=True)
class Spot:
    """When and where a meeting is; minutes after midnight."""

    start_min: int
    room_id: str
    table: int


@dataclass(frozen=True, slots=True)
class Move:
    """One meeting that is not where it was: gained without ``before``, lost without ``after``."""

    student_pk: int
    company_pk: int
    before: Spot | None
    after: Spot | None

    @property
    def kind(self) -> str:
        """``moved``, ``gained`` or ``lost``."""
        if self.before is None:
            return "gained"
        return "lost" if self.after is None else "moved"

    @property
    def at(self) -> int:
        """When it will be, else when it was."""
        spot = self.after or self.before
        return 0 if spot is None else spot.start_min


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One line of the history."""

    number: int
    timetable_id: int
    published_at: dt.datetime
    published_by: str
    withdrawn_at: dt.datetime | None
    meetings: int


@dataclass(frozen=True, slots=True)
class Person:
    """A student or a company for whom something changes; ``moves`` in order of time."""

    pk: int
    name: str
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two timetables, by student and by company, with the names."""

    students: tuple[Person, ...]
    companies: tuple[Person, ...]
    student_names: dict[int, str]
    company_names: dict[int, str]
    room_names: dict[str, str]

    @property
    def counts(self) -> dict[str, int]:
        """How many meetings moved, were gained, were lost."""
        kinds = [move.kind for person in self.students for move in person.moves]
        return {kind: kinds.count(kind) for kind in ("moved", "gained", "lost")}

    def where(self, spot: Spot) -> str:
        """Name of a spot's room."""
        return self.room_names.get(spot.room_id, spot.room_id)


def published(session: Session, event_id: int) -> Version | None:
    """The version that students see now."""
    return session.scalar(
        select(Version).where(Version.event_id == event_id, Version.withdrawn_at.is_(None))
    )


_WINDOW = ("timezone", "start_min", "end_min", "slot_min", "changeover_min", "breaks")


def window_to_keep(event: EventRow) -> dict[str, Any]:
    """When an event is, as a version keeps it."""
    own = {name: getattr(event, name) for name in _WINDOW}
    return {"date": event.date.isoformat(), **own}


def as_published(event: EventRow, version: Version) -> EventRow:
    """An event at the time at which a version was published; the event itself where it is that.

    Students come when their schedule says, whatever staff try out meanwhile.
    """
    if version.window == window_to_keep(event):
        return event
    own = {each.key: getattr(event, each.key) for each in inspect(EventRow).column_attrs}
    window = {name: version.window[name] for name in _WINDOW}
    return EventRow(**own | window | {"date": dt.date.fromisoformat(version.window["date"])})


def published_number(database: Database, event_id: int) -> int | None:
    """Number of the version that students see now."""
    with database.reading() as session:
        found = published(session, event_id)
        return None if found is None else found.number


def latest(session: Session, event_id: int) -> Version | None:
    """The version with the highest number, withdrawn or not."""
    asked = select(Version).where(Version.event_id == event_id)
    return session.scalar(asked.order_by(Version.number.desc()).limit(1))


def version_of(session: Session, event_id: int, number: int) -> Version:
    """Find a version of an event by its number.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = session.scalar(
        select(Version).where(Version.event_id == event_id, Version.number == number)
    )
    if found is None:
        raise NotFoundError
    return found


def history(database: Database, event_id: int) -> list[VersionLine]:
    """Every version with its meetings as it was published, the latest first, in two queries."""
    meetings = (
        select(func.count(MeetingRow.id))
        .where(MeetingRow.timetable_id == Version.timetable_id)
        .scalar_subquery()
    )
    asked = (
        select(Version, func.coalesce(Staff.name, ""), meetings)
        .outerjoin(Staff, Staff.id == Version.published_by)
        .where(Version.event_id == event_id)
        .order_by(Version.number.desc())
    )
    with database.reading() as session:
        found = list(session.execute(asked))
        if not found:
            return []
        ids, since = {own.timetable_id for own, *_ in found}, found[-1][0].published_at
        lost = lost_meetings(session, event_id, ids, since=since).meetings
    gone = Counter(timetable_id for timetable_id, *_ in lost)
    return [
        VersionLine(
            own.number,
            own.timetable_id,
            own.published_at,
            name,
            own.withdrawn_at,
            count + gone[own.timetable_id],
        )
        for own, name, count in found
    ]


def moves_between(
    session: Session, before: int | None, after: int | None, *, lost: Lost | None = None
) -> list[Move]:
    """Compare the meetings of two timetables by their rows; None has no meetings.

    A meeting at another table at the same time has moved too.

    Parameters
    ----------
    lost
        Meetings that the timetables had before somebody was deleted.
    """
    if before == after:
        return []
    own = MeetingRow.__table__.c
    meeting = own.student_pk, own.company_pk, own.start_min, own.room_id, own.table
    found = session.execute(  # a meeting that both have is there twice
        select(func.min(own.timetable_id), *meeting)
        .where(own.timetable_id.in_({before, after} - {None}))
        .group_by(*meeting)
        .having(func.count() == 1)
    )
    spots: dict[int | None, dict[tuple[int, int], Spot]] = {before: {}, after: {}}
    for timetable_id, student, company, start, room, table in chain(
        found, lost.meetings if lost else ()
    ):
        spots[timetable_id][student, company] = Spot(start, room, table)
    old, new = spots[before], spots[after]
    pairs = sorted(pair for pair in old.keys() | new.keys() if old.get(pair) != new.get(pair))
    return [Move(*pair, old.get(pair), new.get(pair)) for pair in pairs]


def difference(
    session: Session, event_id: int, before: int | None, after: int | None
) -> Difference:
    """Compare two timetables of an event, with the names of everybody concerned.

    A version is taken as it was published: who was deleted since counts as lost.

    Raises
    ------
    NotFoundError
        One of the timetables is another event's.
    """
    frozen: dict[int, dt.datetime] = {}
    for timetable_id in {before, after} - {None}:
        row = session.get(TimetableRow, timetable_id)
        if row is None or row.event_id != event_id:
            raise NotFoundError
        if row.origin == "frozen":
            frozen[row.id] = row.created_at
    lost = Lost()
    if frozen and before != after:
        lost = lost_meetings(session, event_id, frozen, since=min(frozen.values()))
    moves = moves_between(session, before, after, lost=lost)
    students = _names(session, StudentRow, event_id) | lost.students
    companies = _names(session, CompanyRow, event_id) | lost.companies
    rooms = session.execute(
        select(RoomRow.room_id, RoomRow.name).where(RoomRow.event_id == event_id)
    )
    return Difference(
        _people(((move.student_pk, move) for move in moves), students),
        _people(((move.company_pk, move) for move in moves), companies),
        students,
        companies,
        {room_id: name or room_id for room_id, name in rooms},
    )


def _names(
    session: Session, kind: type[StudentRow] | type[CompanyRow], event_id: int
) -> dict[int, str]:
    asked = select(kind.id, kind.name).where(kind.event_id == event_id)
    return {pk: name for pk, name in session.execute(asked)}  # noqa: C416  # typed rows


def _people(moves: Iterable[tuple[int, Move]], names: dict[int, str]) -> tuple[Person, ...]:
    own: dict[int, list[Move]] = {}
    for pk, move in moves:
        own.setdefault(pk, []).append(move)
    people = [
        Person(pk, names[pk], tuple(sorted(found, key=lambda move: move.at)))
        for pk, found in own.items()
    ]
    return tuple(sorted(people, key=lambda person: (collation_key(person.name), person.pk)))

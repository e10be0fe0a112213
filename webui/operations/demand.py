"""The arithmetic of an event: how many there are, wishes against places by company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from scheduler.model import Event
from scheduler.model.presence import Presence
from webui.operations.people import plain
from webui.store import (
    AbsenceRow,
    CompanyRow,
    Database,
    DecisionRow,
    EventRow,
    PreferenceRow,
    RoomRow,
    ShortlistRow,
    StudentRow,
)
from webui.store.exchange import read_companies, window_of


@dataclass(frozen=True, slots=True)
class Demand:
    """Wishes of a company against its places."""

    pk: int
    company_id: str
    name: str
    wishes: int
    first: int
    places: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows each list has, and how many students have answered."""

    by_list: Mapping[str, int]
    answered: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all yet."""
        return not any(self.by_list.values())


def counts_of(database: Database, event_pk: int) -> Counts:
    """Count the rows of every list, in one query."""
    kinds: dict[str, Any] = {
        "companies": CompanyRow,
        "students": StudentRow,
        "rooms": RoomRow,
        "wishes": PreferenceRow,
        "shortlist": ShortlistRow,
        "unavailable": AbsenceRow,
        "decisions": DecisionRow,
    }
    asked = [
        select(func.count(kind.id)).where(kind.event_id == event_pk).scalar_subquery()
        for kind in kinds.values()
    ]
    answered = select(func.count(StudentRow.id)).where(
        StudentRow.event_id == event_pk, StudentRow.answered_at.is_not(None)
    )
    with database.reading() as session:
        found = session.execute(select(*asked, answered.scalar_subquery())).one()
    return Counts(dict(zip(kinds, found[:-1], strict=True)), found[-1])


def demand(database: Database, row: EventRow) -> list[Demand]:
    """Wishes against places by company, the most wanted for its places first.

    Notes
    -----
    Places are tables x seats x slots in which the company is present, or its maximum.
    """
    with database.reading() as session:
        companies, pks, absences = read_companies(session, row)
        asked = (
            select(
                PreferenceRow.company_pk,
                func.count(),
                func.sum(case((PreferenceRow.rank == 1, 1), else_=0)),
            )
            .where(PreferenceRow.event_id == row.id)
            .group_by(PreferenceRow.company_pk)
        )
        wishes = {pk: (count, first) for pk, count, first in session.execute(asked)}
    present = Presence(
        Event(
            event_id=row.key,
            name=row.name,
            date=row.date,
            timezone=row.timezone,
            opens_min=row.start_min,
            window=window_of(row),
            rooms=(),
            companies=companies,
            students=(),
            preferences=(),
            absences=absences,
        )
    ).companies
    lines = []
    for pk, own in zip(pks, companies, strict=True):
        places = own.capacity * present[own.company_id].bit_count()
        if own.max_meetings is not None:
            places = min(places, own.max_meetings)
        count, first = wishes.get(pk, (0, 0))
        lines.append(Demand(pk, own.company_id, own.name, count, first, places))
    return sorted(lines, key=lambda own: (-own.wishes / max(own.places, 1), plain(own.name)))

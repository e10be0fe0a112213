"""The companies as one student sees them: what they offer, where, and whether the two fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.importers.columns import COMPANIES, STUDENTS
from scheduler.model import Company, Event, Student
from scheduler.model.eligibility import Eligibility, Refusal
from webui.operations.answering import own_rows
from webui.operations.wishes import ranking_of
from webui.store import (
    CompanyRow,
    Database,
    EventRow,
    PlaceRow,
    RoomRow,
    StudentRow,
    Version,
)
from webui.store.exchange import rows_of, rules_of, value_of, window_of


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a company stands in the published timetable."""

    room: str
    building: str
    first_table: int
    last_table: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A company for one student.

    Parameters
    ----------
    refusal
        The rule on language, field or position that keeps the two apart; what the company said
        of the student is never told.
    rank
        The student's rank of it.
    stand
        None until a timetable is published.
    """

    pk: int
    company: Company
    refusal: Refusal | None
    rank: int | None
    stand: Stand | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A student with every company of the event, in the order of the companies' list."""

    student: StudentRow
    event: EventRow
    profile: Student
    offers: tuple[Offer, ...]

    @property
    def ranked(self) -> tuple[Offer, ...]:
        """The student's wishes, most wanted first."""
        return tuple(
            sorted((own for own in self.offers if own.rank), key=lambda own: own.rank or 0)
        )


def choice_of(database: Database, student_pk: int, *, is_ranked_only: bool = False) -> Choice:
    """Everything a student chooses from, in four queries whatever the numbers.

    Parameters
    ----------
    is_ranked_only
        Read the student's wishes alone, and not where they stand.

    Raises
    ------
    NotFoundError
        The student was removed.
    """
    with database.reading() as session:
        student, event = own_rows(session, student_pk)
        ranking = ranking_of(session, student_pk)
        if is_ranked_only:
            wished = select(CompanyRow).where(CompanyRow.id.in_(ranking))
            rows, stands = list(session.scalars(wished)), {}
        else:
            rows = rows_of(session, CompanyRow, event.id)
            stands = _stands(session, event.id, {own.id: own.tables for own in rows})
    opens = event.start_min
    companies = [value_of(COMPANIES, own, opens) for own in rows]
    profile = value_of(STUDENTS, student, opens)
    refusals = refusals_of(event, profile, companies)
    ranks = {company_pk: rank for rank, company_pk in enumerate(ranking, 1)}
    offers = tuple(
        Offer(row.id, company, refusal, ranks.get(row.id), stands.get(row.id))
        for row, company, refusal in zip(rows, companies, refusals, strict=True)
    )
    return Choice(student, event, profile, offers)


def refusals_of(
    event: EventRow, student: Student, companies: Sequence[Company]
) -> list[Refusal | None]:
    """The rule that keeps a student from each company, by what both say of themselves."""
    judge = Eligibility(profile_event(event, student, companies))
    return [judge.profile_refusal(student, company) for company in companies]


def profile_event(row: EventRow, student: Student, companies: Sequence[Company]) -> Event:
    """The engine's event of one student and some companies, without wishes."""
    return Event(
        event_id=row.key,
        name=row.name,
        date=row.date,
        timezone=row.timezone,
        opens_min=row.start_min,
        window=window_of(row),
        rooms=(),
        companies=tuple(companies),
        students=(student,),
        preferences=(),
        rules=rules_of(row),
        language=row.language,
    )


def _stands(session: Session, event_pk: int, tables: Mapping[int, int]) -> dict[int, Stand]:
    found = session.execute(
        select(PlaceRow, RoomRow)
        .join(Version, Version.timetable_id == PlaceRow.timetable_id)
        .outerjoin(
            RoomRow, (RoomRow.event_id == Version.event_id) & (RoomRow.room_id == PlaceRow.room_id)
        )
        .where(Version.event_id == event_pk, Version.withdrawn_at.is_(None))
    )
    return {
        place.company_pk: Stand(
            (room.name or room.room_id) if room else place.room_id,
            room.building if room else "",
            place.first_table,
            place.first_table + tables.get(place.company_pk, 1) - 1,
        )
        for place, room in found
    }

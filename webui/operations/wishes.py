"""A student's wishes: one current ranking, saved whole, its history kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from webui.operations.answering import mark_entered, own_rows, require_open
from webui.operations.events import touch
from webui.operations.log import Actor, RefusedError, StaleError, record
from webui.store import Answer, CompanyRow, Database, EventRow, PreferenceRow, StudentRow


@dataclass(frozen=True, slots=True)
class Ranking:
    """A student's current ranking: companies' rows, most wanted first; the event's zone."""

    company_pks: tuple[int, ...]
    revision: int
    saved_at: dt.datetime | None
    zone: str


def ranking_of(session: Session, student_pk: int) -> tuple[int, ...]:
    """Companies that a student has ranked, in order of rank."""
    return tuple(
        session.scalars(
            select(PreferenceRow.company_pk)
            .where(PreferenceRow.student_pk == student_pk)
            .order_by(PreferenceRow.rank)
        )
    )


def moved(ranking: Sequence[int], company_pk: int, *, to: int) -> tuple[int, ...]:
    """Put a company of a ranking to place ``to``, from 1; beyond an end means the end."""
    others = [own for own in ranking if own != company_pk]
    if len(others) == len(ranking):
        return tuple(ranking)
    at = min(max(to, 1), len(ranking)) - 1
    return (*others[:at], company_pk, *others[at:])


def save_ranking(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    student_pk: int,
    company_pks: Sequence[int],
    revision: int,
    base: Sequence[int] | None = None,
) -> Ranking:
    """Store a whole ranking; the same one again changes nothing.

    Parameters
    ----------
    company_pks
        Most wanted first.
    revision, base
        Of the student when the page was made, and the ranking that was stored then: a change of
        something else in between is no conflict.

    Raises
    ------
    StaleError
        Another ranking was saved in between; ``theirs`` holds it.
    RefusedError
        The window is not open, there are more than the event allows, or a company is none of it.
    """
    wanted = tuple(company_pks)
    with database.writing_in_turn() as session:
        student, event = own_rows(session, student_pk, is_changing=True)
        stored = ranking_of(session, student_pk)
        if stored == wanted and student.answered_at is not None:
            return Ranking(stored, student.revision, student.answered_at, event.timezone)
        require_open(event, now)
        if student.revision != revision and (base is None or tuple(base) != stored):
            theirs = Ranking(stored, student.revision, student.answered_at, event.timezone)
            raise StaleError({"ranking": theirs})
        _store(session, actor, now, student, event, stored, wanted)
        return Ranking(wanted, student.revision, now, event.timezone)


def add_wish(
    database: Database, actor: Actor, now: dt.datetime, *, student_pk: int, company_pk: int
) -> Ranking:
    """Put a company at the end of what is stored; one that is there stays where it is.

    Raises
    ------
    RefusedError
        As `save_ranking`.
    """
    return _change(database, actor, now, student_pk, company_pk, is_wanted=True)


def drop_wish(
    database: Database, actor: Actor, now: dt.datetime, *, student_pk: int, company_pk: int
) -> Ranking:
    """Take a company out of what is stored.

    Raises
    ------
    RefusedError
        The window is not open.
    """
    return _change(database, actor, now, student_pk, company_pk, is_wanted=False)


def _change(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    student_pk: int,
    company_pk: int,
    *,
    is_wanted: bool,
) -> Ranking:
    with database.writing_in_turn() as session:
        student, event = own_rows(session, student_pk, is_changing=True)
        stored = ranking_of(session, student_pk)
        if (company_pk in stored) == is_wanted:
            return Ranking(stored, student.revision, student.answered_at, event.timezone)
        require_open(event, now)
        others = tuple(own for own in stored if own != company_pk)
        wanted = (*others, company_pk) if is_wanted else others
        _store(session, actor, now, student, event, stored, wanted)
        return Ranking(wanted, student.revision, now, event.timezone)


def _store(
    session: Session,
    actor: Actor,
    now: dt.datetime,
    student: StudentRow,
    event: EventRow,
    stored: tuple[int, ...],
    wanted: tuple[int, ...],
) -> None:
    _check(session, event, stored, wanted)
    session.execute(delete(PreferenceRow).where(PreferenceRow.student_pk == student.id))
    if wanted:
        rows = [
            {"event_id": event.id, "student_pk": student.id, "company_pk": own, "rank": rank}
            for rank, own in enumerate(wanted, 1)
        ]
        session.execute(insert(PreferenceRow), rows)
    mark_entered(student, now, "wishes")
    session.add(Answer(student_pk=student.id, saved_at=now, content={"wishes": list(wanted)}))
    record(session, actor, now, "wishes.save", event_id=event.id, wishes=len(wanted))
    touch(session, event.id)


def _check(
    session: Session, event: EventRow, stored: tuple[int, ...], wanted: tuple[int, ...]
) -> None:
    limit = event.wish_limit
    if limit is not None and len(wanted) > max(limit, len(stored)):
        raise RefusedError(
            "Your list is full: %(limit)s of %(limit)s. Remove a company before you add another.",
            limit=limit,
        )
    known = session.scalar(
        select(func.count(CompanyRow.id)).where(
            CompanyRow.event_id == event.id, CompanyRow.id.in_(wanted)
        )
    )
    if known != len(wanted):
        raise RefusedError(
            "A company of this list does not take part any more, or stands in it twice. "
            "Load the page again."
        )


def submit(database: Database, actor: Actor, now: dt.datetime, *, student_pk: int) -> None:
    """Say that a student is done; wishes can still be changed, and count without it too.

    Said again, with nothing changed since, it changes nothing.

    Raises
    ------
    RefusedError
        The window is not open, or there is no wish yet.
    """
    with database.writing_in_turn() as session:
        student, event = own_rows(session, student_pk, is_changing=True)
        require_open(event, now)
        if not ranking_of(session, student_pk):
            raise RefusedError("Add at least one company to your wishes first.")
        student.answered_at = student.answered_at or now
        if student.submitted_at is not None and student.answered_at <= student.submitted_at:
            return
        student.submitted_at = now
        record(session, actor, now, "wishes.submit", event_id=event.id)

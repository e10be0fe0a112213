"""What every page of a student shows: who, which event, how far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from webui.operations.answering import Phase, own_rows, phase_of
from webui.store import Database, EventRow, PreferenceRow, StudentRow, Version


@dataclass(frozen=True, slots=True)
class Visit:
    """A student on a page.

    Parameters
    ----------
    is_taken_back
        A timetable was published, and none is now.
    """

    student: StudentRow
    event: EventRow
    phase: Phase
    wishes: int
    is_published: bool
    is_taken_back: bool


def visit_of(database: Database, now: dt.datetime, student_pk: int) -> Visit:
    """Read it, in two queries.

    Raises
    ------
    NotFoundError
        The student was removed.
    """
    wishes = (
        select(func.count(PreferenceRow.id))
        .where(PreferenceRow.student_pk == student_pk)
        .scalar_subquery()
    )
    with database.reading() as session:
        student, event = own_rows(session, student_pk)
        versions = select(func.count(Version.id)).where(Version.event_id == event.id)
        published = versions.where(Version.withdrawn_at.is_(None))
        counted, ever, current = session.execute(
            select(wishes, versions.scalar_subquery(), published.scalar_subquery())
        ).one()
    return Visit(
        student,
        event,
        phase_of(event, now),
        counted,
        is_published=bool(current),
        is_taken_back=bool(ever and not current),
    )

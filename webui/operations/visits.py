"""What every page of a student shows: who, which event, how far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from webui.operations.answering import Phase, own_rows, phase_of
from webui.store import Database, EventRow, PreferenceRow, StudentRow, Version


@dataclass(frozen=True, slots=True)
class Visit:
    """A student on a page."""

    student: StudentRow
    event: EventRow
    phase: Phase
    wishes: int
    is_published: bool


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
        versions = (
            select(func.count(Version.id))
            .where(Version.event_id == event.id, Version.withdrawn_at.is_(None))
            .scalar_subquery()
        )
        counted, published = session.execute(select(wishes, versions)).one()
    return Visit(student, event, phase_of(event, now), counted, bool(published))

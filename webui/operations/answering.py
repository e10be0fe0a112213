"""When students may answer: the window of their wishes, by the server's clock."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from webui.operations.log import NotFoundError, RefusedError
from webui.store import EventRow, StudentRow


class Phase(StrEnum):
    """Where an event's window for answers stands."""

    BEFORE = "before"
    OPEN = "open"
    CLOSED = "closed"


def phase_of(event: EventRow, now: dt.datetime) -> Phase:
    """Tell whether answers are taken; without an opening time they are not yet."""
    if event.archived_at is not None or (event.closes_at is not None and event.closes_at <= now):
        return Phase.CLOSED
    if event.opens_at is None or now < event.opens_at:
        return Phase.BEFORE
    return Phase.OPEN


def own_rows(session: Session, student_pk: int, *, is_changing: bool = False) -> Rows:
    """Read a student and the event in one query.

    Parameters
    ----------
    is_changing
        Lock the student's row, as the first statement of `Database.writing_in_turn`.

    Raises
    ------
    NotFoundError
        The student was removed.
    """
    asked = (
        select(StudentRow, EventRow)
        .join(EventRow, EventRow.id == StudentRow.event_id)
        .where(StudentRow.id == student_pk)
    )
    if is_changing:
        asked = asked.with_for_update(of=StudentRow)
    found = session.execute(asked).one_or_none()
    if found is None:
        raise NotFoundError
    return found[0], found[1]


Rows = tuple[StudentRow, EventRow]


def require_open(event: EventRow, now: dt.datetime) -> None:
    """Refuse an answer outside the window.

    Raises
    ------
    RefusedError
        It has not opened yet, or has closed.
    """
    phase = phase_of(event, now)
    if phase is Phase.BEFORE:
        raise RefusedError("Wishes are not taken yet. Nothing was changed.")
    if phase is Phase.CLOSED:
        raise RefusedError("The time for wishes is over. Nothing was changed.")


def mark_entered(student: StudentRow, now: dt.datetime, *parts: str) -> None:
    """Note that the student has answered, and what; an import then leaves it alone."""
    student.entered = sorted({*student.entered, *parts})
    student.answered_at = now
    student.revision += 1

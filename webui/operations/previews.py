"""What publishing would do: what changes for whom, what is against it, who can be written to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.model.digest import event_sha256
from webui.operations.board import board_of
from webui.operations.known import known_event
from webui.operations.solving import Loaded
from webui.operations.verdicts import below_guarantee
from webui.operations.versions import Difference, difference, latest
from webui.store import CompanyRow, Database, StudentRow


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing would do.

    Parameters
    ----------
    timetable_id, revision
        The working timetable as it was looked at.
    number
        Of the version to come.
    before
        Number of the version before, withdrawn or not; None when there is none.
    faults
        Rules that the timetable breaks.
    is_older
        The event was changed since the timetable was made.
    is_published
        Students see this very timetable already.
    students_to_tell, companies_to_tell
        Those with an e-mail address.
    below, without
        Students below the guarantee, and those of them without any meeting.
    """

    timetable_id: int
    revision: int
    number: int
    before: int | None
    faults: tuple[str, ...]
    is_older: bool
    is_published: bool
    difference: Difference
    students_to_tell: int
    companies_to_tell: int
    below: int = 0
    without: int = 0


def preview(database: Database, event_id: int) -> Preview | None:
    """Look at what publishing would do; None without a working timetable.

    Raises
    ------
    RefusedError
        The slots were changed since the timetable was made.
    """
    board = board_of(database, event_id)
    if board is None:
        return None
    own = board.row  # changed in between, its revision is refused when it is published
    with database.reading() as session:
        last = latest(session, event_id)
        before = None if last is None else last.timetable_id
        differs = difference(session, event_id, before, own.id)
        sha256 = own.event_sha256
        if own.event_revision != board.people.row.revision:
            sha256 = known_event(database, session, event_id).sha256
        return Preview(
            own.id,
            own.revision,
            1 if last is None else last.number + 1,
            None if last is None else last.number,
            tuple(fault.message for fault in board.broken),
            sha256 != own.event_sha256,
            last is not None and last.withdrawn_at is None and not differs.students,
            differs,
            len(addresses(session, event_id, differs)),
            _companies_to_tell(session, event_id),
            len(below_guarantee(board)),
            sum(not board.met[own.student_id] for own in board.event.students),
        )


def is_older(found: Loaded) -> bool:
    """Whether the event was changed since a timetable was made of it."""
    return event_sha256(found.event) != found.row.event_sha256


def _companies_to_tell(session: Session, event_id: int) -> int:
    asked = select(func.count(CompanyRow.id)).where(
        CompanyRow.event_id == event_id, CompanyRow.email != ""
    )
    return session.scalar(asked) or 0


def addresses(session: Session, event_id: int, differs: Difference) -> dict[int, str]:
    """Addresses of the students for whom something changes, those who have one."""
    changed = {person.pk for person in differs.students}
    asked = select(StudentRow.id, StudentRow.email).where(
        StudentRow.event_id == event_id, StudentRow.email != ""
    )
    return {pk: email for pk, email in session.execute(asked) if pk in changed}

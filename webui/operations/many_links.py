"""Personal links of many students at once: made for another mail program, extended, ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webui.operations import links, mail_queue
from webui.operations.answers import respondents
from webui.operations.log import Actor, NotFoundError, RefusedError, record
from webui.store import Database, EventRow, PersonalLink, StudentRow

INVITATION = "invitation"
"""Kind of the mail that brings a link."""
LONGEST_EXTENSION = dt.timedelta(days=400)


def students_of(session: Session, event_pk: int, chosen: Sequence[int] | None) -> list[int]:
    """Rows of an event's students, all or those chosen."""
    asked = select(StudentRow.id).where(StudentRow.event_id == event_pk)
    if chosen is not None:
        asked = asked.where(StudentRow.id.in_(chosen))
    return list(session.scalars(asked))


def revoke_links(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_pk: int,
    chosen: Sequence[int] | None,
) -> int:
    """End the links of all students or some, the sessions they opened, and mails on their way.

    Returns
    -------
    int
        How many links ended.
    """

    def revoke() -> int:
        with database.writing() as session:
            students = students_of(session, event_pk, chosen)
            ended = links.end_links(session, now, students)
            dropped = mail_queue.drop_waiting(session, students)
            record(
                session,
                actor,
                now,
                "link.revoke",
                event_id=event_pk,
                students=len(students),
                links=ended,
                mails=dropped,
            )
            return ended

    return database.again(revoke)


def extend_links(
    database: Database, actor: Actor, now: dt.datetime, *, event_pk: int, until: dt.date
) -> int:
    """Let every link that was not revoked open until a day; how many.

    Raises
    ------
    RefusedError
        The day is over, or more than a year after the event.
    """
    with database.writing() as session:
        row = session.get(EventRow, event_pk)
        if row is None:
            raise NotFoundError
        if not now.date() <= until <= row.date + LONGEST_EXTENSION:
            raise RefusedError(
                "Choose a day from today until %(days)s days after the event.",
                field="until",
                days=LONGEST_EXTENSION.days,
            )
        ends = dt.datetime.combine(until, dt.time(), tzinfo=dt.UTC) + dt.timedelta(days=1)
        found = list(
            session.scalars(
                select(PersonalLink.id)
                .join(StudentRow, StudentRow.id == PersonalLink.student_pk)
                .where(StudentRow.event_id == event_pk, PersonalLink.revoked_at.is_(None))
            )
        )
        session.execute(
            update(PersonalLink).where(PersonalLink.id.in_(found)).values(expires_at=ends)
        )
        record(
            session,
            actor,
            now,
            "link.extend",
            event_id=event_pk,
            links=len(found),
            until=until.isoformat(),
        )
    return len(found)


def links_for_merging(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_pk: int,
    chosen: Sequence[int] | None,
    is_renewing: bool = False,
) -> list[tuple[str, str, str]]:
    """Make a link for each student without one, to be sent by a program of one's own.

    Parameters
    ----------
    is_renewing
        Make one for those as well who have one, which then ends: only its digest is kept, so that
        it cannot be written again.

    Returns
    -------
    list
        Name, e-mail address and the link's token.

    Raises
    ------
    RefusedError
        Everybody has a link.
    """

    def make() -> list[tuple[str, str, str]]:
        with database.writing() as session:
            row = session.get(EventRow, event_pk)
            if row is None:
                raise NotFoundError
            students = students_of(session, event_pk, chosen)
            if not is_renewing:
                every = respondents(session, now, event_pk)
                lacking = {own.pk for own in every if own.linked_at is None}
                students = [pk for pk in students if pk in lacking]
            if not students:
                raise RefusedError("All of them have a link.")
            tokens = links.make_links(session, now, students, row)
            mail_queue.drop_waiting(session, students, kind=INVITATION)
            record(session, actor, now, "link.merge", event_id=event_pk, links=len(tokens))
            asked = (
                select(StudentRow.id, StudentRow.name, StudentRow.email)
                .where(StudentRow.id.in_(students))
                .order_by(StudentRow.position, StudentRow.id)
            )
            return [(name, email, tokens[pk]) for pk, name, email in session.execute(asked)]

    return database.again(make)

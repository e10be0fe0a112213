"""Personal links: a student's way in, made, opened, revoked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webui.operations.log import Actor, ActorKind, NotFoundError, record
from webui.operations.secrets import digest_of, new_token
from webui.store import Database, EventRow, LinkSession, PersonalLink, StudentRow

LASTS_AFTER_EVENT = dt.timedelta(days=30)
"""A link still opens the schedule for a while after the event."""
SESSION_LASTS = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Visitor:
    """A student who came by a personal link."""

    student_pk: int
    event_pk: int
    link_id: int

    @property
    def actor(self) -> Actor:
        """Who acts when they do."""
        return Actor(ActorKind.STUDENT, self.student_pk)


def make_link(session: Session, now: dt.datetime, student: StudentRow, event: EventRow) -> str:
    """Make a student's link within a transaction; earlier ones end. The token is not stored."""
    session.execute(
        update(PersonalLink)
        .where(PersonalLink.student_pk == student.id, PersonalLink.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    token = new_token()
    ends = dt.datetime.combine(event.date, dt.time(), tzinfo=dt.UTC) + LASTS_AFTER_EVENT
    session.add(
        PersonalLink(
            student_pk=student.id,
            token_sha256=digest_of(token),
            created_at=now,
            expires_at=ends,
        )
    )
    return token


def open_link(database: Database, now: dt.datetime, token: str) -> str:
    """Begin a session of a personal link; the answer is for the cookie.

    Raises
    ------
    NotFoundError
        No such link, or it was revoked or has expired.
    """
    with database.writing() as session:
        link = session.scalar(
            select(PersonalLink).where(
                PersonalLink.token_sha256 == digest_of(token),
                PersonalLink.revoked_at.is_(None),
                PersonalLink.expires_at > now,
            )
        )
        if link is None:
            raise NotFoundError
        if link.opened_at is None:
            link.opened_at = now
        cookie = new_token()
        session.add(LinkSession(link_id=link.id, token_sha256=digest_of(cookie), created_at=now))
        actor = Actor(ActorKind.STUDENT, link.student_pk)
        record(session, actor, now, "link.open", link=link.id)
        return cookie


def visitor_of(database: Database, now: dt.datetime, cookie: str) -> Visitor | None:
    """Who a cookie's token belongs to; None once the session, or its link, is over."""
    with database.reading() as session:
        found = session.execute(
            select(StudentRow.id, StudentRow.event_id, PersonalLink.id)
            .join(PersonalLink, PersonalLink.student_pk == StudentRow.id)
            .join(LinkSession, LinkSession.link_id == PersonalLink.id)
            .where(
                LinkSession.token_sha256 == digest_of(cookie),
                LinkSession.ended_at.is_(None),
                LinkSession.created_at > now - SESSION_LASTS,
                PersonalLink.revoked_at.is_(None),
                PersonalLink.expires_at > now,
            )
        ).one_or_none()
    return None if found is None else Visitor(*found)

"""Personal links: a student's way in, made, opened, revoked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update
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


def make_link(
    session: Session,
    now: dt.datetime,
    student: StudentRow,
    event: EventRow,
    *,
    keeps_earlier: bool = False,
) -> str:
    """Make a student's link within a transaction; the token is not stored.

    Parameters
    ----------
    keeps_earlier
        The links that the student has go on working; else they end.
    """
    return make_links(session, now, [student.id], event, keeps_earlier=keeps_earlier)[student.id]


def make_links(
    session: Session,
    now: dt.datetime,
    students: Sequence[int],
    event: EventRow,
    *,
    keeps_earlier: bool = False,
) -> dict[int, str]:
    """Make a link for each of several students, in as few statements as for one."""
    if not students:
        return {}
    if not keeps_earlier:
        end_links(session, now, students)
    tokens = {pk: new_token() for pk in students}
    ends = _ends_at(session, event)
    session.execute(
        insert(PersonalLink),
        [
            {
                "student_pk": pk,
                "token_sha256": digest_of(token),
                "created_at": now,
                "expires_at": ends,
            }
            for pk, token in tokens.items()
        ],
    )
    return tokens


def _ends_at(session: Session, event: EventRow) -> dt.datetime:
    """When a new link ends: some time after the event, or when its others were extended to."""
    usual = dt.datetime.combine(event.date, dt.time(), tzinfo=dt.UTC) + LASTS_AFTER_EVENT
    extended = session.scalar(
        select(func.max(PersonalLink.expires_at))
        .join(StudentRow, StudentRow.id == PersonalLink.student_pk)
        .where(StudentRow.event_id == event.id, PersonalLink.revoked_at.is_(None))
    )
    return usual if extended is None else max(usual, extended)


def end_links(session: Session, now: dt.datetime, students: Sequence[int]) -> int:
    """Revoke every link of some students; with a link end the sessions it opened.

    Returns
    -------
    int
        How many links ended.
    """
    ended: Any = session.execute(
        update(PersonalLink)
        .where(PersonalLink.student_pk.in_(students), PersonalLink.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return int(ended.rowcount)


def open_link(database: Database, now: dt.datetime, token: str) -> str:
    """Begin a session of a personal link; the answer is for the cookie.

    Raises
    ------
    NotFoundError
        No such link, or it was revoked or has expired.
    """

    def begin() -> str:
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
            session.add(
                LinkSession(link_id=link.id, token_sha256=digest_of(cookie), created_at=now)
            )
            actor = Actor(ActorKind.STUDENT, link.student_pk)
            record(session, actor, now, "link.open", link=link.id)
            return cookie

    return database.again(begin)  # a mail scanner may open it at the same moment


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

"""The queue of mails: written in the transaction of what causes them, sent by the worker.

A message is sent in three steps, none of which keeps a transaction open while the mail server is
talked to:

1. One short transaction takes it: it counts the attempt, rests the message for `LEASE`, and makes
   the personal link, whose token is then in memory alone.
2. The message goes to the mail server.
3. Another short transaction notes that it was sent, or when it is tried again.

A process that dies between 1 and 2 has sent nothing: the message is tried again when the lease is
over. One that dies between 2 and 3 leaves the message waiting, and it is sent a second time: of
each process that dies, one message at most arrives twice, and none is lost. The links of both
copies open, because a link made for a mail leaves the earlier ones as they are; those end when
staff renew or revoke them.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from webui.config import Settings
from webui.operations import mailing
from webui.operations.links import make_link
from webui.operations.log import SYSTEM, Actor, record
from webui.operations.mailing import DeliveryError
from webui.store import Database, EventRow, Mail, StudentRow

LINK = "{link}"
MOST_ATTEMPTS = 3
AGAIN_AFTER = (dt.timedelta(minutes=1), dt.timedelta(minutes=10))
"""After the first and the second failure."""
LEASE = dt.timedelta(minutes=10)
"""Longer than one delivery can last: six exchanges of `mailing.TIMEOUT_S` seconds."""
BUDGET_S = 2.0
"""The chore gives way to the others after so long."""
AT_ONCE = ("lost_link",)
"""Kinds that somebody waits for: sent before the others."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that this process sends now, with its link in the text."""

    pk: int
    event_pk: int | None
    attempt: int
    to: str
    subject: str
    text: str
    attachment: tuple[str, bytes] | None


def send_due(
    database: Database,
    settings: Settings,
    clock: Callable[[], dt.datetime],
    *,
    deliver: Callable[..., None] = mailing.deliver,
    budget_s: float = BUDGET_S,
) -> int:
    """Send the messages whose time has come, until none is left or the time is over.

    Parameters
    ----------
    deliver
        Hands a message to the server, as `mailing.deliver` does.

    Returns
    -------
    int
        How many were sent.
    """
    smtp = settings.smtp
    if smtp is None or not _is_any_due(database, clock()):
        return 0
    sent, until = 0, time.monotonic() + budget_s
    while (taken := take(database, clock(), base_url=settings.base_url)) is not None:
        try:
            message = mailing.message(
                smtp,
                to=taken.to,
                subject=taken.subject,
                text=taken.text,
                attachment=taken.attachment,
            )
            deliver(smtp, message)
        except DeliveryError as error:
            _not_sent(database, clock(), taken, error)
        else:
            _sent(database, clock(), taken)
            sent += 1
        if time.monotonic() > until:
            break
    return sent


def _is_any_due(database: Database, now: dt.datetime) -> bool:
    """Look without writing: most of the time there is nothing to do."""
    asked = select(Mail.id).where(Mail.state == "waiting", Mail.next_try_at <= now).limit(1)
    with database.reading() as session:
        return session.scalar(asked) is not None


def take(database: Database, now: dt.datetime, *, base_url: str) -> Taken | None:
    """Take the next message; nobody else sends it while the lease lasts."""

    def _take() -> Taken | None:
        with database.writing() as session:
            _give_up(session, now)
            mail = session.scalar(
                select(Mail)
                .where(Mail.state == "waiting", Mail.next_try_at <= now)
                .order_by(case((Mail.kind.in_(AT_ONCE), 0), else_=1), Mail.next_try_at, Mail.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            return None if mail is None else _lease(session, now, mail, base_url)

    return database.again(_take)


def _give_up(session: Session, now: dt.datetime) -> None:
    """End what took its process down each time it was tried."""
    session.execute(
        update(Mail)
        .where(Mail.state == "waiting", Mail.next_try_at <= now, Mail.attempts >= MOST_ATTEMPTS)
        .values(state="failed", last_error="interrupted")
    )


def _lease(session: Session, now: dt.datetime, mail: Mail, base_url: str) -> Taken:
    mail.attempts += 1
    mail.next_try_at = now + LEASE
    text = mail.text
    if mail.link_student_pk is not None and LINK in text:
        student = session.get_one(StudentRow, mail.link_student_pk)
        event = session.get_one(EventRow, student.event_id)
        token = make_link(session, now, student, event, keeps_earlier=True)
        text = text.replace(LINK, f"{base_url}/s/{token}")
    attachment = None
    if mail.attachment is not None:
        attachment = (mail.attachment_name or "attachment", mail.attachment)
    return Taken(
        mail.id, mail.event_id, mail.attempts, mail.to_address, mail.subject, text, attachment
    )


def _sent(database: Database, now: dt.datetime, taken: Taken) -> None:
    def note() -> None:
        with database.writing() as session:
            mail = session.get(Mail, taken.pk)
            if mail is None:  # erased while it was on its way
                return
            mail.state, mail.sent_at, mail.last_error = "sent", now, ""
            record(session, SYSTEM, now, "mail.sent", event_id=taken.event_pk, mail=taken.pk)

    database.again(note, within_s=60)


def _not_sent(database: Database, now: dt.datetime, taken: Taken, error: DeliveryError) -> None:
    def note() -> None:
        with database.writing() as session:
            mail = session.get(Mail, taken.pk)
            if mail is None:
                return
            mail.last_error = error.reason
            if error.is_final or taken.attempt >= MOST_ATTEMPTS:
                mail.state = "failed"
                record(
                    session,
                    SYSTEM,
                    now,
                    "mail.failed",
                    event_id=taken.event_pk,
                    mail=taken.pk,
                    reason=error.reason,
                )
            else:
                mail.next_try_at = now + AGAIN_AFTER[taken.attempt - 1]

    database.again(note, within_s=60)


@dataclass(frozen=True, slots=True)
class Post:
    """How an event's mails stand: how many wait, were sent, failed, and why those."""

    waiting: int
    sent: int
    failed: int
    reasons: dict[str, int]


def post_of(session: Session, event_pk: int) -> Post:
    """Count an event's mails."""
    asked = (
        select(Mail.state, Mail.last_error, func.count(Mail.id))
        .where(Mail.event_id == event_pk)
        .group_by(Mail.state, Mail.last_error)
    )
    counts = {"waiting": 0, "sent": 0, "failed": 0}
    reasons: dict[str, int] = {}
    for state, reason, count in session.execute(asked):
        counts[state] += count
        if state == "failed":
            reasons[reason] = reasons.get(reason, 0) + count
    return Post(counts["waiting"], counts["sent"], counts["failed"], reasons)


def try_again(database: Database, actor: Actor, now: dt.datetime, *, event_pk: int) -> int:
    """Put the failed mails of an event back into the queue; how many."""
    with database.writing() as session:
        found = list(
            session.scalars(
                select(Mail.id).where(Mail.event_id == event_pk, Mail.state == "failed")
            )
        )
        session.execute(
            update(Mail)
            .where(Mail.id.in_(found))
            .values(state="waiting", attempts=0, next_try_at=now, last_error="")
        )
        record(session, actor, now, "mail.again", event_id=event_pk, mails=len(found))
    return len(found)


def drop_waiting(session: Session, students: Sequence[int], *, kind: str | None = None) -> int:
    """Keep mails with links that wait for some students from being sent, all or of one kind."""
    asked = select(Mail.id).where(Mail.link_student_pk.in_(students), Mail.state == "waiting")
    if kind is not None:
        asked = asked.where(Mail.kind == kind)
    found = list(session.scalars(asked))
    session.execute(
        update(Mail).where(Mail.id.in_(found)).values(state="failed", last_error="revoked")
    )
    return len(found)

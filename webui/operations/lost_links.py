"""A personal link that was lost: a new one is mailed, and nobody learns which address is known."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webui.operations.links import LASTS_AFTER_EVENT
from webui.operations.log import NOBODY, record
from webui.store import Database, EventRow, Mail, StudentRow

MOST_AN_HOUR = 3
"""Mails to one student within an hour."""
KIND = "lost_link"


def ask_for_link(
    database: Database,
    now: dt.datetime,
    *,
    address: str,
    subject: str,
    text: str,
    has_mail: bool = True,
) -> None:
    """Put a mail with a new link into the queue for every student with this address.

    Without a mail server staff are shown at the step Collect that they asked.

    The answer is the same for an address that nobody has.

    Parameters
    ----------
    subject, text
        ``{event}`` stands for the event's name; ``{link}`` stays for the sender to fill.
    """
    wanted = address.strip().lower()
    last_day = (now - LASTS_AFTER_EVENT).date()
    with database.writing() as session:
        found = session.execute(
            select(StudentRow, EventRow)
            .join(EventRow, EventRow.id == StudentRow.event_id)
            .where(
                func.lower(StudentRow.email) == wanted,
                StudentRow.email != "",
                EventRow.date > last_day,
                EventRow.archived_at.is_(None),
            )
            .order_by(EventRow.date)
        ).all()
        if not has_mail:
            for student, _ in found:
                student.link_asked_at = now
            record(session, NOBODY, now, "link.ask", found=len(found), mails=0)
            return
        recent = _recent(session, now, [student.id for student, _ in found])
        asked = [pair for pair in found if recent.get(pair[0].id, 0) < MOST_AN_HOUR]
        for student, event in asked:
            session.add(
                Mail(
                    event_id=event.id,
                    link_student_pk=student.id,
                    kind=KIND,
                    to_address=student.email,
                    subject=subject.replace("{event}", event.name),
                    text=text.replace("{event}", event.name),
                    next_try_at=now,
                    created_at=now,
                )
            )
        record(session, NOBODY, now, "link.ask", found=len(found), mails=len(asked))


def _recent(session: Session, now: dt.datetime, students: list[int]) -> dict[int, int]:
    """How many such mails each student was sent within the last hour."""
    counted = session.execute(
        select(Mail.link_student_pk, func.count(Mail.id))
        .where(
            Mail.link_student_pk.in_(students),
            Mail.kind == KIND,
            Mail.created_at > now - dt.timedelta(hours=1),
        )
        .group_by(Mail.link_student_pk)
    )
    return {pk: number for pk, number in counted if pk is not None}

"""Everything that is stored on one student, for the student."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from webui.operations.answering import own_rows
from webui.operations.consents import agreed_by
from webui.operations.log import Actor, record
from webui.operations.versions import published
from webui.store import (
    AbsenceRow,
    Answer,
    BadgeRow,
    CompanyRow,
    Consent,
    Database,
    LinkSession,
    Mail,
    MeetingRow,
    PersonalLink,
    PreferenceRow,
    StudentRow,
    Version,
)

COLUMNS = (
    "student_id",
    "name",
    "given_name",
    "family_name",
    "email",
    "programme",
    "field",
    "languages",
    "positions",
    "arrives_min",
    "leaves_min",
    "max_meetings",
    "answered_at",
    "submitted_at",
    "link_asked_at",
)


def stored_on(database: Database, student_pk: int) -> dict[str, Any]:
    """Everything that is kept on a student, as plain values; the CV itself is a file of its own.

    Raises
    ------
    NotFoundError
        The student was removed.
    """
    with database.reading() as session:
        student, event = own_rows(session, student_pk)
        version = published(session, event.id)
        agreed = agreed_by(session, student_pk)

        def rows(kind: Any, *columns: Any, order: Any) -> list[dict[str, Any]]:
            asked = select(*columns).where(kind.student_pk == student_pk).order_by(order)
            return _found(session, asked)

        return {
            "event": {"key": event.key, "name": event.name, "date": event.date},
            "registered": {name: getattr(student, name) for name in COLUMNS},
            "entered_by_you": list(student.entered),
            "wishes": _wishes(session, student_pk),
            "absences": rows(
                AbsenceRow, AbsenceRow.start_min, AbsenceRow.end_min, order=AbsenceRow.start_min
            ),
            "consents": rows(
                Consent,
                Consent.purpose,
                Consent.given_at,
                Consent.withdrawn_at,
                order=Consent.purpose,
            ),
            "cv": {"stored_at": agreed.cv_at, "bytes": agreed.cv_bytes},
            "earlier_answers": rows(Answer, Answer.saved_at, Answer.content, order=Answer.id),
            "links": rows(
                PersonalLink,
                PersonalLink.created_at,
                PersonalLink.opened_at,
                PersonalLink.expires_at,
                PersonalLink.revoked_at,
                order=PersonalLink.id,
            ),
            "visits": _visits(session, student_pk),
            "mails": _mails(session, student_pk),
            "meetings": _meetings(session, student_pk, version),
            "badge": rows(BadgeRow, BadgeRow.badge_id, order=BadgeRow.id),
            "kept_until": delete_on(event.date, event.retention_days),
        }


def _found(session: Session, asked: Executable) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in session.execute(asked)]


def _wishes(session: Session, student_pk: int) -> list[dict[str, Any]]:
    return _found(
        session,
        select(CompanyRow.name.label("company"), PreferenceRow.rank)
        .join(CompanyRow, CompanyRow.id == PreferenceRow.company_pk)
        .where(PreferenceRow.student_pk == student_pk)
        .order_by(PreferenceRow.rank),
    )


def _meetings(session: Session, student_pk: int, version: Version | None) -> list[dict[str, Any]]:
    """Meetings of the version that is published."""
    if version is None:
        return []
    return _found(
        session,
        select(
            CompanyRow.name.label("company"),
            MeetingRow.start_min,
            MeetingRow.room_id,
            MeetingRow.table,
        )
        .join(CompanyRow, CompanyRow.id == MeetingRow.company_pk)
        .where(MeetingRow.student_pk == student_pk, MeetingRow.timetable_id == version.timetable_id)
        .order_by(MeetingRow.start_min),
    )


def _mails(session: Session, student_pk: int) -> list[dict[str, Any]]:
    return _found(
        session,
        select(Mail.kind, Mail.to_address, Mail.subject, Mail.created_at, Mail.sent_at)
        .where(Mail.link_student_pk == student_pk)
        .order_by(Mail.id),
    )


def _visits(session: Session, student_pk: int) -> list[dt.datetime]:
    return list(
        session.scalars(
            select(LinkSession.created_at)
            .join(PersonalLink, PersonalLink.id == LinkSession.link_id)
            .where(PersonalLink.student_pk == student_pk)
            .order_by(LinkSession.id)
        )
    )


def delete_on(date: dt.date, retention_days: int) -> dt.date:
    """Day after which an event's personal data is deleted."""
    return date + dt.timedelta(days=retention_days)


def take_out(
    database: Database, actor: Actor, now: dt.datetime, *, student_pk: int
) -> dict[str, Any]:
    """As `stored_on`, for a download, which the audit log notes."""
    values = stored_on(database, student_pk)
    with database.writing() as session:
        event_id = session.scalar(select(StudentRow.event_id).where(StudentRow.id == student_pk))
        record(session, actor, now, "data.export", event_id=event_id)
    return values

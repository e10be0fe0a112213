"""Collecting answers: personal links, what was answered before, consent, CVs, mail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webui.store.base import Base, UtcDateTime, personal


class PersonalLink(Base):
    """A student's personal link; only the SHA-256 of its token is kept."""

    __tablename__ = "personal_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    student_pk: Mapped[int] = mapped_column(
        ForeignKey("student.id", ondelete="CASCADE"), index=True
    )
    token_sha256: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class LinkSession(Base):
    """A browser that opened a personal link; dead as soon as the link is."""

    __tablename__ = "link_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(
        ForeignKey("personal_link.id", ondelete="CASCADE"), index=True
    )
    token_sha256: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Answer(Base):
    """One acknowledged save of a student, whole, as it was: the history of a ranking."""

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    student_pk: Mapped[int] = mapped_column(
        ForeignKey("student.id", ondelete="CASCADE"), index=True
    )
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    content: Mapped[dict[str, Any]] = mapped_column(
        JSON, info=personal("showing what was answered when")
    )


class Consent(Base):
    """A student agreed to one purpose; withdrawn when ``withdrawn_at`` is set."""

    __tablename__ = "consent"
    __table_args__ = (
        UniqueConstraint("student_pk", "purpose"),
        CheckConstraint("purpose in ('cv', 'brochure')", name="purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    student_pk: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete="CASCADE"))
    purpose: Mapped[str] = mapped_column(info=personal("showing what was agreed to"))
    given_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Cv(Base):
    """A student's CV, a PDF; one at a time."""

    __tablename__ = "cv"

    id: Mapped[int] = mapped_column(primary_key=True)
    student_pk: Mapped[int] = mapped_column(
        ForeignKey("student.id", ondelete="CASCADE"), unique=True
    )
    uploaded_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    content: Mapped[bytes] = mapped_column(LargeBinary, info=personal("companies on the schedule"))


class Mail(Base):
    """A message to send; the worker sends it, and tries again a few times.

    ``link_student_pk``: the personal link is made when the message is sent, so that no token is
    ever stored; ``{link}`` in the text is where it goes.
    """

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'sent', 'failed')", name="state"),
        UniqueConstraint("once_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), index=True
    )
    link_student_pk: Mapped[int | None] = mapped_column(
        ForeignKey("student.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str]
    once_key: Mapped[str | None]
    """The same key is never sent twice, such as the one reminder of a student."""
    to_address: Mapped[str] = mapped_column(info=personal("sending the message"))
    subject: Mapped[str] = mapped_column(info=personal("sending the message"))
    text: Mapped[str] = mapped_column(info=personal("sending the message"))
    attachment_name: Mapped[str | None]
    attachment: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=personal("sending the message")
    )
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

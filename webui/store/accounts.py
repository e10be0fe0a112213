"""Staff: who they are, how they sign in, which events are theirs."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webui.store.base import Base, UtcDateTime, personal

ROLES = ("administrator", "planner", "desk")


class Staff(Base):
    """A colleague with an account."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role in ('administrator', 'planner', 'desk')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True, info=personal("signing in, messages"))
    name: Mapped[str] = mapped_column(info=personal("who did what"))
    role: Mapped[str]
    sees_all: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="en")
    password_hash: Mapped[str]
    totp_secret: Mapped[str | None]
    totp_last_step: Mapped[int] = mapped_column(default=0)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class StaffSession(Base):
    """One signed-in browser; the cookie holds the token, here is only its SHA-256."""

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Invitation(Base):
    """A link with which somebody becomes staff: the first administrator, or a colleague.

    The set-up token of the first run is one without an e-mail address.
    """

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(info=personal("inviting a colleague"))
    role: Mapped[str]
    sees_all: Mapped[bool] = mapped_column(default=True)
    event_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Membership(Base):
    """A colleague is given an event; needed by who does not see every one."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("event_id", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)

"""An event as staff and students write it: the columns of the exchange format, one table a file.

Codes (languages, positions, fields) are stored as that format writes them. Clock times are minutes
after local midnight, null where the format has an empty cell.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webui.store.base import Base, UtcDateTime, personal

NEVER_AGAIN = {"sqlite_autoincrement": True}
"""Deleted rows come back by their numbers, so a number is not given to somebody else meanwhile."""


class EventRow(Base):
    """One Company Dating.

    ``key`` is the event's id in files and addresses. ``revision`` counts changes of anything the
    timetable depends on, so that a result can be told from one of older input.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("language in ('en', 'da')", name="language"),
        CheckConstraint("closes_at is null or opens_at < closes_at", name="opens_before_closes"),
        CheckConstraint("wish_limit is null or wish_limit > 0", name="wish_limit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    date: Mapped[dt.date]
    timezone: Mapped[str]
    start_min: Mapped[int]
    end_min: Mapped[int]
    slot_min: Mapped[int]
    changeover_min: Mapped[int]
    breaks: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    opens_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closes_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    wish_limit: Mapped[int | None]
    mail_texts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Subject and text of its mails as staff wrote them, by kind of mail."""
    retention_days: Mapped[int] = mapped_column(default=183)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class RoomRow(Base):
    """A room; ``position`` is its place in the list."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("event_id", "room_id"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    room_id: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    building: Mapped[str] = mapped_column(default="")
    tables: Mapped[int]
    capacity: Mapped[int | None]


class CompanyRow(Base):
    """A company and its tables."""

    __tablename__ = "company"
    __table_args__ = (UniqueConstraint("event_id", "company_id"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    company_id: Mapped[str]
    name: Mapped[str]
    room_id: Mapped[str | None]
    tables: Mapped[int] = mapped_column(default=1)
    seats: Mapped[int] = mapped_column(default=1)
    arrives_min: Mapped[int | None]
    leaves_min: Mapped[int | None]
    positions: Mapped[str] = mapped_column(default="")
    languages: Mapped[str] = mapped_column(default="")
    small_talk: Mapped[str] = mapped_column(default="")
    fields: Mapped[str] = mapped_column(default="")
    min_meetings: Mapped[int] = mapped_column(default=0)
    max_meetings: Mapped[int | None]
    email: Mapped[str] = mapped_column(default="", info=personal("sending the day sheet"))
    website: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(default="")


class StudentRow(Base):
    """A student, as registered and as the student then says."""

    __tablename__ = "student"
    __table_args__ = (UniqueConstraint("event_id", "student_id"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    position: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    student_id: Mapped[str] = mapped_column(info=personal("telling students apart"))
    name: Mapped[str] = mapped_column(info=personal("badges, schedules, companies' day sheets"))
    given_name: Mapped[str] = mapped_column(default="", info=personal("badges"))
    family_name: Mapped[str] = mapped_column(default="", info=personal("badges, sorting"))
    email: Mapped[str] = mapped_column(default="", info=personal("sending the personal link"))
    programme: Mapped[str] = mapped_column(default="", info=personal("badges, day sheets"))
    field: Mapped[str] = mapped_column(default="", info=personal("which companies fit"))
    languages: Mapped[str] = mapped_column(default="", info=personal("which companies fit"))
    positions: Mapped[str] = mapped_column(default="", info=personal("which companies fit"))
    arrives_min: Mapped[int | None] = mapped_column(info=personal("when meetings can be"))
    leaves_min: Mapped[int | None] = mapped_column(info=personal("when meetings can be"))
    max_meetings: Mapped[int | None] = mapped_column(info=personal("how many meetings"))
    submitted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    link_asked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When they asked for a new link where no mail can be sent: staff then make one."""
    entered: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What the student has entered (``wishes``, ``languages`` ...): an import leaves it alone."""


class PreferenceRow(Base):
    """A wish: one student, one company, one rank; neither twice."""

    __tablename__ = "preference"
    __table_args__ = (
        UniqueConstraint("student_pk", "company_pk"),
        UniqueConstraint("student_pk", "rank"),
        CheckConstraint("rank > 0", name="rank"),
        # all that an event is read with: sixteen thousand rows come from the index alone
        Index(None, "event_id", "student_pk", "rank", "company_pk"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    student_pk: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete="CASCADE"))
    company_pk: Mapped[int] = mapped_column(
        ForeignKey("company.id", ondelete="CASCADE"), index=True
    )
    rank: Mapped[int] = mapped_column(info=personal("the timetable"))


class ShortlistRow(Base):
    """A company says yes to a student, or no."""

    __tablename__ = "shortlist"
    __table_args__ = (
        UniqueConstraint("company_pk", "student_pk"),
        CheckConstraint("verdict in ('yes', 'no')", name="verdict"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    company_pk: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"))
    student_pk: Mapped[int] = mapped_column(
        ForeignKey("student.id", ondelete="CASCADE"), index=True
    )
    verdict: Mapped[str] = mapped_column(info=personal("the timetable"))


class AbsenceRow(Base):
    """A student or a company is away between two times; exactly one of the two is named."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("(student_pk is null) <> (company_pk is null)", name="one_person"),
        CheckConstraint("start_min < end_min", name="start_before_end"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    student_pk: Mapped[int | None] = mapped_column(
        ForeignKey("student.id", ondelete="CASCADE"), index=True
    )
    company_pk: Mapped[int | None] = mapped_column(
        ForeignKey("company.id", ondelete="CASCADE"), index=True
    )
    start_min: Mapped[int] = mapped_column(info=personal("when meetings can be"))
    end_min: Mapped[int] = mapped_column(info=personal("when meetings can be"))


class DecisionRow(Base):
    """A pin or a forbid of staff, with the reason for whoever asks later."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("student_pk", "company_pk"),
        CheckConstraint("kind in ('pin', 'forbid')", name="kind"),
        CheckConstraint("kind = 'pin' or start_min is null", name="forbid_without_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    student_pk: Mapped[int] = mapped_column(ForeignKey("student.id", ondelete="CASCADE"))
    company_pk: Mapped[int] = mapped_column(
        ForeignKey("company.id", ondelete="CASCADE"), index=True
    )
    start_min: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="", info=personal("why staff decided so"))

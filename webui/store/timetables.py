"""Timetables: how they were made, their meetings, the versions that were published."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webui.store.base import Base, UtcDateTime, personal
from webui.store.sentences import Told


class Job(Base):
    """Work done outside a request: solving, printing.

    ``heartbeat_at`` is renewed by the worker that has it; one that stopped beating is taken over.
    ``active_key`` is set while a job waits or runs, so that there is one of its kind at a time.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(
            "state in ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state"
        ),
        UniqueConstraint("active_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    active_key: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    progress: Mapped[dict[str, Any]] = mapped_column(Told, default=dict)
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(default="")
    cancel_asked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    started_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    heartbeat_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(default="")


class JobFile(Base):
    """What a job made to be downloaded."""

    __tablename__ = "job_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    content_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class TimetableRow(Base):
    """A timetable of an event, with its meetings.

    Parameters
    ----------
    origin
        ``solve``; ``hand`` for the one that staff edit; ``repair``; ``frozen`` for the copy that a
        version publishes and nobody changes any more.
    event_revision, event_sha256
        Of the event it was made for: a result older than its event is refused.
    summary
        As ``summary.json``, of the solve it comes from; its `Edit` rows say what changed since.
    """

    __tablename__ = "timetable"
    __table_args__ = (
        CheckConstraint("origin in ('solve', 'hand', 'repair', 'frozen')", name="origin"),
        # one timetable is the one that staff work on
        Index(
            "uq_timetable_working",
            "event_id",
            unique=True,
            sqlite_where=text("is_working"),
            postgresql_where=text("is_working"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    origin: Mapped[str]
    is_working: Mapped[bool] = mapped_column(default=False)
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("job.id", ondelete="SET NULL"), unique=True
    )
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("timetable.id", ondelete="SET NULL"), index=True
    )
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[str] = mapped_column(default="")
    summary: Mapped[dict[str, Any]] = mapped_column(Told, default=dict)
    event_revision: Mapped[int]
    event_sha256: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class MeetingRow(Base):
    """One student at one turn; a student has one meeting in a slot, and one with a company."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("timetable_id", "student_pk", "start_min"),
        UniqueConstraint("timetable_id", "student_pk", "company_pk"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    timetable_id: Mapped[int] = mapped_column(ForeignKey("timetable.id", ondelete="CASCADE"))
    start_min: Mapped[int]
    room_id: Mapped[str]
    table: Mapped[int]
    student_pk: Mapped[int] = mapped_column(
        ForeignKey("student.id", ondelete="CASCADE"), index=True
    )
    company_pk: Mapped[int] = mapped_column(
        ForeignKey("company.id", ondelete="CASCADE"), index=True
    )


class PlaceRow(Base):
    """Where a company stands all day in a timetable."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("timetable_id", "company_pk"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    timetable_id: Mapped[int] = mapped_column(ForeignKey("timetable.id", ondelete="CASCADE"))
    company_pk: Mapped[int] = mapped_column(
        ForeignKey("company.id", ondelete="CASCADE"), index=True
    )
    room_id: Mapped[str]
    first_table: Mapped[int]


class Edit(Base):
    """One change of the working timetable by hand: the meetings it took away and those it made.

    ``before`` and ``after`` hold rows of people and the reasons of decisions, ``words`` what to say
    of it, with the ``revision`` of the timetable that it made.

    ``undone_at`` is set by undo and cleared by redo; a new edit forgets those undone.
    """

    __tablename__ = "edit"
    __table_args__ = (UniqueConstraint("timetable_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    timetable_id: Mapped[int] = mapped_column(ForeignKey("timetable.id", ondelete="CASCADE"))
    number: Mapped[int]
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, info=personal("undoing changes by hand"))
    after: Mapped[dict[str, Any]] = mapped_column(JSON, info=personal("undoing changes by hand"))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Version(Base):
    """A timetable that was published; one version of an event at most is published now.

    ``window`` holds when the event was to be: a change of it is published with the next version.
    """

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("event_id", "number"),
        Index(
            "uq_version_published",
            "event_id",
            unique=True,
            sqlite_where=text("withdrawn_at is null"),
            postgresql_where=text("withdrawn_at is null"),
        ),
        ForeignKeyConstraint(["timetable_id"], ["timetable.id"], ondelete="RESTRICT"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    number: Mapped[int]
    timetable_id: Mapped[int] = mapped_column(unique=True)
    window: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class BadgeRow(Base):
    """The random id of a student's badge: made once, reused in every print."""

    __tablename__ = "badge"

    id: Mapped[int] = mapped_column(primary_key=True)
    student_pk: Mapped[int] = mapped_column(
        ForeignKey("student.id", ondelete="CASCADE"), unique=True
    )
    badge_id: Mapped[str] = mapped_column(unique=True)


class PrintRow(Base):
    """What was printed of a version, so that the next print can be of what changed since.

    ``marks`` has a fingerprint of everything that paper says of a person, by ``s`` or ``c`` and
    the row of the student or company; those of the last print alone are needed.
    """

    __tablename__ = "print_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id", ondelete="CASCADE"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id", ondelete="SET NULL"))
    parts: Mapped[list[str]] = mapped_column(JSON)
    marks: Mapped[dict[str, str]] = mapped_column(
        JSON, default=dict, info=personal("printing only what changed")
    )
    printed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

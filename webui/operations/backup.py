"""Backup and restore of everything, with what must not come back by a restore."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from webui.operations.log import Actor, RefusedError, record
from webui.store import (
    Database,
    EventRow,
    Invitation,
    Mail,
    PersonalLink,
    Staff,
    StaffSession,
    StudentRow,
    TimetableRow,
)
from webui.store.portable import (
    BackupError,
    Contents,
    read_contents,
    restore_into,
    write_backup,
    write_into,
)
from webui.store.schema import head_of

CHUNK = 500
"""Digests in one statement."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a database holds: what a restore would replace."""

    events: int
    students: int
    staff: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that could be lost."""
        return not self.events and not self.staff


def held(database: Database) -> Held:
    """Count what a database holds."""
    with database.reading() as session:
        return _held(session)


def _held(session: Session) -> Held:
    counts = [
        select(func.count(kind.id)).scalar_subquery() for kind in (EventRow, StudentRow, Staff)
    ]
    return Held(*session.execute(select(*counts)).one())


def back_up(database: Database, actor: Actor, now: dt.datetime, *, path: Path) -> Contents:
    """Write everything into one file, whole or not at all, while the application runs.

    Raises
    ------
    RefusedError
        The place cannot be written.
    """
    _note(database, actor, now)
    try:
        return write_backup(database, path, now)
    except OSError as error:
        raise RefusedError(
            "%(path)s: cannot be written (%(reason)s); choose another place or free this one.",
            path=path,
            reason=error.strerror,
        ) from error


def back_up_into(
    database: Database, actor: Actor, now: dt.datetime, *, file: IO[bytes]
) -> Contents:
    """Write everything into an open file, as `back_up` does."""
    _note(database, actor, now)
    return write_into(database, file, now)


def _note(database: Database, actor: Actor, now: dt.datetime) -> None:
    with database.writing() as session:
        record(session, actor, now, "database.backup")


def restore(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    file: IO[bytes],
    is_forced: bool = False,
    most_bytes: int | None = None,
) -> Contents:
    """Put a backup in the place of everything, in one transaction.

    Links and accounts that were closed since the backup stay closed, staff sign in again,
    invitations end, and mails that waited then are not sent by themselves: they may have been
    sent since.

    Parameters
    ----------
    is_forced
        Also where there are events or accounts; they are lost.
    most_bytes
        Unpacked.

    Raises
    ------
    RefusedError
        The database is not empty, or the backup is damaged, too large, of another version, or has
        no administrator who could sign in. Nothing was changed.
    """
    try:
        return _restore(database, actor, now, file, is_forced=is_forced, most_bytes=most_bytes)
    except BackupError as error:
        raise RefusedError("%(reason)s", field="file", reason=error) from error


def _restore(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    file: IO[bytes],
    *,
    is_forced: bool,
    most_bytes: int | None,
) -> Contents:
    head = head_of(database)
    contents = read_contents(file, head=head)
    if most_bytes is not None and contents.unpacked > most_bytes:
        raise RefusedError(
            "This backup is too large for this page. Restore it on the command line: "
            "company-dating db restore FILE --force",
            field="file",
        )
    with database.writing() as session:
        here = _held(session)
        if not here.is_empty and not is_forced:
            raise RefusedError(
                "A restore would replace what is here (events: %(events)s, accounts: %(staff)s). "
                "Add --force when that may be lost.",
                events=here.events,
                staff=here.staff,
            )
        revoked = list(
            session.scalars(
                select(PersonalLink.token_sha256).where(PersonalLink.revoked_at.is_not(None))
            )
        )
        closed = list(session.scalars(select(Staff.email).where(Staff.disabled_at.is_not(None))))
        latest = session.scalar(select(func.max(EventRow.revision))) or 0
        restore_into(session, file, head=head)
        _forget_the_past(session, now, latest)
        _keep_out(session, now, revoked=revoked, closed=closed)
        if not _has_administrator(session):
            raise RefusedError(
                "No administrator of this backup could sign in. Nothing was changed.", field="file"
            )
        record(
            session, Actor(actor.kind), now, "database.restore", rows=sum(contents.rows.values())
        )
    return contents


def _forget_the_past(session: Session, now: dt.datetime, latest: int) -> None:
    """Keep what was going on when the backup was made from going on."""
    session.execute(delete(StaffSession))
    session.execute(update(Invitation).where(Invitation.used_at.is_(None)).values(expires_at=now))
    session.execute(
        update(Mail).where(Mail.state == "waiting").values(state="failed", last_error="restored")
    )
    # what was worked out of an event is remembered by its revision, so none comes twice
    of_now = (EventRow.id == TimetableRow.event_id) & (
        EventRow.revision == TimetableRow.event_revision
    )
    session.execute(
        update(TimetableRow)
        .where(exists().where(of_now, EventRow.revision <= latest))
        .values(event_revision=latest + 1)
    )
    session.execute(update(EventRow).where(EventRow.revision <= latest).values(revision=latest + 1))


def _keep_out(
    session: Session, now: dt.datetime, *, revoked: Sequence[str], closed: Sequence[str]
) -> None:
    """Let links and accounts stay closed that were closed since the backup."""
    for start in range(0, len(revoked), CHUNK):
        session.execute(
            update(PersonalLink)
            .where(
                PersonalLink.token_sha256.in_(revoked[start : start + CHUNK]),
                PersonalLink.revoked_at.is_(None),
            )
            .values(revoked_at=now)
        )
    session.execute(
        update(Staff)
        .where(Staff.email.in_(closed), Staff.disabled_at.is_(None))
        .values(disabled_at=now)
    )


def _has_administrator(session: Session) -> bool:
    asked = select(Staff.id).where(Staff.role == "administrator", Staff.disabled_at.is_(None))
    return session.scalar(asked.limit(1)) is not None

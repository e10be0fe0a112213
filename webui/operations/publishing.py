"""Publishing: the working timetable becomes a version that students see, and nobody changes.

A version is a frozen copy. One version of an event at most is published; the schema holds that.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from scheduler.model.digest import event_sha256
from scheduler.verify import violations
from webui.operations import queue
from webui.operations.letters import student_letter
from webui.operations.log import Actor, NotFoundError, RefusedError, StaleError, record
from webui.operations.previews import addresses, is_older
from webui.operations.solving import Loaded, copy_of, load_in
from webui.operations.versions import (
    Difference,
    difference,
    latest,
    version_of,
    window_to_keep,
)
from webui.store import (
    Database,
    EventRow,
    Mail,
    TimetableRow,
    Version,
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The timetable as it was looked at, the number it gets, and the two ticks."""

    timetable_id: int
    revision: int
    number: int
    writes_students: bool
    writes_companies: bool


def publish(  # noqa: PLR0913  # what was looked at, and the two ticks
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_id: int,
    timetable_id: int,
    revision: int,
    number: int,
    writes_students: bool = False,
    writes_companies: bool = False,
) -> int:
    """Publish the working timetable; students' pages switch with the commit.

    Parameters
    ----------
    timetable_id, revision, number
        As `preview` gave them: what is published is what was looked at. Pressed twice, the second
        time changes nothing.
    writes_students
        Tell each student for whom something changes, and nobody else.
    writes_companies
        Send each company its day sheet; a job makes them.

    Returns
    -------
    int
        Number of the version.

    Raises
    ------
    RefusedError
        The timetable breaks a rule, is older than the event, or is published already.
    StaleError
        It was changed, or another was published, since it was looked at.
    """
    wanted = _Wanted(timetable_id, revision, number, writes_students, writes_companies)

    def put() -> int:
        with database.writing_in_turn() as session:
            return _publish(session, actor, now, event_id, wanted)

    return database.again(put)


def _publish(
    session: Session, actor: Actor, now: dt.datetime, event_id: int, wanted: _Wanted
) -> int:
    event = session.get(EventRow, event_id, with_for_update=True)
    if event is None:
        raise NotFoundError
    last = latest(session, event_id)
    if last is not None and _is_done(session, last, wanted):
        return wanted.number
    row = session.get(TimetableRow, wanted.timetable_id, with_for_update=True)
    is_next = wanted.number == (1 if last is None else last.number + 1)
    if row is None or not row.is_working or row.revision != wanted.revision or not is_next:
        raise StaleError({})
    found = load_in(session, event_id, row.id)
    _refuse_faulty(found)
    differs = difference(session, event_id, None if last is None else last.timetable_id, row.id)
    if last is not None and last.withdrawn_at is None and not differs.students:
        raise RefusedError("Students see this timetable already.")
    version = _store_version(session, actor, now, event, found, number=wanted.number, before=last)
    told = 0
    if wanted.writes_students:
        told = _write_students(
            session, now, event, differs, number=version.number, is_first=last is None
        )
    if wanted.writes_companies:
        asked = {"version": version.number}
        queue.enqueue(
            session,
            actor,
            now,
            event_id=event_id,
            kind="publish_mail",
            asked=asked,
            is_single=False,
        )
    counts = {"changed": len(differs.students), "told": told}
    detail = {"version": version.id, "number": version.number, **counts}
    record(session, actor, now, "version.publish", event_id=event_id, **detail)
    return version.number


def _is_done(session: Session, last: Version, wanted: _Wanted) -> bool:
    """Whether the last version is published, and the one that is wanted."""
    frozen = session.get_one(TimetableRow, last.timetable_id)
    stored = (frozen.parent_id, frozen.revision, last.number)
    asked = (wanted.timetable_id, wanted.revision, wanted.number)
    return last.withdrawn_at is None and stored == asked


def _refuse_faulty(found: Loaded) -> None:
    broken = violations(found.event, found.timetable)
    if broken:
        raise RefusedError(
            "This timetable breaks a rule and cannot be published: %(first)s (%(count)s in all).",
            first=broken[0].message,
            count=len(broken),
        )
    if not found.timetable.meetings:
        raise RefusedError("This timetable has no meetings.")
    if is_older(found):
        raise RefusedError(
            "The event was changed since this timetable was made. Keep it as it is, or fit the "
            "changes in, then publish."
        )


def _store_version(  # a version, and what it is of
    session: Session,
    actor: Actor,
    now: dt.datetime,
    event: EventRow,
    found: Loaded,
    *,
    number: int,
    before: Version | None,
) -> Version:
    frozen = copy_of(session, now, found, origin="frozen")
    frozen.revision = found.row.revision
    if before is not None and before.withdrawn_at is None:
        before.withdrawn_at = now
        session.flush()  # first the old one: one at a time is published, says the schema
    version = Version(
        event_id=found.row.event_id,
        number=number,
        timetable_id=frozen.id,
        window=window_to_keep(event),
        published_at=now,
        published_by=actor.id,
    )
    session.add(version)
    session.flush()
    return version


def _write_students(
    session: Session,
    now: dt.datetime,
    event: EventRow,
    differs: Difference,
    *,
    number: int,
    is_first: bool,
) -> int:
    to = addresses(session, event.id, differs)
    for person in differs.students:
        if person.pk not in to:
            continue
        letter = student_letter(event, differs, person, is_first=is_first)
        session.add(
            Mail(
                event_id=event.id,
                link_student_pk=person.pk,
                kind="schedule",
                once_key=f"schedule:{event.id}:{number}:{person.pk}",
                to_address=to[person.pk],
                subject=letter.subject,
                text=letter.text,
                next_try_at=now,
                created_at=now,
            )
        )
    return len(to)


def withdraw(
    database: Database, actor: Actor, now: dt.datetime, *, event_id: int, number: int
) -> None:
    """Take a version back: students see no timetable until one is published again.

    Raises
    ------
    StaleError
        It is not the one that is published.
    """

    def put() -> None:
        with database.writing_in_turn() as session:
            session.get(EventRow, event_id, with_for_update=True)
            version = version_of(session, event_id, number)
            if version.withdrawn_at is not None:
                raise StaleError({})
            version.withdrawn_at = now
            record(session, actor, now, "version.withdraw", event_id=event_id, version=version.id)

    database.again(put)


def work_on(
    database: Database, actor: Actor, now: dt.datetime, *, event_id: int, number: int
) -> None:
    """Take a copy of a version as the timetable to work on.

    Raises
    ------
    RefusedError
        The slots were changed since it was made.
    """

    def put() -> None:
        with database.writing_in_turn() as session:
            session.get(EventRow, event_id, with_for_update=True)
            version = version_of(session, event_id, number)
            take_over(session, now, load_in(session, event_id, version.timetable_id))
            record(session, actor, now, "version.work_on", event_id=event_id, version=version.id)

    database.again(put)


def take_over(session: Session, now: dt.datetime, found: Loaded) -> TimetableRow:
    """Make a copy of a timetable the one to work on, within a transaction."""
    session.execute(
        update(TimetableRow)
        .where(TimetableRow.event_id == found.row.event_id, TimetableRow.is_working)
        .values(is_working=False)
    )
    return copy_of(session, now, found, origin="hand", is_working=True)


def keep_as_it_is(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_id: int,
    timetable_id: int,
    revision: int,
) -> None:
    """Say that a working timetable still holds for the event as it is now.

    Raises
    ------
    RefusedError
        It breaks a rule of the event as it is now.
    StaleError
        It was changed since it was looked at.
    """

    def put() -> None:
        with database.writing_in_turn() as session:
            event = session.get(EventRow, event_id, with_for_update=True)
            row = session.get(TimetableRow, timetable_id, with_for_update=True)
            if event is None or row is None or row.event_id != event_id:
                raise NotFoundError
            if not row.is_working or row.revision != revision:
                raise StaleError({})
            found = load_in(session, event_id, timetable_id)
            broken = violations(found.event, found.timetable)
            if broken:
                raise RefusedError(
                    "It breaks a rule of the event as it is now: %(first)s (%(count)s in all).",
                    first=broken[0].message,
                    count=len(broken),
                )
            row.event_revision, row.event_sha256 = event.revision, event_sha256(found.event)
            row.revision += 1
            record(session, actor, now, "timetable.keep", event_id=event_id, timetable=row.id)

    database.again(put)

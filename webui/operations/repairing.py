"""Fitting in what changed with the fewest changes: a proposal, then accepted or dropped."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.model.digest import event_sha256
from scheduler.repair import Repaired
from scheduler.reports.files import summary_json
from webui.operations import queue
from webui.operations.known import known_event
from webui.operations.log import Actor, NotFoundError, RefusedError, StaleError, record
from webui.operations.publishing import take_over
from webui.operations.queue import Claimed
from webui.operations.solving import Loaded, load_in, working
from webui.operations.standing import problems_of
from webui.operations.versions import Difference, difference, published
from webui.store import Database, EventRow, TimetableRow
from webui.store.meetings import companies_by_id, students_by_id, write_meetings

TIME_LIMIT_S = 30


@dataclass(frozen=True, slots=True)
class Proposal:
    """A timetable that waits to be accepted, and what it changes.

    Parameters
    ----------
    reasons
        Why a meeting is not where it was, by the rows of student and company.
    is_stale
        The event or the timetable it began from was changed since.
    """

    row: TimetableRow
    difference: Difference
    reasons: dict[tuple[int, int], str]
    is_stale: bool


def start_repair(database: Database, actor: Actor, now: dt.datetime, *, event_id: int) -> int:
    """Ask for the timetable of the event as it is now with the fewest changes; the job's number.

    Raises
    ------
    RefusedError
        There is no timetable to begin from, the event has problems, or one is being made.
    """
    with database.writing() as session:
        found = _base(session, event_id)
        problems = problems_of(found.event)
        if problems:
            raise RefusedError(
                "%(first)s (%(count)s to put right before fitting in)",
                first=problems[0].sentence(),
                count=len(problems),
            )
        _drop_proposals(session, event_id)
        asked = {"base": found.row.id, "base_revision": found.row.revision}
        return queue.enqueue(session, actor, now, event_id=event_id, kind="repair", asked=asked).id


def _base(session: Session, event_id: int) -> Loaded:
    """The timetable people follow: the one staff work on, else the published one."""
    row, version = working(session, event_id), published(session, event_id)
    if row is not None:
        base = row.id
    elif version is not None:
        base = version.timetable_id
    else:
        raise RefusedError("There is no timetable yet. Solve first.")
    return load_in(session, event_id, base)


def _drop_proposals(session: Session, event_id: int) -> None:
    session.execute(
        delete(TimetableRow).where(
            TimetableRow.event_id == event_id,
            TimetableRow.origin == "repair",
            TimetableRow.is_working.is_(False),
        )
    )


def load_base(database: Database, claimed: Claimed) -> Loaded:
    """Read the timetable that a repair begins from, and the event as it is now.

    Raises
    ------
    NotFoundError
        It is gone.
    RefusedError
        The slots were changed.
    """
    with database.reading() as session:
        return load_in(session, claimed.event_id, claimed.asked["base"])


def store_proposal(
    database: Database,
    now: dt.datetime,
    claimed: Claimed,
    *,
    worker: str,
    found: Loaded,
    repaired: Repaired,
    progress: dict[str, Any],
) -> None:
    """Store what a repair found, and end its job, in one transaction."""
    result, event_id = repaired.result, claimed.event_id
    with database.writing() as session:
        owner = session.get_one(EventRow, event_id)
        students, companies = students_by_id(session, event_id), companies_by_id(session, event_id)
        timetable = result.timetable
        is_lost = timetable is not None and any(
            own.student_id not in students or own.company_id not in companies
            for own in timetable.meetings
        )
        is_ours = queue.finish(
            session,
            now,
            claimed,
            worker=worker,
            state="failed" if is_lost else "done",
            error="changed" if is_lost else "",
            progress=progress,
        )
        if not is_ours or is_lost or timetable is None:
            return
        reasons = {
            f"{students[own.meeting.student_id]}:{companies[own.meeting.company_id]}": own.reason
            for own in repaired.differences
        }
        row = TimetableRow(
            event_id=event_id,
            origin="repair",
            job_id=claimed.id,
            parent_id=found.row.id,
            settings=claimed.asked,
            status=result.status.value,
            summary={**json.loads(summary_json(result)), "reasons": reasons},
            event_revision=owner.revision,
            event_sha256=event_sha256(found.event),
            created_at=now,
        )
        session.add(row)
        session.flush()
        write_meetings(session, row.id, found.event, event_id, timetable)


def proposal_of(database: Database, event_id: int) -> Proposal | None:
    """The proposal that waits, if one does."""
    with database.reading() as session:
        row = _waiting(session, event_id)
        if row is None:
            return None
        reasons = {}
        for pair, reason in row.summary.get("reasons", {}).items():
            student, company = pair.split(":")
            reasons[int(student), int(company)] = reason
        return Proposal(
            row,
            difference(session, event_id, row.parent_id, row.id),
            reasons,
            not _is_current(session, row, known_event(database, session, event_id).sha256),
        )


def _waiting(session: Session, event_id: int) -> TimetableRow | None:
    return session.scalar(
        select(TimetableRow)
        .where(
            TimetableRow.event_id == event_id,
            TimetableRow.origin == "repair",
            TimetableRow.is_working.is_(False),
        )
        .order_by(TimetableRow.id.desc())
        .limit(1)
    )


def _is_current(session: Session, row: TimetableRow, sha256: str) -> bool:
    """Whether event and base are still as the proposal found them.

    Parameters
    ----------
    sha256
        Of the event now.
    """
    base = None if row.parent_id is None else session.get(TimetableRow, row.parent_id)
    own = working(session, row.event_id)
    if base is None or base.revision != row.settings["base_revision"]:
        return False
    if own is not None and own.id != base.id:
        return False
    return sha256 == row.event_sha256


def accept(
    database: Database, actor: Actor, now: dt.datetime, *, event_id: int, timetable_id: int
) -> None:
    """Take a proposal as the timetable to work on.

    Raises
    ------
    StaleError
        The event or the timetable it began from was changed since.
    """

    def put() -> None:
        with database.writing_in_turn() as session:
            session.get(EventRow, event_id, with_for_update=True)
            row = session.get(TimetableRow, timetable_id)
            if row is None or (row.event_id, row.origin) != (event_id, "repair"):
                raise NotFoundError
            try:
                found = load_in(session, event_id, row.id)
            except RefusedError as error:  # the slots are others now
                raise StaleError({}) from error
            if not _is_current(session, row, event_sha256(found.event)):
                raise StaleError({})
            copy = take_over(session, now, found)
            copy.summary = {key: own for key, own in copy.summary.items() if key != "reasons"}
            _drop_proposals(session, event_id)
            record(session, actor, now, "repair.accept", event_id=event_id, new=copy.id)

    database.again(put)


def drop(database: Database, actor: Actor, now: dt.datetime, *, event_id: int) -> None:
    """Forget the proposal."""
    with database.writing() as session:
        _drop_proposals(session, event_id)
        record(session, actor, now, "repair.drop", event_id=event_id)

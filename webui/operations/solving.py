"""Solving: asked for, its results compared, one of them taken to work on."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from scheduler.importers.writer import setting_rows
from scheduler.model import Event, Result, Timetable
from scheduler.model.digest import event_sha256
from scheduler.reports.files import summary_json
from webui.operations import queue
from webui.operations.figures import figures_of
from webui.operations.known import KnownEvent, known_event
from webui.operations.log import Actor, NotFoundError, RefusedError, record
from webui.operations.queue import Claimed
from webui.operations.standing import problems_of
from webui.operations.versions import as_published
from webui.store import Database, Edit, EventRow, TimetableRow, Version
from webui.store.exchange import People, read_event, read_people
from webui.store.meetings import (
    companies_by_id,
    read_meetings,
    students_by_id,
    write_meetings,
)

SHORTEST_S, LONGEST_S = 1, 600
USUAL_S = 60
RESULTS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Loaded:
    """A timetable with the event it belongs to."""

    row: TimetableRow
    event: Event
    timetable: Timetable


def start_solve(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_id: int,
    time_limit_s: int = USUAL_S,
    seed: int = 1,
    note: str = "",
    keeps_working: bool = False,
) -> int:
    """Ask for a timetable; the number of the job.

    Parameters
    ----------
    note
        What staff call this result, such as "slots of 10 minutes".
    keeps_working
        Keep every meeting of the working timetable and solve the rest around them.

    Raises
    ------
    RefusedError
        The event has problems, a solve is running already, or the limit is no sensible one.
    """
    if not SHORTEST_S <= time_limit_s <= LONGEST_S:
        raise RefusedError(
            "The time limit is %(least)s to %(most)s seconds.",
            field="time_limit",
            least=SHORTEST_S,
            most=LONGEST_S,
        )
    asked = {
        "time_limit_s": time_limit_s,
        "seed": seed,
        "note": note.strip()[:120],
        "keeps_working": keeps_working,
    }
    with database.writing() as session:
        return start_solve_in(session, actor, now, event_id=event_id, asked=asked)


def start_solve_in(
    session: Session, actor: Actor, now: dt.datetime, *, event_id: int, asked: dict[str, Any]
) -> int:
    """Ask for a timetable within a transaction, as `start_solve` does."""
    row = session.get(EventRow, event_id)
    if row is None:
        raise NotFoundError
    problems = problems_of(read_event(session, row))
    if problems:
        raise RefusedError(
            "%(first)s (%(count)s to put right before solving)",
            first=problems[0].sentence(),
            count=len(problems),
        )
    return queue.enqueue(session, actor, now, event_id=event_id, kind="solve", asked=asked).id


def store_result(
    database: Database,
    now: dt.datetime,
    claimed: Claimed,
    *,
    worker: str,
    event: Event,
    revision: int,
    result: Result,
    progress: dict[str, Any],
) -> None:
    """Store what a solve found, and end its job, in one transaction.

    Parameters
    ----------
    event, revision
        As stored when the solve began, without what was pinned for this solve alone.
    """
    with database.writing() as session:
        is_lost = result.timetable is not None and _is_anybody_gone(
            session, claimed.event_id, result.timetable
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
        if not is_ours or is_lost or result.timetable is None:
            return
        row = TimetableRow(
            event_id=claimed.event_id,
            origin="solve",
            job_id=claimed.id,
            settings=claimed.asked,
            status=result.status.value,
            summary={
                **json.loads(summary_json(result)),
                "notes": list(result.notes),
                "figures": figures_of(event, result.timetable),
                "settings": {name: str(value) for name, value in setting_rows(event)},
            },
            event_revision=revision,
            event_sha256=event_sha256(event),
            created_at=now,
        )
        session.add(row)
        session.flush()
        write_meetings(session, row.id, event, claimed.event_id, result.timetable)


def _is_anybody_gone(session: Session, event_id: int, timetable: Timetable) -> bool:
    """Whether somebody who meets was removed while the solve ran."""
    students = {meeting.student_id for meeting in timetable.meetings}
    companies = {meeting.company_id for meeting in timetable.meetings}
    return bool(
        students - students_by_id(session, event_id).keys()
        or companies - companies_by_id(session, event_id).keys()
    )


def results_of(database: Database, event_id: int) -> list[TimetableRow]:
    """Results of solves, the latest first."""
    with database.reading() as session:
        return list(
            session.scalars(
                select(TimetableRow)
                .where(TimetableRow.event_id == event_id, TimetableRow.origin == "solve")
                .order_by(TimetableRow.id.desc())
                .limit(RESULTS_SHOWN)
            )
        )


def rows_of_results(database: Database, event_id: int, wanted: Sequence[int]) -> list[TimetableRow]:
    """Results that were chosen, in their order; what is not there, or another event's, is not."""
    asked = select(TimetableRow).where(
        TimetableRow.event_id == event_id,
        TimetableRow.origin == "solve",
        TimetableRow.id.in_(wanted),
    )
    with database.reading() as session:
        found = {row.id: row for row in session.scalars(asked)}
    return [found[own] for own in wanted if own in found]


def load(database: Database, event_id: int, timetable_id: int) -> Loaded:
    """Read a timetable of an event.

    Raises
    ------
    NotFoundError
        There is none, or it is another event's.
    RefusedError
        The window was changed since it was made.
    """
    with database.reading() as session:
        known = known_event(database, session, event_id)
        return load_in(session, event_id, timetable_id, people=known.people)


def load_in(
    session: Session, event_id: int, timetable_id: int, *, people: People | None = None
) -> Loaded:
    """Read a timetable within a transaction, as `load`; its event too, where it is not given.

    Parameters
    ----------
    people
        As `read_people` found them in this transaction.
    """
    row = session.get(TimetableRow, timetable_id)
    owner = session.get(EventRow, event_id)
    if row is None or owner is None or row.event_id != event_id:
        raise NotFoundError
    return _loaded(session, row, people or read_people(session, owner))


def load_version(
    session: Session, event_id: int, version: Version, *, known: KnownEvent | None = None
) -> Loaded:
    """Read a version within a transaction, with its event at the time that was published.

    Parameters
    ----------
    known
        The event as it is now, where that was read already.
    """
    row = session.get_one(TimetableRow, version.timetable_id)
    now = session.get_one(EventRow, event_id)
    then = as_published(now, version)
    if known is not None and then is now:
        return _loaded(session, row, known.people)
    return _loaded(session, row, read_people(session, then))


def _loaded(session: Session, row: TimetableRow, people: People) -> Loaded:
    try:
        timetable = read_meetings(
            session,
            row.id,
            event=people.event,
            students=people.student_pks,
            companies=people.company_pks,
        )
    except LookupError as error:
        raise RefusedError(
            "The slots were changed since this timetable was made. Solve again."
        ) from error
    return Loaded(row, people.event, timetable)


def working(session: Session, event_id: int) -> TimetableRow | None:
    """The timetable that staff work on."""
    return session.scalar(
        select(TimetableRow).where(TimetableRow.event_id == event_id, TimetableRow.is_working)
    )


def use_result(
    database: Database, actor: Actor, now: dt.datetime, *, event_id: int, timetable_id: int
) -> int:
    """Take a copy of a result to work on; the result itself stays as it is.

    Raises
    ------
    RefusedError
        The event was changed since, so that the result could break a rule.
    """

    def use() -> int:
        with database.writing() as session:
            found = load_in(session, event_id, timetable_id)
            if event_sha256(found.event) != found.row.event_sha256:
                raise RefusedError(
                    "The event was changed since this timetable was made. Solve again, then use it."
                )
            session.execute(
                update(TimetableRow)
                .where(TimetableRow.event_id == event_id, TimetableRow.is_working)
                .values(is_working=False)
            )
            copy = copy_of(session, now, found, origin="hand", is_working=True)
            record(
                session,
                actor,
                now,
                "timetable.use",
                event_id=event_id,
                of=timetable_id,
                new=copy.id,
            )
            return copy.id

    return database.again(use)


def copy_of(
    session: Session, now: dt.datetime, found: Loaded, *, origin: str, is_working: bool = False
) -> TimetableRow:
    """Store a copy of a timetable within a transaction."""
    copy = TimetableRow(
        event_id=found.row.event_id,
        origin=origin,
        is_working=is_working,
        parent_id=found.row.id,
        settings=found.row.settings,
        status=found.row.status,
        summary=found.row.summary,
        event_revision=found.row.event_revision,
        event_sha256=found.row.event_sha256,
        created_at=now,
    )
    session.add(copy)
    session.flush()
    write_meetings(session, copy.id, found.event, found.row.event_id, found.timetable)
    return copy


def drop_result(
    database: Database, actor: Actor, now: dt.datetime, *, event_id: int, timetable_id: int
) -> None:
    """Forget a result of a solve."""
    with database.writing() as session:
        row = session.get(TimetableRow, timetable_id)
        if row is None or row.event_id != event_id or row.origin != "solve":
            raise NotFoundError
        session.delete(row)
        record(session, actor, now, "timetable.drop", event_id=event_id, timetable=timetable_id)


def edits_of(session: Session, timetable_id: int) -> int:
    """How many changes by hand a timetable has, undone ones not counted."""
    asked = select(func.count(Edit.id)).where(
        Edit.timetable_id == timetable_id, Edit.undone_at.is_(None)
    )
    return session.scalar(asked) or 0

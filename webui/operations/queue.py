"""Jobs: asked for in a request, done by the worker, watched by pages.

A job is a row in the same database as everything else, so asking for it is one transaction with
its audit row. The worker that has a job renews its heartbeat; one that died is taken over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webui.operations.log import SYSTEM, Actor, NotFoundError, RefusedError, record
from webui.store import Database, Job

HEARTBEAT = dt.timedelta(seconds=2)
DEAD_AFTER = dt.timedelta(seconds=20)
"""Ten heartbeats missed; longer than a writer waits for another (`webui.store.database`)."""
UNKNOWN_AFTER = dt.timedelta(minutes=10)
"""A newer worker may know the kind, and has started by then."""
MOST_ATTEMPTS = 3
JOBS_KEPT = 50
"""Of an event; results and audit rows stay."""
ACTIVE = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that this worker has now."""

    id: int
    event_id: int
    kind: str
    asked: dict[str, Any]
    attempt: int


def enqueue(
    session: Session,
    actor: Actor,
    now: dt.datetime,
    *,
    event_id: int,
    kind: str,
    asked: dict[str, Any],
    is_single: bool = True,
) -> Job:
    """Ask for a job within a transaction; old finished ones are forgotten.

    Parameters
    ----------
    is_single
        Refuse while one of this kind waits or runs for the event.

    Raises
    ------
    RefusedError
        There is one already.
    """
    _forget_old(session, event_id)
    job = Job(
        event_id=event_id,
        kind=kind,
        asked=asked,
        active_key=f"{kind}:{event_id}" if is_single else None,
        created_at=now,
        created_by=actor.id,
    )
    session.add(job)
    try:
        session.flush()
    except IntegrityError as error:  # the key is unique, also for two who ask at once
        raise RefusedError("This is being done already; wait for it, or cancel it.") from error
    record(session, actor, now, f"job.{kind}", event_id=event_id, job=job.id)
    return job


def _forget_old(session: Session, event_id: int) -> None:
    old = (
        select(Job.id)
        .where(Job.event_id == event_id, Job.state.not_in(ACTIVE))
        .order_by(Job.id.desc())
        .offset(JOBS_KEPT)
    )
    ids = list(session.scalars(old))
    if ids:
        session.execute(delete(Job).where(Job.id.in_(ids)))


def cancel(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_id: int,
    job_id: int,
    kinds: Collection[str] | None = None,
) -> None:
    """Ask a job to end; a waiting one ends at once, a running one keeps the best it has.

    Parameters
    ----------
    kinds
        Those that this page may end; None is all. Who may end a print may not end a solve.

    Raises
    ------
    NotFoundError
        There is no such job.
    """

    def ask() -> None:
        with database.writing() as session:
            job = job_of(session, event_id, job_id, is_locked=True)
            if kinds is not None and job.kind not in kinds:
                raise NotFoundError
            if job.state == "waiting":
                job.state, job.finished_at, job.active_key = "cancelled", now, None
            elif job.state == "running" and job.cancel_asked_at is None:
                job.cancel_asked_at = now
            else:
                return
            record(session, actor, now, "job.cancel", event_id=event_id, job=job_id)

    database.again(ask)  # the worker renews the row, and may do so in between


def job_of(session: Session, event_id: int, job_id: int, *, is_locked: bool = False) -> Job:
    """Find a job of an event; locked, nobody changes it until the transaction ends.

    Raises
    ------
    NotFoundError
        There is none, or it is another event's.
    """
    job = session.get(Job, job_id, with_for_update=is_locked or None)
    if job is None or job.event_id != event_id:
        raise NotFoundError
    return job


def jobs_of(database: Database, event_id: int, kind: str, *, limit: int = 20) -> list[Job]:
    """Jobs of a kind, the latest first."""
    with database.reading() as session:
        return list(
            session.scalars(
                select(Job)
                .where(Job.event_id == event_id, Job.kind == kind)
                .order_by(Job.id.desc())
                .limit(limit)
            )
        )


def ahead_of(database: Database, job: Job) -> int:
    """How many jobs of its kind come before a waiting one."""
    if job.state != "waiting":
        return 0
    asked = select(func.count(Job.id)).where(
        Job.kind == job.kind, Job.state.in_(ACTIVE), Job.id < job.id
    )
    with database.reading() as session:
        return session.scalar(asked) or 0


def claim(
    database: Database, now: dt.datetime, *, worker: str, kinds: Collection[str]
) -> Claimed | None:
    """Take the oldest waiting job of these kinds; None when there is none."""
    waiting = (
        select(Job.id).where(Job.state == "waiting", Job.kind.in_(kinds)).order_by(Job.id).limit(1)
    )
    with database.reading() as session:  # looking alone never holds up a writer
        if session.scalar(waiting) is None:
            return None
    with database.writing() as session:
        job = session.scalar(waiting.with_only_columns(Job).with_for_update(skip_locked=True))
        if job is None:
            return None
        job.state, job.worker, job.attempts = "running", worker, job.attempts + 1
        job.started_at = job.started_at or now
        job.heartbeat_at = now
        job.progress = {}
        return Claimed(job.id, job.event_id, job.kind, dict(job.asked), job.attempts)


def _own(claimed: Claimed, worker: str) -> tuple[ColumnElement[bool], ...]:
    return Job.id == claimed.id, Job.worker == worker, Job.state == "running"


def goes_on(database: Database, claimed: Claimed, *, worker: str) -> bool:
    """Whether a job is still this worker's, and nobody has cancelled it."""
    with database.reading() as session:
        asked = select(Job.id).where(*_own(claimed, worker), Job.cancel_asked_at.is_(None))
        return session.scalar(asked) is not None


def beat(
    database: Database,
    now: dt.datetime,
    claimed: Claimed,
    *,
    worker: str,
    progress: dict[str, Any] | None,
) -> None:
    """Say that a job is still worked on, and how far it is, unless another worker has it."""
    values: dict[str, Any] = {"heartbeat_at": now}
    if progress is not None:
        values["progress"] = progress
    with database.writing() as session:
        session.execute(update(Job).where(*_own(claimed, worker)).values(**values))


def release(database: Database, claimed: Claimed, *, worker: str) -> None:
    """Give a job back unfinished, because this worker is ending; a cancelled one just ends."""
    with database.writing() as session:
        session.execute(
            update(Job)
            .where(*_own(claimed, worker), Job.cancel_asked_at.is_(None))
            .values(state="waiting", worker="", attempts=Job.attempts - 1)
        )


def finish(
    session: Session,
    now: dt.datetime,
    claimed: Claimed,
    *,
    worker: str,
    state: str = "done",
    error: str = "",
    progress: dict[str, Any] | None = None,
) -> bool:
    """End a job within the transaction that stores its result.

    Parameters
    ----------
    state
        ``done``, stored as ``cancelled`` when somebody cancelled it; ``failed`` with an error.

    Returns
    -------
    bool
        False when the job is not this worker's any more: its result must not be stored either.
    """
    job = session.scalar(select(Job).where(*_own(claimed, worker)).with_for_update())
    if job is None:
        return False
    if state == "done" and job.cancel_asked_at is not None:
        state = "cancelled"
    job.state, job.error, job.finished_at, job.active_key = state, error, now, None
    if progress is not None:
        job.progress = progress
    record(session, SYSTEM, now, f"job.{claimed.kind}.{state}", event_id=job.event_id, job=job.id)
    return True


def sweep(
    database: Database,
    now: dt.datetime,
    *,
    at_work: Collection[int] = (),
    kinds: Collection[str] | None = None,
) -> int:
    """Give up or give back the jobs whose worker has died; how many there were.

    Parameters
    ----------
    at_work
        Jobs that the sweeper itself has: their heartbeat may be late, it is not dead.
    kinds
        Known ones; a job of another that nobody takes is given up. None knows all.
    """
    lost = (Job.state == "running") & (Job.heartbeat_at < now - DEAD_AFTER)
    if at_work:
        lost &= Job.id.not_in(at_work)
    if kinds is not None:
        lost |= (
            (Job.state == "waiting")
            & (Job.created_at < now - UNKNOWN_AFTER)
            & Job.kind.not_in(kinds)
        )
    with database.reading() as session:
        if session.scalar(select(Job.id).where(lost).limit(1)) is None:
            return 0
    with database.writing() as session:
        jobs = session.scalars(select(Job).where(lost).with_for_update(skip_locked=True)).all()
        for job in jobs:
            _give_back(job, now)
            record(session, SYSTEM, now, "job.lost", event_id=job.event_id, job=job.id)
        return len(jobs)


def _give_back(job: Job, now: dt.datetime) -> None:
    if job.state == "running" and job.cancel_asked_at is None and job.attempts < MOST_ATTEMPTS:
        job.state, job.worker = "waiting", ""
        return
    job.active_key, job.finished_at = None, now
    if job.cancel_asked_at is not None:
        job.state = "cancelled"
    else:
        job.state, job.error = "failed", "died" if job.state == "running" else "unknown"

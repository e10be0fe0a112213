"""Jobs: asked for in a request, done by the worker, watched by pages.

A job is a row in the same database as everything else, so asking for it is one transaction with
its audit row. The worker that has a job renews its heartbeat; one that died is taken over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webui.operations.log import SYSTEM, Actor, NotFoundError, RefusedError, record
from webui.store import Database, Job, JobFile

HEARTBEAT = dt.timedelta(seconds=2)
DEAD_AFTER = dt.timedelta(seconds=20)
MOST_ATTEMPTS = 3
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
    """Ask for a job within a transaction.

    Parameters
    ----------
    is_single
        Refuse while one of this kind waits or runs for the event.

    Raises
    ------
    RefusedError
        There is one already.
    """
    active_key = f"{kind}:{event_id}" if is_single else None
    if active_key and session.scalar(select(Job.id).where(Job.active_key == active_key)):
        raise RefusedError("This is being done already; wait for it, or cancel it.")
    job = Job(
        event_id=event_id,
        kind=kind,
        asked=asked,
        active_key=active_key,
        created_at=now,
        created_by=actor.id,
    )
    session.add(job)
    session.flush()
    record(session, actor, now, f"job.{kind}", event_id=event_id, job=job.id)
    return job


def cancel(
    database: Database, actor: Actor, now: dt.datetime, *, event_id: int, job_id: int
) -> None:
    """Ask a job to end; a waiting one ends at once, a running one keeps the best it has."""
    with database.writing() as session:
        job = job_of(session, event_id, job_id)
        if job.state == "waiting":
            job.state, job.finished_at, job.active_key = "cancelled", now, None
        elif job.state == "running":
            job.cancel_asked_at = now
        record(session, actor, now, "job.cancel", event_id=event_id, job=job_id)


def job_of(session: Session, event_id: int, job_id: int) -> Job:
    """Find a job of an event.

    Raises
    ------
    NotFoundError
        There is none, or it is another event's.
    """
    job = session.get(Job, job_id)
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


def claim(
    database: Database, now: dt.datetime, *, worker: str, kinds: Collection[str]
) -> Claimed | None:
    """Take the oldest waiting job of these kinds; None when there is none."""
    with database.writing() as session:
        job = session.scalar(
            select(Job)
            .where(Job.state == "waiting", Job.kind.in_(kinds))
            .order_by(Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if job is None:
            return None
        job.state, job.worker, job.attempts = "running", worker, job.attempts + 1
        job.started_at = job.started_at or now
        job.heartbeat_at = now
        return Claimed(job.id, job.event_id, job.kind, dict(job.asked), job.attempts)


def beat(
    database: Database,
    now: dt.datetime,
    claimed: Claimed,
    *,
    worker: str,
    progress: dict[str, Any] | None,
) -> bool:
    """Say that a job is still worked on, and how far it is.

    Returns
    -------
    bool
        Whether to go on: False when it is to end, or another worker has it.
    """
    values: dict[str, Any] = {"heartbeat_at": now}
    if progress is not None:
        values["progress"] = progress
    with database.writing() as session:
        job = session.scalar(
            update(Job)
            .where(Job.id == claimed.id, Job.worker == worker, Job.state == "running")
            .values(**values)
            .returning(Job)
        )
        return job is not None and job.cancel_asked_at is None


def release(database: Database, claimed: Claimed, *, worker: str) -> None:
    """Give a job back unfinished, because this worker is ending."""
    with database.writing() as session:
        session.execute(
            update(Job)
            .where(Job.id == claimed.id, Job.worker == worker, Job.state == "running")
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

    Returns
    -------
    bool
        False when the job is not this worker's any more: its result must not be stored either.
    """
    values: dict[str, Any] = {
        "state": state,
        "error": error,
        "finished_at": now,
        "active_key": None,
    }
    if progress is not None:
        values["progress"] = progress
    job = session.scalar(
        update(Job)
        .where(Job.id == claimed.id, Job.worker == worker, Job.state == "running")
        .values(**values)
        .returning(Job)
    )
    if job is None:
        return False
    record(session, SYSTEM, now, f"job.{claimed.kind}.{state}", event_id=job.event_id, job=job.id)
    return True


def sweep(database: Database, now: dt.datetime) -> int:
    """Give up or give back the jobs whose worker has died; how many there were."""
    with database.writing() as session:
        lost = session.scalars(
            select(Job)
            .where(Job.state == "running", Job.heartbeat_at < now - DEAD_AFTER)
            .with_for_update(skip_locked=True)
        ).all()
        for job in lost:
            if job.cancel_asked_at is not None:
                job.state, job.active_key, job.finished_at = "cancelled", None, now
            elif job.attempts >= MOST_ATTEMPTS:
                job.state, job.active_key, job.finished_at = "failed", None, now
                job.error = "died"
            else:
                job.state, job.worker = "waiting", ""
            record(session, SYSTEM, now, "job.lost", event_id=job.event_id, job=job.id)
        return len(lost)


def file_of(database: Database, event_id: int, job_id: int, file_id: int) -> JobFile:
    """Find a file that a job made.

    Raises
    ------
    NotFoundError
        There is none, or it is another event's.
    """
    with database.reading() as session:
        job_of(session, event_id, job_id)
        file = session.get(JobFile, file_id)
        if file is None or file.job_id != job_id:
            raise NotFoundError
        return file

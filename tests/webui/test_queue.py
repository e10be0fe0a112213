"""Jobs: each is done once, by a living worker, and none is lost."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from tests.webui.conftest import NOON, Clock
from webui.jobs.worker import Handler, Running, Worker
from webui.operations import queue
from webui.operations.log import SYSTEM, NotFoundError, RefusedError
from webui.operations.queue import Claimed
from webui.store import Audit, Database, Job

WITHIN_S = 30.0


def ask(database: Database, event_id: int, kind: str = "solve", *, is_single: bool = True) -> int:
    with database.writing() as session:
        return queue.enqueue(
            session, SYSTEM, NOON, event_id=event_id, kind=kind, asked={}, is_single=is_single
        ).id


def job(database: Database, job_id: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, job_id)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@contextmanager
def at_work(
    database: Database, *handlers: Handler, kind: str = "solve", clock: Clock | None = None
) -> Iterator[list[Worker]]:
    """Workers that run in threads of this process, one for each handler."""
    workers = [
        Worker(database, {kind: own}, lanes=[[kind]], clock=clock or Clock()) for own in handlers
    ]
    threads = [threading.Thread(target=own.run) for own in workers]
    for thread in threads:
        thread.start()
    try:
        yield workers
    finally:
        for worker in workers:
            worker.stop()
        for thread in threads:
            thread.join(WITHIN_S)
            assert not thread.is_alive()


def end(running: Running) -> None:
    """Finish a job, as every handler does."""

    def store() -> None:
        with running.database.writing() as session:
            queue.finish(session, running.clock(), running.claimed, worker=running.worker)

    running.store(store)


def test_two_workers_do_every_job_once(database: Database, tiny: int) -> None:
    jobs = [ask(database, tiny, is_single=False) for _ in range(12)]
    done: list[int] = []

    def note(running: Running) -> None:
        done.append(running.claimed.id)
        end(running)

    with at_work(database, note, note):
        until(lambda: all(job(database, own).state == "done" for own in jobs))
    assert sorted(done) == jobs


def test_a_second_one_of_its_kind_is_refused_while_one_is_active(
    database: Database, tiny: int
) -> None:
    first = ask(database, tiny)
    with pytest.raises(RefusedError, match="being done already"):
        ask(database, tiny)
    queue.cancel(database, SYSTEM, NOON, event_id=tiny, job_id=first)
    assert job(database, first).state == "cancelled"
    assert ask(database, tiny) > first


def test_asking_leaves_one_audit_row_and_a_refused_one_none(database: Database, tiny: int) -> None:
    ask(database, tiny)
    with pytest.raises(RefusedError):
        ask(database, tiny)
    with database.reading() as session:
        found = session.scalars(select(Audit).where(Audit.action == "job.solve")).all()
    assert len(found) == 1


def test_a_job_of_another_event_is_not_found(database: Database, tiny: int) -> None:
    own = ask(database, tiny)
    with pytest.raises(NotFoundError):
        queue.cancel(database, SYSTEM, NOON, event_id=tiny + 1, job_id=own)
    assert job(database, own).state == "waiting"


def test_cancel_stops_a_running_job_and_its_result_is_kept(database: Database, tiny: int) -> None:
    def work(running: Running) -> None:
        running.progress = {"best": 7}
        until(running.should_stop)
        end(running)

    own = ask(database, tiny)
    with at_work(database, work):
        until(lambda: job(database, own).progress == {"best": 7})
        queue.cancel(database, SYSTEM, NOON, event_id=tiny, job_id=own)
        until(lambda: job(database, own).state == "cancelled")
    assert job(database, own).active_key is None


def test_a_worker_that_is_stopped_gives_its_job_to_the_next(database: Database, tiny: int) -> None:
    def hang(running: Running) -> None:
        until(running.should_stop)
        end(running)  # not its job any more: this changes nothing

    own = ask(database, tiny)
    with at_work(database, hang):
        until(lambda: job(database, own).state == "running")
    assert (job(database, own).state, job(database, own).attempts) == ("waiting", 0)
    with at_work(database, end):
        until(lambda: job(database, own).state == "done")


def test_a_failing_handler_fails_its_job_and_the_next_goes_on(
    database: Database, tiny: int
) -> None:
    def fail(running: Running) -> None:
        if running.claimed.id == bad:
            raise ValueError("secret detail")
        end(running)

    bad = ask(database, tiny, is_single=False)
    good = ask(database, tiny, is_single=False)
    with at_work(database, fail):
        until(lambda: job(database, good).state == "done")
    assert (job(database, bad).state, job(database, bad).error) == ("failed", "ValueError")


def take(database: Database, at: dt.datetime, worker: str = "one") -> Claimed:
    claimed = queue.claim(database, at, worker=worker, kinds=["solve"])
    assert claimed
    return claimed


def test_a_dead_workers_job_is_taken_over_and_given_up_after_three_attempts(
    database: Database, tiny: int, clock: Clock
) -> None:
    own = ask(database, tiny)
    for attempt in (1, 2, 3):
        assert take(database, clock()).attempt == attempt
        assert queue.sweep(database, clock()) == 0
        clock.pass_(seconds=21)
        assert queue.sweep(database, clock()) == 1
    assert (job(database, own).state, job(database, own).error) == ("failed", "died")
    assert job(database, own).active_key is None


def test_a_heartbeat_keeps_the_job(database: Database, tiny: int, clock: Clock) -> None:
    ask(database, tiny)
    claimed = take(database, clock())
    clock.pass_(seconds=15)
    queue.beat(database, clock(), claimed, worker="one", progress={"best": 3})
    clock.pass_(seconds=15)
    assert queue.sweep(database, clock()) == 0
    assert job(database, claimed.id).progress == {"best": 3}


def test_who_lost_a_job_stores_nothing(database: Database, tiny: int, clock: Clock) -> None:
    ask(database, tiny)
    lost = take(database, clock())
    clock.pass_(seconds=21)
    queue.sweep(database, clock())
    take(database, clock(), worker="two")

    assert not queue.goes_on(database, lost, worker="one")
    queue.beat(database, clock(), lost, worker="one", progress={"best": 1})
    with database.writing() as session:
        assert not queue.finish(session, clock(), lost, worker="one")
    own = job(database, lost.id)
    assert (own.state, own.worker, own.progress) == ("running", "two", {})


def test_a_dead_workers_cancelled_job_ends(database: Database, tiny: int, clock: Clock) -> None:
    ask(database, tiny)
    claimed = take(database, clock())
    queue.cancel(database, SYSTEM, clock(), event_id=tiny, job_id=claimed.id)
    clock.pass_(seconds=21)
    queue.sweep(database, clock())
    assert job(database, claimed.id).state == "cancelled"


def test_a_sweeper_does_not_take_its_own_jobs_for_dead(
    database: Database, tiny: int, clock: Clock
) -> None:
    ask(database, tiny)
    claimed = take(database, clock())
    clock.pass_(seconds=60)
    assert queue.sweep(database, clock(), at_work=[claimed.id]) == 0


def test_a_kind_that_nobody_knows_is_given_up_after_ten_minutes(
    database: Database, tiny: int, clock: Clock
) -> None:
    own = ask(database, tiny, "sing")
    clock.pass_(minutes=9)
    assert queue.sweep(database, clock(), kinds=["solve"]) == 0
    clock.pass_(minutes=2)
    assert queue.sweep(database, clock(), kinds=["solve"]) == 1
    assert (job(database, own).state, job(database, own).error) == ("failed", "unknown")


def test_a_worker_refuses_lanes_and_handlers_that_differ(database: Database) -> None:
    with pytest.raises(LookupError):
        Worker(database, {"solve": end}, lanes=[["solve"], ["print"]])


def test_finished_jobs_are_forgotten_beyond_fifty(database: Database, tiny: int) -> None:
    jobs = [ask(database, tiny, is_single=False) for _ in range(queue.JOBS_KEPT + 3)]
    with database.writing() as session:
        session.execute(update(Job).values(state="done"))
    ask(database, tiny)
    with database.reading() as session:
        kept = set(session.scalars(select(Job.id)))
    assert set(jobs) - kept == set(jobs[:3])


def test_a_transaction_is_done_again_until_the_database_answers(database: Database) -> None:
    tries: list[int] = []

    def action() -> str:
        tries.append(1)
        if len(tries) < 4:
            raise OperationalError("update job", {}, Exception("database is locked"))
        return "stored"

    assert database.again(action) == "stored"
    tries.clear()
    with pytest.raises(OperationalError):
        database.again(action, within_s=0.0)


def test_cancelling_and_beating_at_once_loses_neither(database: Database, tiny: int) -> None:
    ask(database, tiny)
    claimed = take(database, NOON)
    ended = threading.Event()
    faults: list[Exception] = []

    def forget() -> None:
        with database.writing() as session:
            session.execute(update(Job).values(cancel_asked_at=None))

    def beats() -> None:
        while not ended.is_set():
            try:
                queue.beat(database, NOON, claimed, worker="one", progress={"best": 1})
            except OperationalError as error:  # as the worker does: the next beat will do
                faults.append(error)
            time.sleep(0.005)

    heart = threading.Thread(target=beats)
    heart.start()
    try:
        for _ in range(20):
            queue.cancel(database, SYSTEM, NOON, event_id=tiny, job_id=claimed.id)
            database.again(forget)
        queue.cancel(database, SYSTEM, NOON, event_id=tiny, job_id=claimed.id)
    finally:
        ended.set()
        heart.join()
    assert not queue.goes_on(database, claimed, worker="one")
    assert job(database, claimed.id).progress == {"best": 1}

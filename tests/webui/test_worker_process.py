"""Real worker processes: killed in the middle of a solve, cancelled, told to end."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from scheduler.generate import generate_event
from webui.operations import importing, queue, solving
from webui.operations.log import SYSTEM
from webui.store import Database, Job

WITHIN_S = 60.0


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def hard(database: Database) -> int:
    """An event that takes minutes to prove; its row."""
    event = generate_event(students=150, companies=30, seed=150, seats=1, is_hard=True)
    return importing.create_from(database, SYSTEM, now(), replace(event, event_id="hard"))


@contextmanager
def worker(database: Database, home: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    url = database.url.replace("postgresql+psycopg://", "postgresql://")
    process = subprocess.Popen(
        [sys.executable, "-m", "webui", "worker", *arguments],
        env={**os.environ, "COMPANY_DATING_HOME": str(home), "COMPANY_DATING_DATABASE": url},
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def job(database: Database, job_id: int) -> Job:
    with database.reading() as session:
        return session.get_one(Job, job_id)


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def has_timetable(database: Database, job_id: int) -> bool:
    return bool(job(database, job_id).progress.get("levels"))


def children(pid: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            found.add(int(stat.parent.name))
    return found


def is_running(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def let_time_pass(database: Database) -> None:
    """As if a minute had gone by since the last heartbeat."""

    def set_back() -> None:
        with database.writing() as session:
            session.execute(
                update(Job)
                .where(Job.state == "running")
                .values(heartbeat_at=now() - dt.timedelta(minutes=1))
            )

    database.again(set_back)


def test_a_killed_workers_solve_is_taken_over_and_nobody_searches_on(
    database: Database, hard: int, tmp_path: Path
) -> None:
    own = solving.start_solve(database, SYSTEM, now(), event_id=hard, time_limit_s=300)
    with worker(database, tmp_path) as first:
        until(lambda: has_timetable(database, own))
        solvers = children(first.pid)
        first.kill()
        first.wait()
        until(lambda: not any(map(is_running, solvers)))
    assert solvers
    assert job(database, own).state == "running"
    let_time_pass(database)
    with worker(database, tmp_path):
        until(lambda: job(database, own).attempts == 2 and has_timetable(database, own))
        queue.cancel(database, SYSTEM, now(), event_id=hard, job_id=own)
        until(lambda: job(database, own).state == "cancelled")
    ended = job(database, own)
    assert ended.finished_at
    assert ended.cancel_asked_at
    assert (ended.finished_at - ended.cancel_asked_at).total_seconds() <= 2
    [result] = solving.results_of(database, hard)
    assert result.status == "feasible"
    assert "Stopped before the end" in result.summary["notes"][0]


def test_a_worker_told_to_end_gives_its_job_back_and_the_next_does_it(
    database: Database, hard: int, tmp_path: Path
) -> None:
    own = solving.start_solve(database, SYSTEM, now(), event_id=hard, time_limit_s=5)
    with worker(database, tmp_path) as first:
        until(lambda: job(database, own).state == "running")
        first.send_signal(signal.SIGTERM)
        first.wait(20)
    assert (job(database, own).state, job(database, own).attempts) == ("waiting", 0)
    with worker(database, tmp_path):
        until(lambda: job(database, own).state == "done")
    [result] = solving.results_of(database, hard)
    assert result.summary["runtime_s"]["total"] < 10
    assert result.summary["status"] == "feasible"  # cut by the limit, not proven


def test_a_worker_ends_with_who_started_it(database: Database, tmp_path: Path) -> None:
    with worker(database, tmp_path, "--keep", "--with", "1") as keeper:
        assert keeper.wait(20) == 0


def test_a_killed_worker_is_replaced_by_its_keeper(
    database: Database, hard: int, tmp_path: Path
) -> None:
    own = solving.start_solve(database, SYSTEM, now(), event_id=hard, time_limit_s=2)
    with worker(database, tmp_path, "--keep") as keeper:
        until(lambda: job(database, own).state == "running")
        [first] = children(keeper.pid)
        os.kill(first, signal.SIGKILL)
        let_time_pass(database)
        until(lambda: job(database, own).state == "done")
        assert children(keeper.pid) != {first}
    assert job(database, own).attempts == 2

"""kill -9 at the worst moment: what was acknowledged is there, the rest is whole or not there."""

from __future__ import annotations

import datetime as dt
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Table, func, select

from tests.webui.conftest import NOON, empty_postgresql
from tests.webui.dying import AFTER, BEFORE, Deed, request_of, run
from tests.webui.jobs import do_jobs
from tests.webui.policies.asking import digests
from tests.webui.policies.conftest import prepared
from tests.webui.policies.forms import forms_of
from tests.webui.policies.prepared import EVENT, Prepared, prepare
from tests.webui.postgres import Cluster
from webui.operations import queue
from webui.store import Database, Job, JobFile, Mail, PrintRow, TimetableRow, Version

__all__ = ["prepared"]

KILLED = -signal.SIGKILL
REQUESTS = {
    "ranking": ("students.wishes", "/me/wishes", "ana"),
    "import": ("staff.import_preview", "/events/tiny/import/{upload}", "planner"),
    "publish": ("staff.publish", "/events/tiny/publish", "planner"),
}
JOBS = ("solve", "print")
Copy = Callable[[], Database]


@pytest.fixture
def copy(tmp_path: Path, prepared: tuple[Prepared, bytes]) -> Copy:
    """Gives the prepared database, a new file each time."""

    def _copy() -> Database:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.db"
        path.write_bytes(prepared[1])
        return Database(f"sqlite:///{path}")

    return _copy


def request(database: Database, found: Prepared, name: str) -> Deed:
    """A request with its form, of somebody who may send it."""
    endpoint, address, role = REQUESTS[name]
    form = {**forms_of(database, found, EVENT)[endpoint](), "students": "true"}
    return Deed(
        database.url,
        address=address.format(upload=found.stages[EVENT].upload),
        form=form,
        cookies=tuple(found.cookies[role].items()),
    )


def held(database: Database, *, but: frozenset[str] = frozenset()) -> dict[str, str]:
    """What every table holds, as another process reads it."""

    def where(table: Table) -> str | None:
        return None if table.name in but else ""

    with database.engine.connect() as connection:
        return digests(connection, where)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_killed_request_is_whole_or_not_there_and_a_retry_has_one_effect(
    copy: Copy, prepared: tuple[Prepared, bytes], name: str
) -> None:
    database = copy()
    before, deed = held(database), request(database, prepared[0], name)
    assert run(replace(deed, dies=AFTER)) == KILLED
    whole = held(database)
    assert whole != before
    assert (made(database)["mail"] > 2) == (name == "publish")
    request_of(deed, database)()  # nobody was told, so they press again
    assert held(database) == whole

    database = copy()
    assert run(replace(deed, url=database.url, dies=BEFORE)) == KILLED
    assert held(database) == before
    assert request_of(deed, database)() < 400
    assert held(database) == whole


def test_without_a_transaction_half_of_it_would_be_there(
    copy: Copy, prepared: tuple[Prepared, bytes]
) -> None:
    database = copy()
    before, deed = held(database), request(database, prepared[0], "publish")
    assert run(replace(deed, dies=BEFORE, is_split=True)) == KILLED
    assert held(database) != before


def test_publishing_is_whole_or_not_there_on_postgresql(cluster: Cluster) -> None:
    database = empty_postgresql(cluster)
    deed = request(database, prepare(database), "publish")
    before = held(database)
    assert run(replace(deed, dies=BEFORE)) == KILLED
    assert held(database) == before
    assert run(replace(deed, dies=AFTER)) == KILLED
    whole = held(database)
    assert request_of(deed, database)() < 400
    assert held(database) == whole != before
    database.close()


def made(database: Database) -> dict[str, int]:
    """How many results, files, prints, versions and mails there are."""
    kinds = (TimetableRow, JobFile, PrintRow, Version, Mail)
    with database.reading() as session:
        return {
            kind.__tablename__: session.scalar(select(func.count(kind.id))) or 0 for kind in kinds
        }


def state(database: Database, job_id: int) -> str:
    with database.reading() as session:
        return session.get_one(Job, job_id).state


@pytest.mark.parametrize("kind", JOBS)
def test_a_killed_job_is_stored_once_or_taken_over(
    copy: Copy, prepared: tuple[Prepared, bytes], kind: str
) -> None:
    job_id, later = prepared[0].stages[EVENT].jobs[kind], NOON + dt.timedelta(minutes=1)
    database = copy()
    before = made(database)
    assert run(Deed(database.url, kind=kind, dies=AFTER)) == KILLED
    assert state(database, job_id) == "done"
    whole = made(database)
    assert whole != before
    assert queue.sweep(database, later) == 0  # nobody does it again

    database = copy()
    unchanged = held(database, but=frozenset({"job"}))
    assert run(Deed(database.url, kind=kind, dies=BEFORE)) == KILLED
    assert held(database, but=frozenset({"job"})) == unchanged
    assert state(database, job_id) == "running"
    assert queue.sweep(database, later) == 1
    assert state(database, job_id) == "waiting"
    do_jobs(database, kind, most=1)
    assert state(database, job_id) == "done"
    assert made(database) == whole

"""Doing the jobs that tests asked for, in this process."""

from __future__ import annotations

from tests.webui.conftest import NOON
from webui.jobs.worker import Running
from webui.operations import queue
from webui.serving import HANDLERS
from webui.store import Database, Job


def do_jobs(database: Database) -> list[Job]:
    """Do every waiting job as a worker would; what became of them."""
    done = []
    while claimed := queue.claim(database, NOON, worker="test", kinds=HANDLERS.keys()):
        HANDLERS[claimed.kind](Running(database, claimed, "test", lambda: NOON))
        with database.reading() as session:
            done.append(session.get_one(Job, claimed.id))
    return done

"""Doing the jobs that tests asked for, in this process."""

from __future__ import annotations

from tests.webui.conftest import NOON
from webui.jobs.worker import Running
from webui.operations import queue
from webui.serving import HANDLERS
from webui.store import Database, Job


def do_jobs(database: Database, *kinds: str, most: int = 100) -> list[Job]:
    """Do every waiting job as a worker would; what became of them.

    Parameters
    ----------
    kinds
        Of the jobs that are done; none is every kind.
    """
    done: list[Job] = []
    known = kinds or HANDLERS.keys()
    while len(done) < most and (claimed := queue.claim(database, NOON, worker="test", kinds=known)):
        HANDLERS[claimed.kind](Running(database, claimed, "test", lambda: NOON))
        with database.reading() as session:
            done.append(session.get_one(Job, claimed.id))
    return done

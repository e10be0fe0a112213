"""A process that does one thing, and is killed at a named point of it.

Run as ``python -m tests.webui.dying``, with a pickled `Deed` on its standard input.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.webui.conftest import NOON
from webui.app import create_app
from webui.config import Settings, Smtp
from webui.jobs.worker import Running
from webui.operations import queue
from webui.serving import HANDLERS
from webui.store import Database

BEFORE, AFTER = "before the commit", "after the commit"
WORKER = "dying"
ROOT = Path(__file__).parents[2]
WITHIN_S = 60


@dataclass(frozen=True, slots=True)
class Deed:
    """What the process does.

    Parameters
    ----------
    address, form, cookies
        The request that it answers; without an address it does the oldest job of ``kind``.
    dies
        Where it is killed: with everything written in the transaction, or with it committed and
        nobody told. Empty: it lives.
    is_split
        Every statement is a transaction of its own: what a transaction is there to prevent.
    """

    url: str
    address: str = ""
    form: dict[str, Any] | None = None
    cookies: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    dies: str = ""
    is_split: bool = False


def run(deed: Deed) -> int:
    """Let a process do it; how it ended."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.webui.dying"],
        input=pickle.dumps(deed),
        cwd=ROOT,
        timeout=WITHIN_S,
        check=False,
    )
    return done.returncode


def _do(deed: Deed) -> None:
    database = Database(deed.url)
    act = request_of(deed, database) if deed.address else _job(deed, database)
    _arm(deed, database)
    act()


def request_of(deed: Deed, database: Database) -> Callable[[], int]:
    """The request of a deed, to be sent by whoever calls this; it gives the status."""
    settings = Settings(
        Path(tempfile.gettempdir()),
        "",
        "http://127.0.0.1",
        "0123456789abcdefghijklmnopqrstuv",
        smtp=Smtp("127.0.0.1", 1, "", "", "fair@au.dk", "none"),
    )
    app = create_app(settings, database=database, clock=lambda: NOON)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    for name, value in deed.cookies:
        client.set_cookie(name, value, domain="127.0.0.1")

    return lambda: (
        client.post(deed.address, data=deed.form, base_url="http://127.0.0.1").status_code
    )


def _job(deed: Deed, database: Database) -> Callable[[], object]:
    claimed = queue.claim(database, NOON, worker=WORKER, kinds=(deed.kind,))
    assert claimed
    running = Running(database, claimed, WORKER, lambda: NOON)
    return lambda: HANDLERS[claimed.kind](running)


def _arm(deed: Deed, database: Database) -> None:
    """Wait for the transaction that writes."""
    has_written = False

    def written(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        nonlocal has_written
        if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            has_written = True
            if deed.is_split:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("BEGIN IMMEDIATE")

    def committing(connection: Any) -> None:
        if has_written and deed.dies == BEFORE:
            os.kill(os.getpid(), signal.SIGKILL)
        if has_written and deed.dies == AFTER:
            connection.connection.driver_connection.commit()
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "after_cursor_execute", written)
    event.listen(database.engine, "commit", committing)


if __name__ == "__main__":
    _do(pickle.loads(sys.stdin.buffer.read()))

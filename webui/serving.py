"""The web server and the worker, as two processes that start and end together."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType

from flask import Flask
from flask_babel import force_locale, format_datetime, gettext
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # ships no types
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import configure_mappers

from webui import access, collector
from webui.app import LANGUAGES, create_app
from webui.config import Settings
from webui.jobs import pricing, printing, publish_mail, repairing, solving, whatif
from webui.jobs.worker import Handler, Worker
from webui.operations import mail_queue, removing, uploads
from webui.operations.board import read_ahead
from webui.store import Database

THREADS = 8
CONNECTIONS = 900
"""At once; with what else is open, fewer than the 1,024 files a process may usually open."""
KEEP_ALIVE_S = 5
"""A connection without a request is closed after that."""
WORKER_ENDS_WITHIN_S = 10
RESTART_AFTER_S = 1.0
LOOK_S = 1.0
"""Between two looks at whether the process that started this one is still there."""
HANDLERS: Mapping[str, Handler] = {
    "solve": solving.run,
    "whatif": whatif.run,
    "price": pricing.run,
    "repair": repairing.run,
    "print": printing.run,
    "publish_mail": publish_mail.run,
}
LANES = (("solve",), ("whatif",), ("price",), ("repair",), ("print", "publish_mail"))
"""A what-if or a print does not wait for a long solve."""


class Server(BaseApplication):  # type: ignore[misc]  # its base has no types
    """Gunicorn with one process and threads: limits are counted in one memory."""

    def __init__(self, app: Flask, *, host: str, port: int) -> None:
        self._app, self._bind = app, f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from Gunicorn's own values."""
        for name, value in {
            "bind": self._bind,
            "worker_class": "webui.overload.Worker",
            "workers": 1,
            "threads": THREADS,
            "worker_connections": CONNECTIONS,
            "keepalive": KEEP_ALIVE_S,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application that is served."""
        return self._app


def warm_up(app: Flask) -> None:
    """Do before the first request what it would wait for, a fifth of a second a page.

    Templates are compiled, tables mapped, the words and dates of both languages read, and the
    events to come.
    """
    configure_mappers()
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    for language in LANGUAGES:
        with app.test_request_context(), force_locale(language):
            gettext("Students")
            format_datetime(dt.datetime.now(dt.UTC), "full")
    with app.app_context():
        own = access.services()
    with suppress(SQLAlchemyError):  # not there, or of another version: the pages say so
        read_ahead(own.database, own.clock())
    own.database.close()  # the process that serves is a child, with connections of its own
    collector.begin()


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Serve pages and do jobs, until the process is told to end."""
    worker = _spawn_worker("--keep")
    owner = os.getpid()
    try:
        app = create_app(settings)
        warm_up(app)
        Server(app, host=host, port=port).run()
    finally:
        if os.getpid() == owner:  # and not in one of the server's own children
            worker.terminate()
            try:
                worker.wait(WORKER_ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                worker.kill()


def _spawn_worker(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a worker that ends when this process does, however that ends."""
    own = ["--with", str(os.getpid())]
    return subprocess.Popen([sys.executable, "-m", "webui", "worker", *own, *arguments])


def keep_worker(*, owner: int | None = None) -> int:
    """Run a worker in a child and start another when it dies; ends when told to.

    Parameters
    ----------
    owner
        Process that started this one; it ends with it.
    """
    ended = threading.Event()
    child: subprocess.Popen[bytes] | None = None

    def end() -> None:
        ended.set()
        if child is not None:
            child.terminate()

    _on_end(end, owner)
    while not ended.is_set():
        child = _spawn_worker()
        if ended.is_set():  # told so while it was being started
            child.terminate()
        child.wait()
        ended.wait(RESTART_AFTER_S)
    return 0


def work(settings: Settings, *, owner: int | None = None) -> None:
    """Do jobs until the process is told to end; ``owner`` as in `keep_worker`."""
    database = Database(settings.database_url)
    worker = make_worker(settings, database)
    _on_end(worker.stop, owner)
    worker.run()
    database.close()


def _on_end(end: Callable[[], None], owner: int | None) -> None:
    """Call ``end`` when this process is told to end, or its owner is gone."""

    def told(_signal: int, _frame: FrameType | None) -> None:
        end()

    def watch() -> None:
        while os.getppid() == owner:
            time.sleep(LOOK_S)
        end()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    if owner is not None:
        threading.Thread(target=watch, daemon=True).start()


def make_worker(settings: Settings, database: Database) -> Worker:
    """Make a worker that knows every kind of job."""

    def clock() -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    chores: list[Callable[[], object]] = [
        lambda: uploads.forget_expired(database, clock()),
        lambda: removing.forget_removed(database, clock()),
        lambda: mail_queue.send_due(database, settings, clock),
    ]
    return Worker(database, HANDLERS, lanes=LANES, chores=chores)

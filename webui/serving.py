"""The web server and the worker, as two processes that start and end together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import FrameType

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # ships no types

from webui.app import create_app
from webui.config import Settings
from webui.jobs import solving
from webui.jobs.worker import Worker
from webui.store import Database

THREADS = 8
WORKER_ENDS_WITHIN_S = 10
RESTART_AFTER_S = 1.0


class Server(BaseApplication):  # type: ignore[misc]  # its base has no types
    """Gunicorn with one process and threads: limits are counted in one memory."""

    def __init__(self, app: Flask, *, host: str, port: int) -> None:
        self._app, self._bind = app, f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from Gunicorn's own values."""
        for name, value in {
            "bind": self._bind,
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application that is served."""
        return self._app


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Serve pages and do jobs, until the process is told to end."""
    worker = _spawn_worker()
    owner = os.getpid()
    try:
        Server(create_app(settings), host=host, port=port).run()
    finally:
        if os.getpid() == owner:  # and not in one of the server's own children
            worker.terminate()
            try:
                worker.wait(WORKER_ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                worker.kill()


def _spawn_worker() -> subprocess.Popen[bytes]:
    """Start the process that keeps a worker running."""
    return subprocess.Popen([sys.executable, "-m", "webui", "worker", "--keep"])


def keep_worker() -> int:
    """Run a worker in a child and start another when it dies; ends when told to."""
    ended = False
    child: subprocess.Popen[bytes] | None = None

    def end(_signal: int, _frame: FrameType | None) -> None:
        nonlocal ended
        ended = True
        if child is not None:
            child.terminate()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not ended:
        child = subprocess.Popen([sys.executable, "-m", "webui", "worker"])
        child.wait()
        if not ended:
            time.sleep(RESTART_AFTER_S)
    return 0


def work(settings: Settings) -> None:
    """Do jobs until the process is told to end."""
    database = Database(settings.database_url)
    worker = make_worker(settings, database)

    def end(_signal: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    worker.run()
    database.close()


def make_worker(settings: Settings, database: Database) -> Worker:
    """Make a worker that knows every kind of job."""
    return Worker(database, {"solve": solving.run}, lanes=[["solve"]], chores=[])

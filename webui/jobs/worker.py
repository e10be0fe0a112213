"""The worker: takes jobs, keeps their heartbeat, gives the dead ones' jobs to the living."""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy.exc import OperationalError

from webui.operations import queue
from webui.operations.queue import Claimed
from webui.store import Database

LOG = logging.getLogger("webui.worker")
POLL_S = 0.5
CHORES_EVERY_S = 2.0
LOOK_S = 0.3
"""Between two looks at whether a job was cancelled."""
SWEEP_EVERY_S = 5.0
STORING_S = 120.0
"""A result is worth waiting so long for a database that does not answer."""


@dataclass(slots=True)
class Running:
    """A job at work: what its function reports to, and asks whether to stop.

    The function stores its result and calls `queue.finish` in one transaction, within `store`.
    """

    database: Database
    claimed: Claimed
    worker: str
    clock: Callable[[], dt.datetime]
    progress: dict[str, Any] = field(default_factory=dict)
    is_to_stop: bool = False

    def should_stop(self) -> bool:
        """Whether somebody cancelled it, or it is another worker's now."""
        return self.is_to_stop

    def store(self, action: Callable[[], None]) -> None:
        """Do a transaction that must not be lost, again while the database is not to be had."""
        self.database.again(action, within_s=STORING_S)

    def fail(self, error: str, *, progress: dict[str, Any] | None = None) -> None:
        """End it without a result; ``error`` is a key of what a page says."""

        def end() -> None:
            with self.database.writing() as session:
                queue.finish(
                    session,
                    self.clock(),
                    self.claimed,
                    worker=self.worker,
                    state="failed",
                    error=error,
                    progress=progress,
                )

        self.store(end)


Handler = Callable[[Running], None]


class Worker:
    """Runs jobs until it is stopped.

    Parameters
    ----------
    handlers
        What to do, by kind of job.
    lanes
        Kinds that wait for one another; a solve does not hold up a print.
    chores
        Called now and then, such as sending mail.

    Raises
    ------
    LookupError
        A lane names a kind without a handler, or a handler's kind has no lane.
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        *,
        lanes: Sequence[Sequence[str]],
        chores: Sequence[Callable[[], object]] = (),
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        if {kind for lane in lanes for kind in lane} != handlers.keys():
            raise LookupError("lanes and handlers name different kinds of jobs")
        self._database, self._handlers, self._clock = database, handlers, clock
        self._lanes, self._chores = lanes, chores
        self._name = f"{os.uname().nodename}-{os.getpid()}-{secrets.token_hex(4)}"
        self._ended = threading.Event()
        self._at_work: set[int] = set()

    def run(self) -> None:
        """Work until `stop`; jobs that are running are given back then."""
        threads = [
            threading.Thread(target=self._work, args=(lane,), daemon=True) for lane in self._lanes
        ]
        threads.append(threading.Thread(target=self._sweep, daemon=True))
        for thread in threads:
            thread.start()
        while not self._ended.wait(CHORES_EVERY_S):
            for chore in self._chores:
                self._quietly(chore)
        for thread in threads:
            thread.join()

    def stop(self) -> None:
        """End soon; a job that is running waits for the next worker and begins again there."""
        self._ended.set()

    def _quietly(self, chore: Callable[[], Any]) -> None:
        try:
            chore()
        except OperationalError as error:
            LOG.warning("database: %s", type(error.orig).__name__)
        except Exception:
            LOG.exception("a chore failed")

    def _sweep(self) -> None:
        while True:
            self._quietly(
                lambda: queue.sweep(
                    self._database,
                    self._clock(),
                    at_work=tuple(self._at_work),
                    kinds=self._handlers.keys(),
                )
            )
            if self._ended.wait(SWEEP_EVERY_S):
                return

    def _work(self, kinds: Sequence[str]) -> None:
        while not self._ended.wait(POLL_S):
            try:
                claimed = queue.claim(self._database, self._clock(), worker=self._name, kinds=kinds)
            except OperationalError as error:
                LOG.warning("database: %s", type(error.orig).__name__)
                continue
            if claimed is not None:
                self._at_work.add(claimed.id)
                self._quietly(partial(self._do, claimed))
                self._at_work.discard(claimed.id)

    def _do(self, claimed: Claimed) -> None:
        running = Running(self._database, claimed, self._name, self._clock)
        done = threading.Event()
        heart = threading.Thread(target=self._beat, args=(running, done), daemon=True)
        heart.start()
        try:
            self._handlers[claimed.kind](running)
        except Exception as error:
            LOG.exception("job %s (%s) failed", claimed.id, claimed.kind)
            running.fail(type(error).__name__)
        finally:
            done.set()
            heart.join()

    def _beat(self, running: Running, done: threading.Event) -> None:
        """Look often whether to go on; write only what is new, and that it is alive."""
        told: dict[str, Any] = {}
        at = time.monotonic()
        while not done.wait(LOOK_S):
            try:
                if self._ended.is_set():
                    queue.release(self._database, running.claimed, worker=self._name)
                if not queue.goes_on(self._database, running.claimed, worker=self._name):
                    running.is_to_stop = True
                is_due = time.monotonic() - at >= queue.HEARTBEAT.total_seconds()
                if is_due or running.progress != told:
                    told, at = running.progress, time.monotonic()
                    queue.beat(
                        self._database,
                        self._clock(),
                        running.claimed,
                        worker=self._name,
                        progress=told or None,
                    )
            except OperationalError as error:
                LOG.warning("database: %s", type(error.orig).__name__)

"""The worker: takes jobs, keeps their heartbeat, gives the dead ones' jobs to the living."""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import threading
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
SWEEP_EVERY = dt.timedelta(seconds=5)


@dataclass(slots=True)
class Running:
    """A job at work: what its function reports to, and asks whether to stop.

    The function stores its result and calls `queue.finish` in one transaction.
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
    """

    def __init__(
        self,
        database: Database,
        handlers: Mapping[str, Handler],
        *,
        lanes: Sequence[Sequence[str]],
        chores: Sequence[Callable[[], None]] = (),
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._database, self._handlers, self._clock = database, handlers, clock
        self._lanes, self._chores = lanes, chores
        self._name = f"{os.uname().nodename}-{os.getpid()}-{secrets.token_hex(4)}"
        self._ended = threading.Event()

    def run(self) -> None:
        """Work until `stop`."""
        threads = [
            threading.Thread(target=self._work, args=(lane,), daemon=True) for lane in self._lanes
        ]
        for thread in threads:
            thread.start()
        swept = self._clock() - SWEEP_EVERY
        while not self._ended.wait(POLL_S):
            if self._clock() - swept >= SWEEP_EVERY:
                swept = self._clock()
                self._quietly(lambda: queue.sweep(self._database, self._clock()))
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

    def _work(self, kinds: Sequence[str]) -> None:
        while not self._ended.wait(POLL_S):
            try:
                claimed = queue.claim(self._database, self._clock(), worker=self._name, kinds=kinds)
            except OperationalError as error:
                LOG.warning("database: %s", type(error.orig).__name__)
                continue
            if claimed is not None:
                self._do(claimed)

    def _do(self, claimed: Claimed) -> None:
        running = Running(self._database, claimed, self._name, self._clock)
        done = threading.Event()
        heart = threading.Thread(target=self._beat, args=(running, done), daemon=True)
        heart.start()
        try:
            self._handlers[claimed.kind](running)
        except Exception as error:
            LOG.exception("job %s (%s) failed", claimed.id, claimed.kind)
            self._quietly(partial(self._failed, claimed, type(error).__name__))
        finally:
            done.set()
            heart.join()

    def _failed(self, claimed: Claimed, error: str) -> None:
        with self._database.writing() as session:
            queue.finish(
                session, self._clock(), claimed, worker=self._name, state="failed", error=error
            )

    def _beat(self, running: Running, done: threading.Event) -> None:
        while not done.wait(queue.HEARTBEAT.total_seconds() / 2):
            try:
                if self._ended.is_set():
                    queue.release(self._database, running.claimed, worker=self._name)
                goes_on = queue.beat(
                    self._database,
                    self._clock(),
                    running.claimed,
                    worker=self._name,
                    progress=dict(running.progress) or None,
                )
            except OperationalError as error:
                LOG.warning("database: %s", type(error.orig).__name__)
                continue
            if not goes_on:
                running.is_to_stop = True

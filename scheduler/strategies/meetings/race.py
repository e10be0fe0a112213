"""Runs several searches in child processes until one of them, or all together, have the proof."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from scheduler.processes import safe_context

POLL_S = 0.05


Send = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Failed:
    """What a child says when it cannot go on."""

    reason: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One search in a lane.

    Parameters
    ----------
    prepare
        Called here when the leg starts, so that the job knows what the race knows by then. The job
        is called in a child with a function that sends a message to this process.
    most_s
        Wall time after which the next leg of the lane takes over; None for no limit.
    """

    name: str
    prepare: Callable[[], Callable[[Send], None]]
    most_s: float | None = None


@dataclass(slots=True)
class _Lane:
    """Legs still to run and the one that runs."""

    legs: list[Leg]
    name: str = ""
    connection: Connection | None = None
    child: BaseProcess | None = None
    until: float = math.inf

    def start_next(self) -> None:
        """End what runs and start the next leg, when there is one."""
        self.end()
        if not self.legs:
            return
        leg = self.legs.pop(0)
        self.name = leg.name
        self.connection, self.child = _start(leg.prepare())
        self.until = math.inf if leg.most_s is None else time.monotonic() + leg.most_s

    def end(self) -> None:
        """Kill the child and forget what it had still to say."""
        if self.child is not None and self.connection is not None:
            self.child.kill()
            self.child.join()
            self.connection.close()
        self.child = self.connection = None


def race(
    lanes: Sequence[Sequence[Leg]],
    *,
    handle: Callable[[str, Any], bool],
    time_limit_s: float,
    should_stop: Callable[[], bool] = lambda: False,
) -> None:
    """Run lanes side by side and pass their messages on.

    Parameters
    ----------
    lanes
        Each has one child at a time. Its next leg starts when a child dies, ends without the
        proof, or has used its time.
    handle
        Called here with the leg's name and the message; true ends the race.
    should_stop
        Asked about twenty times a second; true ends the race.

    Notes
    -----
    A child that dies (abort, memory) only loses its message. All children are dead on return.
    """
    deadline = time.monotonic() + time_limit_s
    running = [_Lane(list(legs)) for legs in lanes]
    try:
        for lane in running:
            lane.start_next()
        while any(lane.child for lane in running) and not should_stop():
            if time.monotonic() > deadline or _listen(running, handle):
                return
            for lane in running:
                if lane.legs and time.monotonic() > lane.until:
                    lane.start_next()
    finally:
        for lane in running:
            lane.end()


def _listen(running: list[_Lane], handle: Callable[[str, Any], bool]) -> bool:
    """Handle what has come; true when the race is over."""
    ready = wait([lane.connection for lane in running if lane.connection], timeout=POLL_S)
    for lane in running:
        if lane.connection is None or lane.connection not in ready:
            continue
        try:
            message = lane.connection.recv()
        except EOFError:
            lane.start_next()
            continue
        if handle(lane.name, message):
            return True
    return False


def _start(job: Callable[[Send], None]) -> tuple[Connection, BaseProcess]:
    context = safe_context()
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(sender, job), daemon=True)
    child.start()
    sender.close()
    return receiver, child


def _work(sender: Connection, job: Callable[[Send], None]) -> None:
    try:
        job(sender.send)
    except MemoryError:
        sender.send(Failed("not enough memory"))
    except Exception as error:  # noqa: BLE001  # whatever it is, the parent says it in words
        sender.send(Failed(f"{type(error).__name__}: {error}"))

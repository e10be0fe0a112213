"""Solving in a child process, so that an abort, a full memory or a hang cannot take us along.

OR-Tools can abort the whole process (its issues 4169, 4187); the parent keeps the last timetable
it was sent, whatever becomes of the child.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from multiprocessing.connection import Connection, wait
from typing import Any

from scheduler.processes import safe_context
from scheduler.sentence import NOTHING, Sentence, say

GRACE_S = 0.5
"""Beyond the time limit, for a child that is about to finish by itself."""
_WITHOUT_MEMORY = (-signal.SIGABRT, 127)
"""How compiled code ends without memory: C++ aborts, glibc exits when a thread finds no room."""


MEMORY_SHARE = 0.8
"""Of the machine's memory that a solve may take."""


def usual_memory_mb() -> int:
    """Limit of a solve of which nobody says how much memory it may take."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return int(pages * size * MEMORY_SHARE / 2**20)


class End(Enum):
    """Why a solve ended."""

    FINISHED = "finished"
    STOPPED = "stopped"
    TIME = "time"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class _Failure:
    """What the child says when it cannot go on."""

    reason: Sentence


@dataclass(frozen=True, slots=True)
class _Done:
    """What the child says last."""


def run_in_child(
    job: Callable[[Callable[[Any], None]], None],
    *,
    handle: Callable[[Any], None],
    time_limit_s: float,
    should_stop: Callable[[], bool] = lambda: False,
    memory_limit_mb: int | None = None,
) -> tuple[End, Sentence]:
    """Run a job in a child process and pass its messages on.

    Parameters
    ----------
    job
        Called in the child with a function that sends a message to this process. It and its
        messages can be pickled, and it imports OR-Tools itself, so that this process need not.
    handle
        Called in this process with every message.
    should_stop
        Asked about ten times a second; true ends the child at once.
    memory_limit_mb
        Address space of the child; None for no limit.

    Returns
    -------
    End, Sentence
        How it ended, and why in plain words when the child died. Ctrl-C counts as stopped.
    """
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = safe_context().Process(target=_work, args=(sender, job, memory_limit_mb), daemon=True)
    deadline = time.monotonic() + time_limit_s + GRACE_S
    child.start()
    sender.close()
    try:
        return _listen(receiver, handle, should_stop, deadline)
    except EOFError:
        child.join()
        return End.DIED, _cause(child.exitcode, memory_limit_mb)
    except KeyboardInterrupt:
        return End.STOPPED, NOTHING
    finally:
        child.kill()
        child.join()
        receiver.close()


def _listen(
    receiver: Connection,
    handle: Callable[[Any], None],
    should_stop: Callable[[], bool],
    deadline: float,
) -> tuple[End, Sentence]:
    while True:
        if should_stop():
            return End.STOPPED, NOTHING
        if time.monotonic() > deadline:
            return End.TIME, NOTHING
        if not receiver.poll(0.1):
            continue
        message = receiver.recv()
        if isinstance(message, _Done):
            return End.FINISHED, NOTHING
        if isinstance(message, _Failure):
            return End.DIED, message.reason
        handle(message)


def _work(
    sender: Connection,
    job: Callable[[Callable[[Any], None]], None],
    memory_limit_mb: int | None,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if memory_limit_mb is not None:
        limit = memory_limit_mb * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    turn = threading.Lock()  # a solver's threads speak one at a time

    def send(message: Any) -> None:
        with turn:
            sender.send(message)

    try:
        job(send)
        sender.send(_Done())
    except Exception as error:  # noqa: BLE001  # whatever it is, the parent says it in words
        # a library without room to be loaded into says so with an ImportError or a SystemError
        starved = isinstance(error, MemoryError | ImportError | SystemError)
        is_memory = starved and memory_limit_mb is not None
        fault = say(
            "a fault of ours: %(name)s: %(error)s", name=type(error).__name__, error=str(error)
        )
        sender.send(_Failure(_too_much(memory_limit_mb) if is_memory else fault))


def _end_with_parent() -> None:
    """Nobody listens any more when the parent was killed: do not search on for nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _too_much(memory_limit_mb: int | None) -> Sentence:
    return say("it needed more than %(size)s MB of memory", size=memory_limit_mb)


def _cause(exit_code: int | None, memory_limit_mb: int | None) -> Sentence:
    if exit_code is None or exit_code >= 0:
        cause = say("the solver process ended with exit status %(status)s", status=exit_code)
    else:
        cause = say(
            "the solver process was ended by %(signal)s", signal=signal.Signals(-exit_code).name
        )
    if exit_code == -signal.SIGKILL:  # what Linux sends when memory runs out
        return say("%(cause)s, perhaps because this machine had no memory left", cause=cause)
    if exit_code in _WITHOUT_MEMORY and memory_limit_mb is not None:
        return say(
            "%(cause)s, perhaps because %(size)s MB of memory were too few",
            cause=cause,
            size=memory_limit_mb,
        )
    return cause

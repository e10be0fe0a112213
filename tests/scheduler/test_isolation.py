"""A child that aborts, fills memory, hangs or is stopped takes nothing with it."""

import faulthandler
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest

from scheduler.isolation import End, run_in_child

Emit = Callable[[object], None]


def _say_then_end(how: str, emit: Emit) -> None:
    emit("found")
    faulthandler.disable()  # its report would only fill the screen
    if how in ("SIGABRT", "SIGSEGV", "SIGKILL"):
        os.kill(os.getpid(), signal.Signals[how])
    if how == "import":
        raise ImportError("failed to map segment from shared object")
    if how == "exit":
        os._exit(7)
    if how == "memory":
        np.empty(2**32, dtype=np.int8)  # of address space, never touched
    if how == "raise":
        raise KeyError("oops")
    if how == "hang":
        time.sleep(60)


def run(
    how: str,
    time_limit_s: float = 30.0,
    should_stop: Callable[[], bool] = lambda: False,
    memory_limit_mb: int | None = 8_000,
) -> tuple[End, str, list[object]]:
    heard: list[object] = []
    end, cause = run_in_child(
        partial(_say_then_end, how),
        handle=heard.append,
        time_limit_s=time_limit_s,
        should_stop=should_stop,
        memory_limit_mb=memory_limit_mb,
    )
    return end, cause, heard


def test_finished_child_was_heard() -> None:
    assert run("end") == (End.FINISHED, "", ["found"])


@pytest.mark.parametrize(
    ("ended_by", "memory_limit_mb", "perhaps"),
    [
        ("SIGABRT", None, ""),
        ("SIGABRT", 8_000, ", perhaps because 8000 MB of memory were too few"),
        ("SIGSEGV", 8_000, ""),
        ("SIGKILL", None, ", perhaps because this machine had no memory left"),
    ],
)
def test_killed_child_leaves_what_it_said(
    ended_by: str, memory_limit_mb: int | None, perhaps: str
) -> None:
    cause = f"the solver process was ended by {ended_by}{perhaps}"
    assert run(ended_by, memory_limit_mb=memory_limit_mb) == (End.DIED, cause, ["found"])


def test_child_that_exits_names_its_status() -> None:
    assert run("exit") == (End.DIED, "the solver process ended with exit status 7", ["found"])


@pytest.mark.parametrize("how", ["memory", "import"])
def test_full_memory_is_said_with_the_limit(how: str) -> None:
    """A library that cannot be loaded is one of the ways in which memory runs out."""
    assert run(how, memory_limit_mb=3_000) == (
        End.DIED,
        "it needed more than 3000 MB of memory",
        ["found"],
    )


def test_memory_below_the_limit_is_given() -> None:
    """The control."""
    assert run("memory", memory_limit_mb=30_000) == (End.FINISHED, "", ["found"])


def test_library_that_is_missing_without_a_limit_is_a_fault() -> None:
    assert run("import", memory_limit_mb=None)[1].startswith("a fault of ours: ImportError")


def test_fault_in_the_child_is_named_without_a_traceback() -> None:
    end, cause, heard = run("raise")
    assert (end, heard) == (End.DIED, ["found"])
    assert cause == "a fault of ours: KeyError: 'oops'"


def test_hanging_child_ends_with_the_time_limit() -> None:
    started = time.monotonic()
    end, _, heard = run("hang", time_limit_s=0.5)
    assert (end, heard) == (End.TIME, ["found"])
    assert time.monotonic() - started < 10


def test_stop_ends_the_child() -> None:
    started = time.monotonic()
    end, _, _ = run("hang", should_stop=lambda: time.monotonic() > started + 0.5)
    assert end is End.STOPPED
    assert time.monotonic() - started < 10


def _say_pid_then_hang(emit: Emit) -> None:
    emit(os.getpid())
    time.sleep(600)


def _parent(sender: Connection) -> None:
    run_in_child(_say_pid_then_hang, handle=sender.send, time_limit_s=600)


def test_child_of_a_killed_parent_ends() -> None:
    receiver, sender = multiprocessing.Pipe(duplex=False)
    parent = multiprocessing.get_context("spawn").Process(target=_parent, args=(sender,))
    parent.start()
    assert receiver.poll(60)
    child = receiver.recv()

    parent.kill()
    parent.join()

    until = time.monotonic() + 20
    while _is_running(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _is_running(child)


def _is_running(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"

"""How child processes are started."""

from __future__ import annotations

import multiprocessing
import threading
from multiprocessing.context import ForkContext, SpawnContext


def safe_context() -> ForkContext | SpawnContext:
    """Fork where that is safe (nothing to copy, nothing to import again), else spawn.

    A fork copies one thread only, and locks that another one held stay shut in the child.
    """
    can_fork = "fork" in multiprocessing.get_all_start_methods()
    if can_fork and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    return multiprocessing.get_context("spawn")

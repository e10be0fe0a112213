"""One peer, one event, one process: ``python -m benchmarks.peers.process PEER EVENT OUT``.

A process of its own, so that its peak of memory is its own. What a peer imports is imported before
its clock starts, and nothing else.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from benchmarks.peers.answer import Answer
from scheduler.importers import load_event
from scheduler.model import Event

PEERS = {
    "ours, to level 3": ("benchmarks.peers.ours", "ours_to_level_3"),
    "ours": ("benchmarks.peers.ours", "ours"),
    "CP-SAT": ("benchmarks.peers.cp_sat", "cp_sat"),
    "CP-SAT by level": ("benchmarks.peers.cp_sat", "cp_sat_by_level"),
    "HiGHS": ("benchmarks.peers.highs", "highs"),
    "first come": ("benchmarks.peers.by_hand", "first_come"),
    "greedy by rank": ("benchmarks.peers.by_hand", "by_rank"),
}
"""Module and function of each; called with the event, the time limit in seconds and the workers."""


def main() -> None:
    """Answer, and write the answer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("event", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--time-limit-s", type=float, required=True)
    parser.add_argument("--workers", type=int, required=True)
    arguments = parser.parse_args()
    event = load_event(arguments.event).event
    answer = _peer(arguments.peer)(event, arguments.time_limit_s, arguments.workers)
    answer.write(arguments.out)


def _peer(name: str) -> Callable[[Event, float, int], Answer]:
    """Import a peer, and nothing of the others."""
    module, function = PEERS[name]
    found: Callable[[Event, float, int], Answer] = getattr(import_module(module), function)
    return found


if __name__ == "__main__":
    main()

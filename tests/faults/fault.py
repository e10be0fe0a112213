"""One planted fault, and the tests of several parts that catch them."""

from __future__ import annotations

from dataclasses import dataclass

BANK = "tests/scheduler/bank/test_bank.py"
SOLVING = "tests/scheduler/strategies"


@dataclass(frozen=True)
class Fault:
    """A mistake that somebody could make.

    ``was`` stands exactly once in ``file`` of the package. ``tests`` is a file or a test; at least
    one test of it must fail with ``becomes`` in its place.
    """

    what: str
    file: str
    was: str
    becomes: str
    tests: str


def planted(what: str, file: str, change: tuple[str, str], tests: str) -> Fault:
    """A fault, with what is changed as a pair."""
    return Fault(what, file, *change, tests)

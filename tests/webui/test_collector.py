"""Garbage that refers to itself: found between requests, whatever its age."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from webui import collector


class Knot:
    """Refers to itself, so that it does not leave by itself."""

    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The collector works only when it is told."""
    monkeypatch.setattr(collector, "YOUNG", 1_000)
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def request() -> None:
    """What a large page leaves behind, and then its end."""
    made = [[] for _ in range(2_000)]
    collector.collect_between_requests()
    del made


def test_it_looks_once_enough_has_come() -> None:
    knot = weakref.ref(Knot())
    collector.collect_between_requests()
    assert knot() is not None

    request()

    assert knot() is None


def test_what_has_become_old_is_found_too() -> None:
    old = Knot()
    knot = weakref.ref(old)
    gc.collect(0)
    gc.collect(1)
    del old
    request()
    assert knot() is not None

    for _ in range(collector.OLDER**2 + 2 * collector.OLDER):
        request()

    assert knot() is None

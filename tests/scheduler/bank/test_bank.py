"""Every event of the bank keeps its proven values, on both paths of the engine."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given

from scheduler.model import Event
from scheduler.model.digest import event_sha256
from scheduler.verify import violations
from tests.scheduler.bank.codec import read, written
from tests.scheduler.bank.proving import WITHOUT, prove
from tests.scheduler.bank.store import FILE, Saved, load
from tests.scheduler.events import tiny_events
from tests.scheduler.solved import best_by_search, row_of, solved

BANK = load()
OF_THE_BANK = pytest.mark.parametrize("saved", BANK, ids=lambda saved: saved.name)


@OF_THE_BANK
def test_engine_reproduces_the_proven_levels(saved: Saved) -> None:
    result = solved(saved.event)
    assert row_of(result) == saved.row
    if result.timetable is None:
        return
    assert violations(saved.event, result.timetable) == ()
    breaks = next(level for level in result.levels if level.name == "breaks")
    if saved.breaks is not None:
        assert breaks.value[0] >= saved.breaks
        assert breaks.bound[0] is None or breaks.bound[0] <= saved.breaks


@OF_THE_BANK
def test_search_alone_reproduces_the_proven_levels(saved: Saved) -> None:
    assert best_by_search(saved.event) == saved.row


def test_bank_is_large_and_its_events_differ() -> None:
    assert len(BANK) >= 200
    assert len({saved.name for saved in BANK}) == len(BANK)
    assert len({event_sha256(saved.event) for saved in BANK}) == len(BANK)
    assert FILE.stat().st_size < 600_000


def test_every_value_is_proven_in_ways_that_share_nothing() -> None:
    for saved in BANK:
        assert {"engine", "highs"} <= set(saved.ways)
        is_known = "tried" in saved.ways and saved.row is not None
        assert (saved.breaks is not None) is is_known
    assert sum("tried" in saved.ways for saved in BANK) >= 100


def test_every_rule_and_wish_decides_in_several_events() -> None:
    """Without it their best levels would be others; in some of them it is the only one."""
    often = Counter(name for saved in BANK for name in saved.binds)
    assert set(often) == set(WITHOUT)
    assert min(often.values()) >= 5
    assert sum(len(saved.binds) >= 5 for saved in BANK) >= 50


def test_bank_holds_infeasible_and_empty_events() -> None:
    assert sum(saved.row is None for saved in BANK) >= 15
    assert any(not saved.event.students for saved in BANK)
    assert any(not saved.event.companies for saved in BANK)
    assert any(not saved.event.preferences for saved in BANK)


@pytest.mark.parametrize("saved", BANK[::60], ids=lambda saved: saved.name)
def test_saved_values_are_proven_again(saved: Saved) -> None:
    """By every way, for a few; ``python -m tests.scheduler.bank prove`` does all."""
    proof = prove(saved.event)
    assert (proof.row, proof.breaks, proof.ways) == (saved.row, saved.breaks, saved.ways)


@given(tiny_events())
def test_event_is_read_as_it_was_written(event: Event) -> None:
    again = read(written(event))
    assert read(written(again)) == again
    for name in ("window", "rules", "rooms", "companies", "students"):
        assert getattr(again, name) == getattr(event, name)
    for name in ("preferences", "shortlist", "absences", "decisions"):
        assert sorted(getattr(again, name), key=repr) == sorted(getattr(event, name), key=repr)

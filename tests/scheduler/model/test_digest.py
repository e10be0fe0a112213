"""The fingerprint of an event's values."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import fields, replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.model import Break, Company, Event, Preference, Room, Rules, Student, Window
from scheduler.model.digest import event_sha256
from tests.scheduler.events import (
    company_away,
    forbid,
    languages,
    make_company,
    make_event,
    make_room,
    make_student,
    needs,
    pin,
    shuffled,
    student_away,
    tiny_events,
    veto,
    yes,
)


def base() -> Event:
    return make_event(
        ["s1", "s2"],
        ["c1", "c2"],
        shortlist=[yes("c1", "s1")],
        absences=[student_away("s1", 0, 10)],
        decisions=[pin("s2", "c1", 0)],
    )


def test_digest_is_64_hexadecimal_digits() -> None:
    digest = event_sha256(base())
    assert len(digest) == 64
    assert int(digest, 16) > 0


def test_equal_values_have_equal_digests() -> None:
    assert event_sha256(base()) == event_sha256(base())


CHANGES = {
    "event_id": {"event_id": "other"},
    "name": {"name": "Other"},
    "date": {"date": dt.date(2026, 11, 27)},
    "timezone": {"timezone": "Europe/Lisbon"},
    "opens_min": {"opens_min": 781},
    "language": {"language": "da"},
    "length": {"window": Window(35, 10, 2)},
    "break": {"window": Window(34, 10, 2, (Break(10, 12),))},
    "rooms": {"rooms": (make_room(), make_room("r2"))},
    "room capacity": {"rooms": (make_room(capacity=3),)},
    "building": {"rooms": (make_room(building="A"),)},
    "company seats": {"companies": (make_company(seats=2), make_company("c2"))},
    "company languages": {
        "companies": (make_company(languages=needs("en:B1")), make_company("c2"))
    },
    "small talk": {"companies": (make_company(small_talk=needs("en:B1")), make_company("c2"))},
    "student languages": {"students": (make_student(languages=languages("en:B1")), "s2")},
    "student email": {"students": (make_student(email="a@b.example"), "s2")},
    "preference": {"preferences": ()},
    "verdict": {"shortlist": (veto("c1", "s1"),)},
    "absence": {"absences": (company_away("s1", 0, 10),)},
    "decision": {"decisions": (forbid("s2", "c1"),)},
    "pin without time": {"decisions": (pin("s2", "c1"),)},
    "rules": {"rules": Rules(mutual_bonus=51)},
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_changes_the_digest(change: str) -> None:
    values = dict(CHANGES[change])
    if "students" in values:
        values["students"] = (values["students"][0], make_student("s2"))
    event = replace(base(), **values)  # type: ignore[arg-type]  # mixed by design
    assert event_sha256(event) != event_sha256(base())


def test_every_field_of_the_event_is_among_the_changes() -> None:
    changed = {name for values in CHANGES.values() for name in values}
    assert changed == {field.name for field in fields(Event)}


def test_every_rule_changes_the_digest() -> None:
    digests = {event_sha256(base())}
    for field in fields(Rules):
        value = getattr(Rules(), field.name)
        other = (1, 2) if isinstance(value, tuple) else (not value if value in (True, False) else 7)
        digests.add(event_sha256(replace(base(), rules=replace(Rules(), **{field.name: other}))))
    assert len(digests) == 1 + len(fields(Rules))


def test_rank_of_a_preference_changes_the_digest() -> None:
    event = base()
    first, *others = event.preferences
    moved = replace(event, preferences=(first._replace(rank=9), *others))
    assert event_sha256(moved) != event_sha256(event)


def test_blanks_in_ids_do_not_run_values_together() -> None:
    """A TAB inside an id must not look like the border between two ids."""
    one = Preference("a\tb", "c", 1)  # type: ignore[arg-type]  # short ids
    two = Preference("a", "b\tc", 1)  # type: ignore[arg-type]  # short ids
    assert event_sha256(replace(base(), preferences=(one,))) != event_sha256(
        replace(base(), preferences=(two,))
    )


def test_slots_come_from_the_window_alone() -> None:
    """Two windows with the same slots are still different values."""
    assert event_sha256(replace(base(), window=Window(36, 10, 2))) != event_sha256(base())


@given(tiny_events(), tiny_events())
def test_digests_are_equal_exactly_when_events_are(one: Event, two: Event) -> None:
    assert (event_sha256(one) == event_sha256(two)) == (sets_of(one) == sets_of(two))


def sets_of(event: Event) -> list[object]:
    """The values of an event as nested sets."""
    values = [getattr(event, field.name) for field in fields(Event)]
    return [_as_set(value) for value in values]


def _as_set(value: object) -> object:
    """Tuples as sets with counts, but for the weights, which stand by rank."""
    if isinstance(value, tuple) and not isinstance(value, Preference):
        return frozenset(Counter(map(_as_set, value)).items())
    if isinstance(value, Student | Company):
        return frozenset((f.name, _as_set(getattr(value, f.name))) for f in fields(value))
    return value


@given(tiny_events(), st.randoms(use_true_random=False))
def test_order_of_rows_and_cells_does_not_change_the_digest(event: Event, chance: Random) -> None:
    assert event_sha256(shuffled(event, chance)) == event_sha256(event)


def test_order_within_a_cell_does_not_change_the_digest() -> None:
    spoken, other = languages("en:C1;da:A2"), languages("da:A2;en:C1")
    asked, turned = needs("en:B2;pt:B2|es:B2"), needs("es:B2|pt:B2;en:B2")
    one = make_event([make_student(languages=spoken)], [make_company(languages=asked)])
    two = make_event([make_student(languages=other)], [make_company(languages=turned)])
    assert event_sha256(one) == event_sha256(two)


def test_order_of_rank_weights_changes_the_digest() -> None:
    one, two = (replace(base(), rules=Rules(rank_weights=w)) for w in ((3, 2), (2, 3)))
    assert event_sha256(one) != event_sha256(two)


def test_room_is_a_value() -> None:
    assert make_room() == Room(make_room().room_id, 10, name="Room r1")

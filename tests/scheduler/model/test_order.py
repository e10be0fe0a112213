"""The order in which the engine looks at an event's rows."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from scheduler.model import Event
from scheduler.model.order import in_solving_order
from tests.scheduler.events import make_company, make_event, make_room, shuffled, tiny_events


@given(tiny_events(), st.integers(0, 5))
def test_every_order_of_rows_gives_one(event: Event, seed: int) -> None:
    first, second = (in_solving_order(shuffled(event, Random(chance)), seed) for chance in (1, 2))
    for rows in ("rooms", "companies", "students"):
        names = [
            [getattr(row, f"{'company' if rows == 'companies' else rows[:-1]}_id") for row in own]
            for own in (getattr(first, rows), getattr(second, rows))
        ]
        assert names[0] == names[1]
    assert first.decisions == second.decisions


def test_companies_and_rooms_stand_by_id_with_numbers_by_value() -> None:
    names = ["c10", "c2", "c02", "c1a", "b"]
    rooms = [make_room(name) for name in names]
    companies = [make_company(name, room_id=None) for name in names]
    event = in_solving_order(make_event([], companies, {}, rooms=rooms), 1)
    wanted = ["b", "c1a", "c02", "c2", "c10"]
    assert [company.company_id for company in event.companies] == wanted
    assert [room.room_id for room in event.rooms] == wanted


def test_every_student_is_first_under_some_seed() -> None:
    """A lot, so no id is always looked at first."""
    event = make_event([f"s{number}" for number in range(4)])
    first = {in_solving_order(event, seed).students[0].student_id for seed in range(40)}
    assert first == {"s0", "s1", "s2", "s3"}


def test_order_is_the_same_for_the_same_seed() -> None:
    event = make_event([f"s{number}" for number in range(30)])
    assert in_solving_order(event, 3) == in_solving_order(event, 3)
    assert in_solving_order(event, 3) != in_solving_order(event, 4)

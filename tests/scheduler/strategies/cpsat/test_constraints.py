"""Per rule an event that only this rule makes impossible, and the same event one step looser."""

from dataclasses import replace

import pytest

from scheduler.model import Event, Rules
from scheduler.repair import begin
from scheduler.strategies.cpsat.pins import can_hold
from scheduler.strategies.cpsat.search import Answer, Limits, Placement, place_exactly
from scheduler.strategies.instance import build_instance
from tests.scheduler.events import (
    make_company,
    make_event,
    make_meeting,
    make_room,
    make_student,
    make_timetable,
    pin,
    student_away,
)

LOOSE = Rules(guaranteed_meetings_per_student=0)


def holds(event: Event) -> bool | None:
    return can_hold(replace(event, preferences=()), seconds=30)


def pinned(*pairs: tuple[str, str], **values: object) -> Event:
    students = sorted({student for student, _ in pairs})
    companies = values.pop("companies", sorted({company for _, company in pairs}))
    pins = [pin(student, company) for student, company in pairs]
    return make_event(
        values.pop("students", students),  # type: ignore[arg-type]  # mixed by design
        companies,  # type: ignore[arg-type]
        decisions=pins,
        **values,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(("slots", "possible"), [(1, False), (2, True)])
def test_one_place_at_a_time(slots: int, possible: bool) -> None:
    assert holds(pinned(("s1", "c1"), ("s1", "c2"), slots=slots)) is possible


@pytest.mark.parametrize(("seats", "possible"), [(1, False), (2, True)])
def test_seats(seats: int, possible: bool) -> None:
    companies = [make_company("c1", seats=seats)]
    event = pinned(("s1", "c1"), ("s2", "c1"), companies=companies, slots=1)
    assert holds(event) is possible


@pytest.mark.parametrize(("most", "possible"), [(1, False), (2, True)])
def test_max_meetings_of_a_student(most: int, possible: bool) -> None:
    rules = Rules(guaranteed_meetings_per_student=0, max_meetings_per_student=most)
    assert holds(pinned(("s1", "c1"), ("s1", "c2"), rules=rules)) is possible


@pytest.mark.parametrize(("most", "possible"), [(1, False), (2, True)])
def test_max_meetings_of_a_company(most: int, possible: bool) -> None:
    companies = [make_company("c1", max_meetings=most)]
    assert holds(pinned(("s1", "c1"), ("s2", "c1"), companies=companies)) is possible


@pytest.mark.parametrize(("tables", "possible"), [(1, False), (2, True)])
def test_room_tables(tables: int, possible: bool) -> None:
    companies = [make_company("c1", room_id=None, tables=2)]
    assert holds(pinned(companies=companies, rooms=[make_room("r1", tables)])) is possible


@pytest.mark.parametrize(("capacity", "possible"), [(1, False), (2, True)])
def test_room_capacity(capacity: int, possible: bool) -> None:
    rooms = [make_room("r1", capacity=capacity)]
    event = pinned(("s1", "c1"), ("s2", "c2"), rooms=rooms, slots=1)
    assert holds(event) is possible


@pytest.mark.parametrize(("capacity", "possible"), [(0, False), (1, True)])
def test_room_capacity_with_a_choice_of_rooms(capacity: int, possible: bool) -> None:
    rooms = [make_room("r1", capacity=0), make_room("r2", capacity=capacity)]
    companies = [make_company("c1", room_id=None)]
    assert holds(pinned(("s1", "c1"), companies=companies, rooms=rooms)) is possible


@pytest.mark.parametrize(("minutes", "possible"), [(3, False), (2, True)])
def test_walking_time(minutes: int, possible: bool) -> None:
    rooms = [make_room("r1", building="A"), make_room("r2", building="B")]
    companies = [make_company("c1"), make_company("c2", room_id="r2")]
    rules = replace(LOOSE, building_change_min=minutes)
    event = pinned(
        ("s1", "c1"), ("s1", "c2"), companies=companies, rooms=rooms, slots=2, rules=rules
    )
    assert holds(event) is possible


@pytest.mark.parametrize(("tables", "possible"), [(1, False), (2, True)])
def test_walking_time_with_a_choice_of_rooms(tables: int, possible: bool) -> None:
    rooms = [make_room("r1", tables, building="A"), make_room("r2", 1, building="B")]
    companies = [make_company("c1"), make_company("c2", room_id=None)]
    rules = replace(LOOSE, building_change_min=3)
    event = pinned(
        ("s1", "c1"), ("s1", "c2"), companies=companies, rooms=rooms, slots=2, rules=rules
    )
    assert holds(event) is possible


@pytest.mark.parametrize(("limit", "possible"), [(1, False), (2, True), (0, True)])
def test_max_in_a_row(limit: int, possible: bool) -> None:
    rules = replace(LOOSE, max_in_a_row=limit)
    assert holds(pinned(("s1", "c1"), ("s1", "c2"), slots=2, rules=rules)) is possible


def test_max_in_a_row_starts_anew_after_an_event_break() -> None:
    rules = replace(LOOSE, max_in_a_row=1)
    event = pinned(("s1", "c1"), ("s1", "c2"), slots=2, breaks=[(10, 20)], rules=rules)
    assert holds(event) is True


@pytest.mark.parametrize(("end_min", "possible"), [(1, False), (0, True)])
def test_presence(end_min: int, possible: bool) -> None:
    absences = [student_away("s1", 0, 10)] + [student_away("s1", 12, 22)] * end_min
    event = pinned(
        ("s1", "c1"),
        ("s2", "c1"),
        students=[make_student("s1"), make_student("s2", arrives_min=24)],
        absences=absences,
        slots=3,
    )
    assert holds(event) is possible


@pytest.mark.parametrize(("slot", "possible"), [(0, False), (1, True)])
def test_past_is_fixed(slot: int, possible: bool) -> None:
    """A pin at 13:12 beside a meeting that has begun, or that can still move."""
    event = pinned(("s1", "c1"), slots=2)
    before = make_timetable(make_meeting(slot, "s1", "c1"))
    begun = begin(replace(event, decisions=()), before, (), now_min=6).begun
    late = replace(build_instance(event, begun), old_slots=None)
    pairs = tuple(replace(pair, slots=pair.slots & 0b10) for pair in late.pairs)
    limits = Limits(seconds=30, workers=1, seed=1)
    answer, _ = place_exactly(
        replace(late, pairs=pairs),
        range(len(pairs)),
        Placement({}, ()),
        limits,
        is_room_fixed=False,
    )
    assert (answer is Answer.FOUND) is possible

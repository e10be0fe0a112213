"""Synthetic events: valid, the same for a seed, and as described."""

from __future__ import annotations

from collections import Counter

import pytest

from scheduler.errors import SchedulerError
from scheduler.generate import MOST_SLOTS, Hardship, generate_event
from scheduler.model import DecisionKind, Event
from scheduler.model.presence import Presence
from scheduler.strategies.allocation import allocate
from scheduler.strategies.base import Clock, Settings
from scheduler.strategies.cpsat.bounds import Bounds
from scheduler.strategies.instance import build_instance
from scheduler.validation import check
from scheduler.verify import violations
from tests.scheduler.brute_force import brute_force


def test_generate_makes_what_was_asked() -> None:
    event = generate_event(students=30, companies=7, seed=1, tables=2, seats=3, wishes=4)
    assert (len(event.students), len(event.companies)) == (30, 7)
    assert {(firm.tables, firm.seats) for firm in event.companies} == {(2, 3)}
    assert Counter(wish.student_id for wish in event.preferences) == {
        student.student_id: 4 for student in event.students
    }
    assert (event.rules.guaranteed_meetings_per_student, event.absences) == (2, ())


def test_generate_cuts_twelve_slots_from_the_usual_window() -> None:
    event = generate_event(students=1, companies=1, seed=1)
    assert event.clock(0) == "13:00"
    assert event.clock(event.window.length_min) == "15:30"
    assert [event.clock(slot.start_min) for slot in event.window.slots][::11] == ["13:00", "15:12"]


def test_generate_is_the_same_for_a_seed() -> None:
    first = generate_event(students=40, companies=8, seed=5, is_hard=True)
    assert first == generate_event(students=40, companies=8, seed=5, is_hard=True)
    other = generate_event(students=40, companies=8, seed=6, is_hard=True)
    assert first.preferences != other.preferences


def test_generate_ranks_every_company_when_wishes_exceed_them() -> None:
    event = generate_event(students=3, companies=4, seed=1)
    ranks = [wish.rank for wish in event.preferences if wish.student_id == "s1"]
    assert ranks == [1, 2, 3, 4]
    assert {w.company_id for w in event.preferences if w.student_id == "s1"} == {
        company.company_id for company in event.companies
    }


@pytest.mark.parametrize("companies", [20, 100])
def test_generate_makes_companies_as_popular_as_zipf_says(companies: int) -> None:
    """With one wish each, the first company has a share of 1/H(n): 28 % of 20, 19 % of 100."""
    event = generate_event(students=4000, companies=companies, seed=2, wishes=1)
    wished = Counter(wish.company_id for wish in event.preferences).most_common()
    share = 1 / sum(1 / place for place in range(1, companies + 1))
    assert wished[0][1] / 4000 == pytest.approx(share, abs=0.03)
    assert wished[1][1] / 4000 == pytest.approx(share / 2, abs=0.03)


def test_generate_gives_companies_their_free_slot_and_people_their_hours() -> None:
    event = generate_event(students=1000, companies=200, seed=3, with_absences=True)
    short = [s for s in event.students if s.arrives_min or s.leaves_min]
    assert len(short) == pytest.approx(300, abs=60)
    leaving = [firm for firm in event.companies if firm.leaves_min is not None]
    assert len(leaving) == pytest.approx(40, abs=20)
    assert {row.person_id for row in event.absences} == {c.company_id for c in event.companies}
    presence = Presence(event)
    always = [c.company_id for c in event.companies if c.leaves_min is None]
    assert {presence.companies[company_id].bit_count() for company_id in always} == {11}


def test_generate_names_everybody_differently() -> None:
    event = generate_event(students=4000, companies=800, seed=1)
    assert len({student.name for student in event.students}) == 4000
    assert len({company.name for company in event.companies}) == 800


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("students", "companies", "slots"), [(1, 1, 1), (5, 3, 2), (30, 6, 5), (150, 30, 12)]
)
@pytest.mark.parametrize("is_hard", [False, True])
def test_generate_makes_valid_events(
    students: int, companies: int, slots: int, seed: int, is_hard: bool
) -> None:
    event = generate_event(
        students=students,
        companies=companies,
        seed=seed,
        slots=slots,
        tables=2,
        with_absences=True,
        is_hard=is_hard,
    )
    assert check(event) == []
    assert len(event.window.slots) == slots


@pytest.fixture(scope="module")
def hard() -> Event:
    return generate_event(students=300, companies=60, seed=1, tables=2, is_hard=True)


def test_generate_hard_has_every_rule(hard: Event) -> None:
    rules = hard.rules
    assert (rules.max_in_a_row, rules.building_change_min) == (3, 10)
    assert rules.require_language
    assert rules.require_field
    assert rules.require_position
    assert len({room.building for room in hard.rooms}) in (2, 3)
    assert all(room.capacity for room in hard.rooms)
    assert len(hard.window.breaks) == 1
    assert any(company.room_id is None for company in hard.companies)
    assert {v.is_yes for v in hard.shortlist} == {True, False}
    assert {d.kind for d in hard.decisions} == set(DecisionKind)
    for column in ("min_meetings", "max_meetings", "languages", "small_talk", "fields"):
        assert any(getattr(company, column) for company in hard.companies)
    assert any(student.max_meetings for student in hard.students)


def test_generate_hard_has_rooms_that_are_tight_but_large_enough(hard: Event) -> None:
    assert sum(room.tables for room in hard.rooms) == sum(c.tables for c in hard.companies)
    seats = sum(company.capacity for company in hard.companies)
    assert sum(room.capacity or 0 for room in hard.rooms) < seats


def test_generate_hard_pins_do_not_clash(hard: Event) -> None:
    pins = [d for d in hard.decisions if d.kind is DecisionKind.PIN]
    assert len(pins) == 5
    assert len({pin.student_id for pin in pins}) == len({pin.company_id for pin in pins}) == 5
    assert {pin.start_min is None for pin in pins} == {True, False}


@pytest.mark.parametrize("seed", range(20))
def test_generate_hard_can_be_solved(seed: int) -> None:
    event = generate_event(students=3, companies=3, seed=seed, slots=3, seats=2, is_hard=True)
    optimum = brute_force(event)
    assert optimum is not None
    assert violations(event, optimum.timetable) == ()


ONE_DIFFICULTY = [own for own in Hardship if own is not Hardship.EVERY]


@pytest.mark.parametrize("hardship", ONE_DIFFICULTY)
@pytest.mark.parametrize(("students", "companies", "slots"), [(1, 1, 1), (5, 3, 2), (60, 15, 12)])
def test_generate_one_difficulty_is_valid_and_the_same_for_a_seed(
    hardship: Hardship, students: int, companies: int, slots: int
) -> None:
    made = [
        generate_event(
            students=students,
            companies=companies,
            slots=slots,
            seats=1,
            seed=2,
            is_hard=True,
            hardship=hardship,
        )
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert check(made[0]) == []
    assert len(made[0].window.slots) == slots


@pytest.mark.parametrize("hardship", ONE_DIFFICULTY)
def test_generate_one_difficulty_bites(hardship: Hardship) -> None:
    """The sums of students and companies allow more than the slots do."""
    event = generate_event(
        students=60, companies=15, seats=1, seed=60, is_hard=True, hardship=hardship
    )
    instance = build_instance(event)
    allocation = allocate(instance)
    aim = Bounds(instance, Clock(Settings())).aim(lambda *_: None)
    assert aim is not None
    assert aim.row < (*allocation.guaranteed, allocation.company_minimum, allocation.preferences)


def test_generate_fits_the_longest_event_into_a_day() -> None:
    event = generate_event(students=1, companies=1, seed=1, slots=MOST_SLOTS, is_hard=True)
    assert len(event.window.slots) == MOST_SLOTS
    assert event.opens_min + event.window.length_min < 24 * 60


@pytest.mark.parametrize(
    ("name", "value"),
    [("students", 0), ("companies", 0), ("slots", 0), ("slots", 200), ("seats", 0), ("wishes", -1)],
)
def test_generate_refuses_impossible_numbers(name: str, value: int) -> None:
    sizes = {"students": 1, "companies": 1, "seed": 1, name: value}
    with pytest.raises(SchedulerError, match=f"{name} is {value}"):
        generate_event(**sizes)


def test_generate_makes_twenty_thousand_students() -> None:
    event = generate_event(students=20_000, companies=1_000, seed=1, with_absences=True)
    assert len(event.preferences) == 200_000

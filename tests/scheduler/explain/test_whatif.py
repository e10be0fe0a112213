"""The event with other settings: what changes, what stays, and how the variations compare."""

from __future__ import annotations

import pytest

from scheduler.errors import SchedulerError
from scheduler.explain.whatif import (
    Change,
    Variation,
    at_nearest_slots,
    changes,
    compare,
    vary,
)
from scheduler.model import Break, CompanyId, Event, Rules, Status
from scheduler.strategies.base import Settings
from scheduler.validation import check
from tests.scheduler.events import company_away, make_company, make_event, make_room, pin

QUICK = Settings(time_limit_s=20.0, comfort_s=0.0)
C1 = CompanyId("c1")


def compared(event: Event, *wanted: Change) -> tuple[Variation, ...]:
    return compare(event, wanted, QUICK)


def points(variation: Variation) -> int:
    assert variation.result is not None
    return variation.result.levels[2].value[0]


def starts(event: Event) -> list[int]:
    return [slot.start_min for slot in event.window.slots]


def test_vary_without_a_change_is_the_event() -> None:
    event = make_event()
    assert vary(event, Change()) == event


def test_vary_cuts_the_window_anew() -> None:
    event = make_event(slots=3)  # 34 minutes: 0-10, 12-22, 24-34
    assert starts(vary(event, Change(slot_min=5, changeover_min=1))) == [0, 6, 12, 18, 24]
    assert starts(vary(event, Change(length_min=22))) == [0, 12]


def test_vary_sets_tables_and_seats_of_the_company_named_only() -> None:
    event = make_event(companies=["c1", "c2"])
    changed = vary(event, Change(tables=((C1, 2),), seats=((C1, 3),)))
    assert [company.capacity for company in changed.companies] == [6, 1]


def test_vary_sets_guarantee_and_maximum() -> None:
    rules = vary(make_event(), Change(guarantee=1, max_meetings=3)).rules
    assert (rules.guaranteed_meetings_per_student, rules.max_meetings_per_student) == (1, 3)


def test_vary_leaves_breaks_where_they_are() -> None:
    event = make_event(slots=3, breaks=[(22, 30)])
    assert vary(event, Change(slot_min=5)).window.breaks == (Break(22, 30),)


def test_vary_refuses_a_company_that_is_not_there() -> None:
    with pytest.raises(SchedulerError, match="'c9' is not in companies"):
        vary(make_event(), Change(tables=((CompanyId("c9"), 2),)))


def test_changes_combines_every_value_with_every_other() -> None:
    made = changes(slot_min=[10, 12], tables={C1: [1, 2]})
    assert [(change.slot_min, dict(change.tables)[C1]) for change in made] == [
        (10, 1),
        (10, 2),
        (12, 1),
        (12, 2),
    ]


def test_changes_counts_a_value_that_stands_twice_once() -> None:
    assert changes(guarantee=[1, 1]) == (Change(guarantee=1),)


def test_changes_without_lists_are_none() -> None:
    assert changes() == ()


def test_changes_refuses_more_than_fifty() -> None:
    assert len(changes(slot_min=range(1, 11), guarantee=range(5))) == 50
    with pytest.raises(SchedulerError, match="51 variations asked, at most 50"):
        changes(slot_min=range(51))


def test_compare_begins_with_the_event_as_it_is() -> None:
    """One seat in one slot for two students: one meets; with two tables both do."""
    event = make_event(["s1", "s2"], ["c1"], slots=1)
    as_it_is, more = compared(event, Change(tables=((C1, 2),)))
    assert (as_it_is.change, as_it_is.event) == (Change(), event)
    assert [points(as_it_is), points(more)] == [100, 200]
    assert [as_it_is.places, more.places] == [1, 2]
    assert more.result is not None
    assert more.result.status is Status.OPTIMAL


def test_compare_solves_equal_events_once() -> None:
    event = make_event(slots=2)
    assert (
        len(compared(event, Change(slot_min=10), Change(length_min=10), Change(slot_min=20))) == 3
    )


def test_variation_that_is_no_event_shows_its_problems() -> None:
    event = make_event(slots=3, decisions=[pin("s1", "c1", 12)])
    _, changed = compared(event, Change(slot_min=8))  # 0, 10, 20
    assert changed.result is None
    assert [problem.reason for problem in changed.problems] == ["no slot starts at 13:12"]


def test_places_leave_out_slots_in_which_the_company_is_away() -> None:
    event = make_event(["s1"], [make_company("c1", seats=2)], absences=[company_away("c1", 0, 10)])
    assert compared(event)[0].places == 4


def test_students_with_counts_beyond_the_guarantee() -> None:
    rules = Rules(guaranteed_meetings_per_student=1)
    (only,) = compared(make_event(["s1", "s2"], ["c1", "c2"], slots=2, rules=rules))
    assert [only.students_with(k) for k in (1, 2, 3)] == [2, 2, 0]


def test_points_compare_only_under_the_same_guarantee() -> None:
    event = make_event(slots=2)
    made = compared(event, Change(guarantee=1), Change(max_meetings=3), Change(slot_min=9))
    assert [variation.has_equal_goals for variation in made] == [True, False, True, True]


def test_compare_that_is_stopped_leaves_out_what_is_not_solved() -> None:
    told: list[Variation] = []
    done = compare(
        make_event(slots=2),
        [Change(slot_min=5)],
        QUICK,
        should_stop=lambda: bool(told),
        on_done=told.append,
    )
    assert [variation.change for variation in done] == [Change()]


def test_places_leave_out_what_a_room_does_not_take() -> None:
    event = make_event(["s1"], [make_company(seats=3)], slots=2, rooms=[make_room(capacity=2)])
    assert compared(event)[0].places == 4


def test_a_pin_goes_to_the_nearest_slot_where_it_may() -> None:
    event = make_event(slots=3, decisions=[pin("s1", "c1", 12)])
    other = vary(event, Change(slot_min=8))
    assert check(other)
    moved = at_nearest_slots(other)
    assert [own.start_min for own in moved.decisions] == [10]
    assert not check(moved)
    assert at_nearest_slots(event) == event

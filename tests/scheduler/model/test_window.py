"""How hours are cut into slots."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scheduler.model import Break, Slot, Window
from tests.scheduler.events import make_event


def starts(window: Window) -> list[int]:
    return [slot.start_min for slot in window.slots]


def test_slots_of_the_usual_afternoon_are_twelve() -> None:
    """13:00-15:30 with 10 + 2 minutes."""
    window = Window(150, 10, 2)
    event = make_event(slots=12)
    assert starts(window) == [0, 12, 24, 36, 48, 60, 72, 84, 96, 108, 120, 132]
    assert [event.clock(start) for start in starts(window)][::11] == ["13:00", "15:12"]
    assert window.slots[-1] == Slot(11, 132, 142)


def test_last_slot_may_end_with_the_window() -> None:
    assert starts(Window(22, 10, 2)) == [0, 12]
    assert starts(Window(21, 10, 2)) == [0]


def test_window_shorter_than_a_slot_has_none() -> None:
    assert Window(9, 10, 2).slots == ()


def test_window_of_lengths_that_are_no_lengths_has_no_slots() -> None:
    for window in (Window(60, 0, 2), Window(60, 10, -1), Window(-60, 10, 2)):
        assert window.slots == ()


def test_slot_that_would_overlap_a_break_begins_at_its_end() -> None:
    assert starts(Window(60, 10, 2, (Break(15, 20),))) == [0, 20, 32, 44]


def test_break_that_touches_a_slot_moves_nothing() -> None:
    """The break lies exactly in the changeover."""
    assert starts(Window(34, 10, 2, (Break(10, 12),))) == [0, 12, 24]


def test_break_one_minute_into_a_slot_moves_it() -> None:
    assert starts(Window(40, 10, 2, (Break(9, 12),))) == [12, 24]
    assert starts(Window(40, 10, 2, (Break(10, 13),))) == [0, 13, 25]


def test_break_at_the_start_delays_the_first_slot() -> None:
    assert starts(Window(30, 10, 2, (Break(0, 5),))) == [5, 17]


def test_slot_moved_by_one_break_is_moved_by_the_next() -> None:
    breaks = (Break(25, 30), Break(15, 20))
    assert starts(Window(52, 10, 2, breaks)) == [0, 30, 42]


def test_break_at_the_end_leaves_no_slot_after_it() -> None:
    assert starts(Window(30, 10, 2, (Break(20, 30),))) == [0]


def test_has_break_after_is_true_between_the_slots_around_a_break() -> None:
    window = Window(60, 10, 2, (Break(24, 30),))
    assert starts(window) == [0, 12, 30, 42]
    assert [window.has_break_after(index) for index in range(3)] == [False, True, False]


def test_has_break_after_sees_a_break_inside_the_changeover() -> None:
    window = Window(34, 10, 2, (Break(10, 11),))
    assert [window.has_break_after(index) for index in range(2)] == [True, False]


def test_has_break_after_passes_over_a_break_before_the_first_slot() -> None:
    window = Window(40, 10, 2, (Break(0, 5),))
    assert not window.has_break_after(0)


_MINUTES = st.integers(-5, 80)


@given(
    _MINUTES,
    st.integers(1, 20),
    st.integers(0, 5),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=3),
)
def test_slots_keep_clear_of_breaks_and_of_each_other(
    length: int, slot_min: int, changeover_min: int, pauses: list[tuple[int, int]]
) -> None:
    breaks = tuple(Break(start, start + minutes) for start, minutes in pauses)
    slots = Window(length, slot_min, changeover_min, breaks).slots
    assert [slot.index for slot in slots] == list(range(len(slots)))
    assert all(slot.end_min - slot.start_min == slot_min for slot in slots)
    assert all(slot.start_min >= 0 and slot.end_min <= length for slot in slots)
    assert not any(
        slot.start_min < pause.end_min and pause.start_min < slot.end_min
        for slot in slots
        for pause in breaks
    )
    for before, after in pairwise(slots):
        usual = before.end_min + changeover_min
        assert after.start_min == usual or after.start_min in {pause.end_min for pause in breaks}
        assert after.start_min >= usual

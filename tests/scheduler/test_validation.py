"""Problems between the values of an event: each alone, and all at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.errors import InvalidEventError
from scheduler.model import Break, Event, Preference, RoomId, Rules, StudentId, Window
from scheduler.validation import check, require_valid
from tests.scheduler.events import (
    company_away,
    make_company,
    make_event,
    make_room,
    make_student,
    student_away,
    tiny_events,
    veto,
    yes,
)
from tests.scheduler.problems import assert_only


def with_window(*values: int, breaks: tuple[Break, ...] = ()) -> Event:
    return replace(make_event(), window=Window(*values, breaks))


def with_preferences(*rows: tuple[str, str, int]) -> Event:
    wishes = tuple(Preference(*row) for row in rows)  # type: ignore[arg-type]  # short ids
    return replace(make_event(["s1", "s2"], ["c1", "c2"]), preferences=wishes)


# the window


def test_event_that_ends_before_it_starts() -> None:
    event = with_window(-30, 10, 2)
    assert_only(event, ("event", None, "event.end"), "12:30", "13:00", "later end")


def test_event_that_ends_on_the_next_day() -> None:
    """Files and lists give times as HH:MM, so an event lies within one day."""
    until_midnight = replace(make_event(), window=Window(11 * 60, 10, 2))
    assert check(until_midnight) == []
    event = replace(make_event(), window=Window(11 * 60 + 1, 10, 2))
    assert_only(event, ("event", None, "event.end"), "00:01", "next day", "24:00")


def test_meeting_without_length() -> None:
    event = with_window(60, 0, 2)
    assert_only(event, ("event", None, "event.slot_min"), "0 minutes", "1 or more")


def test_changeover_below_zero() -> None:
    event = with_window(60, 10, -1)
    assert_only(event, ("event", None, "event.changeover_min"), "-1", "0 or more")


def test_window_too_short_for_a_slot() -> None:
    event = with_window(9, 10, 2)
    place = ("event", None, "event.slot_min")
    assert_only(event, place, "no slot of 10 minutes", "13:00", "13:09", "shorten")


def test_breaks_that_leave_no_slot() -> None:
    event = with_window(30, 10, 2, breaks=(Break(5, 25),))
    assert_only(event, ("event", None, "event.slot_min"), "no slot", "breaks")


def test_break_that_ends_before_it_starts() -> None:
    event = with_window(60, 10, 2, breaks=(Break(30, 40), Break(35, 30)))
    assert_only(event, ("event", None, "event.breaks.2"), "13:35-13:30", "end after")


@pytest.mark.parametrize(("start", "end"), [(-5, 5), (50, 61), (70, 80)])
def test_break_outside_the_event(start: int, end: int) -> None:
    event = with_window(60, 10, 2, breaks=(Break(start, end),))
    assert_only(event, ("event", None, "event.breaks.1"), "not inside 13:00-14:00", "move")


def test_breaks_that_overlap() -> None:
    event = with_window(90, 10, 2, breaks=(Break(30, 40), Break(39, 50)))
    place = ("event", None, "event.breaks.2")
    assert_only(event, place, "13:39-13:50", "overlaps the break 13:30-13:40", "move one")


def test_breaks_that_touch_are_fine() -> None:
    assert check(with_window(90, 10, 2, breaks=(Break(40, 50), Break(30, 40)))) == []


# rules


@pytest.mark.parametrize(
    "rule",
    [
        "max_meetings_per_student",
        "guaranteed_meetings_per_student",
        "max_in_a_row",
        "building_change_min",
        "mutual_bonus",
        "small_talk_bonus",
    ],
)
def test_rule_below_zero(rule: str) -> None:
    event = make_event(rules=replace(Rules(), **{rule: -1}))
    assert_only(event, ("event", None, f"rules.{rule}"), "-1 is below 0", "0 or more")
    assert str(check(event)[0]).startswith(f"event, rules.{rule}: ")


def test_weight_below_zero() -> None:
    event = make_event(rules=Rules(rank_weights=(100, -1)))
    assert_only(event, ("event", None, "rules.rank_weights"), "[100, -1]", "0 or more")


def test_weights_of_zero_or_none_are_fine() -> None:
    assert check(make_event(rules=Rules(rank_weights=(0, 5)))) == []
    assert check(make_event(rules=Rules(rank_weights=()))) == []


def test_guarantee_above_the_maximum() -> None:
    rules = Rules(max_meetings_per_student=2, guaranteed_meetings_per_student=3)
    place = ("event", None, "rules.guaranteed_meetings_per_student")
    assert_only(make_event(rules=rules), place, "3 guaranteed", "the 2 a student may have", "lower")
    equal = Rules(max_meetings_per_student=2, guaranteed_meetings_per_student=2)
    assert check(make_event(rules=equal)) == []


def test_guarantee_above_a_students_own_maximum_is_fine() -> None:
    """The student asked for less; the guarantee is a goal."""
    assert check(make_event([make_student(max_meetings=0)])) == []


def test_language_of_documents_that_do_not_exist() -> None:
    event = replace(make_event(), language="de")
    assert_only(event, ("event", None, "event.language"), "'de'", "en or da")


# rooms


def test_room_id_twice() -> None:
    event = make_event(rooms=[make_room(), make_room("r2"), make_room()])
    assert_only(event, ("rooms", 2, "room_id"), "'r1' is there twice", "id of its own")


def test_room_with_tables_below_zero() -> None:
    """Nobody else is blamed for it."""
    event = make_event(rooms=[make_room("r2"), make_room(tables=-1)])
    assert_only(event, ("rooms", 1, "tables"), "-1 table", "0 or more")


def test_room_with_capacity_below_zero() -> None:
    event = make_event(rooms=[make_room(capacity=-1)])
    assert_only(event, ("rooms", 0, "capacity"), "-1", "empty for no limit")


def test_companies_that_overfill_the_room_they_name() -> None:
    companies = [make_company("c1", tables=2), make_company("c2", tables=2)]
    event = make_event(["s1"], companies, rooms=[make_room("r2"), make_room(tables=3)])
    place = ("rooms", 1, "tables")
    assert_only(event, place, "Room r1 has 3 tables", "the 2 companies", "need 4", "another room")
    assert check(make_event(["s1"], companies, rooms=[make_room(tables=4)])) == []


def test_companies_without_a_room_overfill_none() -> None:
    """They make the event infeasible, which is the engine's to say."""
    companies = [make_company("c1", tables=2), make_company("c2", tables=2, room_id=None)]
    assert check(make_event(["s1"], companies, rooms=[make_room(tables=3)])) == []


# companies and students


def test_company_id_twice() -> None:
    event = make_event(["s1"], ["c1", "c1"], {})
    assert_only(event, ("companies", 1, "company_id"), "'c1' is there twice")


def test_company_in_an_unknown_room() -> None:
    event = make_event(["s1"], [make_company(room_id=RoomId("r9"))])
    assert_only(event, ("companies", 0, "room_id"), "no room 'r9'", "add it, or leave empty")


def test_company_too_large_for_its_room() -> None:
    event = make_event(["s1"], [make_company(tables=2)], rooms=[make_room(tables=1)])
    words = ("Company c1 needs 2 tables", "Room r1 has 1", "fewer tables")
    assert_only(event, ("companies", 0, "tables"), *words)


@pytest.mark.parametrize("column", ["tables", "seats"])
@pytest.mark.parametrize("count", [0, -2])
def test_company_without_tables_or_seats(column: str, count: int) -> None:
    event = make_event(["s1"], [make_company(**{column: count}, min_meetings=1)])
    assert_only(event, ("companies", 0, column), f"{count} is below 1", "1 or more")


@pytest.mark.parametrize("column", ["min_meetings", "max_meetings"])
def test_company_with_a_count_below_zero(column: str) -> None:
    counts = {"min_meetings": -5, column: -1}
    event = make_event(["s1"], [make_company(**counts)])
    assert ("companies", 0, column) in {(p.table, p.index, p.column) for p in check(event)}


def test_company_minimum_above_its_maximum() -> None:
    event = make_event(["s1"], [make_company(min_meetings=3, max_meetings=2)])
    words = ("Company c1", "at least 3", "at most 2", "lower min_meetings")
    assert_only(event, ("companies", 0, "min_meetings"), *words)


def test_company_minimum_above_its_places() -> None:
    event = make_event(["s1"], [make_company(min_meetings=4)])
    words = ("Company c1: 4 meetings asked", "3 slots x 1 table x 1 seat", "add a table")
    assert_only(event, ("companies", 0, "min_meetings"), *words)
    assert check(make_event(["s1"], [make_company(min_meetings=4, seats=2)])) == []


def test_company_that_leaves_before_it_arrives() -> None:
    event = make_event(["s1"], [make_company(arrives_min=20, leaves_min=20)])
    place = ("companies", 0, "leaves")
    assert_only(event, place, "Company c1 leaves at 13:20", "arriving at 13:20", "correct")


def test_person_who_is_there_for_no_slot_is_fine() -> None:
    assert check(make_event([make_student(leaves_min=5)], [make_company(arrives_min=90)])) == []


def test_student_id_twice() -> None:
    event = make_event(["s1", "s2", "s1"], wishes={})
    assert_only(event, ("students", 2, "student_id"), "'s1' is there twice")


def test_student_with_a_maximum_below_zero() -> None:
    event = make_event([make_student(max_meetings=-1)])
    assert_only(event, ("students", 0, "max_meetings"), "-1 is below 0", "0 or more")


def test_student_who_leaves_before_arriving() -> None:
    event = make_event(["s1", make_student("s2", arrives_min=20, leaves_min=10)])
    assert_only(event, ("students", 1, "leaves"), "Student s2", "13:10", "13:20")


# preferences, shortlist, absences


@pytest.mark.parametrize(
    ("row", "column", "where"),
    [
        (("s9", "c1", 1), "student_id", "students"),
        (("s1", "c9", 1), "company_id", "companies"),
    ],
)
def test_preference_of_somebody_unknown(row: tuple[str, str, int], column: str, where: str) -> None:
    event = with_preferences(("s2", "c1", 1), row)
    words = ("'s9'" if column == "student_id" else "'c9'", f"not in {where}", "correct the id")
    assert_only(event, ("preferences", 1, column), *words)


def test_rank_below_one() -> None:
    event = with_preferences(("s1", "c1", 0))
    assert_only(event, ("preferences", 0, "rank"), "rank 0 is below 1", "most wanted")


def test_company_ranked_twice_by_one_student() -> None:
    event = with_preferences(("s1", "c1", 1), ("s2", "c1", 1), ("s1", "c1", 2))
    place = ("preferences", 2, "company_id")
    assert_only(event, place, "student 's1' ranks company 'c1' twice", "keep one")


def test_rank_given_twice_by_one_student() -> None:
    event = with_preferences(("s1", "c1", 1), ("s2", "c1", 1), ("s1", "c2", 1))
    place = ("preferences", 2, "rank")
    assert_only(event, place, "'s1' gives rank 1 to 'c1' and to 'c2'", "of its own")


def test_same_preference_twice_is_one_problem() -> None:
    event = with_preferences(("s1", "c1", 1), ("s1", "c1", 1))
    assert_only(event, ("preferences", 1, "company_id"), "twice")


def test_ranks_may_have_gaps() -> None:
    assert check(with_preferences(("s1", "c1", 3), ("s1", "c2", 40))) == []


def test_verdict_on_somebody_unknown() -> None:
    event = make_event(shortlist=[yes("c1", "s9")])
    assert_only(event, ("shortlist", 0, "student_id"), "'s9' is not in students")
    event = make_event(shortlist=[yes("c1", "s1"), veto("c9", "s1")])
    assert_only(event, ("shortlist", 1, "company_id"), "'c9' is not in companies")


@pytest.mark.parametrize("second", [yes("c1", "s1"), veto("c1", "s1")])
def test_student_judged_twice_by_one_company(second: object) -> None:
    """The row that came later is named."""
    event = make_event(["s1", "s2"], shortlist=[yes("c1", "s1"), yes("c1", "s2"), second])  # type: ignore[list-item]  # a Verdict
    words = ("company 'c1' judges student 's1' twice", "keep one")
    assert_only(event, ("shortlist", 2, "student_id"), *words)


def test_absence_of_somebody_unknown() -> None:
    event = make_event(absences=[company_away("s1", 0, 10)])
    words = ("'s1' is not in companies", "correct the id or the kind")
    assert_only(event, ("unavailable", 0, "id"), *words)


def test_absence_that_ends_before_it_starts() -> None:
    event = make_event(absences=[student_away("s1", 20, 20)])
    assert_only(event, ("unavailable", 0, "end"), "ends at 13:20", "start at 13:20", "correct")


# together


def test_every_problem_is_found_at_once_in_the_order_of_the_files() -> None:
    event = replace(
        make_event(
            [make_student(max_meetings=-1)],
            [make_company(seats=0)],
            rooms=[make_room(capacity=-1)],
            shortlist=[yes("c1", "s9")],
            absences=[student_away("s1", 20, 10)],
            rules=Rules(mutual_bonus=-1),
        ),
        preferences=(Preference(StudentId("s1"), make_company().company_id, 0),),
    )
    tables = [problem.table for problem in check(event)]
    files = ["event", "rooms", "companies", "students", "preferences", "shortlist", "unavailable"]
    assert tables == files
    with pytest.raises(InvalidEventError) as raised:
        require_valid(event)
    assert list(raised.value.problems) == check(event)
    assert str(raised.value).count("\n") == len(files) - 1


def test_valid_event_has_no_problem() -> None:
    assert check(make_event(["s1", "s2"], ["c1", "c2"])) == []
    require_valid(make_event())


def test_event_of_nobody_is_valid() -> None:
    assert check(make_event([], [], {})) == []


_NUMBERS = st.integers(-3, 40) | st.sampled_from([-(10**9), 10**9])
_PERHAPS = st.none() | _NUMBERS
_IDS = st.sampled_from(["s1", "s2", "c1", "c2", "r1", ""])


@st.composite
def odd_events(draw: st.DrawFn) -> Event:
    """A valid event with several values, ids and rows replaced by anything at all."""
    event = draw(tiny_events())
    rules = {name: draw(_NUMBERS) for name in ("max_meetings_per_student", "max_in_a_row")}
    values: dict[str, tuple[str, ...]] = {
        "students": ("arrives_min", "leaves_min", "max_meetings"),
        "companies": ("tables", "seats", "min_meetings", "max_meetings", "arrives_min"),
        "rooms": ("tables", "capacity"),
        "absences": ("start_min", "end_min"),
        "decisions": ("start_min",),
    }
    needed = {"tables", "seats", "min_meetings", "end_min"}
    changed = {}
    for table, columns in values.items():
        rows = []
        for row in getattr(event, table):
            odd = {c: draw(_NUMBERS if c in needed else _PERHAPS) for c in columns}
            if table == "absences":
                odd = {name: odd[name] or 0 for name in columns}
            ids = {name: draw(_IDS) for name in row.__slots__ if name.endswith("_id")}
            rows.append(replace(row, **odd, **(ids if draw(st.booleans()) else {})))
        changed[table] = tuple(rows)
    length, slot_min, changeover = draw(st.tuples(*[st.integers(-20, 200)] * 3))
    pauses = draw(st.lists(st.builds(Break, st.integers(-9, 99), st.integers(-9, 99)), max_size=3))
    window = Window(length, slot_min, changeover, tuple(pauses))
    return replace(event, **changed, window=window, rules=replace(event.rules, **rules))


@given(odd_events())
@settings(max_examples=300)
def test_check_says_something_readable_of_any_values(event: Event) -> None:
    """It never raises, and every problem has a place, a reason and a remedy."""
    for problem in check(event):
        assert problem.table
        assert problem.column
        assert problem.reason
        assert problem.remedy
        assert str(problem)

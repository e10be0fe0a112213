"""Bounds of the linear relaxation: tight where the flow is not, and true for every timetable."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.model import Event, Rules
from scheduler.strategies.allocation import allocate
from scheduler.strategies.instance import build_instance
from scheduler.strategies.relaxation import DENOMINATOR, Relaxation, weigh
from scheduler.strategies.relaxed_rows import relaxed_rows
from tests.scheduler.brute_force import brute_force
from tests.scheduler.events import make_company, make_event, make_room, make_student, tiny_events
from tests.scheduler.second_solver import Row, SecondSolver, possible_slots

ONE_EACH = Rules(guaranteed_meetings_per_student=1)


def bounds_of(event: Event) -> Row:
    """Every entry's bound while those above are reached."""
    relaxation = Relaxation(build_instance(event))
    row: list[int] = []
    for entry in range(event.rules.guaranteed_meetings_per_student + 2):
        relaxed = relaxation.maximise(entry, 10)
        assert relaxed is not None
        row.append(relaxed.bound)
        relaxation.hold(entry, relaxed.bound)
    return tuple(row)


def test_students_of_one_slot_share_its_seats() -> None:
    """Two students are there for the first slot only: one of the two seats stays empty."""
    early = [make_student(name, leaves_min=10) for name in ("s1", "s2")]
    event = make_event(early, ["c1"], slots=2, rules=ONE_EACH)
    assert allocate(build_instance(event)).guaranteed == (2,)
    assert bounds_of(event) == (1, 0, 100)


def test_students_share_a_room_that_is_full() -> None:
    early = [make_student(name, leaves_min=10) for name in ("s1", "s2")]
    event = make_event(early, ["c1", "c2"], slots=2, rules=ONE_EACH, rooms=[make_room(capacity=1)])
    assert allocate(build_instance(event)).guaranteed == (2,)
    assert bounds_of(event) == (1, 0, 100)


def test_two_companies_share_a_students_slot() -> None:
    """Both companies leave after the first slot; the student's second slot helps neither."""
    firms = [make_company(name, leaves_min=10) for name in ("c1", "c2")]
    event = make_event(["s1"], firms, slots=2, rules=ONE_EACH)
    assert allocate(build_instance(event)).preferences == 180
    assert bounds_of(event) == (1, 0, 100)


def test_students_walk_between_buildings() -> None:
    """One company leaves after the first slot, the other comes for the second, too far to walk."""
    event = make_event(
        ["s1"],
        [
            make_company("c1", room_id="r1", leaves_min=10),
            make_company("c2", room_id="r2", arrives_min=12),
        ],
        slots=2,
        rooms=[make_room("r1", building="A"), make_room("r2", building="B")],
        rules=Rules(guaranteed_meetings_per_student=1, building_change_min=5),
    )
    assert allocate(build_instance(event)).preferences == 180
    assert bounds_of(event) == (1, 0, 100)


def test_reach_says_what_a_meeting_costs() -> None:
    """One seat, two who rank it first: with the third, who ranks it second, 80 points are left."""
    event = make_event(
        ["s1", "s2", "s3"],
        ["c1", make_company("c2", max_meetings=0)],
        {"s1": ["c1"], "s2": ["c1"], "s3": ["c2", "c1"]},
        slots=1,
        rules=ONE_EACH,
    )
    instance = build_instance(event)
    relaxed = Relaxation(instance).maximise(2, 10)
    assert relaxed is not None
    assert relaxed.bound == 100
    students = {
        instance.pairs[pair].student: most
        for (pair, _), most in relaxed.reach.items()
        if instance.pairs[pair].company == 0
    }
    assert students == {0: 100, 1: 100, 2: 80}


@given(tiny_events())
@settings(max_examples=200, deadline=None)
def test_no_timetable_surpasses_the_bounds(event: Event) -> None:
    """Nor does the best one hold a meeting that says it cannot be so good."""
    optimum = brute_force(event)
    if optimum is None:
        return
    scores = optimum.scores
    row = (*scores.guaranteed, scores.company_minimum, scores.preferences)
    instance = build_instance(event)
    index = {
        (event.students[own.student].student_id, event.companies[own.company].company_id): pair
        for pair, own in enumerate(instance.pairs)
    }
    relaxation = Relaxation(instance)
    for entry, value in enumerate(row):
        relaxed = relaxation.maximise(entry, 10)
        assert relaxed is not None
        assert relaxed.bound >= value
        for meeting in optimum.timetable.meetings:
            pair = index[meeting.student_id, meeting.company_id]
            assert relaxed.reach[pair, meeting.slot] >= value
        relaxation.hold(entry, value)


@given(tiny_events(students=7, companies=5, slots=5))
@settings(max_examples=60, deadline=None)
def test_bounds_agree_with_a_second_solver(event: Event) -> None:
    optimum = SecondSolver(event).optimum()
    if optimum is not None and possible_slots(event):
        relaxation = Relaxation(build_instance(event))
        for entry, value in enumerate(optimum):
            relaxed = relaxation.maximise(entry, 10)
            assert relaxed is not None
            assert relaxed.bound >= value
            relaxation.hold(entry, value)


@given(tiny_events(), st.data())
@settings(max_examples=100, deadline=None)
def test_any_multipliers_give_a_true_bound(event: Event, data: st.DataObject) -> None:
    """The floating-point solver is not trusted: whatever its multipliers are, the bound is true."""
    optimum = brute_force(event)
    if optimum is None:
        return
    rows = relaxed_rows(build_instance(event))
    multipliers = [
        data.draw(st.integers(-DENOMINATOR if row.is_equal else 0, 100 * DENOMINATOR))
        for row in rows.rows
    ]
    most, _ = weigh(rows, rows.entries[-1], multipliers)
    assert most >= optimum.scores.preferences * DENOMINATOR

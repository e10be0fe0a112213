"""Repairs of tiny days, against every timetable there is."""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scheduler.model import Status
from scheduler.objective import score
from scheduler.repair import Repaired, repair
from scheduler.verify import violations
from tests.scheduler.repairs import (
    QUICK,
    Trouble,
    best_scores,
    lost_tables,
    order,
    troubles,
)

EXAMPLES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def repaired(trouble: Trouble) -> Repaired:
    return repair(
        trouble.event,
        trouble.timetable,
        trouble.changes,
        now_min=trouble.now_min,
        settings=QUICK,
        in_child=False,
    )


@EXAMPLES
@given(st.one_of(troubles(), lost_tables()))
def test_fewest_change_and_then_levels_are_best(trouble: Trouble) -> None:
    best = best_scores(trouble.day())
    found = repaired(trouble)
    after = found.result.timetable
    if best is None:
        assert found.result.status is Status.INFEASIBLE
        assert after is None
        return
    assert after is not None
    scores = score(found.day.event, after, found.day.begun)
    assert order(scores) == order(best)
    assert found.result.levels[0].name == "changes"
    for level in found.result.levels[1:-1]:
        for value, bound in zip(level.value, level.bound, strict=True):
            assert bound is None or bound >= value
    (bound,) = found.result.levels[0].bound
    assert bound is None or bound <= (best.changes or 0)


@EXAMPLES
@given(st.one_of(troubles(), lost_tables()))
def test_every_reason_is_true(trouble: Trouble) -> None:
    """No meeting goes without need, and what came has the place that the reason says."""
    found = repaired(trouble)
    after = found.result.timetable
    assume(after is not None and found.result.levels[0].is_proven)
    if after is None:
        raise AssertionError
    gone = {(m.company_id, m.slot) for m in trouble.timetable.meetings if m not in after.meetings}
    met = {m.student_id for m in trouble.timetable.meetings}
    for one in found.differences:
        assert "not needed" not in one.reason
        if one.reason == "place became free":
            assert (one.meeting.company_id, one.meeting.slot) in gone
        elif one.reason == "the student had no meetings before":
            assert one.meeting.student_id not in met
        elif one.reason == "table lost":
            changed = {change.person_id for change in trouble.changes if change.count is not None}
            assert one.meeting.company_id in changed


@EXAMPLES
@given(troubles())
def test_past_and_pinned_meetings_stay(trouble: Trouble) -> None:
    found = repaired(trouble)
    after = found.result.timetable
    assume(after is not None)
    if after is None:
        raise AssertionError
    window = trouble.event.window
    first = found.day.begun.first_open(window)
    past = {m for m in trouble.timetable.meetings if m.slot < first}
    assert {m for m in after.meetings if m.slot < first} == past
    assert violations(found.day.event, after, found.day.begun) == ()


@EXAMPLES
@given(troubles(with_edits=False))
def test_without_a_change_nothing_changes(trouble: Trouble) -> None:
    calm = Trouble(trouble.event, trouble.timetable, (), trouble.now_min)
    found = repaired(calm)
    assert found.result.timetable is not None
    assert found.result.levels[0].value == (0,)
    assert found.result.levels[0].is_proven
    gained = found.result.timetable.meetings
    assert set(calm.timetable.meetings) <= set(gained)


@EXAMPLES
@given(st.one_of(troubles(), lost_tables()))
def test_twice_is_once(trouble: Trouble) -> None:
    once = repaired(trouble).result
    assume(once.timetable is not None and once.status is Status.OPTIMAL)
    if once.timetable is None:
        raise AssertionError
    again = Trouble(trouble.event, once.timetable, trouble.changes, trouble.now_min)
    twice = repaired(again).result
    assert twice.timetable is not None
    assert twice.levels[0].value == (0,)
    assert twice.levels[1:4] == once.levels[1:4]
    assert set(once.timetable.meetings) <= set(twice.timetable.meetings)

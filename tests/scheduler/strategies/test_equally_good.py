from hypothesis import given
from hypothesis import strategies as st

from scheduler.model import Event, Rules
from scheduler.objective import score
from scheduler.strategies.allocation import allocate
from scheduler.strategies.base import entries
from scheduler.strategies.equally_good import equally_good, strong_components
from scheduler.strategies.instance import Instance, build_instance
from tests.scheduler.brute_force import brute_force
from tests.scheduler.events import make_company, make_event, tiny_events


def names(instance: Instance, pairs: frozenset[int]) -> set[tuple[str, str]]:
    event = instance.event
    return {
        (
            event.students[instance.pairs[p].student].student_id,
            event.companies[instance.pairs[p].company].company_id,
        )
        for p in pairs
    }


def test_pairs_that_two_students_can_exchange_are_open() -> None:
    # one slot, one seat: either student at either company scores the same; c3 has nobody else
    event = make_event(
        ["s1", "s2", "s3"],
        ["c1", "c2", "c3"],
        {"s1": ["c1", "c2"], "s2": ["c1", "c2"], "s3": ["c3"]},
        slots=1,
    )
    instance = build_instance(event)
    choices = equally_good(instance, allocate(instance).guaranteed)
    assert names(instance, choices.certain) == {("s3", "c3")}
    assert names(instance, choices.open) == {
        (student, company) for student in ("s1", "s2") for company in ("c1", "c2")
    }


def test_pairs_of_a_single_best_allocation_are_certain() -> None:
    event = make_event(
        ["s1", "s2"], ["c1", "c2"], {"s1": ["c1", "c2"], "s2": ["c2", "c1"]}, slots=1
    )
    instance = build_instance(event)
    choices = equally_good(instance, allocate(instance).guaranteed)
    assert names(instance, choices.certain) == {("s1", "c1"), ("s2", "c2")}
    assert not choices.open


def test_minimums_count_before_weights_that_share_a_factor() -> None:
    # c2 asks for one: s1 has to go there although c1 is worth far more, s2 has no other wish
    event = make_event(
        ["s1", "s2"],
        [make_company("c1"), make_company("c2", min_meetings=1)],
        {"s1": ["c1", "c2"], "s2": ["c1"]},
        slots=1,
        rules=Rules(rank_weights=(10_000, 1_000), guaranteed_meetings_per_student=1),
    )
    instance = build_instance(event)
    choices = equally_good(instance, allocate(instance).guaranteed)
    assert names(instance, choices.certain) == {("s1", "c2"), ("s2", "c1")}
    assert not choices.open


@given(tiny_events())
def test_every_optimal_timetable_has_the_certain_pairs_and_none_outside(event: Event) -> None:
    optimum = brute_force(event)
    instance = build_instance(event)
    allocation = allocate(instance)
    row = (*allocation.guaranteed, allocation.company_minimum, allocation.preferences)
    if optimum is None or entries(optimum.scores) != row:
        return
    met = {(m.student_id, m.company_id) for m in optimum.timetable.meetings}
    choices = equally_good(instance, allocation.guaranteed)
    assert entries(score(event, optimum.timetable)) == row
    assert names(instance, choices.certain) <= met
    assert met <= names(instance, choices.certain | choices.open)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=24))
def test_components_are_those_of_mutual_reach(arcs: list[tuple[int, int]]) -> None:
    following = [[head for tail, head in arcs if tail == node] for node in range(8)]
    reach = [{node} for node in range(8)]
    for _ in range(8):
        for tail, head in arcs:
            reach[tail] |= reach[head]
    component = strong_components(following)
    for one in range(8):
        for other in range(8):
            is_mutual = other in reach[one] and one in reach[other]
            assert (component[one] == component[other]) == is_mutual

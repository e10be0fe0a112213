"""What must hold of every solve: rules kept, levels true, optimum the one that others find."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from scheduler.generate import generate_event
from scheduler.model import Event, Rules, Scores, Status
from scheduler.objective import score
from scheduler.strategies.allocation import allocate
from scheduler.strategies.instance import build_instance
from scheduler.verify import violations
from tests.scheduler.brute_force import brute_force
from tests.scheduler.events import make_company, make_event, make_room, pin, tiny_events
from tests.scheduler.second_solver import Row, SecondSolver, recount
from tests.scheduler.solved import best, best_by_search, cpsat_alone, row_of, solved

LARGER = tiny_events(students=7, companies=5, slots=5)


def row_of_scores(scores: Scores) -> Row:
    return (*scores.guaranteed, scores.company_minimum, scores.preferences)


@given(LARGER)
@settings(max_examples=150)
def test_timetable_breaks_no_rule_and_has_the_levels_it_is_given(event: Event) -> None:
    result = solved(event)
    if result.timetable is None:
        assert result.status is Status.INFEASIBLE
        assert result.levels == ()
        return
    scores = score(event, result.timetable)
    assert violations(event, result.timetable) == ()
    assert [level.value for level in result.levels] == [
        scores.guaranteed,
        (scores.company_minimum,),
        (scores.preferences,),
        (scores.breaks,),
    ]
    assert recount(event, result.timetable) == row_of_scores(scores)
    assert result.metrics is not None
    assert result.metrics.meetings == len(result.timetable.meetings)


@given(LARGER)
@settings(max_examples=60)
def test_every_company_stands_in_one_place_with_room_for_its_tables(event: Event) -> None:
    result = solved(event)
    if result.timetable is None:
        return
    companies = {company.company_id: company for company in event.companies}
    taken = set()
    for place in result.timetable.places:
        company = companies.pop(place.company_id)
        assert company.room_id in (None, place.room_id)
        tables = {(place.room_id, place.first_table + n) for n in range(company.tables)}
        assert not tables & taken
        taken |= tables
    assert companies == {}
    most = {room.room_id: room.tables for room in event.rooms}
    assert all(1 <= table <= most[room_id] for room_id, table in taken)


@given(tiny_events())
@settings(max_examples=300)
def test_levels_are_those_of_every_timetable_tried(event: Event) -> None:
    """The exhaustive optimum; infeasible exactly where it finds nothing."""
    optimum = brute_force(event)
    result = solved(event)
    row = None if optimum is None else row_of_scores(optimum.scores)
    assert row_of(result) == row
    assert best_by_search(event) == row
    if optimum is not None:
        breaks = result.levels[3]
        assert breaks.value[0] >= optimum.scores.breaks
        bound = breaks.bound[0]
        assert bound is None or bound <= optimum.scores.breaks


@given(LARGER)
@settings(max_examples=60)
def test_levels_are_those_of_a_second_solver(event: Event) -> None:
    assert best(event) == SecondSolver(event).optimum()


@given(tiny_events(students=5, companies=4, slots=4))
@settings(max_examples=60)
def test_better_than_the_optimum_is_infeasible(event: Event) -> None:
    """One more in any entry, with the entries above held, is impossible for HiGHS."""
    row = best(event)
    second = SecondSolver(event)
    if row is None:
        assert not second.can_reach(())
        return
    assert second.can_reach(row)
    for index, value in enumerate(row):
        assert not second.can_reach((*row[:index], value + 1))


@given(tiny_events(students=8, companies=4, slots=1, is_plain=True))
@settings(max_examples=60)
def test_one_slot_is_a_matching_of_greatest_weight(event: Event) -> None:
    """One slot is a b-matching (Edmonds 1965): bipartite, so the linear program is exact."""
    free = replace(event, rules=replace(event.rules, guaranteed_meetings_per_student=0))
    free = replace(
        free, companies=tuple(replace(company, min_meetings=0) for company in event.companies)
    )
    matching = SecondSolver(free, has_time=False).optimum()
    assert best(free) == matching
    assert best(event) == SecondSolver(event, has_time=False).optimum()


@given(tiny_events(students=8, companies=5, slots=6, is_plain=True))
@settings(max_examples=80)
def test_flow_is_attained_where_only_seats_and_maxima_bind(event: Event) -> None:
    """König (1916): with everybody present every allocation within the degrees has slots."""
    result = solved(event)
    assert result.status is Status.OPTIMAL
    assert row_of(result) == SecondSolver(event, has_time=False).optimum()
    assert dict(result.runtime_s).keys() == {"total", "allocate", "place", "comfort"}
    assert best_by_search(event) == row_of(result)


@given(tiny_events(students=5, companies=4, slots=4))
@settings(max_examples=25)
def test_seeds_and_workers_agree_on_the_value(event: Event) -> None:
    """On both paths."""
    rows = {
        row
        for seed, workers in ((1, 1), (2, 1), (77, 1), (1, 2))
        for row in (
            row_of(solved(event, seed=seed, workers=workers)),
            best_by_search(event, seed=seed, workers=workers),
        )
    }
    assert len(rows) == 1


@given(tiny_events(students=5, companies=4, slots=4))
@settings(max_examples=25)
def test_presolve_and_the_whole_model_alone_agree_on_the_value(event: Event) -> None:
    rows = {cpsat_alone(event, with_presolve=choice) for choice in (True, False)}
    assert rows == {best(event)}


def test_same_event_and_seed_give_the_same_timetable() -> None:
    """A promise where flow and colouring prove the optimum."""
    event = make_event(
        [f"s{n}" for n in range(1, 7)],
        [make_company(f"c{n}") for n in range(1, 5)],
        slots=5,
        rules=Rules(max_meetings_per_student=4),
    )
    assert solved(event).timetable == solved(event).timetable


@pytest.mark.parametrize("is_tight", [True, False])
def test_infeasible_event_has_no_timetable_and_no_levels(is_tight: bool) -> None:
    """Two pins at 13:00 in a room that seats one student, or two."""
    event = make_event(
        ["s1", "s2"],
        ["c1", "c2"],
        rooms=[make_room(capacity=1 if is_tight else 2)],
        decisions=[pin("s1", "c1", 0), pin("s2", "c2", 0)],
    )
    result = solved(event)
    assert (result.status is Status.INFEASIBLE) is is_tight
    assert (result.timetable is None) is is_tight
    assert (result.levels == ()) is is_tight


def test_large_weights_stay_within_the_integers_of_the_flow() -> None:
    """The largest weights a file can hold, a zero among them, and a minimum at every company."""
    event = generate_event(students=2000, companies=100, seed=1)
    large = replace(
        event,
        rules=replace(event.rules, rank_weights=(10**9 - 1, 0)),
        companies=tuple(replace(company, min_meetings=3) for company in event.companies),
    )
    found = allocate(build_instance(large))
    assert found.company_minimum == 3 * 100
    assert found.preferences >= 10**9


def test_guarantees_are_proven_where_the_flow_does_not_prove_them() -> None:
    """The flow hopes for 7 second meetings; that only 5 fit takes the linear relaxation."""
    event = generate_event(
        students=13,
        companies=5,
        seed=30,
        slots=7,
        seats=1,
        tables=1,
        wishes=4,
        with_absences=True,
        is_hard=True,
    )
    assert best(event) == SecondSolver(event).optimum()

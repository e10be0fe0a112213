from dataclasses import replace

import pytest

from scheduler.errors import InvalidEventError
from scheduler.generate import generate_event
from scheduler.model import Event, Progress, Result, Rules, Scores, Status
from scheduler.objective import score
from scheduler.solve import levels_of, solve
from scheduler.strategies.base import Settings
from scheduler.strategies.stages import CUT_SHORT
from scheduler.verify import violations
from tests.scheduler.events import make_company, make_event, make_room, pin

QUICK = Settings(workers=1, comfort_s=0.05)


def solved(event: Event) -> Result:
    return solve(event, QUICK, in_child=False)


def clash() -> Event:
    """Two pins of one student that the rest rule keeps apart in two slots."""
    return make_event(
        companies=["c1", "c2"],
        slots=2,
        decisions=[pin("s1", "c1"), pin("s1", "c2")],
        rules=Rules(max_in_a_row=1),
    )


def test_placed_allocation_is_proven_optimal() -> None:
    event = make_event(["s1", "s2"], ["c1", "c2"])
    result = solved(event)
    assert result.status is Status.OPTIMAL
    assert [level.value for level in result.levels[:3]] == [(2, 2), (0,), (360,)]
    assert all(level.is_proven for level in result.levels[:3])


def test_levels_are_those_of_the_timetable() -> None:
    event = generate_event(students=40, companies=8, seed=1, with_absences=True)
    result = solved(event)
    assert result.timetable is not None
    scores = score(event, result.timetable)
    assert result.levels[0].value == scores.guaranteed
    assert result.levels[2].value == (scores.preferences,)
    assert violations(event, result.timetable) == ()


def test_invalid_event_raises_every_problem() -> None:
    event = make_event(["s1", "s1"], [make_company("c1", seats=0)])
    with pytest.raises(InvalidEventError) as caught:
        solved(event)
    assert {problem.table for problem in caught.value.problems} == {"students", "companies"}


def test_clashing_pins_are_infeasible() -> None:
    result = solved(clash())
    assert (result.status, result.timetable, result.levels) == (Status.INFEASIBLE, None, ())


def test_tables_that_do_not_pack_are_infeasible() -> None:
    event = make_event(
        companies=[make_company("c1", room_id=None, tables=2)], rooms=[make_room("r1", 1)]
    )
    assert solved(event).status is Status.INFEASIBLE


def test_rooms_that_only_a_search_packs_are_found() -> None:
    # largest first with the lightest room first fails: 3+3 and 2+2+2 into two rooms of 6
    companies = [
        make_company(f"c{number}", room_id=None, tables=tables)
        for number, tables in enumerate((3, 2, 3, 2, 2))
    ]
    event = make_event(["s1"], companies, rooms=[make_room("r1", 6), make_room("r2", 6)])
    result = solved(event)
    assert result.status is Status.OPTIMAL
    assert result.timetable is not None
    assert violations(event, result.timetable) == ()


def test_search_takes_over_where_the_allocation_has_no_slots() -> None:
    # both wishes fit the flow, but one needs a walk that the two slots do not leave time for
    rooms = [make_room("r1", building="A"), make_room("r2", building="B")]
    companies = [make_company("c1"), make_company("c2", room_id="r2")]
    event = make_event(["s1"], companies, rooms=rooms, slots=2, rules=Rules(building_change_min=5))
    result = solved(event)
    assert result.status is Status.OPTIMAL
    assert [level.value for level in result.levels[:3]] == [(1, 0), (0,), (100,)]


def test_event_without_people_is_solved() -> None:
    result = solved(make_event([], [], {}))
    assert result.status is Status.OPTIMAL
    assert result.timetable is not None
    assert result.timetable.meetings == ()


def test_same_seed_gives_the_same_timetable_when_placed_by_colouring() -> None:
    event = generate_event(students=12, companies=4, seed=2, with_absences=True)
    settings = replace(QUICK, comfort_s=1, time_limit_s=600)
    first, second = (solve(event, settings, in_child=False) for _ in range(2))
    assert first.timetable == second.timetable


def test_breaks_cut_short_by_the_clock_are_said() -> None:
    event = generate_event(students=60, companies=10, seed=2, with_absences=True)
    settings = replace(QUICK, comfort_s=60, time_limit_s=0.1)
    result = solve(event, settings, in_child=False)
    assert result.status is Status.OPTIMAL
    assert result.notes == (CUT_SHORT,)


def test_breaks_are_left_alone_without_time_for_them() -> None:
    event = generate_event(students=60, companies=10, seed=2, with_absences=True)
    result = solve(event, replace(QUICK, comfort_s=0), in_child=False)
    assert result.comfort is not None
    assert result.levels[3].value == (result.comfort.breaks_before,)
    assert result.notes == ()


def test_child_process_gives_the_same_result() -> None:
    event = generate_event(students=12, companies=4, seed=4)
    heard: list[Progress] = []
    settings = replace(QUICK, comfort_s=1, time_limit_s=600)
    result = solve(event, settings, progress=heard.append)
    assert result.timetable == solve(event, settings, in_child=False).timetable
    assert {progress.stage for progress in heard} == {"allocate", "place", "comfort"}
    assert heard[0].levels == ()
    assert heard[-1].levels == result.levels


def test_stop_keeps_the_best_so_far() -> None:
    event = generate_event(students=150, companies=30, seed=150, seats=1, is_hard=True)
    seen: list[str] = []

    def progress(moment: Progress) -> None:
        seen.append(moment.stage)

    result = solve(
        event, Settings(workers=1), progress=progress, should_stop=lambda: "search" in seen
    )
    assert result.status is Status.FEASIBLE
    assert result.timetable is not None
    assert violations(event, result.timetable) == ()
    assert result.notes == ("Stopped before the end: the best timetable so far is kept.",)


def test_no_time_at_all_is_said() -> None:
    event = make_event(["s1"], ["c1"])
    result = solve(event, replace(QUICK, time_limit_s=0.0), should_stop=lambda: True)
    assert (result.status, result.timetable) == (Status.UNKNOWN, None)
    assert result.notes == ("Stopped before the end: no timetable was found.",)


def test_bound_counts_only_below_the_same_entries() -> None:
    scores = Scores(guaranteed=(5, 4), company_minimum=3, preferences=100, breaks=2)
    bounds = {(): 5, (5,): 5, (5, 5): 3, (5, 4): 3, (5, 5, 3): 90, (5, 4, 3): 120}
    levels = levels_of(scores, bounds)
    assert [level.bound for level in levels] == [(5, 5), (3,), (120,), (0,)]
    assert [level.is_proven for level in levels] == [False, True, False, False]


def test_entry_without_a_bound_is_not_proven() -> None:
    scores = Scores(guaranteed=(5, 4), company_minimum=3, preferences=100, breaks=2)
    levels = levels_of(scores, {(): 5, (5, 4, 3): 100})
    assert [level.bound for level in levels[:3]] == [(5, None), (None,), (100,)]
    assert [level.is_proven for level in levels[:3]] == [False, False, True]


def test_no_breaks_are_proven() -> None:
    scores = Scores(guaranteed=(), company_minimum=0, preferences=0, breaks=0)
    assert levels_of(scores, {})[3].is_proven

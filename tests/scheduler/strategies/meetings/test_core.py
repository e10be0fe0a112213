"""The placing core against brute force on tiny problems, and its parts."""

from __future__ import annotations

import os
import signal
import time
from itertools import product
from pathlib import Path
from random import Random

import pytest
from pysat.solvers import Solver

from benchmarks.dzn import read_placing
from scheduler.strategies.meetings.bounds import least_breaks
from scheduler.strategies.meetings.clauses import Clauses
from scheduler.strategies.meetings.minimise import SearchFailedError, minimise_breaks
from scheduler.strategies.meetings.problem import Meeting, Placing, Status, breaks_in
from scheduler.strategies.meetings.race import Failed, Leg, race
from scheduler.strategies.meetings.search_cpsat import search_cpsat
from scheduler.strategies.meetings.search_sat import Bound, Found, Search
from scheduler.strategies.meetings.verify import count_breaks, violations

ALL = (0, 1, 2, 3)


def brute_force(problem: Placing) -> int | None:
    """Fewest breaks over all ways to place; None when there is none."""
    best = None
    for slots in product(*(m.slots for m in problem.meetings)):
        if not violations(problem, slots):
            breaks = sum(count_breaks(problem, slots).values())
            best = breaks if best is None else min(best, breaks)
    return best


def random_problem(random: Random) -> Placing:
    n_slots = random.randint(3, 5)
    n_people = random.randint(3, 6)
    n_meetings = random.randint(2, 6)
    meetings = []
    for _ in range(n_meetings):
        people = tuple(random.sample(range(n_people), 2))
        slots = tuple(sorted(random.sample(range(n_slots), random.randint(1, n_slots))))
        meetings.append(Meeting(people, slots, random.choice((0, 0, 1, None))))
    pairs = [tuple(sorted(random.sample(range(n_meetings), 2))) for _ in range(2)]
    capacity = random.choices((0, 1, 2), (2, 12, 1), k=n_people * n_slots)
    return Placing(
        n_slots=n_slots,
        capacities=tuple(tuple(capacity[p * n_slots : (p + 1) * n_slots]) for p in range(n_people)),
        meetings=tuple(meetings),
        halls=((random.randint(1, 3),) * n_slots, (random.randint(0, 2),) * n_slots),
        precedences=tuple(p for p in pairs[:1] if random.random() < 0.4),
        conflicts=tuple((*p, random.randint(0, 1)) for p in pairs[1:] if random.random() < 0.4),
        longest_runs=(2,) * n_people if random.random() < 0.2 else (),
        counted=tuple(range(0, n_people, 2)) if random.random() < 0.3 else None,
        fairness=random.choice((None, 0, 1, 2)),
    )


def run_alone(problem: Placing, search) -> int | str | None:
    best, bound = None, 0
    for message in search(problem):
        if isinstance(message, Found):
            assert not violations(problem, message.slots)
            breaks = sum(count_breaks(problem, message.slots).values())
            best = breaks if best is None else min(best, breaks)
        elif message.breaks is None:
            assert best is None
            return None
        else:
            bound = max(bound, message.breaks)
    assert best == bound
    return best


def sat(is_leaping: bool, with_windows: bool, seed: int | None):
    def search(problem):
        sent: list[Found | Bound] = []
        Search(is_leaping, with_windows, seed).run(problem, sent.append)
        return sent

    return search


def cpsat(problem):
    sent: list[Found | Bound] = []
    search_cpsat(problem, sent.append, time_limit_s=30)
    return sent


@pytest.mark.parametrize("block", range(10))
def test_searches_equal_brute_force_on_random_problems(block: int) -> None:
    n_infeasible = 0
    for number in range(40):
        problem = random_problem(Random(1000 * block + number))
        expected = brute_force(problem)
        n_infeasible += expected is None
        for search in (sat(False, False, None), sat(False, True, 1), sat(True, True, None), cpsat):
            assert run_alone(problem, search) == expected, (block, number)
    assert 0 < n_infeasible < 40


def test_minimise_breaks_finds_break_that_pins_force() -> None:
    pinned = (Meeting((0, 1), (0,), 0), Meeting((0, 2), (2,), 0))
    problem = Placing(3, ((1, 1, 1),) * 3, pinned, ((1, 1, 1),))
    outcome = minimise_breaks(problem, time_limit_s=20)
    assert (outcome.status, outcome.breaks, outcome.bound) == (Status.OPTIMAL, 1, 1)


def test_minimise_breaks_proves_too_few_tables_infeasible() -> None:
    meetings = (Meeting((0, 1), (0,), 0), Meeting((2, 3), (0,), 0))
    problem = Placing(2, ((1, 1),) * 4, meetings, ((1, 1),))
    outcome = minimise_breaks(problem, time_limit_s=20)
    assert (outcome.status, outcome.slots) == (Status.INFEASIBLE, None)
    assert " and " in outcome.by  # two searches agree


def test_minimise_breaks_without_meetings_is_zero() -> None:
    outcome = minimise_breaks(Placing(2, ((1, 1),), (), fairness=0), time_limit_s=20)
    assert (outcome.status, outcome.slots, outcome.breaks) == (Status.OPTIMAL, (), 0)


def test_minimise_breaks_meeting_without_slot_is_infeasible() -> None:
    outcome = minimise_breaks(Placing(2, ((1, 1),) * 2, (Meeting((0, 1), ()),)), time_limit_s=20)
    assert outcome.status is Status.INFEASIBLE


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_minimise_breaks_workers_agree_on_value(workers: int) -> None:
    problem = random_problem(Random(5))
    outcome = minimise_breaks(problem, time_limit_s=30, workers=workers)
    assert outcome.breaks == brute_force(problem)


def test_minimise_breaks_keeps_optimum_when_floor_is_beyond_first_width() -> None:
    alone = [Meeting((p, 100 + p), (t,)) for p in range(20) for t in (0, 2)]
    problem = Placing(3, ((2, 2, 2),) * 120, tuple(alone))
    outcome = minimise_breaks(problem, time_limit_s=30)
    assert (outcome.status, outcome.breaks) == (Status.OPTIMAL, 40)


def test_minimise_breaks_stops_when_asked() -> None:
    began = time.monotonic()
    outcome = minimise_breaks(random_problem(Random(1)), time_limit_s=60, should_stop=lambda: True)
    assert time.monotonic() - began < 2
    assert outcome.status is Status.UNKNOWN


def test_search_goes_on_from_what_is_known() -> None:
    pinned = (Meeting((0, 1), (0,), 0), Meeting((0, 2), (1, 2), 0))
    problem = Placing(3, ((1, 1, 1),) * 3, pinned, ((1, 1, 1),))
    sent: list[Found | Bound] = []
    Search(False, False, 3).run(problem, sent.append, bound=0, best=1)
    assert sent[-1] == Found((0, 1))


def test_least_breaks_counts_what_absence_forces() -> None:
    meetings = tuple(Meeting((0, p), (0, 1, 3)) for p in (1, 2, 3))
    problem = Placing(4, ((1, 1, 0, 1),) + ((1,) * 4,) * 3, meetings)
    assert least_breaks(problem, 0) == 1


def test_least_breaks_is_none_when_alone_too_many() -> None:
    meetings = tuple(Meeting((0, p), (0, 1)) for p in (1, 2, 3))
    problem = Placing(4, ((1,) * 4,) * 4, meetings)
    assert least_breaks(problem, 0) is None


@pytest.mark.parametrize(("limit", "number"), [(0, 3), (1, 9), (2, 5), (3, 7), (9, 4)])
def test_clauses_at_most_allows_exactly_the_small_sets(limit: int, number: int) -> None:
    clauses = Clauses()
    xs = [clauses.variable() for _ in range(number)]
    clauses.at_most(xs, limit)
    with Solver("cadical195", bootstrap_with=clauses.clauses) as solver:
        for values in product((False, True), repeat=number):
            assumed = [x if v else -x for x, v in zip(xs, values, strict=True)]
            assert solver.solve(assumed) == (sum(values) <= limit)


@pytest.mark.parametrize("number", [1, 4, 6])
def test_clauses_count_is_exact_both_ways(number: int) -> None:
    clauses = Clauses()
    xs = [clauses.variable() for _ in range(number)]
    outputs = clauses.count(xs, 4)
    with Solver("cadical195", bootstrap_with=clauses.clauses) as solver:
        for values in product((False, True), repeat=number):
            assumed = [x if v else -x for x, v in zip(xs, values, strict=True)]
            for j, output in enumerate(outputs, 1):
                assert solver.solve([*assumed, output]) == (sum(values) >= j)
                assert solver.solve([*assumed, -output]) == (sum(values) < j)


@pytest.mark.parametrize(("slots", "breaks"), [((), 0), ((3,), 0), ((1, 2), 0), ((0, 2, 5), 2)])
def test_breaks_in_counts_idle_runs(slots: tuple[int, ...], breaks: int) -> None:
    assert breaks_in(slots) == breaks


def test_violations_names_each_rule() -> None:
    meetings = (Meeting((0, 1), (0, 1), 0), Meeting((0, 2), (0, 1, 2), 0))
    problem = Placing(
        3, ((1, 1, 1),) * 3, meetings, ((1, 1, 1),), ((0, 1),), ((0, 1, 1),), (1, 1, 1)
    )
    assert violations(problem, (0, 2)) == []
    text = " ".join(violations(problem, (2, 2)))
    assert "allowed" in text
    assert "person 0 has 2" in text
    assert "hall 0 has 2" in text
    assert "not before" in text
    assert "within 1" in text
    assert "in a row" in " ".join(violations(problem, (0, 1)))


def _die(send) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _fail(send) -> None:
    raise RuntimeError("no solver")


def _answer(send) -> None:
    send(42)


def _sleep(send) -> None:
    time.sleep(60)


@pytest.mark.parametrize("bad", [_die, _fail, _sleep])
def test_race_goes_on_with_next_leg(bad) -> None:
    heard: list[object] = []

    def handle(name: str, message: object) -> bool:
        heard.append(message)
        return message == 42

    race(
        [[Leg("bad", lambda: bad, 0.2), Leg("good", lambda: _answer)]],
        handle=handle,
        time_limit_s=20,
    )
    assert heard[-1] == 42
    assert all(isinstance(message, Failed) for message in heard[:-1])


def test_race_ends_at_time_limit() -> None:
    began = time.monotonic()
    race([[Leg("long", lambda: _sleep)]], handle=lambda *_: False, time_limit_s=0.3)
    assert time.monotonic() - began < 2


def test_read_placing_is_liberal(tmp_path: Path) -> None:
    path = tmp_path / "tiny.dzn"
    path.write_text(
        "% a comment; here\nprecedences=[{},{1}]; fixat = [0,\n 2];\n"
        "forbidden = [ {0, 3} , {}, 1..1];nTables=1;\nnMorningSlots=2; nTotalSlots = 3;"
        "requested=[| 1,2,3 |2 , 3, 1|];nMeetings=2;nBusiness=3\n"
    )
    problem = read_placing(path)
    assert [m.slots for m in problem.meetings] == [(0, 1), (1,)]
    assert problem.precedences == ((0, 1),)
    assert problem.capacities == ((1, 1, 0), (1, 1, 1), (0, 1, 1))
    assert problem.fairness == 2
    assert minimise_breaks(problem, time_limit_s=20).breaks == 0


def test_read_placing_names_missing_item(tmp_path: Path) -> None:
    path = tmp_path / "bad.dzn"
    path.write_text("nMeetings = 0;")
    with pytest.raises(ValueError, match=r"bad\.dzn.*nTotalSlots"):
        read_placing(path)


def test_minimise_breaks_says_when_every_search_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.strategies.meetings.minimise.search_cpsat", _broken)
    monkeypatch.setattr("scheduler.strategies.meetings.search_sat.SOLVER", "no-such-solver")
    with pytest.raises(SearchFailedError, match="sat from below"):
        minimise_breaks(random_problem(Random(1)), time_limit_s=20)


def _broken(*args: object, **named: object) -> None:
    raise RuntimeError("broken")

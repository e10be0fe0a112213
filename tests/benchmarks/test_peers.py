"""The peers of the benchmark keep the rules, and are asked what we are asked."""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from benchmarks.against_peers import contradictions
from benchmarks.command import run_program
from benchmarks.peers.answer import Answer, Held
from benchmarks.peers.by_hand import by_rank, first_come
from benchmarks.peers.cp_sat import cp_sat, cp_sat_by_level
from benchmarks.peers.highs import highs
from benchmarks.peers.run import Measured, seated
from benchmarks.peers.visit import answer_of, common_part, question_of
from scheduler.model import CompanyId, Event, Rules, Scores, Status, StudentId
from scheduler.objective import score
from scheduler.solve import solve
from scheduler.strategies.base import Settings, entries
from scheduler.verify import violations
from tests.scheduler.events import (
    company_away,
    make_company,
    make_event,
    make_room,
    pin,
    student_away,
    tiny_events,
)

TWO_HOUSES = (make_room("r1", building="A"), make_room("r2", building="B"))
STRICT = make_event(
    ["s1", "s2"],
    [
        make_company("c1", min_meetings=1),
        make_company("c2", room_id="r2", seats=2),
        make_company("c3", max_meetings=1),
    ],
    rooms=(replace(TWO_HOUSES[0], capacity=1), TWO_HOUSES[1]),
    slots=5,
    breaks=[(24, 40)],
    decisions=[pin("s2", "c2", 12)],
    absences=[company_away("c1", 0, 10), student_away("s1", 12, 22)],
    rules=Rules(max_in_a_row=1, building_change_min=5),
)


def held(*meetings: tuple[str, str, int]) -> tuple[Held, ...]:
    return tuple((StudentId(s), CompanyId(c), slot) for s, c, slot in meetings)


def values(event: Event, answer: Answer) -> tuple[int, ...]:
    assert answer.meetings is not None
    timetable = seated(event, answer.meetings)
    assert violations(event, timetable) == ()
    return entries(score(event, timetable))


def is_known(event: Event) -> bool:
    is_placed = all(company.room_id for company in event.companies)
    return is_placed and not event.rules.offer_unranked


@settings(deadline=None, max_examples=30)
@given(tiny_events())
def test_plain_programme_has_our_optimum_under_every_rule(event: Event) -> None:
    assume(is_known(event))
    ours = solve(event, Settings(), in_child=False)
    answer = highs(event, 10, 1)
    assert (answer.meetings is None) is (ours.status is Status.INFEASIBLE)
    if ours.timetable is not None:
        assert values(event, answer) == answer.bounds == entries(score(event, ours.timetable))


@pytest.mark.parametrize("peer", [cp_sat, cp_sat_by_level])
def test_cp_sat_proves_the_same(peer: object) -> None:
    assert callable(peer)
    answer = peer(STRICT, 10, 1)
    assert values(STRICT, answer) == answer.bounds == highs(STRICT, 10, 1).bounds


@settings(deadline=None, max_examples=30)
@given(tiny_events(with_pins=False))
def test_work_by_hand_breaks_no_rule_and_proves_nothing(event: Event) -> None:
    assume(is_known(event))
    best = highs(event, 10, 1).bounds
    for peer in (first_come, by_rank):
        answer = peer(event, 10, 1)
        assert values(event, answer) <= tuple(bound or 0 for bound in best)
        assert set(answer.bounds) == {None}


def test_first_come_takes_its_whole_list_and_greedy_goes_round_by_round() -> None:
    event = make_event(
        ["s1", "s2", "s3"],
        [make_company(c, max_meetings=1) for c in ("c1", "c2", "c3")],
        {"s1": ["c1", "c2", "c3"], "s2": ["c2", "c3", "c1"], "s3": ["c3", "c1", "c2"]},
    )
    assert values(event, first_come(event, 1, 1))[0] == 1
    assert values(event, by_rank(event, 1, 1))[0] == 3


def test_pinned_slot_is_kept_by_hand() -> None:
    assert held(("s2", "c2", 1))[0] in (first_come(STRICT, 1, 1).meetings or ())


def test_students_fill_table_by_table() -> None:
    event = make_event(["s1", "s2", "s3"], ["c0", make_company("c1", tables=2)])
    two = seated(event, held(("s1", "c1", 0), ("s2", "c1", 0)))
    assert [meeting.table for meeting in two.meetings] == [2, 3]
    three = seated(event, held(("s1", "c1", 0), ("s2", "c1", 0), ("s3", "c1", 0)))
    assert [violation.rule for violation in violations(event, three)] == ["seats"]


def test_answer_survives_its_file(tmp_path: Path) -> None:
    for meetings in (None, held(("s1", "c1", 0))):
        answer = Answer(meetings, (1, None), 0.5)
        answer.write(tmp_path / "answer.json")
        assert Answer.read(tmp_path / "answer.json") == answer


def test_common_part_is_what_the_visit_scheduler_knows() -> None:
    with pytest.raises(ValueError, match="does not know every rule"):
        question_of(STRICT)
    part = common_part(STRICT)
    assert common_part(part) == part
    assert {company.capacity for company in part.companies} == {1}
    assert part.rules.building_change_min == 5
    plain = make_event(["s1"], [make_company("c1", seats=2), make_company("c2", seats=2)])
    assert common_part(plain) == plain


def test_question_has_a_slot_for_a_pause_in_which_nobody_is_present() -> None:
    question = question_of(common_part(STRICT))
    assert question["slots"][1:4] == ["1:12 PM-1:22 PM", "1:22 PM-1:40 PM", "1:40 PM-1:50 PM"]
    assert question["companies"][0]["slots"] == [2, 4, 5, 6]
    assert question["students"][0]["slots"] == [1, 4, 5, 6]
    assert question["pins"] == [["s2", "c2", 2]]
    assert ["s1", "c2", 80] in question["points"]


@pytest.mark.parametrize(("minimum", "students"), [(2, 2), (1, None)])
def test_bound_of_level_1_needs_the_whole_guarantee(
    minimum: int, students: int | None, tmp_path: Path
) -> None:
    event = common_part(STRICT)
    told = {"meetings": [["s1", "c1", 4]], "bound": 99.9999999, "minimum": minimum, "seconds": 1}
    (tmp_path / "answer.json").write_text(json.dumps(told), encoding="utf-8")
    answer = answer_of(event, question_of(event), tmp_path / "answer.json")
    assert answer.meetings == held(("s1", "c1", 2))
    assert answer.bounds == (students, students, 0, 100)


def measured(preferences: int, *, bound: int | None, broken: int = 0) -> Measured:
    scores = Scores((2, 2), 0, preferences, 0)
    bounds = (2, 2, 0, bound)
    return Measured(scores, None, bounds, 1.0, 1.0, is_cut=False, broken=broken)


def test_contradictions_are_named() -> None:
    assert contradictions({"a": measured(7, bound=7), "b": measured(5, bound=None)}) == []
    better = contradictions({"a": measured(7, bound=7), "b": measured(8, bound=None)})
    assert better == ["b has (2, 2, 0, 8), but a has proven (2, 2, 0, 7)"]
    assert contradictions({"a": measured(7, bound=7, broken=1)}) == ["a breaks 1 rules"]


def test_program_past_its_limit_is_killed_and_still_measured() -> None:
    run = run_program([sys.executable, "-c", "import time; time.sleep(600)"], limit_s=0.2)
    assert run.exit_status == -signal.SIGKILL
    assert run.peak_mb > 0

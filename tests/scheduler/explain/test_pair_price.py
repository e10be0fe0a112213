"""What the meeting of a pair would cost the others, and how it is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.errors import InvalidEventError
from scheduler.explain.pair import explain_pair
from scheduler.explain.pair_answer import (
    OwnMeetings,
    PairAnswer,
    PairKind,
    SharedPlaces,
)
from scheduler.explain.pair_price import Solve, find_price
from scheduler.explain.pair_words import sentences
from scheduler.model import (
    Event,
    Result,
    Rules,
    Status,
    Timetable,
)
from scheduler.solve import solve
from scheduler.strategies.base import Settings
from tests.scheduler.events import (
    make_company,
    make_event,
    make_meeting,
    make_student,
    make_timetable,
)
from tests.scheduler.explain.asking import SETTINGS, explain, said


def test_price_is_told_in_points_and_ranks() -> None:
    rules = Rules(guaranteed_meetings_per_student=0)
    event = make_event(
        ["s1", "s2"], ["c2", "c1"], {"s1": ["c2", "c1"], "s2": ["c1"]}, slots=1, rules=rules
    )
    answer = explain(event, make_meeting(0, "s1", "c2", 1), make_meeting(0, "s2", "c1", 2))
    assert answer.kind is PairKind.COSTS_WISHES
    assert answer.places == SharedPlaces(1, 1, 1, ((1, 1),), 1)
    price = answer.price
    assert price is not None
    assert price.is_proven
    assert price.is_certain
    assert [(e.before, e.after) for e in price.entries[1:]] == [(200, 80)]
    assert (price.moves.lost, price.moves.gained, price.moves.own_lost) == (
        ((1, 1),),
        (),
        ((1, 1),),
    )
    assert sentences(event, answer) == (
        "Company c1 has 1 place in the 1 slot in which both are present; it went to a student "
        "with rank 1.",
        "They can meet, but the wishes of all together are then worth fewer points.",
        "120 fewer points for wishes (80 instead of 200).",
        "With the fewest changes, 1 other student meets other companies: lost 1 of rank 1.",
        "Student s1, besides: lost 1 of rank 1.",
    )


def test_guarantee_is_told_as_coming_first() -> None:
    rules = Rules(guaranteed_meetings_per_student=1)
    event = make_event(
        ["s1", "s2"], ["c1", "c2"], {"s1": ["c1", "c2"], "s2": ["c1"]}, slots=1, rules=rules
    )
    answer = explain(event, make_meeting(0, "s1", "c2", 2), make_meeting(0, "s2", "c1"))
    assert answer.kind is PairKind.COSTS_GUARANTEE
    assert sentences(event, answer)[1:4] == (
        "They can meet only at the cost of guaranteed meetings, which come first.",
        "1 fewer student with 1 meeting or more (1 instead of 2).",
        "80 fewer points for wishes (100 instead of 180).",
    )


def test_companies_minimum_is_told_as_coming_before_wishes() -> None:
    rules = Rules(guaranteed_meetings_per_student=0)
    event = make_event(["s1"], ["c1", make_company("c2", min_meetings=1)], slots=1, rules=rules)
    answer = explain(event, make_meeting(0, "s1", "c2", 2))
    assert answer.kind is PairKind.COSTS_MINIMUM
    assert sentences(event, answer)[1:] == (
        "They can meet only at the cost of companies' minimums, which come before wishes.",
        "1 fewer meeting towards the companies' minimums (0 instead of 1).",
        "20 more points for wishes (100 instead of 80).",
        "With the fewest changes, every other student keeps the same companies, perhaps at other "
        "times.",
        "Student s1, besides: lost 1 of rank 2.",
    )


def test_equally_good_timetable_is_said_to_exist_and_changes_nobody_needlessly() -> None:
    rules = Rules(guaranteed_meetings_per_student=0)
    event = make_event([f"s{n}" for n in range(1, 8)], ["c1"], slots=6, rules=rules)
    meetings = [make_meeting(n - 2, f"s{n}", "c1") for n in range(2, 8)]
    answer = explain(event, *meetings)
    assert answer.kind is PairKind.EQUALLY_GOOD
    assert sentences(event, answer) == (
        "Company c1 has 6 places in the 6 slots in which both are present; all went to students "
        "with rank 1.",
        "An equally good timetable exists in which they meet.",
        "With the fewest changes, 1 other student meets other companies: lost 1 of rank 1.",
    )


def test_timetable_that_is_not_the_best_is_told() -> None:
    answer = explain(make_event())
    assert answer.kind is PairKind.BETTER
    assert said(make_event())[:2] == (
        "Company c1 has 3 places in the 3 slots in which both are present; none is taken.",
        "A better timetable than this one exists, in which they meet.",
    )


def test_full_student_is_told_with_ranks_as_part_of_the_price() -> None:
    event = make_event([make_student(max_meetings=1)], ["c2", "c1"])
    answer = explain(event, make_meeting(0, "s1", "c2"))
    assert answer.own == OwnMeetings((1,), 1, is_own_limit=True, is_all_better=True)
    assert sentences(event, answer)[0] == (
        "Student s1 has 1 meeting, as many as Student s1 asked for (rank 1); each is worth more "
        "points than this one would be."
    )
    assert answer.kind is PairKind.COSTS_WISHES


def test_no_other_student_is_named() -> None:
    event = make_event(
        [make_student("s1"), make_student("s2", name="Somebody Else")], ["c1"], slots=1
    )
    text = " ".join(said(event, make_meeting(0, "s2", "c1")))
    assert "with rank 1" in text
    assert "Somebody" not in text


def crowded() -> tuple[Event, Timetable]:
    """Two students, two companies, one slot: s1 meets c2, s2 meets c1, both their first wish."""
    rules = Rules(guaranteed_meetings_per_student=1)
    event = make_event(["s1", "s2"], ["c1", "c2"], {"s1": ["c2", "c1"], "s2": ["c1"]}, slots=1)
    table = make_timetable(make_meeting(0, "s1", "c2", 2), make_meeting(0, "s2", "c1"))
    return replace(event, rules=rules), table


def unproven(students: int | None, points: int | None) -> Solve:
    """A solve that ends with these bounds on students with a meeting, and on points."""

    def run(event: Event, own: Settings) -> Result:
        result = solve(event, own, in_child=False)
        first, minimum, wishes, breaks = result.levels
        levels = (
            replace(first, bound=(students,)),
            minimum,
            replace(wishes, bound=(points,)),
            breaks,
        )
        return replace(result, status=Status.FEASIBLE, levels=levels)

    return run


@pytest.mark.parametrize(
    ("students", "points", "is_certain", "changes"),
    [
        (
            1,
            150,
            True,
            (
                "They can meet only at the cost of guaranteed meetings, which come first.",
                "1 fewer student with 1 meeting or more (1 instead of 2).",
                "In the timetable found, 80 points for wishes instead of 200; in the best, at "
                "most 150.",
            ),
        ),
        (
            2,
            150,
            False,
            (
                "They can meet at this price at most; a smaller one may be possible.",
                "In the timetable found, 1 student with 1 meeting or more instead of 2; in the "
                "best, at most 2.",
                "In the timetable found, 0 meetings towards the companies' minimums as now.",
                "In the timetable found, 80 points for wishes instead of 200.",
            ),
        ),
    ],
)
def test_unproven_price_is_told_as_at_most(
    students: int, points: int, is_certain: bool, changes: tuple[str, ...]
) -> None:
    event, table = crowded()
    answer = explain_pair(event, table, "s1", "c1", settings=SETTINGS, in_child=False)
    pair = event.students[0].student_id, event.companies[0].company_id
    solve_badly = unproven(students, points)
    _, price = find_price(event, table, pair, solve=solve_badly, settings=SETTINGS)
    assert price is not None
    assert (price.is_proven, price.is_certain) == (False, is_certain)
    assert not price.moves.is_fewest
    text = sentences(event, replace(answer, price=price))
    assert text[1 : 1 + len(changes)] == changes
    assert text[1 + len(changes)].startswith("In the timetable found, 1 other student meets")


def test_no_answer_in_time_is_said() -> None:
    event, table = crowded()

    def run(event: Event, own: Settings) -> Result:
        found = solve(event, own, in_child=False)
        return replace(found, status=Status.UNKNOWN, timetable=None, levels=())

    pair = event.students[0].student_id, event.companies[0].company_id
    assert find_price(event, table, pair, solve=run, settings=SETTINGS) == (Status.UNKNOWN, None)
    answer = PairAnswer(PairKind.UNKNOWN, event.students[0], event.companies[0], 2)
    assert sentences(event, answer) == ("Whether they could meet was not found out in time.",)


def test_price_is_found_in_a_child_process_too() -> None:
    event, table = crowded()
    inside = explain_pair(event, table, "s1", "c1", settings=SETTINGS, in_child=False)
    assert explain_pair(event, table, "s1", "c1", settings=SETTINGS) == inside


def test_unknown_ids_are_told_both() -> None:
    with pytest.raises(InvalidEventError) as caught:
        explain(make_event(), student="s9", company="c9")
    assert [str(problem) for problem in caught.value.problems] == [
        "students, column student_id: 's9' is not there; give an id of this column",
        "companies, column company_id: 'c9' is not there; give an id of this column",
    ]


def test_broken_timetable_is_refused_with_the_rule() -> None:
    event = make_event(["s1", "s2"])
    with pytest.raises(InvalidEventError, match=r"timetable: seats: .*2 students"):
        explain(event, make_meeting(0, "s1", "c1"), make_meeting(0, "s2", "c1"))

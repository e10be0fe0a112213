"""The four levels and the metrics of timetables whose value is checked by eye."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.model import (
    Company,
    CompanyId,
    Event,
    Metrics,
    Preference,
    Rules,
    Student,
    StudentId,
)
from scheduler.objective import PairWeights, breaks_of, metrics, score
from tests.scheduler.events import (
    languages,
    make_company,
    make_event,
    make_meeting,
    make_student,
    make_timetable,
    needs,
    pin,
    student_away,
    veto,
    yes,
)


def weight(event: Event, student: int = 0, company: int = 0) -> int:
    return PairWeights(event).weight(
        event.students[student].student_id, event.companies[company].company_id
    )


# level 1


def test_guaranteed_counts_students_with_at_least_one_two_three_meetings() -> None:
    """s1 has three meetings, s2 two, s3 one, s4 none."""
    rules = Rules(guaranteed_meetings_per_student=3)
    event = make_event(["s1", "s2", "s3", "s4"], ["c1", "c2", "c3"], rules=rules)
    table = make_timetable(
        *(make_meeting(slot, "s1", f"c{slot + 1}", slot + 1) for slot in range(3)),
        make_meeting(1, "s2", "c1"),
        make_meeting(2, "s2", "c2", 2),
        make_meeting(0, "s3", "c3", 3),
    )
    assert score(event, table).guaranteed == (3, 2, 1)


def test_guaranteed_goes_as_far_as_the_guarantee() -> None:
    table = make_timetable(make_meeting(0, "s1", "c1"))
    for guarantee, expected in ((0, ()), (1, (1,)), (2, (1, 0))):
        event = make_event(rules=Rules(guaranteed_meetings_per_student=guarantee))
        assert score(event, table).guaranteed == expected


# level 2


def test_company_minimum_counts_meetings_up_to_each_minimum() -> None:
    """c1 has two of one asked, c2 one of two, c3 one and asked for none: 1 + 1 + 0."""
    companies = [make_company(min_meetings=1), make_company("c2", min_meetings=2), "c3"]
    event = make_event(["s1", "s2"], companies)
    table = make_timetable(
        make_meeting(0, "s1", "c1"),
        make_meeting(1, "s2", "c1"),
        make_meeting(1, "s1", "c2", 2),
        make_meeting(0, "s2", "c3", 3),
    )
    assert score(event, table).company_minimum == 2


# level 3


@pytest.mark.parametrize(
    ("rank", "points"), [(1, 100), (2, 80), (3, 64), (10, 13), (11, 10), (40, 10)]
)
def test_rank_has_its_weight_and_later_ranks_have_ten(rank: int, points: int) -> None:
    wish = Preference(StudentId("s1"), CompanyId("c1"), rank)
    assert weight(replace(make_event(), preferences=(wish,))) == points
    assert weight(make_event(wishes={})) == 0


def test_every_rank_is_later_when_no_weights_are_given() -> None:
    assert weight(make_event(rules=Rules(rank_weights=()))) == 10


def test_mutual_bonus_adds_to_the_rank() -> None:
    assert weight(make_event(shortlist=[yes("c1", "s1")])) == 100 + 50


def test_mutual_bonus_counts_for_a_pair_without_a_rank() -> None:
    assert weight(make_event(wishes={}, shortlist=[yes("c1", "s1")])) == 50


def test_verdicts_on_others_and_vetoes_give_no_bonus() -> None:
    event = make_event(["s1", "s2"], ["c1", "c2"], shortlist=[yes("c1", "s2"), veto("c2", "s1")])
    assert (weight(event), weight(event, company=1)) == (100, 80)


def with_small_talk(spoken: str, wished: str) -> int:
    student: Student = make_student(languages=languages(spoken))
    company: Company = make_company(small_talk=needs(wished))
    return weight(make_event([student], [company])) - 100


@pytest.mark.parametrize(
    ("spoken", "wished", "bonus"),
    [
        ("da:A2", "da:A2", 5),
        ("da:A1", "da:A2", 0),
        ("da:B1;pt-br:C1", "da:A2;pt:B2", 5),
        ("da:B1", "da:A2;pt:B2", 0),
        ("es:B2", "pt:B2|es:B2", 5),
        ("da:native", "", 0),
        ("", "da:A1", 0),
    ],
)
def test_small_talk_gives_its_bonus_once_and_only_for_all_terms(
    spoken: str, wished: str, bonus: int
) -> None:
    assert with_small_talk(spoken, wished) == bonus


def test_preferences_add_up_over_meetings() -> None:
    """Rank 1, rank 2 with a yes, and an unranked pin: 100 + (80 + 50) + 0."""
    event = make_event(
        ["s1", "s2"],
        ["c1", "c2"],
        {"s1": ["c1", "c2"]},
        shortlist=[yes("c2", "s1")],
        decisions=[pin("s2", "c1")],
    )
    table = make_timetable(
        make_meeting(0, "s1", "c1"),
        make_meeting(1, "s1", "c2", 2),
        make_meeting(1, "s2", "c1"),
    )
    assert score(event, table).preferences == 230


# level 4


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ([], 0),
        ([3], 0),
        ([0, 1, 2], 0),
        ([0, 2], 1),
        ([0, 5], 1),
        ([5, 0, 3], 2),
        ([0, 2, 4, 6], 3),
        ([4, 5, 9], 1),
    ],
)
def test_break_is_a_run_of_idle_slots_between_first_and_last(
    slots: list[int], expected: int
) -> None:
    assert breaks_of(slots) == expected


def test_breaks_are_summed_over_students() -> None:
    """s1 waits once, s2 twice; what is before the first and after the last does not count."""
    event = make_event(["s1", "s2"], ["c1", "c2", "c3"], slots=7)
    table = make_timetable(
        make_meeting(1, "s1", "c1"),
        make_meeting(3, "s1", "c2", 2),
        make_meeting(1, "s2", "c2", 2),
        make_meeting(3, "s2", "c3", 3),
        make_meeting(5, "s2", "c1"),
    )
    assert score(event, table).breaks == 3


def breaks_of_one(event: Event, *slots: int) -> int:
    """Breaks of s1 who meets c1, c2, ... in these slots."""
    meetings = (make_meeting(slot, "s1", f"c{n}", n) for n, slot in enumerate(slots, 1))
    return score(event, make_timetable(*meetings)).breaks


def test_slots_of_absence_are_idle() -> None:
    event = make_event(["s1"], ["c1", "c2"], absences=[student_away("s1", 12, 22)])
    assert breaks_of_one(event, 0, 2) == 1


def test_event_break_inside_an_idle_run_counts_once() -> None:
    """Slots 0-10, 12-22, a break, 30-40, 42-52: idle in the two around the break."""
    event = make_event(["s1"], ["c1", "c2"], slots=4, breaks=[(24, 30)])
    assert [slot.start_min for slot in event.window.slots] == [0, 12, 30, 42]
    assert breaks_of_one(event, 0, 3) == 1


def test_event_break_without_an_idle_slot_is_none() -> None:
    event = make_event(["s1"], ["c1", "c2"], slots=4, breaks=[(24, 30)])
    assert breaks_of_one(event, 1, 2) == 0


# metrics


def test_metrics_count_meetings_and_students() -> None:
    event = make_event(["s1", "s2", "s3"], ["c1", "c2"])
    table = make_timetable(
        make_meeting(0, "s1", "c1"), make_meeting(1, "s1", "c2", 2), make_meeting(0, "s2", "c2", 2)
    )
    assert metrics(event, table) == Metrics(
        meetings=3,
        students_without_meeting=1,
        below_guarantee=(StudentId("s2"), StudentId("s3")),
        mean_rank=(1 + 2 + 2) / 3,
        first_choice_share=1 / 3,
    )


def test_mean_rank_leaves_unranked_meetings_out() -> None:
    event = make_event(["s1"], ["c1", "c2"], {"s1": ["c2"]}, decisions=[pin("s1", "c1")])
    table = make_timetable(make_meeting(0, "s1", "c1"), make_meeting(1, "s1", "c2", 2))
    assert metrics(event, table).mean_rank == 1


def test_first_choice_share_is_over_students_with_wishes() -> None:
    """s1 meets its first choice, s2 has wishes, s3 has none."""
    event = make_event(["s1", "s2", "s3"], ["c1", "c2"], {"s1": ["c1"], "s2": ["c2"]})
    table = make_timetable(make_meeting(0, "s1", "c1"))
    assert metrics(event, table).first_choice_share == 1 / 2


def test_metrics_of_nothing_have_no_averages() -> None:
    event = make_event(wishes={}, rules=Rules(guaranteed_meetings_per_student=0))
    assert metrics(event, make_timetable()) == Metrics(0, 1, (), None, None)

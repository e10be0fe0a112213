"""How groups fare: means by eye, small groups joined, and when a group is clearly below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.model import Event, Timetable
from scheduler.reports.fairness import SMALLEST_GROUP, FairnessRow, fairness
from scheduler.reports.files import write_timetable_xlsx
from tests.scheduler.events import languages, make_event, make_meeting, make_student, make_timetable


def event_of(programmes: Iterable[str], **values: Any) -> Event:
    """Students s1, s2 ... of these programmes, who rank c1, c2 and c3."""
    people = [
        make_student(f"s{n}", programme=programme, **values)
        for n, programme in enumerate(programmes, 1)
    ]
    return make_event(people, ["c1", "c2", "c3"])


def with_meetings(counts: Iterable[int]) -> Timetable:
    """So many meetings for s1, s2 ..., with c3 first, then c2."""
    return make_timetable(
        *(
            make_meeting(slot, f"s{n}", f"c{3 - slot}")
            for n, count in enumerate(counts, 1)
            for slot in range(count)
        )
    )


def by(rows: Iterable[FairnessRow], what: str) -> Mapping[str, FairnessRow]:
    return {row.group: row for row in rows if row.by == what}


def sizes(event: Event, what: str = "programme") -> dict[str, int]:
    rows = by(fairness(event, Timetable(())), what)
    return {group: row.students for group, row in rows.items()}


def test_means_are_per_student_and_of_the_best_rank_met() -> None:
    event = event_of(["Law"] * 5 + ["Art"] * 5)
    rows = fairness(event, with_meetings([2, 1, 1, 1, 0, 2, 2, 2, 2, 2]))
    everybody = rows[0]
    law, art = by(rows, "programme")["Law"], by(rows, "programme")["Art"]
    assert (everybody.students, everybody.meetings, everybody.wishes) == (10, 1.5, 3.0)
    assert (law.meetings, law.best_rank) == (1.0, (2 + 3 + 3 + 3) / 4)
    assert (art.meetings, art.best_rank) == (2.0, 2.0)


def test_group_without_a_meeting_has_no_best_rank() -> None:
    assert fairness(event_of(["Law"] * 5), Timetable(()))[0].best_rank is None


def test_groups_under_five_are_joined() -> None:
    assert sizes(event_of(["Law"] * 5 + ["Art"] * 4 + ["Physics"])) == {"Law": 5, "other": 5}


def test_single_small_group_takes_the_next_smallest_along() -> None:
    """Else who knows the numbers of all would know those of the small group."""
    event = event_of(["Law"] * 7 + ["Art"] * 5 + ["Physics"] * 2)
    assert sizes(event) == {"Law": 7, "other": 7}


def test_fewer_than_five_students_are_not_shown() -> None:
    assert fairness(event_of(["Law"] * 4), Timetable(())) == ()


def test_student_without_a_programme_is_not_stated() -> None:
    assert sizes(event_of([""] * 5)) == {"not stated": 5}


def test_home_language_is_the_first_native_one() -> None:
    event = event_of(["Law"] * 5, languages=languages("en:C2;pt:native;da:native"))
    assert sizes(event, "home language") == {"Portuguese": 5}


def test_student_without_a_native_language_is_not_stated() -> None:
    event = event_of(["Law"] * 5, languages=languages("en:C2"))
    assert sizes(event, "home language") == {"not stated": 5}


@given(st.lists(st.sampled_from(["Law", "Art", "Physics", "other", ""]), max_size=40))
def test_no_group_shown_is_under_five(programmes: list[str]) -> None:
    shown = sizes(event_of(programmes))
    assert all(size >= SMALLEST_GROUP for size in shown.values())
    assert sum(shown.values()) == (len(programmes) if len(programmes) >= SMALLEST_GROUP else 0)


@pytest.mark.parametrize(
    ("counts", "is_below"),
    [
        ([0] * 6 + [2] * 24, True),  # 1.6 below, one error 0.30
        ([1] * 6 + [2, 0] * 12, False),  # equal means
        ([0, 0, 0, 2, 2, 2] + [2, 0] * 8 + [2] * 8, False),  # 0.3 below: too little
        ([0, 0, 0, 0, 0, 2] + [2, 0] * 12, False),  # 0.5 below, one error 0.37: chance
    ],
)
def test_clearly_below_is_much_and_more_than_chance(counts: list[int], is_below: bool) -> None:
    event = event_of(["Law"] * 6 + ["Art"] * 24)
    rows = fairness(event, with_meetings(counts))
    assert by(rows, "programme")["Law"].is_clearly_below is is_below


def test_joined_groups_are_not_judged() -> None:
    event = event_of(["Law"] * 3 + ["Physics"] * 3 + ["Art"] * 24)
    rows = fairness(event, with_meetings([0] * 6 + [2] * 24))
    assert not by(rows, "programme")["other"].is_clearly_below


def test_workbook_has_the_rows_behind_timetable_and_students(tmp_path: Path) -> None:
    event = event_of(["Law"] * 5 + ["Art"] * 5)
    timetable = with_meetings([1, 1, 1, 0, 0, 1, 1, 1, 1, 1])
    write_timetable_xlsx(event, timetable, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames[:3] == ["timetable", "students", "fairness"]
    rows = list(book["fairness"].values)
    assert rows[1] == ("all students", "all students", 10, 0.8, 3, 3, None)
    assert rows[3][:4] == ("programme", "Law", 5, 0.6)

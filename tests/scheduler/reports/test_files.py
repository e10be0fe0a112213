"""The result files, read back."""

import csv
import io
import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scheduler.errors import SchedulerError
from scheduler.importers import load_timetable
from scheduler.model import Comfort, Level, Metrics, Result, Status, Timetable
from scheduler.reports.files import (
    summary_json,
    timetable_csv,
    write_timetable_xlsx,
    write_whole,
)
from tests.scheduler.events import (
    make_company,
    make_event,
    make_meeting,
    make_student,
    make_timetable,
)

EVENT = make_event(["s1", "s2", "s3"], ["c1", "c2"], {"s1": ["c2", "c1"], "s2": ["c1"]})
TIMETABLE = make_timetable(
    make_meeting(1, "s1", "c1"),
    make_meeting(0, "s2", "c1"),
    make_meeting(0, "s1", "c2", table=2),
    make_meeting(2, "s2", "c2", table=2),
)


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def _sheet(book: Any, name: str) -> list[tuple[Any, ...]]:
    return list(book[name].iter_rows(values_only=True))


def test_timetable_csv_has_the_columns_and_order_of_the_contract() -> None:
    assert timetable_csv(EVENT, TIMETABLE) == (
        b"start,end,room_id,table,company_id,company,student_id,student,rank\n"
        b"13:00,13:10,r1,1,c1,Company c1,s2,Student s2,1\n"
        b"13:00,13:10,r1,2,c2,Company c2,s1,Student s1,1\n"
        b"13:12,13:22,r1,1,c1,Company c1,s1,Student s1,2\n"
        b"13:24,13:34,r1,2,c2,Company c2,s2,Student s2,\n"
    )


def test_timetable_csv_protects_formulas() -> None:
    event = make_event([make_student("s1", name="=cmd")], [make_company("c1", name="@c, d")])
    row = _rows(timetable_csv(event, make_timetable(make_meeting(0, "s1", "c1"))))[1]
    assert (row[5], row[7]) == ("'@c, d", "'=cmd")


def test_timetable_csv_reads_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "timetable.csv"
    path.write_bytes(timetable_csv(EVENT, TIMETABLE))
    assert load_timetable(path, EVENT) == TIMETABLE


def test_workbook_reads_back_equal(tmp_path: Path) -> None:
    path = tmp_path / "timetable.xlsx"
    write_timetable_xlsx(EVENT, TIMETABLE, path)
    assert load_timetable(path, EVENT) == TIMETABLE


def test_workbook_has_numbers_and_clock_text(tmp_path: Path) -> None:
    write_timetable_xlsx(EVENT, TIMETABLE, tmp_path / "t.xlsx")
    rows = _sheet(openpyxl.load_workbook(tmp_path / "t.xlsx"), "timetable")
    assert rows[1] == ("13:00", "13:10", "r1", 1, "c1", "Company c1", "s2", "Student s2", 1)
    assert rows[4][8] is None


def test_workbook_lists_every_student_by_name(tmp_path: Path) -> None:
    event = make_event(
        [make_student("s1", name="Åse"), make_student("s2", name="Bo"), make_student("s3")]
    )
    timetable = make_timetable(make_meeting(1, "s1", "c1"), make_meeting(0, "s1", "c1"))
    write_timetable_xlsx(event, timetable, tmp_path / "t.xlsx")
    rows = _sheet(openpyxl.load_workbook(tmp_path / "t.xlsx"), "students")
    assert [row[:3] for row in rows[1:]] == [
        ("Bo", "s2", None),
        ("Student s3", "s3", None),
        ("Åse", "s1", "13:00"),
        ("Åse", "s1", "13:12"),
    ]


def test_workbook_has_a_sheet_per_company_without_ranks(tmp_path: Path) -> None:
    write_timetable_xlsx(EVENT, TIMETABLE, tmp_path / "t.xlsx")
    assert _sheet(openpyxl.load_workbook(tmp_path / "t.xlsx"), "Company c2") == [
        ("start", "end", "room_id", "table", "student_id", "student", "programme"),
        ("13:00", "13:10", "r1", 2, "s1", "Student s1", None),
        ("13:24", "13:34", "r1", 2, "s2", "Student s2", None),
    ]


def test_sheet_names_are_short_safe_and_unique(tmp_path: Path) -> None:
    names = ["A/B: [C]*?", "'Q'", "timetable", "x" * 40, "X" * 40, "\U0001f600" * 20, "History"]
    companies = [make_company(f"c{n}", name=name) for n, name in enumerate(names)]
    write_timetable_xlsx(make_event(companies=companies), Timetable(()), tmp_path / "t.xlsx")
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames[4:] == [
        "A-B- -C---",
        "Q",
        "timetable (2)",
        "x" * 31,
        "X" * 27 + " (2)",
        "\U0001f600" * 15,
        "History (2)",
    ]


def test_workbook_holds_formulas_as_text(tmp_path: Path) -> None:
    event = make_event([make_student("s1", name="=1+1")])
    timetable = make_timetable(make_meeting(0, "s1", "c1"))
    write_timetable_xlsx(event, timetable, tmp_path / "t.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "t.xlsx")["timetable"]["H2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


RESULT = Result(
    status=Status.OPTIMAL,
    timetable=TIMETABLE,
    levels=(
        Level("guaranteed_meetings", (2, 2), (2, 2)),
        Level("company_minimum", (0,), (0,)),
        Level("preferences", (280,), (280,)),
        Level("breaks", (1,), (0,)),
    ),
    metrics=Metrics(4, 1, (EVENT.students[2].student_id,), 4 / 3, 1.0),
    comfort=Comfort(company_breaks=2, room_changes=3, breaks_before=5),
    seed=7,
    version="1.0",
    event_sha256="ab",
    runtime_s=(("total", 1.5), ("allocation", 1.0)),
)


def test_summary_has_the_form_of_the_contract() -> None:
    assert json.loads(summary_json(RESULT)) == {
        "status": "optimal",
        "levels": [
            {"name": "guaranteed_meetings", "value": [2, 2], "bound": [2, 2], "proven": True},
            {"name": "company_minimum", "value": 0, "bound": 0, "proven": True},
            {"name": "preferences", "value": 280, "bound": 280, "proven": True},
            {"name": "breaks", "value": 1, "bound": 0, "proven": False},
        ],
        "meetings": 4,
        "students_without_meeting": 1,
        "below_guarantee": ["s3"],
        "mean_rank": 4 / 3,
        "first_choice_share": 1.0,
        "comfort": {"company_breaks": 2, "room_changes": 3, "breaks_before": 5},
        "seed": 7,
        "version": "1.0",
        "event_sha256": "ab",
        "runtime_s": {"total": 1.5, "allocation": 1.0},
    }


def test_summary_of_an_infeasible_event_has_no_levels() -> None:
    nothing = replace(RESULT, timetable=None, levels=(), metrics=None, comfort=None)
    result = replace(nothing, status=Status.INFEASIBLE)
    summary = json.loads(summary_json(result))
    assert summary["status"] == "infeasible"
    assert summary["levels"] == []
    assert summary["meetings"] is None
    assert summary["comfort"] is None
    assert summary["below_guarantee"] == []


def test_summary_keeps_a_list_for_one_guaranteed_meeting() -> None:
    level = Level("guaranteed_meetings", (5,), (None,))
    (written,) = json.loads(summary_json(replace(RESULT, levels=(level,))))["levels"]
    assert (written["value"], written["bound"]) == ([5], [None])


def test_write_whole_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) & stat.S_IRUSR


def test_write_whole_into_no_folder_says_where(tmp_path: Path) -> None:
    with pytest.raises(SchedulerError, match=r"nowhere/file: cannot be written"):
        write_whole(tmp_path / "nowhere" / "file", b"x")


def test_write_whole_over_a_folder_leaves_nothing_beside(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(SchedulerError, match="taken: cannot be written"):
        write_whole(tmp_path / "taken", b"x")
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]


def test_workbook_names_stand_ins_and_says_when_there_are_too_many_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event(["s1", "s2"], ["c1"], slots=1)
    timetable = make_timetable(make_meeting(0, "s1", "c1"))
    write_timetable_xlsx(event, timetable, tmp_path / "t.xlsx")
    (row,) = _sheet(openpyxl.load_workbook(tmp_path / "t.xlsx"), "standby")[1:]
    assert (row[0], row[3], row[7]) == ("13:00", "c1", "s2")
    monkeypatch.setattr("scheduler.reports.files.STANDBY_TURNS", 0)
    write_timetable_xlsx(event, timetable, tmp_path / "t.xlsx")
    (row,) = _sheet(openpyxl.load_workbook(tmp_path / "t.xlsx"), "standby")[1:]
    assert "company-dating standby" in row[0]

"""``company-dating repair | standby`` as people call them."""

import csv
import json
from pathlib import Path

import pytest

from scheduler.cli import main
from scheduler.importers import write_event
from scheduler.model import Event, Rules
from tests.scheduler.events import make_event, pin

EVENT = make_event(["s1", "s2"], ["c1", "c2"], slots=3)
HEADER = "change,kind,id,company_id,time,count\n"


def solved(folder: Path, event: Event = EVENT) -> Path:
    write_event(event, folder / "event")
    assert main(["solve", str(folder / "event"), "--out", str(folder / "old")]) == 0
    return folder / "event"


def repair(folder: Path, changes: str, *more: str, now: str = "13:06") -> int:
    (folder / "changes.csv").write_text(HEADER + changes, encoding="utf-8")
    old = folder / "old" / "timetable.csv"
    order = ["repair", str(folder / "event"), str(old), "--changes", str(folder / "changes.csv")]
    return main([*order, "--now", now, "--out", str(folder / "new"), *more])


def test_results_and_diff_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    solved(tmp_path)
    assert repair(tmp_path, "absent,student,s1\n") == 0
    with (tmp_path / "new" / "diff.csv").open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert list(row) == [
        "student_id",
        "company_id",
        "change",
        "from_start",
        "from_table",
        "to_start",
        "to_table",
        "reason",
    ]
    assert (row["student_id"], row["change"], row["to_start"]) == ("s1", "lost", "")
    assert row["reason"] == "student absent from 13:06"
    summary = json.loads((tmp_path / "new" / "summary.json").read_text(encoding="utf-8"))
    assert summary["levels"][0] == {"name": "changes", "value": 1, "bound": 1, "proven": True}
    assert [level["name"] for level in summary["levels"][1:]] == [
        "guaranteed_meetings",
        "company_minimum",
        "preferences",
        "breaks",
    ]
    assert "Lost, 1 meeting:" in capsys.readouterr().out


def test_nothing_changes_without_a_disruption(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    solved(tmp_path)
    assert repair(tmp_path, "") == 0
    assert "Nothing changes." in capsys.readouterr().out
    old, new = tmp_path / "old" / "timetable.csv", tmp_path / "new" / "timetable.csv"
    assert new.read_bytes() == old.read_bytes()


def test_problems_write_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    solved(tmp_path)
    assert repair(tmp_path, "absent,student,nobody\nleaves,student,s1\n") == 1
    assert not (tmp_path / "new").exists()
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_time_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    solved(tmp_path)
    assert repair(tmp_path, "", now="25:99") == 64


def test_pins_that_clash_are_infeasible_and_old_results_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = Rules(max_in_a_row=1, guaranteed_meetings_per_student=0)
    solved(tmp_path, make_event(["s1"], ["c1", "c2"], slots=3, rules=rules))
    pins = [pin("s1", "c1", 12), pin("s1", "c2", 24)]
    write_event(
        make_event(["s1"], ["c1", "c2"], slots=3, rules=rules, decisions=pins), tmp_path / "event"
    )
    (tmp_path / "new").mkdir()
    for name in ("timetable.csv", "diff.csv"):
        (tmp_path / "new" / name).write_text("old", encoding="utf-8")
    assert repair(tmp_path, "", now="12:50") == 2
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"summary.json"}
    assert "what is past and pinned" in capsys.readouterr().err


def standby(folder: Path, *more: str) -> int:
    old = folder / "old" / "timetable.csv"
    return main(["standby", str(folder / "event"), str(old), *more])


def crowded(folder: Path) -> None:
    """Three want the one company, which has two slots: one waits."""
    rules = Rules(guaranteed_meetings_per_student=1)
    solved(folder, make_event(["s1", "s2", "s3"], ["c1"], slots=2, rules=rules))


def test_standby_names_the_one_who_waits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crowded(tmp_path)
    capsys.readouterr()
    out = tmp_path / "standby.csv"
    assert standby(tmp_path, "--out", str(out)) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split(":")[1][2:] for line in said[:2]] == [" Room r1, Company c1"] * 2
    assert all("0 meetings, 1 below the guarantee" in line for line in said[:2])
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["start"], row["missing"]) for row in rows] == [("13:00", "1"), ("13:12", "1")]


def test_standby_now_fills_the_place_of_a_no_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crowded(tmp_path)
    capsys.readouterr()
    assert standby(tmp_path, "--now", "13:00") == 0
    assert capsys.readouterr().out == "No place is empty.\n"
    with (tmp_path / "old" / "timetable.csv").open(encoding="utf-8") as file:
        first = next(csv.DictReader(file))["student_id"]
    changes = tmp_path / "changes.csv"
    changes.write_text(f"{HEADER}absent,student,{first}\n", encoding="utf-8")
    assert standby(tmp_path, "--now", "13:00", "--changes", str(changes)) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("13:00 Room r1, Company c1, 1 empty place: Student s")
    assert first not in line


def test_standby_refuses_what_it_cannot_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crowded(tmp_path)
    capsys.readouterr()
    assert standby(tmp_path, "--company", "c9") == 1
    assert standby(tmp_path, "--now", "15:00") == 1
    said = capsys.readouterr().err.splitlines()
    assert said == ["--company: 'c9' is not in companies", "no slot begins at 15:00 or later"]

"""``company-dating repair`` as people call it."""

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

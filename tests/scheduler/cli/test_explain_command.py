"""``company-dating explain`` as people call it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.cli import main

TINY = Path(__file__).parents[3] / "examples" / "tiny"


@pytest.fixture(scope="module")
def timetable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("result")
    assert main(["solve", str(TINY), "--out", str(out)]) == 0
    return out / "timetable.csv"


def explain(timetable: Path, student: str, company: str) -> int:
    order = ["explain", str(TINY), str(timetable), "--student", student, "--company", company]
    return main(order)


def test_price_is_told_of_a_pair_that_could_meet(
    timetable: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(timetable, "chiara", "coffee") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Café Brænd has 3 places in the 3 slots in which both are present; all went to students "
        "with rank 1 to 2.",
        "They can meet, but the wishes of all together are then worth fewer points.",
        "20 fewer points for wishes (855 instead of 875).",
        "With the fewest changes, 1 other student meets other companies: lost 1 of rank 1.",
    ]


def test_reason_is_told_of_a_pair_that_is_refused(
    timetable: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(timetable, "chiara", "robots") == 0
    assert capsys.readouterr().out == "Fjord Robotics said no to Chiara Rossi.\n"


def test_unknown_ids_are_problems(timetable: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(timetable, "nobody", "nothing") == 1
    assert capsys.readouterr().err.splitlines() == [
        "students, column student_id: 'nobody' is not there; give an id of this column",
        "companies, column company_id: 'nothing' is not there; give an id of this column",
    ]


def test_timetable_that_breaks_a_rule_is_a_problem(
    timetable: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = timetable.read_text(encoding="utf-8").splitlines()
    moved = next(row for row in lines if ",chiara," in row).replace("13:00,13:10", "13:12,13:22")
    (tmp_path / "moved.csv").write_text("\n".join([*lines, moved]), encoding="utf-8")
    assert explain(tmp_path / "moved.csv", "chiara", "robots") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "timetable: once_per_pair: Student Chiara Rossi (chiara)" in said.err


def test_ids_are_required(timetable: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(TINY), str(timetable), "--student", "ana"]) == 64
    assert "--company" in capsys.readouterr().err

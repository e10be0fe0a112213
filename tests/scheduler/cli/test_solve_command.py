"""``company-dating check | solve | verify`` as people call them."""

import csv
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scheduler import __version__
from scheduler.cli import main
from scheduler.generate import generate_event
from scheduler.importers import load_event, write_event
from scheduler.model import Rules
from scheduler.model.digest import event_sha256
from tests.scheduler.events import make_company, make_event, make_room, make_student, pin

TINY = Path(__file__).parents[3] / "examples" / "tiny"


def files_of(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def infeasible(folder: Path) -> Path:
    event = make_event(
        ["s1"],
        ["c1", "c2"],
        slots=2,
        decisions=[pin("s1", "c1"), pin("s1", "c2")],
        rules=Rules(max_in_a_row=1, guaranteed_meetings_per_student=0),
    )
    write_event(event, folder)
    return folder


def test_check_says_that_nothing_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(TINY)]) == 0
    assert "no problems. 5 students, 3 companies" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("students", "companies", "said"),
    [
        ([], [], "no problems, but no students and no companies yet. 0 students, 0 companies,"),
        (["s1"], [], "no problems, but no companies yet. 1 student, 0 companies, 0 wishes"),
        ([], ["c1"], "no problems, but no students yet. 0 students, 1 company, 0 wishes"),
    ],
)
def test_check_says_who_is_not_there_yet(
    students: list[str],
    companies: list[str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_event(make_event(students, companies, {}), tmp_path)
    assert main(["check", str(tmp_path)]) == 0
    assert said in capsys.readouterr().out.splitlines()[-1]


def test_counts_of_one_are_in_the_singular(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event, out = tmp_path / "event", tmp_path / "out"
    rules = Rules(guaranteed_meetings_per_student=1)
    write_event(make_event(["s1", "s2"], ["c1"], slots=1, rules=rules), event)
    assert main(["check", str(event)]) == 0
    assert "2 students, 1 company, 2 wishes, 1 slot." in capsys.readouterr().out
    assert main(["solve", str(event), "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "\n1 meeting, on average" in said
    assert "Below the 1 guaranteed meeting:" in said
    timetable = out / "timetable.csv"
    assert main(["verify", str(event), str(timetable)]) == 0
    assert "No rule is broken; 1 meeting." in capsys.readouterr().out
    rows = timetable.read_text().splitlines()
    other = rows[1].replace("s1", "#").replace("s2", "s1").replace("#", "s2")
    timetable.write_text("\n".join([*rows, other]))
    assert main(["verify", str(event), str(timetable)]) == 1
    assert capsys.readouterr().err.endswith(": 2 students, 1 seat at the table\n")


def test_check_lists_every_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_event(make_event(["s1", "s1"], [make_company("c1", seats=0)]), tmp_path)
    assert main(["check", str(tmp_path)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert any(line.startswith("students.csv, row 3, column student_id") for line in lines)
    assert any(line.startswith("companies.csv, row 2, column seats") for line in lines)


def test_solve_writes_the_three_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", str(TINY), "--out", str(tmp_path / "new" / "out")]) == 0
    out = tmp_path / "new" / "out"
    assert files_of(out) == {"timetable.csv", "timetable.xlsx", "summary.json"}
    summary = json.loads((out / "summary.json").read_text())
    assert summary["status"] == "optimal"
    assert summary["levels"][2] == {
        "name": "preferences",
        "value": 875,
        "bound": 875,
        "proven": True,
    }
    assert "Proven best" in capsys.readouterr().out


def test_solved_timetable_verifies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["solve", str(TINY), "--out", str(tmp_path)])
    capsys.readouterr()
    assert main(["verify", str(TINY), str(tmp_path / "timetable.csv"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["violations"] == []
    assert said["levels"][2] == {"name": "preferences", "value": 875}


def test_verify_names_the_broken_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["solve", str(TINY), "--out", str(tmp_path)])
    timetable = tmp_path / "timetable.csv"
    lines = timetable.read_text().splitlines(keepends=True)
    timetable.write_text("".join([*lines, lines[1]]))
    capsys.readouterr()
    assert main(["verify", str(TINY), str(timetable)]) == 1
    assert "once_per_pair:" in capsys.readouterr().err


def test_infeasible_is_explained_and_old_results_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event, out = infeasible(tmp_path / "event"), tmp_path / "out"
    out.mkdir()
    (out / "timetable.csv").write_text("old")
    (out / "timetable.xlsx").write_text("old")
    assert main(["solve", str(event), "--out", str(out)]) == 2
    assert files_of(out) == {"summary.json"}
    assert json.loads((out / "summary.json").read_text())["status"] == "infeasible"
    said = capsys.readouterr().err
    assert "the pin of Student s1 with Company c1" in said
    assert "max_in_a_row" in said
    assert "Any one of these resolves it:" in said


def test_no_time_ends_with_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    event = generate_event(students=3_000, companies=200, seed=1)
    write_event(event, tmp_path / "event")
    out = tmp_path / "out"
    code = main(["solve", str(tmp_path / "event"), "--out", str(out), "--time-limit", "0"])
    summary = json.loads((out / "summary.json").read_text())
    assert (code, summary["status"]) in {(3, "unknown"), (0, "optimal")}
    assert (out / "timetable.csv").exists() is (code == 0)


def test_problems_write_nothing(tmp_path: Path) -> None:
    write_event(make_event(["s1", "s1"]), tmp_path / "event")
    assert main(["solve", str(tmp_path / "event"), "--out", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()


def test_unwritable_place_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["solve", str(TINY), "--out", str(tmp_path / "file" / "out")]) == 1
    assert "cannot be made" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["solve"],
        ["sole", "x"],
        ["solve", "x", "--out", "y", "--time-limit", "-1"],
        ["solve", "x", "--out", "y", "--time-limit", "soon"],
        ["solve", "x", "--out", "y", "--workers", "0"],
        ["print", "x", "y", "--out", "z", "--only", "posters"],
    ],
)
def test_wrong_usage_is_64(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 64
    assert "usage:" in capsys.readouterr().err


def test_help_lists_only_commands_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    for command in ("check", "template", "solve", "repair", "verify", "print", "generate", "demo"):
        assert f"    {command} " in said
    assert "serve" not in said


def test_students_below_the_guarantee_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event = make_event(["s1", "s2"], ["c1"], slots=1, rooms=[make_room()])
    write_event(event, tmp_path / "event")
    assert main(["solve", str(tmp_path / "event"), "--out", str(tmp_path / "out")]) == 0
    assert "Company c1 has 1 places, all taken" in capsys.readouterr().out.replace(
        "1 place,", "1 places,"
    )


def test_solve_says_which_group_has_clearly_fewer_meetings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Six of law who rank nothing, 24 of art who meet both companies."""
    people = [make_student(f"s{n}", programme="Law" if n < 6 else "Art") for n in range(30)]
    companies = [make_company(name, seats=24) for name in ("c1", "c2")]
    wishes = {person.student_id: ["c1", "c2"] for person in people[6:]}
    write_event(make_event(people, companies, wishes, slots=2), tmp_path / "event")
    assert main(["solve", str(tmp_path / "event"), "--out", str(tmp_path / "out")]) == 0
    assert (
        "Clearly fewer than the 1.6 meetings of all students: programme Law (6 students, 0.0 each, "
        "of 0.0 wishes); see the sheet fairness in timetable.xlsx."
    ) in capsys.readouterr().out.splitlines()


def test_solve_keeps_a_timetable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["solve", str(TINY), "--out", str(tmp_path / "a")])
    first = tmp_path / "a" / "timetable.csv"
    lines = first.read_text().splitlines(keepends=True)
    some = tmp_path / "some.csv"
    some.write_text("".join(lines[:4]))
    keep = ["--keep", str(some), "--out", str(tmp_path / "b")]
    assert main(["solve", str(TINY), *keep]) == 0
    again = (tmp_path / "b" / "timetable.csv").read_text().splitlines(keepends=True)
    assert set(lines[:4]) <= set(again)
    some.write_text(lines[0] + lines[1].replace("13:00", "13:01"))
    assert main(["solve", str(TINY), *keep]) == 1
    assert "some.csv, row 2, column start" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_other_order_encoding_and_delimiter_give_the_same_result(
    encoding: str, tmp_path: Path
) -> None:
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    (mixed / "event.toml").write_bytes((TINY / "event.toml").read_bytes())
    for number, file in enumerate(sorted(TINY.glob("*.csv"))):
        with file.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
        Random(number).shuffle(rows)
        with (mixed / file.name).open("w", encoding=encoding, newline="") as lines:
            csv.writer(lines, delimiter=";", lineterminator="\r\n").writerows([header, *rows])
    plain = solved_with(TINY, tmp_path / "a")
    other = solved_with(mixed, tmp_path / "b")
    assert other["event_sha256"] == plain["event_sha256"]
    assert (tmp_path / "b/timetable.csv").read_bytes() == (
        tmp_path / "a/timetable.csv"
    ).read_bytes()


def solved_with(event: Path, out: Path, *more: str) -> dict[str, Any]:
    """The summary of a solve."""
    main(["solve", str(event), "--out", str(out), *more])
    summary: dict[str, Any] = json.loads((out / "summary.json").read_text())
    return summary


def test_results_carry_hash_version_and_seed(tmp_path: Path) -> None:
    """Also where there is no timetable."""
    for event in (TINY, infeasible(tmp_path / "event")):
        summary = solved_with(event, tmp_path / "out", "--seed", "7")
        assert summary["seed"] == 7
        assert summary["version"] == __version__
        assert summary["event_sha256"] == event_sha256(load_event(event).event)


def test_workbook_solves_like_its_folder(tmp_path: Path) -> None:
    main(["solve", str(TINY), "--out", str(tmp_path / "a")])
    workbook = TINY.parent / "workbook" / "tiny.xlsx"
    main(["solve", str(workbook), "--out", str(tmp_path / "b")])
    first, second = (
        json.loads((tmp_path / name / "summary.json").read_text()) for name in ("a", "b")
    )
    assert first["event_sha256"] == second["event_sha256"]
    assert (tmp_path / "a/timetable.csv").read_bytes() == (
        tmp_path / "b/timetable.csv"
    ).read_bytes()


def test_ctrl_c_keeps_the_best_and_says_so(tmp_path: Path) -> None:
    """On a real terminal, so that the progress bar runs too."""
    event = generate_event(students=150, companies=30, seed=150, seats=1, is_hard=True)
    write_event(event, tmp_path / "event")
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "scheduler", "solve", str(tmp_path / "event")]
    with subprocess.Popen(
        [*command, "--out", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=follower,
        start_new_session=True,
    ) as process:
        os.close(follower)
        shown = _read_until(leader, b"Searching")
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=30)[0].decode()
    os.close(leader)
    assert b"Searching" in shown
    assert process.returncode == 0
    assert "Stopped before the end: the best timetable so far is kept." in said
    assert (tmp_path / "out" / "timetable.csv").exists()


def _read_until(descriptor: int, wanted: bytes) -> bytes:
    seen = b""
    deadline = time.monotonic() + 30
    while wanted not in seen and time.monotonic() < deadline:
        seen += os.read(descriptor, 4096)
    return seen

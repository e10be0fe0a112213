"""``company-dating whatif`` as people call it."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from scheduler.cli import main
from scheduler.cli.variations import listening_to_ctrl_c
from scheduler.importers import write_event
from scheduler.model import Rules
from tests.scheduler.events import make_company, make_event, make_room, pin

Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """Two students, one company, two slots of one seat."""
    rules = Rules(guaranteed_meetings_per_student=1, max_meetings_per_student=2)
    write_event(make_event(["s1", "s2"], ["c1"], slots=2, rules=rules), tmp_path)
    return str(tmp_path)


def test_whatif_shows_a_line_per_variation(folder: str, capsys: Said) -> None:
    assert main(["whatif", folder, "--end", "13:10", "--tables", "c1=1,2"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header.split()[:7] == ["slots", "places", "meetings", ">=1", "minimum", "points", "1st"]
    assert [row.split() for row in rows] == [
        ["as", "it", "is", "2", "2", "2", "2", "0", "200", "100%", "yes"],
        ["end", "13:10,", "tables", "c1=1", "1", "1", "1", "1", "0", "100", "50%", "yes"],
        ["end", "13:10,", "tables", "c1=2", "1", "2", "2", "2", "0", "200", "100%", "yes"],
    ]


def test_whatif_marks_points_under_another_guarantee(folder: str, capsys: Said) -> None:
    assert main(["whatif", folder, "--guarantee", "2"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "200*" in said[2]
    assert said[3].startswith("* Another guarantee")


def test_whatif_shows_the_first_problem_and_the_count(tmp_path: Path, capsys: Said) -> None:
    event = make_event(["s1"], ["c1"], slots=3, decisions=[pin("s1", "c1", 12)])
    write_event(event, tmp_path)
    assert main(["whatif", str(tmp_path), "--slot-min", "8", "--max-meetings", "1"]) == 0
    row = capsys.readouterr().out.splitlines()[2]
    assert row.startswith("slot-min 8, max-meetings 1  2 problems, the first: event, rules.")


def test_whatif_says_how_a_pin_fits_other_slots(tmp_path: Path, capsys: Said) -> None:
    event = make_event(["s1"], ["c1"], slots=3, decisions=[pin("s1", "c1", 12)])
    write_event(event, tmp_path)
    assert main(["whatif", str(tmp_path), "--slot-min", "8"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[2].startswith(
        "slot-min 8  1 problem, the first: decisions, pin of Student s1 with Company c1"
    )
    assert said[-1].startswith("A pin at a time that is no slot there: leave its start empty")


def test_whatif_says_that_no_timetable_exists(tmp_path: Path, capsys: Said) -> None:
    """Two tables in the only room; with two tables for c1 the companies need three."""
    companies = [make_company(name, room_id=None) for name in ("c1", "c2")]
    event = make_event(["s1"], companies, rooms=[make_room("r1", 2)], slots=2)
    write_event(event, tmp_path)
    assert main(["whatif", str(tmp_path), "--tables", "c1=2"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert rows[1].endswith("yes")
    assert rows[2].split("  ") == ["tables c1=2", "no timetable exists"]


def test_ctrl_c_is_noted_inside_and_as_before_outside() -> None:
    before = signal.getsignal(signal.SIGINT)
    with listening_to_ctrl_c() as is_stopped:
        assert not is_stopped()
        os.kill(os.getpid(), signal.SIGINT)
        assert is_stopped()
    assert signal.getsignal(signal.SIGINT) is before


def test_whatif_for_programs_holds_the_summary_of_each(folder: str, capsys: Said) -> None:
    assert main(["whatif", folder, "--seats", "c1=3", "--json"]) == 0
    as_it_is, more = json.loads(capsys.readouterr().out)
    assert as_it_is["change"] == {}
    assert more["change"] == {"seats": {"c1": 3}}
    assert (more["slots"], more["places"], more["problems"]) == (2, 6, [])
    assert more["summary"]["status"] == "optimal"
    assert more["summary"]["meetings"] == 2


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (["--slot-min", "x"], "'x' is not whole numbers with , between them"),
        (["--end", "25:00"], "'25:00' is not a time of day; write 00:00 to 24:00"),
        (["--tables", "c1"], "'c1' is not COMPANY=N"),
    ],
)
def test_whatif_wrong_usage_is_said(order: list[str], said: str, capsys: Said) -> None:
    assert main(["whatif", "anywhere", *order]) == 64
    assert said in capsys.readouterr().err


def test_whatif_of_an_unknown_company_solves_nothing(folder: str, capsys: Said) -> None:
    assert main(["whatif", folder, "--tables", "c9=2"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "'c9' is not in companies; correct the id\n")

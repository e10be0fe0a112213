"""``company-dating template | print | generate | demo`` as people call them."""

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from scheduler.cli import commands, main
from scheduler.cli.options import STOCK_KEYS
from scheduler.documents import DEFAULT_STOCK, STOCKS
from scheduler.importers import load_event, write_event
from tests.scheduler.cli.test_solve_command import TINY, files_of
from tests.scheduler.events import make_event, make_student

PACK = {
    "badges.pdf",
    "badges-test-sheet.pdf",
    "companies.pdf",
    "cover.pdf",
    "desk.pdf",
    "schedules.pdf",
    "schedules-4up.pdf",
    "signs.pdf",
    "spares.pdf",
    "wall.pdf",
}


@pytest.fixture
def timetable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    main(["solve", str(TINY), "--out", str(tmp_path / "solved")])
    capsys.readouterr()
    return tmp_path / "solved" / "timetable.csv"


def printed(timetable: Path, out: Path, *more: str) -> int:
    return main(["print", str(TINY), str(timetable), "--out", str(out), *more])


def test_print_makes_the_pack_and_badge_ids(
    timetable: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(timetable, tmp_path / "paper") == 0
    assert files_of(tmp_path / "paper") == PACK | {"badges.csv"}
    assert "schedules.pdf" in capsys.readouterr().out


def test_print_only_some_kinds(timetable: Path, tmp_path: Path) -> None:
    assert printed(timetable, tmp_path / "paper", "--only", "wall, desk") == 0
    assert {"wall.pdf", "desk.pdf"} == files_of(tmp_path / "paper") - {"badges.csv"}


def test_badge_ids_are_made_once(timetable: Path, tmp_path: Path) -> None:
    printed(timetable, tmp_path / "paper", "--only", "badges")
    first = (tmp_path / "paper" / "badges.csv").read_bytes()
    printed(timetable, tmp_path / "paper", "--only", "badges")
    assert (tmp_path / "paper" / "badges.csv").read_bytes() == first


def test_print_named_people_only(timetable: Path, tmp_path: Path) -> None:
    student = load_event(TINY).event.students[0]
    names = tmp_path / "ids.csv"
    names.write_text(f"{student.student_id}\n")
    assert printed(timetable, tmp_path / "paper", "--only", "schedules", "--ids", str(names)) == 0
    pages = PdfReader(tmp_path / "paper" / "schedules.pdf").pages
    assert len(pages) == 1
    assert student.given_name in pages[0].extract_text()


def test_print_again_keeps_the_print_report_of_the_pack(timetable: Path, tmp_path: Path) -> None:
    printed(timetable, tmp_path / "paper")
    report = tmp_path / "paper" / "print-report.txt"
    report.write_text("of the whole pack")
    (tmp_path / "ids.csv").write_text("ana\n")
    assert printed(timetable, tmp_path / "paper", "--ids", str(tmp_path / "ids.csv")) == 0
    assert report.read_text() == "of the whole pack"


def test_unknown_id_is_named_with_its_row(
    timetable: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ids.csv").write_text("nobody\n")
    assert printed(timetable, tmp_path / "paper", "--ids", str(tmp_path / "ids.csv")) == 1
    assert "ids.csv, row 1" in capsys.readouterr().err
    assert not (tmp_path / "paper").exists()


def test_broken_timetable_is_not_printed(
    timetable: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = timetable.read_text().splitlines(keepends=True)
    timetable.write_text("".join([*lines, lines[1]]))
    assert printed(timetable, tmp_path / "paper") == 1
    assert "once_per_pair" in capsys.readouterr().err
    assert not (tmp_path / "paper").exists()


def test_unknown_stock_lists_those_there_are(
    timetable: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(timetable, tmp_path / "paper", "--stock", "avery-1") == 64
    assert "avery-l4785" in capsys.readouterr().err


def test_help_lists_the_stocks_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert tuple(STOCKS) == STOCK_KEYS
    assert STOCK_KEYS[0] == DEFAULT_STOCK
    assert main(["print", "--help"]) == 0
    assert "avery-7414, herma-4099" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("command", ["template", "solve", "print", "generate", "demo"])
def test_help_explains_every_option(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help"]) == 0
    options = capsys.readouterr().out.split("options:")[1]
    for option in re.split(r"^  (?=-)", options, flags=re.MULTILINE)[1:]:
        assert re.search(r"\S(  +|\n +)\S", option), option


@pytest.mark.parametrize("language", ["en", "da"])
def test_template_is_written_and_checks_with_problems_only(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "event.xlsx"
    assert main(["template", "--out", str(path), "--language", language]) == 0
    assert main(["check", str(path)]) in {0, 1}
    assert "fault of ours" not in capsys.readouterr().err


def test_generated_event_checks_and_solves(tmp_path: Path) -> None:
    sizes = ["--students", "40", "--companies", "8", "--seed", "5", "--absences"]
    assert main(["generate", *sizes, "--out", str(tmp_path / "event")]) == 0
    assert main(["check", str(tmp_path / "event")]) == 0
    assert main(["solve", str(tmp_path / "event"), "--out", str(tmp_path / "out")]) == 0


def test_generate_refuses_an_impossible_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = ["--students", "1", "--companies", "1", "--seed", "1", "--slots", "9999"]
    assert main(["generate", *sizes, "--out", str(tmp_path / "event")]) == 1
    assert "slots is 9999" in capsys.readouterr().err


def test_demo_solves_and_prints_the_example(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "Proven best" in said
    assert files_of(tmp_path) >= PACK | {"badges.csv", "timetable.csv", "summary.json"}


def test_demo_cuts_no_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--out", str(tmp_path)]) == 0
    assert capsys.readouterr().err == ""
    assert not (tmp_path / "print-report.txt").exists()


def test_long_texts_are_counted_and_missing_characters_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = make_student("s1", name="Wolfeschlegelsteinhausenbergerdorff" * 6)
    odd = make_student("s2", name="Eva 😀")
    event, paper = tmp_path / "event", tmp_path / "paper"
    write_event(make_event([long, odd]), event)
    assert main(["solve", str(event), "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    order = ["print", str(event), str(tmp_path / "timetable.csv"), "--out", str(paper)]
    assert main([*order, "--only", "desk"]) == 0
    report = paper / "print-report.txt"
    assert capsys.readouterr().err.splitlines() == [
        "warning: Eva 😀: 😀 (U+1F600) is in no font: left out",
        f"warning: 1 long text was shortened; {report} lists it",
    ]
    assert len(report.read_text(encoding="utf-8").splitlines()) == 2
    assert main([*order, "--only", "desk,schedules"]) == 0
    assert f"3 long texts were shortened; {report} lists them" in capsys.readouterr().err


def test_demo_without_the_examples_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "EXAMPLE", tmp_path / "nowhere")
    assert main(["demo", "--out", str(tmp_path)]) == 1
    assert "the example is not there" in capsys.readouterr().err

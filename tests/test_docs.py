"""What README and docs say is so: commands, outputs, links, rules, and the promises' tests."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from scheduler.errors import VerificationError
from scheduler.importers import load_event
from scheduler.model import Meeting, Place, Status, Timetable
from scheduler.solve import solve
from scheduler.strategies.base import Emit, Incumbent, Infeasible, Message, Settings
from scheduler.verify import RULES, past_is_fixed
from tests.scheduler.events import make_event
from webui.cli import main

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = (README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
TINY = ROOT / "examples" / "workbook" / "tiny.xlsx"
PICTURE_LIMIT_BYTES = 150_000
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")

Said = pytest.CaptureFixture[str]


def help_of(command: str, capsys: Said) -> str:
    assert main([*command.split(), "--help"]) == 0
    return capsys.readouterr().out


def commands_of_help(capsys: Said) -> set[str]:
    listed = help_of("", capsys).split("COMMAND\n")[-1]
    return {line.split()[0] for line in listed.splitlines() if line.strip()}


def table_rows() -> dict[str, str]:
    """The commands table of README: the name, and the whole of its first cell."""
    section = README.read_text(encoding="utf-8").split("## Commands")[1].split("\n## ")[0]
    cells = re.findall(r"^\| `([a-z]+)( [^`]*)?` \|", section, re.MULTILINE)
    return dict(cells)


def shown(text: str) -> list[str]:
    """The lines of README's indented blocks."""
    return [line[4:] for line in text.splitlines() if line.startswith("    ")]


def test_commands_table_is_what_help_says(capsys: Said) -> None:
    rows = table_rows()
    assert set(rows) == commands_of_help(capsys)
    for name, rest in rows.items():
        assert set(OPTION.findall(rest)) == set(OPTION.findall(help_of(name, capsys))) - {"--help"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_text_exist(page: Path, capsys: Said) -> None:
    known = commands_of_help(capsys)
    for line in page.read_text(encoding="utf-8").splitlines():
        for found in re.finditer(r"bin/company-dating ([a-z]+)([^`#]*)", line):
            assert found[1] in known
            assert set(OPTION.findall(found[2])) <= set(OPTION.findall(help_of(found[1], capsys)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_targets_exist(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = re.findall(r"`make ([a-z]+)`|^    make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)
    for quoted, shown_alone in named:
        assert f"\n{quoted or shown_alone}:" in makefile


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_pictures_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target
    for picture in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text):
        assert (page.parent / picture).stat().st_size < PICTURE_LIMIT_BYTES


def test_every_rule_is_a_heading_of_the_mathematics() -> None:
    model = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^### (\S+)$", model, re.MULTILINE))
    assert headings >= {rule.__name__ for rule in (*RULES, past_is_fixed)}


def test_every_promise_names_tests_that_exist() -> None:
    text = (ROOT / "docs" / "guarantees.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/\S+\.py)::(\w+)`", text)
    missing = [f"{file}::{name}" for file, name in named if name not in functions(ROOT / file)]
    assert named
    assert not missing
    for promise in re.split(r"^(?=\*\*)", text, flags=re.MULTILINE)[1:]:
        assert "::" in promise, promise


def functions(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


# the tour of README, as it is shown there


def test_tour_shows_the_problems_that_check_finds(tmp_path: Path, capsys: Said) -> None:
    book = openpyxl.load_workbook(TINY)
    book["companies"]["C3"] = "hal"
    book["students"]["H3"] = "en:C9"
    book["preferences"]["B4"] = "robotz"
    book.save(tmp_path / "event.xlsx")
    assert main(["check", str(tmp_path / "event.xlsx")]) == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert set(said) <= set(shown(README.read_text(encoding="utf-8")))


def test_tour_shows_what_solve_and_verify_say(
    tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = {without_time(line) for line in shown(README.read_text(encoding="utf-8"))}
    assert main(["solve", str(TINY), "--out", "result"]) == 0
    assert main(["verify", str(TINY), "result/timetable.xlsx"]) == 0
    said = capsys.readouterr().out.splitlines()
    repeated = [line for line in said if line.startswith("  ")][4:]  # verify's levels, not shown
    assert {without_time(line) for line in said} - set(repeated) <= lines


def without_time(line: str) -> str:
    return re.sub(r" \(\d+\.\d s\)$", "", line)


def test_tour_shows_what_verify_says_of_a_careless_move(tmp_path: Path, capsys: Said) -> None:
    assert main(["solve", str(TINY), "--out", str(tmp_path)]) == 0
    rows = (tmp_path / "timetable.csv").read_text(encoding="utf-8").splitlines()
    of_ana = [number for number, row in enumerate(rows) if ",ana," in row]
    first, second = (rows[number].split(",") for number in of_ana)
    rows[of_ana[0]] = ",".join([*second[:2], *first[2:]])
    (tmp_path / "moved.csv").write_text("\n".join(rows), encoding="utf-8")
    capsys.readouterr()
    assert main(["verify", str(TINY), str(tmp_path / "moved.csv")]) == 1
    clash = capsys.readouterr().err.splitlines()[0]
    assert clash in shown(README.read_text(encoding="utf-8"))


def test_tour_corrects_and_prints_single_people_again(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(TINY)
    section = README.read_text(encoding="utf-8").split("**7. Correct it.**")[1]
    table = re.findall(r"^\|(?!-)(.*)\|$", section.split("**8.")[0], re.MULTILINE)
    headers, *rows = ([cell.strip() for cell in row.split("|")] for row in table)
    assert [cell.value for cell in book["decisions"][1]] == headers
    for row in rows:
        book["decisions"].append(row)
    book.save(tmp_path / "event.xlsx")
    event, result, paper = tmp_path / "event.xlsx", tmp_path / "result", tmp_path / "paper"
    assert main(["solve", str(event), "--out", str(result)]) == 0
    timetable = str(result / "timetable.csv")
    order = ["print", str(event), timetable, "--out", str(paper)]
    assert main(order) == 0
    pack = {path: path.read_bytes() for path in paper.iterdir()}
    (tmp_path / "ids.csv").write_text("chiara\nbilal\n", encoding="utf-8")
    assert main([*order, "--ids", str(tmp_path / "ids.csv")]) == 0
    assert {path: path.read_bytes() for path in pack} == pack
    again = {f"{name}-again.pdf" for name in ("schedules", "schedules-4up", "badges")}
    assert {path.name for path in set(paper.iterdir()) - set(pack)} == again
    held = {(m.student_id, m.company_id) for m in meetings_of(timetable)}
    assert ("chiara", "coffee") in held
    assert ("bilal", "software") not in held


def test_tour_repairs_the_day(tmp_path: Path, capsys: Said) -> None:
    section = README.read_text(encoding="utf-8").split("**8. Repair the day.**")[1]
    lines = shown(section.split("**9.")[0])
    first = lines.index("change,kind,id,company_id,time,count")
    changes = tmp_path / "changes.csv"
    changes.write_text("\n".join(lines[first : first + 2]), encoding="utf-8")
    assert main(["solve", str(TINY), "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    timetable, out = str(tmp_path / "timetable.csv"), str(tmp_path / "result-3")
    order = ["repair", str(TINY), timetable, "--changes", str(changes)]
    assert main([*order, "--now", "13:10", "--out", out]) == 0
    said = capsys.readouterr().out.split("\nProven")[0].splitlines()
    assert said == lines[first + 3 :][: len(said)]
    assert main(["standby", *order[1:], "--now", "13:20"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == lines[-len(said) :]


def meetings_of(timetable: str) -> tuple[Meeting, ...]:
    from scheduler.importers import load_timetable

    return load_timetable(Path(timetable), load_event(TINY).event).meetings


# promises of docs/guarantees.md that no other test holds


def saying(*messages: Message) -> Callable[[object, Settings, Emit, None], None]:
    """Stages that say these messages and do nothing else."""

    def run(event: object, settings: Settings, emit: Emit, begun: None) -> None:
        for message in messages:
            emit(message)

    return run


def test_timetable_that_breaks_a_rule_never_leaves_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = make_event(["s1", "s2"], ["c1"], slots=1)
    room = event.rooms[0].room_id
    both = tuple(
        Meeting(0, room, 1, s.student_id, event.companies[0].company_id) for s in event.students
    )
    places = (Place(event.companies[0].company_id, room, 1),)
    alone = Timetable(both[:1], places)
    monkeypatch.setattr("scheduler.strategies.stages.run", saying(Incumbent(alone)))
    assert solve(event, Settings(), in_child=False).timetable == alone
    crowded = Incumbent(Timetable(both, places))
    monkeypatch.setattr("scheduler.strategies.stages.run", saying(crowded))
    with pytest.raises(VerificationError, match="2 students"):
        solve(event, Settings(), in_child=False)


@pytest.mark.parametrize(
    ("is_confirmed", "status"), [(True, Status.INFEASIBLE), (False, Status.UNKNOWN)]
)
def test_infeasible_is_said_only_when_confirmed(
    is_confirmed: bool, status: Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scheduler.strategies.stages.run", saying(Infeasible(is_confirmed)))
    result = solve(make_event(["s1"], ["c1"]), Settings(), in_child=False)
    assert result.status is status
    assert bool(result.notes) is not is_confirmed


WATCHED = """
import os, sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"):
        file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(file, (event + "\\n").encode())
sys.addaudithook(watch)
"""
DEMO = "from scheduler.cli import main\nraise SystemExit(main(['demo', '--out', sys.argv[2]]))"
CONTROL = "import socket\nsocket.getaddrinfo('127.0.0.1', 9)"


def test_demo_opens_no_connection(tmp_path: Path) -> None:
    """Forked children inherit the watch; what is compiled and not Python's is not seen."""
    for program, is_seen in ((CONTROL, True), (DEMO, False)):
        seen = tmp_path / "seen"
        order = [sys.executable, "-c", WATCHED + program, str(seen), str(tmp_path / "out")]
        subprocess.run(order, check=True, capture_output=True)
        assert seen.exists() is is_seen
        seen.unlink(missing_ok=True)
    assert (tmp_path / "out" / "cover.pdf").is_file()

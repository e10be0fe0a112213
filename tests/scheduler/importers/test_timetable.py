"""Timetables, lists of ids and badges, with the row of each fault."""

from pathlib import Path

import pytest

from scheduler.errors import ImportFileError
from scheduler.importers import load_badges, load_ids, load_timetable
from tests.scheduler.events import make_event, make_meeting, make_timetable

EVENT = make_event(["s1", "s2"], ["c1", "c2"])
HEADER = "start,end,room_id,table,company_id,company,student_id,student,rank\n"


def _problems(path: Path) -> list[str]:
    with pytest.raises(ImportFileError) as caught:
        load_timetable(path, EVENT)
    return [str(problem) for problem in caught.value.problems]


def _write(tmp_path: Path, text: str, name: str = "timetable.csv") -> Path:
    (tmp_path / name).write_text(text)
    return tmp_path / name


def test_timetable_is_read_without_places(tmp_path: Path) -> None:
    path = _write(tmp_path, HEADER + "13:12,13:22,r1,2,c2,Company,s1,Student,\n")
    timetable = load_timetable(path, EVENT)
    assert timetable == make_timetable(make_meeting(1, "s1", "c2", table=2))
    assert timetable.places == ()


def test_timetable_needs_only_five_columns_in_any_order(tmp_path: Path) -> None:
    path = _write(tmp_path, "student_id;company_id;table;room_id;start\ns1;c1;1;r1;13.00\n")
    assert load_timetable(path, EVENT) == make_timetable(make_meeting(0, "s1", "c1"))


def test_every_fault_of_a_timetable_is_told(tmp_path: Path) -> None:
    rows = "13:05,,r1,1,c1,,s1,,\n\n13:00,,r9,0,c9,,s9,,\n13:00,,r1,x,c1,,s2,,\n"
    assert _problems(_write(tmp_path, HEADER + rows)) == [
        "timetable.csv, row 2, column start: no slot starts at 13:05; use one of 13:00 13:12 13:24",
        "timetable.csv, row 4, column table: 0 is below 1; tables are numbered from 1",
        "timetable.csv, row 4, column room_id: 'r9' is not in the event; correct the id",
        "timetable.csv, row 4, column company_id: 'c9' is not in the event; correct the id",
        "timetable.csv, row 4, column student_id: 's9' is not in the event; correct the id",
        "timetable.csv, row 5, column table: 'x' is not a whole number; "
        "write digits only, such as 12",
    ]


def test_timetable_without_a_column_says_which(tmp_path: Path) -> None:
    (line,) = _problems(_write(tmp_path, "start,room_id,table,company_id\n"))
    assert line.startswith("timetable.csv, row 1, column student_id: the column is missing")


def test_timetable_that_is_not_there_is_named(tmp_path: Path) -> None:
    (line,) = _problems(tmp_path / "none.csv")
    assert line.endswith("none.csv: there is no such file; check the path")


def test_timetable_that_is_a_folder_asks_for_a_file(tmp_path: Path) -> None:
    (line,) = _problems(tmp_path)
    assert line == f"{tmp_path}: is a folder; give one file in it"


def test_ids_that_are_no_file_say_what_it_should_hold(tmp_path: Path) -> None:
    with pytest.raises(
        ImportFileError, match=r"ana: there is no such file; give a file that holds"
    ):
        load_ids(tmp_path / "ana", EVENT)


def test_ids_are_read_one_a_line(tmp_path: Path) -> None:
    path = _write(tmp_path, "s2\n\nc1\n s2 \n", "ids.txt")
    assert load_ids(path, EVENT) == ("s2", "c1")


def test_ids_are_read_from_their_column(tmp_path: Path) -> None:
    path = _write(tmp_path, "name;Student_ID\nAnn;s1\nBo;s2\n", "ids.csv")
    assert load_ids(path, EVENT) == ("s1", "s2")


def test_unknown_id_is_told_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match=r"ids\.txt, row 2: 's9' is not a student or company"):
        load_ids(_write(tmp_path, "s1\ns9\n", "ids.txt"), EVENT)


def test_badges_are_read(tmp_path: Path) -> None:
    path = _write(tmp_path, "student_id,badge_id\ns1,k7\ns2,'-x\n", "badges.csv")
    assert load_badges(path) == {"s1": "k7", "s2": "-x"}


def test_badge_twice_is_a_problem(tmp_path: Path) -> None:
    path = _write(tmp_path, "student_id,badge_id\ns1,k7\ns2,k7\n", "badges.csv")
    with pytest.raises(
        ImportFileError, match=r"badges\.csv, row 3, column badge_id: is there twice"
    ):
        load_badges(path)

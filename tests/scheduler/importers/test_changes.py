"""``changes.csv`` as people make it, and every fault in it at once."""

from pathlib import Path

import pytest

from scheduler.errors import ImportFileError
from scheduler.importers import load_changes
from scheduler.model import Change, ChangeKind, CompanyId, PersonKind
from tests.scheduler.events import make_event

EVENT = make_event(["ana", "bo"], ["c1", "c2"])


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "changes.csv"
    path.write_bytes(text.encode(encoding))
    return path


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ImportFileError) as caught:
        load_changes(written(folder, text), EVENT)
    return [str(problem) for problem in caught.value.problems]


def test_every_kind_of_change_is_read(tmp_path: Path) -> None:
    text = (
        "change,kind,id,company_id,time,count\n"
        "absent,student,ana\n"
        "arrives,company,c1,,13:24\n"
        "leaves,student,bo,,13.12\n"
        "forbid,student,bo,c2\n"
        "tables,company,c2,,,0\n"
    )
    changes, warnings = load_changes(written(tmp_path, text), EVENT)
    assert changes == (
        Change(ChangeKind.ABSENT, PersonKind.STUDENT, "ana"),
        Change(ChangeKind.ARRIVES, PersonKind.COMPANY, "c1", time_min=24),
        Change(ChangeKind.LEAVES, PersonKind.STUDENT, "bo", time_min=12),
        Change(ChangeKind.FORBID, PersonKind.STUDENT, "bo", company_id=CompanyId("c2")),
        Change(ChangeKind.TABLES, PersonKind.COMPANY, "c2", count=0),
    )
    assert warnings == ()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_danish_excel_is_understood(tmp_path: Path, encoding: str) -> None:
    text = "Ændring;Hvem;Id;Virksomhed_id;Tid;Antal\r\ngår;studerende;ana;;13.20;\r\n"
    changes, _ = load_changes(written(tmp_path, text, encoding), EVENT)
    assert changes == (Change(ChangeKind.LEAVES, PersonKind.STUDENT, "ana", time_min=20),)


def test_header_alone_is_no_change(tmp_path: Path) -> None:
    changes, _ = load_changes(written(tmp_path, "change,kind,id\n"), EVENT)
    assert changes == ()


def test_unknown_column_is_named_in_a_warning(tmp_path: Path) -> None:
    text = "change,kind,id,why\nabsent,student,ana,ill\n"
    _, warnings = load_changes(written(tmp_path, text), EVENT)
    assert warnings == ("changes.csv, column why: not a column of changes; left out",)


def test_every_fault_is_told_at_once_with_its_row(tmp_path: Path) -> None:
    text = (
        "change;kind;id;company_id;time;count\n"
        "absent;student;nobody;;13:00;\n"
        "tables;student;ana;;;1\n"
        "leaves;company;c1;;1:45;\n"
        "forbid;student;ana;;;x\n"
        "tables;company;c1;;;-3\n"
        "arrives;student;bo;;;\n"
        "absent;student;ana\n"
        "absent;student;ana\n"
    )
    assert problems(tmp_path, text) == [
        "changes.csv, row 2, column id: 'nobody' is not in students; "
        "correct the id or the kind, or add it to students",
        "changes.csv, row 2, column time: 'absent' has no time; leave it empty",
        "changes.csv, row 3, column kind: 'tables' is about a company, not a student; correct it",
        "changes.csv, row 4, column time: 01:45 is not between 13:00 and 13:34; "
        "write a time of the event",
        "changes.csv, row 5, column count: 'x' is not a whole number; "
        "write digits only, such as 12",
        "changes.csv, row 6, column count: '-3' is below 0; write 0 or more",
        "changes.csv, row 7, column time: the cell is empty; 'arrives' needs it: fill it in",
        "changes.csv, row 9, column id: 'absent' of 'ana' is there twice; keep one of the two rows",
    ]


def test_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="there is no such file"):
        load_changes(tmp_path / "changes.csv", EVENT)

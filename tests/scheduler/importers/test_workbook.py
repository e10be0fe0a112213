"""Workbooks: what spreadsheets store, and files that are none or mean harm."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from scheduler.importers import load_event, write_event_workbook
from scheduler.importers.rows import letters_of
from scheduler.model import Absence, Break, Decision, DecisionKind, PersonKind, Window
from tests.scheduler.events import make_event
from tests.scheduler.importers.conftest import Problems

SHEETS: dict[str, list[list[Any]]] = {
    "event": [
        ["key", "value"],
        ["event.id", "november"],
        ["event.name", "Company Dating"],
        ["event.date", dt.date(2026, 11, 26)],
        ["event.timezone", "Europe/Copenhagen"],
        ["event.start", dt.time(13, 0)],
        ["event.end", "15.30"],
        ["event.slot_min", 10],
        ["event.changeover_min", 2],
    ],
    "rooms": [["room_id", "tables"], [101, 4]],
    "companies": [["company_id", "name", "room_id"], ["c1", "Grundfos", "101"], ["c2", "Vestas"]],
    "students": [["student_id", "name"], ["s1", "Ann"], ["s2", "Bo"]],
    "preferences": [["student_id", "company_id", "rank"], ["s1", "c1", 1], ["s2", "c1", 1]],
}
Book = Callable[..., Path]


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Make the workbook; keyword ``rooms`` replaces that sheet, ``more`` adds rows to ``event``."""

    def make(more: list[list[Any]] | None = None, **changed: list[list[Any]]) -> Path:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name, rows in (SHEETS | changed).items():
            sheet = made.create_sheet(name)
            for row in rows + ((more or []) if name == "event" else []):
                sheet.append(row)
        made.save(tmp_path / "event.xlsx")
        return tmp_path / "event.xlsx"

    return make


def _rewrite(path: Path, change: Callable[[str, bytes], bytes], **more: bytes) -> Path:
    """Change the parts inside a workbook."""
    with zipfile.ZipFile(path) as old:
        parts = {name: change(name, old.read(name)) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in (parts | more).items():
            new.writestr(name, part)
    return path


def test_workbook_is_read(book: Book) -> None:
    event = load_event(book()).event
    assert event.date == dt.date(2026, 11, 26)
    assert event.opens_min == 780
    assert event.window == Window(150, 10, 2)
    assert event.rooms[0].room_id == "101"
    assert event.companies[0].room_id == "101"
    assert event.preferences[1] == ("s2", "c1", 1)


def test_settings_of_the_sheet_are_read(book: Book) -> None:
    path = book(
        [
            ["event.breaks.1.start", "14:12"],
            ["event.breaks.1.end", dt.time(14, 24)],
            ["rules.rank_weights", "9;8"],
            ["rules.require_field", True],
            ["rules.offer_unranked", "sand"],
            ["rules.max_in_a_row", 3],
            ["event.breaks.2.start", None],
        ]
    )
    event = load_event(path).event
    assert event.window.breaks == (Break(72, 84),)
    assert event.rules.rank_weights == (9, 8)
    assert event.rules.require_field
    assert event.rules.offer_unranked
    assert event.rules.max_in_a_row == 3


def test_times_of_excel_are_read(book: Book) -> None:
    path = book(
        unavailable=[["kind", "id", "start", "end"], ["student", "s1", 0.5625, dt.time(13, 40)]],
        decisions=[["kind", "student_id", "company_id", "start"], ["pin", "s1", "c1", "13:00:00"]],
    )
    event = load_event(path).event
    assert event.absences == (Absence(PersonKind.STUDENT, "s1", 30, 40),)
    assert event.decisions == (Decision(DecisionKind.PIN, "s1", "c1", 0),)


def test_sheet_stands_for_the_file_in_problems(book: Book, problems: Problems) -> None:
    path = book(
        [["rules.max_in_a_row", "x"]],
        rooms=[["room_id", "tables"], [None, None], ["R", "x"]],
        companies=[["company_id", "name", "room_id"], ["c1", "A", "R9"]],
    )
    assert [line.split(":")[0] for line in problems(path)] == [
        "event, row 10, rules.max_in_a_row",
        "rooms, row 3, column tables",
        "companies, row 2, column room_id",
    ]


def test_relation_between_settings_names_the_row(book: Book, problems: Problems) -> None:
    path = book([["rules.guaranteed_meetings_per_student", 9]])
    (line,) = problems(path)
    assert line.startswith("event, row 10, rules.guaranteed_meetings_per_student: 9 guaranteed")


def test_unknown_sheet_key_and_column_are_named_in_warnings(book: Book) -> None:
    path = book(
        [["rules.colour", "red"]], Ark1=[["x"]], rooms=[["room_id", "tables", "note"], [101, 4]]
    )
    assert load_event(path).warnings == (
        "Ark1: not a sheet of an event; left out",
        "event, rules.colour: not a setting of an event; left out",
        "rooms, column note: not a column of rooms; left out",
    )


def test_missing_sheet_is_named(book: Book, problems: Problems, tmp_path: Path) -> None:
    book()
    made = openpyxl.load_workbook(tmp_path / "event.xlsx")
    del made["students"], made["event"]
    made.save(tmp_path / "event.xlsx")
    lines = problems(tmp_path / "event.xlsx")
    assert [line.split(";")[0] for line in lines] == ["event: is missing", "students: is missing"]


def test_formula_without_a_stored_value_is_an_empty_cell(book: Book, problems: Problems) -> None:
    path = book(rooms=[["room_id", "tables"], [101, "=2+2"]])
    assert problems(path) == ["rooms, row 2, column tables: the cell is empty; fill it in"]


def test_cell_error_is_named(book: Book, problems: Problems) -> None:
    path = book(students=[["student_id", "name", "email"], ["s1", "Ann", "#N/A"], ["s2", "Bo"]])
    _rewrite(path, lambda name, part: part)
    (line,) = problems(path)
    assert line.startswith("students, row 2, column email: '#N/A' is an error of the spreadsheet")


def test_key_twice_is_a_problem(book: Book, problems: Problems) -> None:
    (line,) = problems(book([["event.end", "16:00"]]))
    assert line == "event, row 10, event.end: the key is there twice; keep one"


def test_cpr_number_typed_as_a_number_is_refused(book: Book, problems: Problems) -> None:
    path = book(students=[["student_id", "name"], ["s1", "Ann"], ["s2", "Bo"], [1201901234, "Cy"]])
    (line,) = problems(path)
    assert line.startswith("students, row 4, column student_id: this looks like a CPR number")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not an .xlsx workbook, or a damaged one"),
        (b"student_id,name\n", "is not an .xlsx workbook, or a damaged one"),
        (b"\xd0\xcf\x11\xe0 old", "is an old (.xls) or locked workbook"),
        (b"PK\x03\x04 cut off", "is not an .xlsx workbook, or a damaged one"),
    ],
)
def test_file_that_is_no_workbook_is_refused(
    tmp_path: Path, problems: Problems, content: bytes, message: str
) -> None:
    (tmp_path / "event.xlsx").write_bytes(content)
    (line,) = problems(tmp_path / "event.xlsx")
    assert f"event.xlsx: {message}" in line


def test_zip_that_is_no_workbook_is_refused(tmp_path: Path, problems: Problems) -> None:
    with zipfile.ZipFile(tmp_path / "event.xlsx", "w") as packed:
        packed.writestr("hello.txt", "hello")
    (line,) = problems(tmp_path / "event.xlsx")
    assert "is not an .xlsx workbook; save it as .xlsx" in line


def test_large_file_is_refused_by_its_size(tmp_path: Path, problems: Problems) -> None:
    with (tmp_path / "event.xlsx").open("wb") as file:
        file.truncate(200 * 2**20)
    (line,) = problems(tmp_path / "event.xlsx")
    assert "200 MB is more than the 10 MB allowed" in line


def test_zip_bomb_is_refused_by_its_directory(book: Book, problems: Problems) -> None:
    path = _rewrite(book(), lambda name, part: part, **{"xl/bomb.xml": b" " * (101 * 2**20)})
    (line,) = problems(path)
    assert "unpacks to 101 MB, more than 100 MB" in line


def test_high_ratio_is_refused(book: Book, problems: Problems) -> None:
    path = _rewrite(book(), lambda name, part: part, **{"xl/bomb.xml": b" " * (20 * 2**20)})
    (line,) = problems(path)
    assert "unpacks to more than 100 times its size" in line


def test_directory_that_lies_about_sizes_is_refused(book: Book, problems: Problems) -> None:
    path = _rewrite(book(), lambda name, part: part, **{"xl/bomb.xml": b" " * (90 * 2**20)})
    content = path.read_bytes()
    true_size = (90 * 2**20).to_bytes(4, "little")
    assert content.count(true_size) == 2
    path.write_bytes(content.replace(true_size, (1000).to_bytes(4, "little")))
    (line,) = problems(path)
    assert "is not an .xlsx workbook, or a damaged one" in line


def test_too_many_entries_are_refused(book: Book, problems: Problems) -> None:
    extra = {f"xl/media/{n}.xml": b"x" for n in range(1000)}
    (line,) = problems(_rewrite(book(), lambda name, part: part, **extra))
    assert "files, more than 1,000" in line


@pytest.mark.parametrize("mark", [b"<!DOCTYPE x>", b'<!ENTITY a "b">'])
def test_declaration_is_refused(book: Book, problems: Problems, mark: bytes) -> None:
    def change(name: str, part: bytes) -> bytes:
        return part.replace(b"<worksheet", mark + b"<worksheet", 1)

    (line,) = problems(_rewrite(book(), change))
    assert "holds a document type declaration" in line


def test_cell_in_the_far_corner_is_refused(book: Book, problems: Problems, tmp_path: Path) -> None:
    made = openpyxl.load_workbook(book())
    made["rooms"]["XFD1048576"] = "far"
    made.save(tmp_path / "event.xlsx")
    (line,) = problems(tmp_path / "event.xlsx")
    assert "a sheet has cells far to the right or far below" in line


def test_cells_without_places_are_counted(book: Book, problems: Problems) -> None:
    def change(name: str, part: bytes) -> bytes:
        far = b'<row r="1048576"><c t="n"><v>1</v></c></row></sheetData>'
        wide = b"<row>" + b"<c><v>1</v></c>" * 50 + b"</row>"
        return part.replace(b"</sheetData>", wide + far)

    (line,) = problems(_rewrite(book(), change))
    assert "a sheet has cells far to the right or far below" in line


def test_damaged_sheet_is_refused(book: Book, problems: Problems) -> None:
    def change(name: str, part: bytes) -> bytes:
        return part[: len(part) // 2] if "worksheets" in name else part

    assert problems(_rewrite(book(), change))


def test_workbook_without_any_cell_places_reads(tmp_path: Path) -> None:
    write_event_workbook(make_event(), tmp_path / "event.xlsx")
    assert zipfile.is_zipfile(io.BytesIO((tmp_path / "event.xlsx").read_bytes()))
    assert load_event(tmp_path / "event.xlsx").event == make_event()


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_are_lettered_as_a_spreadsheet_does(place: int, letters: str) -> None:
    assert letters_of(place) == letters

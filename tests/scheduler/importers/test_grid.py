"""Text files as people's spreadsheets write them."""

import pytest

from scheduler.importers import load_event
from tests.scheduler.importers.conftest import Folder, Problems

STUDENTS = "student_id,name,programme\ns1,Søren,Ærø\ns2,Bo,\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encoding_delimiter_and_line_end_do_not_matter(
    folder: Folder, encoding: str, delimiter: str, line_end: str
) -> None:
    text = STUDENTS.replace(",", delimiter).replace("\n", line_end)
    students = load_event(folder(students=text.encode(encoding))).event.students
    assert [(s.name, s.programme) for s in students] == [("Søren", "Ærø"), ("Bo", "")]


def test_header_case_and_blanks_do_not_matter(folder: Folder) -> None:
    place = folder(students=" Student ID , NAME\n s1 , Ann \ns2,Bo\n\n ,\n\n")
    assert [s.name for s in load_event(place).event.students] == ["Ann", "Bo"]


def test_separator_line_of_excel_is_no_row(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder(rooms="sep=|\nroom_id|tables\nHall|x\n"))
    assert line.startswith("rooms.csv, row 2, column tables")


def test_comma_inside_a_quoted_header_is_no_delimiter(folder: Folder) -> None:
    place = folder(rooms='room_id;tables;"a,b,c,d"\nHall;4;\n')
    assert load_event(place).event.rooms[0].tables == 4


def test_empty_file_says_what_it_needs(folder: Folder, problems: Problems) -> None:
    assert problems(folder(rooms="")) == [
        "rooms.csv: is empty; begin it with a row of headers: "
        "room_id, name, building, tables, capacity"
    ]


def test_quotation_mark_that_never_ends_names_its_row(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder(rooms='room_id,tables\nHall,4\n"Room,5\nR3,6\n'))
    assert line.startswith("rooms.csv, row 3: cannot be cut into cells")
    assert line.endswith("look for a quotation mark that is not closed")


def test_nul_bytes_are_no_text(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder(rooms=b"room_id,tables\nHa\0ll,4\n"))
    assert line == "rooms.csv: holds NUL bytes, so it is not a text file; save it as CSV UTF-8"


def test_byte_of_no_encoding_is_refused(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder(rooms=b"room_id,tables\nHa\x81ll,4\n"))
    assert line.startswith("rooms.csv: is neither UTF-8, UTF-16 nor Windows-1252")


def test_workbook_named_csv_is_named_so(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder(rooms=b"PK\x03\x04 and so on"))
    assert line == "rooms.csv: this is a workbook, not a text file; save the sheet as CSV UTF-8"


def test_error_of_a_spreadsheet_is_refused(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder(students="student_id,name,email\ns1,Ann,#N/A\ns2,Bo,\n"))
    assert line.startswith(
        "students.csv, row 2, column email: '#N/A' is an error of the spreadsheet"
    )

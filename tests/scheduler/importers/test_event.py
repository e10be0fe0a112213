"""An event folder: what is read, and every problem with its file, row and column."""

import datetime as dt
from pathlib import Path

import pytest

from scheduler.errors import ImportFileError, Problem
from scheduler.importers import examine_event, load_event
from scheduler.model import (
    Absence,
    Company,
    Decision,
    DecisionKind,
    Language,
    PersonKind,
    Position,
    Preference,
    Proficiency,
    Room,
    Student,
    Verdict,
)
from tests.scheduler.importers.conftest import EVENT_TOML, Folder, Problems


def test_load_event_reads_required_columns(folder: Folder) -> None:
    event = load_event(folder()).event
    assert event.event_id == "november"
    assert event.date == dt.date(2026, 11, 26)
    assert event.opens_min == 13 * 60
    assert event.window.length_min == 150
    assert len(event.window.slots) == 12
    assert event.rooms == (Room("Hall", 4),)
    assert event.companies == (Company("c1", "Grundfos"), Company("c2", "Vestas"))
    assert event.students == (Student("s1", "Ann"), Student("s2", "Bo"))
    assert event.preferences == (
        Preference("s1", "c1", 1),
        Preference("s1", "c2", 2),
        Preference("s2", "c1", 1),
    )


def test_load_event_reads_every_company_column(folder: Folder) -> None:
    place = folder(
        companies="company_id,name,room_id,tables,seats,arrives,leaves,positions,languages,"
        "small_talk,fields,min_meetings,max_meetings,email,website,about\n"
        "c1,Grundfos,Hall,2,3,12:50,15.00,internship;Student Job,EN:b2;pt:B2|es:native,"
        'da:A1,Energy; Water ,4,20,a@b.dk,https://grundfos.dk,"Pumps,\r\nwater"\nc2,Vestas\n'
    )
    assert load_event(place).event.companies[0] == Company(
        "c1",
        "Grundfos",
        "Hall",
        2,
        3,
        -10,
        120,
        (Position.INTERNSHIP, Position.STUDENT_JOB),
        (
            (Language("en", Proficiency.B2),),
            (Language("pt", Proficiency.B2), Language("es", Proficiency.NATIVE)),
        ),
        ((Language("da", Proficiency.A1),),),
        ("Energy", "Water"),
        4,
        20,
        "a@b.dk",
        "https://grundfos.dk",
        "Pumps,\nwater",
    )


def test_load_event_reads_optional_files(folder: Folder) -> None:
    place = folder(
        shortlist="company_id,student_id,verdict\nc1,s1,yes\nc2,s2,NO\n",
        unavailable="kind,id,start,end\nstudent,s1,13:00,13:30\ncompany,c1,14:00,14:10\n",
        decisions="kind,student_id,company_id,start\npin,s1,c1,13:36\nforbid,s2,c1,\n",
    )
    event = load_event(place).event
    assert event.shortlist == (Verdict("c1", "s1", True), Verdict("c2", "s2", False))
    assert event.absences == (
        Absence(PersonKind.STUDENT, "s1", 0, 30),
        Absence(PersonKind.COMPANY, "c1", 60, 70),
    )
    assert event.decisions == (
        Decision(DecisionKind.PIN, "s1", "c1", 36),
        Decision(DecisionKind.FORBID, "s2", "c1"),
    )


def test_problem_has_the_form_of_the_contract(folder: Folder, problems: Problems) -> None:
    rows = "".join(f"s{n},Name,en:C1\n" for n in range(1, 6))
    place = folder(students=f"student_id,name,languages\n{rows}s6,Ann,en:C9\n")
    assert problems(place) == [
        "students.csv, row 7, column languages: "
        "'en:C9' is not a CEFR level (A1 A2 B1 B2 C1 C2 native)"
    ]


def test_blank_rows_and_line_breaks_in_cells_count_as_the_spreadsheet_counts(
    folder: Folder, problems: Problems
) -> None:
    place = folder(
        companies='company_id,name,about,tables\nc1,A,"two\nlines",1\n\n,,,\nc2,B,,many\n\n\n'
    )
    assert problems(place) == [
        "companies.csv, row 5, column tables: 'many' is not a whole number; "
        "write digits only, such as 12"
    ]


def test_every_problem_of_every_file_is_told_at_once(folder: Folder, problems: Problems) -> None:
    place = folder(
        rooms="room_id,tables\nHall,x\n",
        companies="company_id,name,arrives\nc1,A,25:00\nc2,,\n",
        students="student_id,name,languages\ns1,Ann,en\ns2,Bo,\ns2,Cy,\n",
        preferences="student_id,company_id,rank\ns1,c1,first\ns9,c2,1\ns2,c2,1\n",
        event=EVENT_TOML.replace("slot_min = 10", "slot_min = '10'"),
    )
    assert [line.split(":")[0] for line in problems(place)] == [
        "event.toml, event.slot_min",
        "rooms.csv, row 2, column tables",
        "companies.csv, row 2, column arrives",
        "companies.csv, row 3, column name",
        "students.csv, row 2, column languages",
        "students.csv, row 4, column student_id",
        "preferences.csv, row 2, column rank",
        "preferences.csv, row 3, column student_id",
    ]


def test_relation_problem_gets_file_and_row(folder: Folder, problems: Problems) -> None:
    place = folder(preferences="student_id,company_id,rank\n\ns1,c9,1\n")
    (line,) = problems(place)
    assert line.startswith("preferences.csv, row 3, column company_id: 'c9' is not in companies")


def test_missing_file_brings_no_unknown_ids(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder(students=None))
    assert line.startswith("students.csv: is missing; add it, with the columns student_id, name")


def test_missing_column_brings_no_unknown_ids(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder(companies="name\nGrundfos\n"))
    assert line.startswith("companies.csv, row 1, column company_id: the column is missing; add it")


@pytest.mark.parametrize(
    ("name", "text", "column"),
    [
        ("rooms", "room_id\nHall\n", "tables"),
        ("companies", "company_id\nc1\nc2\n", "name"),
        ("preferences", "student_id,company_id\ns1,c1\ns1,c2\n", "rank"),
        ("shortlist", "student_id,company_id\ns1,c1\ns1,c2\n", "verdict"),
        ("unavailable", "kind,id,start\nstudent,s1,13:00\n", "end"),
        ("decisions", "student_id,company_id,start\ns1,c1,13:00\n", "kind"),
    ],
)
def test_missing_required_column_is_told_once(
    folder: Folder, problems: Problems, name: str, text: str, column: str
) -> None:
    (line,) = problems(folder(**{name: text}))
    assert line.startswith(f"{name}.csv, row 1, column {column}: the column is missing")


def test_unread_tables_and_seats_bring_no_noise(folder: Folder, problems: Problems) -> None:
    place = folder(companies="company_id,name,tables,min_meetings\nc1,A,x,40\nc2,B,1,0\n")
    assert len(problems(place)) == 1


def test_row_without_id_is_left_out(folder: Folder, problems: Problems) -> None:
    place = folder(students="student_id,name\ns1,Ann\n,Nobody\ns2,Bo\n")
    assert problems(place) == [
        "students.csv, row 3, column student_id: the cell is empty; fill it in"
    ]


@pytest.mark.parametrize("first", ["=", "+", "-", "@"])
def test_id_that_begins_as_a_formula_is_refused(
    folder: Folder, problems: Problems, first: str
) -> None:
    lines = problems(folder(rooms=f"room_id,tables\n'{first}1,4\n"))
    assert lines == [
        f"rooms.csv, row 2, column room_id: the id '{first}1' begins with {first}; "
        "begin it with a letter or a digit"
    ]


@pytest.mark.parametrize("cpr", ["0101901234", "290204-1234"])
def test_cpr_number_is_refused_without_repeating_it(
    folder: Folder, problems: Problems, cpr: str
) -> None:
    (line,) = problems(folder(students=f"student_id,name,note\ns1,Ann,{cpr}\ns2,Bo,\n"))
    assert line.startswith("students.csv, row 2, column C: this looks like a CPR number")
    assert cpr not in line


def test_ten_digits_that_are_no_date_are_an_id(folder: Folder, problems: Problems) -> None:
    place = folder(students="student_id,name\ns1,Ann\ns2,Bo\n9999990000,Cy\n310290-1234,Di\n")
    assert problems(place) == []


def test_unknown_column_and_file_are_named_in_warnings(folder: Folder) -> None:
    place = folder(rooms="room_id,tables,Colour\nHall,4,red\n", extra="x\n")
    assert load_event(place).warnings == (
        "extra.csv: not a file of an event; left out",
        "rooms.csv, column Colour: not a column of rooms; left out",
    )


def test_header_twice_is_a_problem(folder: Folder, problems: Problems) -> None:
    assert problems(folder(rooms="room_id,tables,Tables\nHall,4,5\n")) == [
        "rooms.csv, row 1, column Tables: the column is there twice; keep one of them"
    ]


def test_cell_beyond_the_header_is_a_problem(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder(rooms="room_id,tables\nHall,4,,Bo\n"))
    assert line.startswith("rooms.csv, row 2, column D: a cell without a header above it")


def test_empty_cells_beyond_the_header_are_fine(folder: Folder, problems: Problems) -> None:
    assert problems(folder(rooms="room_id,tables,,\nHall,4,,,\n")) == []


def test_danish_headers_and_words_are_understood(folder: Folder) -> None:
    place = folder(
        students="Studerende-id;Navn;Ankommer;Stillingstyper\ns1;Søren;13.12;praktik\ns2;Bo;;\n",
        decisions="Beslutning;Studerende-id;Virksomhed-id;Tid\n"
        "Fasthold;s1;c1;13.12\nforbyd;s1;c2;\n",
        shortlist="virksomhed_id;studerende_id;svar\nc1;s1;ja\n",
    )
    event = load_event(place).event
    assert event.students[0] == Student(
        "s1", "Søren", arrives_min=12, positions=(Position.INTERNSHIP,)
    )
    assert event.shortlist == (Verdict("c1", "s1", True),)
    assert event.decisions == (
        Decision(DecisionKind.PIN, "s1", "c1", 12),
        Decision(DecisionKind.FORBID, "s1", "c2"),
    )


def test_problem_names_the_danish_header(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder(rooms="Lokale-id;Borde\nHall;mange\n"))
    assert line.startswith("rooms.csv, row 2, column Borde: 'mange' is not a whole number")


def test_names_stay_as_written_in_nfc(folder: Folder) -> None:
    names = ["Søren", "Nguyễn", "李小明", "عمر", "O'Neil", "<Ann>", "'t Hooft", "Å"]
    rows = "".join(f"n{i},{name}\n" for i, name in enumerate(names))
    place = folder(students=f"student_id,name\ns1,A\u030as\ns2,'=cmd\n{rows}")
    assert [s.name for s in load_event(place).event.students] == ["Ås", "=cmd", *names]


def test_control_character_is_refused(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder(students="student_id,name\ns1,A\x07b\ns2,Bo\n"))
    assert line.startswith(
        "students.csv, row 2, column name: 'A\\u0007b' holds a control character"
    )


def test_no_such_folder(folder: Folder, problems: Problems) -> None:
    (line,) = problems(folder() / "nowhere")
    assert "nowhere: there is no such folder or workbook" in line


@pytest.mark.parametrize("name", ["students.csv", "event.toml"])
def test_one_file_of_an_event_asks_for_its_folder(
    folder: Folder, problems: Problems, name: str
) -> None:
    (line,) = problems(folder() / name)
    assert line.endswith(
        f"{name}: is one file of an event; give the folder that holds it, or an .xlsx workbook"
    )


def test_locate_fills_file_and_row(folder: Folder) -> None:
    loaded = load_event(folder(students="student_id,name\n\ns1,Ann\ns2,Bo\n"))
    located = loaded.locate(Problem("students", "is late", index=1, column="arrives"))
    assert str(located) == "students.csv, row 4, column arrives: is late"


def test_nothing_happens_on_a_problem(folder: Folder) -> None:
    with pytest.raises(ImportFileError) as caught:
        load_event(folder(rooms=""))
    assert [problem.file for problem in caught.value.problems] == ["rooms.csv"]


def test_rows_beyond_the_limit_are_refused(folder: Folder) -> None:
    with pytest.raises(ImportFileError) as caught:
        load_event(folder(), row_limit=3)
    assert [str(problem) for problem in caught.value.problems] == [
        "preferences.csv: has 4 rows, more than the 3 allowed; split it, or use the command line"
    ]


def test_two_files_of_one_name_are_told(folder: Folder) -> None:
    place = folder()
    (place / "Rooms.csv").write_text("room_id,tables\nCellar,1\n")
    loaded = load_event(place)
    assert loaded.warnings == ("rooms.csv: the same name as Rooms.csv; left out",)
    assert loaded.event.rooms == (Room("Cellar", 1),)


def test_table_without_rows_is_told(folder: Folder) -> None:
    place = folder(preferences="student_id,company_id,rank\n")
    assert load_event(place).warnings == ("preferences.csv: has no rows",)


def test_examine_takes_missing_tables_from_the_rest(folder: Folder, tmp_path: Path) -> None:
    rest = load_event(folder()).event
    own = tmp_path / "uploaded"
    own.mkdir()
    (own / "students.csv").write_text("student_id,name,arrives\ns1,Ann,13:30\ns2,Bo,\ns3,Li,\n")

    examined = examine_event(own, rest=rest)

    assert examined.problems == ()
    assert examined.tables == {"students"}
    assert [s.name for s in examined.loaded.event.students] == ["Ann", "Bo", "Li"]
    assert examined.loaded.event.students[0].arrives_min == 30
    assert examined.loaded.event.companies == rest.companies


def test_examine_adds_what_the_files_name_and_only_the_rest_has(
    folder: Folder, tmp_path: Path
) -> None:
    rest = load_event(folder()).event
    own = tmp_path / "uploaded"
    own.mkdir()
    (own / "students.csv").write_text("student_id,name\ns3,Li\n")
    (own / "preferences.csv").write_text("student_id,company_id,rank\ns3,c1,1\ns1,c1,1\n")

    examined = examine_event(own, rest=rest)

    assert examined.problems == ()
    assert [s.student_id for s in examined.loaded.event.students] == ["s3", "s1"]
    assert examined.added("students") == ("s1",)
    assert examined.added("companies") == ()
    assert [s.student_id for s in examined.own().students] == ["s3"]


def test_examine_gives_the_cells_beside_the_problems(folder: Folder) -> None:
    path = folder(students="student_id,name,languages\ns1,Ann,en:C9\ns2,Bo,\n")

    examined = examine_event(path)

    assert [(p.file, p.row, p.column) for p in examined.problems] == [
        ("students.csv", 2, "languages")
    ]
    assert examined.grids["students"].records[1] == ["s1", "Ann", "en:C9"]

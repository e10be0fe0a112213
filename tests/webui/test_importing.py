"""Import: problems at their cells, what would change, what is stored."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from sqlalchemy import func, select

from scheduler.importers import load_event
from tests.webui.conftest import EXAMPLES, Browser
from tests.webui.importing import Sent, confirm, key, send, stored
from webui.store import (
    Audit,
    Database,
    StudentRow,
    Upload,
)

__all__ = ["key", "send"]


def test_problems_stand_at_their_cells_and_nothing_is_kept(
    send: Sent, database: Database, tiny: int
) -> None:
    before = stored(database, tiny)

    answer = send(students_csv="student_id,name,languages\nada,Ada,en:C9\nbo,,\n")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "2 problems in these files" in page
    assert '<span class="unseen">at fault: </span><bdi>en:C9</bdi>' in page
    assert "is not a CEFR level" in page
    assert "the cell is empty" in page
    assert stored(database, tiny) == before
    with database.reading() as session:
        assert session.scalar(select(func.count(Upload.id))) == 0


def test_of_many_problems_the_first_200_are_shown(send: Sent) -> None:
    rows = "\n".join(f"s{number},,en:C9" for number in range(150))

    page = send(students_csv=f"student_id,name,languages\n{rows}\n").get_data(as_text=True)

    assert "300 problems in these files" in page
    assert "Below are the first 200." in page
    assert page.count("is not a CEFR level") == 100


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"notes_docx": b"x"}, "No file of an event is among these"),
        ({"a_xlsx": b"x", "rooms_csv": b"x"}, "not both"),
        ({"a_xlsx": b"no workbook"}, "is not an .xlsx workbook"),
        ({"a_xlsx": b"PK\x03\x04damaged"}, "is not an .xlsx workbook, or a damaged one"),
    ],
)
def test_files_of_another_kind_are_refused(send: Sent, files: dict[str, bytes], says: str) -> None:
    answer = send(**files)
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)


def test_a_whole_workbook_becomes_the_event(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    address = send(tiny_xlsx=(EXAMPLES / "workbook" / "tiny.xlsx").read_bytes()).headers["Location"]
    assert confirm(staff, address, settings="1").status_code == 303
    expected = load_event(EXAMPLES / "workbook" / "tiny.xlsx").event
    assert replace(stored(database, tiny), event_id=expected.event_id) == expected


def test_files_over_an_event_of_others_replace_it_where_asked(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    files = {
        path.name.replace(".", "_"): path.read_bytes()
        for path in (EXAMPLES / "aarhus-2026").iterdir()
        if path.suffix in (".csv", ".toml") and not path.name.startswith(".")
    }
    address = send(**files).headers["Location"]
    assert 'value="1" ><label for="take-settings"' in staff.get(address).get_data(as_text=True)
    lists = ("rooms", "companies", "students", "preferences", "shortlist")

    assert confirm(staff, address, settings="1", remove=list(lists)).status_code == 303

    expected = load_event(EXAMPLES / "aarhus-2026").event
    own = stored(database, tiny)
    assert own.students == expected.students
    assert own.companies == expected.companies
    assert sorted(own.preferences) == sorted(expected.preferences)
    assert set(own.shortlist) == set(expected.shortlist)
    assert set(own.decisions) == set(expected.decisions)
    assert (own.rules, own.window) == (expected.rules, expected.window)


def test_only_what_differs_is_changed_and_the_rest_stays(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    event = stored(database, tiny)
    first = event.students[0]
    text = f"student_id,name,programme\n{first.student_id},{first.name} Lund,\nnew,Nina,Law\n"

    answer = send(students_csv=text)
    page = staff.get(answer.headers["Location"]).get_data(as_text=True)
    assert "1 new" in page
    assert f"<ins>{first.name} Lund</ins>" in page
    assert f"{len(event.students) - 1} not in the file any more" in page
    assert confirm(staff, answer.headers["Location"]).status_code == 303

    own = stored(database, tiny)
    assert [s.name for s in own.students[:2]] == [f"{first.name} Lund", "Nina"]
    assert len(own.students) == len(event.students) + 1
    assert set(own.preferences) == set(event.preferences)
    with database.reading() as session:
        action = session.scalars(select(Audit).where(Audit.action == "event.import")).all()[-1]
        assert session.scalar(select(func.count(Upload.id))) == 0
    assert action.detail == {"new": 1, "changed": 1, "removed": 0, "settings": 0}


def test_columns_that_the_file_lacks_stay(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    event = stored(database, tiny)
    text = "studerende_id;navn;uddannelse\nana;Ana Maria;\n"

    confirm(staff, send(students_csv=text).headers["Location"])

    expected = replace(event.students[0], name="Ana Maria", programme="")
    assert stored(database, tiny).students[0] == expected


def test_what_is_not_in_the_file_goes_only_when_asked(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    event = stored(database, tiny)
    keeps = event.students[0]
    address = send(students_csv=f"student_id,name\n{keeps.student_id},{keeps.name}\n").headers[
        "Location"
    ]
    assert "gone for good; it is not under Deleted" in staff.get(address).text

    confirm(staff, address, remove="students")

    own = stored(database, tiny)
    assert [s.student_id for s in own.students] == [keeps.student_id]
    assert {p.student_id for p in own.preferences} == {keeps.student_id}


def test_what_students_entered_stays_unless_one_says_so(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    event = stored(database, tiny)
    own_id = event.students[0].student_id
    with database.writing() as session:
        row = session.scalars(select(StudentRow).where(StudentRow.student_id == own_id)).one()
        row.entered = ["wishes", "languages"]
    students = f"student_id,name,languages\n{own_id},New Name,de:A1\n"
    wishes = f"student_id,company_id,rank\n{own_id},{event.companies[-1].company_id},1\n"

    address = send(students_csv=students, preferences_csv=wishes).headers["Location"]
    assert "entered by students" in staff.get(address).get_data(as_text=True)
    confirm(staff, address)

    kept = stored(database, tiny)
    assert kept.students[0].name == "New Name"
    assert kept.students[0].languages == event.students[0].languages
    assert set(kept.preferences) == set(event.preferences)

    address = send(students_csv=students, preferences_csv=wishes).headers["Location"]
    confirm(staff, address, overwrite="1")

    replaced = stored(database, tiny)
    assert [str(own) for own in replaced.students[0].languages] == ["de:A1"]
    assert [p.company_id for p in replaced.preferences if p.student_id == own_id] == [
        event.companies[-1].company_id
    ]
    with database.reading() as session:
        row = session.scalars(select(StudentRow).where(StudentRow.student_id == own_id)).one()
    assert row.entered == []


def test_files_may_name_what_only_the_store_has(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    address = send(
        students_csv="student_id,name\nfay,Fay\n",
        companies_csv="company_id,name,room_id\nnew,New,hall\n",
        rooms_csv="room_id,tables\nattic,2\n",
        preferences_csv="student_id,company_id,rank\nfay,coffee,1\nana,new,1\n",
        shortlist_csv="company_id,student_id,verdict\nrobots,bilal,yes\n",
        decisions_csv="kind,student_id,company_id\npin,bilal,coffee\n",
    ).headers["Location"]
    page = staff.get(address).get_data(as_text=True)
    assert page.count("kept: named in another file") == 3

    assert confirm(staff, address, remove=["students", "companies", "rooms"]).status_code == 303

    own = stored(database, tiny)
    assert [s.student_id for s in own.students] == ["fay", "ana", "bilal"]
    assert [c.company_id for c in own.companies] == ["new", "coffee", "robots"]
    assert [r.room_id for r in own.rooms] == ["attic", "hall"]
    assert [(p.student_id, p.company_id) for p in own.preferences] == [
        ("fay", "coffee"),
        ("ana", "new"),
        ("bilal", "robots"),
    ]
    assert [(v.student_id, v.company_id) for v in own.shortlist] == [("bilal", "robots")]
    assert len(own.decisions) == 1


def test_the_template_may_be_filled_in_for_one_list_alone(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(staff.get("/import-template.xlsx").data))
    workbook["preferences"].append(["david", "robots", 1])
    filled = io.BytesIO()
    workbook.save(filled)

    assert confirm(staff, send(my_xlsx=filled.getvalue()).headers["Location"]).status_code == 303

    own = stored(database, tiny)
    assert [p.company_id for p in own.preferences if p.student_id == "david"] == ["robots"]
    assert len(own.students) == 5
    assert own.name == "Tiny Company Dating"


def test_a_name_that_neither_the_files_nor_the_store_have_is_a_problem(send: Sent) -> None:
    answer = send(
        students_csv="student_id,name\nfay,Fay\n",
        preferences_csv="student_id,company_id,rank\nnobody,coffee,1\n",
    )
    assert answer.status_code == 422
    assert "nobody" in answer.get_data(as_text=True)

"""Import and export: problems at their cells, what would change, what is stored."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import delete, func, select

from scheduler.importers import load_event, write_event, write_event_workbook
from scheduler.model import Event
from tests.scheduler.events import tiny_events
from tests.webui.conftest import EXAMPLES, Browser, Clock, Visitor
from webui.operations import uploads
from webui.operations.accounts import Colleague
from webui.operations.comparing import compare
from webui.store import (
    Audit,
    CompanyRow,
    Database,
    EventRow,
    PreferenceRow,
    RoomRow,
    StudentRow,
    Upload,
)
from webui.store.exchange import read_event

TINY = EXAMPLES / "tiny"
Sent = Callable[..., Any]


def stored(database: Database, pk: int) -> Event:
    with database.reading() as session:
        return read_event(session, session.get_one(EventRow, pk))


@pytest.fixture
def key(database: Database, tiny: int) -> str:
    with database.reading() as session:
        return session.get_one(EventRow, tiny).key


@pytest.fixture
def send(staff: Browser, key: str) -> Sent:
    """Upload files by name; the preview's address, or the answer that refuses them."""

    def _send(**files: str | bytes) -> Any:
        listed = [
            (
                io.BytesIO(content.encode() if isinstance(content, str) else content),
                name.replace("_", "."),
            )
            for name, content in files.items()
        ]
        return staff.post(
            f"/events/{key}/import", {"files": listed}, content_type="multipart/form-data"
        )

    return _send


def shown_in(page: str) -> dict[str, str]:
    """What the form says that was shown."""
    return dict(re.findall(r'name="(shown(?:_all)?)" value="([^"]+)"', page))


def confirm(staff: Browser, address: str, **form: Any) -> Any:
    page = staff.get(address).get_data(as_text=True)
    return staff.post(address, {**shown_in(page), **form})


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
        ({"a_xlsx": b"no workbook"}, "is no .xlsx workbook"),
        ({"a_xlsx": b"PK\x03\x04damaged"}, "is no .xlsx workbook, or a damaged one"),
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
    assert action.detail == {"new": 1, "changed": 1, "removed": 0}


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


def test_an_import_is_stored_though_something_else_changed_meanwhile(
    staff: Browser, send: Sent, database: Database, tiny: int, open_link: Callable[[str], Visitor]
) -> None:
    address = send(rooms_csv="room_id,tables\nhall,40\n").headers["Location"]
    seen = shown_in(staff.get(address).get_data(as_text=True))
    ana = open_link("ana")
    with database.reading() as session:
        software = session.scalars(select(CompanyRow).where(CompanyRow.company_id == "software"))
        added = {"company": str(software.one().id), "action": "add"}
    assert ana.post("/me/wishes/change", added).status_code == 303

    assert staff.post(address, seen).status_code == 303

    own = stored(database, tiny)
    assert [room.tables for room in own.rooms] == [40]
    assert [p.company_id for p in own.preferences if p.student_id == "ana"][-1] == "software"


def test_an_import_of_what_changed_meanwhile_is_shown_anew(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    address = send(rooms_csv="room_id,tables\nhall,40\n").headers["Location"]
    seen = shown_in(staff.get(address).get_data(as_text=True))
    with database.writing() as session:
        session.scalars(select(RoomRow)).one().tables = 5
    before = stored(database, tiny)

    answer = staff.post(address, seen)

    assert answer.status_code == 409
    assert "changed meanwhile what these files" in answer.get_data(as_text=True)
    assert stored(database, tiny) == before
    fresh = shown_in(answer.get_data(as_text=True))
    assert staff.post(address, fresh).status_code == 303
    assert [room.tables for room in stored(database, tiny).rooms] == [40]


def test_what_students_saved_meanwhile_is_overwritten_only_when_it_was_shown(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    address = send(students_csv="student_id,name,languages\nana,Ana Lund,de:A1\n").headers[
        "Location"
    ]
    seen = shown_in(staff.get(address).get_data(as_text=True))
    with database.writing() as session:
        row = session.scalars(select(StudentRow).where(StudentRow.student_id == "ana")).one()
        row.entered, row.languages = ["languages"], "da:C1"

    assert staff.post(address, {**seen, "overwrite": "1"}).status_code == 409
    assert stored(database, tiny).students[0].name == "Ana Sousa"


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


def test_files_that_name_what_was_removed_meanwhile_are_shown_as_faulty(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    address = send(preferences_csv="student_id,company_id,rank\nana,coffee,1\n").headers["Location"]
    seen = shown_in(staff.get(address).get_data(as_text=True))
    with database.writing() as session:
        session.execute(delete(CompanyRow).where(CompanyRow.company_id == "coffee"))
    before = stored(database, tiny)

    answer = staff.post(address, seen)

    assert answer.status_code == 422
    assert "coffee" in answer.get_data(as_text=True)
    assert stored(database, tiny) == before


def test_an_upload_survives_a_restart_and_expires(
    staff: Browser, send: Sent, database: Database, clock: Clock
) -> None:
    address = send(rooms_csv="room_id,tables\nhall,40\n").headers["Location"]
    clock.pass_(hours=1)
    assert staff.get(address).status_code == 200
    clock.pass_(hours=23)
    uploads.forget_expired(database, clock())
    with database.reading() as session:
        assert session.scalar(select(func.count(Upload.id))) == 0


def test_a_dropped_upload_changes_nothing(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    before = stored(database, tiny)
    address = send(rooms_csv="room_id,tables\nhall,40\n").headers["Location"]
    assert staff.post(f"{address}/drop").status_code == 303
    assert staff.get(address).status_code == 404
    assert stored(database, tiny) == before


def test_an_upload_of_another_event_is_not_there(
    staff: Browser, send: Sent, database: Database, clock: Clock, administrator: Colleague
) -> None:
    from webui.operations import importing

    address = send(rooms_csv="room_id,tables\nhall,40\n").headers["Location"]
    other = load_event(EXAMPLES / "aarhus-2026").event
    importing.create_from(database, administrator.actor, clock(), other)
    number = address.rsplit("/", 1)[1]
    assert staff.get(f"/events/{other.event_id}/import/{number}").status_code == 404


def test_the_desk_may_look_but_not_import(
    browser: Browser,
    join: Callable[..., Colleague],
    tiny: int,
    key: str,
    database: Database,
) -> None:
    from webui.store import Membership

    desk = join("desk@au.dk", "desk")
    with database.writing() as session:
        session.add(Membership(event_id=tiny, staff_id=desk.id))
    browser.sign_in(desk.email)
    assert browser.get(f"/events/{key}/people").status_code == 200
    assert browser.get(f"/events/{key}/import").status_code == 403
    assert browser.post(f"/events/{key}/export", {"form": "xlsx"}).status_code == 403


@pytest.mark.parametrize("form", ["xlsx", "zip"])
def test_what_goes_out_comes_in_again(
    staff: Browser, send: Sent, database: Database, tiny: int, key: str, form: str, tmp_path: Path
) -> None:
    answer = staff.post(f"/events/{key}/export", {"form": form})

    assert answer.headers["Content-Disposition"] == f"attachment; filename={key}.{form}"
    if form == "zip":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
            files = {n.replace(".", "_"): packed.read(n) for n in packed.namelist()}
    else:
        files = {"event_xlsx": answer.data}
    page = staff.get(send(**files).headers["Location"]).get_data(as_text=True)
    assert "These files say what is stored already." in page
    with database.reading() as session:
        assert session.scalar(select(Audit.action).where(Audit.action == "event.export"))


@given(made=tiny_events())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_event_that_goes_out_shows_no_change_when_it_comes_in(
    made: Event, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("out")
    write_event(made, place / "csv")
    event = load_event(place / "csv").event  # as it is stored: without outer blanks
    write_event_workbook(event, place / "event.xlsx")
    csv = {path.name: path.read_bytes() for path in (place / "csv").iterdir()}
    for files in (csv, {uploads.WORKBOOK: (place / "event.xlsx").read_bytes()}):
        findings = uploads.look_through(files, event)
        assert findings.problems == ()
        assert findings.examined
        found = compare(
            event,
            findings.examined.loaded.event,
            tables=findings.examined.tables,
            entered={},
        )
        assert found.is_same


def test_names_of_files_do_not_mind_case_and_folders() -> None:
    known, left_out = uploads.named([("C:\\x\\Students.CSV", b"a"), ("readme.md", b"b")])
    assert (known, left_out) == ({"students.csv": b"a"}, ["readme.md"])


def test_counts_after_an_import_are_those_of_the_files(
    staff: Browser, send: Sent, database: Database
) -> None:
    address = send(tiny_xlsx=(EXAMPLES / "workbook" / "tiny.xlsx").read_bytes()).headers["Location"]
    confirm(staff, address)
    event = load_event(EXAMPLES / "workbook" / "tiny.xlsx").event
    with database.reading() as session:
        assert session.scalar(select(func.count(CompanyRow.id))) == len(event.companies)
        assert session.scalar(select(func.count(PreferenceRow.id))) == len(event.preferences)


def test_an_event_is_created_from_its_files(staff: Browser, database: Database) -> None:
    content = (EXAMPLES / "workbook" / "tiny.xlsx").read_bytes()

    def create() -> Any:
        return staff.post(
            "/events/import",
            {"files": (io.BytesIO(content), "my.xlsx")},
            content_type="multipart/form-data",
        )

    expected = load_event(EXAMPLES / "workbook" / "tiny.xlsx").event
    assert create().headers["Location"] == f"/events/{expected.event_id}/people"
    with database.reading() as session:
        assert read_event(session, session.scalars(select(EventRow)).one()) == expected

    again = create()
    assert again.status_code == 422
    assert "There is already an event" in again.get_data(as_text=True)


def test_an_event_with_faulty_files_is_not_created(staff: Browser, database: Database) -> None:
    answer = staff.post(
        "/events/import",
        {"files": (io.BytesIO(b"room_id,tables\nhall,many\n"), "rooms.csv")},
        content_type="multipart/form-data",
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "is not a whole number" in page
    assert "event.toml: is missing" in page
    with database.reading() as session:
        assert session.scalar(select(func.count(EventRow.id))) == 0

"""Rows of the lists: edited, added, deleted."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.webui.conftest import Browser, Clock
from tests.webui.people import one, revision
from webui.operations import editing
from webui.operations.accounts import Colleague
from webui.operations.log import StaleError
from webui.store import (
    AbsenceRow,
    Audit,
    CompanyRow,
    Database,
    DecisionRow,
    PreferenceRow,
    RoomRow,
    ShortlistRow,
    StudentRow,
)


def test_a_row_is_changed_with_its_audit_row(
    staff: Browser, database: Database, tiny: int, people_at: str
) -> None:
    row = one(database, StudentRow, student_id="ana")
    before = revision(database, tiny)
    form = {
        "student_id": "ana",
        "name": "Ana O'Neil <b>",
        "languages": "EN:c1; da:A2",
        "arrives": "13.12",
        "was": str(row.revision),
    }

    assert staff.post(f"{people_at}/students/{row.id}", form).status_code == 303

    row = one(database, StudentRow, student_id="ana")
    assert (row.name, row.languages, row.arrives_min) == ("Ana O'Neil <b>", "en:C1;da:A2", 792)
    assert revision(database, tiny) == before + 1
    assert one(database, Audit, action="students.save").detail == {"row": row.id}
    assert "Ana O&#39;Neil &lt;b&gt;" in staff.get(f"{people_at}/students").get_data(as_text=True)


def test_in_place_a_row_comes_back_alone(
    staff: Browser, database: Database, people_at: str
) -> None:
    row = one(database, RoomRow, room_id="hall")
    address, htmx = f"{people_at}/rooms/{row.id}", {"HX-Request": "true"}
    assert staff.get(address, headers=htmx).get_data(as_text=True).strip().startswith("<tr")

    form = {"room_id": "hall", "name": "Great hall", "tables": "7", "was": str(row.revision)}
    answer = staff.post(address, form, headers={**htmx, "X-CSRFToken": staff.token()})

    text = answer.get_data(as_text=True).strip()
    assert answer.status_code == 200
    assert text.startswith(f'<tr id="row-{row.id}"')
    assert "Great hall" in text


def test_faults_stand_at_their_cells_and_nothing_is_stored(
    staff: Browser, database: Database, tiny: int, people_at: str
) -> None:
    row, before = one(database, StudentRow, student_id="ana"), revision(database, tiny)
    form = {
        "student_id": "ana",
        "name": "",
        "languages.name": ["Klingon", "Danish"],
        "languages.level": ["B2", ""],
        "languages.either": ["", ""],
        "was": str(row.revision),
    }

    answer = staff.post(f"{people_at}/students/{row.id}", form)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This language is not in the list." in page
    assert "Choose the level too." in page
    assert "This has to be filled in." in page
    assert 'value="Klingon"' in page
    assert revision(database, tiny) == before


def test_languages_and_words_are_chosen_and_stored_as_cells(
    staff: Browser, database: Database, people_at: str
) -> None:
    row = one(database, CompanyRow, company_id="coffee")
    form = {
        "company_id": "coffee",
        "name": "Coffee",
        "languages.name": ["Portuguese", "en-GB", "", "dansk"],
        "languages.level": ["B2", "C1", "", "NATIVE"],
        "languages.either": ["", "1", "", ""],
        "positions": ["internship", "full_time"],
        "fields": ["Design", "design; Law"],
        "was": str(row.revision),
    }

    assert staff.post(f"{people_at}/companies/{row.id}", form).status_code == 303

    row = one(database, CompanyRow, company_id="coffee")
    assert row.languages == "pt:B2|en-gb:C1;da:native"
    assert row.positions == "internship;full_time"
    assert row.fields == "design;Law"
    page = staff.get(f"{people_at}/companies/{row.id}").get_data(as_text=True)
    assert [re.findall(f'{own}" checked', page) for own in ("full_time", "Law")] == [
        ['full_time" checked'],
        ['Law" checked'],
    ]
    names = re.findall(r'name="languages.name" list="languages" value="([^"]*)"', page)
    assert names[:4] == ["Portuguese", "en-gb", "Danish", ""]
    assert page.count('<option value="1" selected>or</option>') == 1


def test_slots_and_people_are_chosen_not_typed(staff: Browser, people_at: str) -> None:
    page = staff.get(f"{people_at}/decisions/new").get_data(as_text=True)
    assert '<option value="13:00" >13:00–13:10</option>' in page
    page = staff.get(f"{people_at}/unavailable/new").get_data(as_text=True)
    assert '<option value="coffee" >Café Brænd</option>' in page
    assert '<option value="ana" >Ana Sousa</option>' in page


def test_a_stale_edit_shows_both(staff: Browser, database: Database, people_at: str) -> None:
    row = one(database, StudentRow, student_id="ana")
    form = {"student_id": "ana", "name": "Mine", "was": str(row.revision)}
    assert staff.post(f"{people_at}/students/{row.id}", form).status_code == 303

    late = staff.post(f"{people_at}/students/{row.id}", {**form, "name": "Late"})

    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "Mine" in page
    assert 'value="Late"' in page
    assert one(database, StudentRow, id=row.id).name == "Mine"


def test_of_two_edits_at_once_one_is_told(
    database: Database, tiny: int, administrator: Colleague, clock: Clock
) -> None:
    row = one(database, StudentRow, student_id="ana")
    before = revision(database, tiny)

    def edit(name: str) -> str:
        try:
            editing.save_row(
                database,
                administrator.actor,
                clock(),
                event_pk=tiny,
                name="students",
                pk=row.id,
                was=str(row.revision),
                texts={"student_id": "ana", "name": name},
            )
        except StaleError as error:
            return str(error.theirs["name"])
        return "stored"

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(edit, ["A", "B", "C", "D"]))

    name = one(database, StudentRow, id=row.id).name
    assert sorted(said) == sorted(["stored", name, name, name])
    assert revision(database, tiny) == before + 1


def test_a_stale_edit_of_a_shortlist_is_refused(
    staff: Browser, database: Database, people_at: str
) -> None:
    row = one(database, ShortlistRow, verdict="no")
    form = {"company_id": "robots", "student_id": "chiara", "verdict": "yes", "was": "0" * 16}
    assert staff.post(f"{people_at}/shortlist/{row.id}", form).status_code == 409
    assert one(database, ShortlistRow, id=row.id).verdict == "no"


def test_an_id_stands_once(staff: Browser, database: Database, people_at: str) -> None:
    answer = staff.post(f"{people_at}/students/new", {"student_id": "ana", "name": "Another"})
    assert answer.status_code == 422
    assert "is in the list already" in answer.get_data(as_text=True)


def test_wishes_are_set_by_rank(staff: Browser, database: Database, people_at: str) -> None:
    row = one(database, StudentRow, student_id="ana")
    form = {"wish_1": "software", "wish_2": "", "wish_3": "coffee", "was": str(row.revision)}

    assert staff.post(f"{people_at}/wishes/{row.id}", form).status_code == 303

    with database.reading() as session:
        asked = (
            select(PreferenceRow.rank, CompanyRow.company_id)
            .join(CompanyRow, CompanyRow.id == PreferenceRow.company_pk)
            .where(PreferenceRow.student_pk == row.id)
            .order_by(PreferenceRow.rank)
        )
        assert [tuple(own) for own in session.execute(asked)] == [(1, "software"), (3, "coffee")]


def test_a_company_is_wished_for_once(staff: Browser, database: Database, people_at: str) -> None:
    row = one(database, StudentRow, student_id="ana")
    form = {"wish_1": "software", "wish_2": "software", "was": str(row.revision)}
    answer = staff.post(f"{people_at}/wishes/{row.id}", form)
    assert answer.status_code == 422
    assert "&#39;software&#39; is there twice" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("name", "form", "kind", "expected"),
    [
        (
            "companies",
            {"company_id": "new", "name": "New", "tables": "2", "website": "https://new.dk"},
            CompanyRow,
            {"company_id": "new", "tables": 2, "seats": 1, "position": 4},
        ),
        (
            "shortlist",
            {"company_id": "coffee", "student_id": "ana", "verdict": "no"},
            ShortlistRow,
            {"verdict": "no"},
        ),
        (
            "unavailable",
            {"kind": "company", "id": "coffee", "start": "13:00", "end": "13:12"},
            AbsenceRow,
            {"start_min": 780, "end_min": 792, "student_pk": None},
        ),
        (
            "decisions",
            {"kind": "pin", "student_id": "ana", "company_id": "coffee", "reason": "asked"},
            DecisionRow,
            {"kind": "pin", "start_min": None, "reason": "asked"},
        ),
    ],
)
def test_rows_are_added(
    staff: Browser,
    database: Database,
    people_at: str,
    name: str,
    form: dict[str, str],
    kind: Any,
    expected: dict[str, Any],
) -> None:
    with database.reading() as session:
        last = session.scalar(select(func.max(kind.id))) or 0

    assert staff.post(f"{people_at}/{name}/new", form).status_code == 303

    with database.reading() as session:
        row = session.scalars(select(kind).where(kind.id > last)).one()
    assert {own: getattr(row, own) for own in expected} == expected


@pytest.mark.parametrize(
    ("name", "form", "says"),
    [
        ("shortlist", {"company_id": "x", "student_id": "ana", "verdict": "yes"}, "no company"),
        (
            "unavailable",
            {"kind": "student", "id": "ana", "start": "13:12", "end": "13:00"},
            "Ends before it begins",
        ),
        (
            "decisions",
            {"kind": "forbid", "student_id": "ana", "company_id": "coffee", "start": "13:00"},
            "A forbid has no time",
        ),
        ("companies", {"company_id": "x", "name": "X", "website": "javascript:1"}, "web address"),
    ],
)
def test_rows_that_cannot_be_are_refused(
    staff: Browser, people_at: str, name: str, form: dict[str, str], says: str
) -> None:
    answer = staff.post(f"{people_at}/{name}/new", form)
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)


def test_deleting_says_what_is_lost(staff: Browser, database: Database, people_at: str) -> None:
    row = one(database, StudentRow, student_id="chiara")
    page = staff.get(f"{people_at}/students/{row.id}/delete").get_data(as_text=True)
    assert "3 wishes" in page
    assert "1 shortlist entry" in page

    address = f"{people_at}/students/{row.id}/delete"
    assert staff.post(address, {"was": str(row.revision)}).status_code == 303

    with database.reading() as session:
        assert session.get(StudentRow, row.id) is None
        left = select(func.count()).where(PreferenceRow.student_pk == row.id)
        assert session.scalar(left) == 0


def test_the_page_after_a_deletion_undoes_it(
    staff: Browser, database: Database, people_at: str
) -> None:
    row = one(database, StudentRow, student_id="chiara")
    answer = staff.post(f"{people_at}/students/{row.id}/delete", {"was": str(row.revision)})
    page = staff.get(answer.headers["Location"]).get_data(as_text=True)
    assert "deleted, and with it 3 wishes, 1 shortlist entry" in page
    address = page.split('role="status" method="post" action="')[1].split('"')[0]

    assert staff.post(address).status_code == 303

    assert one(database, StudentRow, student_id="chiara").id == row.id
    assert "Chiara Rossi is back." in staff.get(f"{people_at}/students").get_data(as_text=True)
    assert staff.post(address).status_code == 404


def test_a_row_that_changed_is_not_deleted(
    staff: Browser, database: Database, people_at: str
) -> None:
    row = one(database, StudentRow, student_id="chiara")
    assert staff.post(f"{people_at}/students/{row.id}/delete", {"was": "99"}).status_code == 409
    assert one(database, StudentRow, student_id="chiara").id == row.id


def test_companies_follow_the_name_of_their_room(
    staff: Browser, database: Database, people_at: str
) -> None:
    row = one(database, RoomRow, room_id="hall")
    form = {"room_id": "aula", "tables": "3", "was": str(row.revision)}
    assert staff.post(f"{people_at}/rooms/{row.id}", form).status_code == 303
    assert one(database, CompanyRow, company_id="coffee").room_id == "aula"

    address = f"{people_at}/rooms/{row.id}/delete"
    assert "3 companies have this room" in staff.get(address).get_data(as_text=True)
    staff.post(address, {"was": str(row.revision + 1)})
    assert one(database, CompanyRow, company_id="coffee").room_id is None

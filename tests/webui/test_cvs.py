"""CVs that students sent: what staff may read of them, and what companies are given."""

from __future__ import annotations

import io
import zipfile
from urllib.parse import unquote

import pytest
from sqlalchemy import select

from tests.webui.conftest import NOON, Browser, words_of
from tests.webui.people import one
from tests.webui.publishing import events_key, publish, working
from webui.operations import consents, cv_packs
from webui.operations.accounts import Colleague
from webui.operations.cvs import safe_name
from webui.operations.log import SYSTEM
from webui.store import Audit, CompanyRow, Cv, Database, MeetingRow, StudentRow

__all__ = ["working"]


def cv_of(name: str) -> bytes:
    return f"%PDF-1.4 {name}\nstartxref\n9\n%%EOF\n".encode()


def send(database: Database, student_id: str, *purposes: str, cv: bytes | None = None) -> int:
    """Store a student's consents and CV; the student's row."""
    pk = int(one(database, StudentRow, student_id=student_id).id)
    content = cv_of(student_id) if cv is None else cv
    consents.save_consents(database, SYSTEM, NOON, student_pk=pk, purposes=purposes, cv=content)
    return pk


def test_staff_see_a_cv_with_its_consents_and_read_it(
    database: Database, staff: Browser, people_at: str
) -> None:
    ana = send(database, "ana", "brochure")
    page = words_of(staff.get(f"{people_at}/students/{ana}"))
    assert "Stored since Mon 2 Nov 12:00, 1 kB. It may be in the brochure. Agreed Mon 2 Nov" in page
    assert "may read it" not in page

    answer = staff.post(f"{people_at}/students/{ana}/cv")
    assert answer.data == cv_of("ana")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert 'attachment; filename="Ana Sousa.pdf"' in unquote(answer.headers["Content-Disposition"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with database.reading() as session:
        noted = session.scalars(select(Audit).where(Audit.action == "cv.download")).one()
    assert noted.detail == {"student": ana}


def test_without_consent_no_cv_is_given_and_the_page_says_why(
    database: Database, staff: Browser, people_at: str
) -> None:
    bilal = int(one(database, StudentRow, student_id="bilal").id)
    with database.writing() as session:
        session.add(Cv(student_pk=bilal, uploaded_at=NOON, content=cv_of("bilal")))
    address = f"{people_at}/students/{bilal}"
    page = staff.get(address)
    assert "The student has not agreed that anybody reads a CV." in words_of(page)
    assert "Download" not in words_of(page)
    answer = staff.post(f"{address}/cv", follow_redirects=True)
    assert "note bad" in answer.get_data(as_text=True)
    assert b"%PDF" not in answer.data


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Åse  Ørsted", "Åse Ørsted"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ('a<b>:"c"\\d|e?*', "a-b-c-d-e-"),
        ("\u202eevil\r\nname\x00", "evil name"),
        (" .. ", "_"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("李" * 200, "李" * 40),
        ("ANA", "ANA (3)"),
    ],
)
def test_a_name_becomes_one_that_every_system_takes(name: str, file: str) -> None:
    assert safe_name(name, {"ana", "ana (2)"}) == file


def pack_of(staff: Browser, event_at: str) -> dict[str, bytes]:
    """The files of the ZIP that staff download."""
    answer = staff.post(f"{event_at}/cvs")
    assert answer.headers["Content-Type"] == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_each_company_gets_the_cvs_it_may_read_and_nothing_else(
    database: Database, administrator: Colleague, staff: Browser, tiny: int, working: int
) -> None:
    event_at = f"/events/{events_key(database, tiny)}"
    send(database, "ana", "cv", "brochure")
    send(database, "bilal", "brochure")
    send(database, "chiara", "cv")
    assert set(pack_of(staff, event_at)) == {
        "brochure/students.csv",
        "brochure/Ana Sousa.pdf",
        "brochure/Bilal Haddad.pdf",
    }

    publish(database, administrator, tiny)
    with database.writing() as session:
        ana = session.scalars(select(StudentRow).where(StudentRow.student_id == "ana")).one()
        ana.name = "=Ana/Sousa"
    with database.reading() as session:
        met = session.execute(
            select(CompanyRow.name, StudentRow.student_id)
            .join(MeetingRow, MeetingRow.company_pk == CompanyRow.id)
            .join(StudentRow, StudentRow.id == MeetingRow.student_pk)
            .where(MeetingRow.timetable_id == working, StudentRow.student_id.in_(["ana", "chiara"]))
        ).all()
    page = words_of(staff.get(f"{event_at}/print"))
    companies = len({company for company, _student in met})
    assert f"CVs of 2 students for {companies} companies" in page
    assert "For the brochure: 2 students, 2 with a CV." in page

    files = pack_of(staff, event_at)
    names = {"ana": "=Ana-Sousa.pdf", "chiara": "Chiara Rossi.pdf"}
    assert {name for name in files if not name.startswith("brochure/")} == {
        f"{company}/{names[student]}" for company, student in met
    }
    assert all(files[f"{company}/{names[student]}"] == cv_of(student) for company, student in met)
    listed = files["brochure/students.csv"].decode("utf-8-sig").splitlines()
    assert listed[1].startswith("'=Ana/Sousa,")
    assert listed[1].endswith(",'=Ana-Sousa.pdf")

    send(database, "ana", cv=b"")  # withdraws everything
    assert not [name for name in pack_of(staff, event_at) if "Ana" in name]


def test_with_nothing_to_hand_on_there_is_no_zip(
    database: Database, staff: Browser, tiny: int
) -> None:
    event_at = f"/events/{events_key(database, tiny)}"
    assert "CVs for companies" not in words_of(staff.get(f"{event_at}/print"))
    answer = staff.post(f"{event_at}/cvs", follow_redirects=True)
    assert "No student has agreed that a CV is handed on." in words_of(answer)


def test_a_consent_withdrawn_while_the_zip_is_sent_holds(
    database: Database, administrator: Colleague, tiny: int
) -> None:
    send(database, "ana", "brochure")
    send(database, "bilal", "brochure")
    pack = cv_packs.plan_pack(database, administrator.actor, NOON, event_pk=tiny)
    parts = cv_packs.packed(database, pack, listing=b"")
    sent = next(parts)
    send(database, "bilal", cv=b"")
    sent += b"".join(parts)
    with zipfile.ZipFile(io.BytesIO(sent)) as archive:
        assert archive.namelist() == ["brochure/students.csv", "brochure/Ana Sousa.pdf"]

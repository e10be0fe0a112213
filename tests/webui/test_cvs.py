"""CVs that students sent: what staff may read of them, and what companies are given."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from sqlalchemy import select

from tests.webui.conftest import NOON, Browser, words_of
from tests.webui.people import one
from webui.operations import consents
from webui.operations.cvs import safe_name
from webui.operations.log import SYSTEM
from webui.store import Audit, Cv, Database, StudentRow


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

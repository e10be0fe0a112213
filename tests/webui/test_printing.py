"""The print centre: what is printed, for whom, and what may be downloaded."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select

from scheduler.documents import KINDS
from tests.webui.conftest import NOON, Browser
from tests.webui.jobs import do_jobs
from tests.webui.publishing import drop_a_meeting, events_key, publish, working
from webui.operations import events, printing, publishing
from webui.operations.accounts import Colleague, Given
from webui.operations.log import NotFoundError, RefusedError
from webui.store import (
    BadgeRow,
    CompanyRow,
    Database,
    Job,
    JobFile,
    Membership,
    PrintRow,
    StudentRow,
)

__all__ = ["working"]


@pytest.fixture
def published(database: Database, administrator: Colleague, tiny: int, working: int) -> int:
    """The tiny event with version 1 published; its row."""
    publish(database, administrator, tiny)
    return tiny


def print_(database: Database, staff: Colleague, event_id: int, **choices: Any) -> Job:
    choices = {"number": 1, "parts": ["schedules"], "stock": "avery-l4785", **choices}
    printing.start_print(database, staff.actor, NOON, event_id=event_id, **choices)
    [job] = do_jobs(database)
    assert (job.state, job.error) == ("done", "")
    return job


def content_of(database: Database, job: Job) -> JobFile:
    with database.reading() as session:
        return session.scalars(select(JobFile).where(JobFile.job_id == job.id)).one()


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_one_part_is_a_pdf_stamped_with_the_version(
    database: Database, administrator: Colleague, published: int
) -> None:
    job = print_(database, administrator, published, parts=["companies"], language="da")
    file = content_of(database, job)
    assert file.name == "tiny-v1-da-companies.pdf"
    assert file.content_type == "application/pdf"
    text = text_of(file.content)
    assert "Version 1 · " in text
    assert "Bord" in text
    with database.reading() as session:
        names = session.scalars(select(CompanyRow.name)).all()
    assert all(name in text for name in names)


def test_the_pack_is_a_zip_and_badges_keep_their_codes(
    database: Database, administrator: Colleague, published: int
) -> None:
    packed = content_of(database, print_(database, administrator, published, parts=KINDS))
    names = zipfile.ZipFile(io.BytesIO(packed.content)).namelist()
    assert "tiny-v1-en/badges.pdf" in names
    assert "tiny-v1-en/cover.pdf" in names
    with database.reading() as session:
        first = dict(session.execute(select(BadgeRow.student_pk, BadgeRow.badge_id)).all())  # type: ignore[arg-type]
        assert len(first) == session.scalar(select(func.count(StudentRow.id)))
    print_(database, administrator, published, parts=["badges"])
    with database.reading() as session:
        again = dict(session.execute(select(BadgeRow.student_pk, BadgeRow.badge_id)).all())  # type: ignore[arg-type]
    assert again == first


def test_only_what_changed_since_the_last_print_is_printed(
    database: Database, administrator: Colleague, published: int, working: int
) -> None:
    parts = ["schedules", "companies"]
    print_(database, administrator, published, parts=parts)
    student, company = drop_a_meeting(database, working)
    publish(database, administrator, published)
    job = print_(database, administrator, published, number=2, parts=parts, is_changes_only=True)
    assert (job.progress["students"], job.progress["companies"]) == (1, 1)
    file = content_of(database, job)
    assert file.name == "tiny-v2-changes-since-v1-en.zip"
    archive = zipfile.ZipFile(io.BytesIO(file.content))
    [schedules] = [own for own in archive.namelist() if own.endswith("/schedules.pdf")]
    text = text_of(archive.read(schedules))
    with database.reading() as session:
        for own in session.scalars(select(StudentRow)):
            assert (own.name in text) == (own.id == student)
        gone = session.get_one(CompanyRow, company).name
    assert gone not in text
    nothing = print_(
        database, administrator, published, number=2, parts=parts, is_changes_only=True
    )
    assert nothing.progress == {"is_nothing_new": True}


def test_a_new_name_is_a_change_of_paper(
    database: Database, administrator: Colleague, published: int
) -> None:
    print_(database, administrator, published, parts=["badges"])
    with database.writing() as session:
        own = session.scalars(select(StudentRow)).first()
        assert own
        own.name, own.given_name, own.family_name = "Åse Ny", "Åse", "Ny"
        events.touch(session, published)
    job = print_(database, administrator, published, parts=["badges"], is_changes_only=True)
    assert job.progress["students"] == 1
    assert "Åse" in text_of(content_of(database, job).content)


def test_changes_of_what_was_never_printed_are_refused(
    database: Database, administrator: Colleague, published: int
) -> None:
    print_(database, administrator, published, parts=["schedules"])
    with pytest.raises(RefusedError, match="everybody first"):
        print_(database, administrator, published, parts=["badges"], is_changes_only=True)


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"parts": []}, "parts"),
        ({"parts": ["posters"]}, "parts"),
        ({"stock": "post-it"}, "stock"),
        ({"language": "fr"}, "language"),
        ({"offset_mm": (0.0, 21.0)}, "offset"),
        ({"offset_mm": (float("nan"), 0.0)}, "offset"),
    ],
)
def test_choices_that_are_none_are_refused_by_field(
    database: Database,
    administrator: Colleague,
    published: int,
    choice: dict[str, Any],
    field: str,
) -> None:
    with pytest.raises(RefusedError) as refused:
        print_(database, administrator, published, **choice)
    assert refused.value.field == field


def test_an_unknown_version_is_not_there(
    database: Database, administrator: Colleague, published: int
) -> None:
    with pytest.raises(NotFoundError):
        print_(database, administrator, published, number=9)


def test_only_the_published_version_is_offered_and_printed(
    staff: Browser, database: Database, administrator: Colleague, published: int, working: int
) -> None:
    print_(database, administrator, published)
    drop_a_meeting(database, working)
    publish(database, administrator, published)
    with pytest.raises(RefusedError, match="not published any more"):
        print_(database, administrator, published, number=1)
    address = f"/events/{events_key(database, published)}/print"
    assert 'name="version" value="2"' in staff.get(address).get_data(as_text=True)
    publishing.withdraw(database, administrator.actor, NOON, event_id=published, number=2)
    page = staff.get(address).get_data(as_text=True)
    assert "Nothing to print yet" in page
    assert "Make the files to print" not in page
    assert "Download" in page


def test_a_running_print_is_followed_until_it_ends(
    staff: Browser, database: Database, administrator: Colleague, published: int
) -> None:
    choices = {"number": 1, "parts": ["desk"], "stock": "avery-l4785"}
    printing.start_print(database, administrator.actor, NOON, event_id=published, **choices)
    live = f"/events/{events_key(database, published)}/print/live"
    with database.writing() as session:
        job = session.scalars(select(Job).where(Job.kind == "print")).one()
        job.state, job.progress = "running", {"done": 3, "count": 9}
    shown = staff.get(live).get_data(as_text=True)
    assert "3 of 9 documents are drawn" in shown
    assert "every 2s" in shown
    with database.writing() as session:
        session.get_one(Job, job.id).state = "waiting"
    do_jobs(database)
    ended = staff.get(live).get_data(as_text=True)
    assert "Download PDF" in ended
    assert "every 2s" not in ended
    assert 'id="part-desk-say" hx-swap-oob="true">printed of version 1' in ended


def test_old_files_are_forgotten_and_marks_that_nothing_needs(
    database: Database, administrator: Colleague, published: int
) -> None:
    for _ in range(printing.PRINTS_KEPT + 2):
        print_(database, administrator, published)
    with database.reading() as session:
        assert session.scalar(select(func.count(JobFile.id))) == printing.PRINTS_KEPT
        marks = session.scalars(select(PrintRow.marks).order_by(PrintRow.id)).all()
    assert [bool(own) for own in marks] == [False] * (len(marks) - 1) + [True]


def test_the_desk_prints_and_downloads_and_foreign_files_are_not_there(
    app: Flask, database: Database, join: Any, published: int
) -> None:
    desk, other = join("desk@au.dk", "desk"), join("other@au.dk", "planner", Given(is_all=False))
    with database.writing() as session:
        session.add(Membership(event_id=published, staff_id=desk.id))
    key = events_key(database, published)
    browser = Browser(app)
    browser.sign_in(desk.email)
    text = browser.get(f"/events/{key}/print").get_data(as_text=True)
    assert "Make the files to print" in text
    form = {"version": 1, "parts": ["desk"], "language": "en", "stock": "avery-l4785"}
    assert browser.post(f"/events/{key}/print", form).status_code == 303
    do_jobs(database)
    shown = browser.get(f"/events/{key}/print/live").get_data(as_text=True)
    assert "Download" in shown
    with database.reading() as session:
        file_id = session.scalars(select(JobFile.id)).one()
    answer = browser.get(f"/events/{key}/print/files/{file_id}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data.startswith(b"%PDF")
    assert browser.get(f"/events/{key}/print/files/{file_id + 1}").status_code == 404
    stranger = Browser(app)
    stranger.sign_in(other.email)
    assert stranger.get(f"/events/{key}/print/files/{file_id}").status_code == 404


def test_a_bad_form_keeps_what_was_typed(
    staff: Browser, database: Database, published: int
) -> None:
    key = events_key(database, published)
    form = {"version": 1, "parts": ["badges"], "language": "da", "stock": "avery-7414"}
    answer = staff.post(f"/events/{key}/print", {**form, "right": "lots"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "A number of millimetres" in text
    assert 'value="lots"' in text
    assert '<option value="avery-7414" selected>' in text


def test_nothing_to_print_before_publishing(staff: Browser, database: Database, tiny: int) -> None:
    text = staff.get(f"/events/{events_key(database, tiny)}/print").get_data(as_text=True)
    assert "Nothing to print yet" in text


def test_whom_a_print_concerns_is_said_beforehand(
    staff: Browser, database: Database, administrator: Colleague, published: int
) -> None:
    before = printing.concerned(database, published, 1)
    print_(database, administrator, published)
    after = printing.concerned(database, published, 1)
    assert before is None
    assert after == printing.Concerned((), ())
    with database.writing() as session:
        company = session.scalars(select(CompanyRow)).first()
        assert company
        company.about = "Other words"
        company.name = "Another name"
        events.touch(session, published)
    changed = printing.concerned(database, published, 1)
    assert changed
    assert "Another name" in changed.companies


def test_a_print_of_changes_can_be_chosen_only_when_something_changed(
    staff: Browser, database: Database, administrator: Colleague, published: int
) -> None:
    address = f"/events/{events_key(database, published)}/print/whom?version=1&scope=changes"

    def offer() -> tuple[bool, bool]:
        page = staff.get(address).get_data(as_text=True)
        (radio,) = re.findall(r'<input [^>]*id="scope-changes"[^>]*>', page)
        return "disabled" not in radio, "checked" in radio

    assert offer() == (False, False)
    print_(database, administrator, published)
    assert offer() == (False, False)
    with database.writing() as session:
        session.scalars(select(CompanyRow)).first().name = "Another"  # type: ignore[union-attr]
        events.touch(session, published)
    assert offer() == (True, True)

"""Publishing writes to those alone for whom something changes, and to companies."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re

from flask import Flask
from pypdf import PdfReader
from sqlalchemy import delete, func, select

from tests.webui.conftest import NOON, Browser
from tests.webui.jobs import do_jobs
from tests.webui.publishing import (
    addressed,
    drop_a_meeting,
    events_key,
    keep,
    look,
    publish,
    working,
)
from webui.config import Smtp
from webui.operations import mail_queue
from webui.operations.accounts import Colleague
from webui.store import (
    CompanyRow,
    Database,
    EventRow,
    Mail,
)

__all__ = ["addressed", "working"]

LATER = NOON + dt.timedelta(hours=1)


def test_only_those_who_change_are_written_to(
    database: Database, administrator: Colleague, tiny: int, addressed: int
) -> None:
    first = look(database, tiny)
    publish(database, administrator, tiny, writes_students=True)
    with database.writing() as session:
        mails = session.scalars(select(Mail)).all()
        assert len(mails) == first.students_to_tell == len(first.difference.students) > 1
        assert {own.link_student_pk for own in mails} == {
            own.pk for own in first.difference.students
        }
        assert all("{link}" in own.text and "Your meetings" in own.subject for own in mails)
        session.execute(delete(Mail))
    student, company = drop_a_meeting(database, addressed)
    publish(database, administrator, tiny, writes_students=True)
    with database.reading() as session:
        [mail] = session.scalars(select(Mail)).all()
        assert mail.link_student_pk == student
        assert f"No longer: {session.get_one(CompanyRow, company).name}" in mail.text
        assert mail.subject.startswith("Your meetings have changed")


def test_a_mail_opens_the_students_own_page(
    database: Database, administrator: Colleague, tiny: int, addressed: int
) -> None:
    publish(database, administrator, tiny, writes_students=True)
    taken = mail_queue.take(database, LATER, base_url="https://dating.au.dk")
    assert taken
    assert re.search(r"https://dating\.au\.dk/s/[\w-]{43}\n", taken.text)
    with database.reading() as session:
        mail = session.get_one(Mail, taken.pk)
    assert "{link}" in mail.text  # no token is ever stored


def test_mails_are_in_the_language_of_the_event(
    database: Database, administrator: Colleague, tiny: int, addressed: int
) -> None:
    with database.writing() as session:
        session.get_one(EventRow, tiny).language = "da"
    keep(database, administrator, tiny)
    publish(database, administrator, tiny, writes_students=True)
    with database.reading() as session:
        mail = session.scalars(select(Mail).limit(1)).one()
    assert mail.subject.startswith("Dine møder: ")
    assert "bord" in mail.text
    assert mail.text.startswith("Hej ")


def test_each_company_gets_its_own_day_sheet_once(
    database: Database, administrator: Colleague, tiny: int, addressed: int
) -> None:
    publish(database, administrator, tiny, writes_companies=True)
    [job] = do_jobs(database)
    assert (job.kind, job.state, job.error) == ("publish_mail", "done", "")
    with database.reading() as session:
        companies = session.scalars(select(CompanyRow)).all()
        mails = {own.to_address: own for own in session.scalars(select(Mail))}
    assert len(mails) == len(companies) > 1
    names = {own.company_id: own.name for own in companies}
    for company_id, name in names.items():
        content = mails[f"{company_id}@firm.dk"].attachment
        assert content
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        assert name in text
        assert "Version 1" in text
        assert not any(other in text for other in names.values() if other != name)
        assert name in mails[f"{company_id}@firm.dk"].subject


def test_the_button_counts_whom_it_writes_to(
    app: Flask,
    staff: Browser,
    database: Database,
    administrator: Colleague,
    tiny: int,
    addressed: int,
) -> None:
    services = app.extensions["company_dating"]
    smtp = Smtp("127.0.0.1", 2525, "", "", "fair@au.dk", "none")
    app.extensions["company_dating"] = dataclasses.replace(
        services, settings=dataclasses.replace(services.settings, smtp=smtp)
    )
    seen = look(database, tiny)
    key = events_key(database, tiny)
    text = staff.get(f"/events/{key}/publish").get_data(as_text=True)
    assert f"Publish version 1 and write to {seen.students_to_tell} students" in text
    form = {
        "timetable": seen.timetable_id,
        "revision": seen.revision,
        "number": 1,
        "students": "true",
    }
    staff.post(f"/events/{key}/publish", form)
    with database.reading() as session:
        assert session.scalar(select(func.count(Mail.id))) == seen.students_to_tell

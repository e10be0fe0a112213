"""From the working timetable to paper: publish, what changed, take back, late, print, download."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from sqlalchemy import select

from scheduler.model.digest import event_sha256
from scheduler.solve import solve
from scheduler.strategies.base import Settings
from tests.e2e.conftest import Server, Watched
from tests.e2e.steps import PASSWORD, sign_in
from webui.operations import accounts, events, previews
from webui.operations.log import SYSTEM
from webui.store import CompanyRow, Database, EventRow, MeetingRow, StudentRow, TimetableRow
from webui.store.exchange import read_event
from webui.store.meetings import write_meetings

KEY = "aarhus-2026"
EMAIL = "publisher@au.dk"
DONE_WITHIN_MS = 90_000


@pytest.fixture(scope="module")
def database(server: Server) -> Database:
    """The server's own, with a colleague and a timetable of the example to work on."""
    own = Database(f"sqlite:///{server.home / 'company-dating.db'}")
    now = dt.datetime.now(dt.UTC)
    token = accounts.invite(own, SYSTEM, now, email=EMAIL, role="administrator")
    accounts.accept_invitation(own, now, token=token, name="Pia", email="", password=PASSWORD)
    with own.reading() as session:
        event_id = session.scalars(select(EventRow.id).where(EventRow.key == KEY)).one()
        event = read_event(session, session.get_one(EventRow, event_id))
    timetable = solve(event, Settings(time_limit_s=20, workers=1, comfort_s=0.1)).timetable
    assert timetable
    with own.writing() as session:
        row = TimetableRow(
            event_id=event_id,
            origin="hand",
            is_working=True,
            event_revision=session.get_one(EventRow, event_id).revision,
            event_sha256=event_sha256(event),
            created_at=now,
        )
        session.add(row)
        session.flush()
        write_meetings(session, row.id, event, event_id, timetable)
    return own


def drop_meetings(database: Database, count: int) -> None:
    """Take meetings out of the working timetable, as staff would."""
    with database.writing() as session:
        row = session.scalars(select(TimetableRow).where(TimetableRow.is_working)).one()
        own = select(MeetingRow).where(MeetingRow.timetable_id == row.id)
        for meeting in session.scalars(own.order_by(MeetingRow.student_pk).limit(count)):
            session.delete(meeting)
        row.revision += 1


def test_publish_compare_take_back_and_print(
    server: Server, database: Database, wide: Watched, tmp_path: Path
) -> None:
    page = wide.page
    sign_in(page, server, EMAIL)
    page.goto(f"{server.url}/events/{KEY}/publish")
    wide.check()
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_text("Nothing new to publish")).to_be_visible()
    wide.check()
    drop_meetings(database, 5)
    page.reload()
    expect(page.get_by_text("5 meetings are gone")).to_be_visible()
    wide.check()
    page.get_by_role("link", name="All changes, to print").click()
    expect(page.get_by_role("cell", name="gone").first).to_be_visible()
    wide.check()
    page.get_by_role("link", name="By company").click()
    wide.check()
    page.get_by_role("link", name="← Publish").click()
    page.get_by_role("button", name="Publish version 2").click()
    page.get_by_role("link", name="Take back version 2").click()
    wide.check()
    page.get_by_role("button", name="Take back version 2").click()
    expect(page.get_by_text("Students see no timetable: version 2 was taken back")).to_be_visible()
    wide.check()
    page.get_by_role("link", name="Work on it version 1").click()
    wide.check()
    page.get_by_role("button", name="Work on version 1").click()
    page.get_by_role("button", name="Publish version 3").click()
    expect(page.get_by_text("Students see version 3")).to_be_visible()

    page.get_by_role("link", name="Print", exact=False).last.click()
    wide.check()
    page.get_by_role("button", name="Make the files to print").click()
    download_link = page.get_by_role("link", name="Download ZIP")
    expect(download_link).to_be_visible(timeout=DONE_WITHIN_MS)
    wide.check()
    with page.expect_download() as waiting:
        download_link.click()
    packed = tmp_path / "pack.zip"
    waiting.value.save_as(packed)
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path)
    [sheets] = tmp_path.glob("*/companies.pdf")
    pages = [own.extract_text() for own in PdfReader(sheets).pages]
    assert all("Version 3 · " in text for text in pages)
    with database.reading() as session:
        names = session.scalars(
            select(CompanyRow.name)
            .join(EventRow, EventRow.id == CompanyRow.event_id)
            .where(EventRow.key == KEY)
        ).all()
    assert len(pages) >= len(names)


def test_a_latecomer_is_fitted_in_on_a_phone(
    server: Server, database: Database, phone: Watched
) -> None:
    page = phone.page
    sign_in(page, server, EMAIL)
    with database.writing() as session:
        event_id = session.scalars(select(EventRow.id).where(EventRow.key == KEY)).one()
        late = StudentRow(
            event_id=event_id,
            position=9_999,
            student_id="late-1",
            name="Åse Sidste",
            languages="en:C1;da:native",
        )
        session.add(late)
        events.touch(session, event_id)
    page.goto(f"{server.url}/events/{KEY}/publish")
    expect(page.get_by_text("The event was changed since this timetable was made.")).to_be_visible()
    phone.check()
    page.get_by_role("button", name="Fit them in").click()
    expect(page.get_by_text("A proposal is ready")).to_be_visible(timeout=DONE_WITHIN_MS)
    phone.check()
    page.get_by_role("link", name="Look at it").click()
    phone.check()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Accepted: this is the timetable you work on now.")).to_be_visible()
    phone.check()
    seen = previews.preview(database, event_id)
    assert seen
    assert not seen.is_older
    page.goto(f"{server.url}/events/{KEY}/print")
    phone.check()

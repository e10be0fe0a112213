"""Students' other pages: every one at 320 pixels, the schedule, the filter, a dead link."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urljoin

from playwright.sync_api import Browser, expect
from sqlalchemy import select

from tests.e2e.conftest import PHONE, WIDE, Server, Watched, open_window
from tests.e2e.danish import english_at, english_left
from tests.e2e.students import Link, choose, ranking, stored
from webui.operations.versions import window_to_keep
from webui.store import (
    CompanyRow,
    EventRow,
    MeetingRow,
    StudentRow,
    TimetableRow,
    Version,
)

NARROW = {"width": 320, "height": 640}


def publish(server: Server, student_id: str) -> None:
    """Publish a timetable in which this student meets the first two companies."""
    now = dt.datetime.now(dt.UTC)
    with stored(server) as database, database.writing() as session:
        event = session.scalars(select(EventRow)).one()
        student = session.scalars(select(StudentRow).where(StudentRow.student_id == student_id))
        student_pk = student.one().id
        companies = session.scalars(select(CompanyRow).order_by(CompanyRow.position)).all()
        timetable = TimetableRow(
            event_id=event.id, origin="frozen", event_revision=1, event_sha256="", created_at=now
        )
        session.add(timetable)
        session.flush()
        for company, start in zip(companies[:2], (780, 804), strict=True):
            session.add(
                MeetingRow(
                    timetable_id=timetable.id,
                    start_min=start,
                    room_id=company.room_id or "stakladen",
                    table=1,
                    student_pk=student_pk,
                    company_pk=company.id,
                )
            )
        session.add(
            Version(
                event_id=event.id,
                number=1,
                timetable_id=timetable.id,
                window=window_to_keep(event),
                published_at=now,
            )
        )


def test_every_page_fits_320_pixels_and_works_without_a_script(
    server: Server, chromium: Browser, link: Link
) -> None:
    narrow = open_window(chromium, NARROW, has_touch=True, is_mobile=True)
    page = narrow.page
    choose(page, link("s006"), 2)
    for address in ("/me", "/me/companies", "/me/wishes", "/me/about", "/me/cv", "/me/data"):
        page.goto(server.url + address)
        narrow.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download everything").click()
    assert '"student_id": "s006"' in download.value.path().read_text()
    for address in ("/me/schedule", "/lost-link"):
        page.goto(server.url + address)
        narrow.check()
    state = narrow.context.storage_state()
    narrow.context.close()

    plain = open_window(chromium, PHONE, java_script_enabled=False, storage_state=state)
    page = plain.page
    page.goto(f"{server.url}/me/wishes")
    first = ranking(server, "s006")
    page.get_by_role("button", name=f"Down: {first[0]}").click()
    assert ranking(server, "s006") == first[::-1]
    page.goto(f"{server.url}/me/companies")
    page.locator(".filters summary").click()
    page.get_by_label("Language").select_option("mine")
    page.get_by_role("button", name="Filter").click()
    assert "language=mine" in page.url
    page.get_by_role("button", name="Add to my wishes").first.click()
    assert len(ranking(server, "s006")) == 3
    plain.context.close()


def test_the_schedule_on_a_narrow_phone(server: Server, chromium: Browser, link: Link) -> None:
    narrow = open_window(chromium, NARROW, has_touch=True, is_mobile=True)
    page = narrow.page
    choose(page, link("s008"), 3)
    publish(server, "s008")
    page.goto(f"{server.url}/me")
    expect(page).to_have_url(f"{server.url}/me/schedule")
    expect(page.locator(".next .time")).to_have_text("13:00")
    expect(page.locator(".day li")).to_have_count(2)
    narrow.check()
    with page.expect_download() as download:
        page.get_by_role("link", name="Add to my calendar").click()
    assert "BEGIN:VEVENT" in download.value.path().read_text()
    page.goto(f"{server.url}/me/wishes")
    narrow.check()
    assert english_left(page) != []
    page.get_by_role("button", name="Dansk").click()
    for address in ("schedule", "companies", "wishes", "about", "cv", "data", "../lost-link"):
        assert english_at(page, urljoin(f"{server.url}/me/", address)) == [], address
    page.goto(f"{server.url}/me/wishes")
    narrow.check()
    narrow.context.close()


def test_the_filter_works_at_once(server: Server, wide: Watched, link: Link) -> None:
    page = wide.page
    page.goto(link("s007"))
    page.goto(f"{server.url}/me/companies")
    everything = page.locator(".company:visible").count()
    page.locator(".filters summary").click()
    page.get_by_label("Position").select_option("internship")
    expect(page.locator("#shown-count")).not_to_contain_text(f"{everything} of {everything}")
    page.get_by_role("button", name="Show companies").click()
    expect(page.get_by_label("Position")).to_be_hidden()
    for own in page.locator(".company:visible").all():
        expect(own).to_contain_text("nternship")
    about = page.locator(".company:visible dl").first
    expect(about).to_be_hidden()
    page.get_by_role("button", name="Show all about each").click()
    page.reload()
    expect(about).to_be_visible()
    wide.check()
    page.locator(".filters summary").click()
    page.get_by_label("Name").fill("no such company")
    expect(page.get_by_role("heading", name="No company fits")).to_be_visible()
    wide.check()


def test_a_dead_link_leads_to_a_new_one(server: Server, wide: Watched) -> None:
    page = wide.page
    page.goto(f"{server.url}/s/nothing")
    wide.faults.clear()
    wide.check()
    page.get_by_role("link", name="Ask for a new link").click()
    page.get_by_label("E-mail address").fill("nobody@example.edu")
    page.get_by_role("button", name="Ask for a new link").click()
    expect(page.get_by_role("heading", name="Your request is noted")).to_be_visible()
    wide.check()
    assert page.viewport_size == WIDE

"""Students on a phone: ranking by touch, buttons and keys; two tabs; a lost connection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urljoin

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.e2e.conftest import PHONE, WIDE, Server, Watched, open_window
from tests.e2e.danish import english_at, english_left
from webui.operations import links
from webui.store import (
    CompanyRow,
    Database,
    EventRow,
    MeetingRow,
    PreferenceRow,
    StudentRow,
    TimetableRow,
    Version,
)

NARROW = {"width": 320, "height": 640}
Link = Callable[[str], str]


@contextmanager
def stored(server: Server) -> Iterator[Database]:
    database = Database(f"sqlite:///{server.home / 'company-dating.db'}")
    yield database
    database.close()


@pytest.fixture
def link(server: Server) -> Link:
    """Make a student's personal link; the window of wishes is open, and no wish is stored."""

    def _link(student_id: str) -> str:
        now = dt.datetime.now(dt.UTC)
        with stored(server) as database, database.writing() as session:
            event = session.scalars(select(EventRow)).one()
            event.opens_at, event.closes_at = now - dt.timedelta(1), now + dt.timedelta(1)
            student = session.scalars(
                select(StudentRow).where(StudentRow.student_id == student_id)
            ).one()
            for wish in session.scalars(
                select(PreferenceRow).where(PreferenceRow.student_pk == student.id)
            ):
                session.delete(wish)
            return f"{server.url}/s/{links.make_link(session, now, student, event)}"

    return _link


def ranking(server: Server, student_id: str) -> list[str]:
    """The companies that the server has, most wanted first."""
    with stored(server) as database, database.reading() as session:
        return list(
            session.scalars(
                select(CompanyRow.name)
                .join(PreferenceRow, PreferenceRow.company_pk == CompanyRow.id)
                .join(StudentRow, StudentRow.id == PreferenceRow.student_pk)
                .where(StudentRow.student_id == student_id)
                .order_by(PreferenceRow.rank)
            )
        )


def shown(page: Page) -> list[str]:
    return page.locator("#ranking > li").evaluate_all("rows => rows.map(row => row.dataset.name)")


def add(page: Page, number: int) -> None:
    """Add the first companies that fit."""
    buttons = page.get_by_role("button", name="Add to my wishes")
    for count in range(1, number + 1):
        buttons.first.click()
        expect(page.locator("#wish-count")).to_have_text(str(count))


def choose(page: Page, address: str, number: int) -> list[str]:
    """Open a personal link, add some companies and go to the ranking; what it shows."""
    page.goto(address)
    page.goto(urljoin(address, "/me/companies"))
    add(page, number)
    page.goto(urljoin(address, "/me/wishes"))
    return shown(page)


def is_saved(page: Page) -> None:
    expect(page.locator("#saved")).to_contain_text("Saved")


def drag(page: Page, row: int, onto: int) -> None:
    """Drag with a finger: real touches, as the browser gets them from a screen."""
    page.locator("#ranking > li").nth(min(row, onto)).evaluate("row => row.scrollIntoView()")
    boxes = [page.locator(".grip").nth(place).bounding_box() for place in (row, onto)]
    assert boxes[0]
    assert boxes[1]
    (x, start), (_, end) = ((b["x"] + b["width"] / 2, b["y"] + b["height"] / 2) for b in boxes)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, y: float | None) -> None:
        points = [] if y is None else [{"x": x, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    for step in range(1, 13):
        touch("touchMove", start + (end - start) * step / 12)
        page.wait_for_timeout(50)
    for still in (3, 0, 3):  # no finger rests while the rows make way
        page.wait_for_timeout(200)
        touch("touchMove", end + still)
    touch("touchEnd", None)


def test_ten_companies_are_ranked_on_a_phone(server: Server, phone: Watched, link: Link) -> None:
    page = phone.page
    page.goto(link("s002"))
    expect(page).to_have_url(f"{server.url}/me")
    phone.check()
    page.get_by_role("link", name="Start: choose companies").click()
    phone.check()
    add(page, 10)
    page.get_by_role("link", name="To my wishes").click()
    phone.check()
    before = shown(page)
    assert len(before) == 10
    assert before == ranking(server, "s002")

    drag(page, 0, 2)  # by touch
    expect(page.locator("#said")).to_have_text(f"{before[0]} is now number 3 of 10")
    expected = [before[1], before[2], before[0], *before[3:]]
    assert shown(page) == expected

    row = page.locator("#ranking > li").nth(9)  # by buttons
    name = expected[9]
    row.get_by_role("button", name=f"Up: {name}").click()
    expect(page.locator("#said")).to_have_text(f"{name} is now number 9 of 10")
    expect(page.get_by_role("button", name=f"Up: {name}")).to_be_focused()
    moved = page.locator("#ranking > li").nth(8)
    moved.get_by_text("More").click()
    moved.get_by_label("Move to place").fill("1")
    moved.get_by_role("button", name=f"Move {name}", exact=True).click()
    expect(page.locator("#said")).to_have_text(f"{name} is now number 1 of 10")
    expected = [name, *expected[:9]]
    assert shown(page) == expected

    is_saved(page)
    assert ranking(server, "s002") == expected
    phone.check()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Submitted ")).to_be_visible()
    phone.check()


def test_a_drag_while_the_last_one_is_saved(server: Server, phone: Watched, link: Link) -> None:
    page = phone.page
    first = choose(page, link("s009"), 6)
    posted: list[str] = []
    page.on("request", lambda own: posted.extend([own.post_data or ""] * (own.method == "POST")))
    drag(page, 0, 2)
    drag(page, 1, 3)  # takes longer than a page waits before it saves
    expected = [first[1], first[0], first[3], first[2], *first[4:]]
    is_saved(page)
    assert ranking(server, "s009") == expected
    for text in posted:
        companies = parse_qs(text)["ranking"][0].split(",")
        assert len(companies) == len(set(companies)) == 6
    phone.check()


def test_a_row_is_dragged_past_the_lower_edge(server: Server, phone: Watched, link: Link) -> None:
    page = phone.page
    page.set_viewport_size({"width": 360, "height": 740})
    first = choose(page, link("s010"), 10)
    grip = page.locator(".grip").first.bounding_box()
    dock = page.locator(".dock").bounding_box()
    assert grip
    assert dock
    x, start, end = grip["x"] + 20, grip["y"] + 30, dock["y"] + dock["height"] / 2
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: float) -> None:
        at = [{"x": x, "y": y} for y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", start)
    for step in range(1, 11):
        touch("touchMove", start + (end - start) * step / 10)
        page.wait_for_timeout(30)
    last = page.locator("#ranking > li:not(.sortable-fallback)").last
    expect(last).to_have_attribute("data-name", first[0])  # the finger rests on the bar
    touch("touchEnd")
    expect(page.locator("#said")).to_have_text(f"{first[0]} is now number 10 of 10")
    assert shown(page) == [*first[1:], first[0]]
    expect(last).to_be_in_viewport()
    is_saved(page)
    assert ranking(server, "s010") == [*first[1:], first[0]]


def test_a_change_after_the_close_is_not_kept(server: Server, phone: Watched, link: Link) -> None:
    page = phone.page
    first = choose(page, link("s011"), 3)
    close(server, is_closed=True)
    page.get_by_role("button", name=f"Down: {first[0]}").click()
    expect(page.locator("#saved")).to_have_text("The time for wishes is over. Nothing was changed.")
    phone.faults[:] = [fault for fault in phone.faults if "422" not in fault]
    assert shown(page) == first
    assert page.evaluate("localStorage.length") == 0
    close(server, is_closed=False)
    page.reload()
    page.wait_for_timeout(1000)  # longer than a kept list waits before it is sent
    assert shown(page) == first
    assert ranking(server, "s011") == first
    phone.check()


def close(server: Server, *, is_closed: bool) -> None:
    """Close the window of wishes, or open it again."""
    hours = dt.timedelta(hours=-1 if is_closed else 24)
    with stored(server) as database, database.writing() as session:
        session.scalars(select(EventRow)).one().closes_at = dt.datetime.now(dt.UTC) + hours


def test_ranking_by_keyboard_alone(server: Server, wide: Watched, link: Link) -> None:
    page = wide.page
    first = choose(page, link("s003"), 4)
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "grip":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#said")).to_have_text(f"{first[0]} is now number 3 of 4")
    page.keyboard.press("End")
    assert shown(page) == [*first[1:], first[0]]
    assert page.evaluate("document.activeElement.closest('li').dataset.name") == first[0]
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    assert shown(page) == first
    for _ in range(3):  # More, the button up, the button down
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert shown(page) == [first[1], first[0], *first[2:]]
    is_saved(page)
    assert ranking(server, "s003") == shown(page)
    page.reload()
    assert shown(page) == [first[1], first[0], *first[2:]]
    wide.check()


def test_a_lost_connection_loses_nothing(server: Server, phone: Watched, link: Link) -> None:
    page = phone.page
    first = choose(page, link("s004"), 3)
    phone.context.set_offline(True)
    page.get_by_role("button", name=f"Down: {first[0]}").click()
    expect(page.locator("#saved")).to_have_text("Not saved yet, will try again")
    assert ranking(server, "s004") == first
    phone.context.set_offline(False)
    is_saved(page)
    assert ranking(server, "s004") == [first[1], first[0], first[2]]

    phone.context.set_offline(True)  # and over a page that is closed meanwhile
    page.get_by_role("button", name=f"Up: {first[2]}").click()
    expect(page.locator("#saved")).to_have_text("Not saved yet, will try again")
    page.close()
    phone.context.set_offline(False)
    again = phone.context.new_page()
    again.goto(f"{server.url}/me/wishes")
    is_saved(again)
    expect(again.locator("#ranking > li").nth(1)).to_have_attribute("data-name", first[2])
    assert again.evaluate("localStorage.length") == 0
    assert ranking(server, "s004") == [first[1], first[2], first[0]]


def test_a_stale_tab_lets_the_student_choose(server: Server, phone: Watched, link: Link) -> None:
    page = phone.page
    first = choose(page, link("s005"), 3)
    other = phone.context.new_page()
    other.goto(f"{server.url}/me/wishes")
    other.get_by_role("button", name=f"Down: {first[0]}").click()
    is_saved(other)
    assert ranking(server, "s005") == [first[1], first[0], first[2]]

    page.get_by_role("button", name=f"Up: {first[2]}").click()
    expect(page.get_by_role("heading", name="Which list counts?")).to_be_focused()
    phone.faults[:] = [fault for fault in phone.faults if "409" not in fault]
    phone.check()
    assert ranking(server, "s005") == [first[1], first[0], first[2]]
    page.get_by_role("button", name="Keep this list").click()
    expect(page.locator("#conflict section")).to_have_count(0)
    assert ranking(server, "s005") == [first[0], first[2], first[1]]

    other.get_by_role("button", name=f"Down: {first[1]}").click()
    other.get_by_role("link", name="Use the other list").click()
    is_saved(other)
    assert shown(other) == [first[0], first[2], first[1]]
    assert other.evaluate("localStorage.length") == 0
    assert ranking(server, "s005") == [first[0], first[2], first[1]]


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
            Version(event_id=event.id, number=1, timetable_id=timetable.id, published_at=now)
        )


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
    page.get_by_role("link", name="Send me a new link").click()
    page.get_by_label("E-mail address").fill("nobody@example.edu")
    page.get_by_role("button", name="Ask for a new link").click()
    expect(page.get_by_role("heading", name="The people who run the event")).to_be_visible()
    wide.check()
    assert page.viewport_size == WIDE

"""Collecting: links go out by mail, a student opens one, staff see it, and end it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Server, Watched, start_server
from tests.e2e.steps import PASSWORD, join
from tests.webui.mail_server import HOST, Inbox, mail_server

EVENT = "/events/aarhus-2026"


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    with mail_server() as own:
        yield own


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, inbox: Inbox) -> Iterator[Server]:
    assert inbox.smtp
    own = start_server(
        tmp_path_factory.mktemp("home"),
        environment={
            "COMPANY_DATING_SMTP_HOST": HOST,
            "COMPANY_DATING_SMTP_PORT": str(inbox.smtp.port),
            "COMPANY_DATING_SMTP_SECURITY": "none",
            "COMPANY_DATING_SMTP_SENDER": "dating@au.dk",
        },
    )
    yield own
    own.stop()


def tick_everybody(window: Watched) -> None:
    """One box ticks everybody on the page of who has not answered."""
    page = window.page
    page.get_by_label("State").select_option("silent")
    page.wait_for_url("**state=silent**")
    page.get_by_label("Everybody on this page").check()
    expect(page.locator("input[name=student]:checked")).to_have_count(50)
    window.check()
    page.get_by_label("State").select_option("")


def send_one_link(window: Watched) -> None:
    """Write to one student, with a text of one's own."""
    page = window.page
    page.get_by_label("Search").fill("haddad")
    expect(page.get_by_text("1 are shown.")).to_be_visible()
    page.locator("input[name=student]").check()
    page.get_by_role("button", name="Send a link").click()
    window.check()
    page.get_by_label("Subject").fill("Choose, {name}")
    page.get_by_role("button", name="Show the preview").click()
    expect(page.get_by_label("Preview").get_by_text("Choose, ليلى حداد")).to_be_visible()
    window.check()
    page.get_by_role("button", name="Send 1 mail").click()
    expect(page.get_by_text("1 mail is on its way.")).to_be_visible()
    expect(page.get_by_text("1 mail was sent.")).to_be_visible(timeout=15_000)
    window.check()


def revoke_the_opened_link(server: Server, window: Watched) -> None:
    page = window.page
    page.goto(f"{server.url}{EVENT}/collect?state=opened")
    expect(page.get_by_role("row", name="layla.haddad@example.edu")).to_be_visible()
    page.locator("input[name=student]").check()
    page.get_by_role("button", name="Revoke").click()
    window.check()
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("1 link is revoked.")).to_be_visible()


def make_links_for_a_mail_program(server: Server, window: Watched) -> None:
    """Do it on a phone."""
    page = window.page
    page.set_viewport_size({"width": 320, "height": 640})
    window.check()
    page.get_by_role("link", name="Write to 141 students").click()
    window.check()
    page.goto(f"{server.url}{EVENT}/collect/links/merge")
    window.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make 141 links").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert text.splitlines()[0] == "name,email,link"
    assert len(text.splitlines()) == 142


def restore_its_own_backup(server: Server, window: Watched) -> None:
    page = window.page
    page.goto(f"{server.url}/backup")
    window.check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the backup").click()
    backup = download.value.path()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_label("Backup file").set_input_files(backup)
    page.get_by_label("Type: replace everything").fill("replace everything")
    page.get_by_role("button", name="Replace everything by this backup").click()
    expect(page.get_by_text("The backup is restored.")).to_be_visible()
    page.get_by_label("E-mail address").fill("ida@au.dk")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("141 students")).to_be_visible()


def test_links_are_mailed_opened_and_revoked(
    server: Server, inbox: Inbox, wide: Watched, phone: Watched
) -> None:
    join(wide.page, server)
    page, student = wide.page, phone.page
    page.goto(f"{server.url}{EVENT}/collect")
    wide.check()
    page.get_by_role("button", name="Open now").click()
    expect(page.get_by_text("Students can choose")).to_be_visible()
    tick_everybody(wide)
    send_one_link(wide)

    ((to, mail),) = inbox.mails
    assert to == ["layla.haddad@example.edu"]
    assert mail["Subject"] == "Choose, ليلى حداد"
    path = inbox.text().split(server.url)[1].split()[0]
    student.goto(server.url + path)
    assert path not in student.url
    assert student.url.startswith(server.url)

    revoke_the_opened_link(server, wide)
    answer = student.reload()
    assert answer
    assert answer.status == 401

    make_links_for_a_mail_program(server, wide)
    restore_its_own_backup(server, wide)

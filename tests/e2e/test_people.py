"""The step People in a browser: import, faults at their cells, lists edited in place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import WIDE, Server, Watched, open_window
from tests.e2e.steps import join, sign_in

EXAMPLES = Path(__file__).parents[2] / "examples"
FAULTY = """student_id,name,languages,arrives
ana,Ana Sousa,en:C9,
bilal,,en:B2,
chiara,Chiara Rossi,it:native,25:00
"""


@pytest.fixture(scope="module", autouse=True)
def _joined(server: Server, chromium: Browser) -> None:
    """The first administrator has an account."""
    own = open_window(chromium, WIDE)
    join(own.page, server)
    own.context.close()


def new_event(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.url}/events/new")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Date").fill("2027-03-18")
    page.get_by_role("button", name="Create the event").click()
    page.get_by_role("link", name="People").click()


def upload(page: Page, *files: Path) -> None:
    page.get_by_label("One Excel workbook, or CSV files").set_input_files(list(files))
    page.get_by_role("button", name="Look through the files").click()


def test_a_workbook_becomes_lists_that_are_edited_in_place(
    server: Server, wide: Watched, tmp_path: Path
) -> None:
    page = wide.page
    sign_in(page, server)
    new_event(page, server, "From a workbook")
    expect(page.get_by_text("Nobody here yet")).to_be_visible()
    wide.check()

    page.get_by_role("link", name="Import files").click()
    wide.check()
    upload(page, EXAMPLES / "workbook" / "tiny.xlsx")
    expect(page.get_by_text("5 new").first).to_be_visible()
    wide.check()
    page.get_by_role("button", name="Store these changes").click()
    expect(page.get_by_text("4 wishes for 3 places").first).to_be_visible()
    expect(page.get_by_text("Nothing keeps this event from being solved.")).to_be_visible()
    wide.check()

    page.get_by_role("navigation", name="Lists").get_by_role("link", name="Students").click()
    page.get_by_label("Search").fill("NAGY")
    expect(page.get_by_text("1 of 5 rows")).to_be_visible()
    page.get_by_role("link", name="Edit Nagy Dávid").click()
    page.get_by_role("button", name="One more language").click()
    page.keyboard.type("Klingon")
    wide.check()
    page.once("dialog", lambda own: own.dismiss())
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Choose the level too.")).to_be_visible()
    wide.faults[:] = [fault for fault in wide.faults if "422" not in fault]
    wide.check()
    expect(page.locator("[data-line]:has(.error) input[value=Klingon]")).to_be_visible()
    page.locator("[data-line]:has(.error)").get_by_role("button").click()
    page.get_by_label("Level 2").select_option("C2")
    page.get_by_role("button", name="Remove language 3").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="Hungarian (native), English C2")).to_be_visible()
    wide.check()

    page.get_by_role("navigation", name="Lists").get_by_role("link", name="Wishes").click()
    page.get_by_role("link", name="Edit Nagy Dávid").click()
    page.get_by_role("button", name="One more wish").click()
    expect(page.get_by_label(re.compile(r"^Wish \d")).last).to_be_focused()
    wide.check()

    faulty = tmp_path / "students.csv"
    faulty.write_text(FAULTY, encoding="utf-8")
    page.get_by_role("link", name="Import", exact=True).click()
    upload(page, faulty)
    expect(page.get_by_text("3 problems in these files; nothing was stored.")).to_be_visible()
    assert page.locator(".bad-cell").count() == 3
    wide.faults[:] = [fault for fault in wide.faults if "422" not in fault]
    wide.check()

    page.go_back()
    page.goto(f"{server.url}/events/from-a-workbook/people/companies")
    page.get_by_role("link", name="Edit Fjord Robotics").click()
    page.get_by_role("link", name="Delete …").click()
    expect(page.get_by_text("4 wishes")).to_be_visible()
    wide.check()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("2 rows")).to_be_visible()


def test_a_folder_of_files_goes_in_and_comes_out(
    server: Server, wide: Watched, phone: Watched
) -> None:
    page = wide.page
    sign_in(page, server)
    new_event(page, server, "From a folder")
    page.get_by_role("link", name="Import files").click()
    folder = EXAMPLES / "aarhus-2026"
    upload(page, *sorted(folder.glob("*.csv")), folder / "event.toml")
    expect(page.get_by_text("141 new")).to_be_visible()
    wide.check()
    page.get_by_role("button", name="Store these changes").click()
    expect(page.get_by_text("83 wishes for 20 places")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="Export as an Excel workbook").click()
    out = Path(download.value.path()).rename(Path(download.value.path()).with_suffix(".xlsx"))
    page.get_by_role("link", name="Import", exact=True).click()
    upload(page, out)
    expect(page.get_by_text("These files hold only what is stored already.")).to_be_visible()
    wide.check()

    page.goto(server.url)
    wide.check()
    page.get_by_role("link", name="Copy").first.click()
    wide.check()

    sign_in(phone.page, server)
    phone.page.goto(f"{server.url}/events/import")
    phone.check()
    base = f"{server.url}/events/from-a-folder"
    for address in (
        "/people",
        "/people/companies",
        "/people/students",
        "/people/wishes",
        "/people/shortlist",
        "/people/students/1",
        "/people/decisions/new",
        "/import",
        "/copy",
        "/delete",
    ):
        phone.page.goto(base + address)
        phone.faults[:] = [fault for fault in phone.faults if "404" not in fault]
        phone.check()

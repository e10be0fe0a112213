"""The timetable in a browser: by mouse, by keyboard alone, and without a script."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from tests.e2e.conftest import PHONE, Server, Watched, open_window
from tests.webui.timetables import make_working
from webui.operations import accounts
from webui.operations.board import Board, board_of
from webui.operations.log import SYSTEM
from webui.store import Database, EventRow

PASSWORD = "seven quiet herons"
EMAIL = "table@au.dk"
ADDRESS = "/events/aarhus-2026/timetable"


@pytest.fixture(scope="module")
def database(server: Server) -> Database:
    """The server's own, with a colleague and a timetable of the example to work on."""
    own = Database(f"sqlite:///{server.home / 'company-dating.db'}")
    now = dt.datetime.now(dt.UTC)
    token = accounts.invite(own, SYSTEM, now, email=EMAIL, role="administrator")
    accounts.accept_invitation(own, now, token=token, name="Tea", email="", password=PASSWORD)
    make_working(own, event_id(own))
    return own


def event_id(database: Database) -> int:
    with database.reading() as session:
        return session.scalars(select(EventRow.id).where(EventRow.key == "aarhus-2026")).one()


def stored(database: Database) -> Board:
    board = board_of(database, event_id(database))
    assert board
    return board


def open_page(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Events")).to_be_visible()
    page.goto(f"{server.url}{ADDRESS}")


def a_chip_that_can_move(page: Page) -> tuple[Locator, Locator]:
    """A meeting in sight, and another one in its column with which it can change turns."""
    found = page.evaluate(
        """async () => {
          for (const chip of document.querySelectorAll('#wrap .chip')) {
            const address = new URL(document.getElementById('work').dataset.verdicts, location);
            address.searchParams.set('student', chip.dataset.student);
            address.searchParams.set('company', chip.dataset.company);
            const told = await (await fetch(address)).json();
            for (const [key, text] of Object.entries(told.swaps)) {
              const [student, company] = key.split('-');
              if (text === 0 && company === chip.dataset.company) {
                return [chip.id, `m${student}-${company}`];
              }
            }
          }
        }"""
    )
    return page.locator(f"#{found[0]}"), page.locator(f"#{found[1]}")


def test_a_meeting_is_dragged_undone_and_redone(
    server: Server, database: Database, wide: Watched
) -> None:
    page = wide.page
    open_page(page, server)
    wide.check()
    before = stored(database).timetable
    chip, other = a_chip_that_can_move(page)
    chip.click()
    expect(page.locator("#panel h2")).to_contain_text(str(chip.locator("bdi").text_content()))
    assert page.evaluate("scrollY") == 0  # the page does not jump
    wide.check()
    chip.drag_to(other)
    expect(page.locator("#last")).to_contain_text("swapped places")
    assert stored(database).timetable != before
    wide.check()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#last")).to_have_text("No change by hand yet.")
    assert stored(database).timetable == before
    page.get_by_role("button", name="Redo").click()
    expect(page.locator("#last")).to_contain_text("swapped places")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#last")).to_have_text("No change by hand yet.")


def test_a_meeting_is_dragged_into_another_room(
    server: Server, database: Database, wide: Watched
) -> None:
    page = wide.page
    open_page(page, server)
    before = stored(database).timetable
    found = page.evaluate(
        """async () => {
          const tabs = [...document.querySelectorAll('#work a[data-room]:not([aria-current])')];
          for (const chip of document.querySelectorAll('#wrap a.chip')) {
            const box = chip.getBoundingClientRect();
            if (box.bottom > innerHeight || box.right > innerWidth) continue;
            for (const [index, tab] of tabs.entries()) {
              const address = new URL(document.getElementById('work').dataset.verdicts, location);
              address.searchParams.set('room', new URL(tab.href).searchParams.get('room'));
              address.searchParams.set('student', chip.dataset.student);
              address.searchParams.set('company', chip.dataset.company);
              const told = await (await fetch(address)).json();
              for (const [pair, text] of Object.entries(told.swaps)) {
                if (text === 0) return [chip.id, index, `m${pair}`];
              }
            }
          }
        }"""
    )
    chip, place = page.locator(f"#{found[0]}"), page.locator(f"#{found[2]}")
    tab = page.locator("#work a[data-room]:not([aria-current])").nth(found[1])
    chip.hover()
    page.mouse.down()
    tab.hover()
    tab.hover()
    expect(place).to_have_class(re.compile("can"))
    place.hover()
    place.hover()
    page.mouse.up()
    expect(page.locator("#last")).to_contain_text("swapped places")
    assert stored(database).timetable != before
    wide.check()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#last")).to_have_text("No change by hand yet.")
    assert stored(database).timetable == before


def test_a_meeting_is_moved_by_keyboard_alone(
    server: Server, database: Database, wide: Watched
) -> None:
    page = wide.page
    open_page(page, server)
    chip, other = a_chip_that_can_move(page)
    before = stored(database).row.revision
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#wrap .can").first).to_be_visible()
    expect(page.locator("#say")).to_contain_text("Picked up")
    wide.check()
    page.keyboard.press("Escape")
    expect(page.locator("#wrap .can")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("#wrap .can").first).to_be_visible()
    wanted = other.get_attribute("id")
    for key in ("ArrowUp", "ArrowDown"):
        for _ in range(40):
            if page.evaluate("document.activeElement.id") == wanted:
                break
            page.keyboard.press(key)
    assert page.evaluate("document.activeElement.id") == wanted
    expect(page.locator("#say")).to_contain_text("fits")
    page.keyboard.press("Enter")
    expect(page.locator("#last")).to_contain_text("swapped places")
    assert stored(database).row.revision == before + 1
    moved = chip.get_attribute("id")
    expect(page.locator(f"#{moved}")).to_be_focused()
    page.keyboard.press(" ")
    expect(page.locator("#panel")).to_be_focused()
    wide.check()


def test_a_refused_pair_is_pinned_with_a_reason_and_a_colleague_is_told(
    server: Server, database: Database, wide: Watched, chromium: Browser
) -> None:
    page = wide.page
    open_page(page, server)
    colleague = wide.context.new_page()
    colleague.goto(f"{server.url}{ADDRESS}")
    colleague.locator("#wrap .chip").nth(3).click()
    colleague.locator("#panel .lines a").first.click()
    expect(colleague.get_by_role("button", name="Remove this meeting")).to_be_visible()
    page.locator("#wrap .chip").first.click()
    page.locator("#panel .lines a").first.click()
    page.get_by_label("Reason, if you like").fill("asked for it")
    page.get_by_role("button", name=re.compile("Pin at")).click()
    expect(page.locator("#last")).to_contain_text("pinned")
    expect(page.locator("#panel")).to_contain_text("asked for it")
    grid = colleague.locator("#wrap").bounding_box()
    colleague.get_by_role("button", name="Remove this meeting").click()
    expect(colleague.locator("#note")).to_contain_text("The timetable was changed meanwhile")
    expect(colleague.locator("#note")).to_contain_text("pinned")
    assert colleague.locator("#wrap").bounding_box() == grid
    Watched(wide.context, colleague, []).check()
    colleague.get_by_role("button", name="Close").click()
    expect(colleague.locator("#note")).to_have_count(0)
    wide.check()
    colleague.close()


def test_the_pages_fit_a_phone_and_work_without_a_script(
    server: Server, database: Database, chromium: Browser, phone: Watched
) -> None:
    open_page(phone.page, server)
    phone.check()
    for address in ("/list", "/list?show=below", "?q=a"):
        phone.page.goto(f"{server.url}{ADDRESS}{address}")
        phone.check()
    plain = open_window(chromium, PHONE, java_script_enabled=False)
    open_page(plain.page, server)
    plain.page.locator("#wrap .chip").first.click()
    plain.page.locator("#panel .lines a").first.click()
    revision = stored(database).row.revision
    plain.page.locator("#panel").get_by_role(
        "button", name=re.compile("Pin at|Take the pin")
    ).click()
    expect(plain.page.locator("#last")).to_contain_text("pin")
    assert stored(database).row.revision == revision + 1
    plain.context.close()


def a_refused_swap(page: Page) -> tuple[Locator, Locator, str]:
    """A meeting in sight, another one with which it cannot change turns, and why not."""
    found = page.evaluate(
        """async () => {
          for (const chip of [...document.querySelectorAll('#wrap .chip')].slice(0, 12)) {
            const address = new URL(document.getElementById('work').dataset.verdicts, location);
            address.searchParams.set('student', chip.dataset.student);
            address.searchParams.set('company', chip.dataset.company);
            const told = await (await fetch(address)).json();
            for (const other of [...document.querySelectorAll('#wrap .chip')].slice(0, 12)) {
              const key = `${other.dataset.student}-${other.dataset.company}`;
              const text = told.texts[told.swaps[key]];
              const cell = other.closest('td');
              if (text && cell.querySelectorAll('a').length === 1) return [chip.id, other.id, text];
            }
          }
        }"""
    )
    return page.locator(f"#{found[0]}"), page.locator(f"#{found[1]}"), found[2]


def test_a_meeting_dropped_where_it_cannot_be_says_why(
    server: Server, database: Database, wide: Watched
) -> None:
    page = wide.page
    open_page(page, server)
    before = stored(database).row.revision
    chip, other, why = a_refused_swap(page)
    chip.drag_to(other)
    said = page.locator("#say")
    expect(said).to_contain_text("Let go. Nothing was changed.")
    expect(said).to_contain_text(why)
    expect(said).to_be_in_viewport()
    assert stored(database).row.revision == before
    wide.check()


def test_a_lost_server_is_shown_and_the_page_is_renewed_when_it_is_back(
    server: Server, database: Database, wide: Watched
) -> None:
    page = wide.page
    open_page(page, server)
    chip, other = a_chip_that_can_move(page)
    wide.context.set_offline(True)
    chip.drag_to(other)
    expect(page.locator("#say")).to_have_text("The server does not answer. Nothing was changed.")
    expect(page.locator("#say")).to_be_in_viewport()
    expect(page.locator("#wrap .held")).to_have_count(0)
    wide.context.set_offline(False)
    chip.click()
    page.locator("#panel .lines a").first.click()
    pin = page.get_by_role("button", name=re.compile("Pin at|Take the pin"))
    expect(pin).to_be_visible()
    wide.context.set_offline(True)
    pin.click()
    expect(page.locator("#lost")).to_contain_text("Perhaps your change was stored")
    expect(page.locator("#lost")).to_be_in_viewport()
    wide.context.set_offline(False)
    expect(page.locator("#say")).to_contain_text("This is the timetable as it is stored")
    expect(page.locator("#lost")).to_be_hidden()
    wide.faults.clear()  # the browser's own lines about the lost network
    wide.check()


def test_six_tables_and_seven_turns_are_in_sight(
    server: Server, database: Database, wide: Watched
) -> None:
    page = wide.page
    open_page(page, server)
    seen = page.evaluate(
        """() => {
          const frame = document.getElementById('wrap').getBoundingClientRect();
          const right = Math.min(frame.right, innerWidth);
          const bottom = Math.min(frame.bottom, innerHeight);
          const heads = [...document.querySelectorAll('#wrap thead th')].slice(1);
          const rows = [...document.querySelectorAll('#wrap tbody tr:not(.pause) > th')];
          return [heads.filter((own) => own.getBoundingClientRect().right <= right).length,
                  rows.filter((own) => own.getBoundingClientRect().bottom <= bottom).length];
        }"""
    )
    assert seen[0] >= 6
    assert seen[1] >= 7

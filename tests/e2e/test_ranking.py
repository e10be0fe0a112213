"""Students on a phone: ranking by touch, buttons and keys; two tabs; a lost connection."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs

from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.e2e.conftest import Server, Watched
from tests.e2e.students import Link, add, choose, is_saved, ranking, shown, stored
from webui.store import (
    EventRow,
)


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

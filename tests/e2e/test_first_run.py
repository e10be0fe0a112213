"""From nothing to a set-up event, as the first administrator."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Server, Watched

PASSWORD = "seven quiet herons"


def test_first_administrator_sets_up_an_event(server: Server, wide: Watched) -> None:
    page = wide.page
    page.goto(server.join)
    wide.check()
    page.get_by_label("Your name").fill("Ida Holm")
    page.get_by_label("E-mail address").fill("ida@au.dk")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", name="Events")).to_be_visible()
    wide.check()
    page.get_by_role("link", name="New event").click()
    wide.check()
    page.get_by_label("Name", exact=True).fill("Company Dating, spring")
    page.get_by_label("Date").fill("2027-03-18")
    page.get_by_role("button", name="Create the event").click()
    expect(page.get_by_text("12 slots of 10 minutes")).to_be_visible()
    page.get_by_label("Minutes of a meeting").fill("12")
    expect(page.get_by_text("10 slots of 12 minutes")).to_be_visible()
    wide.check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    for address in ("/account", "/account/second-factor", "/colleagues", "/no-such-page"):
        page.goto(server.url + address)
        wide.faults[:] = [fault for fault in wide.faults if "404" not in fault]
        wide.check()


def test_names_in_any_script_have_letters(server: Server, wide: Watched) -> None:
    page = wide.page
    page.goto(f"{server.url}/sign-in")
    for name in (
        "अनन्या",
        "Ազնիվ",
        "ישראל",
        "عمر",
        "বাংলা",
        "தமிழ்",
        "สมชาย",
        "გიორგი",
        "አበበ",
        "김민준",
        "髙橋",
    ):
        states = (
            "name => document.fonts.load('1rem Names', name).then(all => all.map(f => f.status))"
        )
        assert set(page.evaluate(states, name)) == {"loaded"}, name
    wide.check()

"""What every story begins with: the first account, signing in."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Server

PASSWORD = "seven quiet herons"
FIRST = "ida@au.dk"


def join(page: Page, server: Server) -> None:
    """Make the first administrator's account with the link that the server printed; signed in."""
    page.goto(server.join)
    page.get_by_label("Your name").fill("Ida Holm")
    page.get_by_label("E-mail address").fill(FIRST)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", name="Events")).to_be_visible()


def sign_in(page: Page, server: Server, email: str = FIRST) -> None:
    page.goto(f"{server.url}/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Events")).to_be_visible()

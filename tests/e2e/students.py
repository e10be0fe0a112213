"""Students of the example event, as tests bring them to their pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from webui.operations import links
from webui.store import (
    CompanyRow,
    Database,
    EventRow,
    PreferenceRow,
    StudentRow,
)

if TYPE_CHECKING:
    from tests.e2e.conftest import Server

Link = Callable[[str], str]


@contextmanager
def stored(server: Server) -> Iterator[Database]:
    database = Database(f"sqlite:///{server.home / 'company-dating.db'}")
    yield database
    database.close()


def make_link(server: Server, student_id: str) -> str:
    """A student's personal link; the window of wishes is open, and no wish is stored."""
    now = dt.datetime.now(dt.UTC)
    with stored(server) as database, database.writing() as session:
        event = session.scalars(select(EventRow)).one()
        event.opens_at, event.closes_at = now - dt.timedelta(1), now + dt.timedelta(1)
        student = session.scalars(
            select(StudentRow).where(StudentRow.student_id == student_id)
        ).one()
        session.execute(delete(PreferenceRow).where(PreferenceRow.student_pk == student.id))
        return f"{server.url}/s/{links.make_link(session, now, student, event)}"


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

"""The step Collect of the tiny event, with a mail server that keeps what it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.webui.conftest import Browser, Clock
from tests.webui.mail_server import Inbox, mail_server
from webui.config import Settings
from webui.operations import links
from webui.operations.mail_queue import send_due
from webui.store import Database, EventRow, StudentRow

INVITATION, REMINDER = "invitation", "reminder"


@pytest.fixture(scope="module")
def running() -> Iterator[Inbox]:
    with mail_server() as own:
        yield own


@pytest.fixture
def inbox(running: Inbox) -> Inbox:
    running.mails.clear()
    return running


@pytest.fixture
def settings(settings: Settings, running: Inbox) -> Settings:
    return replace(settings, smtp=running.smtp)


def page(answer: Any) -> str:
    """What an answer says, in one line."""
    return " ".join(answer.get_data(as_text=True).split())


@dataclass
class Collecting:
    """An administrator at the step Collect; every student has an address."""

    staff: Browser
    database: Database
    clock: Clock
    settings: Settings
    inbox: Inbox
    pk: int
    base: str

    def event(self) -> EventRow:
        with self.database.reading() as session:
            return session.get_one(EventRow, self.pk)

    def students(self, event_pk: int = 0) -> list[StudentRow]:
        asked = select(StudentRow).where(StudentRow.event_id == (event_pk or self.pk))
        with self.database.reading() as session:
            return list(session.scalars(asked.order_by(StudentRow.id)))

    def post(self, address: str, form: dict[str, Any] | None = None) -> Any:
        return self.staff.post(f"{self.base}/{address}", form)

    def page(self, query: str = "") -> str:
        return page(self.staff.get(self.base + query))

    def was(self) -> str:
        """What the form of the window began with."""
        return was(self.page())

    def write(self, kind: str, **more: Any) -> Any:
        """Send the form of a mail."""
        form = {"subject": "Hi {name}", "text": "Dear {name}\n{link}\n", "step": "send", **more}
        return self.post(f"mail/{kind}", form)

    def send_due(self) -> int:
        """Let the worker send what waits; how many there were."""
        return send_due(self.database, self.settings, self.clock)

    def link(self, number: int = 0, event_pk: int = 0) -> str:
        """Give a student a link; its path."""
        own = self.students(event_pk)[number]
        with self.database.writing() as session:
            event = session.get_one(EventRow, own.event_id)
            return "/s/" + links.make_link(session, self.clock(), own, event)


def was(text: str) -> str:
    """What the form of the window on a page began with."""
    found = re.search(r'name="was" value="([^"]*)"', text)
    assert found
    return found[1]


@pytest.fixture
def collect(
    staff: Browser, database: Database, clock: Clock, settings: Settings, inbox: Inbox, tiny: int
) -> Collecting:
    with database.writing() as session:
        asked = select(StudentRow).where(StudentRow.event_id == tiny).order_by(StudentRow.id)
        for number, student in enumerate(session.scalars(asked)):
            student.email = f"s{number}@au.dk"
        base = f"/events/{session.get_one(EventRow, tiny).key}/collect"
    return Collecting(staff, database, clock, settings, inbox, tiny, base)

"""A personal link that was lost: by mail, or without a mail server by the hands of staff."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.webui.conftest import Browser, Clock, Visitor
from webui.config import Smtp
from webui.store import Audit, Database, EventRow, Mail

SMTP = Smtp("127.0.0.1", 9, "", "", "office@au.dk", "none")
Open = Callable[[str], Visitor]


@pytest.fixture
def ana(open_link: Open) -> Visitor:
    return open_link("ana")


@pytest.fixture
def with_mail(browser: Browser) -> None:
    """Name a mail server that nothing is sent to."""
    extensions = browser.client.application.extensions
    own = extensions["company_dating"]
    extensions["company_dating"] = replace(own, settings=replace(own.settings, smtp=SMTP))


@pytest.mark.usefixtures("with_mail")
def test_a_lost_link_is_mailed_and_nobody_learns_who_is_known(
    ana: Visitor, browser: Browser, database: Database, clock: Clock
) -> None:
    known = browser.post("/lost-link", {"email": " Ana.Sousa@example.EDU "})
    unknown = browser.post("/lost-link", {"email": "nobody@example.edu"})

    def plain(answer: object, address: str) -> str:
        return answer.get_data(as_text=True).replace(address, "")  # type: ignore[attr-defined]

    assert (known.status_code, unknown.status_code) == (200, 200)
    assert plain(known, "Ana.Sousa@example.EDU") == plain(unknown, "nobody@example.edu")
    with database.reading() as session:
        mail = session.scalars(select(Mail)).one()
        noted = session.scalars(select(Audit).where(Audit.action == "link.ask")).all()
    assert (mail.link_student_pk, mail.to_address) == (ana.pk, "ana.sousa@example.edu")
    assert mail.subject == "Your link to Tiny Company Dating"
    assert "{link}" in mail.text
    assert [own.detail for own in noted] == [{"found": 1, "mails": 1}, {"found": 0, "mails": 0}]


@pytest.mark.usefixtures("with_mail")
def test_at_most_three_links_an_hour_are_mailed(
    ana: Visitor, browser: Browser, database: Database, clock: Clock
) -> None:
    def ask() -> int:
        assert browser.post("/lost-link", {"email": "ana.sousa@example.edu"}).status_code == 200
        with database.reading() as session:
            return len(session.scalars(select(Mail)).all())

    assert [ask() for _ in range(5)] == [1, 2, 3, 3, 3]
    clock.pass_(hours=1)
    assert ask() == 4


def test_without_a_mail_server_staff_see_who_asked_and_make_a_link(
    ana: Visitor, staff: Browser, database: Database, clock: Clock
) -> None:
    with database.reading() as session:
        key = session.get_one(EventRow, ana.event_pk).key
    clock.pass_(minutes=1)

    known = ana.browser.post("/lost-link", {"email": "ana.sousa@example.edu"})
    unknown = ana.browser.post("/lost-link", {"email": "nobody@example.edu"})

    def plain(page: str, address: str) -> str:
        return page.replace(address, "")

    told = plain(known.get_data(as_text=True), "ana.sousa@example.edu")
    assert told == plain(unknown.get_data(as_text=True), "nobody@example.edu")
    assert "on its way" not in told
    assert "Your request is noted" in told
    with database.reading() as session:
        assert session.scalars(select(Mail)).all() == []
    page = staff.get(f"/events/{key}/collect").get_data(as_text=True)
    assert "1 student asked for a new link:" in page

    form = {"who": "chosen", "student": ana.pk}
    looked = staff.post(f"/events/{key}/collect/links/remake", form).get_data(as_text=True)
    assert "1 link stops working at once" in looked
    clock.pass_(minutes=1)
    made = staff.post(f"/events/{key}/collect/links/remake", {**form, "sure": "1"})

    rows = list(csv.DictReader(io.StringIO(made.data.decode("utf-8-sig"))))
    assert [row["email"] for row in rows] == ["ana.sousa@example.edu"]
    assert "asked for a new link" not in staff.get(f"/events/{key}/collect").get_data(as_text=True)

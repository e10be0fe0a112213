"""Who has answered, and what others may do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from sqlalchemy import event as sql_event
from sqlalchemy import select

from scheduler.generate import generate_event
from scheduler.reports.collation import collation_key
from tests.webui.collecting import INVITATION, Collecting, collect, inbox, page, running, settings
from tests.webui.conftest import Browser
from webui.app import create_app
from webui.operations import importing
from webui.operations.accounts import Colleague, Given
from webui.store import Mail, PersonalLink, StudentRow

__all__ = ["collect", "inbox", "running", "settings"]


def test_the_list_says_how_far_each_student_is(collect: Collecting) -> None:
    everybody = collect.students()
    collect.link(0)
    collect.staff.get(collect.link(1))
    with collect.database.writing() as session:
        session.get_one(StudentRow, everybody[2].id).answered_at = collect.clock()
    text = collect.page()
    assert f"1 of {len(everybody)} students have answered" in text
    for number, state in enumerate(("not opened", "opened", "answered")):
        row = text.split(f'aria-label="{everybody[number].name}"')[1].split("</tr>")[0]
        assert f">{state}</span>" in row
    only = collect.page("?state=opened")
    assert everybody[1].name in only
    assert everybody[0].name not in only
    assert everybody[2].name in page(
        collect.staff.get(f"{collect.base}?q={everybody[2].name.split()[0]}")
    )
    silent = collect.page("?state=silent")
    names = [own.name for own in everybody if own.id != everybody[2].id]
    places = [silent.index(f'aria-label="{name}"') for name in sorted(names, key=collation_key)]
    assert places == sorted(places)
    assert everybody[2].name not in silent
    assert "Nobody fits." in collect.page("?q=nobody-at-all")


def test_without_a_mail_server_the_file_is_offered(
    collect: Collecting, administrator: Colleague
) -> None:
    browser = Browser(
        create_app(
            replace(collect.settings, smtp=None), database=collect.database, clock=collect.clock
        )
    )
    browser.sign_in(administrator.email)
    text = page(browser.get(collect.base))
    assert "No mail server is set up here." in text
    assert f"{collect.base}/links/merge" in text
    assert browser.get(f"{collect.base}/mail/invitation").status_code == 404


def test_only_planners_change_anything_and_others_events_are_not_there(
    collect: Collecting, app: Flask, join: Callable[..., Colleague]
) -> None:
    planner = Browser(app)
    planner.sign_in(join("pia@au.dk", "planner", Given(is_all=False)).email)
    for address in ("", "/mail/invitation", "/links/merge"):
        assert planner.get(collect.base + address).status_code == 404
    assert planner.post(f"{collect.base}/links/merge", {"sure": "1"}).status_code == 404
    with collect.database.reading() as session:
        assert list(session.scalars(select(PersonalLink))) == []


def test_students_of_another_event_are_left_alone(
    collect: Collecting, administrator: Colleague
) -> None:
    other = generate_event(students=3, companies=2, seed=1, slots=3)
    other_pk = importing.create_from(collect.database, administrator.actor, collect.clock(), other)
    theirs = collect.students(other_pk)[0]
    path = collect.link(event_pk=other_pk)
    for action in ("revoke", "renew", "merge", "remake"):
        form = {"who": "chosen", "student": theirs.id, "sure": "1"}
        collect.post(f"links/{action}", form)
    collect.write(INVITATION, who="chosen", student=theirs.id)
    assert collect.staff.get(path).status_code == 303
    with collect.database.reading() as session:
        assert list(session.scalars(select(Mail))) == []


def test_the_page_asks_the_database_few_questions_of_many_students(
    collect: Collecting, administrator: Colleague
) -> None:
    event = generate_event(students=400, companies=20, seed=1)
    importing.create_from(collect.database, administrator.actor, collect.clock(), event)
    asked: list[str] = []
    collect.staff.get(f"/events/{event.event_id}/collect")
    sql_event.listen(
        collect.database.engine, "before_cursor_execute", lambda *own: asked.append(own[2])
    )
    assert collect.staff.get(f"/events/{event.event_id}/collect").status_code == 200
    assert len(asked) <= 16


def test_an_invitation_that_cannot_be_mailed_is_still_shown(
    collect: Collecting, administrator: Colleague
) -> None:
    assert collect.settings.smtp
    for host, says in (
        ("mail.invalid", "could not be sent"),
        (collect.settings.smtp.host, "also sent"),
    ):
        own = replace(collect.settings, smtp=replace(collect.settings.smtp, host=host))
        browser = Browser(create_app(own, database=collect.database, clock=collect.clock))
        browser.sign_in(administrator.email)
        answer = browser.post("/colleagues", {"email": "bo@au.dk", "role": "desk"})
        assert answer.status_code == 200
        assert says in page(answer)
        assert "http://127.0.0.1/join/" in page(answer)
    ((to, mail),) = collect.inbox.mails
    assert to == ["bo@au.dk"]
    assert "http://127.0.0.1/join/" in str(mail.get_content())

"""The step Collect: the window, personal links by mail and by file, who has answered."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as sql_event
from sqlalchemy import select

from scheduler.generate import generate_event
from tests.webui.conftest import Browser, Clock
from tests.webui.mail_server import Inbox, mail_server
from webui.app import create_app
from webui.config import Settings
from webui.operations import importing, inviting, links
from webui.operations.accounts import Colleague
from webui.operations.log import RefusedError
from webui.operations.mail_queue import send_due
from webui.store import Audit, Database, EventRow, Mail, PersonalLink, StudentRow


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


@pytest.fixture
def base(database: Database, tiny: int) -> str:
    with database.writing() as session:
        asked = select(StudentRow).where(StudentRow.event_id == tiny).order_by(StudentRow.id)
        for number, student in enumerate(session.scalars(asked)):
            student.email = f"s{number}@au.dk"
        return f"/events/{session.get_one(EventRow, tiny).key}/collect"


def students(database: Database, event_pk: int) -> list[StudentRow]:
    asked = select(StudentRow).where(StudentRow.event_id == event_pk).order_by(StudentRow.id)
    with database.reading() as session:
        return list(session.scalars(asked))


def event_row(database: Database, pk: int) -> EventRow:
    with database.reading() as session:
        return session.get_one(EventRow, pk)


def page(answer: Any) -> str:
    return " ".join(answer.get_data(as_text=True).split())


def was(text: str) -> str:
    found = re.search(r'name="was" value="([^"]*)"', text)
    assert found
    return found[1]


def write(browser: Browser, address: str, **more: Any) -> Any:
    form = {"subject": "Hi {name}", "text": "Dear {name}\n{link}\n", "step": "send", **more}
    return browser.post(address, form)


# the window


def test_the_window_is_set_in_the_events_zone(
    staff: Browser, base: str, database: Database, tiny: int
) -> None:
    form = {"was": was(page(staff.get(base))), "wish_limit": "10"}
    form |= {"opens_at": "2026-11-03T08:00", "closes_at": "2026-11-20T12:00"}

    assert staff.post(f"{base}/window", form).status_code == 303

    row = event_row(database, tiny)
    assert row.opens_at == dt.datetime(2026, 11, 3, 7, tzinfo=dt.UTC)
    assert row.closes_at == dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC)
    assert row.wish_limit == 10
    with database.reading() as session:
        last = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
    assert last
    assert (last.action, last.event_id) == ("event.collect", tiny)


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        (dt.datetime(2026, 11, 3, 6, 59, tzinfo=dt.UTC), "It opens Tue 3 Nov 08:00 by itself."),
        (dt.datetime(2026, 11, 3, 7, tzinfo=dt.UTC), "Students can choose until Fri 20 Nov 12:00."),
        (dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC), "Since Fri 20 Nov 12:00."),
    ],
)
def test_the_state_is_said_in_words(
    app: Flask,
    base: str,
    database: Database,
    tiny: int,
    clock: Clock,
    administrator: Colleague,
    moment: dt.datetime,
    says: str,
) -> None:
    with database.writing() as session:
        row = session.get_one(EventRow, tiny)
        row.opens_at = dt.datetime(2026, 11, 3, 7, tzinfo=dt.UTC)
        row.closes_at = dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC)
    clock.at = moment
    browser = Browser(app)
    browser.sign_in(administrator.email)
    assert says in page(browser.get(base))


@pytest.mark.parametrize(
    ("opens", "closes", "limit", "says"),
    [
        ("2026-11-03T08:00", "2026-11-03T08:00", "", "closes before it opens"),
        ("", "2026-11-03T08:00", "", "Say when it opens, too."),
        ("2026-11-03T08:00", "2031-01-01T08:00", "", "The event has begun by then."),
        ("tomorrow", "", "", "Write a date and a time."),
        ("2027-03-28T02:30", "", "", "This time does not exist"),
        ("2026-11-03T08:00", "", "0", "ranks 1 to 100"),
        ("2026-11-03T08:00", "", "ten", "whole number"),
    ],
)
def test_a_wrong_window_is_told_at_its_field_and_kept(
    staff: Browser,
    base: str,
    database: Database,
    tiny: int,
    opens: str,
    closes: str,
    limit: str,
    says: str,
) -> None:
    form = {"was": was(page(staff.get(base))), "wish_limit": limit}
    answer = staff.post(f"{base}/window", {**form, "opens_at": opens, "closes_at": closes})
    assert answer.status_code == 422
    assert says in page(answer)
    assert f'value="{opens}"' in page(answer)
    assert event_row(database, tiny).opens_at is None


def test_a_colleagues_window_is_not_overwritten(
    staff: Browser, base: str, database: Database, tiny: int, clock: Clock
) -> None:
    form = {"was": was(page(staff.get(base))), "opens_at": "2026-11-03T08:00"}
    with database.writing() as session:
        session.get_one(EventRow, tiny).wish_limit = 5

    answer = staff.post(f"{base}/window", form)

    assert answer.status_code == 409
    assert "5 wishes" in page(answer)
    assert event_row(database, tiny).opens_at is None
    assert staff.post(f"{base}/window", {**form, "was": was(page(answer))}).status_code == 303


def test_open_now_and_close_now(
    staff: Browser, base: str, database: Database, tiny: int, clock: Clock
) -> None:
    staff.post(f"{base}/window", {"was": was(page(staff.get(base))), "action": "open"})
    assert event_row(database, tiny).opens_at == clock()
    clock.pass_(minutes=5)
    staff.post(f"{base}/window", {"was": was(page(staff.get(base))), "action": "close"})
    assert event_row(database, tiny).closes_at == clock()


# mails


def test_everybody_without_a_link_gets_one_mail(
    staff: Browser,
    base: str,
    database: Database,
    tiny: int,
    clock: Clock,
    settings: Settings,
    inbox: Inbox,
) -> None:
    everybody = students(database, tiny)
    count = len(everybody)
    assert f"Write to {count} students without a link" in page(staff.get(base))

    assert write(staff, f"{base}/mail/invitation").status_code == 303
    assert send_due(database, settings, clock) == count

    assert sorted(to[0] for to, _ in inbox.mails) == sorted(own.email for own in everybody)
    own = next(n for n, (to, _) in enumerate(inbox.mails) if to == [everybody[0].email])
    assert inbox.mails[own][1]["Subject"] == f"Hi {everybody[0].name}"
    assert inbox.text(own).startswith(f"Dear {everybody[0].name}\nhttp://127.0.0.1/s/")
    text = page(staff.get(base))
    assert f"{count} mails were sent." in text
    assert "Everybody with an address has a link" in text


def test_the_same_form_sent_twice_writes_once(
    staff: Browser, base: str, database: Database, tiny: int
) -> None:
    first = students(database, tiny)[0].id
    form = {"once": "form-1", "who": "chosen", "student": first}
    assert write(staff, f"{base}/mail/invitation", **form).status_code == 303
    answer = write(staff, f"{base}/mail/invitation", **form)
    assert answer.status_code == 422
    assert "on their way already" in page(answer)
    with database.reading() as session:
        assert len(list(session.scalars(select(Mail)))) == 1


def test_the_text_is_kept_for_the_next_mail_and_shown_before_it_is_sent(
    staff: Browser, base: str, database: Database, tiny: int
) -> None:
    address = f"{base}/mail/invitation"
    usual = page(staff.get(address))
    assert "You are registered for {event}" in usual
    form = {"text": "Hej {name}\n\n{link}\n{closes}", "step": "look"}
    shown = page(write(staff, address, **form))
    assert f"Hej {students(database, tiny)[0].name} http://127.0.0.1/s/…" in shown
    with database.reading() as session:
        assert list(session.scalars(select(Mail))) == []

    write(staff, address, **{**form, "step": "send"})

    assert "Hej {name}" in page(staff.get(address))
    assert "You are registered for" in page(write(staff, address, **{**form, "step": "usual"}))


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"subject": ""}, "Write something here."),
        ({"text": "no place"}, "needs the place-holder {link}"),
        ({"text": "{link} {password}"}, "There is no place-holder {password}."),
        ({"subject": "{link}"}, "The link belongs into the text."),
        ({"subject": "x" * 151}, "At most 150 letters."),
    ],
)
def test_a_text_that_cannot_be_sent_is_told(
    staff: Browser, base: str, database: Database, form: dict[str, str], says: str
) -> None:
    answer = write(staff, f"{base}/mail/invitation", **form)
    assert answer.status_code == 422
    assert says in page(answer)
    with database.reading() as session:
        assert list(session.scalars(select(Mail))) == []


def test_what_people_write_is_only_text(
    staff: Browser,
    base: str,
    database: Database,
    tiny: int,
    clock: Clock,
    settings: Settings,
    inbox: Inbox,
) -> None:
    with database.writing() as session:
        first = session.get_one(StudentRow, students(database, tiny)[0].id)
        first.name = "{event} {{7*7}} <b>%s\r\nBcc: x@y.dk"
        pk = first.id
    write(staff, f"{base}/mail/invitation", who="chosen", student=pk)

    assert send_due(database, settings, clock) == 1

    ((to, mail),) = inbox.mails
    assert to == ["s0@au.dk"]
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hi {event} {{7*7}} <b>%s Bcc: x@y.dk"


def test_a_student_is_reminded_once(
    staff: Browser,
    base: str,
    database: Database,
    tiny: int,
    clock: Clock,
    settings: Settings,
    inbox: Inbox,
) -> None:
    everybody = students(database, tiny)
    with database.writing() as session:
        session.get_one(EventRow, tiny).opens_at = clock()
        session.get_one(StudentRow, everybody[0].id).answered_at = clock()
    count = len(everybody) - 1
    assert f"Remind {count} students who have not answered" in page(staff.get(base))
    address = f"{base}/mail/reminder"

    assert write(staff, address).status_code == 303
    assert write(staff, address).status_code == 422
    chosen = {"who": "chosen", "student": everybody[1].id}
    assert write(staff, address, **chosen).status_code == 422

    assert send_due(database, settings, clock) == count
    assert everybody[0].email not in {to[0] for to, _ in inbox.mails}
    assert "Remind" not in page(staff.get(base))


def test_two_who_remind_at_once_remind_once(
    database: Database, base: str, tiny: int, clock: Clock, administrator: Colleague
) -> None:
    letter = inviting.Letter("Hi", "{link}", inviting.REMINDER)
    form = {"event_pk": tiny, "letter": letter, "chosen": None, "once": "x", "values": {}}
    count = inviting.send_letter(database, administrator.actor, clock(), **form)  # type: ignore[arg-type]
    assert count == len(students(database, tiny))
    with database.writing() as session:
        for mail in session.scalars(select(Mail)):
            mail.kind = "invitation"  # as if the other had not seen them; the key stays
    with pytest.raises(RefusedError, match="on their way"):
        inviting.send_letter(database, administrator.actor, clock(), **form)  # type: ignore[arg-type]


def test_mails_that_failed_say_why_and_are_tried_again(
    staff: Browser, base: str, database: Database, tiny: int, clock: Clock, settings: Settings
) -> None:
    with database.writing() as session:
        session.get_one(StudentRow, students(database, tiny)[0].id).email = "not an address"
    write(staff, f"{base}/mail/invitation")
    send_due(database, settings, clock)
    text = page(staff.get(base))
    assert "1 mail was not sent:" in text
    assert "The address is not one." in text

    assert staff.post(f"{base}/post").status_code == 303

    with database.reading() as session:
        states = sorted(session.scalars(select(Mail.state)))
    assert states == ["sent"] * (len(students(database, tiny)) - 1) + ["waiting"]


# links


def linked(database: Database, clock: Clock, event_pk: int, number: int = 0) -> str:
    """Give a student a link; its path."""
    with database.writing() as session:
        event = session.get_one(EventRow, event_pk)
        asked = select(StudentRow).where(StudentRow.event_id == event_pk).order_by(StudentRow.id)
        student = session.scalars(asked).all()[number]
        return "/s/" + links.make_link(session, clock(), student, event)


@pytest.mark.parametrize("action", ["revoke", "renew", "merge"])
def test_a_link_that_ends_is_dead_at_once_with_its_open_sessions(
    app: Flask,
    staff: Browser,
    base: str,
    database: Database,
    tiny: int,
    clock: Clock,
    action: str,
) -> None:
    everybody = students(database, tiny)
    paths = [linked(database, clock, tiny, number) for number in (0, 1)]
    phones = [Browser(app), Browser(app)]
    for phone, path in zip(phones, paths, strict=True):
        assert phone.get(path).status_code == 303
        assert phone.get("/me").status_code == 200
    form = {"who": "chosen", "student": everybody[0].id}

    looked = staff.post(f"{base}/links/{action}", form)
    assert looked.status_code == 200
    assert everybody[0].name in page(looked)
    assert phones[0].get("/me").status_code == 200  # asked, not done
    done = staff.post(f"{base}/links/{action}", {**form, "sure": "1"})

    assert done.status_code == (200 if action == "merge" else 303)
    assert [phone.get("/me").status_code for phone in phones] == [401, 200]
    assert Browser(app).get(paths[0]).status_code == 404
    assert Browser(app).get(paths[1]).status_code == 303


def test_renewing_leaves_other_mails_on_their_way(
    staff: Browser, base: str, database: Database, tiny: int, clock: Clock
) -> None:
    own = students(database, tiny)[0]
    with database.writing() as session:
        for kind in ("invitation", "timetable"):
            session.add(
                Mail(
                    event_id=tiny,
                    link_student_pk=own.id,
                    kind=kind,
                    to_address=own.email,
                    subject="s",
                    text="{link}",
                    next_try_at=clock(),
                    created_at=clock(),
                )
            )
    staff.post(f"{base}/links/renew", {"who": "chosen", "student": own.id, "sure": "1"})
    with database.reading() as session:
        found = session.execute(select(Mail.kind, Mail.state).order_by(Mail.id)).all()
    assert [tuple(one) for one in found] == [
        ("invitation", "failed"),
        ("timetable", "waiting"),
        ("invitation", "waiting"),
    ]


def test_all_links_are_revoked_and_mails_on_their_way_stopped(
    staff: Browser,
    base: str,
    database: Database,
    tiny: int,
    clock: Clock,
    settings: Settings,
    inbox: Inbox,
) -> None:
    path = linked(database, clock, tiny)
    write(staff, f"{base}/mail/invitation")
    staff.post(f"{base}/links/revoke", {"sure": "1"})
    assert send_due(database, settings, clock) == 0
    assert inbox.mails == []
    assert staff.get(path).status_code == 404


def test_a_renewed_link_comes_by_mail(
    app: Flask,
    staff: Browser,
    base: str,
    database: Database,
    tiny: int,
    clock: Clock,
    settings: Settings,
    inbox: Inbox,
) -> None:
    pk = students(database, tiny)[0].id
    form = {"who": "chosen", "student": pk, "sure": "1"}
    assert staff.post(f"{base}/links/renew", form).status_code == 303
    assert staff.post(f"{base}/links/renew", form).status_code == 303  # the first is not sent then
    assert send_due(database, settings, clock) == 1
    assert inbox.mails[0][0] == ["s0@au.dk"]
    assert Browser(app).get(inbox.link()).status_code == 303


def test_links_are_extended(
    app: Flask, staff: Browser, base: str, database: Database, tiny: int, clock: Clock
) -> None:
    path = linked(database, clock, tiny)
    row = event_row(database, tiny)
    late = row.date + dt.timedelta(days=90)
    answer = staff.post(f"{base}/links/extend", {"sure": "1", "until": late.isoformat()})
    assert answer.status_code == 303
    newer = linked(database, clock, tiny, 1)
    clock.at = dt.datetime.combine(late, dt.time(20), tzinfo=dt.UTC)
    assert [Browser(app).get(own).status_code for own in (path, newer)] == [303, 303]
    clock.pass_(hours=4)
    assert [Browser(app).get(own).status_code for own in (path, newer)] == [404, 404]


@pytest.mark.parametrize("until", ["", "2020-01-01", "2099-01-01"])
def test_links_are_not_extended_to_a_senseless_day(
    staff: Browser, base: str, database: Database, until: str
) -> None:
    answer = staff.post(f"{base}/links/extend", {"sure": "1", "until": until})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page(answer)


def test_the_file_for_a_mail_program_holds_links_that_open(
    app: Flask, staff: Browser, base: str, database: Database, tiny: int
) -> None:
    everybody = students(database, tiny)
    with database.writing() as session:
        session.get_one(StudentRow, everybody[0].id).name = "=cmd|' /C calc'!A0"

    answer = staff.post(f"{base}/links/merge", {"sure": "1"})

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [own["email"] for own in rows] == [own.email for own in everybody]
    assert rows[0]["name"] == "'=cmd|' /C calc'!A0"
    for own in rows:
        path = own["link"].removeprefix("http://127.0.0.1")
        assert Browser(app).get(path).status_code == 303
    with database.reading() as session:
        done = session.scalars(select(Audit).where(Audit.action == "link.merge")).one()
    assert done.detail == {"links": len(everybody)}


# who has answered


def test_the_list_says_how_far_each_student_is(
    staff: Browser, base: str, database: Database, tiny: int, clock: Clock
) -> None:
    everybody = students(database, tiny)
    linked(database, clock, tiny, 0)
    staff.get(linked(database, clock, tiny, 1))
    with database.writing() as session:
        session.get_one(StudentRow, everybody[2].id).answered_at = clock()
    text = page(staff.get(base))
    assert f"1 of {len(everybody)} students have answered" in text
    for number, state in enumerate(("not opened", "opened", "answered")):
        row = text.split(f'aria-label="{everybody[number].name}"')[1].split("</tr>")[0]
        assert f">{state}</span>" in row
    only = page(staff.get(f"{base}?state=opened"))
    assert everybody[1].email in only
    assert everybody[0].email not in only
    assert everybody[2].email in page(staff.get(f"{base}?q={everybody[2].name.split()[0]}"))
    assert "Nobody fits." in page(staff.get(f"{base}?q=nobody-at-all"))


def test_without_a_mail_server_the_file_is_offered(
    settings: Settings, database: Database, clock: Clock, base: str, administrator: Colleague
) -> None:
    browser = Browser(create_app(replace(settings, smtp=None), database=database, clock=clock))
    browser.sign_in(administrator.email)
    text = page(browser.get(base))
    assert "No mail server is set up here." in text
    assert f"{base}/links/merge" in text
    assert browser.get(f"{base}/mail/invitation").status_code == 404


def test_only_planners_change_anything_and_others_events_are_not_there(
    app: Flask, base: str, database: Database, tiny: int, join: Callable[..., Colleague]
) -> None:
    planner = Browser(app)
    planner.sign_in(join("pia@au.dk", "planner").email)
    for address in ("", "/mail/invitation", "/links/merge"):
        assert planner.get(base + address).status_code == 404
    assert planner.post(f"{base}/links/merge", {"sure": "1"}).status_code == 404
    with database.reading() as session:
        assert list(session.scalars(select(PersonalLink))) == []


def test_students_of_another_event_are_left_alone(
    staff: Browser,
    base: str,
    database: Database,
    tiny: int,
    clock: Clock,
    administrator: Colleague,
) -> None:
    other = generate_event(students=3, companies=2, seed=1, slots=3)
    other_pk = importing.create_from(database, administrator.actor, clock(), other)
    theirs = students(database, other_pk)[0]
    path = linked(database, clock, other_pk)
    for action in ("revoke", "renew", "merge"):
        form = {"who": "chosen", "student": theirs.id, "sure": "1"}
        staff.post(f"{base}/links/{action}", form)
    write(staff, f"{base}/mail/invitation", who="chosen", student=theirs.id)
    assert staff.get(path).status_code == 303
    with database.reading() as session:
        assert list(session.scalars(select(Mail))) == []


def test_the_page_asks_the_database_few_questions_of_many_students(
    staff: Browser, database: Database, clock: Clock, administrator: Colleague
) -> None:
    event = generate_event(students=400, companies=20, seed=1)
    importing.create_from(database, administrator.actor, clock(), event)
    asked: list[str] = []
    staff.get(f"/events/{event.event_id}/collect")
    sql_event.listen(database.engine, "before_cursor_execute", lambda *own: asked.append(own[2]))
    assert staff.get(f"/events/{event.event_id}/collect").status_code == 200
    assert len(asked) <= 16


def test_an_invitation_that_cannot_be_mailed_is_still_shown(
    settings: Settings, database: Database, clock: Clock, administrator: Colleague, inbox: Inbox
) -> None:
    assert settings.smtp
    for host, says in (("mail.invalid", "could not be sent"), (settings.smtp.host, "also sent")):
        own = replace(settings, smtp=replace(settings.smtp, host=host))
        browser = Browser(create_app(own, database=database, clock=clock))
        browser.sign_in(administrator.email)
        answer = browser.post("/colleagues", {"email": "bo@au.dk", "role": "desk"})
        assert answer.status_code == 200
        assert says in page(answer)
        assert "http://127.0.0.1/join/" in page(answer)
    ((to, mail),) = inbox.mails
    assert to == ["bo@au.dk"]
    assert "http://127.0.0.1/join/" in str(mail.get_content())

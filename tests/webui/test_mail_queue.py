"""Mails: taken from the queue, delivered to a real server, tried again, given up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.webui.conftest import Browser, Clock
from tests.webui.mail_server import Inbox, mail_server
from webui.config import Settings
from webui.operations import mail_queue
from webui.operations.mail_queue import send_due
from webui.operations.mailing import DeliveryError
from webui.store import Audit, Database, Mail, PersonalLink, StudentRow


@pytest.fixture(scope="module")
def running() -> Iterator[Inbox]:
    with mail_server() as own:
        yield own


@pytest.fixture
def inbox(running: Inbox) -> Inbox:
    running.mails.clear()
    running.refused.clear()
    return running


@pytest.fixture
def post(settings: Settings, inbox: Inbox) -> Settings:
    return replace(settings, smtp=inbox.smtp)


def put(database: Database, clock: Clock, event_pk: int, **values: Any) -> int:
    with database.writing() as session:
        student = session.scalars(
            select(StudentRow).where(StudentRow.event_id == event_pk).order_by(StudentRow.id)
        ).first()
        assert student
        mail = Mail(
            **{
                "event_id": event_pk,
                "link_student_pk": student.id,
                "kind": "invitation",
                "to_address": "ann@au.dk",
                "subject": "Your wishes",
                "text": "Dear Søren\n\n{link}\n",
                "next_try_at": clock(),
                "created_at": clock(),
                **values,
            }
        )
        session.add(mail)
        session.flush()
        return mail.id


def stored(database: Database, pk: int) -> Mail:
    with database.reading() as session:
        return session.get_one(Mail, pk)


def test_a_mail_is_sent_once_with_a_link_that_opens(
    database: Database, clock: Clock, tiny: int, post: Settings, inbox: Inbox, browser: Browser
) -> None:
    pk = put(database, clock, tiny)

    assert send_due(database, post, clock) == 1
    assert send_due(database, post, clock) == 0

    ((to, mail),) = inbox.mails
    assert to == ["ann@au.dk"]
    assert mail["Subject"] == "Your wishes"
    assert mail["From"] == "Company Dating <dating@au.dk>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert inbox.text().startswith("Dear Søren\n\nhttp://127.0.0.1/s/")
    own = stored(database, pk)
    assert (own.state, own.sent_at, own.attempts) == ("sent", clock(), 1)
    assert "{link}" in own.text
    assert browser.get(inbox.link()).status_code == 303


def test_no_token_is_stored(
    database: Database, clock: Clock, tiny: int, post: Settings, inbox: Inbox
) -> None:
    put(database, clock, tiny)
    send_due(database, post, clock)
    token = inbox.link().removeprefix("/s/")
    with database.reading() as session:
        kept = [own.token_sha256 for own in session.scalars(select(PersonalLink))]
        told = [str(own.detail) for own in session.scalars(select(Audit))]
    assert len(kept) == 1
    assert not any(token in text for text in (*kept, *told))


def test_a_mail_leaves_the_links_before_it_open(
    database: Database, clock: Clock, tiny: int, post: Settings, inbox: Inbox, browser: Browser
) -> None:
    put(database, clock, tiny)
    put(database, clock, tiny)
    assert send_due(database, post, clock) == 2
    assert [browser.get(inbox.link(n)).status_code for n in (0, 1)] == [303, 303]


def test_who_asked_for_a_lost_link_does_not_wait_for_the_others(
    database: Database, clock: Clock, tiny: int, post: Settings, inbox: Inbox
) -> None:
    put(database, clock, tiny)
    put(database, clock, tiny, kind="lost_link", to_address="bo@au.dk")
    send_due(database, post, clock)
    assert [to for to, _ in inbox.mails] == [["bo@au.dk"], ["ann@au.dk"]]


def test_a_server_that_is_not_there_is_tried_three_times(
    database: Database, clock: Clock, tiny: int, post: Settings
) -> None:
    assert post.smtp
    nowhere = replace(post, smtp=replace(post.smtp, host="mail.invalid"))
    pk = put(database, clock, tiny)
    states = []
    for wait_s in (0, 59, 1, 599, 1):
        clock.pass_(seconds=wait_s)
        send_due(database, nowhere, clock)
        own = stored(database, pk)
        states.append((own.attempts, own.state))
    assert states == [
        (1, "waiting"),
        (1, "waiting"),
        (2, "waiting"),
        (2, "waiting"),
        (3, "failed"),
    ]
    assert stored(database, pk).last_error == "unreachable"


def test_after_a_failure_it_is_sent(
    database: Database, clock: Clock, tiny: int, post: Settings, inbox: Inbox
) -> None:
    inbox.refused["ann@au.dk"] = "451 Try later"
    pk = put(database, clock, tiny)
    assert send_due(database, post, clock) == 0
    inbox.refused.clear()
    clock.pass_(minutes=1)
    assert send_due(database, post, clock) == 1
    assert (stored(database, pk).state, stored(database, pk).last_error) == ("sent", "")


def test_an_address_nobody_has_is_not_tried_again(
    database: Database, clock: Clock, tiny: int, post: Settings, inbox: Inbox
) -> None:
    inbox.refused["ann@au.dk"] = "550 No such user"
    pk = put(database, clock, tiny)
    put(database, clock, tiny, to_address="bo@au.dk")
    assert send_due(database, post, clock) == 1
    own = stored(database, pk)
    assert (own.state, own.last_error, own.attempts) == ("failed", "recipient", 1)


@pytest.mark.parametrize(
    "values",
    [
        {"to_address": "ann@au.dk, bo@au.dk"},
        {"to_address": "ann@au.dk\nBcc: bo@au.dk"},
        {"to_address": "Ann <ann@au.dk>"},
        {"to_address": ""},
        {"subject": "Hello\r\nBcc: bo@au.dk"},
    ],
)
def test_no_header_and_no_second_address_can_be_smuggled_in(
    database: Database,
    clock: Clock,
    tiny: int,
    post: Settings,
    inbox: Inbox,
    values: dict[str, str],
) -> None:
    pk = put(database, clock, tiny, **values)
    send_due(database, post, clock)
    assert inbox.mails == []
    assert (stored(database, pk).state, stored(database, pk).last_error) == ("failed", "address")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_without_the_encryption_asked_for_nothing_is_sent(
    database: Database, clock: Clock, tiny: int, post: Settings, inbox: Inbox, security: str
) -> None:
    assert post.smtp
    pk = put(database, clock, tiny)
    send_due(database, replace(post, smtp=replace(post.smtp, security=security)), clock)
    assert inbox.mails == []
    assert stored(database, pk).last_error == "tls"


class _Crash(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("arrives_before", [True, False])
def test_a_crash_loses_no_mail_and_repeats_one_at_most(
    database: Database, clock: Clock, tiny: int, post: Settings, *, arrives_before: bool
) -> None:
    for address in ("ann@au.dk", "bo@au.dk", "cy@au.dk"):
        put(database, clock, tiny, to_address=address)
    arrived: list[str] = []

    def deliver(_smtp: object, mail: Any) -> None:
        is_second = len(arrived) == 1
        if arrives_before or not is_second:
            arrived.append(str(mail["To"]))
        if is_second:
            raise _Crash

    with pytest.raises(_Crash):
        send_due(database, post, clock, deliver=deliver)

    def go_on(_smtp: object, mail: Any) -> None:
        arrived.append(str(mail["To"]))

    send_due(database, post, clock, deliver=go_on)  # the third goes at once
    clock.pass_(seconds=mail_queue.LEASE.total_seconds())
    send_due(database, post, clock, deliver=go_on)  # and the second when its lease is over

    once = ["ann@au.dk", "cy@au.dk", "bo@au.dk"]
    assert sorted(arrived) == sorted(once + (["bo@au.dk"] if arrives_before else []))
    with database.reading() as session:
        assert set(session.scalars(select(Mail.state))) == {"sent"}


def test_what_takes_the_process_down_each_time_is_given_up(
    database: Database, clock: Clock, tiny: int, post: Settings
) -> None:
    pk = put(database, clock, tiny)

    def deliver(_smtp: object, _mail: object) -> None:
        raise _Crash

    for _ in range(3):
        with pytest.raises(_Crash):
            send_due(database, post, clock, deliver=deliver)
        clock.pass_(seconds=mail_queue.LEASE.total_seconds())
    assert send_due(database, post, clock, deliver=deliver) == 0
    assert (stored(database, pk).state, stored(database, pk).last_error) == (
        "failed",
        "interrupted",
    )


def test_no_transaction_is_open_while_the_server_is_talked_to(
    database: Database, clock: Clock, tiny: int, post: Settings
) -> None:
    put(database, clock, tiny)
    seen: list[dt.datetime] = []

    def deliver(_smtp: object, _mail: object) -> None:
        with database.writing() as session:  # would wait for ever, and fail, behind another writer
            session.add(Audit(at=clock(), actor_kind="nobody", action="test.write", detail={}))
        seen.append(clock())

    assert send_due(database, post, clock, deliver=deliver) == 1
    assert seen == [clock()]


def test_two_senders_do_not_take_the_same_mail(
    database: Database, clock: Clock, tiny: int, post: Settings
) -> None:
    pk = put(database, clock, tiny)
    first = mail_queue.take(database, clock(), base_url=post.base_url)
    assert first
    assert first.pk == pk
    assert mail_queue.take(database, clock(), base_url=post.base_url) is None


def test_a_deleted_student_gets_no_mail_that_was_on_its_way(
    database: Database, clock: Clock, tiny: int, post: Settings
) -> None:
    put(database, clock, tiny)

    def deliver(_smtp: object, _mail: object) -> None:
        with database.writing() as session:
            for own in session.scalars(select(Mail)):
                session.delete(own)
        raise DeliveryError("server")

    assert send_due(database, post, clock, deliver=deliver) == 0
    with database.reading() as session:
        assert list(session.scalars(select(Mail))) == []

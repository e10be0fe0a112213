"""Personal links and reminders by mail: what is written, to whom, once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.webui.collecting import (
    INVITATION,
    REMINDER,
    Collecting,
    collect,
    inbox,
    page,
    running,
    settings,
)
from webui.operations import inviting
from webui.operations.accounts import Colleague
from webui.operations.log import RefusedError
from webui.store import EventRow, Mail, StudentRow

__all__ = ["collect", "inbox", "running", "settings"]


def test_everybody_without_a_link_gets_one_mail(collect: Collecting) -> None:
    everybody = collect.students()
    count = len(everybody)
    assert f"Write to {count} students without a link" in collect.page()

    assert collect.write(INVITATION).status_code == 303
    assert collect.send_due() == count

    assert sorted(to[0] for to, _ in collect.inbox.mails) == sorted(own.email for own in everybody)
    own = next(n for n, (to, _) in enumerate(collect.inbox.mails) if to == [everybody[0].email])
    assert collect.inbox.mails[own][1]["Subject"] == f"Hi {everybody[0].name}"
    assert collect.inbox.text(own).startswith(f"Dear {everybody[0].name}\nhttp://127.0.0.1/s/")
    text = collect.page()
    assert f"{count} mails were sent." in text
    assert "Everybody with an address has a link" in text


def test_the_same_form_sent_twice_writes_once(collect: Collecting) -> None:
    first = collect.students()[0].id
    form = {"once": "form-1", "who": "chosen", "student": first}
    assert collect.write(INVITATION, **form).status_code == 303
    answer = collect.write(INVITATION, **form)
    assert answer.status_code == 422
    assert "on their way already" in page(answer)
    with collect.database.reading() as session:
        assert len(list(session.scalars(select(Mail)))) == 1


def test_the_text_is_kept_for_the_next_mail_and_shown_before_it_is_sent(
    collect: Collecting,
) -> None:
    address = f"{collect.base}/mail/invitation"
    usual = page(collect.staff.get(address))
    assert "You are registered for {event}" in usual
    form = {"text": "Hej {name}\n\n{link}\n{closes}", "step": "look"}
    shown = page(collect.write(INVITATION, **form))
    assert f"Hej {collect.students()[0].name} http://127.0.0.1/s/…" in shown
    with collect.database.reading() as session:
        assert list(session.scalars(select(Mail))) == []

    collect.write(INVITATION, **{**form, "step": "send"})

    assert "Hej {name}" in page(collect.staff.get(address))
    assert "You are registered for" in page(collect.write(INVITATION, **{**form, "step": "usual"}))


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"subject": ""}, "Write something here."),
        ({"text": "no place"}, "needs the placeholder {link}"),
        ({"text": "{link} {password}"}, "There is no placeholder {password}."),
        ({"subject": "{link}"}, "The link belongs in the text."),
        ({"subject": "x" * 151}, "At most 150 letters."),
    ],
)
def test_a_text_that_cannot_be_sent_is_told(
    collect: Collecting, form: dict[str, str], says: str
) -> None:
    answer = collect.write(INVITATION, **form)
    assert answer.status_code == 422
    assert says in page(answer)
    with collect.database.reading() as session:
        assert list(session.scalars(select(Mail))) == []


def test_what_people_write_is_only_text(collect: Collecting) -> None:
    with collect.database.writing() as session:
        first = session.get_one(StudentRow, collect.students()[0].id)
        first.name = "{event} {{7*7}} <b>%s\r\nBcc: x@y.dk"
        pk = first.id
    collect.write(INVITATION, who="chosen", student=pk)

    assert collect.send_due() == 1

    ((to, mail),) = collect.inbox.mails
    assert to == ["s0@au.dk"]
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hi {event} {{7*7}} <b>%s Bcc: x@y.dk"


def test_a_student_is_reminded_once(collect: Collecting) -> None:
    everybody = collect.students()
    with collect.database.writing() as session:
        session.get_one(EventRow, collect.pk).opens_at = collect.clock()
        session.get_one(StudentRow, everybody[0].id).answered_at = collect.clock()
    count = len(everybody) - 1
    assert f"Remind {count} students who have not answered" in collect.page()

    assert collect.write(REMINDER).status_code == 303
    assert collect.write(REMINDER).status_code == 422
    chosen = {"who": "chosen", "student": everybody[1].id}
    assert collect.write(REMINDER, **chosen).status_code == 422

    assert collect.send_due() == count
    assert everybody[0].email not in {to[0] for to, _ in collect.inbox.mails}
    assert "Remind" not in collect.page()


def test_two_who_remind_at_once_remind_once(collect: Collecting, administrator: Colleague) -> None:
    letter = inviting.Letter("Hi", "{link}", inviting.REMINDER)
    form = {"event_pk": collect.pk, "letter": letter, "chosen": None, "once": "x", "values": {}}
    count = inviting.send_letter(collect.database, administrator.actor, collect.clock(), **form)  # type: ignore[arg-type]
    assert count == len(collect.students())
    with collect.database.writing() as session:
        for mail in session.scalars(select(Mail)):
            mail.kind = "invitation"  # as if the other had not seen them; the key stays
    with pytest.raises(RefusedError, match="on their way"):
        inviting.send_letter(collect.database, administrator.actor, collect.clock(), **form)  # type: ignore[arg-type]


def test_mails_that_failed_say_why_and_are_tried_again(collect: Collecting) -> None:
    with collect.database.writing() as session:
        session.get_one(StudentRow, collect.students()[0].id).email = "not an address"
    collect.write(INVITATION)
    collect.send_due()
    text = collect.page()
    assert "1 mail was not sent:" in text
    assert "This is not an e-mail address." in text

    assert collect.post("post").status_code == 303

    with collect.database.reading() as session:
        states = sorted(session.scalars(select(Mail.state)))
    assert states == ["sent"] * (len(collect.students()) - 1) + ["waiting"]

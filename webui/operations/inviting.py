"""Personal links by mail: to all or to some, the one reminder, renewed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webui.operations import links, mail_queue
from webui.operations.answers import ANSWERED, REMINDER, Respondent, respondents
from webui.operations.log import Actor, NotFoundError, RefusedError, marked, record
from webui.operations.many_links import INVITATION, students_of
from webui.store import Database, EventRow, Mail

KINDS = (INVITATION, REMINDER)
PLACES = ("name", "event", "date", "closes", "link")
"""Place-holders that a mail may hold, in braces."""
LONGEST_SUBJECT = 150
LONGEST_TEXT = 5_000

ON_THEIR_WAY = marked("These mails are on their way already; nothing was added.")

_PLACE = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and text of a mail of one of `KINDS`, with place-holders."""

    subject: str
    text: str
    kind: str = INVITATION


def letter_of(row: EventRow, usual: Letter) -> Letter:
    """An event's mail as staff wrote it last, or the usual one."""
    own = row.mail_texts.get(usual.kind)
    return usual if own is None else replace(usual, subject=own["subject"], text=own["text"])


def check_letter(letter: Letter) -> Letter:
    """Tidy a mail that staff wrote.

    Raises
    ------
    RefusedError
        It is empty or too long, has an unknown place-holder, or no place for the link.
    """
    subject = " ".join(letter.subject.split())
    text = letter.text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
    text = "".join(c for c in text if c == "\n" or c >= " ")
    for field, own, most in (("subject", subject, LONGEST_SUBJECT), ("text", text, LONGEST_TEXT)):
        if not own.strip():
            raise RefusedError("Write something here.", field=field)
        if len(own) > most:
            raise RefusedError("At most %(most)s letters.", field=field, most=most)
        strange = [name for name in _PLACE.findall(own) if name not in PLACES]
        if strange:
            raise RefusedError("There is no placeholder {%(name)s}.", field=field, name=strange[0])
    if "{link}" in subject:
        raise RefusedError("The link belongs in the text.", field="subject")
    if "{link}" not in text:
        raise RefusedError("The text needs the placeholder {link}.", field="text")
    return replace(letter, subject=subject, text=text)


def filled(letter: Letter, values: Mapping[str, str]) -> Letter:
    """Put values into a mail's place-holders, each once: what a value holds is only text."""

    def put(own: str) -> str:
        return _PLACE.sub(lambda found: values.get(found[1], found[0]), own)

    subject = " ".join(put(letter.subject).split())
    return replace(letter, subject=subject, text=put(letter.text))


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets a mail, and who of those asked for does not.

    Parameters
    ----------
    without_address
        They have no e-mail address.
    """

    students: tuple[Respondent, ...]
    without_address: tuple[Respondent, ...]


def audience(
    session: Session,
    now: dt.datetime,
    event_pk: int,
    *,
    kind: str,
    chosen: Sequence[int] | None,
) -> Audience:
    """Find who gets a mail.

    Parameters
    ----------
    kind
        A reminder goes to those who have not answered and were not reminded.
    chosen
        Students picked by hand; None: all of a reminder's, and of an invitation those to whom
        none is on its way and who have no link.
    """
    return audience_of(respondents(session, now, event_pk), kind=kind, chosen=chosen)


def audience_of(
    every: Sequence[Respondent], *, kind: str, chosen: Sequence[int] | None = None
) -> Audience:
    """Find who of the students of an event gets a mail, as `audience`."""
    if chosen is not None:
        picked = set(chosen)
        every = [own for own in every if own.pk in picked]
    if kind == REMINDER:
        every = [own for own in every if own.state not in ANSWERED and not own.is_reminded]
    elif chosen is None:
        every = [own for own in every if own.state == "no_link" and own.mail_state != "waiting"]
    return Audience(
        tuple(own for own in every if own.email),
        tuple(own for own in every if not own.email),
    )


def send_letter(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_pk: int,
    letter: Letter,
    chosen: Sequence[int] | None,
    once: str,
    values: Mapping[str, str],
) -> int:
    """Put a mail with a personal link into the queue for each student of the audience.

    Parameters
    ----------
    once
        Of the form that was sent; the same one sent twice is refused. A reminder is sent once to a
        student, whatever the form.
    values
        Of the place-holders that are the same for all.

    Returns
    -------
    int
        How many mails.

    Raises
    ------
    RefusedError
        Nobody is left to write to, or the form was sent already; or as `check_letter`.
    """
    letter, kind = check_letter(letter), letter.kind

    def send() -> int:
        with database.writing() as session:
            row = session.get(EventRow, event_pk)
            if row is None:
                raise NotFoundError
            key = REMINDER if kind == REMINDER else once
            found = audience(session, now, event_pk, kind=kind, chosen=chosen).students
            mails = [
                _mail(now, row, key, own, filled(letter, {**values, "name": own.name}))
                for own in found
            ]
            sent = select(Mail.id).where(Mail.once_key.in_([own["once_key"] for own in mails]))
            if not mails or session.scalar(sent.limit(1)) is not None:
                raise RefusedError(ON_THEIR_WAY)
            row.mail_texts = {
                **row.mail_texts,
                kind: {"subject": letter.subject, "text": letter.text},
            }
            try:
                session.execute(insert(Mail), mails)
            except IntegrityError as error:  # the key is unique, also for two who ask at once
                raise RefusedError(ON_THEIR_WAY) from error
            record(session, actor, now, f"mail.{kind}", event_id=event_pk, mails=len(mails))
            return len(mails)

    return database.again(send)


def _mail(
    now: dt.datetime,
    row: EventRow,
    once: str | None,
    student: Respondent,
    letter: Letter,
) -> dict[str, Any]:
    return {
        "event_id": row.id,
        "link_student_pk": student.pk,
        "kind": letter.kind,
        "once_key": None if once is None else f"{once}:{row.id}:{student.pk}",
        "to_address": student.email,
        "subject": letter.subject,
        "text": letter.text,
        "next_try_at": now,
        "created_at": now,
    }


def renew_links(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_pk: int,
    chosen: Sequence[int] | None,
    letter: Letter,
    values: Mapping[str, str],
) -> int:
    """End the links of all students or some at once, and send those with an address a new one.

    Returns
    -------
    int
        How many mails.
    """
    letter = check_letter(letter)

    def renew() -> int:
        with database.writing() as session:
            row = session.get(EventRow, event_pk)
            if row is None:
                raise NotFoundError
            students = students_of(session, event_pk, chosen)
            links.end_links(session, now, students)
            mail_queue.drop_waiting(session, students, kind=INVITATION)  # what follows replaces it
            found = audience(session, now, event_pk, kind=INVITATION, chosen=students).students
            mails = [
                _mail(now, row, None, own, filled(letter, {**values, "name": own.name}))
                for own in found
            ]
            if mails:
                session.execute(insert(Mail), mails)
            record(
                session,
                actor,
                now,
                "link.renew",
                event_id=event_pk,
                students=len(students),
                mails=len(mails),
            )
            return len(mails)

    return database.again(renew)

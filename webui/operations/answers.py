"""Who has answered: how far every student is, from no link to submitted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import Session

from scheduler.reports.collation import collation_key
from webui.operations.people import plain
from webui.store import Mail, PersonalLink, PreferenceRow, StudentRow

STATES = ("no_link", "unopened", "opened", "answered", "submitted")
ANSWERED = ("answered", "submitted")
SILENT_STATE = "silent"
SILENT = tuple(own for own in STATES if own not in ANSWERED)
REMINDER = "reminder"
PAGE = 50


@dataclass(frozen=True, slots=True)
class Respondent:
    """A student as the list of answers shows them.

    Parameters
    ----------
    state
        One of `STATES`.
    at
        When they opened, answered or submitted; None before.
    mail_state, mail_at, mail_error
        Of the last mail with a link; empty or None when there was none.
    linked_at
        When the newest link that opens was made; None without one.
    is_asking
        They asked for a new link since, and no mail could be sent.
    """

    pk: int
    student_id: str
    name: str
    email: str
    state: str
    at: dt.datetime | None
    mail_state: str
    mail_at: dt.datetime | None
    mail_error: str
    is_reminded: bool
    linked_at: dt.datetime | None = None
    is_asking: bool = False
    has_wishes: bool = False


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """A part of the list, and the counts of the whole."""

    lines: Sequence[Respondent]
    counts: dict[str, int]
    total: int
    matching: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Sought:
    """What part of the list somebody wants to see."""

    query: str = ""
    state: str = ""
    page: int = 1


def respondents(session: Session, now: dt.datetime, event_pk: int) -> list[Respondent]:
    """Every student of an event, in the order of the list; two queries."""
    is_alive = and_(PersonalLink.revoked_at.is_(None), PersonalLink.expires_at > now)
    links = (
        select(
            PersonalLink.student_pk,
            func.max(PersonalLink.opened_at).label("opened_at"),
            func.count(PersonalLink.id).filter(is_alive).label("alive"),
            func.max(case((is_alive, PersonalLink.created_at))).label("linked_at"),
        )
        .join(StudentRow, StudentRow.id == PersonalLink.student_pk)
        .where(StudentRow.event_id == event_pk)
        .group_by(PersonalLink.student_pk)
        .subquery()
    )
    asked = (
        select(
            StudentRow.id,
            StudentRow.student_id,
            StudentRow.name,
            StudentRow.email,
            StudentRow.answered_at,
            StudentRow.submitted_at,
            StudentRow.link_asked_at,
            links.c.opened_at,
            links.c.alive,
            links.c.linked_at,
            exists().where(PreferenceRow.student_pk == StudentRow.id),
        )
        .outerjoin(links, links.c.student_pk == StudentRow.id)
        .where(StudentRow.event_id == event_pk)
        .order_by(StudentRow.position, StudentRow.id)
    )
    mails, reminded = _mails(session, event_pk)
    found = []
    for row in session.execute(asked):
        pk, student_id, name, email, *dates, opened, alive, linked, has_wishes = row
        answered, submitted, wanted = dates
        state, at = _state(submitted, answered, opened, alive)
        mail = mails.get(pk)
        found.append(
            Respondent(
                pk,
                student_id,
                name,
                email,
                state,
                at,
                mail.state if mail else "",
                (mail.sent_at or mail.next_try_at) if mail else None,
                mail.last_error if mail else "",
                pk in reminded,
                linked,
                wanted is not None and (linked is None or linked < wanted),
                has_wishes,
            )
        )
    return found


def imported_wishes(every: Sequence[Respondent]) -> int:
    """How many have wishes that they did not write themselves: staff or files did."""
    return sum(own.has_wishes and own.state not in ANSWERED for own in every)


def _state(
    submitted: dt.datetime | None,
    answered: dt.datetime | None,
    opened: dt.datetime | None,
    alive: int | None,
) -> tuple[str, dt.datetime | None]:
    if submitted is not None:
        return "submitted", submitted
    if answered is not None:
        return "answered", answered
    if opened is not None and alive:
        return "opened", opened
    return ("unopened" if alive else "no_link"), None


def _mails(session: Session, event_pk: int) -> tuple[dict[int, Any], set[int]]:
    """The last mail with a link by student, and who was reminded."""
    asked = (
        select(
            Mail.link_student_pk,
            Mail.kind,
            Mail.state,
            Mail.sent_at,
            Mail.next_try_at,
            Mail.last_error,
        )
        .where(Mail.event_id == event_pk, Mail.link_student_pk.is_not(None))
        .order_by(Mail.id)
    )
    last: dict[int, Any] = {}
    reminded: set[int] = set()
    for row in session.execute(asked):
        last[row.link_student_pk] = row
        if row.kind == REMINDER:
            reminded.add(row.link_student_pk)
    return last, reminded


def page_of(every: Sequence[Respondent], sought: Sought) -> AnswerPage:
    """Search and filter the students of an event by how far they are; by name."""
    counts = dict.fromkeys(STATES, 0)
    for own in every:
        counts[own.state] += 1
    words = plain(sought.query).split()
    wanted = SILENT if sought.state == SILENT_STATE else (sought.state,) if sought.state else STATES
    matching = [own for own in every if own.state in wanted and _holds(own, words)]
    matching.sort(key=lambda own: (collation_key(own.name), own.pk))
    pages = max(1, -(-len(matching) // PAGE))
    page = min(max(1, sought.page), pages)
    lines = matching[(page - 1) * PAGE : page * PAGE]
    return AnswerPage(lines, counts, len(every), len(matching), page, pages)


def _holds(own: Respondent, words: list[str]) -> bool:
    if not words:
        return True
    text = plain(f"{own.name} {own.student_id} {own.email}")
    return all(word in text for word in words)

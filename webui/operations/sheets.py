"""Mails to companies with their day sheets of a version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from scheduler.model import Event, Timetable
from webui.operations import queue
from webui.operations.letters import company_letter
from webui.operations.log import SYSTEM, RefusedError, record
from webui.operations.queue import Claimed
from webui.operations.solving import load_version
from webui.operations.versions import version_of
from webui.store import CompanyRow, Database, EventRow, Mail


@dataclass(frozen=True, slots=True)
class Sheets:
    """What the day sheets are made of; ``companies`` are ids by row, of those with an address."""

    event: Event
    timetable: Timetable
    number: int
    companies: Mapping[int, str]


def prepare(database: Database, claimed: Claimed) -> Sheets:
    """Read the version and the companies that have an e-mail address.

    Raises
    ------
    RefusedError
        The version is not published any more.
    """
    event_id = claimed.event_id
    with database.reading() as session:
        version = version_of(session, event_id, claimed.asked["version"])
        if version.withdrawn_at is not None:
            raise RefusedError("This version is not published any more.")
        found = load_version(session, event_id, version)
        asked = select(CompanyRow.id, CompanyRow.company_id).where(
            CompanyRow.event_id == event_id, CompanyRow.email != ""
        )
        companies = {pk: own for pk, own in session.execute(asked)}  # noqa: C416  # typed rows
    return Sheets(found.event, found.timetable, version.number, companies)


def store(  # as every end of a job
    database: Database,
    now: dt.datetime,
    claimed: Claimed,
    *,
    worker: str,
    work: Sheets,
    made: Mapping[int, tuple[str, bytes]],
) -> None:
    """Put a mail for each company into the queue, and end the job, in one transaction.

    Parameters
    ----------
    made
        Name and bytes of a day sheet, by the company's row.
    """
    event_id = claimed.event_id
    keys = {pk: f"day_sheet:{event_id}:{work.number}:{pk}" for pk in made}
    with database.writing() as session:
        is_ours = queue.finish(
            session, now, claimed, worker=worker, progress={"done": len(made), "count": len(made)}
        )
        if not is_ours:
            return
        event = session.get_one(EventRow, event_id)
        sent = set(session.scalars(select(Mail.once_key).where(Mail.once_key.in_(keys.values()))))
        asked = select(CompanyRow).where(CompanyRow.id.in_(made), CompanyRow.email != "")
        told = 0
        for company in session.scalars(asked):
            if keys[company.id] in sent:
                continue
            name, content = made[company.id]
            letter = company_letter(event, company=company.name, number=work.number)
            session.add(
                Mail(
                    event_id=event_id,
                    kind="day_sheet",
                    once_key=keys[company.id],
                    to_address=company.email,
                    subject=letter.subject,
                    text=letter.text,
                    attachment_name=name,
                    attachment=content,
                    next_try_at=now,
                    created_at=now,
                )
            )
            told += 1
        record(
            session, SYSTEM, now, "version.sheets", event_id=event_id, number=work.number, told=told
        )

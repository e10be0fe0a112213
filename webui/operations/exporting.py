"""Everything of an event on its way out, noted in the audit log."""

from __future__ import annotations

import datetime as dt

from scheduler.model import Event
from webui.operations.log import Actor, NotFoundError, record
from webui.store import Database, EventRow
from webui.store.exchange import read_event


def event_for_export(
    database: Database, actor: Actor, now: dt.datetime, *, event_pk: int, form: str
) -> Event:
    """Read a whole event to be written into files.

    Parameters
    ----------
    form
        ``xlsx`` or ``zip``, for the audit log.
    """
    with database.writing() as session:
        row = session.get(EventRow, event_pk)
        if row is None:
            raise NotFoundError
        event = read_event(session, row)
        record(
            session,
            actor,
            now,
            "event.export",
            event_id=event_pk,
            form=form,
            students=len(event.students),
        )
    return event

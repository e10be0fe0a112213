"""The price of making a pair meet: asked for, worked out in a job, told, paid by pinning them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from webui.operations import events, queue, solving
from webui.operations.board import Board, require_board
from webui.operations.changes import LONGEST_REASON
from webui.operations.log import Actor, RefusedError, record
from webui.operations.solving import USUAL_S
from webui.store import Database, DecisionRow, Job

TIME_LIMIT_S = 20
KIND = "price"
LOOKED_AT = 500
"""Prices among which that of a pair is looked for."""


def start_price(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_id: int,
    student_pk: int,
    company_pk: int,
) -> int:
    """Ask for the price of a pair; the number of the job.

    Raises
    ------
    RefusedError
        There is no timetable, it breaks a rule, or a price is being worked out already.
    NotFoundError
        One of the two is not of this event.
    """
    board = require_board(database, event_id)
    board.people.pair(student_pk, company_pk)
    if board.broken:
        raise RefusedError("This timetable breaks a rule. Put that right first, or solve again.")
    asked = {"student": student_pk, "company": company_pk, **_of(board)}
    with database.writing() as session:
        return queue.enqueue(session, actor, now, event_id=event_id, kind=KIND, asked=asked).id


def pin_and_solve(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_id: int,
    student_pk: int,
    company_pk: int,
    reason: str,
    note: str,
) -> int:
    """Pin a pair that does not meet, at any time, and solve the rest around what is pinned.

    Parameters
    ----------
    reason
        Needed where only a pin lets the two meet.
    note
        What the result is called.

    Returns
    -------
    int
        The number of the solve's job.

    Raises
    ------
    RefusedError
        They may not meet even so, a reason is missing, or a solve is running already.
    NotFoundError
        One of the two is not of this event.
    """
    board = require_board(database, event_id)
    pair = board.people.pair(student_pk, company_pk)
    refusal = board.judge.pair(pair)
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if refusal is not None and not reason:
        raise RefusedError("Say why, for whoever asks later.", field="reason")
    asked = {"time_limit_s": USUAL_S, "seed": 1, "note": note, "keeps_working": False}
    with database.writing() as session:
        twin = select(DecisionRow).where(
            DecisionRow.student_pk == student_pk, DecisionRow.company_pk == company_pk
        )
        known = session.scalar(twin)
        if known is not None and known.kind == "forbid":
            raise RefusedError("These two are not to meet. Let them meet again first.")
        if known is None:
            own = DecisionRow(
                event_id=event_id,
                kind="pin",
                student_pk=student_pk,
                company_pk=company_pk,
                reason=reason,
            )
            session.add(own)
            session.flush()
            events.touch(session, event_id)
            record(session, actor, now, "decisions.save", event_id=event_id, row=own.id)
        return solving.start_solve_in(session, actor, now, event_id=event_id, asked=asked)


def price_of(database: Database, board: Board, student_pk: int, company_pk: int) -> Job | None:
    """The latest price of a pair for the timetable as it is, also when the event was changed."""
    wanted = {"student": student_pk, "company": company_pk, **_of(board)}
    del wanted["event_revision"]
    jobs = queue.jobs_of(database, board.row.event_id, KIND, limit=LOOKED_AT)
    return next((own for own in jobs if wanted.items() <= own.asked.items()), None)


def _of(board: Board) -> dict[str, int]:
    """Of which timetable and event a price is."""
    return {
        "timetable": board.row.id,
        "revision": board.row.revision,
        "event_revision": board.people.row.revision,
    }

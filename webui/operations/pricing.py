"""The price of making a pair meet: asked for, worked out in a job, told while it holds."""

from __future__ import annotations

import datetime as dt

from webui.operations import queue
from webui.operations.board import Board, require_board
from webui.operations.log import Actor, RefusedError
from webui.store import Database, Job

TIME_LIMIT_S = 20
KIND = "price"


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


def price_of(database: Database, board: Board, student_pk: int, company_pk: int) -> Job | None:
    """The latest price of a pair for the timetable as it is."""
    wanted = {"student": student_pk, "company": company_pk, **_of(board)}
    jobs = queue.jobs_of(database, board.row.event_id, KIND)
    return next((own for own in jobs if own.asked == wanted), None)


def _of(board: Board) -> dict[str, int]:
    """Of which timetable and event a price is."""
    return {
        "timetable": board.row.id,
        "revision": board.row.revision,
        "event_revision": board.people.row.revision,
    }

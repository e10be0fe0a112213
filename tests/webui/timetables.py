"""A working timetable for tests, made without a job, and changes of it."""

from __future__ import annotations

from functools import lru_cache

import pytest

from scheduler.model import Event, Timetable
from scheduler.model.digest import event_sha256
from scheduler.solve import solve
from scheduler.strategies.base import Settings
from tests.webui.conftest import NOON
from webui.operations.accounts import Colleague
from webui.operations.board import Board, board_of
from webui.operations.changes import Change, Turn
from webui.operations.edits import apply_edit
from webui.store import Database, EventRow, TimetableRow
from webui.store.exchange import read_event
from webui.store.meetings import write_meetings

PAGE = "/events/tiny/timetable"


@lru_cache
def solved(event: Event) -> Timetable:
    """A timetable of an event, made in this process."""
    result = solve(event, Settings(time_limit_s=5, workers=1, comfort_s=0.05), in_child=False)
    assert result.timetable
    return result.timetable


def make_working(database: Database, event_id: int) -> Board:
    """Solve an event and store the timetable as the one that staff work on."""
    with database.writing() as session:
        owner = session.get_one(EventRow, event_id)
        event = read_event(session, owner)
        row = TimetableRow(
            event_id=event_id,
            origin="hand",
            is_working=True,
            event_revision=owner.revision,
            event_sha256=event_sha256(event),
            created_at=NOON,
        )
        session.add(row)
        session.flush()
        write_meetings(session, row.id, event, event_id, solved(event))
    board = board_of(database, event_id)
    assert board
    return board


@pytest.fixture
def board(database: Database, tiny: int) -> Board:
    """The tiny event with a timetable to work on."""
    return make_working(database, tiny)


def now_of(database: Database, board: Board) -> Board:
    found = board_of(database, board.row.event_id)
    assert found
    return found


def pk(board: Board, own_id: str) -> int:
    known = {**board.people.student_pks, **board.people.company_pks}
    return next(value for key, value in known.items() if str(key) == own_id)


def clear(database: Database, actor: Colleague, board: Board, *keep: tuple[str, str, int]) -> Board:
    """Only these meetings: student, company, slot."""
    for student, company in list(board.meetings):
        change = Change("remove", pk(board, student), pk(board, company))
        board = edit(database, actor, board, change)
    for student, company, slot in keep:
        to = turn(board, company, slot)
        board = edit(database, actor, board, Change("add", pk(board, student), to=to))
    return board


def turn(board: Board, company: str, slot: int) -> Turn:
    own = pk(board, company)
    place = board.judge.places[board.people.companies[own].company_id]
    return Turn(own, slot, place.first_table)


def edit(database: Database, actor: Colleague, board: Board, change: Change) -> Board:
    return apply_edit(
        database,
        actor.actor,
        NOON,
        event_id=board.row.event_id,
        revision=board.row.revision,
        change=change,
    )


def sent(board: Board, to: Turn | None = None) -> dict[str, str]:
    values = {"revision": str(board.row.revision)}
    if to is not None:
        values["to"] = f"{to.company_pk}-{to.slot}-{to.table}"
    return values

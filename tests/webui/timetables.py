"""A working timetable for tests, made without a job."""

from __future__ import annotations

from functools import lru_cache

from scheduler.model import Event, Timetable
from scheduler.model.digest import event_sha256
from scheduler.solve import solve
from scheduler.strategies.base import Settings
from tests.webui.conftest import NOON
from webui.operations.board import Board, board_of
from webui.store import Database, EventRow, TimetableRow
from webui.store.exchange import read_event
from webui.store.meetings import write_meetings


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

"""How far an event is: what is done, and what is missing next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from webui.operations import collecting
from webui.operations.collecting import WindowState
from webui.store import (
    CompanyRow,
    Database,
    EventRow,
    PrintRow,
    RoomRow,
    StudentRow,
    TimetableRow,
    Version,
)
from webui.store.exchange import window_of


@dataclass(frozen=True, slots=True)
class StepState:
    """Whether a step is done; ``missing`` is a key of what it still needs, empty for nothing."""

    is_done: bool
    missing: str = ""


def progress_of(database: Database, row: EventRow, now: dt.datetime) -> dict[str, StepState]:
    """State of every step of an event."""
    has_slots = bool(window_of(row).slots)
    lists = {"rooms": RoomRow, "companies": CompanyRow, "students": StudentRow}
    asked = [select(kind.id).where(kind.event_id == row.id).exists() for kind in lists.values()]  # type: ignore[attr-defined]  # each has both
    working = select(TimetableRow.id).where(
        TimetableRow.event_id == row.id, TimetableRow.is_working
    )
    current = select(Version.id).where(Version.event_id == row.id, Version.withdrawn_at.is_(None))
    printed = select(PrintRow.id).where(PrintRow.version_id.in_(current))
    asked += [working.exists(), current.exists(), printed.exists()]
    with database.reading() as session:
        *found, has_timetable, is_published, is_printed = session.execute(select(*asked)).one()
    empty = [name for name, has_some in zip(lists, found, strict=True) if not has_some]
    window = collecting.state_of(collecting.window_of(row), now)
    return {
        "set_up": StepState(has_slots, "" if has_slots else "slots"),
        "people": StepState(not empty, empty[0] if empty else ""),
        "collect": StepState(
            window is WindowState.CLOSED, "" if row.opens_at is not None else "window"
        ),
        "solve": StepState(bool(has_timetable), "" if has_timetable else "timetable"),
        "timetable": StepState(bool(has_timetable), "" if has_timetable else "timetable"),
        "publish": StepState(bool(is_published), "" if has_timetable else "timetable"),
        "print": StepState(bool(is_printed), "" if is_published else "version"),
    }

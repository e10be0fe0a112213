"""How far events are: what is done, what is missing, what is next, and what needs a look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, exists, select
from sqlalchemy.orm import Session, aliased

from webui.operations import collecting
from webui.operations.collecting import WindowState
from webui.operations.lost_meetings import MEETINGS, PEOPLE
from webui.store import (
    CompanyRow,
    Database,
    EventRow,
    Mail,
    MeetingRow,
    PrintRow,
    Removed,
    RoomRow,
    StudentRow,
    TimetableRow,
    Version,
)
from webui.store.exchange import window_of


@dataclass(frozen=True, slots=True)
class StepState:
    """Whether a step is done; ``missing`` is a key of what it still needs, empty for nothing.

    One that ``is_waiting`` was done, and is to be done again.
    """

    is_done: bool
    missing: str = ""
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an event is.

    Parameters
    ----------
    steps
        State of every step by its key, in the order they are taken.
    is_published
        Students see a timetable.
    warnings
        Keys of what needs a look: ``mails`` that were not sent, an ``older`` timetable than what
        is stored on the event.
    """

    steps: Mapping[str, StepState]
    is_published: bool
    warnings: tuple[str, ...]

    @property
    def next_step(self) -> str:
        """Key of the first step to take after the last one done; empty when none is left.

        One that waits comes first, and so does publishing what the event has become since.
        """
        keys = list(self.steps)
        waiting = [key for key in keys if self.steps[key].is_waiting]
        if waiting:
            return waiting[0]
        if self.is_published and "older" in self.warnings:
            return "publish"
        done = [at for at, key in enumerate(keys) if self.steps[key].is_done]
        return next(iter(keys[done[-1] + 1 if done else 0 :]), "")


def progress_of(database: Database, row: EventRow, now: dt.datetime) -> Progress:
    """How far one event is."""
    with database.reading() as session:
        return progress_of_each(session, [row], now)[row.id]


def progress_of_each(
    session: Session, rows: Collection[EventRow], now: dt.datetime
) -> dict[int, Progress]:
    """How far each of these events is, in two statements; by the event's row id."""
    asked = select(EventRow.id, *_facts()).where(EventRow.id.in_([row.id for row in rows]))
    found = {own["id"]: own for own in session.execute(asked).mappings()}
    misfits = _off_slots(session, [row for row in rows if found[row.id]["older"]])
    return {
        row.id: _progress(row, found[row.id], now, is_off_slots=row.id in misfits) for row in rows
    }


def _off_slots(session: Session, rows: Collection[EventRow]) -> set[int]:
    """Events whose working timetable has meetings when no slot begins any more."""
    if not rows:
        return set()
    starts = {
        row.id: {row.start_min + slot.start_min for slot in window_of(row).slots} for row in rows
    }
    held = session.execute(
        select(TimetableRow.event_id, MeetingRow.start_min)
        .join(MeetingRow, MeetingRow.timetable_id == TimetableRow.id)
        .where(TimetableRow.event_id.in_(starts), TimetableRow.is_working)
        .distinct()
    )
    return {event_pk for event_pk, start in held if start not in starts[event_pk]}


def _facts() -> list[ColumnElement[bool]]:
    def some(asked: Select[Any], name: str) -> ColumnElement[bool]:
        return asked.correlate(EventRow).exists().label(name)

    working = select(TimetableRow.id).where(
        TimetableRow.event_id == EventRow.id, TimetableRow.is_working
    )
    current = select(Version.id).where(
        Version.event_id == EventRow.id, Version.withdrawn_at.is_(None)
    )
    failed = select(Mail.id).where(Mail.event_id == EventRow.id, Mail.state == "failed")
    return [
        *(
            some(select(kind.id).where(kind.event_id == EventRow.id), name)  # type: ignore[attr-defined]  # each has both
            for name, kind in _LISTS.items()
        ),
        some(working, "timetable"),
        some(working.where(TimetableRow.event_revision != EventRow.revision), "older"),
        some(current, "version"),
        some(_unpublished(working), "changes"),
        some(current.join(PrintRow, PrintRow.version_id == Version.id), "print"),
        some(failed, "mails"),
    ]


def _unpublished(working: Select[Any]) -> Select[Any]:
    """The working timetable, where it has other meetings than the version that was published."""
    seen = aliased(TimetableRow)
    lost = exists(Removed.id).where(
        Removed.event_id == Version.event_id,
        Removed.list_name.in_(PEOPLE),
        Removed.removed_at >= Version.published_at,
        Removed.content[("rows", MEETINGS)].as_string().is_not(None),
    )
    is_same = (seen.parent_id == TimetableRow.id) & (seen.revision == TimetableRow.revision)
    return (
        working.join(Version, Version.event_id == TimetableRow.event_id)
        .join(seen, seen.id == Version.timetable_id)
        .where(
            Version.withdrawn_at.is_(None),
            is_same.is_not(True),  # what was undone is another revision of the same meetings
            _has_other(TimetableRow.id, seen.id) | _has_other(seen.id, TimetableRow.id) | lost,
        )
    )


def _has_other(one: Any, other: Any) -> ColumnElement[bool]:
    """Whether a timetable has a meeting that another has not, at that time and table."""
    own, equal = aliased(MeetingRow), aliased(MeetingRow)
    names = ("student_pk", "company_pk", "start_min", "room_id", "table")
    is_there = exists(equal.id).where(
        equal.timetable_id == other, *(getattr(own, name) == getattr(equal, name) for name in names)
    )
    is_other = own.timetable_id == one, ~is_there.correlate_except(equal)
    return exists(own.id).where(*is_other).correlate_except(own)


_LISTS = {"rooms": RoomRow, "companies": CompanyRow, "students": StudentRow}


def _progress(
    row: EventRow, found: RowMapping, now: dt.datetime, *, is_off_slots: bool
) -> Progress:
    has_slots = bool(window_of(row).slots)
    empty = next((name for name in _LISTS if not found[name]), "")
    has_timetable, is_published = found["timetable"], found["version"]
    window = collecting.state_of(collecting.window_of(row), now)
    timetable = "new_slots" if is_off_slots else "" if has_timetable else "timetable"
    return Progress(
        {
            "set_up": StepState(has_slots, "" if has_slots else "slots"),
            "people": StepState(not empty, empty),
            "collect": StepState(
                window is WindowState.CLOSED, "" if row.opens_at is not None else "window"
            ),
            "solve": StepState(not timetable, timetable, is_waiting=is_off_slots),
            "timetable": StepState(not timetable, timetable),
            "publish": StepState(
                is_published and not found["changes"],
                "changes" if found["changes"] else timetable,
                is_waiting=found["changes"],
            ),
            "print": StepState(found["print"], "" if is_published else "version"),
        },
        is_published,
        tuple(key for key in ("mails", "older") if found[key]),
    )

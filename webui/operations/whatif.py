"""What if: other settings asked for, compared in a job, and taken over when staff say so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import SchedulerError
from scheduler.explain.whatif import Change, changes, nearest_slot
from scheduler.model import CompanyId, Window
from webui.operations import events, queue
from webui.operations.log import Actor, NotFoundError, RefusedError
from webui.operations.standing import problems_of
from webui.store import CompanyRow, Database, DecisionRow, EventRow, StudentRow
from webui.store.exchange import read_event, window_of

SHORTEST_S, LONGEST_S, USUAL_S = 1, 120, 10
WINDOW = ("slot_min", "changeover_min", "length_min")
MOST = 12
"""Variations at a time: what one can still read side by side."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Values to try; every one is combined with every one of the others.

    Parameters
    ----------
    end_min
        Closing times, minutes after midnight.
    tables
        By company.
    time_limit_s
        Of each variation.
    """

    slot_min: tuple[int, ...] = ()
    changeover_min: tuple[int, ...] = ()
    end_min: tuple[int, ...] = ()
    guarantee: tuple[int, ...] = ()
    max_meetings: tuple[int, ...] = ()
    tables: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    time_limit_s: int = USUAL_S


def start_whatif(
    database: Database, actor: Actor, now: dt.datetime, *, event_id: int, wanted: Wanted
) -> int:
    """Ask for a comparison of the event as it is with variations; the number of the job.

    Raises
    ------
    RefusedError
        Nothing, or too much, is asked for; the event has problems; one is running already.
    """
    if not SHORTEST_S <= wanted.time_limit_s <= LONGEST_S:
        raise RefusedError(
            "The time limit is %(least)s to %(most)s seconds.",
            field="time_limit",
            least=SHORTEST_S,
            most=LONGEST_S,
        )
    asked = {
        "slot_min": list(wanted.slot_min),
        "changeover_min": list(wanted.changeover_min),
        "end_min": list(wanted.end_min),
        "guarantee": list(wanted.guarantee),
        "max_meetings": list(wanted.max_meetings),
        "tables": {own: list(values) for own, values in wanted.tables.items()},
        "time_limit_s": wanted.time_limit_s,
    }
    with database.writing() as session:
        row = session.get(EventRow, event_id)
        if row is None:
            raise NotFoundError
        count = len(changes_of(asked, row.start_min))
        if count == 0:
            raise RefusedError("Say what to try: at least one other value.")
        if count > MOST:
            raise RefusedError(
                "These are %(count)s combinations; try at most %(most)s at a time.",
                count=count,
                most=MOST,
            )
        problems = problems_of(read_event(session, row))
        if problems:
            raise RefusedError(
                "%(first)s (%(count)s to put right before solving)",
                first=problems[0].sentence(),
                count=len(problems),
            )
        return queue.enqueue(session, actor, now, event_id=event_id, kind="whatif", asked=asked).id


def changes_of(asked: Mapping[str, Any], opens_min: int) -> tuple[Change, ...]:
    """Combine what a job was asked for.

    Raises
    ------
    RefusedError
        Far too many combinations.
    """
    try:
        return changes(
            slot_min=asked["slot_min"],
            changeover_min=asked["changeover_min"],
            length_min=[end - opens_min for end in asked["end_min"]],
            guarantee=asked["guarantee"],
            max_meetings=asked["max_meetings"],
            tables={CompanyId(own): values for own, values in asked["tables"].items()},
        )
    except SchedulerError as error:
        raise RefusedError("%(reason)s", reason=error.args[0]) from error


@dataclass(frozen=True, slots=True)
class MovedPin:
    """A pin at a time that is no slot of a variation; minutes after midnight."""

    student: str
    company: str
    before: int
    after: int


def moved_pins(
    database: Database, row: EventRow, wanted: Iterable[Mapping[str, Any]]
) -> list[list[MovedPin]]:
    """Find for each variation the pins that go to the nearest slot, in order of time."""
    asked = (
        select(DecisionRow.start_min, StudentRow.name, CompanyRow.name)
        .join(StudentRow, StudentRow.id == DecisionRow.student_pk)
        .join(CompanyRow, CompanyRow.id == DecisionRow.company_pk)
        .where(DecisionRow.event_id == row.id, DecisionRow.start_min.is_not(None))
        .order_by(DecisionRow.start_min, StudentRow.name)
    )
    with database.reading() as session:
        pins = [(at, student, company) for at, student, company in session.execute(asked)]
    found = []
    for change in wanted:
        own = {name: change[name] for name in WINDOW if name in change}
        window = replace(window_of(row), **own)
        moved = [
            MovedPin(student, company, at or 0, _moved(row, window, at or 0))
            for at, student, company in pins
        ]
        found.append([pin for pin in moved if pin.before != pin.after])
    return found


def _moved(row: EventRow, window: Window, at: int) -> int:
    return row.start_min + nearest_slot(window, at - row.start_min)


def use_variation(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_id: int,
    job_id: int,
    number: int,
) -> int:
    """Give the event the settings of a variation; its wishes and people stay.

    Pins at times that are no slots any more go to the nearest slot, as they were compared.

    Returns
    -------
    int
        How many pins moved.

    Raises
    ------
    StaleError
        The event was changed since the variations were compared.
    """

    def use() -> int:
        with database.writing() as session:
            job = queue.job_of(session, event_id, job_id)
            rows = job.progress.get("rows", [])
            if job.kind != "whatif" or not 0 < number < len(rows):
                raise NotFoundError
            change = rows[number]["change"]
            row = session.get_one(EventRow, event_id)
            events.change_in(
                session,
                actor,
                now,
                event_pk=event_id,
                revision=job.progress["revision"],
                values=_values(row, change),
            )
            moved = _move_pins(session, row)
            tables = change.get("tables", {})
            asked = select(CompanyRow).where(
                CompanyRow.event_id == event_id, CompanyRow.company_id.in_(tables)
            )
            for company in session.scalars(asked):
                company.tables = tables[company.company_id]
                company.revision += 1
            return moved

    return database.again(use)  # students' answers change the same row


def _move_pins(session: Session, row: EventRow) -> int:
    """Put pins at times that are no slots any more at the nearest slot; how many these are."""
    pins = session.scalars(
        select(DecisionRow).where(
            DecisionRow.event_id == row.id, DecisionRow.start_min.is_not(None)
        )
    )
    window, count = window_of(row), 0
    for pin in pins:
        at = pin.start_min or 0
        pin.start_min = _moved(row, window, at)
        count += pin.start_min != at
    return count


def _values(row: EventRow, change: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the event that a variation changes."""
    values = {name: change[name] for name in ("slot_min", "changeover_min") if name in change}
    if "length_min" in change:
        values["end_min"] = row.start_min + change["length_min"]
    rules = {
        "guaranteed_meetings_per_student": change.get("guarantee"),
        "max_meetings_per_student": change.get("max_meetings"),
    }
    changed = {name: value for name, value in rules.items() if value is not None}
    return {**values, "rules": {**row.rules, **changed}} if changed else values

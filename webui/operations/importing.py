"""An event that was read from spreadsheets, into the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from scheduler.importers.writer import clock_of
from scheduler.model import Decision, Event, PersonKind, Preference, Verdict
from webui.operations.events import KEY
from webui.operations.log import Actor, RefusedError, record
from webui.store import (
    AbsenceRow,
    Database,
    DecisionRow,
    EventRow,
    Membership,
    PreferenceRow,
    ShortlistRow,
)
from webui.store.exchange import LISTS, row_values, rules_values
from webui.store.meetings import companies_by_id, students_by_id


def settings_values(event: Event) -> dict[str, Any]:
    """Columns of the event's own row."""
    opens = event.opens_min
    return {
        "key": event.event_id,
        "name": event.name,
        "language": event.language,
        "date": event.date,
        "timezone": event.timezone,
        "start_min": opens,
        "end_min": opens + event.window.length_min,
        "slot_min": event.window.slot_min,
        "changeover_min": event.window.changeover_min,
        "breaks": [[opens + own.start_min, opens + own.end_min] for own in event.window.breaks],
        "rules": rules_values(event.rules),
    }


def create_from(database: Database, actor: Actor, now: dt.datetime, event: Event) -> int:
    """Store a whole event that was read from files; it is new.

    Parameters
    ----------
    event
        Valid.

    Raises
    ------
    RefusedError
        There is an event of this id, or the id has not the form of a key.
    """
    key = event.event_id
    if not KEY.fullmatch(key):
        raise RefusedError("Short name: 1 to 64 small letters, digits and hyphens.", field="key")
    with database.writing() as session:
        if session.scalar(select(EventRow.id).where(EventRow.key == key)):
            raise RefusedError("There is already an event '%(key)s'.", field="key", key=key)
        row = EventRow(created_at=now, **settings_values(event))
        session.add(row)
        session.flush()
        if actor.id is not None:
            session.add(Membership(event_id=row.id, staff_id=actor.id))
        opens = event.opens_min
        for name, (table, kind) in LISTS.items():
            lines = [
                {"event_id": row.id, "position": place, **row_values(table, value, opens)}
                for place, value in enumerate(getattr(event, name), 1)
            ]
            if lines:
                session.execute(insert(kind), lines)
        _insert_wishes(session, row.id, event)
        record(
            session,
            actor,
            now,
            "event.import",
            event_id=row.id,
            companies=len(event.companies),
            students=len(event.students),
            preferences=len(event.preferences),
        )
        return row.id


def _insert_wishes(session: Session, event_id: int, event: Event) -> None:
    """Store what refers to students and companies: wishes, shortlists, absences, decisions."""
    students, companies = students_by_id(session, event_id), companies_by_id(session, event_id)
    rows = wish_rows(event_id, event, students, companies)
    rows[AbsenceRow] = [line for _, line in absence_rows(event_id, event, students, companies)]
    for kind, lines in rows.items():
        if lines:
            session.execute(insert(kind), lines)


def wish_rows(
    event_id: int, event: Event, students: Mapping[str, int], companies: Mapping[str, int]
) -> dict[Any, list[dict[str, Any]]]:
    """Rows of the wishes, shortlists and decisions of an event, by their table.

    Parameters
    ----------
    students, companies
        Their rows by their ids.
    """
    opens = event.opens_min

    def pair(own: Preference | Verdict | Decision) -> dict[str, Any]:
        return {
            "event_id": event_id,
            "student_pk": students[own.student_id],
            "company_pk": companies[own.company_id],
        }

    return {
        PreferenceRow: [pair(own) | {"rank": own.rank} for own in event.preferences],
        ShortlistRow: [
            pair(own) | {"verdict": "yes" if own.is_yes else "no"} for own in event.shortlist
        ],
        DecisionRow: [
            pair(own)
            | {
                "kind": own.kind.value,
                "start_min": None if own.start_min is None else own.start_min + opens,
            }
            for own in event.decisions
        ],
    }


def absence_rows(
    event_id: int, event: Event, students: Mapping[str, int], companies: Mapping[str, int]
) -> Iterator[tuple[tuple[str, str, str, str], dict[str, Any]]]:
    """Rows of the absences of an event, each with its key: kind, id, start, end."""
    for own in event.absences:
        is_student = own.kind is PersonKind.STUDENT
        key = (
            own.kind.value,
            own.person_id,
            clock_of(event, own.start_min),
            clock_of(event, own.end_min),
        )
        yield (
            key,
            {
                "event_id": event_id,
                "student_pk": students[own.person_id] if is_student else None,
                "company_pk": None if is_student else companies[own.person_id],
                "start_min": own.start_min + event.opens_min,
                "end_min": own.end_min + event.opens_min,
            },
        )

"""How the stored event stands: its fingerprint and its problems, worked out once a revision."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.errors import Problem
from scheduler.model import Event
from scheduler.sentence import say
from scheduler.validation import check
from webui.operations.known import event_now
from webui.store import Database, EventRow, TimetableRow


@dataclass(frozen=True, slots=True)
class Standing:
    """What was worked out of one revision of an event."""

    revision: int
    sha256: str
    problems: tuple[Problem, ...]


def standing_of(database: Database, row: EventRow) -> Standing:
    """Look at an event as it is now."""
    known = event_now(database, row.id)
    problems = (*known.problems, *_missing(known.event))
    return Standing(known.row.revision, known.sha256, problems)


def problems_of(event: Event) -> list[Problem]:
    """Everything that keeps an event from being solved."""
    return [*check(event), *_missing(event)]


def _missing(event: Event) -> list[Problem]:
    if event.companies and event.students:
        return []
    what = "companies" if not event.companies else "students"
    return [Problem(what, say("there are none yet"), say("import or add them"))]


def is_older(database: Database, row: EventRow, timetable: TimetableRow) -> bool:
    """Whether the event was changed since a timetable was made of it."""
    if timetable.event_revision == row.revision:
        return False
    return event_now(database, row.id).sha256 != timetable.event_sha256

"""How the stored event stands: its fingerprint and its problems, worked out once a revision."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from scheduler.errors import Problem
from scheduler.model import Event
from scheduler.model.digest import event_sha256
from scheduler.validation import check
from webui.store import Database, EventRow, TimetableRow
from webui.store.exchange import read_event

KEPT = 64
"""Events whose standing is remembered."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was worked out of one revision of an event."""

    revision: int
    sha256: str
    problems: tuple[Problem, ...]


_known: WeakKeyDictionary[Database, dict[int, Standing]] = WeakKeyDictionary()
_turn = threading.Lock()


def standing_of(database: Database, row: EventRow) -> Standing:
    """Look at an event, or remember it: every change of it counts its revision up."""
    with _turn:
        known = _known.setdefault(database, {}).get(row.id)
    if known is not None and known.revision == row.revision:
        return known
    with database.reading() as session:
        stored = session.get_one(EventRow, row.id)  # its revision now, in one snapshot
        event = read_event(session, stored)
        found = Standing(stored.revision, event_sha256(event), tuple(problems_of(event)))
    with _turn:
        own = _known[database]
        own.pop(row.id, None)
        own[row.id] = found
        while len(own) > KEPT:
            del own[next(iter(own))]
    return found


def problems_of(event: Event) -> list[Problem]:
    """Everything that keeps an event from being solved."""
    problems = check(event)
    if not event.companies or not event.students:
        what = "companies" if not event.companies else "students"
        problems.append(Problem(what, "there are none yet", "import or add them"))
    return problems


def is_older(database: Database, row: EventRow, timetable: TimetableRow) -> bool:
    """Whether the event was changed since a timetable was made of it."""
    if timetable.event_revision == row.revision:
        return False
    return standing_of(database, row).sha256 != timetable.event_sha256

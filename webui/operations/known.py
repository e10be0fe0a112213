"""Events as they were last read, remembered by a process until they change.

It is found again by the event's row, its revision and when the event was made: every change of what
its values come from counts the revision up, and a restored backup never has one that was known
before. The row is read in the transaction that asks, so nothing old is ever shown.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

from scheduler.errors import Problem
from scheduler.model import Event
from scheduler.model.digest import event_sha256
from scheduler.validation import check
from webui.operations.log import NotFoundError
from webui.store import Database, EventRow
from webui.store.exchange import People, read_people

KEPT = 8
"""Events that are remembered; one of 1,600 students takes some 6 MB."""


@dataclass(frozen=True)
class KnownEvent:
    """An event as stored at one revision, and the rows of its people; never changed."""

    row: EventRow
    people: People

    @property
    def event(self) -> Event:
        """The engine's event."""
        return self.people.event

    @cached_property
    def sha256(self) -> str:
        """Its fingerprint."""
        return event_sha256(self.event)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What `scheduler.validation.check` says of it."""
        return tuple(check(self.event))


_known: WeakKeyDictionary[Database, dict[int, KnownEvent]] = WeakKeyDictionary()
_turn = threading.Lock()


def known_event(database: Database, session: Session, event_pk: int) -> KnownEvent:
    """Read an event in a transaction that only reads, or remember it; one query where it is known.

    Raises
    ------
    NotFoundError
        It is gone.
    """
    stored = session.get(EventRow, event_pk)
    if stored is None:
        raise NotFoundError
    with _turn:
        known = _known.setdefault(database, {}).get(event_pk)
    if known is not None and is_same_event(known.row, stored):
        return known
    before = None if known is None else known.people.wishes
    found = KnownEvent(stored, read_people(session, stored, before))
    with _turn:
        own = _known[database]
        own.pop(event_pk, None)
        own[event_pk] = found
        while len(own) > KEPT:
            del own[next(iter(own))]
    return found


def event_now(database: Database, event_pk: int) -> KnownEvent:
    """Read an event, or remember it, as `known_event` in a transaction of its own."""
    with database.reading() as session:
        return known_event(database, session, event_pk)


def is_same_event(known: EventRow, stored: EventRow) -> bool:
    """Whether an event is as it was."""
    return (known.revision, known.created_at) == (stored.revision, stored.created_at)

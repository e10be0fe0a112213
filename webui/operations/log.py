"""Who acts, the audit row of what they did, and how an action is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from webui.store import Audit, EventRow


class ActorKind(StrEnum):
    """What sort of person or program acts."""

    STAFF = "staff"
    STUDENT = "student"
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts; ``id`` is the row of the staff or the student."""

    kind: ActorKind
    id: int | None = None


SYSTEM = Actor(ActorKind.SYSTEM)
NOBODY = Actor(ActorKind.NOBODY)


def marked(text: str) -> str:
    """Mark an English text that is translated later, where it is shown, for `make words`."""
    return text


class RefusedError(Exception):
    """An action that cannot be done: what, the limit, what to do.

    Parameters
    ----------
    text
        English, translated where it is shown; ``%(name)s`` stand for ``values``.
    field
        Of the form, when one is at fault.
    """

    def __init__(self, text: str, *, field: str = "", **values: object) -> None:
        super().__init__(text % values if values else text)
        self.text, self.field, self.values = text, field, values


class ArchivedError(RefusedError):
    """The event is put away: it can be read, copied, exported and printed, but not changed."""

    def __init__(self) -> None:
        super().__init__(
            marked("This event is archived, so nothing was changed. Bring it back first.")
        )


class NotFoundError(Exception):
    """There is no such thing, or not for this person."""


class StaleError(Exception):
    """Somebody else changed it in between.

    Parameters
    ----------
    theirs
        What is stored now, by field.
    """

    def __init__(self, theirs: dict[str, Any]) -> None:
        super().__init__("changed in between")
        self.theirs = theirs


WHEN_ARCHIVED = frozenset(
    {
        "event.archive",
        "event.unarchive",
        "event.export",
        "cv.export",
        "job.print",
        "job.cancel",
        # what belongs to a person can be seen and taken back at any time
        "data.export",
        "consent.withdraw",
        "cv.remove",
    }
)
"""Actions of people that an archived event still takes."""


def record(
    session: Session,
    actor: Actor,
    now: dt.datetime,
    action: str,
    *,
    event_id: int | None = None,
    **detail: Any,
) -> None:
    """Write the audit row of an action, in the action's own transaction.

    Every change passes here, so this is where an archived event refuses it: the transaction ends
    and nothing of it stays. What the system does by itself goes on, such as sending a mail.

    Parameters
    ----------
    action
        Object and verb, such as ``event.create``.
    detail
        Ids and counts; never a name or an address.

    Raises
    ------
    ArchivedError
        The event is archived, and this would change it.
    """
    if event_id is not None and actor.kind is not ActorKind.SYSTEM and action not in WHEN_ARCHIVED:
        require_unarchived(session, event_id)
    session.add(
        Audit(
            at=now,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            event_id=event_id,
            action=action,
            detail=detail,
        )
    )


def require_unarchived(session: Session, event_id: int) -> None:
    """Refuse a change of an event that is archived.

    Raises
    ------
    ArchivedError
        It is.
    """
    event = session.get(EventRow, event_id)
    if event is not None and event.archived_at is not None:
        raise ArchivedError

"""The preference window: when students may say what they wish, and how many wishes they have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from webui.operations.log import Actor, NotFoundError, RefusedError, StaleError, record
from webui.store import Database, EventRow

MOST_WISHES = 100


class WindowState(StrEnum):
    """How the preference window stands."""

    UNSET = "unset"
    EARLY = "early"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PreferenceWindow:
    """From when to when students may answer, and how many companies they may rank (None: any)."""

    opens_at: dt.datetime | None = None
    closes_at: dt.datetime | None = None
    wish_limit: int | None = None


def window_of(row: EventRow) -> PreferenceWindow:
    """The preference window of an event."""
    return PreferenceWindow(row.opens_at, row.closes_at, row.wish_limit)


def state_of(window: PreferenceWindow, now: dt.datetime) -> WindowState:
    """How the window stands at a moment; it is open from its first moment, closed at its last."""
    if window.closes_at is not None and window.closes_at <= now:
        return WindowState.CLOSED
    if window.opens_at is None:
        return WindowState.UNSET
    return WindowState.EARLY if now < window.opens_at else WindowState.OPEN


def moment_of(text: str, zone: str, *, field: str) -> dt.datetime | None:
    """Read a local date and time, ``2026-11-20T12:00``; None for an empty text.

    Of an hour that comes twice, when clocks are put back, the first is meant.

    Raises
    ------
    RefusedError
        It is no date and time, or an hour that is left out when clocks are put forward.
    """
    if not text.strip():
        return None
    try:
        local = dt.datetime.fromisoformat(text.strip()).replace(tzinfo=ZoneInfo(zone))
    except ValueError as error:
        raise RefusedError("Write a date and a time.", field=field) from error
    moment = local.astimezone(dt.UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise RefusedError(
            "This time does not exist: clocks are put forward then. Choose another.", field=field
        )
    return moment


def day_of(text: str, *, field: str) -> dt.date:
    """Read a date, ``2026-12-24``.

    Raises
    ------
    RefusedError
        It is none.
    """
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise RefusedError("Write a date.", field=field) from error


def begins_at(row: EventRow) -> dt.datetime:
    """The moment at which the event itself begins."""
    midnight = dt.datetime.combine(row.date, dt.time(), tzinfo=ZoneInfo(row.timezone))
    return (midnight + dt.timedelta(minutes=row.start_min)).astimezone(dt.UTC)


def set_window(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    event_pk: int,
    was: PreferenceWindow,
    wanted: PreferenceWindow,
) -> None:
    """Set the preference window.

    Parameters
    ----------
    was
        What the person saw who changes it.

    Raises
    ------
    RefusedError
        It closes before it opens or after the event has begun, or the limit is no such number.
    StaleError
        It is not any more what the person saw.
    """

    def put() -> None:
        with database.writing() as session:
            row = session.get(EventRow, event_pk)
            if row is None:
                raise NotFoundError
            stored = window_of(row)
            if stored != was:
                raise StaleError(asdict(stored))
            for fault in faults_of(wanted, row, now):
                raise fault
            row.opens_at, row.closes_at = wanted.opens_at, wanted.closes_at
            row.wish_limit = wanted.wish_limit
            record(session, actor, now, "event.collect", event_id=event_pk, **_told(wanted))

    database.again(put)  # students' answers change the same row


def faults_of(wanted: PreferenceWindow, row: EventRow, now: dt.datetime) -> Iterator[RefusedError]:
    """Everything that a window cannot be, each at its field."""
    if wanted.closes_at is not None:
        if wanted.opens_at is None:
            yield RefusedError("Say when it opens, too.", field="opens_at")
        elif wanted.closes_at <= wanted.opens_at:
            yield RefusedError("It closes before it opens.", field="closes_at")
        elif wanted.closes_at > max(begins_at(row), now):
            yield RefusedError(
                "The event has begun by then. Close it earlier: solving and printing take time.",
                field="closes_at",
            )
    if wanted.wish_limit is not None and not 1 <= wanted.wish_limit <= MOST_WISHES:
        yield RefusedError(
            "A student ranks 1 to %(most)s companies; leave it empty for no limit.",
            field="wish_limit",
            most=MOST_WISHES,
        )


def _told(window: PreferenceWindow) -> dict[str, object]:
    return {
        "opens": None if window.opens_at is None else window.opens_at.isoformat(),
        "closes": None if window.closes_at is None else window.closes_at.isoformat(),
        "wish_limit": window.wish_limit,
    }

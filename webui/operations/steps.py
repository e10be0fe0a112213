"""How far an event is: what is done, and what is missing next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from webui.store import Database, EventRow
from webui.store.exchange import window_of


@dataclass(frozen=True, slots=True)
class StepState:
    """Whether a step is done; ``missing`` is a key of what it still needs, empty for nothing."""

    is_done: bool
    missing: str = ""


def progress_of(database: Database, row: EventRow, now: dt.datetime) -> dict[str, StepState]:
    """State of every step of an event."""
    has_slots = bool(window_of(row).slots)
    return {"set_up": StepState(has_slots, "" if has_slots else "slots")}

"""Whether an event's pins and tables can hold at all, wishes aside."""

from __future__ import annotations

from scheduler.model import Event
from scheduler.strategies.cpsat.search import Answer, Limits, Placement, place_exactly
from scheduler.strategies.instance import build_instance


def can_hold(event: Event, *, seconds: float) -> bool | None:
    """Ask CP-SAT for a slot for every pin and a room for every company.

    Parameters
    ----------
    event
        Valid but for what is asked; its preferences are expected to be empty.

    Returns
    -------
    bool or None
        None when there was no answer in time.
    """
    instance = build_instance(event)
    pins = [index for index, pair in enumerate(instance.pairs) if pair.is_pinned]
    limits = Limits(seconds=seconds, workers=1, seed=1)
    answer, _ = place_exactly(instance, pins, Placement({}, ()), limits, is_room_fixed=False)
    return None if answer is Answer.NO_TIME else answer is Answer.FOUND

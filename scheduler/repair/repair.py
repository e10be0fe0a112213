"""The timetable for the rest of the day with the fewest changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scheduler.model import Change, Event, Progress, Result, Timetable
from scheduler.model.digest import event_sha256
from scheduler.repair.day import Day, begin
from scheduler.repair.difference import Difference, differences
from scheduler.solve import solve
from scheduler.strategies.base import Settings


@dataclass(frozen=True, slots=True)
class Repaired:
    """The end of a repair.

    Parameters
    ----------
    result
        Its levels begin with ``changes``.
    day
        The event with the changes, and the day so far.
    differences
        Sorted by student, then time; empty when there is no timetable.
    """

    result: Result
    day: Day
    differences: tuple[Difference, ...]


def repair(  # noqa: PLR0913  # the last four are solve's own, passed on
    event: Event,
    timetable: Timetable,
    changes: Sequence[Change],
    *,
    now_min: int,
    settings: Settings,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    memory_limit_mb: int | None = None,
    in_child: bool = True,
) -> Repaired:
    """Keep what is past and pinned, change as few later meetings as can be, then fill what is free.

    Parameters
    ----------
    event
        As it is now: people and wishes who came late are in it.
    timetable
        That people follow; without places, as it is read from a file, they are inferred.
    now_min
        Minutes since the window opens. Meetings that begin before it stay.
    progress, should_stop, memory_limit_mb, in_child
        As of `scheduler.solve.solve`.

    Returns
    -------
    Repaired
        Its timetable has passed the verifier with ``past_is_fixed``.

    Raises
    ------
    InvalidEventError
        See `scheduler.repair.day.begin`.
    VerificationError
        The engine made a timetable that breaks a rule: a fault of ours.

    Notes
    -----
    Levels are ``changes``, then those of a solve. ``changes`` is optimal where proven; see
    docs/model.md.
    """
    day = begin(event, timetable, changes, now_min=now_min)
    result = solve(
        day.event,
        settings,
        begun=day.begun,
        progress=progress,
        should_stop=should_stop,
        memory_limit_mb=memory_limit_mb,
        in_child=in_child,
    )
    result = replace(result, event_sha256=event_sha256(event))
    after = result.timetable
    return Repaired(result, day, () if after is None else differences(day, after))

"""The only composer: check, solve, verify, and say how good the timetable is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from scheduler import __version__
from scheduler.errors import VerificationError
from scheduler.isolation import End, run_in_child
from scheduler.model import Begun, Event, Level, Progress, Result, Scores, Status, Timetable
from scheduler.model.digest import event_sha256
from scheduler.objective import CHANGES, LEVEL_NAMES, comfort, metrics, score
from scheduler.sentence import NOTHING, Sentence, listed, say
from scheduler.strategies.base import (
    Bound,
    BreaksBefore,
    Emit,
    Incumbent,
    Infeasible,
    Message,
    Note,
    Settings,
    StageTime,
    entries,
)
from scheduler.validation import require_valid
from scheduler.verify import violations


def solve(
    event: Event,
    settings: Settings,
    *,
    begun: Begun | None = None,
    progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    memory_limit_mb: int | None = None,
    in_child: bool = True,
) -> Result:
    """Seat the students, best level first, and prove as much as can be proven.

    Parameters
    ----------
    begun
        A day that has begun: its past is fixed, and fewest changes come before all levels. The
        event's rules are then kept from now on, and whoever calls has checked it
        (`scheduler.repair`).
    progress
        Told of stage, best, bound and time while it runs.
    should_stop
        Asked several times a second; true ends the solve and keeps the best timetable.
    memory_limit_mb
        Of the child process; None for no limit.
    in_child
        False solves in this process, for tests and measurements; nothing can stop it then.

    Returns
    -------
    Result
        Its timetable has passed the verifier, and its levels are recomputed from it.

    Raises
    ------
    InvalidEventError
        The event has problems; all of them.
    VerificationError
        The engine made a timetable that breaks a rule: a fault of ours.
    """
    if begun is None:
        require_valid(event)
    started = time.monotonic()
    log = _Log(event, begun, progress)
    if in_child:
        end, cause = run_in_child(
            partial(_run_stages, event, begun, settings),
            handle=log.handle,
            time_limit_s=settings.time_limit_s,
            should_stop=should_stop,
            memory_limit_mb=memory_limit_mb,
        )
    else:
        _run_stages(event, begun, settings, log.handle)
        end, cause = End.FINISHED, NOTHING
    return _result(event, settings, log, started, _notes(end, cause, log))


def _run_stages(event: Event, begun: Begun | None, settings: Settings, emit: Emit) -> None:
    from scheduler.strategies.stages import run  # OR-Tools is slow to import, and the child's

    run(event, settings, emit, begun)


@dataclass(slots=True)
class _Log:
    """What the stages have said so far: the best timetable and every bound."""

    event: Event
    begun: Begun | None
    progress: Callable[[Progress], None] | None
    timetable: Timetable | None = None
    scores: Scores | None = None
    bounds: dict[tuple[int, ...], int] = field(default_factory=dict)
    times: list[tuple[str, float]] = field(default_factory=list)
    infeasible: Infeasible | None = None
    breaks_before: int | None = None
    notes: list[Sentence] = field(default_factory=list)
    last: Progress | None = None

    def handle(self, message: Message) -> None:
        if isinstance(message, Incumbent):
            self._keep(message.timetable)
        elif isinstance(message, Bound):
            known = self.bounds.get(message.above)
            self.bounds[message.above] = (
                message.value if known is None else min(known, message.value)
            )
        elif isinstance(message, BreaksBefore):
            self.breaks_before = message.breaks
        elif isinstance(message, StageTime):
            self.times.append((message.stage, message.seconds))
        elif isinstance(message, Note):
            self.notes.append(message.text)
        elif isinstance(message, Infeasible):
            self.infeasible = message
        else:
            self.last = message
        if isinstance(message, Incumbent | Bound | Progress):
            self._tell()

    def _tell(self) -> None:
        if self.progress is not None and self.last is not None:
            levels = () if self.scores is None else levels_of(self.scores, self.bounds)
            self.progress(replace(self.last, levels=levels))

    def _keep(self, timetable: Timetable) -> None:
        scores = score(self.event, timetable, self.begun)
        if self.scores is None or _order(scores) > _order(self.scores):
            self.timetable, self.scores = timetable, scores


def _order(scores: Scores) -> tuple[int, ...]:
    return (*entries(scores), -scores.breaks)


def _notes(end: End, cause: Sentence, log: _Log) -> list[Sentence]:
    kept = say("no timetable was found")
    if log.timetable is not None:
        kept = say("the best timetable so far is kept")
    if end is End.STOPPED:
        return [say("Stopped before the end: %(kept)s.", kept=kept)]
    if end is End.TIME:
        return [say("The time limit was reached: %(kept)s.", kept=kept)]
    if end is End.DIED:
        return [say("The solve ended early (%(cause)s): %(kept)s.", cause=cause, kept=kept)]
    if log.infeasible is not None and not log.infeasible.is_confirmed:
        return [
            say("One search said that no timetable exists, a second could not confirm it in time.")
        ]
    return log.notes


def _result(
    event: Event, settings: Settings, log: _Log, started: float, notes: Iterable[Sentence]
) -> Result:
    timetable = log.timetable
    if timetable is not None:
        broken = violations(event, timetable, log.begun)
        if broken:
            raise VerificationError(listed((violation.message for violation in broken), "; "))
    levels = () if log.scores is None else levels_of(log.scores, log.bounds)
    total = time.monotonic() - started
    return Result(
        status=_status(log, levels),
        timetable=timetable,
        levels=levels,
        metrics=None if timetable is None else metrics(event, timetable),
        comfort=None if timetable is None else comfort(timetable, breaks_before=log.breaks_before),
        seed=settings.seed,
        version=__version__,
        event_sha256=event_sha256(event),
        runtime_s=(("total", total), *log.times),
        notes=tuple(notes),
    )


def _status(log: _Log, levels: tuple[Level, ...]) -> Status:
    if log.timetable is None:
        is_sure = log.infeasible is not None and log.infeasible.is_confirmed
        return Status.INFEASIBLE if is_sure else Status.UNKNOWN
    is_proven = all(level.is_proven for level in levels[:-1])
    return Status.OPTIMAL if is_proven else Status.FEASIBLE


def levels_of(scores: Scores, bounds: dict[tuple[int, ...], int]) -> tuple[Level, ...]:
    """Put each level beside the bound that holds for it.

    Parameters
    ----------
    bounds
        By the entries above: the largest next entry of any timetable that has those.

    Notes
    -----
    A bound counts only for exactly the entries that the timetable has above it. Breaks are at least
    0, whatever else is known of them.
    """
    row = entries(scores)
    limits = [bounds.get(row[:index]) for index in range(len(row))]
    first: tuple[Level, ...] = ()
    if scores.changes is not None:
        least, *limits = limits
        first = (Level(CHANGES, (scores.changes,), (None if least is None else -least,)),)
    guarantee = len(scores.guaranteed)
    return (
        *first,
        Level(LEVEL_NAMES[0], scores.guaranteed, tuple(limits[:guarantee])),
        Level(LEVEL_NAMES[1], (scores.company_minimum,), (limits[guarantee],)),
        Level(LEVEL_NAMES[2], (scores.preferences,), (limits[guarantee + 1],)),
        Level(LEVEL_NAMES[3], (scores.breaks,), (-min(0, bounds.get(row, 0)),)),
    )

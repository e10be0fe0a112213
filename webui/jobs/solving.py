"""The solve job: the engine in its child process, its progress for the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scheduler.errors import InvalidEventError
from scheduler.explain.diagnose import diagnose
from scheduler.isolation import usual_memory_mb
from scheduler.keep import keep_meetings
from scheduler.model import Event, Level, Progress, Result, Status
from scheduler.sentence import say
from scheduler.solve import solve
from scheduler.strategies.base import Settings, usual_workers
from webui.jobs.worker import Running
from webui.operations import solving
from webui.operations.figures import sizes_of
from webui.operations.log import RefusedError
from webui.store import EventRow
from webui.store.exchange import read_event

PROBLEMS_TOLD = 20


@dataclass(frozen=True, slots=True)
class _Task:
    """The event as stored, with its revision, and the one to solve, with what is kept pinned."""

    event: Event
    revision: int
    pinned: Event


def run(running: Running) -> None:
    """Solve the event of a job and store what was found.

    Notes
    -----
    The event is read when the job begins; the result says by its digest what it was made for.
    """
    asked = running.claimed.asked
    try:
        task = _read(running)
        sizes = sizes_of(task.event)
        running.progress = {**sizes, "stage": "start"}
        result = solve(
            task.pinned,
            Settings(
                time_limit_s=asked["time_limit_s"], seed=asked["seed"], workers=usual_workers()
            ),
            progress=_teller(running, sizes),
            should_stop=running.should_stop,
            memory_limit_mb=usual_memory_mb(),
        )
    except InvalidEventError as error:
        told = [problem.sentence() for problem in error.problems[:PROBLEMS_TOLD]]
        running.fail("invalid", progress={"notes": told})
        return
    except RefusedError as error:
        running.fail("invalid", progress={"notes": [say(error.text, **error.values)]})
        return
    ended = {**running.progress, "status": result.status.value, "notes": list(result.notes)}
    ended |= _why(running, task.pinned, result)
    running.store(
        lambda: solving.store_result(
            running.database,
            running.clock(),
            running.claimed,
            worker=running.worker,
            event=task.event,
            revision=task.revision,
            result=result,
            progress=ended,
        )
    )


def _read(running: Running) -> _Task:
    event_id = running.claimed.event_id
    with running.database.reading() as session:
        row = session.get_one(EventRow, event_id)
        event = read_event(session, row)
        kept = solving.working(session, event_id)
        if kept is None or not running.claimed.asked["keeps_working"]:
            return _Task(event, row.revision, event)
        timetable = solving.load_in(session, event_id, kept.id).timetable
    return _Task(event, row.revision, keep_meetings(event, timetable, file="timetable"))


def _teller(running: Running, sizes: dict[str, int]) -> Callable[[Progress], None]:
    def tell(progress: Progress) -> None:
        running.progress = {
            **sizes,
            "stage": progress.stage,
            "level": progress.level,
            "best": progress.best,
            "bound": progress.bound,
            "levels": [_level(level) for level in progress.levels],
        }

    return tell


def _level(level: Level) -> dict[str, Any]:
    return {"name": level.name, "value": list(level.value), "bound": list(level.bound)}


def _why(running: Running, event: Event, result: Result) -> dict[str, Any]:
    """Facts that clash where no timetable exists, and what resolves it."""
    if result.status is not Status.INFEASIBLE:
        return {}
    running.progress = {**running.progress, "stage": "diagnose"}
    found = diagnose(event, should_stop=running.should_stop, memory_limit_mb=usual_memory_mb())
    if found is None:
        return {"facts": [], "remedies": []}
    return {"facts": list(found.facts), "remedies": list(found.remedies)}

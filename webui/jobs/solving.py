"""The solve job: the engine in its child process, its progress for the page."""

from __future__ import annotations

from typing import Any

from scheduler.keep import keep_meetings
from scheduler.model import Event, Progress
from scheduler.solve import solve
from scheduler.strategies.base import Settings
from webui.jobs.worker import Running
from webui.operations import solving
from webui.store import EventRow
from webui.store.exchange import read_event

MEMORY_LIMIT_MB = 6_000


def run(running: Running) -> None:
    """Solve the event of a job and store what was found.

    Notes
    -----
    The event is read when the job begins; the result says by its digest what it was made for.
    """
    asked = running.claimed.asked
    event = _event(running)

    def tell(progress: Progress) -> None:
        levels: dict[str, Any] = dict(running.progress.get("levels", {}))
        if progress.level:
            levels[progress.level] = {"best": progress.best, "bound": progress.bound}
        running.progress = {
            "stage": progress.stage,
            "elapsed_s": round(progress.elapsed_s, 1),
            "levels": levels,
        }

    settings = Settings(time_limit_s=asked["time_limit_s"], seed=asked["seed"])
    result = solve(
        event,
        settings,
        progress=tell,
        should_stop=running.should_stop,
        memory_limit_mb=MEMORY_LIMIT_MB,
    )
    ended = {
        **running.progress,
        "status": result.status.value,
        "notes": list(result.notes),
        "elapsed_s": round(dict(result.runtime_s)["total"], 1),
    }
    solving.store_result(
        running.database,
        running.clock(),
        running.claimed,
        worker=running.worker,
        event=event,
        result=result,
        progress=ended,
    )


def _event(running: Running) -> Event:
    event_id = running.claimed.event_id
    with running.database.reading() as session:
        row = session.get_one(EventRow, event_id)
        running.claimed.asked["revision"] = row.revision
        event = read_event(session, row)
        kept = (
            solving.working(session, event_id) if running.claimed.asked["keeps_working"] else None
        )
        if kept is None:
            return event
        timetable = solving.load_in(session, event_id, kept.id).timetable
    return keep_meetings(event, timetable, file="timetable")

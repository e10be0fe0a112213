"""The repair job: the event as it is now in the timetable as it was, with the fewest changes."""

from __future__ import annotations

from scheduler.errors import InvalidEventError
from scheduler.isolation import usual_memory_mb
from scheduler.model import Progress
from scheduler.repair import repair
from scheduler.strategies.base import Settings, usual_workers
from webui.jobs.worker import Running
from webui.operations import repairing
from webui.operations.log import NotFoundError, RefusedError

PROBLEMS_TOLD = 20
BEFORE_THE_DAY_MIN = -1
"""No meeting is past: the day itself is another matter."""


def run(running: Running) -> None:
    """Fit in what changed and store the proposal."""
    try:
        found = repairing.load_base(running.database, running.claimed)
    except (RefusedError, NotFoundError):
        running.fail("changed")
        return

    def tell(progress: Progress) -> None:
        running.progress = {"stage": progress.stage}

    try:
        repaired = repair(
            found.event,
            found.timetable,
            (),
            now_min=BEFORE_THE_DAY_MIN,
            settings=Settings(time_limit_s=repairing.TIME_LIMIT_S, workers=usual_workers()),
            progress=tell,
            should_stop=running.should_stop,
            memory_limit_mb=usual_memory_mb(),
        )
    except InvalidEventError as error:
        told = [problem.sentence() for problem in error.problems[:PROBLEMS_TOLD]]
        running.fail("invalid", progress={"notes": told})
        return
    ended = {"status": repaired.result.status.value, "notes": list(repaired.result.notes)}
    running.store(
        lambda: repairing.store_proposal(
            running.database,
            running.clock(),
            running.claimed,
            worker=running.worker,
            found=found,
            repaired=repaired,
            progress=ended,
        )
    )

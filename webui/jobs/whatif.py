"""The what-if job: the event as it is and its variations, solved one after another."""

from __future__ import annotations

import json
from typing import Any

from scheduler.explain.whatif import Change, Variation, compare
from scheduler.isolation import usual_memory_mb
from scheduler.reports.files import summary_json
from scheduler.strategies.base import Settings, usual_workers
from webui.jobs.worker import Running
from webui.operations import queue
from webui.operations.figures import sizes_of
from webui.operations.whatif import changes_of
from webui.store import EventRow
from webui.store.exchange import read_event

PROBLEMS_TOLD = 3


def run(running: Running) -> None:
    """Compare what a job was asked for; its rows are the job's progress, also when cancelled."""
    asked = running.claimed.asked
    with running.database.reading() as session:
        row = session.get_one(EventRow, running.claimed.event_id)
        event, revision = read_event(session, row), row.revision
    wanted = changes_of(asked, event.opens_min)
    rows: list[dict[str, Any]] = []
    base = {"revision": revision, "wanted": len(wanted) + 1}

    def tell(variation: Variation) -> None:
        rows.append(_row(variation))
        running.progress = {**base, "rows": list(rows)}

    running.progress = {**base, "rows": []}
    compare(
        event,
        wanted,
        Settings(time_limit_s=asked["time_limit_s"], comfort_s=0.0, workers=usual_workers()),
        memory_limit_mb=usual_memory_mb(),
        moves_pins=True,
        should_stop=running.should_stop,
        on_done=tell,
    )
    ended = {**base, "wanted": len(rows), "rows": rows}

    def store() -> None:
        with running.database.writing() as session:
            queue.finish(
                session, running.clock(), running.claimed, worker=running.worker, progress=ended
            )

    running.store(store)


def _row(variation: Variation) -> dict[str, Any]:
    event, result = variation.event, variation.result
    row: dict[str, Any] = {
        "change": _change(variation.change),
        "slots": len(event.window.slots),
        "places": variation.places,
        "guarantee": event.rules.guaranteed_meetings_per_student,
        "is_comparable": variation.has_equal_goals,
        "problems": [problem.sentence() for problem in variation.problems[:PROBLEMS_TOLD]],
        **sizes_of(event),
    }
    if result is not None:
        row["summary"] = json.loads(summary_json(result))
        row["summary"]["below_guarantee"] = len(row["summary"]["below_guarantee"])
    return row


def _change(change: Change) -> dict[str, Any]:
    numbers = {
        "slot_min": change.slot_min,
        "changeover_min": change.changeover_min,
        "length_min": change.length_min,
        "guarantee": change.guarantee,
        "max_meetings": change.max_meetings,
        "tables": dict(change.tables) or None,
    }
    return {name: value for name, value in numbers.items() if value is not None}

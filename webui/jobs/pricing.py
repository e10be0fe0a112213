"""The price job: the event solved again with one more pair."""

from __future__ import annotations

from dataclasses import replace

from scheduler.errors import InvalidEventError
from scheduler.explain.pair import explain_pair
from scheduler.explain.pair_words import sentences
from scheduler.isolation import usual_memory_mb
from scheduler.sentence import say
from scheduler.strategies.base import Settings, usual_workers
from webui.jobs.worker import Running
from webui.operations import queue
from webui.operations.board import board_of
from webui.operations.log import NotFoundError, RefusedError
from webui.operations.pricing import TIME_LIMIT_S

PROBLEMS_TOLD = 5


def run(running: Running) -> None:
    """Say what it costs that a pair meets; the job keeps the sentences, without a name."""
    asked = running.claimed.asked
    try:
        board = board_of(running.database, running.claimed.event_id)
        if board is None or board.row.revision != asked["revision"]:
            running.fail("changed", progress={})
            return
        pair = board.people.pair(asked["student"], asked["company"])
        answer = explain_pair(
            board.event,
            board.timetable,
            *pair,
            settings=Settings(time_limit_s=TIME_LIMIT_S, comfort_s=0.5, workers=usual_workers()),
            memory_limit_mb=usual_memory_mb(),
        )
    except InvalidEventError as error:
        told = [problem.sentence() for problem in error.problems[:PROBLEMS_TOLD]]
        running.fail("invalid", progress={"notes": told})
        return
    except (RefusedError, NotFoundError):
        running.fail("changed", progress={})
        return
    nameless = replace(answer, student=replace(answer.student, name=say("the student")))
    ended = {"kind": answer.kind.value, "sentences": list(sentences(board.event, nameless))}

    def store() -> None:
        with running.database.writing() as session:
            queue.finish(
                session, running.clock(), running.claimed, worker=running.worker, progress=ended
            )

    running.store(store)

"""Asking why a pair does not meet, within this process."""

from __future__ import annotations

from scheduler.explain.pair import explain_pair
from scheduler.explain.pair_answer import (
    PairAnswer,
)
from scheduler.explain.pair_words import sentences
from scheduler.model import (
    Event,
    Meeting,
)
from scheduler.strategies.base import Settings
from tests.scheduler.events import (
    make_timetable,
)

SETTINGS = Settings(workers=1, comfort_s=0.05)


def explain(
    event: Event, *meetings: Meeting, student: str = "s1", company: str = "c1"
) -> PairAnswer:
    table = make_timetable(*meetings)
    return explain_pair(event, table, student, company, settings=SETTINGS, in_child=False)


def said(
    event: Event, *meetings: Meeting, student: str = "s1", company: str = "c1"
) -> tuple[str, ...]:
    return sentences(event, explain(event, *meetings, student=student, company=company))

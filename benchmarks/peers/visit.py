"""The question that grad-visitor-scheduler can be asked about an event, and its answer.

Version 0.5.0 (Dowling Lab, University of Notre Dame; BSD-3-Clause) knows visitors and their hosts,
hours of both, a maximum for each, buildings with walking time, meetings required or forbidden, and
points of a pair. It does not know ranks beyond five (points are set instead), seats of each company
(one size of group for all), a guarantee or a company's minimum as goals (hard minimums only), rest
after meetings in a row, room capacity, few breaks as a goal, a time limit.
"""

from __future__ import annotations

import json
from dataclasses import replace
from math import floor
from pathlib import Path
from typing import Any

from benchmarks.peers.answer import Answer
from benchmarks.peers.question import most_of_company, most_of_student, pins_of, points_of
from scheduler.model import Event
from scheduler.model.presence import Presence

TOLERANCE = 1e-6


def common_part(event: Event) -> Event:
    """Take from an event what grad-visitor-scheduler does not know.

    Every company has one table, with the fewest places of any; no minimum, no rest, no room
    capacity. An event that has nothing of this stays as it is.
    """
    places = min(company.capacity for company in event.companies)
    return replace(
        event,
        rules=replace(event.rules, max_in_a_row=0),
        rooms=tuple(replace(room, capacity=None) for room in event.rooms),
        companies=tuple(
            replace(company, min_meetings=0)
            if company.capacity == places
            else replace(company, tables=1, seats=places, min_meetings=0)
            for company in event.companies
        ),
    )


def question_of(event: Event) -> dict[str, Any]:
    """Write an event as a question.

    Raises
    ------
    ValueError
        The event has a rule that the peer does not know.

    Notes
    -----
    A pause for everybody is a slot in which nobody is present, so that walking during it is
    allowed, as it is by our rule: the peer counts walking time in whole slots.
    """
    if event != common_part(event):
        raise ValueError("grad-visitor-scheduler does not know every rule of this event")
    labels, numbers = _slots(event)
    presence = Presence(event)
    buildings = {room.room_id: room.building or "-" for room in event.rooms}

    def present(mask: int) -> list[int]:
        return [number for slot, number in enumerate(numbers) if mask >> slot & 1]

    return {
        "slots": labels,
        "numbers": numbers,
        "buildings": sorted(set(buildings.values())),
        "building_change_min": event.rules.building_change_min,
        "group": event.companies[0].capacity,
        "guarantee": event.rules.guaranteed_meetings_per_student,
        "students": [
            {
                "name": student.student_id,
                "slots": present(presence.students[student.student_id]),
                "most": most_of_student(event, student),
            }
            for student in event.students
        ],
        "companies": [
            {
                "name": company.company_id,
                "building": buildings[company.room_id],
                "slots": present(presence.companies[company.company_id]),
                "most": most_of_company(event, company),
            }
            for company in event.companies
            if company.room_id is not None
        ],
        "points": [[*pair, points] for pair, points in points_of(event).items()],
        "pins": [
            [*pair, None if slot is None else numbers[slot]]
            for pair, slot in pins_of(event).items()
        ],
    }


def answer_of(event: Event, question: dict[str, Any], answered: Path) -> Answer:
    """Read its answer.

    Notes
    -----
    Its bound is of the points while each student has the minimum that it was told. Where that is
    the guarantee, nothing better exists on level 1.
    """
    told = json.loads(answered.read_text(encoding="utf-8"))
    guarantee = event.rules.guaranteed_meetings_per_student
    is_full = told["minimum"] == guarantee
    points = None if told["bound"] is None else floor(told["bound"] + TOLERANCE)
    bounds = (*[len(event.students) if is_full else None] * guarantee, 0, points)
    slots = {number: slot for slot, number in enumerate(question["numbers"])}
    meetings = told["meetings"]
    held = None if meetings is None else tuple((s, c, slots[t]) for s, c, t in meetings)
    return Answer(held, bounds, told["seconds"])


def _slots(event: Event) -> tuple[list[str], list[int]]:
    """Labels of the peer's slots, and the number, from 1, of each of ours among them."""
    labels: list[str] = []
    numbers: list[int] = []
    ended = 0
    for slot in event.window.slots:
        if slot.index and event.window.has_break_after(slot.index - 1):
            labels.append(_label(event, ended, slot.start_min))
        labels.append(_label(event, slot.start_min, slot.end_min))
        numbers.append(len(labels))
        ended = slot.end_min
    return labels, numbers


def _label(event: Event, start: int, end: int) -> str:
    return f"{_clock(event, start)}-{_clock(event, end)}"


def _clock(event: Event, minute: int) -> str:
    hour, past = divmod(event.opens_min + minute, 60)
    return f"{hour % 12 or 12}:{past:02d} {'AM' if hour < 12 else 'PM'}"

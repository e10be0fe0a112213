"""The counts by which timetables are compared: meetings per student, places taken, by slot."""

from __future__ import annotations

from collections import Counter
from typing import Any

from scheduler.model import Event, Timetable
from scheduler.model.presence import Presence


def sizes_of(event: Event) -> dict[str, int]:
    """What the levels are counted out of: students, and meetings that companies ask for."""
    return {
        "students": len(event.students),
        "minimum": sum(company.min_meetings for company in event.companies),
    }


def figures_of(event: Event, timetable: Timetable) -> dict[str, Any]:
    """Count a timetable, in values that JSON holds; nobody is named but companies.

    Returns
    -------
    dict
        ``students`` and ``minimum`` as `sizes_of`; ``per_student[n]`` students with n meetings;
        ``slots`` clock times at which they begin; ``fill`` one entry a company with ``taken`` and
        ``places`` by slot, places 0 where the company is not there.
    """
    per_student = Counter(meeting.student_id for meeting in timetable.meetings)
    counts = Counter(per_student[student.student_id] for student in event.students)
    taken = Counter((meeting.company_id, meeting.slot) for meeting in timetable.meetings)
    present = Presence(event).companies
    slots = event.window.slots
    return {
        **sizes_of(event),
        "per_student": [counts[n] for n in range(max(counts, default=0) + 1)],
        "slots": [event.clock(slot.start_min) for slot in slots],
        "fill": [
            {
                "name": company.name,
                "taken": [taken[company.company_id, slot.index] for slot in slots],
                "places": [
                    company.capacity * (present[company.company_id] >> slot.index & 1)
                    for slot in slots
                ],
            }
            for company in event.companies
        ],
    }

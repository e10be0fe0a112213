"""Every rule a timetable must keep, checked from the event's raw values and nothing else.

Nothing here is shared with the strategies that make timetables, so a mistake there cannot hide
here.
"""

from scheduler.verify.judge import past_is_fixed, violations
from scheduler.verify.pairs import eligible, presence
from scheduler.verify.rules import (
    RULES,
    max_in_a_row,
    max_meetings,
    once_per_pair,
    one_place_at_a_time,
    pins,
    room_capacity,
    room_tables,
    seats,
    walking_time,
)
from scheduler.verify.violation import Violation

__all__ = [
    "RULES",
    "Violation",
    "eligible",
    "max_in_a_row",
    "max_meetings",
    "once_per_pair",
    "one_place_at_a_time",
    "past_is_fixed",
    "pins",
    "presence",
    "room_capacity",
    "room_tables",
    "seats",
    "violations",
    "walking_time",
]

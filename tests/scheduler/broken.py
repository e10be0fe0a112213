"""What the verifier says of a handful of meetings."""

from __future__ import annotations

from scheduler.model import Event, Meeting
from scheduler.verify import Violation, violations
from tests.scheduler.events import make_timetable


def only(event: Event, *meetings: Meeting) -> Violation:
    """The one violation of a timetable."""
    found = violations(event, make_timetable(*meetings))
    assert len(found) == 1, found
    return found[0]


def is_clean(event: Event, *meetings: Meeting) -> bool:
    return violations(event, make_timetable(*meetings)) == ()

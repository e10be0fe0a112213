"""Who moves, gains, loses or can step in, in plain words for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from scheduler.cli.counts import counted
from scheduler.model import Event, Meeting
from scheduler.repair import Difference, DifferenceKind, Repaired
from scheduler.reports.standby import StandbyTurn, StandIn

HEADINGS = (
    (DifferenceKind.LOST, "Lost"),
    (DifferenceKind.MOVED, "Moved"),
    (DifferenceKind.GAINED, "Gained"),
)


def describe_differences(event: Event, repaired: Repaired) -> Iterator[str]:
    """Say who loses, moves and gains, by kind and then by student."""
    later = len(repaired.day.begun.later(event.window))
    past = len(repaired.day.begun.past(event.window))
    now = event.clock(repaired.day.begun.now_min)
    yield f"At {now}: {counted(past, 'meeting')} begun or over, {later} later."
    if not repaired.differences:
        yield "Nothing changes."
    rooms = {room.room_id: room.label for room in event.rooms}
    people = {student.student_id: student.name for student in event.students}
    companies = {company.company_id: company.name for company in event.companies}

    def where(meeting: Meeting) -> str:
        start = event.clock(event.window.slots[meeting.slot].start_min)
        return f"{start} {rooms[meeting.room_id]} table {meeting.table}"

    def line(one: Difference) -> str:
        company = companies[one.meeting.company_id]
        stations = " -> ".join(where(m) for m in (one.before, one.after) if m is not None)
        return f"{company}, {stations}: {one.reason}"

    for kind, heading in HEADINGS:
        own = [one for one in repaired.differences if one.change is kind]
        if own:
            yield f"{heading}, {counted(len(own), 'meeting')}:"
        for student_id, group in groupby(own, key=lambda one: one.meeting.student_id):
            rows = list(group)
            if len(rows) == 1:
                yield f"  {people[student_id]} ({student_id}): {line(rows[0])}"
                continue
            yield f"  {people[student_id]} ({student_id})"
            yield from (f"    {line(one)}" for one in rows)


MOST_NAMES = 5
"""Of an empty place on the terminal; the file has all."""


def describe_standby(event: Event, turns: Sequence[StandbyTurn], *, is_now: bool) -> Iterator[str]:
    """Say who can step in at each turn, first to ask first."""
    if not turns:
        yield "No place is empty." if is_now else "There is no meeting."
    rooms = {room.room_id: room.label for room in event.rooms}
    companies = {company.company_id: company.name for company in event.companies}
    for turn in turns:
        start = event.clock(event.window.slots[turn.slot].start_min)
        places = f", {counted(turn.free, 'empty place')}" if is_now else ""
        names = "; ".join(_stand_in(own) for own in turn.names[:MOST_NAMES]) or "nobody can"
        more = f"; and {len(turn.names) - MOST_NAMES} more" if len(turn.names) > MOST_NAMES else ""
        yield f"{start} {rooms[turn.room_id]}, {companies[turn.company_id]}{places}: {names}{more}"


def _stand_in(own: StandIn) -> str:
    wish = "not ranked" if own.rank is None else f"wish {own.rank}"
    lacks = f", {own.missing} below the guarantee" if own.missing else ""
    who = f"{own.student.name} ({own.student.student_id})"
    return f"{who}, {wish}, {counted(own.meetings, 'meeting')}{lacks}"

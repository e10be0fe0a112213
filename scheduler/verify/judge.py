"""Every broken rule of a timetable, also of one whose day has begun."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.model import Begun, Event, Meeting, Timetable
from scheduler.sentence import say
from scheduler.verify.names import Names
from scheduler.verify.rules import OF_A_DAY, RULES, pins
from scheduler.verify.violation import Violation, of_meeting


def violations(
    event: Event, timetable: Timetable, begun: Begun | None = None
) -> tuple[Violation, ...]:
    """Every broken rule of a timetable, in the order of `RULES`; empty when it may be used.

    Parameters
    ----------
    begun
        A day that has begun: ``past_is_fixed`` is a rule then, and no rule is asked about past
        meetings alone. Rules about one slot see later meetings only; what past meetings break by
        themselves is passed over.

    Notes
    -----
    Ids, slots and rooms that the event does not have are violations too: of ``eligible`` (people),
    ``presence`` (slots) and ``room_tables`` (rooms).
    """
    if begun is None:
        return tuple(violation for rule in RULES for violation in rule(event, timetable))
    gone = Timetable(_before(event, timetable, begun), timetable.places)
    begins = set(gone.meetings)
    ahead = Timetable(tuple(m for m in timetable.meetings if m not in begins), timetable.places)
    found = list(past_is_fixed(event, timetable, begun))
    for rule in RULES:
        if rule in OF_A_DAY:
            passed_over = () if rule is pins else set(rule(event, gone))
            found += [v for v in rule(event, timetable) if v not in passed_over]
        else:
            found += rule(event, ahead)
    return tuple(found)


def past_is_fixed(event: Event, timetable: Timetable, begun: Begun) -> Iterator[Violation]:
    """Yield a violation where a begun meeting is not as it was, or a company has moved.

    A company keeps the room of its earlier meetings, and nobody else gets a table of a past one.
    """
    names = Names(event)
    was, now = (set(_before(event, one, begun)) for one in (begun.timetable, timetable))
    for meeting in sorted(was - now):
        text = say(
            "%(pair)s, table %(table)s, has begun and must stay",
            pair=names.pair(meeting),
            table=meeting.table,
        )
        yield of_meeting(meeting, "past_is_fixed", text)
    for meeting in sorted(now - was):
        text = say(
            "%(pair)s, table %(table)s, would have begun already",
            pair=names.pair(meeting),
            table=meeting.table,
        )
        yield of_meeting(meeting, "past_is_fixed", text)
    stood = {m.company_id: m.room_id for m in begun.timetable.meetings}
    owners = {(m.room_id, m.table): m.company_id for m in was}
    for meeting in timetable.meetings:
        room_id = stood.get(meeting.company_id, meeting.room_id)
        if meeting.room_id != room_id:
            text = say(
                "%(pair)s: the company stands in %(room)s today",
                pair=names.pair(meeting),
                room=names.room(room_id),
            )
            yield of_meeting(meeting, "past_is_fixed", text)
        owner = owners.get((meeting.room_id, meeting.table), meeting.company_id)
        if owner != meeting.company_id:
            text = say(
                "%(pair)s: table %(table)s is %(company)s's today",
                pair=names.pair(meeting),
                table=meeting.table,
                company=names.company(owner),
            )
            yield of_meeting(meeting, "past_is_fixed", text)


def _before(event: Event, timetable: Timetable, begun: Begun) -> tuple[Meeting, ...]:
    """Meetings of slots that begin before now."""
    starts = {slot.index: slot.start_min for slot in event.window.slots}
    return tuple(m for m in timetable.meetings if starts.get(m.slot, 0) < begun.now_min)

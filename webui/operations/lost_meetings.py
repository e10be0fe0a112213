"""Meetings that versions had before somebody was deleted, from what was kept aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from webui.store import CompanyRow, MeetingRow, Removed, StudentRow

PEOPLE = {"students": StudentRow.__tablename__, "companies": CompanyRow.__tablename__}
MEETINGS = MeetingRow.__tablename__

LostMeeting = tuple[int, int, int, int, str, int]
"""Timetable, student, company, minutes after midnight, room, table."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Meetings, and the names of deleted people; their numbers are below 0, nobody else's are."""

    meetings: list[LostMeeting] = field(default_factory=list)
    students: dict[int, str] = field(default_factory=dict)
    companies: dict[int, str] = field(default_factory=dict)


def lost_meetings(
    session: Session, event_id: int, timetables: Collection[int], *, since: dt.datetime
) -> Lost:
    """Find what timetables lost with deleted people, as long as these can be brought back.

    Parameters
    ----------
    since
        When the first of the timetables was made.
    """
    asked = (
        select(Removed.content)
        .where(
            Removed.event_id == event_id,
            Removed.list_name.in_(PEOPLE),
            Removed.removed_at >= since,
        )
        .order_by(Removed.id.desc())
    )
    lost = Lost()
    names = {PEOPLE["students"]: lost.students, PEOPLE["companies"]: lost.companies}
    # the number of a deleted row may be another's by now, so each is known by one of its own
    people: dict[str, dict[int, int]] = {kind: {} for kind in names}
    numbers = count(-1, -1)
    for content in session.scalars(asked):
        for kind, known in people.items():
            for row in content["rows"].get(kind, ()):
                known[row["id"]] = number = next(numbers)
                names[kind][number] = row["name"]
        students, companies = (people[kind] for kind in names)
        lost.meetings.extend(
            (
                row["timetable_id"],
                students.get(row["student_pk"], row["student_pk"]),
                companies.get(row["company_pk"], row["company_pk"]),
                row["start_min"],
                row["room_id"],
                row["table"],
            )
            for row in content["rows"].get(MEETINGS, ())
            if row["timetable_id"] in timetables
        )
    return lost

"""A timetable to work on, published, changed and kept, as staff would."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.webui.conftest import NOON
from tests.webui.jobs import do_jobs
from webui.operations import previews, publishing, solving
from webui.operations.accounts import Colleague
from webui.operations.previews import Preview
from webui.store import CompanyRow, Database, EventRow, MeetingRow, StudentRow, TimetableRow


def solve_and_use(database: Database, staff: Colleague, event_id: int) -> int:
    """Solve an event and take the result to work on; the row of the timetable."""
    solving.start_solve(database, staff.actor, NOON, event_id=event_id)
    do_jobs(database)
    result = solving.results_of(database, event_id)[0].id
    return solving.use_result(database, staff.actor, NOON, event_id=event_id, timetable_id=result)


@pytest.fixture
def working(database: Database, administrator: Colleague, tiny: int) -> int:
    """The tiny event, solved, a timetable to work on; its row."""
    return solve_and_use(database, administrator, tiny)


@pytest.fixture
def addressed(database: Database, administrator: Colleague, tiny: int, working: int) -> int:
    """The same, and everybody has an e-mail address; its row."""
    with database.writing() as session:
        for student in session.scalars(select(StudentRow).where(StudentRow.event_id == tiny)):
            student.email = f"{student.student_id}@au.dk"
        for company in session.scalars(select(CompanyRow).where(CompanyRow.event_id == tiny)):
            company.email = f"{company.company_id}@firm.dk"
    keep(database, administrator, tiny)
    return working


def look(database: Database, event_id: int) -> Preview:
    """What publishing would do."""
    seen = previews.preview(database, event_id)
    assert seen
    return seen


def press(database: Database, staff: Colleague, event_id: int, seen: Preview, **ticks: bool) -> int:
    """Publish what was looked at."""
    return publishing.publish(
        database,
        staff.actor,
        NOON,
        event_id=event_id,
        timetable_id=seen.timetable_id,
        revision=seen.revision,
        number=seen.number,
        **ticks,
    )


def publish(database: Database, staff: Colleague, event_id: int, **ticks: bool) -> int:
    """Look, and publish."""
    return press(database, staff, event_id, look(database, event_id), **ticks)


def keep(database: Database, staff: Colleague, event_id: int) -> None:
    """Keep the timetable as it is."""
    seen = look(database, event_id)
    publishing.keep_as_it_is(
        database,
        staff.actor,
        NOON,
        event_id=event_id,
        timetable_id=seen.timetable_id,
        revision=seen.revision,
    )


def drop_a_meeting(database: Database, timetable_id: int) -> tuple[int, int]:
    """Take one meeting out of a timetable; its student and company."""
    with database.writing() as session:
        own = session.scalars(
            select(MeetingRow).where(MeetingRow.timetable_id == timetable_id).limit(1)
        ).one()
        session.delete(own)
        session.get_one(TimetableRow, timetable_id).revision += 1
        return own.student_pk, own.company_pk


def events_key(database: Database, event_id: int) -> str:
    """The key of an event, for its addresses."""
    with database.reading() as session:
        return session.get_one(EventRow, event_id).key

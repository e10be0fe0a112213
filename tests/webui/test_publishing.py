"""Publishing: one version at a time, what differs, taken back."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from tests.webui.conftest import NOON
from tests.webui.publishing import (
    addressed,
    drop_a_meeting,
    keep,
    look,
    press,
    publish,
    working,
)
from webui.operations import events, publishing, schedules, solving, versions
from webui.operations.accounts import Colleague
from webui.operations.log import RefusedError, StaleError
from webui.store import (
    Audit,
    CompanyRow,
    Database,
    EventRow,
    Mail,
    MeetingRow,
    StudentRow,
    TimetableRow,
    Version,
)

__all__ = ["addressed", "working"]

LATER = NOON + dt.timedelta(hours=1)


def test_publishing_freezes_a_copy_and_withdraws_the_one_before(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    assert publish(database, administrator, tiny) == 1
    drop_a_meeting(database, working)
    assert publish(database, administrator, tiny) == 2
    with database.reading() as session:
        rows = session.scalars(select(Version).order_by(Version.number)).all()
        assert [own.withdrawn_at is None for own in rows] == [False, True]
        frozen = [session.get_one(TimetableRow, own.timetable_id) for own in rows]
        assert [own.origin for own in frozen] == ["frozen", "frozen"]
        counts = [
            session.scalar(select(func.count()).where(MeetingRow.timetable_id == own.id))
            for own in frozen
        ]
        published = session.scalars(select(Audit).where(Audit.action == "version.publish")).all()
    assert counts[0]
    assert counts[1] == counts[0] - 1
    assert [own.detail["number"] for own in published] == [1, 2]
    assert [own.meetings for own in versions.history(database, tiny)] == [counts[1], counts[0]]


def test_pressed_twice_publishes_one_version(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    seen = look(database, tiny)
    for _ in range(2):
        number = press(database, administrator, tiny, seen, writes_students=True)
        assert number == 1
    with database.reading() as session:
        assert session.scalar(select(func.count(Version.id))) == 1


def test_two_who_press_at_once_publish_one_version(
    database: Database, administrator: Colleague, tiny: int, addressed: int
) -> None:
    seen = look(database, tiny)

    def publishes(_: int) -> int:
        return press(database, administrator, tiny, seen, writes_students=True)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(publishes, range(4))) == [1] * 4
    with database.reading() as session:
        assert session.scalar(select(func.count(Version.id))) == 1
        assert session.scalar(select(func.count(Mail.id))) == seen.students_to_tell


def test_a_timetable_that_was_changed_since_it_was_looked_at_is_not_published(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    seen = look(database, tiny)
    drop_a_meeting(database, working)
    with pytest.raises(StaleError):
        press(database, administrator, tiny, seen)
    assert versions.history(database, tiny) == []


def test_a_timetable_older_than_the_event_is_refused_until_it_is_kept(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    with database.writing() as session:
        session.execute(update(CompanyRow).values(about="new words"))
        session.execute(update(StudentRow).values(programme="Physics"))
        events.touch(session, tiny)
    seen = look(database, tiny)
    assert seen.is_older
    assert seen.faults == ()
    with pytest.raises(RefusedError, match="changed since"):
        publish(database, administrator, tiny)
    keep(database, administrator, tiny)
    assert publish(database, administrator, tiny) == 1


def test_a_broken_rule_is_refused_with_its_sentence(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    with database.writing() as session:
        row = session.get_one(EventRow, tiny)
        row.rules = {**row.rules, "max_meetings_per_student": 1}
        events.touch(session, tiny)
    seen = look(database, tiny)
    assert seen.faults
    with pytest.raises(RefusedError, match="breaks a rule") as refused:
        publish(database, administrator, tiny)
    assert seen.faults[0] in str(refused.value)
    with pytest.raises(RefusedError, match="breaks a rule"):
        keep(database, administrator, tiny)
    assert versions.history(database, tiny) == []


def test_the_schema_holds_one_published_version(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    publish(database, administrator, tiny)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(
            Version(event_id=tiny, number=2, timetable_id=working, window={}, published_at=NOON)
        )


def test_taking_back_leaves_students_without_a_timetable_and_can_be_published_again(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    with database.reading() as session:
        student = session.scalars(
            select(MeetingRow.student_pk).where(MeetingRow.timetable_id == working)
        ).first()
    assert student
    assert schedules.schedule_of(database, student) is None
    publish(database, administrator, tiny)
    shown = schedules.schedule_of(database, student)
    assert shown
    assert shown.appointments
    publishing.withdraw(database, administrator.actor, LATER, event_id=tiny, number=1)
    assert schedules.schedule_of(database, student) is None
    with pytest.raises(StaleError):
        publishing.withdraw(database, administrator.actor, LATER, event_id=tiny, number=1)
    assert publish(database, administrator, tiny) == 2


def test_working_on_an_earlier_version_copies_it(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    publish(database, administrator, tiny)
    drop_a_meeting(database, working)
    publish(database, administrator, tiny)
    publishing.work_on(database, administrator.actor, LATER, event_id=tiny, number=1)
    with database.reading() as session:
        own = solving.working(session, tiny)
        first = versions.version_of(session, tiny, 1).timetable_id
        assert own
        assert own.id not in (working, first)
        assert versions.moves_between(session, first, own.id) == []
    seen = look(database, tiny)
    assert seen.difference.counts == {"moved": 0, "gained": 1, "lost": 0}


def test_a_move_says_from_where_to_where(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    publish(database, administrator, tiny)
    with database.writing() as session:
        own = session.scalars(select(MeetingRow).where(MeetingRow.timetable_id == working)).first()
        assert own
        was, own.start_min = own.start_min, 23 * 60
        before = versions.version_of(session, tiny, 1).timetable_id
        [move] = versions.moves_between(session, before, working)
    assert move.before
    assert move.after
    assert (move.kind, move.before.start_min, move.after.start_min) == ("moved", was, 23 * 60)

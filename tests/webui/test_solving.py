"""The solve job and its results: stored, used, dropped, refused when older than the event."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select

from scheduler.verify import violations
from tests.webui.conftest import NOON
from tests.webui.jobs import do_jobs
from webui.jobs.worker import Running
from webui.operations import events, queue, solving, standing
from webui.operations.accounts import Colleague
from webui.operations.log import NotFoundError, RefusedError
from webui.serving import HANDLERS
from webui.store import (
    CompanyRow,
    Database,
    DecisionRow,
    EventRow,
    MeetingRow,
    StudentRow,
    TimetableRow,
)


@pytest.fixture
def solved(database: Database, administrator: Colleague, tiny: int) -> int:
    """A result of the tiny event; its row."""
    solving.start_solve(database, administrator.actor, NOON, event_id=tiny, note=" first ")
    [job] = do_jobs(database)
    assert (job.state, job.error) == ("done", "")
    return solving.results_of(database, tiny)[0].id


def change(database: Database, event_id: int, **values: object) -> None:
    with database.writing() as session:
        row = session.get_one(EventRow, event_id)
        for name, value in values.items():
            setattr(row, name, value)
        events.touch(session, event_id)


def test_a_result_is_stored_with_its_settings_and_figures(
    database: Database, tiny: int, solved: int
) -> None:
    found = solving.load(database, tiny, solved)
    assert violations(found.event, found.timetable) == ()
    assert found.row.settings["note"] == "first"
    assert found.row.status == "optimal"
    figures = found.row.summary["figures"]
    assert sum(figures["per_student"]) == len(found.event.students)
    taken = sum(sum(own["taken"]) for own in figures["fill"])
    assert taken == len(found.timetable.meetings) == found.row.summary["meetings"]
    assert figures["slots"][0] == found.event.clock(0)


def test_using_a_result_makes_it_the_one_to_work_on(
    database: Database, administrator: Colleague, tiny: int, solved: int
) -> None:
    actor = administrator.actor
    first = solving.use_result(database, actor, NOON, event_id=tiny, timetable_id=solved)
    second = solving.use_result(database, actor, NOON, event_id=tiny, timetable_id=solved)
    with database.reading() as session:
        own = solving.working(session, tiny)
        assert own
        assert (own.id, own.parent_id, own.origin) == (second, solved, "hand")
        assert not session.get_one(TimetableRow, first).is_working
        meetings = [
            session.scalar(select(func.count()).where(MeetingRow.timetable_id == pk))
            for pk in (solved, second)
        ]
    assert meetings[0] == meetings[1] != 0


def test_a_result_older_than_the_event_is_refused_with_the_reason(
    database: Database, administrator: Colleague, tiny: int, solved: int
) -> None:
    change(database, tiny, rules={"max_meetings_per_student": 1})
    with pytest.raises(RefusedError, match="changed since"):
        solving.use_result(database, administrator.actor, NOON, event_id=tiny, timetable_id=solved)
    with database.reading() as session:
        assert solving.working(session, tiny) is None
        row, result = session.get_one(EventRow, tiny), session.get_one(TimetableRow, solved)
    assert standing.is_older(database, row, result)


def test_without_the_digest_a_result_older_than_the_event_would_be_used(
    database: Database,
    administrator: Colleague,
    tiny: int,
    solved: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change(database, tiny, rules={"max_meetings_per_student": 1})
    with database.reading() as session:
        sha256 = session.get_one(TimetableRow, solved).event_sha256
    monkeypatch.setattr(solving, "event_sha256", lambda _: sha256)
    assert solving.use_result(
        database, administrator.actor, NOON, event_id=tiny, timetable_id=solved
    )


def test_a_change_taken_back_makes_a_result_usable_again(
    database: Database, administrator: Colleague, tiny: int, solved: int
) -> None:
    with database.reading() as session:
        before = dict(session.get_one(EventRow, tiny).rules)
    change(database, tiny, rules={**before, "max_meetings_per_student": 1})
    change(database, tiny, rules=before)
    with database.reading() as session:
        row, result = session.get_one(EventRow, tiny), session.get_one(TimetableRow, solved)
    assert not standing.is_older(database, row, result)
    assert solving.use_result(
        database, administrator.actor, NOON, event_id=tiny, timetable_id=solved
    )


def test_a_result_of_another_event_is_not_found(
    database: Database, administrator: Colleague, tiny: int, solved: int
) -> None:
    for action in (solving.use_result, solving.drop_result):
        with pytest.raises(NotFoundError):
            action(database, administrator.actor, NOON, event_id=tiny + 1, timetable_id=solved)


def test_a_result_can_be_dropped(
    database: Database, administrator: Colleague, tiny: int, solved: int
) -> None:
    solving.drop_result(database, administrator.actor, NOON, event_id=tiny, timetable_id=solved)
    assert solving.results_of(database, tiny) == []


def test_solving_the_rest_keeps_every_meeting_and_can_be_used(
    database: Database, administrator: Colleague, tiny: int, solved: int
) -> None:
    actor = administrator.actor
    working = solving.use_result(database, actor, NOON, event_id=tiny, timetable_id=solved)
    with database.writing() as session:
        lost = session.scalars(
            select(MeetingRow.id).where(MeetingRow.timetable_id == working).limit(1)
        ).one()
        session.execute(delete(MeetingRow).where(MeetingRow.id == lost))
    solving.start_solve(database, actor, NOON, event_id=tiny, keeps_working=True)
    [job] = do_jobs(database)
    assert job.state == "done", job.progress
    again = solving.results_of(database, tiny)[0]
    kept = set(solving.load(database, tiny, working).timetable.meetings)
    assert kept < set(solving.load(database, tiny, again.id).timetable.meetings)
    assert solving.use_result(database, actor, NOON, event_id=tiny, timetable_id=again.id)


def test_an_event_with_problems_is_not_solved(
    database: Database, administrator: Colleague, tiny: int
) -> None:
    with database.writing() as session:
        session.execute(delete(StudentRow).where(StudentRow.event_id == tiny))
        events.touch(session, tiny)
    with pytest.raises(RefusedError, match="there are none yet"):
        solving.start_solve(database, administrator.actor, NOON, event_id=tiny)
    assert queue.jobs_of(database, tiny, "solve") == []


@pytest.mark.parametrize("seconds", [0, 601])
def test_a_time_limit_that_makes_no_sense_is_refused(
    database: Database, administrator: Colleague, tiny: int, seconds: int
) -> None:
    with pytest.raises(RefusedError, match="1 to 600 seconds"):
        solving.start_solve(
            database, administrator.actor, NOON, event_id=tiny, time_limit_s=seconds
        )


def test_an_event_broken_after_asking_says_its_problems(
    database: Database, administrator: Colleague, tiny: int
) -> None:
    solving.start_solve(database, administrator.actor, NOON, event_id=tiny)
    change(database, tiny, slot_min=0)
    [job] = do_jobs(database)
    assert (job.state, job.error) == ("failed", "invalid")
    assert "slot_min" in job.progress["notes"][0]


def test_somebody_removed_while_it_is_solved_fails_with_the_reason(
    database: Database, administrator: Colleague, tiny: int
) -> None:
    solving.start_solve(database, administrator.actor, NOON, event_id=tiny)
    claimed = queue.claim(database, NOON, worker="test", kinds=["solve"])
    assert claimed

    def clock() -> object:  # asked for when the result is about to be stored
        with database.writing() as session:
            session.execute(delete(StudentRow).where(StudentRow.event_id == tiny))
        return NOON

    HANDLERS["solve"](Running(database, claimed, "test", clock))  # type: ignore[arg-type]
    [job] = queue.jobs_of(database, tiny, "solve")
    assert (job.state, job.error) == ("failed", "changed")
    assert solving.results_of(database, tiny) == []


def test_an_infeasible_event_says_what_clashes_and_what_resolves_it(
    database: Database, administrator: Colleague, tiny: int
) -> None:
    with database.writing() as session:
        row = session.get_one(EventRow, tiny)
        row.rules = {**row.rules, "max_in_a_row": 1}
        row.end_min = row.start_min + 22  # two slots, so the two meetings are in a row
        student = session.scalars(select(StudentRow).where(StudentRow.student_id == "ana")).one()
        companies = session.scalars(select(CompanyRow).where(CompanyRow.event_id == tiny)).all()
        session.add_all(
            DecisionRow(event_id=tiny, kind="pin", student_pk=student.id, company_pk=own.id)
            for own in companies[:2]
        )
        events.touch(session, tiny)
    solving.start_solve(database, administrator.actor, NOON, event_id=tiny)
    [job] = do_jobs(database)
    assert job.state == "done"
    assert job.progress["status"] == "infeasible"
    assert job.progress["facts"]
    assert solving.results_of(database, tiny) == []

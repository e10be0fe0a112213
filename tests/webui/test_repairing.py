"""People who come late: fitted in with the fewest changes, seen before it is accepted."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from scheduler.verify import violations
from tests.webui.conftest import NOON, Browser, words_of
from tests.webui.jobs import do_jobs
from tests.webui.publishing import drop_a_meeting, events_key, publish, working
from webui.operations import events, previews, repairing, solving, versions
from webui.operations.accounts import Colleague
from webui.operations.log import RefusedError, StaleError
from webui.store import (
    CompanyRow,
    Database,
    MeetingRow,
    PreferenceRow,
    StudentRow,
    TimetableRow,
)

__all__ = ["working"]


def add_student(database: Database, event_id: int) -> int:
    """Somebody who comes late, wishes to meet every company and finds a seat; the row."""
    with database.writing() as session:
        known = session.scalars(select(StudentRow).where(StudentRow.event_id == event_id)).first()
        assert known
        late = StudentRow(
            event_id=event_id,
            position=99,
            student_id="late",
            name="Late Comer",
            languages=known.languages,
            positions=known.positions,
            field=known.field,
        )
        session.add(late)
        session.flush()
        companies = session.scalars(select(CompanyRow).where(CompanyRow.event_id == event_id))
        for rank, company in enumerate(companies.all(), start=1):
            company.seats += 1
            wish = {"event_id": event_id, "student_pk": late.id, "company_pk": company.id}
            session.add(PreferenceRow(**wish, rank=rank))
        events.touch(session, event_id)
        return late.id


def repair(database: Database, staff: Colleague, event_id: int) -> None:
    repairing.start_repair(database, staff.actor, NOON, event_id=event_id)
    [job] = do_jobs(database)
    assert (job.state, job.error) == ("done", "")


def test_a_late_student_is_fitted_in_and_accepted(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    publish(database, administrator, tiny)
    late = add_student(database, tiny)
    repair(database, administrator, tiny)
    found = repairing.proposal_of(database, tiny)
    assert found
    assert not found.is_stale
    moves = [move for person in found.difference.students for move in person.moves]
    assert moves
    assert {move.kind for move in moves} == {"gained"}
    assert late in {move.student_pk for move in moves}
    assert {(move.student_pk, move.company_pk) for move in moves} == found.reasons.keys()
    with database.reading() as session:  # nothing is changed before it is accepted
        own = solving.working(session, tiny)
        assert own
        assert own.id == working
    repairing.accept(database, administrator.actor, NOON, event_id=tiny, timetable_id=found.row.id)
    with database.reading() as session:
        own = solving.working(session, tiny)
        assert own
        loaded = solving.load_in(session, tiny, own.id)
        met = select(func.count()).where(
            MeetingRow.timetable_id == own.id, MeetingRow.student_pk == late
        )
        assert session.scalar(met)
    assert violations(loaded.event, loaded.timetable) == ()
    assert repairing.proposal_of(database, tiny) is None
    assert publish(database, administrator, tiny) == 2


def test_nothing_moves_where_nothing_has_to(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    publish(database, administrator, tiny)
    repair(database, administrator, tiny)
    found = repairing.proposal_of(database, tiny)
    assert found
    assert found.difference.students == ()


def test_a_proposal_of_what_was_changed_since_is_not_accepted(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    add_student(database, tiny)
    repair(database, administrator, tiny)
    drop_a_meeting(database, working)
    found = repairing.proposal_of(database, tiny)
    assert found
    assert found.is_stale
    with pytest.raises(StaleError):
        repairing.accept(
            database, administrator.actor, NOON, event_id=tiny, timetable_id=found.row.id
        )


def test_a_dropped_proposal_leaves_everything_as_it_was(
    database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    repair(database, administrator, tiny)
    repairing.drop(database, administrator.actor, NOON, event_id=tiny)
    assert repairing.proposal_of(database, tiny) is None
    with database.reading() as session:
        own = solving.working(session, tiny)
        assert own
        assert own.id == working
        kinds = session.scalars(select(TimetableRow.origin)).all()
    assert "repair" not in kinds


def test_who_has_no_place_is_named_with_the_reason(
    staff: Browser, database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    late = add_student(database, tiny)
    with database.writing() as session:
        session.get_one(StudentRow, late).languages = "da:A1"  # no company speaks that
        events.touch(session, tiny)
    repair(database, administrator, tiny)
    page = words_of(staff.get(f"/events/{events_key(database, tiny)}/publish/proposal"))
    assert "Late Comer" in page
    assert "asks for English" in page


def test_there_is_nothing_to_fit_into_without_a_timetable(
    database: Database, administrator: Colleague, tiny: int
) -> None:
    with pytest.raises(RefusedError, match="Solve first"):
        repairing.start_repair(database, administrator.actor, NOON, event_id=tiny)


def test_pages_ask_show_and_accept(
    staff: Browser, database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    publish(database, administrator, tiny)
    add_student(database, tiny)
    key = events_key(database, tiny)
    text = staff.get(f"/events/{key}/publish").get_data(as_text=True)
    assert "The event was changed since" in text
    assert staff.post(f"/events/{key}/publish/fit-in").status_code == 303
    assert "Waits for its turn" in staff.get(f"/events/{key}/publish/fit-in").get_data(as_text=True)
    do_jobs(database)
    assert "A proposal is ready" in staff.get(f"/events/{key}/publish/fit-in").get_data(
        as_text=True
    )
    page = staff.get(f"/events/{key}/publish/proposal").get_data(as_text=True)
    assert "Late Comer" in page
    found = repairing.proposal_of(database, tiny)
    assert found
    form = {"timetable": found.row.id, "do": "accept"}
    assert staff.post(f"/events/{key}/publish/proposal", form).status_code == 303
    seen = previews.preview(database, tiny)
    assert seen
    assert not seen.is_older
    assert "Publish version 2" in staff.get(f"/events/{key}/publish").get_data(as_text=True)
    assert versions.history(database, tiny)[0].number == 1

"""Events remembered between requests: always as they are stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.event import listen

from tests.webui.conftest import Clock
from webui.app import create_app
from webui.config import Settings
from webui.operations import events
from webui.operations.board import read_ahead
from webui.operations.known import event_now
from webui.serving import warm_up
from webui.store import CompanyRow, Database, EventRow, PreferenceRow, StudentRow
from webui.store.exchange import read_event

CHANGES = {
    "a wish is gone": delete(PreferenceRow).where(PreferenceRow.rank == 2),
    "a rank is another": update(PreferenceRow).values(rank=PreferenceRow.rank + 3),
    "a company has another id": update(CompanyRow).values(company_id=CompanyRow.company_id + "-b"),
    "a student has another id": update(StudentRow).values(student_id=StudentRow.student_id + "-b"),
    "the list has another order": update(StudentRow).values(position=-StudentRow.position),
    "nothing is another": update(StudentRow).values(name=StudentRow.name),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_remembered_is_what_is_stored(database: Database, tiny: int, change: str) -> None:
    before = event_now(database, tiny).event
    with database.writing() as session:
        session.execute(CHANGES[change])
        events.touch(session, tiny)

    after = event_now(database, tiny).event

    with database.reading() as session:
        row = session.scalars(select(EventRow)).one()
        assert after == read_event(session, row)
    assert (after == before) is (change == "nothing is another")
    own = {student.student_id: [] for student in after.students}
    for wish in after.preferences:
        own[wish.student_id].append(wish.rank)
    assert all(ranks == sorted(ranks) for ranks in own.values())


def test_wishes_that_stay_are_not_made_again(database: Database, tiny: int) -> None:
    before = event_now(database, tiny).event.preferences
    with database.writing() as session:
        changed = session.scalars(select(PreferenceRow).order_by(PreferenceRow.id)).first()
        session.execute(update(PreferenceRow).where(PreferenceRow.id == changed.id).values(rank=99))
        events.touch(session, tiny)

    after = event_now(database, tiny).event.preferences

    kept = {id(wish) for wish in before}
    made = [wish for wish in after if id(wish) not in kept]
    assert {wish.student_id for wish in made} == {after[0].student_id}


def test_a_server_that_starts_reads_the_events_to_come(
    database: Database, tiny: int, clock: Clock
) -> None:
    read_ahead(database, clock())
    statements: list[str] = []
    listen(database.engine, "before_cursor_execute", lambda *own: statements.append(own[2]))

    event_now(database, tiny)

    assert [own for own in statements if "preference" in own] == []


def test_a_server_starts_without_its_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.collector.begin", lambda: None)  # this process goes on testing
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    settings = Settings(tmp_path, "", "http://127.0.0.1:8000", "k" * 40)
    app = create_app(settings, database=database)

    warm_up(app)

    assert app.test_client().get("/sign-in").status_code == 503

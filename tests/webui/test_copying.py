"""Events copied and archived."""

from __future__ import annotations

from sqlalchemy import select

from tests.webui.conftest import Browser
from webui.store import Audit, Database, EventRow
from webui.store.exchange import read_event

COPY = {"name": "Spring Dating", "date": "2027-03-18", "key": ""}


def test_a_copy_begins_with_settings_rooms_and_companies(
    staff: Browser, database: Database, tiny: int
) -> None:
    page = staff.get("/events/tiny/copy").get_data(as_text=True)
    assert "3 companies" in page

    answer = staff.post("/events/tiny/copy", {**COPY, "parts": ["rooms", "companies"]})

    assert answer.headers["Location"] == "/events/spring-dating/set-up"
    with database.reading() as session:
        rows = {row.key: row for row in session.scalars(select(EventRow))}
        old, new = (read_event(session, rows[key]) for key in ("tiny", "spring-dating"))
        detail = session.scalars(select(Audit).where(Audit.action == "event.copy")).one().detail
    assert (new.rooms, new.companies, new.rules) == (old.rooms, old.companies, old.rules)
    assert (new.students, new.preferences, new.shortlist) == ((), (), ())
    assert new.date.isoformat() == "2027-03-18"
    assert detail == {"copied_from": tiny, "rooms": 1, "companies": 3}


def test_students_come_only_when_asked_and_without_wishes(
    staff: Browser, database: Database, tiny: int
) -> None:
    staff.post("/events/tiny/copy", {**COPY, "key": "other", "parts": "students"})
    with database.reading() as session:
        row = session.scalars(select(EventRow).where(EventRow.key == "other")).one()
        event = read_event(session, row)
    assert [s.student_id for s in event.students] == ["ana", "bilal", "chiara", "david", "eunji"]
    assert (event.companies, event.preferences) == ((), ())


def test_a_copy_needs_a_day_and_a_free_name(staff: Browser, database: Database, tiny: int) -> None:
    late = staff.post("/events/tiny/copy", {**COPY, "date": "soon"})
    taken = staff.post("/events/tiny/copy", {**COPY, "key": "tiny"})
    assert (late.status_code, taken.status_code) == (422, 422)
    assert "Choose the day" in late.get_data(as_text=True)
    assert "There is already an event" in taken.get_data(as_text=True)
    with database.reading() as session:
        assert len(session.scalars(select(EventRow)).all()) == 1


def test_an_event_is_archived_and_brought_back(
    staff: Browser, database: Database, tiny: int
) -> None:
    assert staff.post("/events/tiny/archive", {"archived": "1"}).status_code == 303
    assert "Bring back" in staff.get("/").get_data(as_text=True)
    with database.reading() as session:
        assert session.get_one(EventRow, tiny).archived_at is not None

    staff.post("/events/tiny/archive", {"archived": "0"})

    with database.reading() as session:
        assert session.get_one(EventRow, tiny).archived_at is None
        actions = session.scalars(select(Audit.action).where(Audit.event_id == tiny)).all()
    assert actions[-2:] == ["event.archive", "event.unarchive"]

"""An event that was never published is deleted whole; a published one is only archived."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from tests.webui.conftest import NOON, Browser, Visitor
from webui.store import Audit, Base, Database, EventRow, TimetableRow, Version

LEFT = {"alembic_version", "audit", "invitation", "staff", "staff_session"}


def test_an_event_goes_whole_and_leaves_its_audit_row(
    staff: Browser, open_link: Callable[..., Visitor], database: Database, tiny: int
) -> None:
    ana = open_link("ana")
    page = staff.get("/events/tiny/delete").get_data(as_text=True)
    assert "5 students" in page
    assert "1 personal link, which then opens nothing" in page

    assert staff.post("/events/tiny/delete", {"typed": "tinny"}).status_code == 422
    assert staff.post("/events/tiny/delete", {"typed": " tiny "}).status_code == 303

    with database.reading() as session:
        holding = {
            own.name for own in Base.metadata.sorted_tables if session.execute(select(own)).first()
        }
        row = session.scalars(select(Audit).where(Audit.action == "event.delete")).one()
    assert holding <= LEFT
    assert (row.event_id, row.detail["event"], row.detail["students"]) == (None, tiny, 5)
    assert ana.get("/me").status_code == 401
    assert staff.get("/events/tiny").status_code == 404


def test_one_that_was_published_once_is_only_archived(
    staff: Browser, database: Database, tiny: int
) -> None:
    with database.writing() as session:
        own = TimetableRow(
            event_id=tiny, origin="frozen", event_revision=1, event_sha256="", created_at=NOON
        )
        session.add(own)
        session.flush()
        session.add(
            Version(
                event_id=tiny,
                number=1,
                timetable_id=own.id,
                window={},
                published_at=NOON,
                withdrawn_at=NOON,
            )
        )
    assert "can only be archived" in staff.get("/events/tiny/delete").get_data(as_text=True)
    assert staff.post("/events/tiny/delete", {"typed": "tiny"}).status_code == 422
    with database.reading() as session:
        assert session.get(EventRow, tiny) is not None

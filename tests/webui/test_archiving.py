"""An archived event can be read, copied, exported and printed; nothing of it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.webui.conftest import Browser, Clock, Visitor
from webui.operations import copying, uploads
from webui.operations.accounts import Colleague
from webui.operations.log import SYSTEM, ArchivedError, record
from webui.store import Audit, Base, Consent, Cv, Database, EventRow, StudentRow

MY_OWN = {"audit", "staff_session", "link_session", "personal_link"}
"""Tables that signing in and opening a link write to."""


def everything(database: Database) -> dict[str, list[Any]]:
    with database.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(table.c[0]))]
            for table in Base.metadata.sorted_tables
            if table.name not in MY_OWN
        }


def archive(database: Database, clock: Clock, tiny: int, *, is_archived: bool = True) -> None:
    copying.archive(database, SYSTEM, clock(), event_pk=tiny, is_archived=is_archived)


def student(database: Database, own_id: str = "ana") -> StudentRow:
    with database.reading() as session:
        return session.scalars(select(StudentRow).where(StudentRow.student_id == own_id)).one()


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("people/rooms/new", {"room_id": "attic", "tables": "2"}),
        ("collect/window", {"opens": "2026-11-01T10:00", "closes": "2026-11-20T10:00"}),
        ("solve", {"time_limit_s": "10", "seed": "0"}),
        ("collect/links/revoke", {"student": "1"}),
    ],
)
def test_an_archived_event_refuses_changes(
    staff: Browser,
    database: Database,
    clock: Clock,
    tiny: int,
    address: str,
    form: dict[str, str],
) -> None:
    archive(database, clock, tiny)
    before = everything(database)

    answer = staff.post(f"/events/tiny/{address}", form)

    assert answer.status_code in (409, 422)
    assert "archived" in answer.get_data(as_text=True)
    assert everything(database) == before


def test_deleting_and_importing_are_refused_too(
    staff: Browser, database: Database, clock: Clock, tiny: int, administrator: Colleague
) -> None:
    number, _findings = uploads.keep(
        database,
        administrator.actor,
        clock(),
        event_pk=tiny,
        files={"rooms.csv": b"room_id,tables\nhall,40\n"},
    )
    row = f"/events/tiny/people/students/{student(database).id}"
    page = staff.get(f"{row}/delete").get_data(as_text=True)
    was = page.split('name="was" value="')[1].split('"')[0]
    preview = staff.get(f"/events/tiny/import/{number}").get_data(as_text=True)
    shown = preview.split('name="shown" value="')[1].split('"')[0]
    archive(database, clock, tiny)
    before = everything(database)

    assert staff.post(f"{row}/delete", {"was": was}).status_code == 409
    assert staff.post(f"/events/tiny/import/{number}", {"shown": shown}).status_code == 409
    assert everything(database) == before


def test_pages_of_an_archived_event_say_so_and_offer_no_change(
    staff: Browser, database: Database, clock: Clock, tiny: int
) -> None:
    archive(database, clock, tiny)
    for own in ("set-up", "people", "people/students", "collect", "solve", "timetable", "publish"):
        page = staff.get(f"/events/tiny/{own}").get_data(as_text=True)
        assert "This event is archived" in page, own
        main = page.split("<main")[1]
        forms = [part.split("</form>")[0] for part in main.split('method="post"')[1:]]
        assert all("/export" in form for form in forms if "<button" in form), own
    assert staff.get("/events/tiny/import").status_code == 409
    assert staff.get("/events/tiny/people/students/new").status_code == 409


def test_an_archived_event_is_exported_copied_and_brought_back(
    staff: Browser, database: Database, clock: Clock, tiny: int
) -> None:
    archive(database, clock, tiny)
    assert staff.post("/events/tiny/export", {"form": "xlsx"}).status_code == 200
    copy = {"key": "next", "name": "Next", "date": "2027-03-01", "parts": "rooms"}
    assert staff.post("/events/tiny/copy", copy).status_code == 303

    assert staff.post("/events/tiny/archive", {"archived": "0"}).status_code == 303

    room = {"room_id": "attic", "tables": "2"}
    assert staff.post("/events/tiny/people/rooms/new", room).status_code == 303


def test_what_the_system_does_by_itself_goes_on(
    database: Database, clock: Clock, tiny: int, administrator: Colleague
) -> None:
    archive(database, clock, tiny)
    with database.writing() as session:
        record(session, SYSTEM, clock(), "mail.sent", event_id=tiny)
    with pytest.raises(ArchivedError), database.writing() as session:
        record(session, administrator.actor, clock(), "mail.invitation", event_id=tiny)
    with database.reading() as session:
        asked = select(func.count()).select_from(Audit).where(Audit.action.like("mail.%"))
        assert session.scalar(asked) == 1


def test_students_of_an_archived_event_see_that_it_is_over(
    open_link: Callable[[str], Visitor], database: Database, clock: Clock, tiny: int
) -> None:
    ana = open_link("ana")
    with database.writing() as session:
        session.add(Consent(student_pk=ana.pk, purpose="cv", given_at=clock()))
        session.add(Cv(student_pk=ana.pk, uploaded_at=clock(), content=b"%PDF-1"))
    archive(database, clock, tiny)
    before = everything(database)

    for own in ("/me", "/me/wishes", "/me/companies", "/me/about", "/me/schedule"):
        page = ana.get(own).get_data(as_text=True)
        assert "This event is over" in page, own
        assert "/me/wishes" not in page.split("<main")[1], own
    ana.post("/me/wishes/change", {"company": "3", "action": "add"})
    ana.post("/me/cv", {"purpose": ["cv", "brochure"]})
    assert everything(database) == before

    assert ana.get("/me/data").status_code == 200
    assert ana.post("/me/cv", {}).status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Consent.withdrawn_at)).one() is not None
        assert session.scalar(select(func.count(Cv.id))) == 0
        assert session.get_one(EventRow, tiny).archived_at is not None

"""Between the preview of an import and its confirmation: what changed, what is kept."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import delete, func, select

from scheduler.importers import load_event
from tests.webui.conftest import EXAMPLES, Browser, Clock, Visitor
from tests.webui.importing import Sent, key, send, shown_in, stored
from webui.operations import events, uploads
from webui.operations.accounts import Colleague
from webui.store import (
    CompanyRow,
    Database,
    RoomRow,
    StudentRow,
    Upload,
)

__all__ = ["key", "send"]


def test_an_import_is_stored_though_something_else_changed_meanwhile(
    staff: Browser, send: Sent, database: Database, tiny: int, open_link: Callable[[str], Visitor]
) -> None:
    address = send(rooms_csv="room_id,tables\nhall,40\n").headers["Location"]
    seen = shown_in(staff.get(address).get_data(as_text=True))
    ana = open_link("ana")
    with database.reading() as session:
        software = session.scalars(select(CompanyRow).where(CompanyRow.company_id == "software"))
        added = {"company": str(software.one().id), "action": "add"}
    assert ana.post("/me/wishes/change", added).status_code == 303

    assert staff.post(address, seen).status_code == 303

    own = stored(database, tiny)
    assert [room.tables for room in own.rooms] == [40]
    assert [p.company_id for p in own.preferences if p.student_id == "ana"][-1] == "software"


def test_an_import_of_what_changed_meanwhile_is_shown_anew(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    address = send(rooms_csv="room_id,tables\nhall,40\n").headers["Location"]
    seen = shown_in(staff.get(address).get_data(as_text=True))
    with database.writing() as session:
        session.scalars(select(RoomRow)).one().tables = 5
        events.touch(session, tiny)
    before = stored(database, tiny)

    answer = staff.post(address, seen)

    assert answer.status_code == 409
    assert "changed meanwhile what these files" in answer.get_data(as_text=True)
    assert stored(database, tiny) == before
    fresh = shown_in(answer.get_data(as_text=True))
    assert staff.post(address, fresh).status_code == 303
    assert [room.tables for room in stored(database, tiny).rooms] == [40]


def test_what_students_saved_meanwhile_is_overwritten_only_when_it_was_shown(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    address = send(students_csv="student_id,name,languages\nana,Ana Lund,de:A1\n").headers[
        "Location"
    ]
    seen = shown_in(staff.get(address).get_data(as_text=True))
    with database.writing() as session:
        row = session.scalars(select(StudentRow).where(StudentRow.student_id == "ana")).one()
        row.entered, row.languages = ["languages"], "da:C1"
        events.touch(session, tiny)

    assert staff.post(address, {**seen, "overwrite": "1"}).status_code == 409
    assert stored(database, tiny).students[0].name == "Ana Sousa"


def test_files_that_name_what_was_removed_meanwhile_are_shown_as_faulty(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    address = send(preferences_csv="student_id,company_id,rank\nana,coffee,1\n").headers["Location"]
    seen = shown_in(staff.get(address).get_data(as_text=True))
    with database.writing() as session:
        session.execute(delete(CompanyRow).where(CompanyRow.company_id == "coffee"))
        events.touch(session, tiny)
    before = stored(database, tiny)

    answer = staff.post(address, seen)

    assert answer.status_code == 422
    assert "coffee" in answer.get_data(as_text=True)
    assert stored(database, tiny) == before


def test_an_upload_survives_a_restart_and_expires(
    staff: Browser, send: Sent, database: Database, clock: Clock
) -> None:
    address = send(rooms_csv="room_id,tables\nhall,40\n").headers["Location"]
    clock.pass_(hours=1)
    assert staff.get(address).status_code == 200
    clock.pass_(hours=23)
    uploads.forget_expired(database, clock())
    with database.reading() as session:
        assert session.scalar(select(func.count(Upload.id))) == 0


def test_a_dropped_upload_changes_nothing(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    before = stored(database, tiny)
    address = send(rooms_csv="room_id,tables\nhall,40\n").headers["Location"]
    assert staff.post(f"{address}/drop").status_code == 303
    assert staff.get(address).status_code == 404
    assert stored(database, tiny) == before


def test_an_upload_of_another_event_is_not_there(
    staff: Browser, send: Sent, database: Database, clock: Clock, administrator: Colleague
) -> None:
    from webui.operations import importing

    address = send(rooms_csv="room_id,tables\nhall,40\n").headers["Location"]
    other = load_event(EXAMPLES / "aarhus-2026").event
    importing.create_from(database, administrator.actor, clock(), other)
    number = address.rsplit("/", 1)[1]
    assert staff.get(f"/events/{other.event_id}/import/{number}").status_code == 404


def test_the_desk_may_look_but_not_import(
    browser: Browser,
    join: Callable[..., Colleague],
    tiny: int,
    key: str,
    database: Database,
) -> None:
    from webui.store import Membership

    desk = join("desk@au.dk", "desk")
    with database.writing() as session:
        session.add(Membership(event_id=tiny, staff_id=desk.id))
    browser.sign_in(desk.email)
    assert browser.get(f"/events/{key}/people").status_code == 200
    assert browser.get(f"/events/{key}/import").status_code == 403
    assert browser.post(f"/events/{key}/export", {"form": "xlsx"}).status_code == 403

"""Events: created, set up, seen by those who work on them."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import select

from scheduler.importers import load_event
from tests.webui.conftest import EXAMPLES, Browser, Clock
from tests.webui.timetables import make_working
from webui.operations import events
from webui.operations.accounts import Colleague, Given
from webui.store import Database, EventRow
from webui.store.exchange import read_event

NEW = {
    "event.name": "Company Dating, November",
    "event.date": "2026-11-26",
    "event.timezone": "Europe/Copenhagen",
    "event.start": "13:00",
    "event.end": "15:30",
    "event.slot_min": "10",
    "event.changeover_min": "2",
    "event.language": "en",
    "rules.require_language": "true",
}


def test_what_was_imported_comes_out_again(database: Database, tiny: int) -> None:
    with database.reading() as session:
        assert (
            read_event(session, session.get_one(EventRow, tiny))
            == load_event(EXAMPLES / "tiny").event
        )


def test_a_new_event_is_stored_with_its_settings(staff: Browser, database: Database) -> None:
    answer = staff.post("/events/new", NEW)

    assert answer.headers["Location"] == "/events/company-dating-november/set-up"
    with database.reading() as session:
        own = session.scalars(select(EventRow)).one()
    assert (own.start_min, own.end_min, own.slot_min) == (780, 930, 10)
    assert own.rules["require_language"] is True
    assert own.rules["require_position"] is False


def test_errors_stand_at_their_setting_and_nothing_is_stored(
    staff: Browser, database: Database
) -> None:
    answer = staff.post("/events/new", {**NEW, "event.end": "12:00", "event.slot_min": "ten"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "&#39;ten&#39; is not a whole number" in page
    with database.reading() as session:
        assert session.scalars(select(EventRow)).all() == []


def test_the_arithmetic_counts_slots_and_places(
    staff: Browser, tiny: int, database: Database
) -> None:
    with database.reading() as session:
        key = session.get_one(EventRow, tiny).key
    page = staff.post(f"/events/{key}/count", NEW).get_data(as_text=True)
    assert "12 slots of 10 minutes" in page
    assert "13:00–15:22" in page


def test_of_two_changes_at_once_one_is_told(staff: Browser, tiny: int, database: Database) -> None:
    with database.reading() as session:
        own = session.get_one(EventRow, tiny)
    address, form = f"/events/{own.key}/set-up", {**NEW, "revision": str(own.revision)}

    assert staff.post(address, {**form, "event.name": "Mine"}).status_code == 302
    late = staff.post(address, {**form, "event.name": "Late"})

    assert late.status_code == 409
    assert "Mine" in late.get_data(as_text=True)
    assert "Late" in late.get_data(as_text=True)
    with database.reading() as session:
        assert session.get_one(EventRow, tiny).name == "Mine"


def test_settings_can_be_changed_while_students_answer(
    staff: Browser, tiny: int, database: Database
) -> None:
    with database.reading() as session:
        key = session.get_one(EventRow, tiny).key
    page = staff.get(f"/events/{key}/set-up").get_data(as_text=True)
    names = ("revision", "was")
    seen = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in names}
    with database.writing() as session:
        events.touch(session, tiny)  # as every save of a student does

    address = f"/events/{key}/set-up"
    assert staff.post(address, {**NEW, **seen, "event.name": "Mine"}).status_code == 302
    assert staff.post(address, {**NEW, **seen, "event.name": "Late"}).status_code == 409
    with database.reading() as session:
        assert session.get_one(EventRow, tiny).name == "Mine"


def test_an_event_of_others_does_not_exist(
    browser: Browser, join: Callable[..., Colleague], tiny: int, database: Database, clock: Clock
) -> None:
    with database.reading() as session:
        key = session.get_one(EventRow, tiny).key
    browser.sign_in(join("bo@au.dk", "planner", Given(is_all=False)).email)
    assert browser.get(f"/events/{key}/set-up").status_code == 404
    assert browser.get("/events/no-such/set-up").status_code == 404


def test_the_list_says_what_is_next_and_opening_an_event_goes_there(
    staff: Browser, tiny: int, database: Database
) -> None:
    with database.reading() as session:
        key = session.get_one(EventRow, tiny).key

    def next_of() -> str:
        page = staff.get("/").get_data(as_text=True)
        (there,) = re.findall(r'Next: <a href="([^"]+)"', page)
        assert staff.get(f"/events/{key}").headers["Location"] == there
        return str(there)

    assert next_of() == f"/events/{key}/collect"
    make_working(database, tiny)
    assert next_of() == f"/events/{key}/publish"
    assert "Something was changed" not in staff.get("/").get_data(as_text=True)
    with database.writing() as session:
        session.get_one(EventRow, tiny).revision += 1
    assert "Something was changed" in staff.get("/").get_data(as_text=True)


def test_events_of_one_name_are_told_apart(staff: Browser, tiny: int, database: Database) -> None:
    with database.reading() as session:
        own = session.get_one(EventRow, tiny)
    told = f'<span class="quiet">{own.key}</span>'
    assert told not in staff.get("/").get_data(as_text=True)
    staff.post("/events/new", {**NEW, "event.id": "another", "event.name": own.name})
    page = staff.get("/").get_data(as_text=True)
    assert told in page
    assert '<span class="quiet">another</span>' in page


def test_a_form_with_errors_says_each_as_a_sentence_and_keeps_what_was_typed(
    staff: Browser,
) -> None:
    answer = staff.post("/events/new", {**NEW, "event.name": "", "event.start": "late"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert page.count("This has to be filled in.") == 1
    assert 'value="late"' in page
    wrong = {**NEW, "event.name": "Spring", "event.id": "", "event.start": "late"}
    assert 'value="spring"' not in staff.post("/events/new", wrong).get_data(as_text=True)

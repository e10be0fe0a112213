"""The page Publish: what it shows, does and refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from flask import Flask
from sqlalchemy import delete, select

from tests.webui.conftest import NOON, Browser
from tests.webui.jobs import do_jobs
from tests.webui.publishing import (
    drop_a_meeting,
    events_key,
    look,
    publish,
    working,
)
from webui.operations import events
from webui.operations.accounts import Colleague
from webui.store import (
    Database,
    EventRow,
    MeetingRow,
    Membership,
    StudentRow,
    TimetableRow,
)

__all__ = ["working"]

LATER = NOON + dt.timedelta(hours=1)


def test_the_page_publishes_shows_changes_and_takes_back(
    app: Flask, staff: Browser, database: Database, tiny: int, working: int
) -> None:
    key = events_key(database, tiny)
    page = staff.get(f"/events/{key}/publish")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "Publish version 1" in text
    assert "No mail server is set up" in text
    seen = look(database, tiny)
    form = {"timetable": seen.timetable_id, "revision": seen.revision, "number": 1}
    assert staff.post(f"/events/{key}/publish", form).status_code == 303
    assert "Nothing new to publish" in staff.get(f"/events/{key}/publish").get_data(as_text=True)
    student, _ = drop_a_meeting(database, working)
    stale = staff.post(f"/events/{key}/publish", {**form, "number": 2})
    assert stale.status_code == 409
    changes = staff.get(f"/events/{key}/publish/changes?from=1&to=working").get_data(as_text=True)
    with database.reading() as session:
        assert session.get_one(StudentRow, student).name in changes
    assert staff.get(f"/events/{key}/publish/changes?from=1&to=7").status_code == 404
    assert "Take back version 1?" in staff.get(f"/events/{key}/publish/1/withdraw").get_data(
        as_text=True
    )
    assert staff.post(f"/events/{key}/publish/1/withdraw").status_code == 303
    assert staff.post(f"/events/{key}/publish/1/withdraw").status_code == 409
    assert staff.post(f"/events/{key}/publish/1/work-on").status_code == 303
    shown = staff.get(f"/events/{key}/publish").get_data(as_text=True)
    assert "version 1 was taken back" in shown


def test_the_step_waits_while_changes_are_unpublished(
    staff: Browser, database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    publish(database, administrator, tiny)
    address = f"/events/{events_key(database, tiny)}/solve"
    waits = '<span class="unseen">: Changes that students do not see yet</span>'
    with database.writing() as session:
        session.get_one(TimetableRow, working).revision += 1  # as an edit that was undone
    assert waits not in staff.get(address).get_data(as_text=True)
    drop_a_meeting(database, working)
    assert waits in staff.get(address).get_data(as_text=True)
    assert f'{events_key(database, tiny)}/publish">Publish<' in staff.get("/").get_data(
        as_text=True
    )


def test_pages_say_so_when_the_slots_were_changed(
    staff: Browser, database: Database, administrator: Colleague, tiny: int, working: int
) -> None:
    publish(database, administrator, tiny)
    with database.writing() as session:
        session.get_one(EventRow, tiny).slot_min = 7
        events.touch(session, tiny)
    key = events_key(database, tiny)
    page = staff.get(f"/events/{key}/publish")
    assert page.status_code == 200
    assert "does not fit the event any more" in page.get_data(as_text=True)
    assert "fit-in" not in page.get_data(as_text=True)
    solve = staff.get(f"/events/{key}/solve").get_data(as_text=True)
    assert solve.count("The slots were changed: solve again") >= 3  # at its step, and above it
    home = staff.get("/").get_data(as_text=True)
    assert f'Next: <a href="/events/{key}/solve">Solve' in home
    for address, form in (
        ("publish", {"timetable": working, "revision": 1, "number": 2}),
        ("publish/fit-in", {}),
        ("publish/1/work-on", {}),
    ):
        answer = staff.post(f"/events/{key}/{address}", form)
        assert answer.status_code == 422
        assert "The slots were changed" in answer.get_data(as_text=True)
    desk = {"version": 1, "parts": ["desk"], "language": "en", "stock": "avery-l4785"}
    assert staff.post(f"/events/{key}/print", desk).status_code == 303
    [printed] = do_jobs(database, "print")
    assert printed.state == "done"  # as it was published
    history = staff.get(f"/events/{key}/publish/changes?from=1&to=1")
    assert "No meeting differs" in history.get_data(as_text=True)


def test_the_desk_looks_but_does_not_publish(
    app: Flask, database: Database, join: Callable[..., Colleague], tiny: int, working: int
) -> None:
    desk = join("desk@au.dk", "desk")
    with database.writing() as session:
        session.add(Membership(event_id=tiny, staff_id=desk.id))
    browser = Browser(app)
    browser.sign_in(desk.email)
    key = events_key(database, tiny)
    page = browser.get(f"/events/{key}/publish")
    assert page.status_code == 200
    assert "data-publish" not in page.get_data(as_text=True)
    assert browser.post(f"/events/{key}/publish", {"number": 1}).status_code == 403


def test_the_page_warns_before_the_button(
    staff: Browser, database: Database, tiny: int, working: int
) -> None:
    key = events_key(database, tiny)
    assert "can still choose" not in staff.get(f"/events/{key}/publish").get_data(as_text=True)
    with database.writing() as session:
        row = session.get_one(EventRow, tiny)
        row.opens_at, row.closes_at = NOON - dt.timedelta(days=1), NOON + dt.timedelta(days=1)
        student = session.scalars(
            select(MeetingRow.student_pk).where(MeetingRow.timetable_id == working)
        ).first()
        session.execute(delete(MeetingRow).where(MeetingRow.student_pk == student))
        session.get_one(TimetableRow, working).revision += 1
    page = staff.get(f"/events/{key}/publish").get_data(as_text=True)
    assert "Students can still choose until Tue 3 Nov" in page
    assert "1 student has no meeting." in page
    assert page.index("1 student has no meeting.") < page.index("Publish version 1</button>")

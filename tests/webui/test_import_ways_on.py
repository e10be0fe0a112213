"""Where an import cannot go as it came: the way on is offered."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from scheduler.importers import load_event
from tests.webui.conftest import EXAMPLES, Browser
from tests.webui.importing import TINY, Sent, confirm, key, send, stored
from webui.operations.accounts import Colleague
from webui.store import CompanyRow, Database, EventRow, StudentRow, Upload
from webui.store.exchange import read_event

__all__ = ["key", "send"]


def send_new(staff: Browser, *files: tuple[str, bytes]) -> Any:
    """Send files that shall become an event."""
    sent = [(io.BytesIO(content), name) for name, content in files]
    return staff.post("/events/import", {"files": sent}, content_type="multipart/form-data")


def test_files_of_an_event_that_is_there_become_a_second_one_under_a_free_short_name(
    staff: Browser, database: Database, key: str
) -> None:
    content = (EXAMPLES / "workbook" / "tiny.xlsx").read_bytes()

    address = send_new(staff, ("my.xlsx", content)).headers["Location"]
    page = staff.get(address).get_data(as_text=True)
    assert f"there is already an event with the short name '{key}'" in page
    assert f'name="key" type="text" value="{key}-2"' in page
    upload = re.search(r'name="upload" value="(\d+)"', page)[1]
    refused = staff.post("/events/import", {"upload": upload, "taken": key, "key": key})
    assert refused.status_code == 422
    done = staff.post("/events/import", {"upload": upload, "taken": key, "key": f"{key}-2"})

    assert done.headers["Location"] == f"/events/{key}-2/people"
    expected = load_event(EXAMPLES / "workbook" / "tiny.xlsx").event
    with database.reading() as session:
        row = session.scalars(select(EventRow).where(EventRow.key == f"{key}-2")).one()
        assert read_event(session, row) == replace(expected, event_id=f"{key}-2")
        assert session.scalar(select(func.count(Upload.id))) == 0


def test_files_of_an_event_that_is_there_are_compared_with_it_without_being_sent_again(
    staff: Browser, database: Database, tiny: int, key: str
) -> None:
    content = (EXAMPLES / "workbook" / "tiny.xlsx").read_bytes()
    page = staff.get(send_new(staff, ("my.xlsx", content)).headers["Location"])
    upload = re.search(r'name="upload" value="(\d+)"', page.get_data(as_text=True))[1]

    address = staff.post("/events/import", {"upload": upload, "taken": key, "into": "1"})

    assert f"/events/{key}/import/" in address.headers["Location"]
    assert "What would change" in staff.get(address.headers["Location"]).get_data(as_text=True)


def test_files_that_wait_are_only_for_who_sent_them(
    staff: Browser, app: Flask, join: Callable[..., Colleague], key: str
) -> None:
    content = (EXAMPLES / "workbook" / "tiny.xlsx").read_bytes()
    address = send_new(staff, ("my.xlsx", content)).headers["Location"]
    other = Browser(app)
    other.sign_in(join("other@au.dk", "administrator").email)

    assert staff.get(address).status_code == 200
    assert other.get(address).status_code == 404


def test_a_new_event_without_settings_is_made_by_hand_first(staff: Browser) -> None:
    page = send_new(staff, ("rooms.csv", b"room_id,tables\nhall,4\n")).get_data(as_text=True)
    assert "These files do not say which event it is" in page
    assert 'href="/events/new"' in page


def workbook_of(sheets: dict[str, list[list[str]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_of_something_else_is_refused_and_both_sorts_of_sheets_are_named(
    send: Sent, database: Database
) -> None:
    answer = send(budget_xlsx=workbook_of({"Budget": [["Post", "kr."]], "Ark2": [["x"]]}))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "&#39;budget.xlsx&#39; has no sheet of an event. Its sheets: Budget, Ark2." in page
    assert "event, rooms, companies, students" in page
    with database.reading() as session:
        assert session.scalar(select(func.count(Upload.id))) == 0


@pytest.mark.parametrize(
    ("name", "header"), [("Deltagere", ["nummer"]), ("Ark1", ["Studerende id", "Navn"])]
)
def test_a_sheet_of_another_name_is_recognised(
    send: Sent, staff: Browser, name: str, header: list[str]
) -> None:
    alone = send(my_xlsx=workbook_of({name: [header]})).get_data(as_text=True)
    assert f"&#39;{name}&#39; looks like your students" in alone

    beside = send(my_xlsx=workbook_of({name: [header], "rooms": [["room_id", "tables"]]}))
    page = staff.get(beside.headers["Location"]).get_data(as_text=True)
    assert f"Is '{name}' your list of Students? It was left out." in page


def test_a_csv_file_of_another_name_is_recognised(send: Sent) -> None:
    page = send(deltagere_csv="studerende_id;navn\nana;Ana\n").get_data(as_text=True)
    assert "&#39;deltagere.csv&#39; looks like your students. Name it students.csv" in page


def test_a_damaged_workbook_is_named_as_it_was_sent(send: Sent) -> None:
    page = send(wall_xlsx=b"\x89PNG").get_data(as_text=True)
    assert "wall.xlsx" in page
    assert "event.xlsx" not in page


def test_wishes_before_the_people_they_name_are_refused_in_one_sentence(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    with database.writing() as session:
        for kind in (StudentRow, CompanyRow):
            session.execute(delete(kind))
    rows = "\n".join(f"s{n},c{n},1" for n in range(300))

    page = send(preferences_csv=f"student_id,company_id,rank\n{rows}\n").get_data(as_text=True)

    assert "First import Companies, Students, or send them together with these files" in page
    assert "is not in" not in page


def test_a_file_that_lacks_most_of_what_is_stored_is_doubted(staff: Browser, send: Sent) -> None:
    address = send(students_csv="student_id,name\nzoe,Zoe\n").headers["Location"]
    page = staff.get(address).get_data(as_text=True)
    assert "Students: 5 of the 5 that are stored are not in this file." in page


def test_settings_are_named_and_counted(
    staff: Browser, send: Sent, database: Database, tiny: int
) -> None:
    text = (TINY / "event.toml").read_text(encoding="utf-8")
    text = text.replace("slot_min = 10", "slot_min = 8")
    address = send(event_toml=text).headers["Location"]
    page = staff.get(address).get_data(as_text=True)
    assert "<dt>Minutes of a meeting</dt>" in page

    confirm(staff, address, settings="1")

    assert "Stored: 1 setting." in staff.get("/").get_data(as_text=True)
    assert stored(database, tiny).window.slot_min == 8

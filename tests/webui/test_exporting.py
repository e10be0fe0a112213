"""What goes out comes in again; an event from its files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select

from scheduler.importers import load_event, write_event, write_event_workbook
from scheduler.model import Event
from tests.scheduler.events import tiny_events
from tests.webui.conftest import EXAMPLES, Browser
from tests.webui.importing import Sent, confirm, key, send
from webui.operations import looking
from webui.operations.comparing import compare
from webui.store import (
    Audit,
    CompanyRow,
    Database,
    EventRow,
    PreferenceRow,
)
from webui.store.exchange import read_event

__all__ = ["key", "send"]


@pytest.mark.parametrize("form", ["xlsx", "zip"])
def test_what_goes_out_comes_in_again(
    staff: Browser, send: Sent, database: Database, tiny: int, key: str, form: str, tmp_path: Path
) -> None:
    answer = staff.post(f"/events/{key}/export", {"form": form})

    assert answer.headers["Content-Disposition"] == f"attachment; filename={key}.{form}"
    if form == "zip":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
            files = {n.replace(".", "_"): packed.read(n) for n in packed.namelist()}
    else:
        files = {"event_xlsx": answer.data}
    page = staff.get(send(**files).headers["Location"]).get_data(as_text=True)
    assert "These files hold only what is stored already." in page
    with database.reading() as session:
        assert session.scalar(select(Audit.action).where(Audit.action == "event.export"))


@given(made=tiny_events())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_event_that_goes_out_shows_no_change_when_it_comes_in(
    made: Event, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.mktemp("out")
    write_event(made, place / "csv")
    event = load_event(place / "csv").event  # as it is stored: without outer blanks
    write_event_workbook(event, place / "event.xlsx")
    csv = {path.name: path.read_bytes() for path in (place / "csv").iterdir()}
    for files in (csv, {looking.WORKBOOK: (place / "event.xlsx").read_bytes()}):
        findings = looking.look_through(files, event)
        assert findings.problems == ()
        assert findings.examined
        found = compare(
            event,
            findings.examined.loaded.event,
            tables=findings.examined.tables,
            entered={},
        )
        assert found.is_same


def test_names_of_files_do_not_mind_case_and_folders() -> None:
    sent = looking.named([("C:\\x\\Students.CSV", b"a"), ("readme.md", b"b")])
    assert (sent.files, sent.left_out) == ({"students.csv": b"a"}, ("readme.md",))


def test_counts_after_an_import_are_those_of_the_files(
    staff: Browser, send: Sent, database: Database
) -> None:
    address = send(tiny_xlsx=(EXAMPLES / "workbook" / "tiny.xlsx").read_bytes()).headers["Location"]
    confirm(staff, address)
    event = load_event(EXAMPLES / "workbook" / "tiny.xlsx").event
    with database.reading() as session:
        assert session.scalar(select(func.count(CompanyRow.id))) == len(event.companies)
        assert session.scalar(select(func.count(PreferenceRow.id))) == len(event.preferences)


def test_an_event_is_created_from_its_files(staff: Browser, database: Database) -> None:
    content = (EXAMPLES / "workbook" / "tiny.xlsx").read_bytes()

    def create() -> Any:
        return staff.post(
            "/events/import",
            {"files": (io.BytesIO(content), "my.xlsx")},
            content_type="multipart/form-data",
        )

    expected = load_event(EXAMPLES / "workbook" / "tiny.xlsx").event
    assert create().headers["Location"] == f"/events/{expected.event_id}/people"
    with database.reading() as session:
        assert read_event(session, session.scalars(select(EventRow)).one()) == expected


def test_an_event_with_faulty_files_is_not_created(staff: Browser, database: Database) -> None:
    answer = staff.post(
        "/events/import",
        {"files": (io.BytesIO(b"room_id,tables\nhall,many\n"), "rooms.csv")},
        content_type="multipart/form-data",
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "is not a whole number" in page
    assert "event.toml: is missing" in page
    with database.reading() as session:
        assert session.scalar(select(func.count(EventRow.id))) == 0

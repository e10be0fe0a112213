"""The whole story of staff: from the first run and two spreadsheets to the printed pack.

The server is killed and started again between the steps; nothing is lost.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.conftest import Server, Watched, start_server
from tests.e2e.danish import english_at, english_left
from tests.e2e.steps import join

EXAMPLES = Path(__file__).parents[2] / "examples"
WORK_MS = 90_000
LISTS = ("rooms", "companies", "students", "wishes", "shortlist", "unavailable", "decisions")
STEPS = (
    *("/set-up", "/people", *(f"/people/{own}" for own in LISTS), "/people/students/new"),
    *("/people/deleted", "/import", "/collect", "/forecast", "/what-if", "/copy"),
    *("/solve", "/timetable", "/timetable/list", "/publish", "/print"),
)
"""Pages of an event that is published."""


@pytest.fixture
def restarted(tmp_path: Path) -> Iterator[list[Server]]:
    """A server of its own; the last of the list is the one that runs."""
    servers = [start_server(tmp_path)]
    yield servers
    servers[-1].stop()


def kill_and_start(servers: list[Server]) -> None:
    """Power fails, and comes back."""
    old = servers[-1]
    old.process.kill()
    old.process.wait(10)
    if old.process.stdout:
        old.process.stdout.close()
    servers.append(start_server(old.home, port=urlsplit(old.url).port))


def import_event(page: Page, server: Server, *files: Path) -> str:
    """Make an event of its files; its address."""
    page.goto(f"{server.url}/events/import")
    page.get_by_label("One Excel workbook, or CSV files").set_input_files(list(files))
    page.get_by_role("button", name="Create the event").click()
    expect(page.get_by_text("Nothing keeps this event from being solved.")).to_be_visible()
    found = re.match(r".*/events/[^/]+", page.url)
    assert found
    return found[0]


def test_from_two_spreadsheets_to_the_printed_pack(
    restarted: list[Server], wide: Watched, tmp_path: Path
) -> None:
    page = wide.page
    join(page, restarted[-1])

    event = import_event(page, restarted[-1], EXAMPLES / "workbook" / "tiny.xlsx")
    kill_and_start(restarted)
    page.goto(f"{event}/solve")
    page.get_by_role("button", name="Solve", exact=True).click()
    expect(page.get_by_role("heading", name="Proven best").first).to_be_visible(timeout=WORK_MS)
    kill_and_start(restarted)
    page.goto(f"{event}/solve")
    page.get_by_role("button", name="Use this timetable").first.click()
    expect(page.get_by_text("This is the timetable you work on now.")).to_be_visible()
    expect(page.get_by_text("Ana Sousa").first).to_be_visible()
    wide.check()

    page.goto(f"{event}/publish")
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_text("Students see version 1")).to_be_visible()
    kill_and_start(restarted)

    page.goto(f"{event}/print")
    page.get_by_role("button", name="Make the files to print").click()
    link = page.get_by_role("link", name="Download ZIP")
    expect(link).to_be_visible(timeout=WORK_MS)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "pack.zip")
    with zipfile.ZipFile(tmp_path / "pack.zip") as pack:
        (name,) = [own for own in pack.namelist() if own.endswith("schedules.pdf")]
        text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(pack.read(name))).pages)
    assert "Ana Sousa" in text
    assert "Version 1" in text
    assert wide.faults == []

    assert english_left(page) != []
    page.get_by_role("button", name="Dansk").click()
    for step in STEPS:
        assert english_at(page, f"{event}{step}") == [], step
    for address in ("", "account", "colleagues", "backup", "events/new", "events/import"):
        assert english_at(page, f"{restarted[-1].url}/{address}") == [], address

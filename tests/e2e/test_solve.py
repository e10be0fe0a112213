"""Solving in a browser: watched live, stopped, compared, used; what if and the forecast."""

from __future__ import annotations

import datetime as dt
import os
import re
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from scheduler.generate import generate_event
from tests.e2e.conftest import Server, Watched
from tests.e2e.steps import PASSWORD, sign_in
from webui.operations import accounts, importing
from webui.operations.log import SYSTEM
from webui.store import Database, EventRow, Job

EMAIL = "solver@au.dk"
SOLVES_WITHIN_MS = 60_000
ENDED = re.compile("Proven best|The best found")


@pytest.fixture(scope="module")
def database(server: Server) -> Database:
    """The server's own, with a colleague and an event that takes long to prove."""
    own = Database(f"sqlite:///{server.home / 'company-dating.db'}")
    now = dt.datetime.now(dt.UTC)
    token = accounts.invite(own, SYSTEM, now, email=EMAIL, role="administrator")
    accounts.accept_invitation(own, now, token=token, name="Sol", email="", password=PASSWORD)
    event = generate_event(students=150, companies=30, seed=150, seats=1, is_hard=True)
    importing.create_from(own, SYSTEM, now, replace(event, event_id="hard"))
    return own


def start(page: Page, *, note: str, seconds: int) -> None:
    page.get_by_label("Seconds at most").fill(str(seconds))
    page.get_by_label("Name of this result").fill(note)
    page.get_by_role("button", name="Solve", exact=True).click()


def ended(page: Page) -> None:
    heading = page.get_by_role("heading", name=ENDED).first
    expect(heading).to_be_visible(timeout=SOLVES_WITHIN_MS)


def test_solve_is_watched_stopped_compared_and_used(
    server: Server, database: Database, wide: Watched
) -> None:
    page = wide.page
    sign_in(page, server, EMAIL)
    page.goto(f"{server.url}/events/hard/solve")
    wide.check()
    start(page, note="stopped", seconds=300)
    stop = page.get_by_role("button", name="Stop and keep the best")
    expect(stop).to_be_visible(timeout=SOLVES_WITHIN_MS)
    expect(page.get_by_text("At least 1 meeting")).to_be_visible()
    wide.check()
    page.evaluate("window.isSamePage = true")
    stop.click()
    ended(page)
    with database.reading() as session:
        [job] = session.scalars(select(Job).where(Job.kind == "solve"))
    assert job.state == "cancelled"
    assert job.cancel_asked_at
    assert job.finished_at
    assert (job.finished_at - job.cancel_asked_at).total_seconds() <= 2

    page.goto(f"{server.url}/events/aarhus-2026/solve")
    for note in ("first", "second"):
        start(page, note=note, seconds=60)
        page.evaluate("window.isSamePage = true")
        ended(page)
        expect(page.get_by_role("link", name=note, exact=True)).to_be_visible(
            timeout=SOLVES_WITHIN_MS
        )
        assert page.evaluate("window.isSamePage"), "the page was loaded anew"
    wide.check()
    page.get_by_role("button", name="Compare the ticked ones").click()
    expect(page.get_by_role("heading", name="Results side by side")).to_be_visible()
    expect(page.get_by_role("table", name="second").first).to_be_visible()
    wide.check()
    page.get_by_role("button", name="Use this timetable").first.click()
    expect(page.get_by_text("This is the timetable you work on now.")).to_be_visible()
    page.get_by_role("link", name="Solve", exact=False).first.click()
    expect(page.get_by_text("in use").first).to_be_visible()
    wide.check()
    page.get_by_role("link", name="students below the guarantee").first.click()
    expect(page.get_by_role("columnheader", name="Why not more")).to_be_visible()
    wide.check()


def test_the_pages_fit_a_phone(server: Server, database: Database, phone: Watched) -> None:
    page = phone.page
    sign_in(page, server, EMAIL)
    for address in ("solve", "what-if", "forecast?l0=da&p0=3&position=internship"):
        page.goto(f"{server.url}/events/aarhus-2026/{address}")
        phone.check()
    page.goto(f"{server.url}/events/aarhus-2026/solve")
    page.get_by_role("link", name="Look closer").click()
    expect(page.get_by_role("heading", name="Places taken")).to_be_visible()
    phone.check()


def test_variations_appear_one_by_one_and_one_becomes_the_event(
    server: Server, database: Database, wide: Watched
) -> None:
    page = wide.page
    sign_in(page, server, EMAIL)
    page.goto(f"{server.url}/events/aarhus-2026/what-if")
    page.get_by_label("Guaranteed meetings of a student").fill("1; 3")
    page.get_by_label("Seconds for each").fill("10")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("as it is")).to_be_visible(timeout=SOLVES_WITHIN_MS)
    button = page.get_by_role("button", name="Use these settings guarantee 3")
    expect(button).to_be_visible(timeout=SOLVES_WITHIN_MS)
    wide.check()
    button.click()
    expect(page.get_by_text("The event has these settings now.")).to_be_visible()
    with database.reading() as session:
        row = session.scalars(select(EventRow).where(EventRow.key == "aarhus-2026")).one()
    assert row.rules["guaranteed_meetings_per_student"] == 3
    expect(page.get_by_text("older than the event").first).to_be_visible()
    wide.check()


def test_a_solve_goes_on_when_its_worker_is_killed(
    server: Server, database: Database, wide: Watched
) -> None:
    page = wide.page
    sign_in(page, server, EMAIL)
    page.goto(f"{server.url}/events/hard/solve")
    start(page, note="killed", seconds=15)
    expect(page.get_by_text("At least 1 meeting")).to_be_visible(timeout=SOLVES_WITHIN_MS)
    worker = worker_of(database)
    os.kill(worker, signal.SIGKILL)
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)

    def let_time_pass() -> None:
        with database.writing() as session:
            job = session.scalars(select(Job).where(Job.state == "running")).one()
            job.heartbeat_at = long_ago

    database.again(let_time_pass)
    expect(page.get_by_text("begun again")).to_be_visible(timeout=SOLVES_WITHIN_MS)
    wide.check()
    expect(page.get_by_role("link", name="killed", exact=True)).to_be_visible(
        timeout=SOLVES_WITHIN_MS
    )
    with database.reading() as session:
        job = session.scalars(select(Job).order_by(Job.id.desc()).limit(1)).one()
    assert (job.state, job.attempts) == ("done", 2)
    assert not Path(f"/proc/{worker}").exists()


def worker_of(database: Database) -> int:
    """Process that has the running job; the worker's name says."""
    with database.reading() as session:
        job = session.scalars(select(Job).where(Job.state == "running")).one()
    return int(job.worker.split("-")[-2])

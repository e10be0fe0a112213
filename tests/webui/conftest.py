"""An application with an empty database for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from scheduler.importers import load_event
from tests.webui.postgres import Cluster
from webui.app import create_app
from webui.config import Settings
from webui.operations import accounts, importing, links
from webui.operations.accounts import EVERY_EVENT, Colleague, Given
from webui.operations.log import SYSTEM
from webui.store import Base, Database, EventRow, StudentRow
from webui.store.schema import upgrade

EXAMPLES = Path(__file__).parents[2] / "examples"
PASSWORD = "seven quiet herons"
NOON = dt.datetime(2026, 11, 2, 11, 0, tzinfo=dt.UTC)


@dataclass
class Clock:
    """Time stands still until a test moves it."""

    at: dt.datetime = NOON

    def __call__(self) -> dt.datetime:
        return self.at

    def pass_(self, **much: float) -> None:
        self.at += dt.timedelta(**much)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    own = Cluster(tmp_path_factory.mktemp("postgres"))
    own.start()
    database = Database(own.url)
    upgrade(database)
    database.close()
    yield own
    own.stop()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated, empty SQLite file, made once."""
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path.read_bytes()


def empty_postgresql(cluster: Cluster) -> Database:
    """The server's database with nothing in it."""
    own = Database(cluster.url)
    names = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with own.engine.begin() as connection:
        connection.execute(text(f"truncate {names} restart identity cascade"))
    return own


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: bytes
) -> Iterator[Database]:
    if request.param == "sqlite":
        path = tmp_path / "company-dating.db"
        path.write_bytes(empty_sqlite)
        own = Database(f"sqlite:///{path}")
    else:
        own = empty_postgresql(request.getfixturevalue("cluster"))
    yield own
    own.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path,
        database_url="",
        base_url="http://127.0.0.1",
        secret_key="0123456789abcdefghijklmnopqrstuv",
    )


@pytest.fixture
def app(settings: Settings, database: Database, clock: Clock) -> Flask:
    own = create_app(settings, database=database, clock=clock)
    own.config["RATELIMIT_ENABLED"] = False
    own.config["SERVER_NAME"] = None
    return own


def token_in(page: str) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no token"
    return found[1]


def words_of(answer: object) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.get_data(as_text=True)).split())  # type: ignore[attr-defined]


class Browser:
    """A client that sends the forms it has read, with their tokens, as a browser would."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.client.environ_base["HTTP_HOST"] = "127.0.0.1"

    def get(self, address: str, **more: Any) -> Any:
        return self.client.get(address, **more)

    def post(self, address: str, values: dict[str, Any] | None = None, **more: Any) -> Any:
        """Send a form, with the token that the page of this session carries."""
        sent = {"csrf_token": self.token(), **(values or {})}
        return self.client.post(address, data=sent, **more)

    def token(self) -> str:
        return token_in(self.client.get("/sign-in").get_data(as_text=True))

    def sign_in(self, email: str, password: str = PASSWORD) -> Any:
        return self.post("/sign-in", {"email": email, "password": password})


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


def make_colleague(
    database: Database, now: dt.datetime, email: str, role: str, given: Given = EVERY_EVENT
) -> Colleague:
    """Make an account, as an invited colleague would."""
    token = accounts.invite(database, SYSTEM, now, email=email, role=role, given=given)
    return accounts.accept_invitation(
        database, now, token=token, name=email.split("@")[0], email="", password=PASSWORD
    )


@pytest.fixture
def join(database: Database, clock: Clock) -> Callable[..., Colleague]:
    def _join(email: str, role: str = "planner", given: Given = EVERY_EVENT) -> Colleague:
        return make_colleague(database, clock(), email, role, given)

    return _join


@pytest.fixture
def administrator(join: Callable[..., Colleague]) -> Colleague:
    return join("admin@au.dk", "administrator")


@pytest.fixture
def staff(browser: Browser, administrator: Colleague) -> Browser:
    """A browser in which an administrator is signed in."""
    answer = browser.sign_in(administrator.email)
    assert answer.status_code == 302
    return browser


@pytest.fixture
def tiny(database: Database, administrator: Colleague, clock: Clock) -> int:
    """The event of examples/tiny, stored; its row."""
    event = load_event(EXAMPLES / "tiny").event
    return importing.create_from(database, administrator.actor, clock(), event)


@pytest.fixture
def people_at(database: Database, tiny: int) -> str:
    """Address of the lists of the tiny event."""
    with database.reading() as session:
        return f"/events/{session.get_one(EventRow, tiny).key}/people"


@dataclass
class Visitor:
    """A student's browser that has opened the personal link."""

    browser: Browser
    pk: int
    event_pk: int
    token: str

    def get(self, address: str, **more: Any) -> Any:
        return self.browser.get(address, **more)

    def post(self, address: str, values: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.browser.post(address, values, **more)


@pytest.fixture
def open_link(app: Flask, database: Database, tiny: int, clock: Clock) -> Callable[[str], Visitor]:
    """Open the personal link of a student of the tiny event, whose window is open for a day."""
    with database.writing() as session:
        event = session.get_one(EventRow, tiny)
        event.opens_at = clock() - dt.timedelta(days=1)
        event.closes_at = clock() + dt.timedelta(days=1)

    def _open(student_id: str) -> Visitor:
        with database.writing() as session:
            student = session.scalars(
                select(StudentRow).where(
                    StudentRow.event_id == tiny, StudentRow.student_id == student_id
                )
            ).one()
            token = links.make_link(session, clock(), student, session.get_one(EventRow, tiny))
        browser = Browser(app)
        assert browser.get(f"/s/{token}").status_code == 303
        return Visitor(browser, student.id, tiny, token)

    return _open

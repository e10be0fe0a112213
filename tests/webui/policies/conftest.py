"""The prepared database: made once, copied for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.webui.conftest import Clock
from tests.webui.policies.asking import Caller
from tests.webui.policies.prepared import Prepared, prepare
from webui.app import create_app
from webui.config import Settings, Smtp
from webui.store import Database

NO_MAIL_SERVER = Smtp("127.0.0.1", 1, "", "", "fair@au.dk", "none")


@pytest.fixture(scope="session")
def prepared(
    tmp_path_factory: pytest.TempPathFactory, empty_sqlite: bytes
) -> tuple[Prepared, bytes]:
    """What is in the prepared database, and its file."""
    path = tmp_path_factory.mktemp("prepared") / "prepared.db"
    path.write_bytes(empty_sqlite)
    database = Database(f"sqlite:///{path}")
    found = prepare(database)
    database.close()
    return found, path.read_bytes()


def make_app(folder: Path, database: Database) -> Flask:
    """An application that has a mail server in its settings, and no limits."""
    settings = Settings(
        home=folder,
        database_url="",
        base_url="http://127.0.0.1",
        secret_key="0123456789abcdefghijklmnopqrstuv",
        smtp=NO_MAIL_SERVER,
    )
    app = create_app(settings, database=database, clock=Clock())
    app.config["RATELIMIT_ENABLED"] = False
    return app


@pytest.fixture
def caller(tmp_path: Path, prepared: tuple[Prepared, bytes]) -> Iterator[Caller]:
    """Asks an application over a copy of the prepared database."""
    found, content = prepared
    path = tmp_path / "company-dating.db"

    def fresh() -> Database:
        path.write_bytes(content)
        return Database(f"sqlite:///{path}")

    own = Caller(make_app(tmp_path, fresh()), found, fresh)
    yield own
    own.database.close()

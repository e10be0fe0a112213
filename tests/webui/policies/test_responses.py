"""The headers that every response carries, whatever went wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from tests.webui.conftest import Browser
from tests.webui.policies.asking import check_headers
from webui.app import create_app
from webui.config import Settings
from webui.store import Database


@pytest.fixture
def database(empty_sqlite: bytes, tmp_path: Any) -> Any:
    path = tmp_path / "company-dating.db"
    path.write_bytes(empty_sqlite)
    own = Database(f"sqlite:///{path}")
    yield own
    own.close()


def broken(_: Any = None) -> Any:
    raise RuntimeError("broken")


def without_database(_: Any = None) -> Any:
    raise OperationalError("select", {}, Exception("locked"))


@pytest.mark.parametrize(
    ("method", "address", "more", "code"),
    [
        ("GET", "/sign-in", {}, 200),
        ("HEAD", "/sign-in", {}, 200),
        ("OPTIONS", "/sign-in", {}, 200),
        ("GET", "/", {}, 302),
        ("GET", "/me", {}, 401),
        ("POST", "/me/submit", {}, 400),
        ("GET", "/nothing", {}, 404),
        ("GET", "/static/nothing.css", {}, 404),
        ("GET", "/static/../app.py", {}, 404),
        ("PUT", "/sign-in", {}, 405),
        ("DELETE", "/events/tiny", {}, 405),
        ("GET", "/sign-in", {"headers": {"Host": "evil.example"}}, 400),
        ("POST", "/sign-in", {"headers": {"Host": "evil.example"}}, 400),
        ("GET", "/nothing", {"headers": {"Host": "evil.example"}}, 400),
        ("POST", "/sign-in", {"headers": {"Origin": "https://evil.example"}}, 400),
        ("POST", "/sign-in", {"data": b"x" * (11 * 1024 * 1024)}, 413),
        ("GET", "/s/\x00%00", {}, 404),
    ],
)
def test_every_answer_carries_the_headers(
    app: Flask, method: str, address: str, more: dict[str, Any], code: int
) -> None:
    client = app.test_client()
    answer = client.open(address, method=method, base_url="http://127.0.0.1", **more)
    assert answer.status_code == code
    check_headers(answer, f"{method} {address}")


@pytest.mark.parametrize(("view", "code"), [(broken, 500), (without_database, 503)])
def test_a_fault_of_ours_carries_the_headers(app: Flask, view: Any, code: int) -> None:
    app.view_functions["pages.health"] = view
    answer = Browser(app).get("/health")
    assert answer.status_code == code
    assert "broken" not in answer.get_data(as_text=True)
    check_headers(answer, "GET health")


def test_too_many_tries_carry_the_headers(app: Flask) -> None:
    app.config["RATELIMIT_ENABLED"] = True
    browser = Browser(app)
    answers = [browser.post("/join/nobody") for _ in range(21)]
    assert [own.status_code for own in answers] == [404] * 20 + [429]
    check_headers(answers[-1], "POST join")


def test_over_tls_cookies_are_tied_to_the_host_and_browsers_stay_with_it(
    settings: Settings, database: Database
) -> None:
    app = create_app(replace(settings, base_url="https://127.0.0.1"), database=database)
    answer = app.test_client().get("/sign-in", base_url="https://127.0.0.1")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    check_headers(answer, "GET sign-in")

"""Asking the application for a page without a server: how long, how many statements, how much."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import EnvironBuilder, run_wsgi_app

from benchmarks.web_event import NOW, WebEvent
from webui.access import STAFF_COOKIE, STUDENT_COOKIE
from webui.app import create_app
from webui.collector import collect_between_requests
from webui.config import Settings, Smtp

BASE_URL = "http://127.0.0.1"


@dataclass(frozen=True, slots=True)
class Page:
    """What one request was answered, and what it took."""

    status: int
    seconds: float
    statements: int
    text: str
    size: int


def application(own: WebEvent) -> Flask:
    """The application over an event's database, at the moment of the event; nothing asked yet."""
    settings = Settings(
        home=own.home,
        database_url=own.database.url,
        base_url=BASE_URL,
        secret_key="0123456789abcdefghijklmnopqrstuv",
        smtp=Smtp("127.0.0.1", 25, "", "", "office@example.edu", "none"),
    )
    app = create_app(settings, database=own.database, clock=lambda: NOW)
    app.config["RATELIMIT_ENABLED"] = False
    return app


def ask(app: Flask, own: WebEvent, address: str) -> Page:
    """Ask for a page as staff or the student would, or for the part of it that ``#`` names."""
    address, part = urldefrag(address)
    cookies = f"{STAFF_COOKIE}={own.staff_cookie}; {STUDENT_COOKIE}={own.student_cookie}"
    headers = {"Cookie": cookies, "Host": "127.0.0.1"}
    if part:
        headers |= {"HX-Request": "true", "HX-Target": part}
    environ = EnvironBuilder(path=address, base_url=BASE_URL, headers=headers).get_environ()
    with counted(own.database.engine) as statements:
        began = time.perf_counter()
        answer, status, _headers = run_wsgi_app(app, environ)
        content = b"".join(answer)
        seconds = time.perf_counter() - began
    collect_between_requests()  # as the server does
    text = content.decode(errors="replace")
    return Page(int(status.split()[0]), seconds, len(statements), text, len(content))


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements that are sent to a database, but for the beginning of transactions."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)

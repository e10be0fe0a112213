"""A real server, a real browser; every page that is opened is also looked at for faults."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.e2e.students import Link, make_link

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE = {"width": 360, "height": 740}
WIDE = {"width": 1280, "height": 800}
STARTS_WITHIN_S = 60


@dataclass
class Server:
    """The application as `make serve` starts it, in a folder of its own."""

    url: str
    home: Path
    process: subprocess.Popen[str]
    join: str

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        if self.process.stdout:
            self.process.stdout.close()


def start_server(
    home: Path, *, port: int | None = None, environment: dict[str, str] | None = None
) -> Server:
    """Start the web process and the worker; the port is free when none is given."""
    if port is None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "webui", "serve", "--example"],
        env={
            **os.environ,
            "COMPANY_DATING_HOME": str(home),
            "COMPANY_DATING_URL": url,
            **(environment or {}),
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    join, printed = "", ""
    assert process.stdout
    for line in process.stdout:
        printed += line
        found = re.search(r"(http://\S+/join/\S+)", line)
        join = found[1] if found else join
        if "Ctrl-C" in line:
            break
    else:
        raise AssertionError(f"the server did not start: {printed}")
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{url}/health", timeout=5).close()
            return Server(url, home, process, join)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    process.kill()
    raise AssertionError("the server does not answer")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    own = start_server(tmp_path_factory.mktemp("home"))
    yield own
    own.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        raise RuntimeError("Chromium is missing: run `make system`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A browser window that remembers every fault it showed."""

    context: BrowserContext
    page: Page
    faults: list[str]

    def check(self) -> None:
        """No violation of accessibility, no fault on the console, nothing wider than the window."""
        found = Axe().run(self.page)
        rules = [
            f"{own['id']}: {own['nodes'][0]['html'][:200]}" for own in found.response["violations"]
        ]
        assert rules == [], self.page.url
        assert self.faults == [], self.page.url
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= self.page.viewport_size["width"], self.page.url  # type: ignore[index]


def open_window(chromium: Browser, size: dict[str, int], **more: object) -> Watched:
    context = chromium.new_context(viewport=size, locale="en-GB", **more)  # type: ignore[arg-type]
    page = context.new_page()
    watched = Watched(context, page, [])

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            watched.faults.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: watched.faults.append(str(error)))
    return watched


@pytest.fixture
def wide(chromium: Browser) -> Iterator[Watched]:
    own = open_window(chromium, WIDE)
    yield own
    own.context.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Watched]:
    own = open_window(chromium, PHONE, has_touch=True, is_mobile=True)
    yield own
    own.context.close()


@pytest.fixture
def link(server: Server) -> Link:
    """Make a student's personal link; the window of wishes is open, and no wish is stored."""
    return partial(make_link, server)

"""Who has waited too long for the server is told when to come again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.webui.conftest import Browser
from webui import overload


@pytest.fixture
def late() -> Iterator[None]:
    """Requests of this thread have waited too long."""
    overload._own.waited_s = overload.LONGEST_S + 1
    yield
    del overload._own.waited_s


@pytest.mark.usefixtures("late")
def test_who_waited_too_long_gets_a_short_answer_that_loads_itself_again(browser: Browser) -> None:
    answer = browser.get("/sign-in")
    assert answer.status_code == 503
    assert 3 <= int(answer.headers["Retry-After"]) <= 10
    assert answer.headers["Refresh"] == answer.headers["Retry-After"]
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "tries again" in answer.get_data(as_text=True)
    with browser.get("/static/style.css") as sheet:
        assert sheet.status_code == 200


@pytest.mark.usefixtures("late")
def test_what_is_sent_is_not_sent_again_by_the_browser_itself(browser: Browser) -> None:
    answer = browser.client.post("/sign-in", data={})
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert "Refresh" not in answer.headers


def test_who_waited_a_moment_is_served(browser: Browser) -> None:
    overload._own.waited_s = overload.LONGEST_S / 2
    assert browser.get("/sign-in").status_code == 200
    del overload._own.waited_s

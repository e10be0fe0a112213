"""Files sent to the tiny event, and what is stored of them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from scheduler.model import Event
from tests.webui.conftest import EXAMPLES, Browser
from webui.store import (
    Database,
    EventRow,
)
from webui.store.exchange import read_event

TINY = EXAMPLES / "tiny"
Sent = Callable[..., Any]


def stored(database: Database, pk: int) -> Event:
    with database.reading() as session:
        return read_event(session, session.get_one(EventRow, pk))


@pytest.fixture
def key(database: Database, tiny: int) -> str:
    with database.reading() as session:
        return session.get_one(EventRow, tiny).key


@pytest.fixture
def send(staff: Browser, key: str) -> Sent:
    """Upload files by name; the preview's address, or the answer that refuses them."""

    def _send(**files: str | bytes) -> Any:
        listed = [
            (
                io.BytesIO(content.encode() if isinstance(content, str) else content),
                name.replace("_", "."),
            )
            for name, content in files.items()
        ]
        return staff.post(
            f"/events/{key}/import", {"files": listed}, content_type="multipart/form-data"
        )

    return _send


def shown_in(page: str) -> dict[str, str]:
    """What the form says that was shown."""
    return dict(re.findall(r'name="(shown(?:_all)?)" value="([^"]+)"', page))


def confirm(staff: Browser, address: str, **form: Any) -> Any:
    page = staff.get(address).get_data(as_text=True)
    return staff.post(address, {**shown_in(page), **form})

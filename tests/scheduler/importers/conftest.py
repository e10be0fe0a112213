"""A tiny event folder that each test bends in one place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.errors import ImportFileError
from scheduler.importers import load_event

EVENT_TOML = """
[event]
id = "november"
name = "Company Dating"
date = 2026-11-26
timezone = "Europe/Copenhagen"
start = "13:00"
end = "15:30"
slot_min = 10
changeover_min = 2
"""

FILES = {
    "event.toml": EVENT_TOML,
    "rooms.csv": "room_id,tables\nHall,4\n",
    "companies.csv": "company_id,name\nc1,Grundfos\nc2,Vestas\n",
    "students.csv": "student_id,name\ns1,Ann\ns2,Bo\n",
    "preferences.csv": "student_id,company_id,rank\ns1,c1,1\ns1,c2,2\ns2,c1,1\n",
}

Folder = Callable[..., Path]
Problems = Callable[[Path], list[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Make the event folder; keyword ``students`` replaces students.csv (None removes it)."""

    def make(**changed: str | bytes | None) -> Path:
        place = tmp_path / "event"
        place.mkdir(exist_ok=True)
        files: dict[str, str | bytes | None] = dict(FILES)
        for name, content in changed.items():
            files["event.toml" if name == "event" else f"{name}.csv"] = content
        for name, content in files.items():
            if content is not None:
                encoded = content.encode() if isinstance(content, str) else content
                (place / name).write_bytes(encoded)
        return place

    return make


@pytest.fixture
def problems() -> Problems:
    """Load and give the problems as a person reads them."""

    def read(path: Path) -> list[str]:
        try:
            load_event(path)
        except ImportFileError as error:
            return [str(problem) for problem in error.problems]
        return []

    return read

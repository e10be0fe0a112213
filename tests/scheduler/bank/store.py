"""Reading and writing the bank's file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scheduler.files import write_whole
from scheduler.model import Event
from tests.scheduler.bank.codec import read, written
from tests.scheduler.second_solver import Row

FILE = Path(__file__).with_name("events.jsonl")


@dataclass(frozen=True)
class Saved:
    """An event of the bank, what is proven of it, and by which ways.

    ``binds`` names what the best levels depend on, as `tests.scheduler.bank.proving.WITHOUT` does.
    """

    name: str
    event: Event
    row: Row | None
    breaks: int | None
    ways: tuple[str, ...]
    binds: tuple[str, ...]


def load(file: Path = FILE) -> tuple[Saved, ...]:
    """Every event of the bank, in the file's order."""
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        own = json.loads(line)
        row = None if own["row"] is None else tuple(own["row"])
        found.append(
            Saved(
                own["name"],
                read(own["event"]),
                row,
                own["breaks"],
                tuple(own["ways"]),
                tuple(own["binds"]),
            )
        )
    return tuple(found)


def save(events: Iterable[Saved], file: Path = FILE) -> None:
    """Write the bank, one event a line."""
    lines = [
        json.dumps(
            {
                "name": own.name,
                "row": own.row,
                "breaks": own.breaks,
                "ways": own.ways,
                "binds": own.binds,
                "event": written(own.event),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for own in events
    ]
    write_whole(file, "".join(f"{line}\n" for line in lines).encode())

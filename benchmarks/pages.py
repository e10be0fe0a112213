"""How long the server takes for each page of a large event: ``python -m benchmarks.pages``.

1,600 students, 100 companies and 12 slots, answered, solved, changed, published and printed; every
page that staff or students can open, in one process: the first one after the process has started,
the first one after a change of the event and its timetable, and again.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from flask import Flask

from benchmarks.addresses import addresses
from benchmarks.asking import Page, application, ask
from benchmarks.report import Bar, Part, say
from benchmarks.web_event import NOW, WebEvent, store, with_profiles
from benchmarks.workspace import Size
from webui.operations.board import read_ahead
from webui.serving import warm_up
from webui.store import Database
from webui.store.schema import upgrade

BAR_MS = 200
STARTS = 3
SIZE = Size(1_600, 100)
COLUMNS = (
    *("page", "after start", "after a change", "again", "worst of all"),
    *("statements", "kB", "of the bar"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A page, in seconds: asked first, after each change, and again."""

    name: str
    started: list[float]
    changed: list[float]
    again: list[float]
    statements: int
    size: int

    @property
    def seconds(self) -> float:
        """The longest of the three medians."""
        return max(map(median, (self.started, self.changed, self.again)))

    def cells(self) -> tuple[str, ...]:
        """Its row of the table."""
        times = (
            *(median(self.started), median(self.changed), median(self.again)),
            max(*self.started, *self.changed, *self.again),
        )
        milliseconds = (f"{1000 * own:.0f} ms" for own in times)
        ratio = f"{1000 * self.seconds / BAR_MS:.2f}"
        return self.name, *milliseconds, str(self.statements), f"{self.size / 1000:.0f}", ratio


def measure(app: Flask, own: WebEvent, *, times: int, only: str = "") -> list[Measured]:
    """Ask for every page."""
    chosen = {
        f"{endpoint} {number}" if number > 1 else endpoint: address
        for endpoint, pages in addresses(own).items()
        for number, address in enumerate(pages, 1)
        if only in endpoint
    }
    started = {
        name: [_in_child(app, own, address) for _ in range(STARTS)]
        for name, address in chosen.items()
    }
    found = []
    for name, address in chosen.items():
        changed, again = [], []
        for _ in range(times):
            own.touch()
            changed.append(_asked(app, own, address))
            again.append(_asked(app, own, address))
        found.append(
            Measured(
                name,
                started[name],
                [page.seconds for page in changed],
                [page.seconds for page in again],
                max(page.statements for page in (*changed, *again)),
                max(page.size for page in (*changed, *again)),
            )
        )
    return found


def _asked(app: Flask, own: WebEvent, address: str) -> Page:
    page = ask(app, own, address)
    if page.status != 200:
        raise SystemExit(f"{address} answers {page.status}")
    return page


def _in_child(app: Flask, own: WebEvent, address: str) -> float:
    """Ask for a page in a process that was never asked anything: a fork of this one.

    The event is counted as changed before, so that nothing this one has read is of use, and read
    by the child as a server does before it listens.
    """
    own.touch()
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        own.database.engine.dispose(close=False)
        read_ahead(own.database, NOW)
        os.write(into, json.dumps(_asked(app, own, address).seconds).encode())
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return float(answer)


def pages(folder: Path, *, size: Size = SIZE, times: int = 5, only: str = "") -> Part:
    """Make the event and ask for its pages."""
    database = Database(f"sqlite:///{folder / 'company-dating.db'}")
    upgrade(database)
    say(f"taking {size.name} through every step")
    own = store(database, with_profiles(size.event()), home=folder)
    app = application(own)
    warm_up(app)
    say("asking for the pages")
    found = measure(app, own, times=times, only=only)
    part = Part("pages", f"Pages on the server, {size.name}", COLUMNS)
    part.rows += [each.cells() for each in found]
    slowest = max(found, key=lambda each: each.seconds)
    part.rows.append(_row_of_all(found))
    part.notes += [
        f"Medians of {STARTS} starts, {times} changes, {times} repetitions. Of the bar: the "
        f"longest median divided by {BAR_MS} ms. Statements: the most of one request.",
        "After start: in a process that has answered nothing yet, with the events read as a server "
        "reads them before it listens. The request alone, without the "
        "network and without the browser; the pages of a number are other views of one page.",
    ]
    part.bars.append(
        Bar(
            f"every page within {BAR_MS} ms",
            f"{1000 * slowest.seconds:.0f} ms, {slowest.name}",
            1000 * slowest.seconds <= BAR_MS,
        )
    )
    return part


def _row_of_all(found: Sequence[Measured]) -> tuple[str, ...]:
    """The longest of every column."""
    longest = (
        max(median(each.started) for each in found),
        max(median(each.changed) for each in found),
        max(median(each.again) for each in found),
        max(max(*each.started, *each.changed, *each.again) for each in found),
    )
    return (
        "the slowest",
        *(f"{1000 * own:.0f} ms" for own in longest),
        str(max(each.statements for each in found)),
        f"{max(each.size for each in found) / 1000:.0f}",
        f"{1000 * max(each.seconds for each in found) / BAR_MS:.2f}",
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a page is slower than the bar."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--only", default="", help="pages whose name has this")
    parser.add_argument("--students", type=int, default=SIZE.students)
    parser.add_argument("--companies", type=int, default=SIZE.companies)
    parser.add_argument("--times", type=int, default=5)
    arguments = parser.parse_args(argv)
    size = Size(arguments.students, arguments.companies)
    with tempfile.TemporaryDirectory() as folder:
        part = pages(Path(folder), size=size, times=arguments.times, only=arguments.only)
    print(part.markdown())
    return 0 if part.is_good else 1


if __name__ == "__main__":
    sys.exit(main())

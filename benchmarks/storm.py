"""Everybody answers at once: ``python -m benchmarks.storm`` (three minutes).

1,600 students open their personal links, get the form and send ten ranks, at moments drawn
beforehand (Poisson), from one address; 10 % press twice, 5 % send it again a second later. An
open loop: who comes does not wait for those before, and is timed from the moment drawn. Loopback
alone, as many requests as students. Afterwards every stored ranking is compared with what was sent.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.report import Bar, Part, say
from benchmarks.server import served
from benchmarks.web_event import with_profiles
from scheduler.generate import generate_event
from webui.operations import importing, links, solving
from webui.operations.log import SYSTEM
from webui.store import Answer as Saved
from webui.store import CompanyRow, Database, EventRow, PreferenceRow, StudentRow
from webui.store.schema import upgrade

STUDENTS, COMPANIES, RANKS, SEED = 1_600, 100, 10, 1
READS_S = 2.0
"""From the link to the sent ranking: nobody ranks as fast, so no storm is fiercer."""
DOUBLE, RETRY, RETRY_AFTER_S = 0.10, 0.05, 1.0
BUSY, MOST_TRIES = 503, 60
LIMIT_S = 60.0
"""After that an answer counts as none."""
COLUMNS = (
    *("arrivals", "students", "sent", "lost", "twice", "mixed up", "faults", "told to come again"),
    *("GET 95 %", "POST median", "POST 95 %", "POST 99 %", "POST worst", "stored, 95 %"),
)


@dataclass(frozen=True, slots=True)
class Load:
    """How they come, and within what a ranking must be stored: 95 and 99 of 100, in seconds."""

    name: str
    over_s: float
    p95_s: float
    p99_s: float | None = None
    has_solve: bool = False
    may_turn_away: bool = False


LOADS = (
    Load("in 60 s", 60.0, 0.5, 1.5),
    Load("in 10 s", 10.0, 3.0, may_turn_away=True),
    Load("in 60 s, while a solve runs", 60.0, 1.0, has_solve=True),
)


@dataclass(slots=True)
class Log:
    """What the students saw: seconds of each kind of request, and what was answered."""

    gets: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    stored: list[float] = field(default_factory=list)
    acknowledged: dict[int, tuple[int, ...]] = field(default_factory=dict)
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Of one request; 0 when there was none. ``again_s``: when to come again."""

    status: int
    text: str = ""
    again_s: int = 0


class Browser:
    """One connection at a time to the server, with the cookies that it gave."""

    def __init__(self, url: str, log: Log) -> None:
        self._log, self._cookies = log, dict[str, str]()
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80

    async def ask(
        self, method: str, path: str, due: float, values: dict[str, str] | None = None
    ) -> str:
        """Send a request and read its answer; empty when it failed.

        Who is told to come again does so, as the pages do, and is timed from then.
        """
        seconds = self._log.posts if method == "POST" else self._log.gets
        for _ in range(MOST_TRIES):
            try:
                answer = await asyncio.wait_for(self._ask(method, path, values), LIMIT_S)
            except (OSError, TimeoutError):
                answer = Answer(0)
            seconds.append(time.monotonic() - due)
            self._log.statuses[answer.status] += 1
            if answer.status != BUSY or not answer.again_s:
                break
            due = time.monotonic() + answer.again_s
            await asyncio.sleep(answer.again_s)
        return answer.text if 200 <= answer.status < 400 else ""

    async def _ask(self, method: str, path: str, values: dict[str, str] | None) -> Answer:
        body = urlencode(values or {}).encode()
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._host}:{self._port}"]
        head += ["Connection: close", f"Content-Length: {len(body)}"]
        head += ["Content-Type: application/x-www-form-urlencoded", "X-Requested-With: fetch"]
        if self._cookies:
            pairs = (f"{name}={value}" for name, value in self._cookies.items())
            head.append(f"Cookie: {'; '.join(pairs)}")
        reader, writer = await asyncio.open_connection(self._host, self._port)
        try:
            writer.write("\r\n".join([*head, "", ""]).encode() + body)
            await writer.drain()
            answer = (await reader.read()).decode(errors="replace")
        finally:
            writer.close()
        top, _, text = answer.partition("\r\n\r\n")
        for name, value in re.findall(r"(?im)^set-cookie: ([^=]+)=([^;\r]*)", top):
            self._cookies[name] = value
        found = re.match(r"HTTP/1\.[01] (\d{3})", top)
        again = re.search(r"(?im)^retry-after: (\d+)", top)
        return Answer(int(found[1]) if found else 0, text, int(again[1]) if again else 0)


@dataclass(frozen=True, slots=True)
class Student:
    """Who comes when, with which link and which ranking, and the one that is stored before."""

    pk: int
    token: str
    ranking: tuple[int, ...]
    before: tuple[int, ...]
    comes_s: float
    presses: int
    is_sent_again: bool


async def visit(url: str, student: Student, log: Log, began: float) -> None:
    """Open the link, get the form, send the ranking; once more where somebody is impatient."""
    browser = Browser(url, log)
    due = began + student.comes_s
    await asyncio.sleep(max(0.0, due - time.monotonic()))
    await browser.ask("GET", f"/s/{student.token}", due)
    page = await browser.ask("GET", "/me/wishes", time.monotonic())
    token = re.search(r'data-token="([^"]+)"', page)
    revision = re.search(r'data-revision="(\d+)"', page)
    base = re.search(r'data-base="([\d,]*)"', page)
    if token is None or revision is None or base is None:
        return
    values = {
        "csrf_token": token[1],
        "revision": revision[1],
        "base": base[1],
        "ranking": ",".join(map(str, student.ranking)),
    }

    async def send(due: float) -> None:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        log.sent += 1
        if await browser.ask("POST", "/me/wishes", due, values):
            log.acknowledged[student.pk] = student.ranking
            log.stored.append(time.monotonic() - began - student.comes_s)

    due = max(due + READS_S, time.monotonic())
    again = [due + RETRY_AFTER_S] if student.is_sent_again else []
    await asyncio.gather(*map(send, [due] * student.presses + again))


def _students(
    tokens: dict[int, str],
    companies: Sequence[int],
    before: dict[int, tuple[int, ...]],
    over_s: float,
) -> list[Student]:
    random = Random(SEED)
    at = 0.0
    found = []
    for pk, token in tokens.items():
        at += random.expovariate(len(tokens) / over_s)
        found.append(
            Student(
                pk,
                token,
                tuple(random.sample(list(companies), RANKS)),
                before[pk],
                at,
                2 if random.random() < DOUBLE else 1,
                random.random() < RETRY,
            )
        )
    return found


async def _come(url: str, students: Sequence[Student]) -> Log:
    log, began = Log(), time.monotonic() + 1
    await asyncio.gather(*(visit(url, own, log, began) for own in students))
    return log


def _event(database: Database) -> tuple[int, dict[int, str], list[int]]:
    """An event whose window is open now, the links of its students, its companies."""
    now = dt.datetime.now(dt.UTC)
    event = generate_event(
        students=STUDENTS, companies=COMPANIES, slots=12, seats=6, seed=SEED, wishes=RANKS
    )
    event = replace(with_profiles(event), date=now.date() + dt.timedelta(days=7))
    pk = importing.create_from(database, SYSTEM, now, event)
    with database.writing() as session:
        row = session.get_one(EventRow, pk)
        row.opens_at, row.closes_at = now - dt.timedelta(days=1), now + dt.timedelta(days=1)
        every = session.scalars(select(StudentRow.id).where(StudentRow.event_id == pk)).all()
        tokens = links.make_links(session, now, every, row)
        companies = session.scalars(select(CompanyRow.id).where(CompanyRow.event_id == pk)).all()
    return pk, tokens, list(companies)


@dataclass(frozen=True, slots=True)
class Stored:
    """What is wrong with what is stored."""

    lost: int
    twice: int
    mixed_up: int


def check(database: Database, students: Sequence[Student], log: Log) -> Stored:
    """Compare what is stored with what was acknowledged, and with what anybody sent."""
    with database.reading() as session:
        stored = _rankings(session)
        saved = session.scalars(
            select(func.count()).select_from(Saved).group_by(Saved.student_pk)
        ).all()
    possible = {own.pk: (own.ranking, own.before) for own in students}
    return Stored(
        sum(stored.get(pk) != ranking for pk, ranking in log.acknowledged.items()),
        sum(count > 1 for count in saved),
        sum(ranking not in possible[pk] for pk, ranking in stored.items()),
    )


def _rankings(session: Session) -> dict[int, tuple[int, ...]]:
    """What is stored, by student."""
    stored: dict[int, tuple[int, ...]] = {}
    for student, company in session.execute(
        select(PreferenceRow.student_pk, PreferenceRow.company_pk).order_by(
            PreferenceRow.student_pk, PreferenceRow.rank
        )
    ):
        stored[student] = (*stored.get(student, ()), company)
    return stored


def run(load: Load, folder: Path) -> tuple[tuple[str, ...], list[Bar]]:
    """Let them all come once, to an event of their own; a row and its bars."""
    say(f"{STUDENTS:,} students {load.name}")
    database = Database(f"sqlite:///{folder / 'company-dating.db'}")
    upgrade(database)
    pk, tokens, companies = _event(database)
    with database.reading() as session:
        before = _rankings(session)
    students = _students(tokens, companies, before, load.over_s)
    with served(folder) as url:
        if load.has_solve:
            now = dt.datetime.now(dt.UTC)
            solving.start_solve(database, SYSTEM, now, event_id=pk, time_limit_s=60)
        log = asyncio.run(_come(url, students))
    stored = check(database, students, log)
    database.close()
    busy = log.statuses[BUSY]
    others = sum(count for status, count in log.statuses.items() if not 200 <= status < 400) - busy
    unsaved = len(students) - len(log.acknowledged)
    p95, p99 = _percentile(log.posts, 0.95), _percentile(log.posts, 0.99)
    row = (
        load.name,
        *(f"{own:,}" for own in (len(students), log.sent, stored.lost + unsaved, stored.twice)),
        *(f"{own:,}" for own in (stored.mixed_up, others, busy)),
        *(_ms(own) for own in (_percentile(log.gets, 0.95), _percentile(log.posts, 0.5))),
        *(_ms(own) for own in (p95, p99, max(log.posts, default=0.0))),
        _ms(_percentile(log.stored, 0.95)),
    )
    faults = stored.lost + unsaved + stored.twice + stored.mixed_up + others
    faults += 0 if load.may_turn_away else busy
    bars = [
        Bar(f"{load.name}: nothing lost, twice or mixed up", f"{faults} faults", faults == 0),
        Bar(
            f"{load.name}: 95 % of the rankings answered within {load.p95_s} s",
            _ms(p95),
            p95 <= load.p95_s,
        ),
    ]
    if load.p99_s is not None:
        text = f"{load.name}: 99 % within {load.p99_s} s"
        bars.append(Bar(text, _ms(p99), p99 <= load.p99_s))
    return row, bars


def _percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms"


def storm(folder: Path, *, loads: Sequence[Load] = LOADS) -> Part:
    """Every load, each on a folder of its own."""
    part = Part("storm", f"{STUDENTS:,} students answer", COLUMNS)
    for number, load in enumerate(loads):
        own = folder / f"storm-{number}"
        own.mkdir()
        row, bars = run(load, own)
        part.rows.append(row)
        part.bars += bars
    part.notes += [
        f"Each opens the link, gets the form and {READS_S:.0f} s later sends {RANKS} ranks, on a "
        "connection of its own, a new one each time; all from one address. 10 % press twice, 5 % "
        "send again after a second. Times are from the moment at which a request was due to the "
        "last byte of its answer; stored, from the moment at which the student came.",
        "Lost: acknowledged and not stored, or never acknowledged. Twice: stored more than once. "
        "Told to come again: 503 with a time, after which the page asks again by itself and keeps "
        "what was chosen. "
        "SQLite, the server and its worker and those who come on the same two cores.",
    ]
    return part


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.storm", description=__doc__)
    names = [load.name for load in LOADS]
    parser.add_argument("--only", choices=names)
    arguments = parser.parse_args(argv)
    loads = [load for load in LOADS if arguments.only in (None, load.name)]
    with tempfile.TemporaryDirectory() as folder:
        part = storm(Path(folder), loads=loads)
    print(part.markdown())
    return 0 if part.is_good else 1


if __name__ == "__main__":
    sys.exit(main())

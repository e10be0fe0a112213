"""The database: one engine, transactions that read and transactions that write.

SQLite before 3.51.3 (but for 3.44.6 and 3.50.7) can lose commits in WAL mode when two connections
race to reset the log; such a version gets the rollback
journal, which is slower and safe. docs/decisions says more.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

Found = TypeVar("Found")
AGAIN_AFTER_S = 0.05
BUSY_TIMEOUT_MS = 10_000
"""A writer waits so long for another; a transaction lasts milliseconds."""


def is_wal_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite keeps every commit in WAL mode."""
    fixed_back = {(3, 44): 6, (3, 50): 7}
    patch = fixed_back.get(version[:2])
    return version >= (3, 51, 3) or (patch is not None and version[2] >= patch)


class Database:
    """Where everything is kept.

    Parameters
    ----------
    url
        ``sqlite:///file`` or ``postgresql://...``.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self._reader = self.engine.execution_options(is_reading=True)
        self._in_turn = self.engine
        if not url.startswith("sqlite"):
            self._in_turn = self.engine.execution_options(isolation_level="READ COMMITTED")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that only reads; what was changed in it is dropped."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose changes are committed together, or not at all.

        Writers of SQLite come one after another from the start of the transaction, so what one
        has read is still true when it writes.
        """
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def again(self, action: Callable[[], Found], *, within_s: float = 5.0) -> Found:
        """Do a whole transaction, and do it again when another one came in between.

        Parameters
        ----------
        within_s
            Then the last error is raised; it is also how long an absent database is waited for.
        """
        until, pause = time.monotonic() + within_s, AGAIN_AFTER_S
        while True:
            try:
                return action()
            except OperationalError:
                if time.monotonic() + pause > until:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, 1.0)

    @contextmanager
    def writing_in_turn(self) -> Iterator[Session]:
        """Give a session as `writing` does, for many short writes of the same row.

        Its first statement locks that row (``FOR UPDATE``): who comes second waits and then reads
        what the first has written, where `writing` on PostgreSQL would refuse the second.
        """
        with Session(self._in_turn, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, isolation_level="REPEATABLE READ")
    engine = create_engine(url)
    journal = "WAL" if is_wal_safe(sqlite3.sqlite_version_info) else "DELETE"

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins no transaction behind our back
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            f"journal_mode={journal}",
            "foreign_keys=ON",
            "synchronous=FULL",
            "secure_delete=ON",  # an erased name is not left in free pages
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        reads = connection.get_execution_options().get("is_reading")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine

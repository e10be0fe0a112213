"""What tests of the lists look up in the database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from webui.store import (
    Database,
    EventRow,
)


def one(database: Database, kind: Any, **values: Any) -> Any:
    with database.reading() as session:
        return session.scalars(select(kind).filter_by(**values)).one()


def revision(database: Database, pk: int) -> int:
    return int(one(database, EventRow, id=pk).revision)

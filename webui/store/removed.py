"""Rows of the lists that staff deleted, whole, so that a deletion can be undone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webui.store.base import Base, UtcDateTime, personal


class Removed(Base):
    """A row that staff deleted, with everything that went with it.

    The one place where something deleted is kept: until it is brought back or erased, until the
    event is archived or over.
    """

    __tablename__ = "removed"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    list_name: Mapped[str]
    title: Mapped[str] = mapped_column(info=personal("undoing a deletion"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON, info=personal("undoing a deletion"))
    """Rows by table, the companies that were in a room, the revisions of timetables."""
    removed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))

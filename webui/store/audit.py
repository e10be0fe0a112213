"""The audit log: who changed what and when, written in the same transaction as the change."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from webui.store.base import Base, UtcDateTime


class Audit(Base):
    """One change. ``detail`` holds ids and counts, never a name or an address."""

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("actor_kind in ('staff', 'student', 'system', 'nobody')", name="actor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    actor_kind: Mapped[str]
    actor_id: Mapped[int | None]
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("event.id", ondelete="SET NULL"), index=True
    )
    action: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

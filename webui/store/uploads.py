"""Files that staff uploaded, kept between the preview of an import and its confirmation."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from webui.store.base import Base, UtcDateTime, personal


class Upload(Base):
    """One upload of an event's files, packed as a ZIP; forgotten when confirmed or expired.

    ``event_id`` is None while the event is still to be made of it.
    """

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), index=True
    )
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, info=personal("previewing an import"))

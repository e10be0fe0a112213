"""Run migrations on the database they are given."""

from typing import Any, Literal

from alembic import context

from webui.store import Base
from webui.store.base import UtcDateTime
from webui.store.sentences import Told


def _plain(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write our own types as what they are in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, Told):
        return "sa.JSON()"
    return False


with context.config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=_plain,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()

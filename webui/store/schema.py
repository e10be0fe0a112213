"""The schema's version: made, brought up to date, looked at."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from webui.store.base import Base
from webui.store.database import Database


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database) -> None:
    """Bring the schema up to date; an empty database gets all of it."""
    command.upgrade(_config(database), "head")


def is_current(database: Database) -> bool:
    """Whether the schema is the one this program knows."""
    head = ScriptDirectory.from_config(_config(database)).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head


def differences(database: Database) -> list[object]:
    """What the tables in the program and the migrated schema disagree on; empty when nothing."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def write_migration(database: Database, message: str, *, revision: str) -> None:
    """Write a migration from the migrated schema to the tables in the program, to be read over."""
    command.revision(_config(database), message, autogenerate=True, rev_id=revision)

"""The schema's version: made, brought up to date, looked at."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

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


def head_of(database: Database) -> str:
    """Revision of the schema that this program knows."""
    return ScriptDirectory.from_config(_config(database)).get_current_head() or ""


def revision_of(connection: Connection) -> str | None:
    """Revision of a database's schema; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(database: Database) -> bool:
    """Whether the schema is the one this program knows."""
    with database.engine.connect() as connection:
        return revision_of(connection) == head_of(database)


def differences(database: Database) -> list[object]:
    """What the tables in the program and the migrated schema disagree on; empty when nothing."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def faults_of(database: Database) -> list[str]:
    """Everything that is wrong with a database: its schema, its file, references to nothing."""
    if not is_current(database):
        return ["The schema is of another version: run company-dating db upgrade."]
    faults = [f"The schema differs from the program's: {own}" for own in differences(database)]
    if database.engine.dialect.name == "sqlite":
        with database.reading() as session:
            said = session.scalars(text("PRAGMA integrity_check")).all()
            faults += [str(own) for own in said if own != "ok"]
            for table, row, other, _key in session.execute(text("PRAGMA foreign_key_check")):
                faults.append(f"{table}, row {row}: refers to a row of {other} that is gone")
    return faults


def write_migration(database: Database, message: str, *, revision: str) -> None:
    """Write a migration from the migrated schema to the tables in the program, to be read over."""
    command.revision(_config(database), message, autogenerate=True, rev_id=revision)

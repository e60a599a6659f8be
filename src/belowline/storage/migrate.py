"""Bringing a database to the schema that this version needs, through Alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from belowline.storage.database import make_engine


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(url: str) -> None:
    """Run every migration that the database has not had yet."""
    engine = make_engine(url)
    try:
        with engine.connect() as conn:
            # One process migrates; others starting at the same time wait for it.
            if conn.dialect.name == "postgresql":
                conn.execute(sa.text("SELECT pg_advisory_lock(7203001)"))
                conn.commit()
            config = _config()
            config.attributes["connection"] = conn.execution_options(belowline_write=True)
            command.upgrade(config, "head")
            if conn.dialect.name == "postgresql":
                conn.execute(sa.text("SELECT pg_advisory_unlock(7203001)"))
                conn.commit()
    finally:
        engine.dispose()


def head() -> str:
    """Return the revision that this version of Belowline needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise RuntimeError("there are no migrations")
    return revision


def current(conn: sa.Connection) -> str | None:
    """Return the revision that the database is at, or None for an empty one."""
    return MigrationContext.configure(conn).get_current_revision()

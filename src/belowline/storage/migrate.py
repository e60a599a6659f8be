"""Bringing a database to the schema that this version needs, through Alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from belowline.core.errors import Misconfigured
from belowline.storage.database import make_engine


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(url: str) -> None:
    """Run every migration that the database has not had yet; make SQLite's folder if need be.

    Raises:
        Misconfigured: the folder cannot be made.
    """
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        _make_folder(Path(engine.url.database or "."))
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


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(
            f"The folder {file.parent} cannot be made: {error.strerror}.", code="bad_folder"
        ) from error


def head() -> str:
    """Return the revision that this version of Belowline needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    if revision is None:
        raise RuntimeError("there are no migrations")
    return revision


def current(conn: sa.Connection) -> str | None:
    """Return the revision that the database is at, or None for an empty one."""
    return MigrationContext.configure(conn).get_current_revision()

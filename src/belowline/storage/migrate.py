"""Bringing a database to the schema that this version needs, through Alembic.

A server only asks whether the schema is the right one, and so imports no Alembic, which takes seven
megabytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from belowline.core.errors import Misconfigured
from belowline.storage.database import make_engine

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION = sa.table("alembic_version", sa.column("version_num", sa.Text()))
"""Where Alembic keeps which revision a database is at."""


def _config() -> Config:
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(url: str, *, to: str = "head") -> None:
    """Run every migration that the database has not had yet; make SQLite's folder if need be.

    ``to`` names an earlier revision to stop at. For tests.

    Raises:
        Misconfigured: the folder cannot be made.
    """
    from alembic import command  # noqa: PLC0415 - see above

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
            command.upgrade(config, to)
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
    """Return the revision that this version of Belowline needs: that of its last migration."""
    return max(file.name[1:5] for file in (MIGRATIONS / "versions").glob("v[0-9]*.py"))


def current(conn: sa.Connection) -> str | None:
    """Return the revision that the database is at, or None for an empty one."""
    if not sa.inspect(conn).has_table(_VERSION.name):
        return None
    return conn.execute(sa.select(_VERSION.c.version_num)).scalar()

"""What the commands share: the settings and the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from belowline.core.errors import Misconfigured, Unavailable
from belowline.core.settings import Settings, load_settings
from belowline.storage import migrate
from belowline.storage.database import Database, normalise_url

DEFAULT_FILE = Path("belowline.toml")


@dataclass(frozen=True, slots=True)
class Context:
    """What the group hands to each command."""

    config: Path | None

    def settings(self) -> Settings:
        """Read the settings; raises Misconfigured with what to do."""
        file = self.config
        if file is None and DEFAULT_FILE.exists():
            file = DEFAULT_FILE
        found = load_settings(os.environ, file=file)
        if _file_of(found.database_url) == ":memory:":
            raise Misconfigured(
                "A database in memory would be gone at the end of this command; name a file, such "
                "as DATABASE_URL=sqlite:///belowline.db",
                code="bad_database_url",
            )
        return found

    def import_folder(self) -> Path | None:
        """Return where an import lays down what it has read; None for the system's own place."""
        folder = self.settings().import_folder
        return Path(folder) if folder else None

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Open the installation's database, which must be at the schema of this version."""
        db = Database(self.settings().database_url)
        try:
            require_current(db)
            yield db
        finally:
            db.close()


def bring_up(url: str) -> None:
    """Run the migrations that are missing. Raises Misconfigured if the database refuses."""
    from alembic.util import CommandError

    try:
        migrate.upgrade(url)
    except CommandError as error:
        raise Misconfigured(
            "The database is of a newer version of Belowline, or not of Belowline at all.",
            code="database_unknown",
        ) from error
    except (Unavailable, sa.exc.DBAPIError) as error:
        raise _silent(url) from error


def require_current(db: Database) -> None:
    """Raise Misconfigured if migrations are missing or the database does not answer."""
    missing = db.missing_file()
    if missing is not None:
        raise Misconfigured(
            f"There is no database at {missing}. Is this the right folder? "
            "`belowline migrate` makes a new one.",
            code="migrations_pending",
        )
    try:
        with db.engine.connect() as conn:
            current = migrate.current(conn)
    except (Unavailable, sa.exc.SQLAlchemyError) as error:
        raise _silent(db.engine.url.render_as_string()) from error
    if current != migrate.head():
        raise Misconfigured(
            "The database is not at this version's schema. Run `belowline migrate` first.",
            code="migrations_pending",
        )


def _file_of(url: str) -> str | None:
    """Return which file an address of SQLite names, or None if it is another database's."""
    parsed = normalise_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    return parsed.database or ":memory:"


def _silent(url: str) -> Misconfigured:
    file = _file_of(url)
    if file is None:
        message = "The database does not answer. Is DATABASE_URL right, and is the server running?"
    else:
        message = (
            f"The database {Path(file).absolute()} does not answer: is it an SQLite file, may this "
            "user write to it and to its folder, and is there room?"
        )
    return Misconfigured(message, code="database_unavailable")

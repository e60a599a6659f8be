"""What the commands share: the settings, the database, and how figures and progress are shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console

from belowline.core.errors import Misconfigured
from belowline.core.settings import Settings, load_settings
from belowline.storage import migrate
from belowline.storage.database import Database

console = Console(highlight=False)
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
        return load_settings(os.environ, file=file)

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
    try:
        migrate.upgrade(url)
    except sa.exc.OperationalError as error:
        raise _silent() from error


def require_current(db: Database) -> None:
    """Raise Misconfigured if migrations are missing or the database does not answer."""
    try:
        with db.engine.connect() as conn:
            current = migrate.current(conn)
    except sa.exc.SQLAlchemyError as error:
        raise _silent() from error
    if current != migrate.head():
        raise Misconfigured(
            "The database is not at this version's schema. Run `belowline migrate` first.",
            code="migrations_pending",
        )


def _silent() -> Misconfigured:
    return Misconfigured(
        "The database does not answer. Is DATABASE_URL right, and is the server running?",
        code="database_unavailable",
    )

"""What is known here of backups: which were made, and when one was last restored and the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import Actor
from belowline.storage.database import Database
from belowline.storage.tables import backups
from belowline.transfer.backups.model import Backup

_ACTOR = Actor.of_system("backup")


@dataclass(frozen=True, slots=True)
class Known:
    """The last of each, as far as this database knows."""

    made_at: datetime | None
    proven_at: datetime | None
    """When a backup was last fetched from its place and restored."""


def note_made(
    db: Database, backup: Backup, *, place: str, comments: int, restored_at: datetime | None
) -> None:
    """Remember that a backup was made; one of the same second at the same place replaces it."""
    with db.write(_ACTOR) as tx:
        _forget(tx.conn, place, backup.name)
        tx.conn.execute(
            sa.insert(backups).values(
                name=backup.name,
                place=place,
                bytes=backup.bytes,
                comments=comments,
                sealed=backup.is_sealed,
                made_at=backup.made_at,
                restored_at=restored_at,
            )
        )


def note_drilled(db: Database, backup: Backup, *, place: str, comments: int) -> None:
    """Remember that a backup was fetched, restored and the same; it may be of another database."""
    with db.write(_ACTOR) as tx:
        changed = tx.conn.execute(
            sa.update(backups)
            .where(backups.c.place == place, backups.c.name == backup.name)
            .values(drilled_at=tx.now)
        )
        if not changed.rowcount:
            tx.conn.execute(
                sa.insert(backups).values(
                    name=backup.name,
                    place=place,
                    bytes=backup.bytes,
                    comments=comments,
                    sealed=backup.is_sealed,
                    made_at=backup.made_at,
                    drilled_at=tx.now,
                )
            )


def note_dropped(db: Database, name: str, *, place: str) -> None:
    """Forget a backup that was deleted from its place."""
    with db.write(_ACTOR) as tx:
        _forget(tx.conn, place, name)


def find_last(conn: sa.Connection) -> Known:
    """Return when the last backup was made, and when one was last proven."""
    row = conn.execute(
        sa.select(
            sa.func.max(backups.c.made_at).label("made_at"),
            sa.func.max(backups.c.drilled_at).label("drilled_at"),
        )
    ).one()
    return Known(row.made_at, row.drilled_at)


def _forget(conn: sa.Connection, place: str, name: str) -> None:
    conn.execute(sa.delete(backups).where(backups.c.place == place, backups.c.name == name))

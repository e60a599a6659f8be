"""What is known here of backups: which were made, and when one was last restored and the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.core.terms import Actor
from belowline.storage.database import Database, Tx
from belowline.storage.tables import backups
from belowline.transfer.backups.model import Backup

_ACTOR = Actor.of_system("backup")


@dataclass(frozen=True, slots=True)
class Known:
    """The last of each, as far as this database knows."""

    made_at: datetime | None
    proven_at: datetime | None
    """When a backup was last fetched from its place and restored."""


def note_made(db: Database, backup: Backup, *, place: str) -> None:
    """Remember that a backup was made; one of the same second at the same place replaces it."""
    with db.write(_ACTOR) as tx:
        tx.conn.execute(sa.delete(backups).where(*_is(place, backup.name)))
        _add(tx, backup, place, made_here=True)


def note_drilled(db: Database, backup: Backup, *, place: str) -> None:
    """Remember that a backup was fetched, restored and the same; it may be of another database."""
    with db.write(_ACTOR) as tx:
        drilled = sa.update(backups).where(*_is(place, backup.name)).values(drilled_at=tx.now)
        if not tx.conn.execute(drilled).rowcount:
            _add(tx, backup, place, made_here=False, drilled_at=tx.now)


def note_dropped(db: Database, name: str, *, place: str) -> None:
    """Forget a backup that was deleted from its place, unless it has proven something."""
    with db.write(_ACTOR) as tx:
        unproven = backups.c.drilled_at.is_(None)
        tx.conn.execute(sa.delete(backups).where(*_is(place, name), unproven))


def names_at(conn: sa.Connection, place: str) -> frozenset[str]:
    """Return which backups at a place were made by this installation."""
    query = sa.select(backups.c.name).where(backups.c.place == place, backups.c.made_here)
    return frozenset(conn.execute(query).scalars())


def find_last(conn: sa.Connection) -> Known:
    """Return when the last backup was made here, and when one was last proven."""
    made = sa.select(sa.func.max(backups.c.made_at)).where(backups.c.made_here)
    return Known(
        conn.execute(made).scalar(),
        conn.execute(sa.select(sa.func.max(backups.c.drilled_at))).scalar(),
    )


def _add(
    tx: Tx, backup: Backup, place: str, *, made_here: bool, drilled_at: datetime | None = None
) -> None:
    tx.conn.execute(
        sa.insert(backups).values(
            name=backup.name,
            place=place,
            made_at=backup.made_at,
            made_here=made_here,
            drilled_at=drilled_at,
        )
    )


def _is(place: str, name: str) -> tuple[sa.ColumnElement[bool], ...]:
    return backups.c.place == place, backups.c.name == name

"""Moving an installation into another database, row by row, with nothing in between.

What arrives is read once more before it counts, and its checksums are those of what left. Whoever
goes on writing into the old database meanwhile is noticed, and then nothing has moved.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from belowline.core.errors import Conflict, Unavailable
from belowline.storage.database import Database
from belowline.storage.migrate import head
from belowline.storage.tables import cursors, events, sessions, stories
from belowline.transfer.whole.loading import loading, prepare
from belowline.transfer.whole.manifest import PartManifest
from belowline.transfer.whole.parts import Part, list_parts
from belowline.transfer.whole.reading import (
    Seen,
    Tally,
    find_next_id,
    new_tally,
    read_part,
    tell_apart,
)


def move(db: Database, url: str, *, seen: Seen | None = None) -> list[PartManifest]:
    """Copy everything, secrets too, into the empty database at this address; return what went.

    The old database stays as it is.

    Raises:
        Conflict: the new one is not empty, or somebody wrote into the old one meanwhile.
        Unavailable: a database does not answer, or what arrived is not what left.
    """
    prepare(url, head())
    parts = list_parts(secrets=True)
    with loading(url, [part.name for part in parts]) as into:
        with db.read() as conn:
            before = _pulse(conn)
            moved = []
            for part in parts:
                tally = new_tally()
                into.put(part.name, part.names, _lines(conn, part, tally), seen=seen)
                moved.append(tally.manifest(part, next_id=find_next_id(conn, part)))
                into.count_on(moved[-1])
        for part, left in zip(parts, moved, strict=True):
            if tell_apart(into.conn, part) != (left.rows, left.sha256):
                raise Unavailable(
                    f"What arrived in {part.name} is not what left. Nothing has moved.",
                    code="not_the_same",
                )
        with db.read() as conn:
            if _pulse(conn) != before:
                raise Conflict(
                    "Somebody wrote into the old database meanwhile. Nothing has moved. "
                    "Stop `belowline serve` and move again.",
                    code="still_written_to",
                )
    return moved


def _lines(conn: sa.Connection, part: Part, tally: Tally) -> Iterator[bytes]:
    for block in read_part(conn, part):
        tally.add(block, block.count(b"\n"))
        # Not splitlines(): a reader's text can hold what it would take for the end of one.
        yield from block[:-1].split(b"\n")


def _pulse(conn: sa.Connection) -> Any:  # noqa: ANN401 - a row, compared and never read
    """Return what is another as soon as a reader, the desk or a follower has done something."""
    return conn.execute(
        sa.select(
            *(
                sa.select(one).scalar_subquery()
                for one in (
                    sa.func.max(events.c.seq),
                    sa.func.sum(stories.c.thread_version),
                    sa.func.max(cursors.c.moved_at),
                    sa.func.max(sessions.c.created_at),
                )
            )
        )
    ).one()

"""Moving an installation into another database, row by row, with nothing in between.

What arrives is read once more before it counts, and its checksums are those of what left. Then the
old database is read once more, too: if anybody has written into it meanwhile, nothing has moved.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from belowline.core.errors import Conflict, Unavailable
from belowline.storage.database import Database
from belowline.storage.migrate import head
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
            moved = []
            for part in parts:
                tally = new_tally()
                into.put(part.name, part.names, _lines(conn, part, tally), seen=seen)
                moved.append(tally.manifest(part, next_id=find_next_id(conn, part)))
                into.count_on(moved[-1])
        # The long wait, and so before anybody is asked whether something has changed.
        into.put_back()
        if not _is_same(into.conn, parts, moved):
            raise Unavailable(
                "What arrived is not what left. Nothing has moved.", code="not_the_same"
            )
        with db.read() as conn:
            if not _is_same(conn, parts, moved):
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


def _is_same(conn: sa.Connection, parts: list[Part], moved: list[PartManifest]) -> bool:
    return all(
        tell_apart(conn, part) == (left.rows, left.sha256)
        for part, left in zip(parts, moved, strict=True)
    )

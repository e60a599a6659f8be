"""Writing an installation out: every part in one snapshot, then the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline import __version__
from belowline.storage.database import Database
from belowline.storage.migrate import head
from belowline.transfer.whole.manifest import (
    FILE,
    FORMAT,
    VERSION,
    Manifest,
    PartManifest,
    mark_of,
    write_manifest,
)
from belowline.transfer.whole.parts import Part, file_of, list_parts
from belowline.transfer.whole.places import Place
from belowline.transfer.whole.reading import Seen, find_next_id, new_tally, read_part


@dataclass(frozen=True, slots=True)
class Wish:
    """What goes along, and what tells the secret under which some of it is sealed."""

    secret: str
    secrets: bool = False


def write_export(db: Database, place: Place, wish: Wish, *, seen: Seen | None = None) -> Manifest:
    """Write everything as it is at one moment, while others go on reading and writing.

    Raises:
        Unavailable: the database stopped answering.
    """
    parts = list_parts(secrets=wish.secrets)
    # Before the snapshot: whoever was erased after this moment may still be in it.
    at = db.clock()
    with db.read() as conn:
        written = [_write_part(conn, part, place, seen) for part in parts]
    manifest = describe(db, wish, written, at=at)
    with place.put(FILE) as stream:
        stream.write(write_manifest(manifest))
    return manifest


def describe(db: Database, wish: Wish, parts: Sequence[PartManifest], *, at: datetime) -> Manifest:
    """Return the manifest of an export with these parts, as they were at a moment."""
    return Manifest(
        format=FORMAT,
        version=VERSION,
        schema=head(),
        belowline=__version__,
        made_at=at.isoformat(),
        database=db.engine.dialect.name,
        secrets=wish.secrets,
        sealed_with=mark_of(wish.secret),
        parts=[*parts],
    )


def _write_part(conn: sa.Connection, part: Part, place: Place, seen: Seen | None) -> PartManifest:
    tally = new_tally()
    with place.put(file_of(part.name)) as stream:
        for block in read_part(conn, part, seen=seen):
            stream.write(block)
            # Text within a line has its line breaks escaped.
            tally.add(block, block.count(b"\n"))
    return tally.manifest(part, next_id=find_next_id(conn, part))

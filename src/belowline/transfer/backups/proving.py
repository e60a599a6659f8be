"""Proving a backup: restoring it into a scratch database, and comparing that with what it says."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from belowline.core.errors import Unavailable
from belowline.storage.database import Database
from belowline.storage.migrate import head
from belowline.transfer.whole.loading import load
from belowline.transfer.whole.manifest import Manifest
from belowline.transfer.whole.parts import list_parts
from belowline.transfer.whole.reading import Seen, tell_apart
from belowline.transfer.whole.source import open_source
from belowline.transparency.counts import find_disagreements


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found by restoring."""

    manifest: Manifest
    seconds: float
    compared: int
    """Tables whose every row was the same; 0 where a migration has changed them since."""
    disagreements: int
    """Kept counts that do not agree with the rows: as they were when the backup was made."""


def prove(file: Path, *, scratch_url: str | None = None, seen: Seen | None = None) -> Proof:
    """Restore an opened backup into a scratch database and compare every row and every count.

    Raises:
        InvalidInput: it is damaged.
        Conflict: the scratch database is not empty.
        Unavailable: what was restored is not what was saved, or there is no room.
    """
    began = time.monotonic()
    with _scratch(scratch_url) as url, open_source(file) as source:
        load(url, source, seen=seen)
        compared, disagreements = _compare(url, source.manifest)
        return Proof(source.manifest, time.monotonic() - began, compared, disagreements)


def _compare(url: str, manifest: Manifest) -> tuple[int, int]:
    db = Database(url)
    try:
        with db.read() as conn:
            disagreements = len(find_disagreements(conn))
            if manifest.schema != head():
                return 0, disagreements
            said = manifest.digests()
            parts = list_parts(secrets=manifest.secrets)
            for part in parts:
                if tell_apart(conn, part) != said[part.name]:
                    raise Unavailable(
                        f"What was restored of {part.name} is not what was saved. "
                        "This backup proves nothing.",
                        code="not_the_same",
                    )
            return len(parts), disagreements
    finally:
        db.close()


@contextmanager
def _scratch(url: str | None) -> Iterator[str]:
    if url is not None:
        yield url
        return
    with tempfile.TemporaryDirectory(prefix="belowline-scratch-") as folder:
        yield f"sqlite:///{folder}/scratch.db"

"""The manifest of an export: what it is of, and of each part how much there is and its checksum."""

from __future__ import annotations

from typing import Any

import msgspec

from belowline.core.errors import InvalidInput
from belowline.core.keyed import keyed_hash
from belowline.storage.migrate import head

FORMAT = "belowline-export"
VERSION = 1
"""Counts up when an older Belowline could not load an export any more, beyond its schema."""
FILE = "manifest.json"
LARGEST = 1024 * 1024


class PartManifest(msgspec.Struct, frozen=True):
    """One file of the export."""

    name: str
    file: str
    columns: list[str]
    rows: int
    bytes: int
    sha256: str
    next_id: int | None = None
    """The number that the next row would have got, where the database counts them up."""


class Manifest(msgspec.Struct, frozen=True):
    """What an export says of itself."""

    format: str
    version: int
    schema: str
    """The migration that its rows fit, such as 0017."""
    belowline: str
    made_at: str
    database: str
    """sqlite or postgresql: where it was written out."""
    secrets: bool
    sealed_with: str
    """Tells whether another installation has the same secret, and says nothing of it."""
    parts: list[PartManifest]

    def rows_of(self, name: str) -> int:
        """Return how many rows of a table there are."""
        return sum(part.rows for part in self.parts if part.name == name)

    @property
    def rows(self) -> int:
        """Return how many rows there are in all."""
        return sum(part.rows for part in self.parts)

    def digests(self) -> dict[str, tuple[int, str]]:
        """Return the rows and the checksum of each part: what two equal installations share."""
        return {part.name: (part.rows, part.sha256) for part in self.parts}


def mark_of(secret: str) -> str:
    """Return what tells one secret from another, without telling what it is."""
    return keyed_hash(secret, "export").hex()[:16]


def write_manifest(manifest: Manifest) -> bytes:
    """Return the manifest as its file holds it."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def read_manifest(raw: bytes) -> Manifest:
    """Read a manifest, and refuse one that this version cannot make sense of.

    Raises:
        InvalidInput: it is no export of ours, damaged, or of a newer Belowline.
    """
    try:
        found: dict[str, Any] = msgspec.json.decode(raw, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise _damaged("This is no export of Belowline, or its manifest is damaged.") from error
    if found.get("format") != FORMAT:
        raise _damaged("This is no export of Belowline: its manifest says something else.")
    if found.get("version") != VERSION:
        raise _unknown(
            f"This export is of format {_short(found.get('version'))}; "
            f"this Belowline reads format {VERSION}. Load it with the version that wrote it.",
        )
    try:
        manifest = msgspec.convert(found, Manifest)
    except msgspec.ValidationError as error:
        raise _damaged(f"The export's manifest is damaged: {error}.") from error
    if not (manifest.schema.isdecimal() and len(manifest.schema) == 4):
        raise _damaged("The export's manifest is damaged: it names no schema.")
    if manifest.schema > head():
        raise _unknown(
            f"This export has schema {manifest.schema}; this Belowline knows them up to {head()}. "
            "Load it with a newer version.",
        )
    return manifest


def _short(value: object) -> str:
    return str(value)[:20]


def _damaged(message: str) -> InvalidInput:
    return InvalidInput(message, field="export", code="bad_export")


def _unknown(message: str) -> InvalidInput:
    return InvalidInput(message, field="export", code="unknown_export")

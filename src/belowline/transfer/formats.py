"""The formats that can be imported, in one list: their names, their titles, how they are read.

A format's module turns files into the records of ``shape`` and knows nothing of this list. A new
one is entered here, and ``recognise`` then finds it by its content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from belowline.core.errors import InvalidInput
from belowline.storage.imports import SourceFile
from belowline.transfer.opening import open_export
from belowline.transfer.shape import Record
from belowline.transfer.wordpress import STORY_KINDS, read_wordpress

HEAD = 4096


@dataclass(frozen=True, slots=True)
class Asked:
    """How files are to be read. A format takes from it what concerns it."""

    zone: tzinfo
    now: datetime
    story_kinds: frozenset[str] = STORY_KINDS
    base_url: str = ""
    """Where the stories are, for sources that only keep their paths."""
    source_site: str = ""
    """Which of several sites of the source, by its id or its name there."""

    def as_options(self) -> dict[str, Any]:
        """Return what changes how a file is read, as plain values."""
        return {
            "zone": str(self.zone),
            "story_kinds": sorted(self.story_kinds),
            "base_url": self.base_url,
            "source_site": self.source_site,
        }


Read = Callable[[Sequence[Path], Asked], Iterator[Record]]


@dataclass(frozen=True, slots=True)
class Importer:
    """How one format is imported. ``source`` is the system under which records are remembered."""

    name: str
    source: str
    title: str
    read: Read
    fits: Callable[[bytes], bool]
    """Says by the beginning of a file, unpacked, whether it is of this format."""


def _read_wordpress(paths: Sequence[Path], asked: Asked) -> Iterator[Record]:
    for path in paths:
        with open_export(path) as stream:
            yield from read_wordpress(
                stream, zone=asked.zone, now=asked.now, story_kinds=asked.story_kinds
            )


def _is_wordpress(head: bytes) -> bool:
    return b"<rss" in head and b"wordpress.org/export/" in head


IMPORTERS: dict[str, Importer] = {
    one.name: one
    for one in (
        Importer("wordpress", "wordpress", "WordPress (WXR)", _read_wordpress, _is_wordpress),
    )
}
"""Every format by its name."""


def get_importer(name: str) -> Importer:
    """Return the format of this name. Raises InvalidInput."""
    if name not in IMPORTERS:
        raise InvalidInput(
            f"There is no format {name!r}; there are {', '.join(sorted(IMPORTERS))}.",
            field="format",
            code="unknown_format",
        )
    return IMPORTERS[name]


def recognise(paths: Sequence[Path]) -> Importer:
    """Return the format of what is in these files, whatever they are called.

    Raises:
        InvalidInput: it is none of the formats, or cannot be opened.
    """
    with open_export(paths[0]) as stream:
        head = stream.read(HEAD)
    for one in IMPORTERS.values():
        if one.fits(head):
            return one
    raise InvalidInput(
        "This is no export of a system that is known here. If you know which it is, say so with "
        f"--from ({', '.join(sorted(IMPORTERS))}).",
        field="file",
        code="unknown_format",
    )


def describe(paths: Sequence[Path], name: str, options: dict[str, Any]) -> SourceFile:
    """Return what tells these files, read in this way, from every other import.

    Raises:
        InvalidInput: one of them cannot be read.
    """
    told = hashlib.sha256()
    try:
        for path in paths:
            for file in [path] if not path.is_dir() else sorted(path.rglob("*")):
                if file.is_file():
                    with file.open("rb") as stream:
                        told.update(hashlib.file_digest(stream, "sha256").digest())
    except OSError as error:
        raise InvalidInput(
            f"The file cannot be opened: {error.strerror}.", field="file", code="unreadable_file"
        ) from error
    return SourceFile(name, paths[0].name, told.hexdigest(), options)

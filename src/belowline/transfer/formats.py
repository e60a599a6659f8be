"""The formats that can be imported, in one list: their names, their titles, how they are read.

A format's module turns files into the records of ``shape`` and knows nothing of this list. A new
one is entered here, and ``recognise`` then finds it by its content.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from belowline.core.errors import InvalidInput
from belowline.storage.imports import SourceFile
from belowline.transfer.artalk import read_artalk
from belowline.transfer.commento import read_commento
from belowline.transfer.coral.accounts import SSO
from belowline.transfer.coral.reading import read_coral
from belowline.transfer.coral.tables import read_coral_csv
from belowline.transfer.disqus import read_disqus
from belowline.transfer.gathering import gather, naming
from belowline.transfer.isso import read_isso, read_isso_json
from belowline.transfer.opening import ExportFile
from belowline.transfer.plain.reading import read_plain_csv, read_plain_json
from belowline.transfer.recognise import recognise_files
from belowline.transfer.remark42 import read_remark42
from belowline.transfer.shape import Record
from belowline.transfer.wordpress import STORY_KINDS, read_wordpress


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
    sso_issuer: str = ""
    """Coral: who vouches here for accounts that came by the publisher's own tokens."""

    def as_options(self) -> dict[str, Any]:
        """Return what changes how a file is read, as plain values."""
        return {
            "zone": str(self.zone),
            "story_kinds": sorted(self.story_kinds),
            "base_url": self.base_url,
            "source_site": self.source_site,
            "sso_issuer": self.sso_issuer,
        }


Read = Callable[[Sequence[Path], Asked], Iterator[Record]]
ReadOne = Callable[[io.BufferedReader, Asked], Iterator[Record]]
ReadFiles = Callable[[Sequence[ExportFile], Asked], Iterator[Record]]


@dataclass(frozen=True, slots=True)
class Importer:
    """How one format is imported. ``source`` is the system under which records are remembered."""

    name: str
    source: str
    title: str
    read: Read
    keep_query: tuple[str, ...] = ()
    """Names in queries by which this system tells stories apart, without anybody saying so."""


def _each(read: ReadOne) -> Read:
    """Return how a format is read of which every file is an export by itself."""

    def read_each(paths: Sequence[Path], asked: Asked) -> Iterator[Record]:
        files = gather(paths)
        for file in files:
            # Of a single file one knows which it is.
            with naming(file) if len(files) > 1 else nullcontext(), file.open() as stream:
                yield from read(stream, asked)

    return read_each


def _together(read: ReadFiles) -> Read:
    """Return how a format is read of which an export is several files."""
    return lambda paths, asked: read(gather(paths), asked)


def _wordpress(stream: io.BufferedReader, asked: Asked) -> Iterator[Record]:
    return read_wordpress(stream, zone=asked.zone, now=asked.now, story_kinds=asked.story_kinds)


def _coral(files: Sequence[ExportFile], asked: Asked) -> Iterator[Record]:
    return read_coral(
        files,
        now=asked.now,
        only_site=asked.source_site or None,
        sso_issuer=asked.sso_issuer or SSO,
    )


def _isso(stream: io.BufferedReader, asked: Asked) -> Iterator[Record]:
    return read_isso(stream, base_url=_base_url(asked), now=asked.now)


def _isso_json(stream: io.BufferedReader, asked: Asked) -> Iterator[Record]:
    return read_isso_json(stream, base_url=_base_url(asked), zone=asked.zone, now=asked.now)


def _artalk(stream: io.BufferedReader, asked: Asked) -> Iterator[Record]:
    return read_artalk(
        stream,
        zone=asked.zone,
        now=asked.now,
        base_url=asked.base_url or None,
        only_site=asked.source_site or None,
    )


def _base_url(asked: Asked) -> str:
    if not asked.base_url:
        raise InvalidInput(
            "This export names pages without their site: say where the site was, with --base-url.",
            field="base_url",
            code="base_url_needed",
        )
    return asked.base_url


PLAIN_LINKS = ("p", "page_id")
"""WordPress without pretty links has all its stories at one path."""

IMPORTERS: dict[str, Importer] = {
    one.name: one
    for one in (
        Importer("wordpress", "wordpress", "WordPress (WXR)", _each(_wordpress), PLAIN_LINKS),
        Importer("coral", "coral", "Coral", _together(_coral)),
        Importer(
            "coral-csv",
            "coral-csv",
            "Coral's CSV files",
            _together(lambda files, asked: read_coral_csv(files, now=asked.now)),
        ),
        Importer(
            "disqus",
            "disqus",
            "Disqus",
            _each(lambda stream, asked: read_disqus(stream, now=asked.now)),
            PLAIN_LINKS,
        ),
        Importer("disqus-wxr", "disqus-wxr", "a file for Disqus", _each(_wordpress), PLAIN_LINKS),
        Importer(
            "remark42",
            "remark42",
            "Remark42",
            _each(
                lambda stream, asked: read_remark42(
                    stream, now=asked.now, only_site=asked.source_site or None
                )
            ),
        ),
        Importer("isso", "isso", "Isso", _each(_isso)),
        Importer("isso-json", "isso-json", "Isso's JSON", _each(_isso_json)),
        Importer(
            "commento",
            "commento",
            "Commento or Comentario",
            _each(
                lambda stream, asked: read_commento(
                    stream, now=asked.now, base_url=asked.base_url or None
                )
            ),
        ),
        Importer("artalk", "artalk", "Artalk", _each(_artalk)),
        Importer(
            "plain-csv",
            "plain",
            "the plain form, as tables",
            _together(lambda files, asked: read_plain_csv(files, zone=asked.zone, now=asked.now)),
        ),
        Importer(
            "plain-json",
            "plain",
            "the plain form, as JSON lines",
            _together(lambda files, asked: read_plain_json(files, zone=asked.zone, now=asked.now)),
        ),
    )
}
"""Every format by its name, which is ``recognise``'s name for it."""


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
    try:
        return IMPORTERS[recognise_files(gather(paths))]
    except InvalidInput as error:
        if error.code != "unknown_format":
            raise
        raise InvalidInput(
            f"{error.message} If you know which it is, say so with --from"
            f" ({', '.join(sorted(IMPORTERS))}).",
            field="file",
            code="unknown_format",
        ) from error


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

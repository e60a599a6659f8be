"""What the tests of importers ask of the records that come out."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from belowline.core.errors import InvalidInput
from belowline.transfer.artalk import read_artalk
from belowline.transfer.codes import RecordKind, Repair, Skip
from belowline.transfer.commento import read_commento
from belowline.transfer.disqus import read_disqus
from belowline.transfer.isso import read_isso, read_isso_json
from belowline.transfer.opening import find_files
from belowline.transfer.recognise import Format, recognise
from belowline.transfer.remark42 import read_remark42
from belowline.transfer.shape import Record, Repaired, Skipped, SourceComment, SourceStory
from belowline.transfer.wordpress import read_wordpress

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BASE = "https://courier.example"
EXPORTS = Path(__file__).parents[2].parent / "shared/data/exports"


def comments(records: Iterable[Record]) -> list[SourceComment]:
    """Give the comments among the records."""
    return [record for record in records if isinstance(record, SourceComment)]


def the_comment(records: Iterable[Record]) -> SourceComment:
    """Give the one comment among the records."""
    (only,) = comments(records)
    return only


def stories(records: Iterable[Record]) -> list[SourceStory]:
    """Give the stories among the records."""
    return [record for record in records if isinstance(record, SourceStory)]


def skips(records: Iterable[Record], kind: RecordKind = RecordKind.COMMENT) -> list[Skip]:
    """Give why records of a kind were left out, in their order."""
    return [r.reason_code for r in records if isinstance(r, Skipped) and r.kind is kind]


def repairs(records: Iterable[Record]) -> Counter[Repair]:
    """Count what was put right."""
    return Counter(r.reason_code for r in records if isinstance(r, Repaired))


def real(name: str) -> Path:
    """Give the path of somebody's real export, or skip where those are not beside the checkout."""
    path = EXPORTS / name
    if not path.exists():
        pytest.skip(f"the real export {name} is not beside this checkout")
    return path


def read_as(found: Format, stream: io.BufferedReader, *, now: datetime = NOW) -> Iterator[Record]:
    """Read a file in the format that it was recognised as."""
    match found:
        case Format.WORDPRESS | Format.DISQUS_WXR:
            return read_wordpress(stream, zone=UTC, now=now)
        case Format.DISQUS:
            return read_disqus(stream, now=now)
        case Format.REMARK42:
            return read_remark42(stream, now=now)
        case Format.ISSO:
            return read_isso(stream, base_url=BASE, now=now)
        case Format.ISSO_JSON:
            return read_isso_json(stream, base_url=BASE, zone=UTC, now=now)
        case Format.COMMENTO:
            return read_commento(stream, now=now, base_url=BASE)
        case Format.ARTALK:
            return read_artalk(stream, zone=UTC, now=now, base_url=BASE)
        case _:
            raise InvalidInput("This format has its own tests.", field="file")


def read_any(path: Path) -> list[Record]:
    """Read every file of an export as what its content says it is."""
    records: list[Record] = []
    for file in find_files(path):
        with file.open() as stream:
            records += read_as(recognise(stream), stream)
    return records

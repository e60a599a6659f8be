"""The three CSV files of Coral's importer: ``users``, ``stories`` and ``comments``.

They have no heading, and each row has all its cells. Many have brought other systems' comments to
Coral in this form, so it is read here as well: each row becomes the record that Coral would have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from belowline.core.errors import InvalidInput
from belowline.transfer.cleaning import clean_id
from belowline.transfer.codes import RecordKind, Skip
from belowline.transfer.coral.accounts import SSO, read_account
from belowline.transfer.coral.comments import read_comment
from belowline.transfer.coral.stories import read_story
from belowline.transfer.csvrows import rows
from belowline.transfer.gathering import naming
from belowline.transfer.opening import ExportFile
from belowline.transfer.shape import Record, Skipped

Read = Callable[[dict[str, object], datetime], Iterator[Record]]


@dataclass(frozen=True, slots=True)
class _Table:
    """One of the files, in the order in which they are read."""

    name: str
    columns: tuple[str, ...]
    kind: RecordKind
    read: Read


def _story(cells: dict[str, object], now: datetime) -> Iterator[Record]:
    about = {"title": cells["title"], "publishedAt": cells["published_at"]}
    record = {
        "id": cells["id"],
        "url": cells["url"],
        "metadata": about,
        "closedAt": cells["closed_at"] or None,
    }
    yield from read_story(record, now=now, closing=None)


def _account(cells: dict[str, object], now: datetime) -> Iterator[Record]:
    record = {
        "id": cells["id"],
        "email": cells["email"],
        "username": cells["username"],
        "role": cells["role"],
        "createdAt": cells["created_at"],
        "status": {"ban": {"active": cells["banned"]}},
    }
    yield from read_account(record, now=now, site=None, sso_issuer=SSO)


def _comment(cells: dict[str, object], now: datetime) -> Iterator[Record]:
    record = {
        "id": cells["id"],
        "authorID": cells["author_id"],
        "storyID": cells["story_id"],
        "createdAt": cells["created_at"],
        "parentID": cells["parent_id"],
        "revisions": [{"body": cells["body"]}],
        # Coral's importer takes what says nothing for what was public.
        "status": cells["status"] or "NONE",
        "rating": cells["rating"],
    }
    yield from read_comment(record, now=now)


TABLES = (
    _Table(
        "stories",
        ("id", "url", "title", "author", "published_at", "closed_at", "mode"),
        RecordKind.STORY,
        _story,
    ),
    _Table(
        "users",
        ("id", "email", "username", "role", "banned", "created_at"),
        RecordKind.AUTHOR,
        _account,
    ),
    _Table(
        "comments",
        (
            "id",
            "author_id",
            "story_id",
            "created_at",
            "body",
            "parent_id",
            "status",
            "rating",
        ),
        RecordKind.COMMENT,
        _comment,
    ),
)


def read_coral_csv(files: Sequence[ExportFile], *, now: datetime) -> Iterator[Record]:
    """Yield the stories, accounts and comments of the files, whatever their order.

    Raises:
        InvalidInput: perhaps half-way: a file is no CSV that ``csvrows.rows`` reads, or is none of
            the three by its name or its number of columns.
    """
    parts = [(_table_of(file), file) for file in files]
    for table, file in sorted(parts, key=lambda part: TABLES.index(part[0])):
        with naming(file), file.open() as stream:
            for line, row in rows(stream, delimiter=","):
                yield from _read_row(row, table, line, now)


def _read_row(row: list[str], table: _Table, line: int, now: datetime) -> Iterator[Record]:
    if line == 1 and tuple(cell.strip().lower() for cell in row) == table.columns:
        # A heading, which the form does not have, but which somebody may have found helpful.
        return
    if len(row) != len(table.columns):
        detail = f"line {line}, {len(row)} cells"
        yield Skipped(table.kind, clean_id(row[0]) or "", Skip.DAMAGED, detail)
        return
    cells: dict[str, object] = dict(zip(table.columns, (cell.strip() for cell in row), strict=True))
    yield from table.read(cells, now)


def _table_of(file: ExportFile) -> _Table:
    name = PurePosixPath(file.name).name.lower().split(".", 1)[0]
    for table in TABLES:
        if table.name == name:
            return table
    with naming(file), file.open() as stream:
        _, first = next(rows(stream, delimiter=","), (1, []))
    for table in TABLES:
        if len(table.columns) == len(first):
            return table
    widths = ", ".join(f"{one.name} {len(one.columns)}" for one in TABLES)
    raise InvalidInput(
        f"{file.name}: The first row has {len(first)} cells. Coral's files have: {widths}.",
        field="file",
        code="unknown_format",
    )

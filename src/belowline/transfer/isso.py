"""Read Isso's comments: its SQLite database itself, as it has no export, and its plain JSON.

Isso knows a page by its path alone, so the address of the site has to be given. The table of
preferences, which holds the key that signs its sessions, is never opened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import BinaryIO

from belowline.core.errors import InvalidInput
from belowline.transfer import cleaning
from belowline.transfer.codes import Hide, ImportStatus, RecordKind, Repair, Skip
from belowline.transfer.drafts import Draft, Form, settle
from belowline.transfer.fields import listed, text_of
from belowline.transfer.instants import from_seconds, read_instant
from belowline.transfer.jsonstream import values
from belowline.transfer.safexml import REPLACED
from belowline.transfer.shape import Record, Repaired, Skipped, SourceAuthor, SourceStory
from belowline.transfer.sqlitefile import StrangersDatabase, open_sqlite

NEWEST = 5
"""The form of the database that the newest Isso writes. They have only ever added to it."""

_TABLES = frozenset({"threads", "comments"})
_THREAD = ["id", "uri", "title"]
_COMMENT = ["tid", "id", "parent", "created", "mode", "text"]
_OPTIONAL = ["modified", "author", "email", "likes"]
_OTHERS = {
    "cm_domains": "This is Comentario's own database. Export the domain from Comentario instead.",
    "atk_comments": "This is Artalk's own database. Export from Artalk with Artransfer instead.",
    "wl_comment": "This is Waline's own database. Bring it over by way of Artransfer.",
    "rulebooks": "This is a database of Belowline's own; those are restored, not imported.",
}


def read_isso(stream: BinaryIO, *, base_url: str, now: datetime) -> Iterator[Record]:
    """Yield the stories of a database, and then its comments.

    ``base_url`` is where the site was, such as ``https://www.courier.example``. Times after ``now``
    become ``now``.

    Raises:
        InvalidInput: perhaps half-way: the database is not Isso's or of a form that is not known,
            or ``sqlitefile.open_sqlite`` refuses it.
    """
    with open_sqlite(stream, tables=_TABLES) as database:
        _require_isso(database)
        stories: set[str] = set()
        for row in database.rows("threads", _THREAD):
            yield from _read_story(row, base_url, stories)
        have = database.columns("comments")
        optional = [name for name in _OPTIONAL if name in have]
        for row in database.rows("comments", _COMMENT + optional):
            yield from _read_comment(row, stories, now)


def _require_isso(database: StrangersDatabase) -> None:
    tables = database.tables()
    if any(tables.get(name) != "table" for name in _TABLES):
        message = "This SQLite database is not Isso's: it lacks the tables threads and comments."
        for name, theirs in _OTHERS.items():
            message = theirs if name in tables else message
        raise _not_isso(message)
    version = database.version()
    if not 0 <= version <= NEWEST:
        raise _not_isso(
            f"This database says that it is of form {version}; Isso's are known up to {NEWEST}."
        )
    for table, wanted in (("threads", _THREAD), ("comments", _COMMENT)):
        missing = sorted(set(wanted) - database.columns(table))
        if missing:
            raise _not_isso(f"This database is not Isso's: {table} lacks the column {missing[0]}.")


def _not_isso(message: str) -> InvalidInput:
    return InvalidInput(message, field="file", code="not_isso")


def _read_story(row: dict[str, object], base_url: str, stories: set[str]) -> Iterator[Record]:
    source_id = _written(row["id"])
    url = cleaning.join_url(base_url, _written(row["uri"]))
    if url is None:
        yield Skipped(RecordKind.STORY, source_id, Skip.NO_ADDRESS)
        return
    stories.add(source_id)
    title = _written(row["title"])
    if REPLACED in title:
        yield Repaired(RecordKind.STORY, source_id, Repair.WRONG_LETTERS)
    yield SourceStory(
        source_id=source_id,
        url=url,
        title=cleaning.clean_line(title),
        section=None,
        published_at=None,
        open=True,
        visible=True,
    )


def _read_comment(row: dict[str, object], stories: set[str], now: datetime) -> Iterator[Record]:
    source_id = _written(row["id"])
    if _written(row["tid"]) not in stories:
        yield Skipped(RecordKind.COMMENT, source_id, Skip.STORY_MISSING)
        return
    body = _written(row["text"])
    email = _written(row.get("email"))
    status, reason = _standing(row["mode"])
    likes = row.get("likes")
    author = SourceAuthor(
        None, cleaning.clean_line(_written(row.get("author"))), cleaning.clean_email(email)
    )
    if REPLACED in body + author.name:
        yield Repaired(RecordKind.COMMENT, source_id, Repair.WRONG_LETTERS)
    yield from settle(
        Draft(
            source_id=source_id,
            story_source_id=_written(row["tid"]),
            parent_source_id=_written(row["parent"]),
            author=author,
            body=body,
            form=Form.MARKDOWN,
            created_at=from_seconds(row["created"]),
            status=status,
            hidden_because=reason,
            edited_at=from_seconds(row.get("modified")),
            respect=min(max(likes, 0), 10**9) if isinstance(likes, int) else 0,
            lost_email=bool(email.strip()) and author.email is None,
        ),
        now=now,
    )


def _standing(mode: object) -> tuple[ImportStatus, Hide | None]:
    match mode:
        case 1:
            return ImportStatus.PUBLISHED, None
        case 2:
            return ImportStatus.HELD, Hide.PENDING
        case 4:
            return ImportStatus.DELETED, Hide.DELETED
        case _:
            return ImportStatus.HIDDEN, Hide.UNKNOWN_STATUS


def _written(value: object) -> str:
    """Return a value of the database as text; SQLite keeps any kind in any column."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").replace("\x00", REPLACED)
    return str(value) if isinstance(value, int) else ""


def read_isso_json(
    stream: BinaryIO, *, base_url: str, zone: tzinfo, now: datetime
) -> Iterator[Record]:
    """Yield the stories and comments of the plain JSON that Isso can import: a list of pages.

    Its comments have no ids of their own, so that what a comment says, when and where, is its id:
    the same file twice is the same comments. Times are in ``zone``, as they name none.

    Raises:
        InvalidInput: perhaps half-way: ``jsonstream.values`` refuses it.
    """
    reading = _PlainReading(base_url, zone, now)
    for line, page in values(stream):
        yield from reading.read_page(page, f"line {line}")


@dataclass(slots=True)
class _PlainReading:
    base_url: str
    zone: tzinfo
    now: datetime
    told: set[str] = field(default_factory=set)

    def read_page(self, page: object, place: str) -> Iterator[Record]:
        """Yield a page's story, unless it was met before, and its comments."""
        path = text_of(page, "id")
        url = cleaning.join_url(self.base_url, path)
        if url is None or not isinstance(page, dict):
            reason = Skip.NO_ADDRESS if isinstance(page, dict) else Skip.DAMAGED
            yield Skipped(RecordKind.STORY, "", reason, place)
            for _ in listed(page, "comments"):
                yield Skipped(RecordKind.COMMENT, "", Skip.STORY_SKIPPED, place)
            return
        if url not in self.told:
            self.told.add(url)
            title = cleaning.clean_line(text_of(page, "title"))
            yield SourceStory(url, url, title, None, None, open=True, visible=True)
        for number, comment in enumerate(listed(page, "comments"), 1):
            yield from self._read_comment(comment, url, f"{place}, comment {number}")

    def _read_comment(self, comment: object, url: str, place: str) -> Iterator[Record]:
        if not isinstance(comment, dict):
            yield Skipped(RecordKind.COMMENT, "", Skip.DAMAGED, place)
            return
        names = ("created", "author", "email", "text")
        parts = "\0".join([url, *(text_of(comment, name) for name in names)])
        email = text_of(comment, "email")
        known = cleaning.clean_email(email)
        yield from settle(
            Draft(
                source_id=hashlib.sha256(parts.encode()).hexdigest()[:32],
                story_source_id=url,
                parent_source_id="",
                author=SourceAuthor(None, cleaning.clean_line(text_of(comment, "author")), known),
                body=text_of(comment, "text"),
                form=Form.MARKDOWN,
                created_at=read_instant(comment.get("created"), zone=self.zone),
                lost_email=bool(email.strip()) and known is None,
                place=place,
            ),
            now=self.now,
        )

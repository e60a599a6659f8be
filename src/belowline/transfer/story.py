"""One story's comments as a file, for editors and whoever studies the conversation.

It holds what the desk sees: comments of every state with what was written, and the names readers
chose. No address of anybody is in it, and nothing of who reported.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from belowline.core.sheets import harmless
from belowline.core.terms import SiteId, StoryId
from belowline.storage.tables import comments, readers, revisions

Record = dict[str, Any]

COLUMNS = (
    "id",
    "parent_id",
    "depth",
    "author_id",
    "author",
    "role",
    "status",
    "rule",
    "reason",
    "text",
    "revision",
    "created_at",
    "published_at",
    "edited_at",
    "featured_at",
    "respect",
)
PORTION = 1000


def count_comments(conn: sa.Connection, site_id: SiteId, story_id: StoryId) -> int:
    """Count a story's comments of every state."""
    query = sa.select(sa.func.count()).select_from(comments)
    return conn.execute(query.where(*_of_story(site_id, story_id))).scalar_one()


def list_records(conn: sa.Connection, site_id: SiteId, story_id: StoryId) -> Iterator[Record]:
    """Give a story's comments of every state, oldest first, without holding all of them."""
    c = comments.c
    query = (
        sa.select(
            c.id,
            c.parent_id,
            c.depth,
            c.author_id,
            readers.c.name.label("author"),
            c.author_role.label("role"),
            c.status,
            c.rule_key.label("rule"),
            c.reason,
            revisions.c.text,
            c.revision,
            c.created_at,
            c.published_at,
            c.edited_at,
            c.featured_at,
            c.respect_count.label("respect"),
        )
        .join(readers, readers.c.id == c.author_id)
        .outerjoin(revisions, (revisions.c.comment_id == c.id) & (revisions.c.number == c.revision))
        .where(*_of_story(site_id, story_id))
        .order_by(c.created_at, c.id)
        .execution_options(yield_per=PORTION)
    )
    for row in conn.execute(query).mappings():
        yield {name: row[name] for name in COLUMNS}


def to_lines(records: Iterable[Record]) -> Iterator[bytes]:
    """Write each comment as a line of JSON."""
    for one in records:
        yield msgspec.json.encode(one) + b"\n"


def to_csv(records: Iterable[Record]) -> Iterator[bytes]:
    """Write the comments as CSV that is safe to open in a spreadsheet."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for one in records:
        lines.writerow([_cell(one[name]) for name in COLUMNS])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()


def _cell(value: object) -> object:
    match value:
        case None:
            return ""
        case str():
            return harmless(value)
        case int():
            return value
        case _:
            return msgspec.to_builtins(value)


def _of_story(site_id: SiteId, story_id: StoryId) -> tuple[sa.ColumnElement[bool], ...]:
    return comments.c.site_id == site_id, comments.c.story_id == story_id


FORMS = {
    "jsonl": (to_lines, "application/x-ndjson; charset=utf-8"),
    "csv": (to_csv, "text/csv; charset=utf-8; header=present"),
}
"""How a story is written, and what that is on the web."""

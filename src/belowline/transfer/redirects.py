"""Where comments are now that had another address before they came in: one, or all as a file.

Only what readers can see is told a new address: the old one of anything else is gone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec
import sqlalchemy as sa

from belowline.core.sheets import harmless
from belowline.core.terms import CommentId, SiteId, StoryMode
from belowline.storage.imported import ImportId
from belowline.storage.tables import comments, imported, stories
from belowline.transfer.keeping import as_id
from belowline.transfer.permalinks import new_link, old_link

PORTION = 2000
COLUMNS = ("source", "source_id", "old", "new", "permalink")

_FIT = re.compile(r"[A-Za-z0-9._~:-]{1,200}")
"""Ids that stand in a file for nginx without quoting that it might read otherwise."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A comment that came in, and where it is now."""

    source: str
    source_id: str
    comment_id: CommentId
    story_key: str
    story_url: str
    is_shown: bool
    """Whether readers can see it: it has a place in its thread, and the thread is not hidden."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """A line of the file. ``old`` and ``new`` are None where there is no such link."""

    source: str
    source_id: str
    old: str | None
    new: str | None
    permalink: str


def find_moved(
    conn: sa.Connection, site_id: SiteId, *, sources: Collection[str], source_id: str
) -> list[Moved]:
    """Return the comments that had this id at one of the sources; mostly one or none."""
    query = _select(site_id).where(
        imported.c.source.in_(sources), imported.c.source_id == as_id(source_id)
    )
    return [_moved(row) for row in conn.execute(query.order_by(imported.c.source))]


def count_moved(conn: sa.Connection, site_id: SiteId, import_id: ImportId) -> int:
    """Count the comments of an import that readers can see, which are those of its file."""
    query = _select(site_id).where(imported.c.import_id == import_id, *_SHOWN)
    return conn.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()


def list_redirects(  # noqa: PLR0913 - of what, and what addresses are made of
    conn: sa.Connection,
    site_id: SiteId,
    *,
    base_url: str,
    site_key: str,
    import_id: ImportId | None = None,
    limit: int | None = None,
) -> Generator[Redirect]:
    """Give the lines of the file, of one import or of all, without holding all of them."""
    query = _select(site_id).where(*_SHOWN).order_by(imported.c.source, imported.c.source_id)
    if import_id is not None:
        query = query.where(imported.c.import_id == import_id)
    with conn.execute(query.limit(limit).execution_options(yield_per=PORTION)) as rows:
        for row in rows:
            one = _moved(row)
            yield Redirect(
                one.source,
                one.source_id,
                old_link(one.source, one.source_id, story_url=one.story_url),
                new_link(one.story_url, one.comment_id),
                f"{base_url}{path_of(one, site_key=site_key)}",
            )


def path_of(one: Moved, *, site_key: str) -> str:
    """Return the comment's permalink, from the root."""
    story = quote(one.story_key, safe="~")
    return f"/s/{site_key}/{story}/c/{one.comment_id}#c{one.comment_id}"


def to_csv(redirects: Iterable[Redirect]) -> Iterator[str]:
    """Write a table, with a heading, that is safe to open in a spreadsheet."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for one in redirects:
        cells = (one.source, one.source_id, one.old or "", one.new or "", one.permalink)
        lines.writerow(map(harmless, cells))
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def to_json(redirects: Iterable[Redirect]) -> Iterator[str]:
    """Write a line of JSON for each comment."""
    for one in redirects:
        yield msgspec.json.encode(one).decode() + "\n"


def to_nginx(redirects: Iterable[Redirect]) -> Iterator[str]:
    """Write lines for nginx's ``map``: source, slash and id, and the new address.

    nginx sees no fragment, so it is of use where the id is in the query. A dollar would be read as
    a variable, and is written otherwise.
    """
    for one in redirects:
        if _FIT.fullmatch(one.source_id):
            new = quote(one.new or one.permalink, safe="%/:?#[]@!&'()*+,;=~")
            yield f'"{one.source}/{one.source_id}" "{new}";\n'


Write = Callable[[Iterable[Redirect]], Iterator[str]]

FORMATS: dict[str, tuple[Write, str]] = {
    "csv": (to_csv, "text/csv; charset=utf-8; header=present"),
    "nginx": (to_nginx, "text/plain; charset=utf-8"),
    "json": (to_json, "application/x-ndjson; charset=utf-8"),
}
"""How the file is written, and what that is on the web."""

_SHOWN = (comments.c.shown, stories.c.mode != StoryMode.SUSPENDED)


def _select(site_id: SiteId) -> sa.Select[Any]:
    return (
        sa.select(
            imported.c.source,
            imported.c.source_id,
            comments.c.id,
            sa.and_(*_SHOWN).label("is_shown"),
            stories.c.key,
            stories.c.url,
        )
        .select_from(imported)
        .join(
            comments,
            sa.and_(
                comments.c.id == imported.c.target_id, comments.c.site_id == imported.c.site_id
            ),
        )
        .join(stories, stories.c.id == comments.c.story_id)
        .where(imported.c.site_id == site_id, imported.c.kind == "comment")
    )


def _moved(row: sa.Row[Any]) -> Moved:
    return Moved(row.source, row.source_id, CommentId(row.id), row.key, row.url, bool(row.is_shown))

"""Reading a thread: keyset ranges of indexes, never an offset, never a whole thread.

A page is two or three statements however large the thread: its roots, and their first replies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, Role, SiteId, StoryId, ThreadOrder
from belowline.storage.places import WORKED_OUT
from belowline.storage.prepared import Prepared
from belowline.storage.tables import comments, places, readers, story_authors
from belowline.threads.cursors import KeyPlace, Place, read_key_place, read_place
from belowline.threads.model import (
    MORE_REPLIES,
    PAGE,
    REPLIES,
    Branch,
    ThreadComment,
    ThreadPage,
)
from belowline.threads.places import ranking_number

INDENTS = 4
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""In which paths are written, in their order."""

_COLUMNS = (
    comments.c.id,
    comments.c.parent_id,
    comments.c.root_id,
    comments.c.depth,
    comments.c.path,
    comments.c.status,
    readers.c.name,
    comments.c.author_role,
    comments.c.html,
    comments.c.rule_key,
    comments.c.created_at,
    comments.c.edited_at,
    comments.c.respect_shown,
    comments.c.reply_count,
    comments.c.featured_at,
    comments.c.featured_reason,
    comments.c.revision,
    sa.exists(
        sa.select(1).where(
            story_authors.c.story_id == comments.c.story_id,
            story_authors.c.reader_id == comments.c.author_id,
        )
    ).label("by_author"),
)
# Written out, so that both databases recognise the partial indexes of storage/tables.py.
_ROOTS = sa.text("comments.parent_id IS NULL AND comments.shown")
_SHOWN = sa.text("comments.shown")


def select_lines() -> sa.Select[Any]:
    """Return the beginning of every query for lines of a thread."""
    return sa.select(*_COLUMNS).join(readers, readers.c.id == comments.c.author_id)


def _first_replies() -> sa.Select[Any]:
    """Select the first replies of each of some roots, and one more where there is more.

    Each root is looked up once, where its last one ends, and then read up to there: one short range
    of the index however many replies it has.
    """
    root, one = comments.alias("root"), comments.alias("one")
    last = (
        sa.select(one.c.path)
        .where(one.c.root_id == root.c.id, sa.text("one.shown"))
        .order_by(one.c.path)
        .offset(REPLIES)
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(*_COLUMNS)
        .select_from(root)
        .join(
            comments,
            sa.and_(
                comments.c.root_id == root.c.id, comments.c.path <= sa.func.coalesce(last, "~")
            ),
        )
        .join(readers, readers.c.id == comments.c.author_id)
        .where(root.c.id.in_(sa.bindparam("roots", expanding=True)), _SHOWN)
        .order_by(comments.c.root_id, comments.c.path)
    )


_FIRST_REPLIES = _first_replies()
_FIND_LINE = Prepared(
    select_lines().where(
        comments.c.id == sa.bindparam("comment_id"),
        comments.c.site_id == sa.bindparam("site_id"),
        _SHOWN,
    )
)


def read_page(
    conn: sa.Connection,
    site_id: SiteId,
    story_id: StoryId,
    *,
    order: ThreadOrder,
    after: str | None = None,
) -> ThreadPage:
    """Return one page of a story's thread. Raises InvalidInput for a bad cursor."""
    if order in WORKED_OUT:
        roots, following = _by_key(conn, site_id, story_id, order=order, after=after)
    else:
        roots, following = _by_time(conn, site_id, story_id, order=order, after=after)
    return ThreadPage(order, tuple(_branches(conn, roots)), following)


def _by_time(
    conn: sa.Connection,
    site_id: SiteId,
    story_id: StoryId,
    *,
    order: ThreadOrder,
    after: str | None,
) -> tuple[list[ThreadComment], str | None]:
    query = select_lines().where(
        comments.c.site_id == site_id, comments.c.story_id == story_id, _ROOTS
    )
    key = sa.tuple_(comments.c.created_at, comments.c.id)
    place = read_place(after) if after is not None else None
    if place is not None:
        mark = sa.tuple_(sa.literal(place.created_at, comments.c.created_at.type), place.id)
        query = query.where(key < mark if order is ThreadOrder.NEWEST else key > mark)
    if order is ThreadOrder.NEWEST:
        query = query.order_by(comments.c.created_at.desc(), comments.c.id.desc())
    else:
        query = query.order_by(comments.c.created_at, comments.c.id)
    roots = [make_line(row) for row in conn.execute(query.limit(PAGE + 1))]
    last = roots[PAGE - 1] if len(roots) > PAGE else None
    return roots[:PAGE], str(Place(last.created_at, last.id)) if last else None


def _by_key(
    conn: sa.Connection,
    site_id: SiteId,
    story_id: StoryId,
    *,
    order: ThreadOrder,
    after: str | None,
) -> tuple[list[ThreadComment], str | None]:
    """Read a range of an order that is worked out.

    Whoever began before the last ranking pages on by the keys that were in force then, and so
    misses nothing and meets nothing twice.
    """
    number = ranking_number(conn, story_id)
    place = read_key_place(after) if after is not None else None
    before = place is not None and place.number == number - 1
    key = places.c.key_before if before else places.c.key
    query = (
        select_lines()
        .add_columns(key.label("place_key"))
        .join(places, places.c.comment_id == comments.c.id)
        .where(places.c.site_id == site_id, places.c.story_id == story_id)
        .where(places.c.in_order == order, _SHOWN)
    )
    if place is not None:
        query = query.where(sa.tuple_(key, places.c.comment_id) < sa.tuple_(place.key, place.id))
    query = query.order_by(key.desc(), places.c.comment_id.desc()).limit(PAGE + 1)
    rows = conn.execute(query).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    following = KeyPlace(number - before, last.place_key, last.id) if last is not None else None
    return [make_line(row) for row in rows[:PAGE]], str(following) if following else None


def read_branch(
    conn: sa.Connection, site_id: SiteId, root_id: CommentId, *, after: str = ""
) -> Branch | None:
    """Return a root with a longer page of its replies after ``after``, or None."""
    row = conn.execute(
        select_lines().where(comments.c.id == root_id, comments.c.site_id == site_id, _ROOTS)
    ).first()
    if row is None:
        return None
    root = make_line(row)
    replies = _replies_of(conn, root.id, after=after, limit=MORE_REPLIES)
    return _branch(root, _named(conn, replies, root), limit=MORE_REPLIES)


def find_line(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> ThreadComment | None:
    """Return one comment as the thread shows it, or None if it has no place there."""
    row = _FIND_LINE.first(conn, comment_id=comment_id, site_id=site_id)
    return make_line(row) if row is not None else None


def list_lines(
    conn: sa.Connection, comment_ids: Collection[CommentId]
) -> dict[CommentId, ThreadComment]:
    """Return these comments as the thread shows them, less those that have no place there."""
    query = select_lines().where(comments.c.id.in_(comment_ids), _SHOWN)
    return {CommentId(row.id): make_line(row) for row in conn.execute(query)} if comment_ids else {}


def path_before(line: ThreadComment) -> str:
    """Return a cursor within the root's replies after which the comment is the next one."""
    if not line.path:
        return ""
    # One less than the last id, borrowed from where there is something to take. No segment begins
    # with a z, so the z behind it comes after everything below that id.
    kept = line.path.rstrip("0")
    lower = _DIGITS[_DIGITS.index(kept[-1]) - 1]
    return kept[:-1] + lower + "z" * (len(line.path) - len(kept) + 1)


def _branches(conn: sa.Connection, roots: list[ThreadComment]) -> Iterable[Branch]:
    replied = [root.id for root in roots if root.reply_count]
    replies: dict[CommentId, list[ThreadComment]] = defaultdict(list)
    if replied:
        for row in conn.execute(_FIRST_REPLIES, {"roots": replied}):
            replies[CommentId(row.root_id)].append(make_line(row))
    for root in roots:
        yield _branch(root, _named(conn, replies[root.id], root), limit=REPLIES)


def _branch(root: ThreadComment, replies: list[ThreadComment], *, limit: int) -> Branch:
    more = replies[limit - 1].path if len(replies) > limit else None
    return Branch(root, tuple(replies[:limit]), more)


def _replies_of(
    conn: sa.Connection, root_id: CommentId, *, after: str, limit: int
) -> list[ThreadComment]:
    query = (
        select_lines()
        .where(comments.c.root_id == root_id, comments.c.path > after, _SHOWN)
        .order_by(comments.c.path)
        .limit(limit + 1)
    )
    return [make_line(row) for row in conn.execute(query)]


def _named(
    conn: sa.Connection, replies: list[ThreadComment], root: ThreadComment
) -> list[ThreadComment]:
    """Name the parent of each reply whose indentation no longer shows it."""
    flat = [one for one in replies if one.indent == INDENTS and one.parent_id is not None]
    if not flat:
        return replies
    names = {
        one.id: one.author_name for one in [root, *replies] if one.status is CommentStatus.PUBLISHED
    }
    missing = {one.parent_id for one in flat} - {one.id for one in replies}
    if missing:
        query = select_lines().where(comments.c.id.in_(missing), _SHOWN)
        names |= {
            CommentId(row.id): row.name
            for row in conn.execute(query)
            if row.status == CommentStatus.PUBLISHED
        }
    indents = {one.id: one.indent for one in replies}
    return [
        replace(one, answers=names.get(one.parent_id))
        if one.parent_id is not None
        and one.indent == INDENTS
        and indents.get(one.parent_id, INDENTS) == INDENTS
        else one
        for one in replies
    ]


def make_line(row: sa.Row[Any]) -> ThreadComment:
    """Make a line from such a row; without the words unless the comment is published."""
    published = row.status == CommentStatus.PUBLISHED
    return ThreadComment(
        CommentId(row.id),
        row.parent_id,
        row.root_id,
        min(row.depth, INDENTS),
        row.path,
        CommentStatus(row.status),
        row.name if published else "",
        Role(row.author_role) if row.author_role and published else None,
        row.html if published else "",
        row.rule_key if row.status == CommentStatus.REMOVED else None,
        row.created_at,
        row.edited_at if published else None,
        row.respect_shown if published else 0,
        row.reply_count,
        row.featured_at if published else None,
        row.featured_reason if published else "",
        row.revision if published else 1,
        by_author=published and bool(row.by_author),
    )

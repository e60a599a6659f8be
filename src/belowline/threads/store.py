"""Reading a thread: keyset ranges of indexes, never an offset, never a whole thread.

A page is two or three statements however large the thread: its roots, and their first replies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, CommentStatus, Role, SiteId, StoryId, ThreadOrder
from belowline.storage.places import WORKED_OUT
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
from belowline.threads.statements import (
    BY_KEY,
    BY_TIME,
    FIND_LINE,
    FIND_ROOT,
    FIRST_REPLIES,
    LINES,
    REPLIES_AFTER,
)

INDENTS = 4
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""In which paths are written, in their order."""
_STATUSES = {str(status): status for status in CommentStatus}


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
    place = read_place(after) if after is not None else None
    values = {"last_at": place.created_at, "last_id": place.id} if place else {}
    query = BY_TIME[order is ThreadOrder.NEWEST, place is not None]
    roots = list(map(make_line, query.all(conn, site_id=site_id, story_id=story_id, **values)))
    shown = _that_fit(roots)
    last = roots[shown - 1] if len(roots) > shown else None
    return roots[:shown], str(Place(last.created_at, last.id)) if last else None


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
    values = {"last_key": place.key, "last_id": place.id} if place else {}
    rows = BY_KEY[before, place is not None].all(
        conn, site_id=site_id, story_id=story_id, in_order=order, **values
    )
    shown = _that_fit(rows)
    last = rows[shown - 1] if len(rows) > shown else None
    following = KeyPlace(number - before, last.place_key, last.id) if last is not None else None
    return list(map(make_line, rows[:shown])), str(following) if following else None


def _that_fit(roots: Sequence[Any]) -> int:
    """Return with how many of these roots, and their first replies, a page is full.

    So a page costs the same in a thread where everybody quarrels as in one where nobody answers.
    """
    lines = 0
    for number, root in enumerate(roots):
        if lines >= PAGE:
            return number
        lines += 1 + min(root.reply_count, REPLIES)
    return len(roots)


def read_branch(
    conn: sa.Connection, site_id: SiteId, root_id: CommentId, *, after: str = ""
) -> Branch | None:
    """Return a root with a longer page of its replies after ``after``, or None."""
    row = FIND_ROOT.first(conn, comment_id=root_id, site_id=site_id)
    if row is None:
        return None
    root = make_line(row)
    replies = _replies_of(conn, root.id, after=after, limit=MORE_REPLIES)
    return _branch(root, _named(conn, replies, root), limit=MORE_REPLIES)


def find_line(conn: sa.Connection, site_id: SiteId, comment_id: CommentId) -> ThreadComment | None:
    """Return one comment as the thread shows it, or None if it has no place there."""
    row = FIND_LINE.first(conn, comment_id=comment_id, site_id=site_id)
    return make_line(row) if row is not None else None


def list_lines(
    conn: sa.Connection, comment_ids: Collection[CommentId]
) -> dict[CommentId, ThreadComment]:
    """Return these comments as the thread shows them, less those that have no place there."""
    rows = LINES.all(conn, ids=comment_ids) if comment_ids else []
    return {CommentId(row.id): make_line(row) for row in rows}


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
        for row in FIRST_REPLIES.all(conn, roots=replied):
            replies[CommentId(row.root_id)].append(make_line(row))
    for root in roots:
        yield _branch(root, _named(conn, replies[root.id], root), limit=REPLIES)


def _branch(root: ThreadComment, replies: list[ThreadComment], *, limit: int) -> Branch:
    more = replies[limit - 1].path if len(replies) > limit else None
    return Branch(root, tuple(replies[:limit]), more)


def _replies_of(
    conn: sa.Connection, root_id: CommentId, *, after: str, limit: int
) -> list[ThreadComment]:
    rows = REPLIES_AFTER.all(conn, root_id=root_id, after=after, most=limit + 1)
    return list(map(make_line, rows))


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
        names |= {
            CommentId(row.id): row.name
            for row in LINES.all(conn, ids=sorted(missing))
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


def make_line(row: Any) -> ThreadComment:  # noqa: ANN401 - a row of threads/statements.py
    """Make a line from such a row; without the words unless the comment is published."""
    status = _STATUSES[row.status]
    published = status is CommentStatus.PUBLISHED
    return ThreadComment(
        CommentId(row.id),
        row.parent_id,
        row.root_id,
        min(row.depth, INDENTS),
        row.path,
        status,
        row.name if published else "",
        Role(row.author_role) if row.author_role and published else None,
        row.html if published else "",
        row.rule_key if status is CommentStatus.REMOVED else None,
        row.created_at,
        row.edited_at if published else None,
        row.respect_shown if published else 0,
        row.reply_count,
        row.featured_at if published else None,
        row.featured_reason if published else "",
        row.revision if published else 1,
        by_author=published and bool(row.by_author),
    )

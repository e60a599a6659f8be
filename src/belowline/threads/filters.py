"""Parts of a thread: what the newsroom said, what it answered, and the editors' picks.

A filtered page goes by roots, the latest first, and shows of each root the comments that the filter
is about and what they reply to. It costs what the story has of these comments, and not what its
thread is long: each filter reads partial indexes and then a few lines by their ids.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from typing import assert_never

import sqlalchemy as sa

from belowline.core.errors import InvalidInput
from belowline.core.terms import (
    CommentId,
    CommentStatus,
    SiteId,
    StoryId,
    ThreadOrder,
)
from belowline.storage.lists import among
from belowline.storage.prepared import Prepared
from belowline.storage.tables import comments, story_authors
from belowline.threads import store
from belowline.threads.model import PAGE, REPLIES, Branch, ThreadComment, ThreadFilter, ThreadPage

_CURSOR = re.compile(r"[0-9]{1,18}")
# Written out, so that both databases recognise the partial indexes of storage/tables.py.
_NEWSROOM = sa.text("comments.author_role IS NOT NULL AND comments.status = 'published'")
_PICKED = sa.text("comments.featured_at IS NOT NULL AND comments.status = 'published'")
_PUBLISHED = comments.c.status == CommentStatus.PUBLISHED
_ROOT = sa.func.coalesce(comments.c.root_id, comments.c.id)


Condition = tuple[sa.ColumnElement[bool] | sa.TextClause, ...]


def read_filtered(
    conn: sa.Connection,
    site_id: SiteId,
    story_id: StoryId,
    *,
    only: ThreadFilter,
    after: str | None = None,
) -> ThreadPage:
    """Return one page of a part of the thread. Raises InvalidInput for a bad cursor."""
    if after is not None and not _CURSOR.fullmatch(after):
        raise InvalidInput("This page address is not valid.", field="after", code="bad_cursor")
    authors = _authors(conn, story_id)
    about = _about(only, comments.c.author_id.in_(authors) if authors else None)
    here = [comments.c.site_id == site_id, comments.c.story_id == story_id]
    if after is not None:
        here.append(int(after) > _ROOT)
    found = sa.union(
        *(sa.select(_ROOT.label("root")).distinct().where(*here, *one) for one in about)
    )
    query = found.order_by(sa.desc("root")).limit(PAGE + 1)
    roots = [CommentId(row.root) for row in conn.execute(query)]
    shown = roots[:PAGE]
    replies = _replies(conn, shown, about)
    lines = store.list_lines(conn, shown)
    branches = tuple(_branch(lines[root], replies.get(root, [])) for root in shown if root in lines)
    following = str(shown[-1]) if len(roots) > PAGE else None
    return ThreadPage(ThreadOrder.NEWEST, branches, following)


def list_filters(
    conn: sa.Connection, site_id: SiteId, story_id: StoryId
) -> tuple[ThreadFilter, ...]:
    """Return the filters that have something to show for the story."""
    where = {"site_id": site_id, "story_id": story_id}
    authors = _authors(conn, story_id)
    if authors:
        row = _WHAT_THERE_IS_BY.first(conn, **where, authors=authors)
    else:
        row = _WHAT_THERE_IS.first(conn, **where)
    return tuple(one for one, has in zip(ThreadFilter, row, strict=True) if has)


def _authors(conn: sa.Connection, story_id: StoryId) -> list[int]:
    return [row.reader_id for row in _AUTHORS.all(conn, story_id=story_id)]


def _about(only: ThreadFilter, by: sa.ColumnElement[bool] | None) -> list[Condition]:
    """Return what a filter is about, each way of being so apart, for each has its own index.

    ``by`` says that the story's author wrote it, where somebody is named as such.
    """
    spoke: list[Condition] = [(_NEWSROOM,)]
    if by is not None:
        spoke.append((by, _PUBLISHED))
    match only:
        case ThreadFilter.NEWSROOM:
            return spoke
        case ThreadFilter.ANSWERED:
            return [(*one, comments.c.root_id.is_not(None)) for one in spoke]
        case ThreadFilter.PICKS:
            return [(_PICKED,)]
        case _:
            assert_never(only)


def _replies(
    conn: sa.Connection, roots: Collection[CommentId], about: list[Condition]
) -> dict[CommentId, list[ThreadComment]]:
    """Return by root the first of the replies that the filter is about, with what they answer."""
    if not roots:
        return {}
    nth = sa.func.row_number().over(partition_by=comments.c.root_id, order_by=comments.c.path)
    numbered = (
        sa.select(comments.c.id, comments.c.root_id, comments.c.parent_id, nth.label("nth"))
        .where(comments.c.root_id.in_(roots), sa.text("comments.shown"))
        .where(sa.or_(*(sa.and_(*one) for one in about)))
        .subquery()
    )
    rows = conn.execute(sa.select(numbered).where(numbered.c.nth <= REPLIES)).all()
    wanted = {row.id for row in rows} | {row.parent_id for row in rows} - set(roots)
    by_root: dict[CommentId, list[ThreadComment]] = defaultdict(list)
    for line in store.list_lines(conn, wanted).values():
        if line.root_id is not None:
            by_root[line.root_id].append(line)
    return by_root


def _branch(root: ThreadComment, replies: list[ThreadComment]) -> Branch:
    replies.sort(key=lambda one: one.path)
    return Branch(root, tuple(replies), None, is_excerpt=root.reply_count > len(replies))


def _what_there_is(by: sa.ColumnElement[bool] | None) -> Prepared:
    here = (
        comments.c.site_id == sa.bindparam("site_id"),
        comments.c.story_id == sa.bindparam("story_id"),
    )
    return Prepared(
        sa.select(
            *(
                sa.or_(
                    *(
                        sa.exists(sa.select(1).where(*here, *one).correlate(None))
                        for one in _about(only, by)
                    )
                ).label(only)
                for only in ThreadFilter
            )
        )
    )


_AUTHORS = Prepared(
    sa.select(story_authors.c.reader_id).where(story_authors.c.story_id == sa.bindparam("story_id"))
)
_WHAT_THERE_IS = _what_there_is(None)
_WHAT_THERE_IS_BY = _what_there_is(among(comments.c.author_id, "authors"))

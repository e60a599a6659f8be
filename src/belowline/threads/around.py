"""Where in a thread one comment stands: the page that holds it, found without reading up to it.

The page begins a few roots before the comment's own, so that it is met among its neighbours. That
takes two short index ranges more than the first page, wherever in the thread the comment is.
"""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from belowline.core.errors import NotFound
from belowline.core.terms import CommentId, SiteId, StoryId, ThreadOrder
from belowline.storage.places import WORKED_OUT
from belowline.storage.prepared import Prepared
from belowline.storage.tables import comments, places
from belowline.storage.types import UtcTime
from belowline.threads import store
from belowline.threads.cursors import KeyPlace, Place
from belowline.threads.model import Branch, ThreadPage
from belowline.threads.places import ranking_number
from belowline.threads.statements import ROOTS

NEIGHBOURS = 4
"""Roots before the comment's own on its page. With all their replies they do not fill it."""

_FIND = Prepared(
    sa.select(comments.c.root_id, comments.c.story_id, comments.c.shown).where(
        comments.c.id == sa.bindparam("comment_id"), comments.c.site_id == sa.bindparam("site_id")
    )
)
_AT = Prepared(sa.select(comments.c.created_at).where(comments.c.id == sa.bindparam("comment_id")))
_KEY = Prepared(
    sa.select(places.c.key).where(
        places.c.comment_id == sa.bindparam("comment_id"),
        places.c.in_order == sa.bindparam("in_order"),
    )
)


def _before_at(*, newest: bool) -> Prepared:
    by = (comments.c.created_at, comments.c.id)
    place = sa.tuple_(*by)
    own = sa.tuple_(sa.bindparam("own_at", type_=UtcTime()), sa.bindparam("own_id"))
    return Prepared(
        sa.select(*by)
        .where(
            comments.c.site_id == sa.bindparam("site_id"),
            comments.c.story_id == sa.bindparam("story_id"),
            ROOTS,
            place > own if newest else place < own,
        )
        .order_by(*(one if newest else one.desc() for one in by))
        .limit(NEIGHBOURS + 1)
    )


_BEFORE_BY_TIME = {newest: _before_at(newest=newest) for newest in (False, True)}
_BEFORE_BY_KEY = Prepared(
    sa.select(places.c.key, places.c.comment_id)
    .where(
        places.c.site_id == sa.bindparam("site_id"),
        places.c.story_id == sa.bindparam("story_id"),
        places.c.in_order == sa.bindparam("in_order"),
        sa.tuple_(places.c.key, places.c.comment_id)
        > sa.tuple_(sa.bindparam("own_key"), sa.bindparam("own_id")),
    )
    .order_by(places.c.key, places.c.comment_id)
    .limit(NEIGHBOURS + 1)
)


def read_page_at(
    conn: sa.Connection,
    site_id: SiteId,
    story_id: StoryId,
    *,
    order: ThreadOrder,
    comment_id: CommentId,
) -> tuple[ThreadPage, bool]:
    """Return the page that holds a comment, and whether there are roots before that page.

    Of a root with many replies it has those around the comment.

    Raises:
        NotFound: the comment has no place in this story's thread.
    """
    root_id = _find_root(conn, site_id, story_id, comment_id)
    find = _before_by_key if order in WORKED_OUT else _before_by_time
    after = find(conn, site_id, story_id, order=order, root_id=root_id)
    page = store.read_page(conn, site_id, story_id, order=order, after=after)
    if root_id != comment_id:
        branches = tuple(
            _around(conn, site_id, one, comment_id) if one.root.id == root_id else one
            for one in page.branches
        )
        page = replace(page, branches=branches)
    return page, after is not None


def _find_root(
    conn: sa.Connection, site_id: SiteId, story_id: StoryId, comment_id: CommentId
) -> CommentId:
    row = _FIND.first(conn, comment_id=comment_id, site_id=site_id)
    if row is None or row.story_id != story_id or not row.shown:
        raise NotFound("There is no such comment.", code="no_comment")
    return CommentId(row.root_id or comment_id)


def _before_by_time(
    conn: sa.Connection,
    site_id: SiteId,
    story_id: StoryId,
    *,
    order: ThreadOrder,
    root_id: CommentId,
) -> str | None:
    """Return the cursor after which the page begins, or None if that is the first page."""
    at = _AT.first(conn, comment_id=root_id).created_at
    query = _BEFORE_BY_TIME[order is ThreadOrder.NEWEST]
    rows = query.all(conn, site_id=site_id, story_id=story_id, own_at=at, own_id=root_id)
    last = rows[NEIGHBOURS] if len(rows) > NEIGHBOURS else None
    return str(Place(last.created_at, last.id)) if last is not None else None


def _before_by_key(
    conn: sa.Connection,
    site_id: SiteId,
    story_id: StoryId,
    *,
    order: ThreadOrder,
    root_id: CommentId,
) -> str | None:
    """Return the cursor in an order that is worked out; see :func:`_before_by_time`."""
    number = ranking_number(conn, story_id)
    own = _KEY.first(conn, comment_id=root_id, in_order=order)
    rows = _BEFORE_BY_KEY.all(
        conn,
        site_id=site_id,
        story_id=story_id,
        in_order=order,
        own_key=own.key,
        own_id=root_id,
    )
    last = rows[NEIGHBOURS] if len(rows) > NEIGHBOURS else None
    return str(KeyPlace(number, last.key, last.comment_id)) if last is not None else None


def _around(conn: sa.Connection, site_id: SiteId, branch: Branch, comment_id: CommentId) -> Branch:
    """Return a root's branch with the reply in it: from the reply on, if it stands far down."""
    if any(reply.id == comment_id for reply in branch.replies):
        return branch
    line = store.find_line(conn, site_id, comment_id)
    if line is None:
        return branch
    found = store.read_branch(conn, site_id, branch.root.id, after=store.path_before(line))
    return replace(found, earlier=True) if found is not None else branch

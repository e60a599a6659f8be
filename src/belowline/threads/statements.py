"""The statements by which a thread is read, built once: ranges of indexes, and lines by their ids.

Every page runs a few of these, however large its thread; :mod:`threads.store` says which.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from belowline.storage.lists import among
from belowline.storage.prepared import Prepared
from belowline.storage.tables import comments, places, readers, story_authors
from belowline.storage.types import UtcTime
from belowline.threads.model import PAGE, REPLIES

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
ROOTS = sa.text("comments.parent_id IS NULL AND comments.shown")
SHOWN = sa.text("comments.shown")


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
        .where(among(root.c.id, "roots"), SHOWN)
        .order_by(comments.c.root_id, comments.c.path)
    )


def _by_time(*, newest: bool, goes_on: bool) -> Prepared:
    query = select_lines().where(
        comments.c.site_id == sa.bindparam("site_id"),
        comments.c.story_id == sa.bindparam("story_id"),
        ROOTS,
    )
    if goes_on:
        place = sa.tuple_(comments.c.created_at, comments.c.id)
        last = sa.tuple_(sa.bindparam("last_at", type_=UtcTime()), sa.bindparam("last_id"))
        query = query.where(place < last if newest else place > last)
    by = (comments.c.created_at, comments.c.id)
    return Prepared(query.order_by(*(one.desc() for one in by) if newest else by).limit(PAGE + 1))


def _by_key(*, before: bool, goes_on: bool) -> Prepared:
    key = places.c.key_before if before else places.c.key
    query = (
        select_lines()
        .add_columns(key.label("place_key"))
        .join(places, places.c.comment_id == comments.c.id)
        .where(
            places.c.site_id == sa.bindparam("site_id"),
            places.c.story_id == sa.bindparam("story_id"),
            places.c.in_order == sa.bindparam("in_order"),
            SHOWN,
        )
    )
    if goes_on:
        last = sa.tuple_(sa.bindparam("last_key"), sa.bindparam("last_id"))
        query = query.where(sa.tuple_(key, places.c.comment_id) < last)
    return Prepared(query.order_by(key.desc(), places.c.comment_id.desc()).limit(PAGE + 1))


BY_TIME = {
    (newest, goes_on): _by_time(newest=newest, goes_on=goes_on)
    for newest in (False, True)
    for goes_on in (False, True)
}
"""A page of roots by their time: whether the newest come first, whether another page is before."""
BY_KEY = {
    (before, goes_on): _by_key(before=before, goes_on=goes_on)
    for before in (False, True)
    for goes_on in (False, True)
}
"""A page of roots in an order that is worked out: whether by the ranking before the last one."""
FIRST_REPLIES = Prepared(_first_replies())
REPLIES_AFTER = Prepared(
    select_lines()
    .where(
        comments.c.root_id == sa.bindparam("root_id"),
        comments.c.path > sa.bindparam("after"),
        SHOWN,
    )
    .order_by(comments.c.path)
    .limit(sa.bindparam("most", type_=sa.Integer()))
)
FIND_LINE = Prepared(
    select_lines().where(
        comments.c.id == sa.bindparam("comment_id"),
        comments.c.site_id == sa.bindparam("site_id"),
        SHOWN,
    )
)
FIND_ROOT = Prepared(
    select_lines().where(
        comments.c.id == sa.bindparam("comment_id"),
        comments.c.site_id == sa.bindparam("site_id"),
        ROOTS,
    )
)
LINES = Prepared(select_lines().where(among(comments.c.id, "ids"), SHOWN))

"""The statements behind every new comment, prepared; ``store`` says what they are for."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.storage.many import Each, Rows
from belowline.storage.prepared import Prepared
from belowline.storage.tables import comments, revisions, stories

FIND = Each(
    lambda comment_id, site_id: sa.select(comments).where(
        comments.c.id == comment_id, comments.c.site_id == site_id
    ),
    comment_id=sa.BigInteger(),
    site_id=sa.BigInteger(),
)
FIND_BY_KEY = Each(
    lambda author_id, client_key: sa.select(comments).where(
        comments.c.author_id == author_id, comments.c.client_key == client_key
    ),
    author_id=sa.BigInteger(),
    client_key=sa.Text(),
)
READ = Prepared(sa.select(comments).where(comments.c.id == sa.bindparam("comment_id")))
NEW = (
    "site_id",
    "story_id",
    "parent_id",
    "root_id",
    "depth",
    "author_id",
    "author_role",
    "status",
    "shown",
    "html",
    "rule_key",
    "reason",
    "created_at",
    "published_at",
    "client_key",
    "appeared_in",
    "changed_in",
    "change",
)
ADD = Rows(comments, NEW, returning=[one.key for one in comments.c])
SET_PATH = Prepared(
    sa.update(comments)
    .where(comments.c.id == sa.bindparam("comment_id"))
    .values(path=sa.bindparam("new_path"))
)
COUNT_REPLY = Prepared(
    sa.update(comments)
    .where(comments.c.id == sa.bindparam("comment_id"))
    .values(reply_count=comments.c.reply_count + sa.bindparam("more"))
)
ADD_REVISIONS = Rows(revisions, [one.key for one in revisions.c])
TOUCH = Prepared(
    sa.update(stories)
    .where(stories.c.id == sa.bindparam("story"))
    .values(
        thread_version=stories.c.thread_version + 1,
        comment_count=stories.c.comment_count + sa.bindparam("published"),
    )
    .returning(stories.c.thread_version)
)

"""The statements behind every new comment, prepared; ``store`` says what they are for."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.storage.prepared import Prepared
from belowline.storage.tables import comments, revisions, stories

FIND = Prepared(
    sa.select(comments).where(
        comments.c.id == sa.bindparam("comment_id"), comments.c.site_id == sa.bindparam("site_id")
    )
)
FIND_BY_KEY = Prepared(
    sa.select(comments).where(
        comments.c.author_id == sa.bindparam("author_id"),
        comments.c.client_key == sa.bindparam("client_key"),
    )
)
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
ADD = Prepared(sa.insert(comments).returning(*comments.c), columns=NEW)
SET_PATH = Prepared(
    sa.update(comments)
    .where(comments.c.id == sa.bindparam("comment_id"))
    .values(path=sa.bindparam("new_path"))
)
ADD_REVISION = Prepared(sa.insert(revisions), columns=[one.key for one in revisions.c])
TOUCH = Prepared(
    sa.update(stories)
    .where(stories.c.id == sa.bindparam("story"))
    .values(
        thread_version=stories.c.thread_version + 1,
        comment_count=stories.c.comment_count + sa.bindparam("published"),
    )
    .returning(stories.c.thread_version)
)

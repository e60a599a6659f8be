"""What a notice of new comments says: under which story, and how many there are by now."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from belowline.core.terms import StoryId, StoryMode
from belowline.notifications.model import MOST_COUNTED, Notice, NoticeFacts
from belowline.storage.tables import comments, mutes, stories

HELD_FOR = timedelta(days=7)
"""What was sent so long before the notice and published after it is still counted."""


def add_news(conn: sa.Connection, notice: Notice, facts: NoticeFacts) -> NoticeFacts:
    """Return the facts with the story and the number of what is new and still there.

    The reader's own comments are no news to them, nor are those of whom they have muted.
    """
    story_id = notice.number("story_id")
    story = conn.execute(
        sa.select(stories.c.id, stories.c.key, stories.c.title).where(
            stories.c.id == story_id,
            stories.c.site_id == notice.site_id,
            # A suspended story is hidden for legal reasons, and so is its headline.
            stories.c.mode != StoryMode.SUSPENDED,
        )
    ).first()
    if story is None:
        return facts
    muted = sa.select(mutes.c.muted_id).where(
        mutes.c.reader_id == notice.reader_id, mutes.c.site_id == notice.site_id
    )
    found = sa.select(comments.c.id).where(
        comments.c.site_id == notice.site_id,
        comments.c.story_id == story.id,
        # Written out, so that both databases recognise the partial index of storage/tables.py.
        sa.text("comments.published_at IS NOT NULL AND comments.status = 'published'"),
        comments.c.created_at >= notice.at - HELD_FOR,
        comments.c.published_at >= notice.at,
        comments.c.author_id != notice.reader_id,
        comments.c.author_id.not_in(muted),
    )
    if notice.read_at is not None:
        found = found.where(comments.c.published_at <= notice.read_at)
    counted = sa.select(sa.func.count()).select_from(found.limit(MOST_COUNTED).subquery())
    return replace(
        facts,
        story_id=StoryId(story.id),
        story_key=story.key,
        story_title=story.title,
        new_count=conn.execute(counted).scalar_one(),
    )

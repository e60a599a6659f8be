"""Muting a reader for oneself, by one of their comments; the anonymous thread stays as it is."""

from __future__ import annotations

import sqlalchemy as sa

from belowline.actions.mutes import mute_author, unmute_author
from belowline.comments import own
from belowline.core.terms import CommentId, ReaderId, SiteId, StoryId
from belowline.readers.mutes import list_mutes
from belowline.web.answers import FoldedOut
from belowline.web.auth import Visitor


def mute(visitor: Visitor, comment: int) -> FoldedOut:
    """Mute a comment's author for oneself; a repeat is success."""
    done = mute_author(
        visitor.house.db, CommentId(comment), site_id=visitor.at.id, by=visitor.reader_id
    )
    return _answer(visitor, done.story_id)


def unmute(visitor: Visitor, comment: int) -> FoldedOut:
    """Undo the mute of a comment's author; a repeat is success."""
    done = unmute_author(
        visitor.house.db, CommentId(comment), site_id=visitor.at.id, by=visitor.reader_id
    )
    return _answer(visitor, done.story_id)


def folded(
    conn: sa.Connection, site_id: SiteId, story_id: StoryId, reader_id: ReaderId
) -> list[int]:
    """Return the comments under a story that the reader does not wish to read, the latest first."""
    muted = [one.muted_id for one in list_mutes(conn, site_id, reader_id)]
    return list(own.list_by(conn, site_id, story_id, author_ids=muted)) if muted else []


def _answer(visitor: Visitor, story_id: StoryId) -> FoldedOut:
    with visitor.house.db.read() as conn:
        return FoldedOut(folded(conn, visitor.at.id, story_id, visitor.reader_id))

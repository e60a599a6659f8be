"""Telling who follows a story that somebody has written there; a part of the follower ``notify``.

The notice says how many comments are new when it is shown, and it is told a while after the first
of them, so that one letter speaks of all that came together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from belowline.core.happened import Happened
from belowline.core.terms import CommentStatus, NoticeKind, Outcome, ReaderId, StoryId, StoryMode
from belowline.events import kinds
from belowline.notifications import store
from belowline.notifications.model import NewNotice
from belowline.readers.follows import list_to_tell, note_told
from belowline.storage.database import Tx
from belowline.storage.prepared import Prepared
from belowline.storage.tables import comments, follows, stories

GATHERED_FOR = timedelta(minutes=10)

_FOLLOWED = Prepared(
    sa.select(follows.c.id).where(follows.c.story_id == sa.bindparam("story_id")).limit(1)
)
_answered = comments.alias("answered")


def tell_followers(tx: Tx, happened: Sequence[Happened], *, mail_works: bool) -> None:
    """Tell of the comments among these events that have just been published for the first time."""
    published = [event for event in happened if _publishes(event)]
    # Nearly every story is followed by nobody, and every comment passes here.
    followed = {
        story_id
        for story_id in {event.number("story_id") for event in published}
        if _FOLLOWED.first(tx.conn, story_id=story_id)
    }
    for event in published:
        if event.number("story_id") in followed:
            _tell(tx, event, mail_works=mail_works)


def _publishes(event: Happened) -> bool:
    posted = event.kind == kinds.CommentPosted.__name__
    decided = event.kind == kinds.DecisionMade.__name__
    return (posted and event.text("status") == CommentStatus.PUBLISHED) or (
        decided and event.text("outcome") == Outcome.PUBLISH
    )


def _tell(tx: Tx, event: Happened, *, mail_works: bool) -> None:
    comment = _find(tx.conn, event.number("comment_id"))
    if comment is None or comment.status != CommentStatus.PUBLISHED:
        return
    # What readers had seen before a decision is nothing new.
    if comment.mode == StoryMode.SUSPENDED or comment.published_at < event.at:
        return
    story_id = StoryId(comment.story_id)
    told = list_to_tell(
        tx.conn,
        story_id,
        at=event.at,
        author_id=ReaderId(comment.author_id),
        answered_id=comment.answered_id,
    )
    # All at once, because a story may have thousands who follow it.
    store.put_notices(
        tx,
        [
            NewNotice(
                site_id=event.site_id,
                reader_id=one.reader_id,
                kind=NoticeKind.NEW_COMMENTS,
                event_seq=event.seq,
                at=event.at,
                due_at=event.at + GATHERED_FOR,
                facts={"story_id": story_id},
                by_mail=mail_works and one.by_mail,
            )
            for one in told
        ],
    )
    if told:
        note_told(tx, story_id, event_seq=event.seq)


def _find(conn: sa.Connection, comment_id: int | None) -> sa.Row[Any] | None:
    query: sa.Select[Any] = (
        sa.select(
            comments.c.status,
            comments.c.author_id,
            comments.c.story_id,
            comments.c.published_at,
            stories.c.mode,
            _answered.c.author_id.label("answered_id"),
        )
        .join(stories, stories.c.id == comments.c.story_id)
        .outerjoin(_answered, _answered.c.id == comments.c.parent_id)
        .where(comments.c.id == comment_id)
    )
    return conn.execute(query).first()

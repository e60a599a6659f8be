"""What a form about a story or a comment needs to know first: the place, and what is said there."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import NotFound
from belowline.core.terms import CommentId, CommentStatus, StoryMode
from belowline.stories import store as stories
from belowline.stories.model import Story
from belowline.threads import store as threads
from belowline.threads.model import ThreadComment
from belowline.web.auth import Visitor


@dataclass(frozen=True, slots=True)
class Place:
    """A comment in its story, as the form quotes it."""

    story: Story
    comment: Comment
    line: ThreadComment | None
    """The comment as the public thread shows it, or None if it has no place there."""


def get_open_story(conn: sa.Connection, visitor: Visitor, key: str) -> Story:
    """Return the story unless it is suspended. Raises NotFound."""
    story = stories.get_story(conn, visitor.at.id, key)
    if story.mode is StoryMode.SUSPENDED:
        raise NotFound("Comments on this story are not available.", code="story_suspended")
    return story


def get_public_place(conn: sa.Connection, visitor: Visitor, key: str, comment_id: int) -> Place:
    """Return a published comment of the story. Raises NotFound, also if the story is suspended."""
    place = _get_place(conn, visitor, get_open_story(conn, visitor, key), comment_id)
    if place.line is None or place.comment.status is not CommentStatus.PUBLISHED:
        raise NotFound("This comment is no longer there.", code="no_comment")
    return place


def get_own_place(conn: sa.Connection, visitor: Visitor, key: str, comment_id: int) -> Place:
    """Return a comment of the visitor's own, wherever it is. Raises NotFound for other people's."""
    story = stories.get_story(conn, visitor.at.id, key)
    place = _get_place(conn, visitor, story, comment_id)
    if place.comment.author_id != visitor.reader_id:
        raise NotFound("There is no such comment of yours.", code="no_comment")
    return place


def _get_place(conn: sa.Connection, visitor: Visitor, story: Story, comment_id: int) -> Place:
    comment = comments.find_comment(conn, visitor.at.id, CommentId(comment_id))
    if comment is None or comment.story_id != story.id:
        raise NotFound("There is no such comment.", code="no_comment")
    return Place(story, comment, threads.find_line(conn, visitor.at.id, comment.id))

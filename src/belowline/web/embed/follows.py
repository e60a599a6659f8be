"""Following a story over the API."""

from __future__ import annotations

from belowline.actions.follows import follow_story, unfollow_story
from belowline.web.answers import FollowOut
from belowline.web.auth import Visitor


def follow(visitor: Visitor, story: str) -> FollowOut:
    """Follow the story, and take what was told of it until now as read; a repeat is success."""
    follow_story(visitor.house.db, story, site_id=visitor.at.id, by=visitor.reader_id)
    return FollowOut(following=True)


def unfollow(visitor: Visitor, story: str) -> FollowOut:
    """Follow the story no more; a repeat is success."""
    unfollow_story(visitor.house.db, story, site_id=visitor.at.id, by=visitor.reader_id)
    return FollowOut(following=False)

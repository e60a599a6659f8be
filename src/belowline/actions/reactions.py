"""Respecting a comment, and taking the respect back.

Reactions are not acts: they leave no event, only a thread that shows another count.
"""

from __future__ import annotations

from belowline.actions.facts import ask_standing
from belowline.comments import policy, reactions
from belowline.comments import store as comments
from belowline.core.errors import NotFound, require
from belowline.core.terms import Actor, CommentId, Privilege, ReaderId, SiteId
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.policy import may_take_comments


def react(
    db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId, respects: bool
) -> int | None:
    """Respect a comment or take the respect back; a repeat is success.

    Returns the new count, or None as long as nobody is told.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.REACT, site_id=site_id, by=by)
        comment = comments.lock_comment(tx, site_id, comment_id)
        if comment.author_id != by and not comment.shown:
            raise NotFound("There is no such comment.", code="no_comment")
        require(policy.may_react(comment, by=by))
        require(may_take_comments(stories.get_story_by_id(tx.conn, site_id, comment.story_id).mode))
        if respects:
            reactions.add_reaction(tx, comment, by)
        else:
            reactions.drop_reaction(tx, comment, by)
        if not reactions.is_count_shown(comment, now=tx.now):
            return None
        count = comments.get_comment(tx.conn, site_id, comment_id).respect_count
    db.changed(comment.story_id)
    return count

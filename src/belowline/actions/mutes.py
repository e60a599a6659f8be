"""Muting a reader for oneself, and undoing it.

It is nobody's business but the reader's own, so it is no act of the site's: there is no event, no
notice and no mark on whoever is muted.
"""

from __future__ import annotations

from belowline.actions.facts import ask_standing
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import Conflict, NotFound, require
from belowline.core.terms import (
    Actor,
    CommentId,
    CommentStatus,
    Privilege,
    ReaderId,
    Refusal,
    SiteId,
)
from belowline.readers import mutes
from belowline.readers import store as readers
from belowline.storage.database import Database, Tx


def mute_author(db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId) -> Comment:
    """Mute the author of a published comment, and return the comment; a repeat is success.

    Raises:
        NotSignedIn: nobody is signed in.
        NotFound: no such comment in public, or its author has left.
        NotAllowed: it is their own. Conflict: they have muted very many.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.READ_OWN, site_id=site_id, by=by)
        comment = _published(tx, site_id, comment_id)
        if comment.author_id == by:
            require(Refusal("own_comment", "This comment is your own."))
        known = mutes.list_mutes(tx.conn, site_id, by)
        if len(known) >= mutes.MOST and comment.author_id not in {one.muted_id for one in known}:
            raise Conflict(
                "You have muted very many readers. Undo one of them first.", code="too_many_muted"
            )
        mutes.put_mute(tx, site_id, by, muted_id=comment.author_id)
        return comment


def unmute_author(db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId) -> Comment:
    """Undo the mute of a published comment's author, and return it; a repeat is success."""
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.READ_OWN, site_id=site_id, by=by)
        comment = _published(tx, site_id, comment_id)
        mutes.drop_mute(tx, site_id, by, muted_id=comment.author_id)
        return comment


def undo_mute(db: Database, mute_id: int, *, site_id: SiteId, by: ReaderId) -> None:
    """Undo one of the reader's own mutes; a repeat, or somebody else's, changes nothing."""
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.READ_OWN, site_id=site_id, by=by)
        mutes.drop_mute(tx, site_id, by, mute_id=mute_id)


def _published(tx: Tx, site_id: SiteId, comment_id: CommentId) -> Comment:
    comment = comments.find_comment(tx.conn, site_id, comment_id)
    if comment is None or comment.status is not CommentStatus.PUBLISHED:
        raise NotFound("There is no such comment.", code="no_comment")
    if readers.get_reader(tx.conn, comment.author_id).erased_at is not None:
        raise NotFound("There is no such comment.", code="no_comment")
    return comment

"""Taking a case to look at, and letting go of it. No act: nothing of it is in the log."""

from __future__ import annotations

from belowline.actions.facts import ask_standing
from belowline.comments import store as comments
from belowline.core.terms import Actor, CaseState, CommentId, Privilege, ReaderId, SiteId
from belowline.moderation import leases
from belowline.moderation import store as cases
from belowline.storage.database import Database


def take_case(db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId) -> bool:
    """Take an open case for a while; say whether it is theirs now.

    Where nothing waits, and about a comment of one's own, there is nothing to take.

    Raises:
        NotSignedIn, NotAllowed: no role. NotFound: no such comment.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        comment = comments.get_comment(tx.conn, site_id, comment_id)
        case = cases.find_case(tx.conn, comment_id)
        if case is None or case.state is not CaseState.OPEN or comment.author_id == by:
            return False
        return leases.take(tx, site_id, comment_id, by=by)


def give_back_case(db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId) -> None:
    """Let go of one's own lease; a repeat is success.

    Raises:
        NotSignedIn, NotAllowed: no role. NotFound: no such comment.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        comments.get_comment(tx.conn, site_id, comment_id)
        leases.give_back(tx, comment_id, by=by)

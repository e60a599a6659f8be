"""Legal holds: keeping a comment as evidence, looking at it, and letting go of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from belowline.actions.facts import ask_standing
from belowline.comments import store as comments
from belowline.comments.erase import erase_one
from belowline.core.errors import Conflict, InvalidInput
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, CommentId, Privilege, ReaderId, SiteId
from belowline.events import kinds, log
from belowline.moderation import holds, legal_log
from belowline.moderation.holds import HoldId, LegalHold
from belowline.moderation.legal_log import LegalAct
from belowline.readers import store as readers
from belowline.sites import store as sites
from belowline.storage.database import Database, Tx

LONGEST_REASON = 1000
LONGEST_REVIEW = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class HoldDraft:
    """Why a comment is kept, who answers for it, and when somebody looks at it again."""

    reason: str
    owner_id: ReaderId
    review_at: datetime


def place_hold(
    db: Database, site_id: SiteId, comment_id: CommentId, *, by: ReaderId, draft: HoldDraft
) -> HoldId:
    """Keep a comment as evidence, with all that hangs on it.

    Whoever its author is today is kept beside it, out of everybody's sight but this desk's.

    Raises:
        NotSignedIn, NotAllowed: no role for it. NotFound: no such comment.
        InvalidInput: no reason, an owner without a role, or a day that cannot be meant.
        Conflict: it is kept already, or its text has been erased.
    """
    reason = clean_text(draft.reason, field="reason", longest=LONGEST_REASON)
    if not reason:
        raise InvalidInput("Say why it is kept.", field="reason", code="empty")
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        comment = comments.lock_comment(tx, site_id, comment_id)
        _check(tx, site_id, owner_id=draft.owner_id, review_at=draft.review_at)
        if holds.is_held(tx.conn, comment_id):
            raise Conflict("This comment is kept as evidence already.", code="held_already")
        if not comments.get_revision(tx.conn, comment_id, comment.revision).text:
            raise Conflict("The text of this comment has been erased.", code="text_erased")
        author = readers.get_reader(tx.conn, comment.author_id)
        hold_id = holds.add_hold(
            tx,
            site_id,
            comment_id,
            reason=reason,
            owner_id=draft.owner_id,
            review_at=draft.review_at,
            author=(author.name, author.email),
        )
        legal_log.note(tx, site_id, LegalAct.PLACED, hold_id=hold_id)
        log.append(tx, site_id, kinds.LegalHoldPlaced(hold_id, comment_id))
    return hold_id


def prolong_hold(  # noqa: PLR0913 - where, who and what
    db: Database,
    site_id: SiteId,
    hold_id: HoldId,
    *,
    by: ReaderId,
    owner_id: ReaderId,
    review_at: datetime,
) -> None:
    """Keep it longer, or hand it to somebody else.

    Raises:
        NotSignedIn, NotAllowed: no role for it. NotFound: no such hold.
        InvalidInput: an owner without a role, or a day that cannot be meant.
        Conflict: it has ended.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        _lock(tx, site_id, hold_id)
        _check(tx, site_id, owner_id=owner_id, review_at=review_at)
        holds.prolong_hold(tx, hold_id, review_at=review_at, owner_id=owner_id)
        legal_log.note(tx, site_id, LegalAct.PROLONGED, hold_id=hold_id)


def end_hold(db: Database, site_id: SiteId, hold_id: HoldId, *, by: ReaderId) -> None:
    """Keep it no longer. If its author has left since, what was kept of theirs is erased now.

    Raises:
        NotSignedIn, NotAllowed: no role for it. NotFound: no such hold.
        Conflict: it has ended already.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        hold = _lock(tx, site_id, hold_id)
        holds.end_hold(tx, hold_id)
        comment = comments.get_comment(tx.conn, site_id, hold.comment_id)
        if readers.get_reader(tx.conn, comment.author_id).erased_at is not None:
            erase_one(tx, comment.id)
        legal_log.note(tx, site_id, LegalAct.ENDED, hold_id=hold_id)
        log.append(tx, site_id, kinds.LegalHoldEnded(hold_id, hold.comment_id))


def look_at_hold(db: Database, site_id: SiteId, hold_id: HoldId, *, by: ReaderId) -> None:
    """Note that somebody looked at what is kept."""
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        holds.get_hold(tx.conn, site_id, hold_id)
        if not legal_log.has_looked(tx.conn, site_id, by, now=tx.now, hold_id=hold_id):
            legal_log.note(tx, site_id, LegalAct.LOOKED, hold_id=hold_id)


def look_at_evidence(db: Database, site_id: SiteId, comment_id: CommentId, *, by: ReaderId) -> None:
    """Note that somebody looked at a comment that is kept; of any other nothing is noted.

    Raises:
        NotSignedIn, NotAllowed: no role for it.
    """
    with db.read() as conn:
        hold = holds.find_hold(conn, site_id, comment_id)
    if hold is not None:
        look_at_hold(db, site_id, hold.id, by=by)


def _lock(tx: Tx, site_id: SiteId, hold_id: HoldId) -> LegalHold:
    """Return the hold, with its comment locked. Raises NotFound or Conflict."""
    found = holds.get_hold(tx.conn, site_id, hold_id)
    comments.lock_comment(tx, site_id, found.comment_id)
    hold = holds.get_hold(tx.conn, site_id, hold_id)
    if hold.ended_at is not None:
        raise Conflict("This legal hold has ended already.", code="hold_ended")
    return hold


def _check(tx: Tx, site_id: SiteId, *, owner_id: ReaderId, review_at: datetime) -> None:
    if sites.find_role(tx.conn, site_id, owner_id) is None:
        raise InvalidInput(
            "Who answers for it works here.", field="owner", code="owner_without_role"
        )
    if not tx.now < review_at <= tx.now + LONGEST_REVIEW:
        raise InvalidInput(
            "The review is on a day to come, within two years.", field="review", code="bad_review"
        )

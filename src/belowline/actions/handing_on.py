"""Handing a case on to colleagues with a note: asking for a second opinion, or giving one."""

from __future__ import annotations

from belowline.actions.facts import ask_standing
from belowline.comments import store as comments
from belowline.core.errors import InvalidInput, require
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, CaseState, CommentId, Privilege, ReaderId, SiteId
from belowline.events import kinds, log
from belowline.moderation import handing_on, leases
from belowline.moderation import store as cases
from belowline.moderation.deciding import may_hand_on
from belowline.moderation.handing_on import LONGEST_NOTE
from belowline.storage.database import Database


def hand_case_on(
    db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId, note: str
) -> None:
    """Leave a case to the colleagues, saying what one would like to know or thinks of it.

    Raises:
        NotSignedIn, NotAllowed: no role, one's own comment, or nothing waits in the case.
        InvalidInput: the note is empty or too long. NotFound: no such comment.
    """
    text = clean_text(note, field="note", longest=LONGEST_NOTE)
    if not text:
        raise InvalidInput("Say what you would like to know.", field="note", code="note_needed")
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        comment = comments.lock_comment(tx, site_id, comment_id)
        case = cases.find_case(tx.conn, comment_id)
        waits = case is not None and case.state is CaseState.OPEN
        require(may_hand_on(by=by, author=comment.author_id, waits=waits))
        handing_on.hand_on(tx, site_id, comment_id, by=by, text=text)
        leases.give_back(tx, comment_id)
        log.append(tx, site_id, kinds.CaseHandedOn(comment_id, comment.story_id))

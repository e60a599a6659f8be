"""Seeing to a threat to somebody's life or safety: evidence, authority, outcome, each by whom.

The law asks for it without delay (article 18 of the EU's Digital Services Act), and so does
everybody else. What becomes of the comment is a decision of its own; this waits until somebody says
that nothing is left to do.
"""

from __future__ import annotations

from belowline.actions.cases import refresh_case
from belowline.actions.facts import ask_standing
from belowline.comments import store as comments
from belowline.core.errors import Conflict, InvalidInput
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, CommentId, Privilege, ReaderId, SiteId
from belowline.events import legal_kinds, log
from belowline.moderation import dangers
from belowline.moderation.dangers import Danger, DangerId, Evidence, Told
from belowline.storage.database import Database, Tx

LONGEST_LINE = 200
LONGEST_OUTCOME = 2000


def open_danger(db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId) -> Danger:
    """Begin to see to a threat in a comment, and keep the evidence as it is at this moment.

    A repeat is success: one at a time is open for a comment.

    Raises:
        NotSignedIn, NotAllowed: no role. NotFound: no such comment.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        comment = comments.lock_comment(tx, site_id, comment_id)
        found = dangers.find_open(tx.conn, site_id, comment_id)
        if found is not None:
            return found
        danger_id = dangers.add_danger(tx, site_id, comment_id, by=by)
        log.append(tx, site_id, legal_kinds.DangerOpened(danger_id, comment_id, comment.story_id))
        refresh_case(tx, comment)
        return dangers.get_danger(tx.conn, site_id, danger_id)


def tell_authority(
    db: Database, danger_id: DangerId, *, site_id: SiteId, by: ReaderId, told: Told
) -> None:
    """Note which authority was told, and how.

    Raises:
        NotSignedIn, NotAllowed: no role. NotFound: no such thing here.
        InvalidInput: not said who was told, or how. Conflict: a colleague has noted it already.
    """
    checked = Told(
        _needed(told.authority, "authority"),
        _needed(told.channel, "channel"),
        clean_text(told.reference, field="reference", longest=LONGEST_LINE, lines=False),
    )
    with db.write(Actor(by)) as tx:
        danger = _lock_open(tx, danger_id, site_id=site_id, by=by)
        if danger.told_at is not None:
            if (danger.authority, danger.channel) == (checked.authority, checked.channel):
                return
            raise Conflict("A colleague has noted who was told already.", code="already_told")
        dangers.note_told(tx, danger_id, checked, by=by)
        log.append(tx, site_id, legal_kinds.DangerTold(danger_id, danger.comment_id))


def close_danger(
    db: Database, danger_id: DangerId, *, site_id: SiteId, by: ReaderId, outcome: str
) -> None:
    """Note how it ended, or why no authority was told, and let it rest.

    Raises:
        NotSignedIn, NotAllowed: no role. NotFound: no such thing here.
        InvalidInput: no outcome. Conflict: a colleague has closed it already.
    """
    outcome = clean_text(outcome, field="outcome", longest=LONGEST_OUTCOME)
    if not outcome:
        raise InvalidInput(
            "Say how it ended, or why nobody was told.", field="outcome", code="outcome_needed"
        )
    with db.write(Actor(by)) as tx:
        danger = _lock_open(tx, danger_id, site_id=site_id, by=by)
        dangers.close(tx, danger_id, outcome=outcome, by=by)
        log.append(tx, site_id, legal_kinds.DangerClosed(danger_id, danger.comment_id))
        refresh_case(tx, comments.lock_comment(tx, site_id, danger.comment_id))


def look_at_evidence(
    db: Database, danger_id: DangerId, *, site_id: SiteId, by: ReaderId
) -> Evidence | None:
    """Return the evidence, None once it is forgotten; who looks, and when, is written down.

    Raises:
        NotSignedIn, NotAllowed: no role. NotFound: no such thing here.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        danger = dangers.get_danger(tx.conn, site_id, danger_id)
        log.append(tx, site_id, legal_kinds.EvidenceLookedAt(danger.id))
        return dangers.read_evidence(tx, danger.id, by=by)


def _lock_open(tx: Tx, danger_id: DangerId, *, site_id: SiteId, by: ReaderId) -> Danger:
    ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
    danger = dangers.get_danger(tx.conn, site_id, danger_id, lock=True)
    if danger.closed_at is not None:
        raise Conflict("A colleague has closed this already.", code="already_closed")
    return danger


def _needed(raw: str, field: str) -> str:
    text = clean_text(raw, field=field, longest=LONGEST_LINE, lines=False)
    if not text:
        raise InvalidInput("This is needed.", field=field, code="missing_field")
    return text

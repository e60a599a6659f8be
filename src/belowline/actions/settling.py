"""The second half of posting and editing: a judged text is stored with all that follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from belowline.actions.cases import open_case, record_refusal
from belowline.comments import store as comments
from belowline.comments.model import Comment, NewComment
from belowline.core.terms import CommentStatus, Verdict
from belowline.events import kinds, log
from belowline.screens import store as verdict_store
from belowline.screens.settle import Settlement
from belowline.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Judged:
    """A text with its rendering, every verdict about it and what they settle to."""

    text: str
    html: str
    verdicts: tuple[Verdict, ...]
    settlement: Settlement


def store_comment(tx: Tx, new: NewComment, judged: Judged) -> Comment:
    """Store a new comment with its verdicts; if refused with the decision, if held with a case."""
    settled = judged.settlement
    comment = comments.add_comment(tx, new)
    verdict_store.put_verdicts(tx, comment.id, revision=1, verdicts=judged.verdicts)
    posted = kinds.CommentPosted(
        comment.id,
        comment.story_id,
        comment.author_id,
        settled.status,
        comment.parent_id,
        settled.code,
        settled.rule,
    )
    log.append(tx, comment.site_id, posted)
    if settled.status is CommentStatus.REFUSED:
        record_refusal(tx, comment, settled)
    elif settled.status is CommentStatus.HELD:
        # Nobody can have reported or appealed what has only just been stored.
        open_case(tx, comment)
    return comment


def store_revision(tx: Tx, comment: Comment, judged: Judged) -> Comment:
    """Store an edit with its verdicts.

    An edit never publishes what was held: the person for whom it waits decides. What a screen would
    refuse is held, because there is a comment at stake.
    """
    settled = judged.settlement
    comments.add_revision(tx, comment, text=judged.text, html=judged.html)
    comment = comments.get_comment(tx.conn, comment.site_id, comment.id)
    verdict_store.put_verdicts(tx, comment.id, revision=comment.revision, verdicts=judged.verdicts)
    if settled.status is not CommentStatus.PUBLISHED:
        comments.set_status(
            tx, comment, CommentStatus.HELD, rule_key=settled.rule, reason=settled.code
        )
        comment = comments.get_comment(tx.conn, comment.site_id, comment.id)
    edited = kinds.CommentEdited(
        comment.id,
        comment.story_id,
        comment.revision,
        comment.status,
        settled.code,
        settled.rule,
    )
    log.append(tx, comment.site_id, edited)
    open_case(tx, comment)
    return comment

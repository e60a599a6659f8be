"""The second half of posting and editing: a judged text is stored with all that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from belowline.actions.cases import open_case, record_refusal
from belowline.comments import store as comments
from belowline.comments.adding import add_comments
from belowline.comments.model import Comment, NewComment
from belowline.core.terms import Actor, CommentStatus, Verdict
from belowline.events import kinds, log
from belowline.screens import store as verdict_store
from belowline.screens.settle import Settlement
from belowline.storage.database import Tx
from belowline.storage.prepared import ahead


@dataclass(frozen=True, slots=True)
class Judged:
    """A text with its rendering, every verdict about it and what they settle to."""

    text: str
    html: str
    verdicts: tuple[Verdict, ...]
    settlement: Settlement


def store_comments(tx: Tx, settled: Sequence[tuple[NewComment, Judged]]) -> list[Comment]:
    """Store new comments with their verdicts; those refused with the decision, held with a case.

    What is done for each is done in its author's name, whoever began the transaction.
    """
    judged = [one for _, one in settled]
    with ahead(tx.conn):
        added = add_comments(tx, [new for new, _ in settled])
        said = [(comment.id, one.verdicts) for comment, one in zip(added, judged, strict=True)]
        verdict_store.put_all_verdicts(tx, said, revision=1)
        log.append_each(
            tx,
            [
                (comment.site_id, Actor(comment.author_id), _posted(comment, one.settlement))
                for comment, one in zip(added, judged, strict=True)
            ],
        )
    for comment, one in zip(added, judged, strict=True):
        by_author = replace(tx, actor=Actor(comment.author_id))
        if one.settlement.status is CommentStatus.REFUSED:
            record_refusal(by_author, comment, one.settlement)
        elif one.settlement.status is CommentStatus.HELD:
            # Nobody can have reported or appealed what has only just been stored.
            open_case(by_author, comment)
    return added


def _posted(comment: Comment, settled: Settlement) -> kinds.CommentPosted:
    return kinds.CommentPosted(
        comment.id,
        comment.story_id,
        comment.author_id,
        settled.status,
        comment.parent_id,
        settled.code,
        settled.rule,
    )


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

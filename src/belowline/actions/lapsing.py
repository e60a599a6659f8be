"""Ending what reporters have asked for: the comment is gone, or the one who asked has left."""

from __future__ import annotations

from belowline.actions.cases import refresh_case
from belowline.appeals import store as appeals
from belowline.appeals.model import Appeal
from belowline.comments import store as comments
from belowline.core.terms import CommentId, ReaderId, ReportState
from belowline.events import kinds, log
from belowline.reports import store as reports
from belowline.storage.database import Tx


def lapse_appeals(
    tx: Tx, *, comment_id: CommentId | None = None, author_id: ReaderId | None = None
) -> None:
    """Close what reporters have asked for about a comment, or about all that somebody wrote.

    An author's own appeal goes another way: it is answered, or goes with its author.
    """
    for appeal, about, story_id in appeals.list_reporters_open(
        tx.conn, comment_id=comment_id, author_id=author_id
    ):
        if appeals.lapse_appeal(tx, appeal.id):
            lapsed = kinds.AppealLapsed(
                appeal.id, appeal.decision_id, appeal.reader_id, about, story_id
            )
            log.append(tx, appeal.site_id, lapsed)


def leave_hearings(tx: Tx, reader_id: ReaderId) -> None:
    """End what a reader who leaves has asked for, unless its answer is for others as well.

    Where it ends, another of those who reported can ask in their place; where it goes on, it does
    so without the words of the one who has left.
    """
    for appeal, about, story_id in appeals.list_asked_by(tx.conn, reader_id):
        comment = comments.lock_comment(tx, appeal.site_id, about)
        if _is_for_others(tx, appeal, reader_id):
            continue
        # Somebody may have answered it while we waited for the comment.
        if not appeals.drop_appeal(tx, appeal.id):
            continue
        lapsed = kinds.AppealLapsed(appeal.id, appeal.decision_id, reader_id, about, story_id)
        log.append(tx, appeal.site_id, lapsed)
        refresh_case(tx, comment)


def _is_for_others(tx: Tx, appeal: Appeal, reader_id: ReaderId) -> bool:
    return any(
        one.state is ReportState.DISMISSED and one.reporter_id != reader_id
        for one in reports.list_answered_by(tx.conn, appeal.decision_id)
    )

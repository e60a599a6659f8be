"""What is right for a comment: who may change it when, and whether it has a place in the thread."""

from __future__ import annotations

from datetime import datetime, timedelta

from belowline.comments.model import Comment
from belowline.core.terms import CommentStatus, ReaderId, Refusal, RuleKey, ThreadChange

DEEPEST_INDENT = 4
"""Replies deeper than this stand in one line under the fourth level, each naming its parent."""

EDITABLE = frozenset({CommentStatus.PUBLISHED, CommentStatus.HELD})


def has_place(status: CommentStatus, *, was_published: bool, shown_replies: int) -> bool:
    """Say whether a comment has a place in the public thread.

    A published comment has. A removed one keeps a neutral line if readers had seen it, so that
    a removal is never silent. Anything else keeps a line only to hold up the replies below it.
    """
    if status is CommentStatus.PUBLISHED:
        return True
    if status is CommentStatus.REMOVED and was_published:
        return True
    return shown_replies > 0


def seen_change(
    comment: Comment, status: CommentStatus, *, shown: bool, rule_key: RuleKey | str | None
) -> ThreadChange | None:
    """Say what readers see when a comment's status becomes this one; None if they see nothing.

    What was never published was never seen: that it waits, is refused or is decided about without
    being published is announced to nobody. Neither is a decision to keep what is published.
    """
    before = comment.status is CommentStatus.PUBLISHED
    if status is CommentStatus.PUBLISHED:
        if before:
            return None
        return ThreadChange.NEW if comment.published_at is None else ThreadChange.BACK
    if before:
        return ThreadChange.GONE
    line = (comment.shown, comment.status, comment.rule_key)
    is_seen = comment.published_at is not None and (comment.shown or shown)
    return ThreadChange.GONE if is_seen and line != (shown, status, rule_key) else None


def may_edit(
    comment: Comment, *, by: ReaderId, now: datetime, edit_for: timedelta
) -> Refusal | None:
    """Say why this reader may not edit the comment now.

    Only its author, only within the window, only while it is published or held, and only while
    nobody has replied: an edit must not change what somebody answered.
    """
    if comment.author_id != by:
        return Refusal("not_yours", "Only its author may edit a comment.")
    if comment.status not in EDITABLE:
        return Refusal("not_editable", "This comment can no longer be edited.")
    if now >= comment.created_at + edit_for:
        return Refusal("edit_window_over", "The time for editing this comment is over.")
    if comment.reply_count > 0:
        return Refusal(
            "has_replies", "Somebody has replied, so this comment can no longer be edited."
        )
    return None


def may_withdraw(comment: Comment, *, by: ReaderId) -> Refusal | None:
    """Say why this reader may not take the comment back: it is not theirs, or it is not there."""
    if comment.author_id != by:
        return Refusal("not_yours", "Only its author may take a comment back.")
    if comment.status not in {CommentStatus.PUBLISHED, CommentStatus.HELD}:
        return Refusal("not_withdrawable", "This comment cannot be taken back.")
    return None


def may_reply_to(parent: Comment) -> Refusal | None:
    """Say why nobody may reply to this comment: it is not published."""
    if parent.status is not CommentStatus.PUBLISHED:
        return Refusal("parent_gone", "The comment you are replying to is no longer there.")
    return None


def may_react(comment: Comment, *, by: ReaderId) -> Refusal | None:
    """Say why this reader may not respect the comment: it is theirs, or it is not published."""
    if comment.status is not CommentStatus.PUBLISHED:
        return Refusal("comment_gone", "This comment is no longer there.")
    if comment.author_id == by:
        return Refusal("own_comment", "You cannot respect your own comment.")
    return None

"""What whoever follows a story is told of it. Pure; a part of ``messages``."""

from __future__ import annotations

from belowline.notifications.model import MOST_COUNTED, NoticeFacts
from belowline.notifications.statements import under


def new_comments(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    """Say how many comments are new where the reader follows."""
    subject = "new comments where you follow"
    if facts.new_count == 0:
        return subject, (f"What was new{under(facts)} is not there any more.",)
    if facts.new_count == 1:
        what = "There is one new comment"
    else:
        number = facts.new_count if facts.new_count < MOST_COUNTED else "very many"
        what = f"There are {number} new comments"
    return subject, (
        f"{what}{under(facts)}.",
        "You hear of this conversation again once you have marked this notice as read.",
    )

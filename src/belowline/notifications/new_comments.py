"""What whoever follows a story is told of it. Pure; a part of ``messages``."""

from __future__ import annotations

from belowline.core.text import Text, later, numbered
from belowline.notifications.model import MOST_COUNTED, NoticeFacts
from belowline.notifications.statements import under


def new_comments(facts: NoticeFacts) -> tuple[str, tuple[str, ...]]:
    """Say how many comments are new where the reader follows."""
    subject = later("new comments in a conversation that you follow")
    where = under(facts)
    if facts.new_count == 0:
        return subject, (Text("What was new%(under)s is not there any more.", under=where),)
    if facts.new_count < MOST_COUNTED:
        what = numbered(
            "There is %(num)s new comment%(under)s.",
            "There are %(num)s new comments%(under)s.",
            facts.new_count,
            under=where,
        )
    else:
        what = Text("There are very many new comments%(under)s.", under=where)
    return subject, (
        what,
        later("You hear of this conversation again once you have marked this notice as read."),
    )

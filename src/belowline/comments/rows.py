"""What a comment's row says when it is first stored, and what its place in the tree follows from.

Pure. One comment that somebody sends and a thread of ten years ago that comes in at once are made
into rows here and nowhere else, so that the same thread ends as the same rows either way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from belowline.comments.model import Comment, NewComment, Stem
from belowline.comments.policy import has_place
from belowline.core.terms import CommentId, CommentStatus, StoryId, ThreadChange

Row = dict[str, Any]
"""Values by the names of the columns."""


def first_row(
    new: NewComment, parent: Comment | Stem | None, *, version: int, now: datetime
) -> Row:
    """Return a new comment's row, but for its id and what follows from that.

    ``version`` is the thread's, with which readers first see it if it is published.
    """
    published = new.status is CommentStatus.PUBLISHED
    version = version if published else 0
    at = new.created_at or now
    return {
        "site_id": new.site_id,
        "story_id": new.story_id,
        "parent_id": parent.id if parent else None,
        "root_id": (parent.root_id or parent.id) if parent else None,
        "depth": parent.depth + 1 if parent else 0,
        "author_id": new.author_id,
        "author_role": new.author_role,
        "status": new.status,
        "shown": published,
        "html": new.html,
        "rule_key": new.rule_key,
        "reason": new.reason,
        "created_at": at,
        "published_at": at if published else None,
        "client_key": new.client_key,
        "appeared_in": version,
        "changed_in": version,
        "change": ThreadChange.NEW if published else "",
    }


def count_up(rows: Sequence[Row], *, versions: Mapping[StoryId, int]) -> Counter[CommentId]:
    """Count replies among rows that are stored together; return what is to be counted on others.

    Each row comes after what it replies to. A row that is shown only because replies hang on it
    says so as a comment does whose first reply appears: as a change, and not as something new.
    """
    here = {row["id"]: row for row in rows}
    more: Counter[CommentId] = Counter()
    for row in rows:
        row["reply_count"] = 0
    # From the leaves upwards: whether one is shown can hang on what is below it.
    for row in reversed(rows):
        was_published = row["published_at"] is not None
        replies = row["reply_count"]
        shown = has_place(row["status"], was_published=was_published, shown_replies=replies)
        if shown and not row["shown"]:
            row["shown"] = True
            row["changed_in"] = versions[row["story_id"]]
            row["change"] = ThreadChange.GONE
        if shown and row["parent_id"] is not None:
            for one in {row["parent_id"], row["root_id"]}:
                if one in here:
                    here[one]["reply_count"] += 1
                else:
                    more[one] += 1
    return more

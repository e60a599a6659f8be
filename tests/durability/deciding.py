"""Decides about one held comment after another and prints each decision that was acknowledged.

Started by a test as a program of its own, and killed in the middle.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

import sqlalchemy as sa

from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.comments.store import get_comment
from belowline.core.terms import CommentId, CommentStatus, Outcome, ReaderId, RuleKey, SiteId
from belowline.storage import tables
from belowline.storage.database import Database


def main() -> None:
    """Decide until nothing is held; every fifth decision is taken back at once."""
    db = Database(os.environ["DATABASE_URL"])
    site_id, moderator = SiteId(int(sys.argv[1])), ReaderId(int(sys.argv[2]))
    held = tables.comments.c.status == CommentStatus.HELD
    query = sa.select(tables.comments.c.id).where(held).order_by(tables.comments.c.id)
    with db.read() as conn:
        waiting = [CommentId(row.id) for row in conn.execute(query)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for comment_id in waiting:
        with db.read() as conn:
            comment = get_comment(conn, site_id, comment_id)
        removes = comment_id % 2 == 0
        draft = DecisionDraft(
            Outcome.REMOVE if removes else Outcome.PUBLISH,
            RuleKey("spam") if removes else None,
            "It advertises." if removes else "",
            comment.version,
        )
        made = decide(db, comment_id, site_id=site_id, by=moderator, decision=draft)
        sys.stdout.write(f"decided {made.id}\n")
        sys.stdout.flush()
        if comment_id % 5 == 0:
            undo(db, made.id, site_id=site_id, by=moderator, undo_for=timedelta(minutes=1))
            sys.stdout.write(f"undone {made.id}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

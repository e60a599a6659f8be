"""Ending what a reader has outgrown: comments that were held first, and were fine."""

from __future__ import annotations

from datetime import timedelta

from belowline.actions.cases import UPKEEP
from belowline.core.terms import Outcome, SiteId
from belowline.events import kinds, log
from belowline.moderation import decisions
from belowline.readers import store as readers
from belowline.sanctions import ladders
from belowline.sanctions import store as sanctions
from belowline.sanctions.policy import has_earned_an_early_end
from belowline.storage.database import Database

SURE_AFTER = timedelta(hours=1)
"""A decision older than this is not taken back any more, however long the window is set."""
EARNED = "earned"
"""The cause of an early end that the reader earned by what they wrote."""


def end_what_was_earned(db: Database, site_id: SiteId) -> int:
    """Stop holding the comments of readers whose comments have been fine since; return how many.

    For upkeep. It waits until the decisions that it counts can no longer be taken back.
    """
    with db.read() as conn:
        holding = sanctions.list_holding(conn, site_id, now=db.clock())
        settings = ladders.get_ladder(conn, site_id).settings
    ended = 0
    for sanction in holding:
        with db.write(UPKEEP) as tx:
            readers.lock_reader(tx, sanction.reader_id)
            decided = decisions.count_decided(
                tx.conn,
                site_id,
                sanction.reader_id,
                since=sanction.starts_at,
                until=tx.now - SURE_AFTER,
            )
            earned = has_earned_an_early_end(
                approved=decided.get(Outcome.PUBLISH, 0),
                removed=decided.get(Outcome.REMOVE, 0),
                settings=settings,
            )
            if earned and sanctions.end_early(tx, sanction.id):
                log.append(
                    tx, site_id, kinds.SanctionLifted(sanction.id, sanction.reader_id, EARNED)
                )
                ended += 1
    return ended

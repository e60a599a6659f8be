"""The chores of the clock: forgetting what was promised not to be kept, and rescoring the queue."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from belowline.actions.cases import rescore_cases
from belowline.actions.early_end import end_what_was_earned
from belowline.actions.reviews import open_due_reviews
from belowline.actions.withdrawals import lapse_proposals
from belowline.core.terms import Actor
from belowline.moderation.batches import forget_batches
from belowline.moderation.dangers import forget_evidence
from belowline.reports.legal_notices import forget_senders
from belowline.scoring.store import forget_suggestions
from belowline.sites import store as sites
from belowline.storage.database import Database
from belowline.storage.tables import (
    attempts,
    leases,
    network_traces,
    sessions,
    sign_in_codes,
    used_tokens,
)

ATTEMPTS_FOR = timedelta(days=1)
"""The longest limit on attempts looks back an hour; a day leaves room to look into an attack."""
TRACES_FOR = timedelta(days=30)
"""What the privacy notice promises for network addresses."""


class Upkeep:
    """Deletes what has expired. Repeating it does nothing, so every process may."""

    name = "upkeep"
    every = timedelta(hours=1)

    def __init__(self, db: Database) -> None:
        self._db = db

    def work(self) -> bool:
        """Delete everything that is over, a short transaction for each kind."""
        for table, column, kept_for in (
            (sign_in_codes, sign_in_codes.c.expires_at, timedelta(0)),
            (sessions, sessions.c.expires_at, timedelta(0)),
            (used_tokens, used_tokens.c.expires_at, timedelta(0)),
            (leases, leases.c.until, timedelta(0)),
            (attempts, attempts.c.at, ATTEMPTS_FOR),
            (network_traces, network_traces.c.seen_at, TRACES_FOR),
        ):
            self._forget(table, column, kept_for=kept_for)
        with self._db.write(Actor.of_system(self.name)) as tx:
            forget_senders(tx)
            forget_evidence(tx)
            forget_batches(tx)
            forget_suggestions(tx)
        return False

    def _forget(self, table: sa.Table, column: sa.Column[datetime], *, kept_for: timedelta) -> None:
        with self._db.write(Actor.of_system(self.name)) as tx:
            tx.conn.execute(sa.delete(table).where(column <= tx.now - kept_for))


class Rescore:
    """Puts what depends on time in step with it: the queue, and limits that readers outgrew."""

    name = "rescore"
    every = timedelta(minutes=15)

    def __init__(self, db: Database) -> None:
        self._db = db

    def work(self) -> bool:
        """Bring every site's open cases and held readers up to date, in short transactions."""
        with self._db.read() as conn:
            found = sites.list_sites(conn)
        for site in found:
            rescore_cases(self._db, site.id)
            end_what_was_earned(self._db, site.id)
            lapse_proposals(self._db, site.id)
            open_due_reviews(self._db, site.id)
        return False

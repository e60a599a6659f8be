"""The chore that keeps the orders of threads: a thread is ranked soon after something counts in it.

It follows no event, because respect is none (see the module docstring of events/log.py); what waits
stands in the table ``rankings``, put there by the change itself.
"""

from __future__ import annotations

from datetime import timedelta

from belowline.actions.orders import rank_next
from belowline.storage.database import Database


class Ranking:
    """Ranks threads that are due. Every process may: each ranking is claimed first."""

    name = "ranking"
    every = timedelta(seconds=2)

    def __init__(self, db: Database) -> None:
        self._db = db

    def work(self) -> bool:
        """Rank one thread; say whether there may be another."""
        return rank_next(self._db)

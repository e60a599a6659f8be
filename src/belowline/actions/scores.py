"""Keeping what other systems tell of their own moderators' decisions."""

from __future__ import annotations

from belowline.core.terms import Actor
from belowline.scoring.store import Suggested, add_suggestion
from belowline.storage.database import Database

BY = Actor.of_system("scores")


def keep_suggestion(db: Database, told: Suggested) -> None:
    """Keep what a client suggests. Whoever calls has looked at the client's key.

    Raises:
        Unavailable: the database does not answer.
    """
    with db.write(BY) as tx:
        add_suggestion(tx, told)

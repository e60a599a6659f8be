"""The follower that takes a thread's temperature when something was reported or removed there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from belowline.actions.pacing import let_cool, take_temperature
from belowline.core.happened import Happened
from belowline.core.terms import Outcome, StoryId
from belowline.storage.database import Database, Tx


class Heat:
    """Slows heated conversations down. Reading an event twice changes nothing more."""

    name = "heat"

    def handle(self, tx: Tx, happened: Sequence[Happened]) -> None:
        """Look once at each thread in which these events raise the heat."""
        threads = {
            (event.site_id, StoryId(event.number("story_id")))
            for event in happened
            if event.kind == "CommentReported"
            or (event.kind == "DecisionMade" and event.text("outcome") == Outcome.REMOVE)
        }
        for site_id, story_id in sorted(threads):
            take_temperature(tx, site_id, story_id)


class Cool:
    """Ends the speed limits that are over. Repeating it does nothing, so every process may."""

    name = "cool"
    every = timedelta(seconds=15)

    def __init__(self, db: Database) -> None:
        self._db = db

    def work(self) -> bool:
        """End what is over."""
        let_cool(self._db)
        return False

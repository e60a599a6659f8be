"""How often comments are come upon: counted on the pages that are served, without a write for each.

A kept page of a thread in its usual order carries a number that goes up by one when it is sent. A
chore adds the numbers up once a minute, by where each root stood. There is nothing in them of who
asked: no cookie, no address, no time finer than that minute. What a process has not added yet when
it dies is lost, and missed by nobody: readings are shares of visits.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from belowline.core.terms import Actor, CommentId, StoryId
from belowline.storage.database import Database
from belowline.threads import readings
from belowline.threads.seen import chance_at

COUNTING = Actor.of_system("readings")
AT_ONCE = 1000
"""Sums added in one transaction, so that nobody who writes a comment waits long for it."""
MOST_WAITING = 50_000
"""Dropped pages whose numbers wait to be added. Beyond it the oldest are lost."""


@dataclass(slots=True)
class Showing:
    """What one kept page shows, and how often it was sent."""

    story_id: StoryId
    roots: tuple[CommentId, ...]
    """From the top."""
    begins: bool
    """Whether a visit of the thread begins with it."""
    sent: int = 0
    """Only whoever sends the page counts this up, and only the chore what is added: so neither has
    to wait for the other, and nothing is counted twice."""
    added: int = 0


class Showings:
    """The pages that are counted, and those that are gone and not added yet."""

    def __init__(self) -> None:
        self._gone: deque[Showing] = deque(maxlen=MOST_WAITING)

    def leave(self, showing: Showing | None) -> None:
        """Remember a page that is no longer kept."""
        if showing is not None and showing.sent > showing.added:
            self._gone.append(showing)

    def take(self, kept: Iterable[Showing]) -> list[tuple[Showing, int]]:
        """Return the pages that were sent since the last time, and how often."""
        left = [self._gone.popleft() for _ in range(len(self._gone))]
        taken = []
        for one in {id(one): one for one in (*left, *kept)}.values():
            number = one.sent - one.added
            if number > 0:
                one.added += number
                taken.append((one, number))
        return taken


class Taking(Protocol):
    """Whatever keeps the pages."""

    def take_showings(self) -> list[tuple[Showing, int]]:
        """Return the pages that were sent since the last time, and how often."""
        ...


class Readings:
    """Adds up what was sent. Each process adds its own."""

    name = "readings"
    every = timedelta(minutes=1)

    def __init__(self, db: Database, pages: Taking) -> None:
        self._db = db
        self._pages = pages

    def work(self) -> bool:
        """Add what was sent since the last time, in short transactions."""
        visits: dict[StoryId, int] = defaultdict(int)
        met: dict[StoryId, dict[CommentId, float]] = defaultdict(lambda: defaultdict(float))
        for showing, number in self._pages.take_showings():
            if showing.begins:
                visits[showing.story_id] += number
            of_story = met[showing.story_id]
            for place, root in enumerate(showing.roots):
                of_story[root] += number * chance_at(place)
        portion: dict[StoryId, dict[CommentId, float]] = {}
        for story_id, of_story in met.items():
            portion[story_id] = of_story
            if sum(map(len, portion.values())) >= AT_ONCE:
                self._add(portion, visits)
                portion = {}
        if portion:
            self._add(portion, visits)
        return False

    def _add(
        self, met: Mapping[StoryId, Mapping[CommentId, float]], visits: Mapping[StoryId, int]
    ) -> None:
        with self._db.write(COUNTING) as tx:
            readings.add_met(tx, met)
            readings.add_visits(tx, {one: visits[one] for one in met if one in visits})

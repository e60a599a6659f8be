"""What is new in the threads that somebody watches live: ids and kinds, read when it happened.

Every process has its own lookout. It hears at once of its own commits, of other processes' through
the bell, and looks by itself in any case. What it tells is read from the database at that moment
and in the order of the thread's versions, so that nothing is told before it is public, and nothing
is missed however commits of several processes overlap.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

import msgspec
import sqlalchemy as sa

from belowline.core.happened import Happened
from belowline.core.terms import SiteId, StoryId, StoryMode
from belowline.rules import store as rules
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.pace import find_limit
from belowline.threads.changes import Change, list_changes

LOOK_EVERY = 5.0
"""Seconds after which it looks without having been rung for."""
SWEEP_EVERY = 0.25
"""Seconds between looks at every watched thread; the longest wait for another process's change."""
AT_ONCE = 500
"""Threads whose versions one statement compares."""

Tell = Callable[[StoryId, "News"], None]


class ChangeOut(msgspec.Struct, frozen=True):
    """One comment that readers see differently now."""

    id: int
    kind: str
    """new, edited, featured, gone or back."""
    parent: int | None
    line: bool
    """Whether it has a place in the thread now: itself, or a neutral line."""


class News(msgspec.Struct, frozen=True):
    """What changed in a thread since a version of it, the same for everybody and without a word."""

    version: int
    """The thread's version now; what to ask from next time."""
    comments: int
    """Published comments."""
    mode: str
    rulebook: int
    """The version of the rules in force."""
    paced_until: datetime | None
    """Until when the thread is slowed down, if it is and that has an end."""
    changes: list[ChangeOut]
    resync: bool = False
    """Too much has changed to list; read the thread anew."""
    pace_seconds: int = 0
    """How long a reader waits between two comments here; 0 is not at all."""

    def encode(self) -> bytes:
        """Return it as JSON on one line."""
        return msgspec.json.encode(self)


def merge(earlier: News, later: News) -> News:
    """Return two pieces of news of one thread as one: what is later holds."""
    changes = {one.id: one for one in earlier.changes}
    for one in later.changes:
        was = changes.pop(one.id, None)
        # For whoever knows of neither, a comment that is new and then edited is new.
        is_new = was is not None and was.kind == "new" and one.kind != "gone"
        changes[one.id] = msgspec.structs.replace(one, kind="new") if is_new else one
    return msgspec.structs.replace(
        later, changes=list(changes.values()), resync=earlier.resync or later.resync
    )


NOTHING = News(0, 0, StoryMode.OPEN, 0, None, [])
"""What there is to say of a story that has no comment yet."""


def read_news(conn: sa.Connection, site_id: SiteId, story_id: StoryId, *, since: int) -> News:
    """Read what changed in a thread after the version ``since``. Raises NotFound."""
    story = stories.get_story_by_id(conn, site_id, story_id)
    suspended = story.mode is StoryMode.SUSPENDED
    found: Sequence[Change] | None = ()
    if since > story.thread_version or suspended:
        found = None
    elif since < story.thread_version:
        found = list_changes(conn, site_id, story_id, since=since)
    limit = find_limit(story)
    return News(
        story.thread_version,
        0 if suspended else story.comment_count,
        story.mode,
        rules.get_current_version(conn, site_id),
        limit.until if limit else None,
        [ChangeOut(one.id, one.kind, one.parent_id, one.line) for one in found or ()],
        resync=found is None,
        pace_seconds=limit.seconds if limit else 0,
    )


@dataclass(slots=True)
class _Watched:
    site_id: SiteId
    version: int


class LiveThreads:
    """The lookout of one process over the threads that are watched in it."""

    name = "live"

    def __init__(self, db: Database) -> None:
        self.ear = threading.Event()
        self._db = db
        self._watched: dict[StoryId, _Watched] = {}
        self._dirty: set[StoryId] = set()
        self._swept_at = 0.0
        self._lock = threading.Lock()
        self._tell: Tell | None = None
        self._end: list[Callable[[], None]] = []
        db.on_commit(self._hear)
        db.on_change(lambda story_id: self._mark(StoryId(story_id)))

    def tell(self, listener: Tell) -> None:
        """Call ``listener`` with the news of a watched thread, from the lookout's own thread."""
        self._tell = listener

    def at_end(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` when the process is about to stop."""
        self._end.append(listener)

    def end(self) -> None:
        """Say that the process is about to stop, so that streams are closed before it waits."""
        for listener in self._end:
            listener()

    def watch(self, story_id: StoryId, *, site_id: SiteId, version: int) -> None:
        """Watch a thread from this version on."""
        with self._lock:
            self._watched.setdefault(story_id, _Watched(site_id, version))
            self._dirty.add(story_id)
        self.ear.set()

    def unwatch(self, story_id: StoryId) -> None:
        """Watch a thread no longer."""
        with self._lock:
            self._watched.pop(story_id, None)

    def look(self) -> float:
        """Tell what is new; return for how many seconds to rest without a ring."""
        with self._lock:
            dirty, self._dirty = self._dirty & self._watched.keys(), set()
            everything = list(self._watched)
        if not everything:
            return LOOK_EVERY
        wait = SWEEP_EVERY - (monotonic() - self._swept_at)
        try:
            if wait <= 0:
                self._compare(everything)
                self._swept_at = monotonic()
            elif dirty:
                self._compare(dirty)
        except BaseException:
            # Whoever runs this tries again after a while; what was marked must still be.
            with self._lock:
                self._dirty |= dirty
            raise
        # A ring that came too soon after the last sweep is answered when the time has come.
        return LOOK_EVERY if wait <= 0 else wait

    def _compare(self, story_ids: Collection[StoryId]) -> None:
        ordered = list(story_ids)
        for start in range(0, len(ordered), AT_ONCE):
            with self._db.read() as conn:
                now = stories.thread_versions(conn, ordered[start : start + AT_ONCE])
                for story_id, version in now.items():
                    self._read(conn, story_id, version)

    def _read(self, conn: sa.Connection, story_id: StoryId, version: int) -> None:
        watched = self._watched.get(story_id)
        if watched is None or watched.version == version:
            return
        news = read_news(conn, watched.site_id, story_id, since=watched.version)
        watched.version = news.version
        if self._tell is not None:
            self._tell(story_id, news)

    def _hear(self, happened: Sequence[Happened]) -> None:
        for event in happened:
            story_id = event.data.get("story_id")
            if isinstance(story_id, int):
                self._mark(StoryId(story_id))

    def _mark(self, story_id: StoryId) -> None:
        if story_id in self._watched:
            with self._lock:
                self._dirty.add(story_id)
            self.ear.set()

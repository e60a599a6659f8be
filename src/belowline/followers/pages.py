"""The cache of anonymous pages, and how each process learns that a thread changed.

Every visible change of a thread, reactions included, counts up ``stories.thread_version`` in its
own transaction. A process drops its pages of a story at once for its own commits, and by comparing
versions, a few times a second, for everybody else's. Versions cannot be missed or read twice, so
there is nothing to replay. Only what is the same for everybody may be put here.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from belowline.core.errors import Unavailable
from belowline.core.happened import Happened
from belowline.core.terms import SiteId, StoryId
from belowline.followers.readings import Showing, Showings
from belowline.storage.database import Database
from belowline.stories import store as stories

LOOK_EVERY = 0.25
"""Seconds between looks at the versions; the longest that another process's change stays unseen."""
MOST_BYTES = 64 * 1024 * 1024

_log = logging.getLogger(__name__)

Key = tuple[str, ...]


@dataclass(slots=True)
class Page:
    """One anonymous answer: its body, plain and compressed as asked for, and its tag."""

    story_id: StoryId
    version: int
    body: bytes
    media_type: str
    etag: str
    encoded: dict[str, bytes] = field(default_factory=dict)
    wires: dict[tuple[str, bool, bytes], tuple[bytes, bytes]] = field(default_factory=dict)
    """Whole answers, head and body, by what of a request decides them; see ``web/hot.py``."""
    site_id: SiteId | None = None
    """None if nothing is known of the story yet."""
    showing: Showing | None = None
    """Counts how often it is sent, if that says what readers come upon."""


class PageCache:
    """Anonymous pages by address, newest used last, bounded in bytes."""

    def __init__(self, db: Database, *, most_bytes: int = MOST_BYTES) -> None:
        self._db = db
        self._most = most_bytes
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._keys: dict[StoryId, set[Key]] = defaultdict(set)
        self._bytes = 0
        self._drops = 0
        self._dropped: dict[StoryId, int] = {}
        self._cleared = 0
        self._showings = Showings()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        db.on_commit(self._hear)
        db.on_change(lambda story_id: self.drop(StoryId(story_id)))

    def find(self, key: Key) -> Page | None:
        """Return the page at this address, or None."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def mark(self) -> int:
        """Return a mark to take before building a page and to hand to :meth:`put`."""
        return self._drops

    def put(self, key: Key, page: Page, *, mark: int) -> None:
        """Keep a page, unless its story changed after ``mark`` was taken."""
        with self._lock:
            if self._dropped.get(page.story_id, 0) > mark or self._cleared > mark:
                return
            old = self._pages.pop(key, None)
            self._bytes += _size(page) - (_size(old) if old else 0)
            self._showings.leave(old.showing if old else None)
            self._pages[key] = page
            self._keys[page.story_id].add(key)
            while self._bytes > self._most and self._pages:
                oldest, gone = self._pages.popitem(last=False)
                self._keys[gone.story_id].discard(oldest)
                self._bytes -= _size(gone)
                self._showings.leave(gone.showing)

    def drop(self, story_id: StoryId) -> None:
        """Forget a story's pages."""
        with self._lock:
            self._drops += 1
            self._dropped[story_id] = self._drops
            for key in self._keys.pop(story_id, set()):
                page = self._pages.pop(key, None)
                if page is not None:
                    self._bytes -= _size(page)
                    self._showings.leave(page.showing)

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._drops += 1
            self._cleared = self._drops
            self._dropped.clear()
            for page in self._pages.values():
                self._showings.leave(page.showing)
            self._pages.clear()
            self._keys.clear()
            self._bytes = 0

    def take_showings(self) -> list[tuple[Showing, int]]:
        """Return the counted pages that were sent since the last time, and how often."""
        with self._lock:
            return self._showings.take(
                page.showing for page in self._pages.values() if page.showing is not None
            )

    def look(self) -> None:
        """Drop the pages of each story whose thread has moved on."""
        with self._lock:
            held = {
                story_id: min(self._pages[key].version for key in keys if key in self._pages)
                for story_id, keys in self._keys.items()
                if keys
            }
        if not held:
            return
        with self._db.read() as conn:
            now = stories.thread_versions(conn, list(held))
        for story_id, version in held.items():
            if now.get(story_id) != version:
                self.drop(story_id)

    def start(self) -> None:
        """Look a few times a second until :meth:`stop`."""
        self._thread = threading.Thread(target=self._run, name="pages", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking, and wait until that is so."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            try:
                self.look()
            except (Unavailable, sa.exc.SQLAlchemyError):
                # What cannot be compared is not served: better slow than wrong.
                self.clear()
                _log.warning("pages dropped: the database does not answer")

    def _hear(self, happened: Sequence[Happened]) -> None:
        for event in happened:
            story_id = event.data.get("story_id")
            if isinstance(story_id, int):
                self.drop(StoryId(story_id))
            elif event.kind in _SEEN_EVERYWHERE:
                self.clear()


# Changes that name no story and still show in threads.
_SEEN_EVERYWHERE = frozenset(
    {
        "RulebookPublished",
        "SiteChanged",
        "ReaderRenamed",
        "ReaderErased",
        "AuthorClaimed",
        "CommentsImported",
    }
)


def _size(page: Page) -> int:
    # The compressed forms that come with use take less than the plain one, all together.
    return 2 * len(page.body)

"""The counts of comments that front pages ask for, kept in memory as anonymous pages are.

A count is dropped at once for this process's own commits, and for another's when the version of its
thread has moved on. A story that is not known may become so with any commit, so what is not known
is forgotten at each ring. Only what is the same for everybody is here.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from belowline.core.happened import Happened
from belowline.core.terms import StoryId
from belowline.sites import store as sites
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.policy import KEY

LOOK_EVERY = 1.0
"""Seconds after which it compares versions without having been rung for."""
MOST = 50_000
"""Counts kept; above that all are forgotten, which costs one statement a page to know again."""
AT_ONCE = 500

Key = tuple[str, str]
"""A site's key and a story's."""


@dataclass(frozen=True, slots=True)
class _Known:
    key: Key
    version: int


class CountCache:
    """How many published comments each story has, by the keys of the site and the story."""

    name = "counts"

    def __init__(self, db: Database) -> None:
        self.ear = threading.Event()
        self._db = db
        self._counts: dict[Key, int] = {}
        self._known: dict[StoryId, _Known] = {}
        self._lock = threading.Lock()
        self.drops = 0
        """Counts every change of what is kept; what was made from it is as old."""
        db.on_commit(self._hear)
        db.on_change(lambda story_id: self.drop([StoryId(story_id)]))

    def find(self, site: str, keys: Iterable[str]) -> dict[str, int] | None:
        """Return the counts of these stories, or None unless all are here."""
        counts = self._counts
        try:
            return {key: counts[site, key] for key in keys}
        except KeyError:
            return None

    def read(self, site: str, keys: Collection[str]) -> dict[str, int]:
        """Read the counts of these stories and keep them. Raises NotFound for the site."""
        before = self.drops
        named = [key for key in keys if KEY.fullmatch(key)]
        with self._db.read() as conn:
            site_id = sites.get_site(conn, site).id
            found = stories.list_counts(conn, site_id, named)
        counts = dict.fromkeys(keys, 0) | {one.key: one.comments for one in found}
        with self._lock:
            # Whatever changed while this was read may not be in it.
            if self.drops == before:
                if len(self._counts) > MOST:
                    self._counts, self._known = {}, {}
                for one in found:
                    self._known[one.id] = _Known((site, one.key), one.version)
                self._counts |= {(site, key): count for key, count in counts.items()}
        return counts

    def drop(self, story_ids: Collection[StoryId]) -> None:
        """Forget these stories' counts."""
        with self._lock:
            self.drops += 1
            for story_id in story_ids:
                known = self._known.pop(story_id, None)
                if known is not None:
                    self._counts.pop(known.key, None)

    def look(self) -> float:
        """Drop what has moved on; return for how many seconds to rest without a ring."""
        with self._lock:
            held = {story_id: known.version for story_id, known in self._known.items()}
            keys = {known.key for known in self._known.values()}
            unknown = self._counts.keys() - keys
            for key in unknown:
                del self._counts[key]
            self.drops += bool(unknown)
        ids = list(held)
        moved: list[StoryId] = []
        for start in range(0, len(ids), AT_ONCE):
            part = ids[start : start + AT_ONCE]
            with self._db.read() as conn:
                now = stories.thread_versions(conn, part)
            moved += [one for one in part if now.get(one) != held[one]]
        if moved:
            self.drop(moved)
        return LOOK_EVERY

    def _hear(self, happened: Sequence[Happened]) -> None:
        ids = {event.data.get("story_id") for event in happened}
        self.drop([StoryId(one) for one in ids if isinstance(one, int)])
        if any(event.kind in _ANY_STORY for event in happened):
            with self._lock:
                self._counts, self._known = {}, {}
                self.drops += 1


# Changes that name no story and still change counts.
_ANY_STORY = frozenset({"ReaderErased", "CommentsImported"})

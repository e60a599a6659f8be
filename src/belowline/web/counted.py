"""Answers about the counts of many stories, whole and remembered by what was asked.

Front pages ask the same question again and again. An answer holds as long as no count that is kept
in memory has changed; the counts themselves are ``followers/counts.py``'s.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import msgspec

from belowline.core.errors import BelowlineError
from belowline.core.terms import StoryId
from belowline.followers.counts import CountCache
from belowline.followers.pages import Page
from belowline.web.embed.counts import CACHE_CONTROL

COUNTS = re.compile(r"/api/v1/sites/([a-z0-9-]{1,40})/counts")
KEPT = (b"cache-control", CACHE_CONTROL.encode())
MOST = 1000
"""Answers remembered; above that all are forgotten."""
LONGEST = 8192
"""Bytes of a question whose answer is remembered: a hundred stories with long keys."""

NO_STORY = StoryId(0)


class Counted:
    """Answers by a site's key and the query of an address."""

    def __init__(self, cache: CountCache) -> None:
        self._cache = cache
        self._answers: dict[tuple[str, bytes], Page] = {}

    def find(self, site: str, query: bytes) -> Page | None:
        """Return the answer if it is remembered and still holds, or None."""
        page = self._answers.get((site, query))
        return page if page is not None and page.version == self._cache.drops else None

    def make(self, site: str, query: bytes, keys: Sequence[str]) -> Page | None:
        """Answer from the counts in memory and remember it; None if they are not all there."""
        # Before the counts are looked up: what changes meanwhile makes the answer an old one.
        drops = self._cache.drops
        counts = self._cache.find(site, keys)
        return self._keep(site, query, drops, counts) if counts is not None else None

    def read(self, site: str, query: bytes, keys: Sequence[str]) -> Page | None:
        """Answer from the database; None if it is refused, so that the framework can say why."""
        drops = self._cache.drops
        try:
            counts = self._cache.read(site, keys)
        except BelowlineError:
            return None
        return self._keep(site, query, drops, counts)

    def _keep(self, site: str, query: bytes, drops: int, counts: dict[str, int]) -> Page:
        body = msgspec.json.encode({"counts": counts})
        etag = hashlib.blake2b(body, digest_size=12).hexdigest()
        page = Page(NO_STORY, drops, body, "application/json", etag)
        if len(query) <= LONGEST:
            if len(self._answers) >= MOST:
                self._answers.clear()
            self._answers[site, query] = page
        return page

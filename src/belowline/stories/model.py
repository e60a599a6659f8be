"""What a story is to Belowline: a key, a headline, an address and how it takes comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from belowline.core.terms import SiteId, StoryId, StoryMode


@dataclass(frozen=True, slots=True)
class Story:
    """One story of a site."""

    id: StoryId
    site_id: SiteId
    key: str
    title: str
    url: str
    mode: StoryMode
    mode_reason: str
    created_at: datetime
    comment_count: int
    thread_version: int
    pace: timedelta = timedelta(0)
    """Heat: how long a reader waits between two comments here; nothing is no limit."""
    paced_until: datetime | None = None
    """Heat: when that limit ends."""


@dataclass(frozen=True, slots=True)
class StoryDraft:
    """A story as the console, the command line or the embed names it."""

    key: str
    title: str
    url: str
    mode: StoryMode = StoryMode.OPEN


@dataclass(frozen=True, slots=True)
class StoryCount:
    """How many published comments a story shows, as of a version of its thread."""

    id: StoryId
    key: str
    comments: int
    version: int

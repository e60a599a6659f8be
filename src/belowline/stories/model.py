"""What a story is to Belowline: a key, a headline, an address and how it takes comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from belowline.core.terms import SiteId, StoryId, StoryMode


@dataclass(frozen=True, slots=True)
class StoryWord:
    """A word that is listed for one story alone."""

    word: str
    rule: str = "obscenity"
    finding: str = "hold"


@dataclass(frozen=True, slots=True)
class StoryScreens:
    """What the screens do otherwise under one story. None is as the site has it."""

    hold_capitals: bool | None = None
    max_links: int | None = None
    newcomer_holds: int | None = None
    rate_burst: int | None = None
    rate_seconds: int | None = None
    classifier_hold: float | None = None
    words: tuple[StoryWord, ...] = ()
    """Beside the site's own."""


@dataclass(frozen=True, slots=True)
class Slowing:
    """A pace that somebody of the desk has set for one conversation, with what readers are told."""

    between: timedelta
    """How long each reader waits between two comments here."""
    until: datetime | None
    """When it ends by itself; None is when somebody lifts it."""
    reason: str
    """Shown to readers, plain text."""


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
    screens: StoryScreens | None = None
    """None where they do what they do everywhere at the site."""
    listed_names: int = 0
    """How many protected names are listed for it, beside the site's."""
    slowed: Slowing | None = None
    """What was set by hand, beside the heat."""


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

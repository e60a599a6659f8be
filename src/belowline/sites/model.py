"""What a site is: one title, its origins, and the settings that belong to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from belowline.core.terms import ReaderId, Role, SiteId, StoryMode


@dataclass(frozen=True, slots=True)
class ListedWord:
    """A word that a site's own list holds or refuses, under a rule."""

    word: str
    rule: str = "obscenity"
    finding: str = "hold"


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What an editor can set for one site. Durations are in seconds, lengths in characters."""

    mode: StoryMode = StoryMode.OPEN
    """For new stories."""
    add_stories: bool = True
    """Whether the first comment through the embed may make its story known."""
    edit_seconds: int = 900
    """How long an author may edit."""
    longest: int = 5000
    max_links: int = 2
    newcomer_holds: int = 0
    """How many published comments it takes to stop being a newcomer; 0 switches the screen off."""
    classifier_hold: float = 0.9
    words: tuple[ListedWord, ...] = ()
    rules_from: str = ""
    """The key of the site whose rules this one shares; empty if it has its own alone."""
    slow_seconds: int = 0
    """How long everybody waits between two comments at the site; 0 switches it off."""
    contact: str = ""
    """Shown on the rules page: how to reach the people behind the rules."""


@dataclass(frozen=True, slots=True)
class Site:
    """One title of the publisher."""

    id: SiteId
    key: str
    name: str
    language: str
    origins: tuple[str, ...]
    settings: SiteSettings
    identity: dict[str, Any] | None = field(repr=False)
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody with a role at a site."""

    reader_id: ReaderId
    name: str
    email: str | None
    role: Role
    appointed_at: datetime

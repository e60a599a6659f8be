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
    contact: str = ""
    """Shown on the rules page: how to reach the people behind the rules."""
    hosting_tier: bool = False
    """Legal profile: readers in the European Union are served, so articles 11 to 18 apply."""
    platform_tier: bool = False
    """Legal profile: the comments are more than a minor feature, so articles 20 to 28 apply too."""
    small_enterprise: bool = True
    """Legal profile: fewer than 50 people, at most ten million euros, the whole group counted."""
    uk_osa_exempt_mode: bool = True
    """Legal profile: stay inside the Online Safety Act's exemption for a publisher's comments."""
    press_code: str = ""
    """Legal profile: whose editors' code the title answers to; empty for nobody's."""


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

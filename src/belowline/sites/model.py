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
    shortest: int = 2
    longest: int = 5000
    hold_capitals: bool = True
    """Whether a comment that is mostly capitals is held."""
    max_links: int = 2
    repeat_hours: int = 24
    """How long an author's own words are remembered as said; 0 forgets them at once."""
    newcomer_holds: int = 0
    """How many published comments it takes to stop being a newcomer; 0 switches the screen off."""
    rate_burst: int = 3
    rate_seconds: int = 60
    rate_daily: int = 100
    classifier_hold: float = 0.9
    learn_from_desk: bool = True
    """Whether scores are what the desk's own decisions make of them, once that is better."""
    use_default_words: bool = True
    words: tuple[ListedWord, ...] = ()
    allowed_words: tuple[str, ...] = ()
    """Whole words that no list may hit, such as a surname or a place."""
    rules_from: str = ""
    """The key of the site whose rules this one shares; empty if it has its own alone."""
    slow_seconds: int = 0
    """How long everybody waits between two comments at the site; 0 switches it off."""
    contact: str = ""
    """Shown on the rules page: how to reach the people behind the rules."""
    defamation_s5: bool = False
    """Whether notices under section 5 of the Defamation Act 2013 are taken, with their clocks."""
    defamation_removes: bool = False
    """Whether a comment that the law wants gone is removed without a person, shortly before it is
    too late."""
    bank_holidays: tuple[str, ...] = ()
    """Bank holidays in England and Wales that were proclaimed for once, such as 2026-09-21."""

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
class ExternalScreen:
    """A service of the publisher's that is asked about each comment before it is published."""

    name: str
    """What the desk calls it."""
    url: str
    secret: str = field(repr=False)
    """With which each question is signed."""
    deadline_ms: int = 1500


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
    external: ExternalScreen | None = None
    listed_names: int = 0
    """How many protected names are listed for all of its stories."""


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody with a role at a site."""

    reader_id: ReaderId
    name: str
    email: str | None
    role: Role
    appointed_at: datetime

"""What happens when a site gives account of itself: kinds of events that ``kinds`` passes on."""

from __future__ import annotations

from dataclasses import dataclass

from belowline.events.kind import Kind


@dataclass(frozen=True, slots=True)
class LegalProfileSet(Kind):
    """An editor said which laws apply to the site."""

    hosting_tier: bool
    platform_tier: bool
    small_enterprise: bool
    uk_osa_exempt_mode: bool
    press_code: str


@dataclass(frozen=True, slots=True)
class SecondLookTaken(Kind):
    """Somebody who had not decided a case looked at it again, not knowing what was decided."""

    decision_id: int
    outcome: str
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class SpotCheckTaken(Kind):
    """Somebody said of a published comment that nobody had brought up if it stays or would go."""

    comment_id: int
    outcome: str
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class TransparencyReportPublished(Kind):
    """An editor published a version of a year's transparency report."""

    year: int
    version: int

"""What can happen to screens, and for legal reasons; used through ``kinds`` like all the others.

Names, reasons and texts are in none of them: only numbers and codes.
"""

from __future__ import annotations

from dataclasses import dataclass

from belowline.events.kind import Kind


@dataclass(frozen=True, slots=True)
class ScreensChanged(Kind):
    """An editor changed what the screens do, at the whole site or under one story.

    ``changed`` names the options, never their values; ``external`` is among them when the service
    that is asked about each comment was set up, changed or dropped.
    """

    version: int
    changed: tuple[str, ...]
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class LegalStatusSet(Kind):
    """An editor said how the law limits what may be said under a story, or that it does no more."""

    story_id: int
    status: str
    before: str


@dataclass(frozen=True, slots=True)
class ProtectedNameListed(Kind):
    """A protected name was put on a list, or taken off; which, only the list's entry tells."""

    entry_id: int
    listed: bool
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class LegalHoldPlaced(Kind):
    """A comment is kept as evidence from now on."""

    hold_id: int
    comment_id: int


@dataclass(frozen=True, slots=True)
class LegalHoldEnded(Kind):
    """A comment is not kept as evidence any more."""

    hold_id: int
    comment_id: int

"""How fast a conversation goes: slowed down by its heat or by somebody of the desk, and let go.

Ids, codes and counts alone, as in ``kinds``, which holds these too.
"""

from __future__ import annotations

from dataclasses import dataclass

from belowline.events.kind import Kind


@dataclass(frozen=True, slots=True)
class StorySlowed(Kind):
    """A heated conversation was slowed down; ``heat`` is warm, hot or very_hot."""

    story_id: int
    pace_seconds: int
    until: str
    heat: str


@dataclass(frozen=True, slots=True)
class StoryCooled(Kind):
    """A conversation is no longer slowed down by its heat."""

    story_id: int


@dataclass(frozen=True, slots=True)
class StorySlowedByHand(Kind):
    """Somebody slowed a conversation down; an empty ``until`` is until it is lifted."""

    story_id: int
    pace_seconds: int
    until: str


@dataclass(frozen=True, slots=True)
class StorySlowingEnded(Kind):
    """What somebody had set by hand was lifted, or its time was over."""

    story_id: int

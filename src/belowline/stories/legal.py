"""A story's legal status: what it is called, and what usually follows from it for comments.

Pure. The statuses are those of contempt law and of what editors close stories for; when exactly
proceedings are active differs from country to country, so a person says so. Nothing here ever opens
a story: a status is reviewed by somebody, and then ended by somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from belowline.core.terms import ReaderId, Refusal, StoryId, StoryMode
from belowline.core.text import later


class LegalStatus(StrEnum):
    """Why the law, or decency, limits what may be said under a story."""

    NONE = "none"
    ARREST = "arrest"
    """Proceedings are active: somebody was arrested, or a warrant or summons was issued."""
    CHARGED = "charged"
    TRIAL = "trial"
    AWAITING_SENTENCE = "awaiting_sentence"
    APPEAL = "appeal"
    CIVIL_LISTED = "civil_listed"
    """A civil hearing has a date."""
    ANONYMITY_ORDER = "anonymity_order"
    """Somebody must not be named."""
    OBITUARY = "obituary"
    CHILDREN = "children"
    """Children take part in the story."""


@dataclass(frozen=True, slots=True)
class Preset:
    """What usually follows from a status."""

    mode: StoryMode
    banner: str
    """What readers see in the thread; it says nothing of whom or why."""
    review_after: timedelta


CLOSED_BANNER = later("Comments on this story are closed for legal reasons.")
CAREFUL_BANNER = later("A moderator reads every comment on this story before it appears.")

PRESETS: dict[LegalStatus, Preset] = {
    LegalStatus.ARREST: Preset(StoryMode.CLOSED, CLOSED_BANNER, timedelta(days=28)),
    LegalStatus.CHARGED: Preset(StoryMode.CLOSED, CLOSED_BANNER, timedelta(days=90)),
    LegalStatus.TRIAL: Preset(StoryMode.CLOSED, CLOSED_BANNER, timedelta(days=14)),
    LegalStatus.AWAITING_SENTENCE: Preset(StoryMode.CLOSED, CLOSED_BANNER, timedelta(days=28)),
    LegalStatus.APPEAL: Preset(StoryMode.CLOSED, CLOSED_BANNER, timedelta(days=90)),
    LegalStatus.CIVIL_LISTED: Preset(StoryMode.CLOSED, CLOSED_BANNER, timedelta(days=90)),
    LegalStatus.ANONYMITY_ORDER: Preset(StoryMode.CLOSED, CLOSED_BANNER, timedelta(days=180)),
    LegalStatus.OBITUARY: Preset(StoryMode.HOLD_FIRST, CAREFUL_BANNER, timedelta(days=30)),
    LegalStatus.CHILDREN: Preset(StoryMode.HOLD_FIRST, CAREFUL_BANNER, timedelta(days=180)),
}
"""For every status but none."""

STRICTNESS = (StoryMode.OPEN, StoryMode.HOLD_FIRST, StoryMode.CLOSED, StoryMode.SUSPENDED)
"""The modes, from what lets most through to what lets least."""


@dataclass(frozen=True, slots=True)
class LegalState:
    """A story's status as somebody set it."""

    story_id: StoryId
    status: LegalStatus
    review_at: datetime | None
    set_by: ReaderId
    set_at: datetime

    def is_due(self, now: datetime) -> bool:
        """Say whether somebody should look at it again."""
        return self.status is not LegalStatus.NONE and (
            self.review_at is not None and self.review_at <= now
        )


def mode_under(status: LegalStatus, *, before: StoryMode) -> StoryMode:
    """Return how a story takes comments once it has this status, unless somebody says otherwise.

    As usual for the status, or as strictly as before if that is stricter: what is suspended for one
    reason is not opened by another.
    """
    preset = PRESETS.get(status)
    if preset is None or STRICTNESS.index(preset.mode) < STRICTNESS.index(before):
        return before
    return preset.mode


def may_loosen(status: LegalStatus, *, before: StoryMode, wanted: StoryMode) -> Refusal | None:
    """Say why a story cannot take comments more freely now: it has a legal status.

    Whoever ends the status may then open the story. Stricter is always possible.
    """
    if status is LegalStatus.NONE or STRICTNESS.index(wanted) >= STRICTNESS.index(before):
        return None
    return Refusal(
        "legal_status",
        "This story has a legal status. End that first, under Law; then it can be opened.",
    )

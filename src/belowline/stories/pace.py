"""How fast one conversation goes: what heat asks for, what somebody of the desk has set. Pure.

In words: a conversation that is slowed down takes from each reader one comment in so long. Heat
sets that by itself; anybody of the desk can set it by hand, with a reason that readers are shown,
for a time or until somebody lifts it. Neither ends the other, and nobody writes before each of
them, the site and the reader's own standing allow it. Readers are shown the slower one, and told
the time that will hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from belowline.core.errors import InvalidInput
from belowline.core.terms import Refusal
from belowline.core.text import Text, numbered, together
from belowline.stories.model import Story

PACES = tuple(
    timedelta(seconds=one) for one in (10, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600)
)
"""What somebody can choose to let readers wait; each can be said in one short word or two."""
LASTS = tuple(timedelta(hours=one) for one in (1, 2, 4, 8, 12, 24, 48, 72, 168))
"""For how long; or until it is lifted."""
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Limit:
    """One speed limit of a conversation, as long as it holds."""

    between: timedelta
    until: datetime | None
    """None is until somebody lifts it."""
    reason: str = ""
    """What whoever set it tells readers; heat says it in words of its own."""
    by_hand: bool = False

    @property
    def seconds(self) -> int:
        """Return the wait in seconds."""
        return int(self.between.total_seconds())

    def again_at(self, last_at: datetime) -> datetime:
        """Return from when on it lets somebody write who last wrote then."""
        waited = last_at + self.between
        return waited if self.until is None else min(waited, self.until)


def limits_of(story: Story) -> tuple[Limit, ...]:
    """Return the limits that are set and not yet taken off, the slowest first.

    Of two that are equal the one that was set by hand comes first, because it says why.
    """
    found = []
    if story.slowed is not None:
        by_hand = story.slowed
        found.append(Limit(by_hand.between, by_hand.until, by_hand.reason, by_hand=True))
    if story.paced_until is not None:
        found.append(Limit(story.pace, story.paced_until))
    return tuple(sorted(found, key=lambda one: -one.between))


def find_limit(story: Story | None) -> Limit | None:
    """Return the limit that readers are shown, or None if the conversation is not slowed down."""
    return next(iter(limits_of(story)), None) if story is not None else None


def may_write_now(
    limits: Sequence[Limit], *, last_at: datetime | None, now: datetime
) -> Refusal | None:
    """Say why a reader may not write in a slowed conversation yet, and when every limit lets them.

    The time that is told is the latest of all, so that nobody comes back in vain.
    """
    if last_at is None:
        return None
    waits = [(one.again_at(last_at), one) for one in limits if one.again_at(last_at) > now]
    if not waits:
        return None
    again_at, limit = max(waits, key=lambda pair: pair[0])
    return Refusal("story_slowed", _told(limit), until=again_at)


def last_to_end(*refusals: Refusal | None) -> Refusal | None:
    """Return the refusal that lasts longest, so that the time that is told will hold."""
    there = [one for one in refusals if one is not None]
    return max(there, key=lambda one: one.until or NEVER, default=None)


def check_slowing(between: timedelta, lasts_for: timedelta | None, reason: str) -> None:
    """Refuse a pace that nobody can choose, or one without a reason. Raises InvalidInput."""
    if between not in PACES:
        raise InvalidInput("Choose one of these.", field="between", code="bad_choice")
    if lasts_for is not None and lasts_for not in LASTS:
        raise InvalidInput("Choose one of these.", field="lasts_for", code="bad_choice")
    if not reason:
        raise InvalidInput(
            "Say why, in a sentence that readers are shown.", field="reason", code="reason_needed"
        )


def _told(limit: Limit) -> str:
    if limit.by_hand:
        return together(
            Text(
                "This conversation has been slowed down. Everybody can write here once every "
                "%(span)s; what you have written is kept.",
                span=limit.between,
            ),
            limit.reason,
        )
    minutes = max(1, round(limit.between.total_seconds() / 60))
    return numbered(
        "This conversation is heated and has been slowed down. For the time being everybody "
        "can write here once every minute; what you have written is kept.",
        "This conversation is heated and has been slowed down. For the time being everybody "
        "can write here once every %(num)s minutes; what you have written is kept.",
        minutes,
    )

"""Slowing one conversation down by hand, and letting it go again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from belowline.actions.facts import ask_standing
from belowline.core.markup import clean_text
from belowline.core.terms import Actor, Privilege, ReaderId, SiteId, StoryId
from belowline.events import kinds, log
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.model import Slowing
from belowline.stories.pace import check_slowing

LONGEST_SLOW_REASON = 300


@dataclass(frozen=True, slots=True)
class SlowDraft:
    """How somebody wants a conversation to go on: how slowly, for how long, and why."""

    between: timedelta
    lasts_for: timedelta | None
    """None is until somebody lifts it."""
    reason: str
    """Shown to readers."""


def slow_story(
    db: Database, story_id: StoryId, *, site_id: SiteId, by: ReaderId, slowing: SlowDraft
) -> None:
    """Slow one conversation down by hand; what was set by hand before no longer holds.

    Raises:
        NotSignedIn, NotAllowed: no role. NotFound: no such story.
        InvalidInput: a pace or a time that is not to choose from, or no reason for readers.
    """
    reason = clean_text(slowing.reason, field="reason", longest=LONGEST_SLOW_REASON, lines=False)
    check_slowing(slowing.between, slowing.lasts_for, reason)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        story = stories.lock_story_by_id(tx, site_id, story_id)
        until = None
        if slowing.lasts_for is not None:
            until = (tx.now + slowing.lasts_for).replace(microsecond=0)
        wanted = Slowing(slowing.between, until, reason)
        if story.slowed == wanted:
            return
        stories.set_slowing(tx, story_id, wanted)
        seconds = int(wanted.between.total_seconds())
        ends = until.isoformat() if until is not None else ""
        log.append(tx, site_id, kinds.StorySlowedByHand(story_id, seconds, ends))


def let_go(db: Database, story_id: StoryId, *, site_id: SiteId, by: ReaderId) -> None:
    """Lift what was set by hand; heat goes on by itself. A repeat is success.

    Raises:
        NotSignedIn, NotAllowed: no role. NotFound: no such story.
    """
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        if stories.lock_story_by_id(tx, site_id, story_id).slowed is None:
            return
        stories.set_slowing(tx, story_id, None)
        log.append(tx, site_id, kinds.StorySlowingEnded(story_id))

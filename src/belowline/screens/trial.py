"""Trying changed settings on comments that were judged before: what would have become of each.

Pure. What every screen said then was kept, so only the screens that the change concerns look
again; the others' verdicts stand. A comment's fate is told from its verdicts alone: what a story's
mode or a sanction added then is no matter of the screens.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from belowline.core.terms import (
    CommentId,
    CommentStatus,
    Finding,
    ReaderId,
    ScreenName,
    StoryId,
    Verdict,
)
from belowline.screens.classifier import judge_kept_score
from belowline.screens.later import is_later, without_replaced
from belowline.screens.model import Draft, RecentComment, ScreenFacts, ScreenSettings
from belowline.screens.pipeline import SCREENS

CONCERNED: Mapping[str, ScreenName] = {
    "min_length": ScreenName.LENGTH,
    "max_length": ScreenName.LENGTH,
    "hold_capitals": ScreenName.SHOUTING,
    "max_links": ScreenName.LINKS,
    "own_domains": ScreenName.LINKS,
    "repeat_window": ScreenName.REPEATS,
    "use_default_words": ScreenName.WORDS,
    "listed_words": ScreenName.WORDS,
    "held_words": ScreenName.WORDS,
    "refused_words": ScreenName.WORDS,
    "allowed_words": ScreenName.WORDS,
    "newcomer_holds": ScreenName.NEWCOMER,
    "rate_burst": ScreenName.RATE,
    "rate_window": ScreenName.RATE,
    "rate_daily": ScreenName.RATE,
    "classifier_hold": ScreenName.CLASSIFIER,
}
"""Which screen looks at each setting."""


GONE = frozenset({CommentStatus.REFUSED, CommentStatus.WITHDRAWN})
"""What nobody reads is not repeated by whoever says it again."""


@dataclass(frozen=True, slots=True)
class PastComment:
    """A comment as it was sent, what the screens said then and what became of it since."""

    id: CommentId
    story_id: StoryId
    author_id: ReaderId
    text: str
    created_at: datetime
    status: CommentStatus
    is_staff: bool
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What a change of settings would have done to the comments that were looked at."""

    looked_at: int
    since: datetime | None
    """When the oldest of them was sent."""
    is_complete: bool
    """Whether these were all of the time asked about."""
    held_then: int
    held: int
    """Held or refused under the changed settings."""
    refused: int
    held_and_removed: int
    """Of these, removed by a moderator in the end."""
    caught: tuple[CommentId, ...]
    """Newly held or refused, newest first."""
    caught_and_removed: int
    let_through: tuple[CommentId, ...]
    """Held or refused then, and not any more."""
    let_through_and_removed: int


def concerned(before: ScreenSettings, after: ScreenSettings) -> frozenset[ScreenName]:
    """Return the screens that two settings can make a difference to."""
    return frozenset(
        screen
        for name, screen in CONCERNED.items()
        if getattr(before, name) != getattr(after, name)
    )


def screens_for(comment: PastComment, screens: frozenset[ScreenName]) -> frozenset[ScreenName]:
    """Return which of the screens look at a comment: at what was only scored, no other."""
    if all(map(is_later, comment.verdicts)):
        return screens & {ScreenName.CLASSIFIER} if comment.verdicts else frozenset()
    return screens


def judge_again(
    comment: PastComment, facts: ScreenFacts, screens: Collection[ScreenName]
) -> tuple[Verdict, ...]:
    """Return the comment's verdicts with those of these screens given anew.

    The classifier is not asked again: its score was kept, and only the threshold is another. A
    score that was given later stands for what the classifier said then.
    """
    draft = Draft(comment.text)
    again = {name: run(draft, facts) for name, run in SCREENS if name in screens}
    kept: Iterable[Verdict] = comment.verdicts
    if ScreenName.CLASSIFIER in screens:
        kept = without_replaced(comment.verdicts)
    stood = [
        judge_kept_score(one, facts) if one.screen in screens else one
        for one in kept
        if one.screen not in again
    ]
    return (*again.values(), *stood)


def is_against(verdicts: Collection[Verdict]) -> bool:
    """Say whether any screen spoke against publishing."""
    return any(one.finding is not Finding.PASS for one in verdicts)


def facts_then(
    comment: PastComment,
    own: Sequence[PastComment],
    *,
    others: Sequence[PastComment],
    published: int,
    settings: ScreenSettings,
) -> ScreenFacts:
    """Return what the screens knew when the comment was sent.

    ``own`` is what its author and ``others`` what others had sent to the site in the day and the
    hour before, newest first.
    """
    return ScreenFacts(
        now=comment.created_at,
        author_published_count=published,
        recent=tuple(
            RecentComment(
                one.text, one.created_at, one.story_id, one.id, is_gone=one.status in GONE
            )
            for one in own[:50]
        ),
        recent_by_others=tuple(one.text for one in others[:30]),
        author_count_last_day=len(own),
        is_staff=comment.is_staff,
        settings=settings,
    )


def count_up(
    judged: Sequence[tuple[PastComment, tuple[Verdict, ...]]], *, is_complete: bool
) -> Trial:
    """Count what a change would have done; ``judged`` are comments with their new verdicts."""
    caught, let_through = [], []
    held_then = held = refused = held_and_removed = 0
    for comment, verdicts in judged:
        before, after = is_against(comment.verdicts), is_against(verdicts)
        held_then += before
        held += after
        refused += any(one.finding is Finding.REFUSE for one in verdicts)
        held_and_removed += after and _is_removed(comment)
        if after and not before:
            caught.append(comment)
        if before and not after:
            let_through.append(comment)
    return Trial(
        len(judged),
        min((comment.created_at for comment, _ in judged), default=None),
        is_complete,
        held_then,
        held,
        refused,
        held_and_removed,
        tuple(one.id for one in caught),
        sum(map(_is_removed, caught)),
        tuple(one.id for one in let_through),
        sum(map(_is_removed, let_through)),
    )


def _is_removed(comment: PastComment) -> bool:
    return comment.status is CommentStatus.REMOVED

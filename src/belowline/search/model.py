"""What the desk finds: comments and decisions, as a list of results shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from belowline.core.terms import (
    CommentId,
    CommentStatus,
    DecisionId,
    Outcome,
    ReaderId,
    RulebookId,
    RuleKey,
    SiteId,
)


class SearchOrder(StrEnum):
    """In what order results stand."""

    NEWEST = "newest"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class SearchPlace:
    """Where a page of results ends, and the next one goes on."""

    id: int
    score: float = 0.0
    """How well it fits; 0 where the newest come first."""


@dataclass(frozen=True, slots=True)
class FoundComment:
    """A comment that was found."""

    id: CommentId
    site_id: SiteId
    story_key: str
    story_title: str
    author_id: ReaderId
    author_name: str
    status: CommentStatus
    rule: RuleKey | None
    html: str
    created_at: datetime
    place: SearchPlace


@dataclass(frozen=True, slots=True)
class FoundDecision:
    """A decision whose reason was found."""

    id: DecisionId
    site_id: SiteId
    outcome: Outcome
    rule: RuleKey | None
    rulebook_id: RulebookId | None
    reason: str
    decided_by: str
    decided_at: datetime
    comment_id: CommentId | None
    reader_id: ReaderId
    reader_name: str
    overturned: bool
    place: SearchPlace


@dataclass(frozen=True, slots=True)
class Precedent:
    """An earlier comment that is like one at hand, and how a person decided about it."""

    comment_id: CommentId
    site_id: SiteId
    decision_id: DecisionId
    outcome: Outcome
    rule: RuleKey | None
    rulebook_id: RulebookId | None
    reason: str
    story_title: str
    html: str
    decided_at: datetime
    likeness: float
    """How alike the two are, from 0 to 1."""

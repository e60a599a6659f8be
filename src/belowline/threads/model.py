"""What a page of a thread holds. Only what everybody may see stands here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from belowline.core.terms import CommentId, CommentStatus, Role, ThreadOrder

PAGE = 50
"""Comments on one page: roots with their first replies, until there are so many. The root that
fills it comes with its replies, so a page has a few more at most."""
REPLIES = 10
"""Replies shown under each root before 'more replies'."""
MORE_REPLIES = 50
"""Replies on one page of a root's own."""


class ThreadFilter(StrEnum):
    """Which part of a thread is shown."""

    NEWSROOM = "newsroom"
    """What the newsroom said, with what it replied to."""
    ANSWERED = "answered"
    """What readers said and the newsroom answered."""
    PICKS = "picks"
    """What editors featured."""


@dataclass(frozen=True, slots=True)
class ThreadComment:
    """One line of a thread. ``html`` is empty unless the comment is published."""

    id: CommentId
    parent_id: CommentId | None
    root_id: CommentId | None
    indent: int
    path: str
    status: CommentStatus
    author_name: str
    author_role: Role | None
    html: str
    rule_key: str | None
    created_at: datetime
    edited_at: datetime | None
    respect_count: int
    reply_count: int
    featured_at: datetime | None
    featured_reason: str
    revision: int
    """Of the text that is shown, so that a report can quote what its reader saw."""
    answers: str | None = None
    """Whom a flattened reply answers, when indentation no longer shows it."""
    by_author: bool = False
    """Whether whoever wrote the story says this."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A root with the first of its replies."""

    root: ThreadComment
    replies: tuple[ThreadComment, ...]
    more_after: str | None
    """Where the root's further replies begin, or None if all are here."""
    earlier: bool = False
    """Whether the root has replies before these, which a page of the first ones has not."""
    is_excerpt: bool = False
    """Whether these are only what a filter is about, and the root has others."""


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One page of a thread."""

    order: ThreadOrder
    branches: tuple[Branch, ...]
    next_cursor: str | None

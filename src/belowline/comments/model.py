"""What a comment and a revision are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from belowline.core.terms import CommentId, CommentStatus, ReaderId, Role, SiteId, StoryId


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as it stands now. ``version`` counts every change of it."""

    id: CommentId
    site_id: SiteId
    story_id: StoryId
    parent_id: CommentId | None
    root_id: CommentId | None
    depth: int
    path: str
    author_id: ReaderId
    status: CommentStatus
    shown: bool
    version: int
    revision: int
    html: str
    rule_key: str | None
    reason: str
    created_at: datetime
    published_at: datetime | None
    edited_at: datetime | None
    respect_count: int
    reply_count: int
    featured_at: datetime | None
    featured_reason: str
    author_role: Role | None


@dataclass(frozen=True, slots=True)
class Revision:
    """One text of a comment; edits add revisions, and none is overwritten."""

    number: int
    text: str
    html: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Stem:
    """What a reply has to know of the comment that it is a reply to."""

    id: CommentId
    root_id: CommentId | None
    depth: int
    path: str
    story_id: StoryId


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment about to be stored, settled already."""

    site_id: SiteId
    story_id: StoryId
    parent: Comment | None
    author_id: ReaderId
    author_role: Role | None
    text: str
    html: str
    status: CommentStatus
    rule_key: str | None = None
    reason: str = ""
    client_key: str | None = None
    created_at: datetime | None = None
    """Only for imports; otherwise the time of the transaction."""


@dataclass(frozen=True, slots=True)
class PastComment:
    """A comment of another time and system about to be stored, with what became of it there.

    ``under`` is what it replies to: a comment that is here, or the place of one in the same batch,
    before it. ``respect`` is how many agreed of whom nobody knows who they were.
    """

    new: NewComment
    under: Stem | int | None
    earlier: tuple[Revision, ...] = ()
    edited_at: datetime | None = None
    respect: int = 0
    featured_at: datetime | None = None

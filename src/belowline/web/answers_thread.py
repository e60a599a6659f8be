"""What the JSON API gives of a thread: each field named, so that nothing leaves by accident."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class QuestionOut(Struct, frozen=True):
    """What the desk asks above a thread; ``asked_by`` is null if who asked has left."""

    text: str
    asked_by: str | None
    asked_at: datetime


class PaceOut(Struct, frozen=True):
    """How a conversation is slowed down: each reader writes once in so many seconds."""

    seconds: int
    until: datetime | None
    """null is until the desk lifts it."""
    by_hand: bool
    """Whether somebody of the desk set it; else the heat of the conversation did."""
    reason: str
    """What the desk says about it; empty for heat."""


class ThreadStory(Struct, frozen=True):
    """The story of a thread."""

    key: str
    title: str
    url: str
    mode: str
    mode_reason: str
    comment_count: int
    question: QuestionOut | None
    version: int
    pace: PaceOut | None
    """null if the conversation is not slowed down."""
    paced_until: datetime | None
    """The ``until`` of the pace."""


class Line(Struct, frozen=True):
    """One line of a thread, as everybody sees it."""

    id: int
    parent: int | None
    status: str
    """published, removed or gone."""
    author: str | None
    author_role: str | None
    by_author: bool
    """Whether whoever wrote the story says this."""
    html: str
    rule: str | None
    created_at: datetime
    edited_at: datetime | None
    respect: int
    """How many readers respect it; 0 in its first hour, when nobody is told."""
    reply_count: int
    featured: str | None


class Root(Line, frozen=True):
    """A comment on the story with the first of its replies."""

    replies: list[Line]
    more_replies_after: str | None


class ThreadOut(Struct, frozen=True):
    """One page of a thread; ``next`` is the ``after`` of the next one."""

    story: ThreadStory
    rulebook_version: int
    order: str
    comments: list[Root]
    next: str | None

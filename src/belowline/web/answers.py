"""What the JSON API gives: each field named, so that nothing leaves by accident."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class CodeSent(Struct, frozen=True):
    """A code is on its way. The page keeps the ticket and sends it back with the code."""

    ticket: str


class SignedInOut(Struct, frozen=True):
    """Somebody is signed in: by a cookie, and on a site's own page by a token for its memory."""

    is_new: bool
    token: str | None
    """Works in the Authorization header on this origin, at this site, until it expires."""
    expires_at: datetime | None
    before: bool = False
    """Whether comments from before the move are offered to the reader, on a page of theirs."""


class WasOut(Struct, frozen=True):
    """Which comment an old link meant."""

    comment: int


class RuleOut(Struct, frozen=True):
    """A rule as a comment's answer names it."""

    key: str
    title: str


class ShortRule(Struct, frozen=True):
    """A rule in short."""

    key: str
    title: str
    text: str


class CommentOut(Struct, frozen=True):
    """A comment as its author is answered: what became of it, why, and how it looks."""

    id: int
    status: str
    """published, held, refused, removed or withdrawn."""
    parent: int | None
    html: str
    """The line for the thread; for one that others cannot see, with the rule and the reason."""
    rule: RuleOut | None
    reason: str | None
    created_at: datetime
    editable_until: datetime | None


class OwnText(Struct, frozen=True):
    """An own comment with its source, for editing."""

    id: int
    status: str
    revision: int
    text: str
    editable_until: datetime | None


class RespectOut(Struct, frozen=True):
    """How many readers respect the comment now; null in its first hour, when nobody is told."""

    respect: int | None


class Answer(Struct, frozen=True):
    """Whether the reader may use a privilege now, and if not, why and until when."""

    allowed: bool
    code: str | None = None
    message: str | None = None
    until: str | None = None


class Rulebook(Struct, frozen=True):
    """The rules in force, in short, and whether this reader has accepted them."""

    version: int
    accepted: bool
    rules: list[ShortRule]


class FoldedOut(Struct, frozen=True):
    """The comments under the story whose authors the reader has muted: to be shown folded."""

    folded: list[int]


class FollowOut(Struct, frozen=True):
    """Whether the reader follows the story now."""

    following: bool


class CheckOut(Struct, frozen=True):
    """The rule that a draft is likely to break, with a kind word; null for both if there is none.

    It may be sent all the same.
    """

    rule: ShortRule | None
    message: str | None


class Editable(Struct, frozen=True):
    """An own comment that can still be edited."""

    id: int
    until: datetime


class DeskOut(Struct, frozen=True):
    """What a thread shows to the people who look after the site, besides everybody's."""

    held: int
    """How many comments under this story wait for a moderator."""
    queue_url: str
    """Where they are decided."""
    pace_url: str | None
    """Where the conversation is slowed down; null for a story without a comment yet."""
    cases_url: str
    """Begins the address of each comment's case."""


class Me(Struct, frozen=True):
    """What is the reader's own about one story; no two readers get the same."""

    signed_in: bool
    name: str | None
    role: str | None
    cross_site: bool
    """Whether the browser treats this page as another site, where cookies are third-party."""
    sign_in_url: str
    window_url: str | None
    standing: dict[str, Answer]
    """By privilege: post, reply, edit, withdraw, react, report, change_name, appeal."""
    rulebook: Rulebook
    respected: list[int]
    own: list[CommentOut]
    """The reader's comments on this story that others cannot see."""
    own_comments: list[int]
    """The ids of the reader's latest comments on this story."""
    editable: list[Editable]
    unread: int
    first_time: bool = False
    """Whether the reader is signed in and has never written at this site: show the rules."""
    folded: list[int] = []
    """The comments under this story whose authors the reader has muted."""
    following: bool = False
    """Whether the reader is told of new comments under this story."""
    desk: DeskOut | None = None
    """Only for the people who look after the site."""


class Counts(Struct, frozen=True):
    """Published comments by story; 0 for a story that is not known."""

    counts: dict[str, int]


class Receipt(Struct, frozen=True):
    """What a reporter gets in return."""

    id: int
    comment: int
    rule: str
    state: str
    """open, upheld or dismissed."""
    created_at: datetime
    message: str


class SanctionOut(Struct, frozen=True):
    """A sanction about the reader."""

    id: int
    kind: str
    decision: int
    rule: str | None
    reason: str
    starts_at: datetime
    ends_at: datetime | None
    in_force: bool
    acknowledged: bool


class AppealOut(Struct, frozen=True):
    """An appeal and what came of it."""

    id: int
    decision: int
    state: str
    filed_at: datetime
    decided_at: datetime | None
    reason: str | None


class DecisionOut(Struct, frozen=True):
    """A decision about the reader, with its grounds."""

    id: int
    outcome: str
    comment: int | None
    rule: str | None
    rulebook_version: int | None
    reason: str
    automated: bool
    source: str
    """How it came up; empty where an authority has forbidden to say so."""
    decided_at: datetime
    overturned: bool
    appealable: bool
    appeal: AppealOut | None


class ReportOut(Struct, frozen=True):
    """An own report and its outcome."""

    id: int
    comment: int
    rule: str
    state: str
    created_at: datetime
    lane: str = "rule"
    """``illegal`` for a notice that it is illegal, which may cite no rule."""
    appealable: bool = False
    """Whether another look can be asked for: it was told no, and nobody has asked yet."""


class Standing(Struct, frozen=True):
    """The reader's standing at the site and everything that it follows from."""

    standing: dict[str, Answer]
    sanctions: list[SanctionOut]
    decisions: list[DecisionOut]
    reports: list[ReportOut]

"""What happens in law: notices of illegal content, trusted reporters, orders, threats to life.

As in ``kinds``, of which these are a part: ids and codes, never somebody's words.
"""

from __future__ import annotations

from dataclasses import dataclass

from belowline.events.kind import Kind


@dataclass(frozen=True, slots=True)
class LegalNoticeReceived(Kind):
    """Somebody gave notice that comments are illegal; ``subject`` says what they are said to be."""

    legal_notice_id: int
    subject: str
    comments: tuple[int, ...]
    has_account: bool


@dataclass(frozen=True, slots=True)
class LegalNoticeOpened(Kind):
    """Somebody of the staff opened a legal notice for the first time."""

    legal_notice_id: int


@dataclass(frozen=True, slots=True)
class TrustedReporterNamed(Kind):
    """An editor named a reader as trusted in a field, or no longer."""

    reader_id: int
    named: bool


@dataclass(frozen=True, slots=True)
class OrderEntered(Kind):
    """An authority's order was entered in the register; ``order_kind`` is act or inform."""

    order_id: int
    order_kind: str


@dataclass(frozen=True, slots=True)
class OrderAnswered(Kind):
    """Effect was given to an order and the authority told; ``disclosed`` if data was."""

    order_id: int
    order_kind: str
    disclosed: bool


@dataclass(frozen=True, slots=True)
class DangerOpened(Kind):
    """Somebody of the staff suspects a threat to life or safety; the evidence is kept."""

    danger_id: int
    comment_id: int
    story_id: int


@dataclass(frozen=True, slots=True)
class DangerTold(Kind):
    """An authority was told of a threat to life or safety."""

    danger_id: int
    comment_id: int


@dataclass(frozen=True, slots=True)
class DangerClosed(Kind):
    """Nothing is left to do about a threat to life or safety."""

    danger_id: int
    comment_id: int


@dataclass(frozen=True, slots=True)
class EvidenceLookedAt(Kind):
    """Somebody of the staff looked at the evidence of a threat to life or safety."""

    danger_id: int


@dataclass(frozen=True, slots=True)
class DefamationNoticeReceived(Kind):
    """Somebody complained that a comment defames them; ``lacks`` are codes of what is missing."""

    notice_id: int
    comment_id: int
    story_id: int
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DefamationNoticeMoved(Kind):
    """Something happened to a notice.

    ``what`` is letter_ordered, letter_sent or letter_failed (``detail``: which), answered (what),
    doubted, details_shown, removed, silent or due_soon (the step), or closed (how it ended).
    """

    notice_id: int
    what: str
    detail: str = ""

"""What is decided, imposed and appealed; used through ``kinds`` like all the others."""

from __future__ import annotations

from dataclasses import dataclass

from belowline.events.kind import Kind


@dataclass(frozen=True, slots=True)
class CaseHandedOn(Kind):
    """A moderator left a case to the colleagues, with a note."""

    comment_id: int
    story_id: int


@dataclass(frozen=True, slots=True)
class ReasonSaved(Kind):
    """A moderator saved a reason for removals under a rule."""

    rule: str


@dataclass(frozen=True, slots=True)
class ReasonDropped(Kind):
    """A moderator dropped a saved reason."""

    rule: str


@dataclass(frozen=True, slots=True)
class DecisionMade(Kind):
    """A decision, by a person or settled by the screens (``automated``).

    ``waiting_since`` is when the case began to wait, ``in_question`` the rule for which it did.
    """

    decision_id: int
    reader_id: int
    outcome: str
    source: str
    automated: bool
    comment_id: int | None = None
    story_id: int | None = None
    rule: str | None = None
    rulebook_id: int | None = None
    answered: tuple[int, ...] = ()
    unfounded: tuple[int, ...] = ()
    """Those of the answered reports that had no ground at first sight."""
    waiting_since: str | None = None
    in_question: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionUndone(Kind):
    """Who decided took it back within the minute."""

    decision_id: int
    comment_id: int | None = None
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class SanctionImposed(Kind):
    """A person imposed a sanction."""

    sanction_id: int
    decision_id: int
    reader_id: int
    sanction: str


@dataclass(frozen=True, slots=True)
class SanctionAcknowledged(Kind):
    """The reader acknowledged a warning."""

    sanction_id: int
    reader_id: int


@dataclass(frozen=True, slots=True)
class SanctionLifted(Kind):
    """A sanction ended before its time.

    ``cause`` is lifted, undone, overturned, earned, or replaced by a withdrawal.
    """

    sanction_id: int
    reader_id: int
    cause: str
    decision_id: int | None = None


@dataclass(frozen=True, slots=True)
class AppealFiled(Kind):
    """Somebody appealed a decision: whom it is against or, with ``report_id``, who had reported.

    ``reader_id`` is None for whoever has no account.
    """

    appeal_id: int
    decision_id: int
    reader_id: int | None
    report_id: int | None = None


@dataclass(frozen=True, slots=True)
class AppealLapsed(Kind):
    """A reporter's appeal ended without an answer: the comment is gone, or whoever asked."""

    appeal_id: int
    decision_id: int
    reader_id: int | None = None
    comment_id: int | None = None
    story_id: int | None = None


@dataclass(frozen=True, slots=True)
class AppealDecided(Kind):
    """Another person decided an appeal."""

    appeal_id: int
    decision_id: int
    reader_id: int | None
    upheld: bool
    comment_id: int | None = None
    story_id: int | None = None
    reporters: tuple[int, ...] = ()
    """Who is told beside the appellant."""
    report_id: int | None = None
    """For a reporter's appeal: their report."""
    answered: tuple[int, ...] = ()
    """For a reporter's appeal: every report that the answer is for."""
    removal_id: int | None = None
    """For a reporter's appeal that was upheld: the removal that answers those reports now."""

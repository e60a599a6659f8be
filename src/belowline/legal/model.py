"""What a notice of defamation is, and the closed sets of words about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from belowline.core.terms import CommentId, DefamationId, ReaderId, SiteId, StoryId


class Lack(StrEnum):
    """What section 5(6) of the Act and regulation 2 require of a notice, each by a code."""

    NAME = "name"
    WORDS = "words"
    WHY = "why"
    MEANING = "meaning"
    WRONG = "wrong"
    CANNOT_SUE = "cannot_sue"
    CONSENT = "consent"


class LetterKind(StrEnum):
    """The letters that the Regulations ask for, in the order in which they may become due."""

    DEFECTIVE = "defective"
    """To the complainant: the notice lacks what is required, and this is what is required."""
    AUTHOR = "author"
    """To the author: the notice, the day until which to answer, what an answer must hold."""
    ACKNOWLEDGED = "acknowledged"
    """To the complainant: the notice is here; the author has been written to, or it is gone."""
    REMOVED = "removed"
    """To the complainant: the comment has been removed."""
    REFUSED = "refused"
    """To the complainant: the author stands by it, with their details or without."""


class Party(StrEnum):
    """On which side somebody is."""

    COMPLAINANT = "complainant"
    AUTHOR = "author"


class AnswerKind(StrEnum):
    """What an author can answer."""

    AGREES = "agrees"
    """The comment may go."""
    REFUSES = "refuses"
    """It should stay, and here are full name and postal address."""
    INCOMPLETE = "incomplete"
    """It should stay, but without the name or the address that the law asks for."""


class ClosedAs(StrEnum):
    """How a notice ended."""

    DEFECTIVE = "defective"
    """The complainant was told what is lacking; a new notice begins anew."""
    REMOVED = "removed"
    REFUSED = "refused"
    """The author stands by the comment, the complainant knows it; the rest is between them."""
    DROPPED = "dropped"
    """The complainant does not pursue it, or a court has decided; a person closed it."""


class LetterState(StrEnum):
    """What became of a letter."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the complainant says, in their words; empty once the notice is no longer kept."""

    words: str = ""
    """The words complained of."""
    why: str = ""
    """Why they are defamatory of the complainant."""
    meaning: str = ""
    """The meaning that the complainant sees in them."""
    wrong: str = ""
    """What is factually wrong, or opinion not supported by fact."""
    cannot_sue: bool = False
    """They do not have enough information about the author to bring proceedings."""
    consents: bool | None = None
    """Whether name and address may go to the author; None if they did not say."""
    earlier: bool = False
    """They say that they sent notices about the same on two or more occasions before."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a letter is from or to. ``address`` is the postal one, of an author alone."""

    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the author answered, and when. Name and address are kept apart."""

    kind: AnswerKind
    at: datetime
    consents: bool = False
    """Whether name and address may go to the complainant."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was ordered, and what became of it."""

    id: int
    notice_id: DefamationId
    kind: LetterKind
    state: LetterState
    tries: int
    due_at: datetime
    made_by: ReaderId | None
    made_at: datetime
    sent_at: datetime | None
    sealed: bytes | None = field(repr=False)
    """Its text as it was sent."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One text of the comment, kept whatever becomes of the comment."""

    number: int
    text: str
    html: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class DefamationNotice:
    """A notice of defamation about one comment."""

    id: DefamationId
    site_id: SiteId
    comment_id: CommentId
    story_id: StoryId
    author_id: ReaderId
    revision: int
    grounds: Grounds
    lacks: tuple[Lack, ...]
    is_repeat: bool
    """Our record bears out that at least two earlier ones ended with a removal."""
    received_at: datetime
    due_at: datetime | None
    """The next deadline of ours, for the order of the list; None once it is closed."""
    reminded: str | None
    """Of which step and deadline the desk was last reminded."""
    answer: Answer | None
    doubted_at: datetime | None
    """When somebody found the author's name or address obviously false."""
    gone_at: datetime | None
    """When the author took the comment back."""
    closed_at: datetime | None
    closed_as: ClosedAs | None
    keep_until: datetime
    emptied_at: datetime | None

"""What is typed into the forms of legal notices, and the one form in which it is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from belowline.core.errors import InvalidInput
from belowline.core.markup import clean_text
from belowline.core.terms import CommentId, ReaderId
from belowline.legal.model import AnswerKind, Contact, Grounds, Lack
from belowline.readers.email import check_email
from belowline.sites.model import Site

LONGEST_NAME = 200
LONGEST_WORDS = 5000
LONGEST_GROUNDS = 5000
LONGEST_ADDRESS = 500
RECORDED_WITHIN = timedelta(days=30)

FIELDS = {
    Lack.NAME: "name",
    Lack.WORDS: "words",
    Lack.WHY: "why",
    Lack.MEANING: "meaning",
    Lack.WRONG: "wrong",
    Lack.CANNOT_SUE: "cannot_sue",
    Lack.CONSENT: "consents",
}
"""Where in the form each thing is asked for."""


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """A notice as somebody typed it. ``as_it_is`` sends it although something is lacking."""

    site: Site
    comment_id: CommentId
    sender: Contact
    grounds: Grounds
    network: str = field(repr=False)
    """The network address that sends it."""
    as_it_is: bool = False
    recorded_by: ReaderId | None = None
    """Somebody of the desk, for a notice that came as a letter or by e-mail."""
    came_in_at: datetime | None = None
    """When it came in; None: just now."""


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """An author's answer as they typed it."""

    kind: AnswerKind
    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    consents: bool | None = None


def cleaned(draft: NoticeDraft) -> tuple[Contact, Grounds]:
    """Return who sends a notice and what they say. Raises InvalidInput."""
    said = draft.grounds
    sender = Contact(
        clean_text(draft.sender.name, field="name", longest=LONGEST_NAME, lines=False),
        check_email(draft.sender.email),
    )
    return sender, Grounds(
        clean_text(said.words, field="words", longest=LONGEST_WORDS),
        clean_text(said.why, field="why", longest=LONGEST_GROUNDS),
        clean_text(said.meaning, field="meaning", longest=LONGEST_GROUNDS),
        clean_text(said.wrong, field="wrong", longest=LONGEST_GROUNDS),
        said.cannot_sue,
        said.consents,
        said.earlier,
    )


def checked_arrival(came_in_at: datetime | None, *, now: datetime) -> datetime:
    """Return when a notice came in. Raises InvalidInput for the future and for long ago."""
    if came_in_at is None:
        return now
    if not now - RECORDED_WITHIN <= came_in_at <= now:
        raise InvalidInput(
            "A notice came in during the last 30 days, and not in the future.",
            field="came_in",
            code="bad_time",
        )
    return came_in_at


def checked_details(answer: AnswerDraft) -> Contact | None:
    """Return the details of an author who stands by it, None for others. Raises InvalidInput."""
    if answer.kind is not AnswerKind.REFUSES:
        return None
    name = clean_text(answer.name, field="name", longest=LONGEST_NAME, lines=False)
    address = clean_text(answer.address, field="address", longest=LONGEST_ADDRESS)
    if not name:
        raise InvalidInput("Give your full name.", field="name", code="missing_field")
    if not address:
        raise InvalidInput("Give your postal address.", field="address", code="missing_field")
    if answer.consents is None:
        raise InvalidInput(
            "Say whether we may pass them on.", field="consents", code="missing_field"
        )
    return Contact(name, "", address)

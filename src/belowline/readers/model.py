"""What a reader is, and the facts from which their standing follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from belowline.core.terms import ReaderId, Role, SanctionInForce
from belowline.core.text import later

ERASED_NAME = later("Erased reader")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who can sign in. Staff are readers with a role at a site."""

    id: ReaderId
    name: str
    email: str | None
    mail_notices: bool
    created_at: datetime
    name_changed_at: datetime | None = None
    erased_at: datetime | None = None
    public_page: bool = True
    """Whether their published comments are also listed together."""


@dataclass(frozen=True, slots=True)
class Membership:
    """What a reader is to a site."""

    role: Role | None
    is_sanctioned: bool
    """Whether there are sanctions that nobody has lifted; they may have ended."""
    is_erased: bool


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """All that decides what somebody may do at a site now."""

    reader_id: ReaderId | None
    role: Role | None = None
    sanctions: tuple[SanctionInForce, ...] = ()
    """Those in force at the site, any order."""
    erased: bool = False


NOBODY = StandingFacts(None)

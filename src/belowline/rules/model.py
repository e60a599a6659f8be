"""What a rule and a rulebook are. A rulebook is a published, numbered version of a site's rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from belowline.core.terms import RulebookId, RuleKey, SiteId
from belowline.core.text import later


class UsualAction(StrEnum):
    """What a moderator usually does about a breach of a rule; the case at hand may ask for more."""

    REMIND = "remind"
    TIDY = "tidy"
    REMOVE = "remove"
    REMOVE_AND_WARN = "remove_and_warn"
    REMOVE_AND_SUSPEND = "remove_and_suspend"
    ESCALATE = "escalate"


USUAL_ACTIONS: Mapping[UsualAction, str] = {
    UsualAction.REMIND: later("Remove it; a reminder is enough the first time."),
    UsualAction.TIDY: later("Remove it as tidying up; it is no mark on the reader."),
    UsualAction.REMOVE: later("Remove it with the reason."),
    UsualAction.REMOVE_AND_WARN: later("Remove it and warn the reader."),
    UsualAction.REMOVE_AND_SUSPEND: later("Remove it and suspend the reader."),
    UsualAction.ESCALATE: later("Remove it at once and tell an editor."),
}
"""Each of them as a moderator reads it."""


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """One rule as an editor writes it.

    ``title`` and ``text`` are for readers; ``guidance`` is for moderators alone. ``severity`` runs
    from 1 (a nuisance) to 4 (a danger). ``eu_category`` is the category of the EU Transparency
    Database that a statement of reasons under this rule names. ``stays`` and ``goes`` are examples
    for moderators from either side of the line. ``shared`` says that it comes from the site whose
    rules this one shares.
    """

    key: RuleKey
    title: str
    text: str
    severity: int
    eu_category: str
    guidance: str = ""
    stays: str = ""
    goes: str = ""
    default_action: UsualAction = UsualAction.REMOVE
    shared: bool = False

    @property
    def usually(self) -> str:
        """Say what a moderator usually does about a breach."""
        return USUAL_ACTIONS[self.default_action]

    def reads_like(self, other: RuleDraft) -> bool:
        """Say whether readers are told the same by both."""
        return (self.title, self.text, self.severity) == (other.title, other.text, other.severity)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A version of a site's rules. Unpublished (a draft) while ``published_at`` is None."""

    id: RulebookId
    site_id: SiteId
    version: int
    intro: str
    published_at: datetime | None
    rules: tuple[RuleDraft, ...]

    @property
    def fingerprint(self) -> str:
        """Return what tells this text of the rules from any other, also of the same version."""
        parts = (str(self.version), self.intro, *(repr(rule) for rule in self.rules))
        return sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:24]

    def rule(self, key: str) -> RuleDraft | None:
        """Return the rule with this key, or None."""
        return next((rule for rule in self.rules if rule.key == key), None)


@dataclass(frozen=True, slots=True)
class Consent:
    """The rulebook in force, as far as it takes to ask a reader for their consent."""

    rulebook_id: RulebookId
    version: int
    given: bool

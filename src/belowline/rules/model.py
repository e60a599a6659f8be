"""What a rule and a rulebook are. A rulebook is a published, numbered version of a site's rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from belowline.core.terms import RulebookId, RuleKey, SiteId


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """One rule as an editor writes it.

    ``title`` and ``text`` are for readers; ``guidance`` is for moderators alone. ``severity`` runs
    from 1 (a nuisance) to 4 (a danger). ``eu_category`` is the category of the EU Transparency
    Database that a statement of reasons under this rule names.
    """

    key: RuleKey
    title: str
    text: str
    severity: int
    eu_category: str
    guidance: str = ""


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

"""The EU statement of reasons for a decision, made from the decision's own record and nothing else.

Article 17 of the Digital Services Act says what whoever is restricted must be told, and article
24(5) that the same goes to the transparency database without personal data. So every sentence here
is a template filled with the rule that was cited; what a reader or a moderator wrote never gets in.
Pure: ``restrictions`` reads the records, ``eu_check`` checks what is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import assert_never

from belowline.core.terms import DecisionId, Outcome, RuleKey, SanctionKind, Source
from belowline.core.text import Text, later, together
from belowline.transparency import eu_values as eu

Say = Callable[[str], str]

TAKES = frozenset({Outcome.REMOVE, Outcome.REFUSE, Outcome.HOLD})
"""Outcomes that restrict a comment. A hold is one if reports took a published comment away."""
OLDEST = date(2000, 1, 1)
"""The database knows nothing older; a comment that was brought in from before counts as of then."""
LATEST = date(2038, 1, 1)

MEASURES = {
    Outcome.REMOVE: later("A reader’s comment was taken down."),
    Outcome.REFUSE: later("A reader’s comment was refused before it was published."),
    Outcome.HOLD: later("A reader’s comment was hidden until somebody has looked at it."),
}
SANCTIONS = {
    SanctionKind.SLOWED: later("A reader can write a comment only every now and then."),
    SanctionKind.HOLD_FIRST: later("A reader’s comments wait for a moderator before they appear."),
    SanctionKind.SUSPENSION: later("A reader’s privilege to comment was suspended."),
    SanctionKind.WITHDRAWAL: later("A reader’s privilege to comment was withdrawn."),
    SanctionKind.REPORT_PAUSE: later("A reader’s privilege to report comments was suspended."),
}
CAME_UP = {
    Source.OWN_INITIATIVE: later("Nobody had reported it: the moderators found it themselves."),
    Source.REPORT: later("It came up through a report under the house rules."),
    Source.SCREEN: later("It came up through an automatic check of the text."),
    Source.LEGAL_NOTICE: later("It came up through a notice that it is against the law."),
    Source.APPEAL: later("It came up through an appeal."),
    Source.ORDER: later("An authority ordered it."),
    Source.EARLIER_SYSTEM: later("It was decided in the system that the site used before."),
}
NOT_STATED = frozenset({Source.ORDER, Source.EARLIER_SYSTEM})
BY_PERSON = later("A person decided.")
BY_SYSTEM = later("It was decided automatically; a person looks at it if there is an appeal.")
BREACH = later("It was found to break the rule “%(rule)s” in version %(version)s of the rules.")
GROUND = later("Rule “%(rule)s”, version %(version)s of the rules for comments.")

_SOURCE = {
    Source.OWN_INITIATIVE: "SOURCE_VOLUNTARY",
    Source.SCREEN: "SOURCE_VOLUNTARY",
    Source.APPEAL: "SOURCE_VOLUNTARY",
    Source.REPORT: "SOURCE_TYPE_OTHER_NOTIFICATION",
    Source.LEGAL_NOTICE: "SOURCE_ARTICLE_16",
}
_KEYWORD = {
    ("CYBER_VIOLENCE", "personal-attack"): "KEYWORD_CYBER_BULLYING_INTIMIDATION",
    ("CYBER_VIOLENCE", "harassment"): "KEYWORD_CYBER_HARASSMENT",
    ("ILLEGAL_OR_HARMFUL_SPEECH", "hate"): "KEYWORD_HATE_SPEECH",
    ("ILLEGAL_OR_HARMFUL_SPEECH", "defamation"): "KEYWORD_DEFAMATION",
    ("VIOLENCE", "threat"): "KEYWORD_INCITEMENT_VIOLENCE_HATRED",
    ("NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS", "false-claim"): (
        "KEYWORD_MISINFORMATION_DISINFORMATION"
    ),
    ("INTELLECTUAL_PROPERTY_INFRINGEMENTS", "rights-links"): "KEYWORD_COPYRIGHT_INFRINGEMENT",
    ("SCAMS_AND_FRAUD", "identity"): "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING",
}
"""The finer word that a rule we come with stands for, while an editor leaves it in its category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A decision that took something from a reader, as its record has it."""

    decision_id: DecisionId
    site_key: str
    outcome: Outcome
    sanction: SanctionKind | None
    source: Source
    automated: bool
    rule: RuleKey
    rule_title: str
    rule_text: str
    rulebook_version: int
    eu_category: str
    written_on: date
    """When the text was written that is at issue; for a sanction without one, when it began."""
    applied_on: date
    ends_on: date | None
    """When it ended or ends; None while nobody knows."""
    language: str
    rule_url: str

    @property
    def needs_statement(self) -> bool:
        """Say whether article 17 asks for a statement.

        A warning restricts nothing yet, what an authority orders is told under article 9, and
        what was decided in the system used before is not ours to state.
        """
        if self.source in NOT_STATED:
            return False
        if self.outcome is Outcome.SANCTION:
            return self.sanction in SANCTIONS
        return self.outcome in TAKES


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The fields of the transparency database that a comment can need, in the database's order."""

    decision_visibility: tuple[str, ...] = ()
    decision_provision: str = ""
    decision_ground: str = "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    decision_ground_reference_url: str = ""
    incompatible_content_ground: str
    incompatible_content_explanation: str
    content_type: tuple[str, ...] = ("CONTENT_TYPE_TEXT",)
    category: str
    category_specification: tuple[str, ...] = ()
    territorial_scope: tuple[str, ...] = eu.COUNTRIES
    content_language: str = ""
    content_date: str
    application_date: str
    end_date_visibility_restriction: str = ""
    end_date_service_restriction: str = ""
    decision_facts: str
    source_type: str
    automated_detection: str
    automated_decision: str
    puid: str

    def record(self) -> dict[str, str | list[str]]:
        """Return the statement as it is sent: what is empty is left out."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value
        }


def make_statement(one: Restriction, *, say: Say = str) -> Statement:
    """Make the statement of reasons for a restriction, its sentences in the site's language.

    Raises:
        ValueError: the decision restricted nothing, so that there is nothing to state.
    """
    if not one.needs_statement:
        raise ValueError("this decision restricts nobody")
    visibility, provision = _measure(one)
    end = _day(one.ends_on) if one.ends_on is not None else ""
    category = one.eu_category if eu.CATEGORY + one.eu_category in eu.CATEGORIES else ""
    keyword = _KEYWORD.get((category, one.rule))
    title = one.rule_title or one.rule
    return Statement(
        decision_visibility=visibility,
        decision_provision=provision,
        decision_ground_reference_url=one.rule_url if len(one.rule_url) <= 500 else "",
        incompatible_content_ground=say(Text(GROUND, rule=title, version=one.rulebook_version))[
            :500
        ],
        incompatible_content_explanation=(one.rule_text or title)[:2000],
        category=eu.CATEGORY + (category or eu.OTHER_VIOLATION),
        category_specification=(keyword,) if keyword else (),
        content_language=_language(one.language),
        content_date=_day(one.written_on),
        application_date=_day(one.applied_on),
        end_date_visibility_restriction=end if visibility else "",
        end_date_service_restriction=end if provision else "",
        decision_facts=say(tell_facts(one))[:5000],
        source_type=_SOURCE[one.source],
        automated_detection="Yes" if one.source is Source.SCREEN else "No",
        automated_decision=(
            "AUTOMATED_DECISION_FULLY" if one.automated else "AUTOMATED_DECISION_NOT_AUTOMATED"
        ),
        puid=f"belowline-{one.site_key}-{one.decision_id}",
    )


def tell_facts(one: Restriction) -> str:
    """Tell what was done, how it came up, who decided and under which rule, naming nobody."""
    breach = Text(BREACH, rule=one.rule_title or one.rule, version=one.rulebook_version)
    return together(
        tell_measure(one),
        CAME_UP[one.source],
        BY_SYSTEM if one.automated else BY_PERSON,
        breach,
    )


def tell_measure(one: Restriction) -> str:
    """Tell what was restricted, in one sentence."""
    return SANCTIONS[one.sanction] if one.sanction in SANCTIONS else MEASURES[one.outcome]


def _measure(one: Restriction) -> tuple[tuple[str, ...], str]:
    match one.outcome:
        case Outcome.REMOVE | Outcome.REFUSE:
            return ("DECISION_VISIBILITY_CONTENT_REMOVED",), ""
        case Outcome.HOLD:
            return ("DECISION_VISIBILITY_CONTENT_DISABLED",), ""
        case Outcome.SANCTION if one.sanction is SanctionKind.WITHDRAWAL:
            # Of the service as a whole only the comments end; reading and the account stay.
            return (), "DECISION_PROVISION_PARTIAL_TERMINATION"
        case Outcome.SANCTION:
            return (), "DECISION_PROVISION_PARTIAL_SUSPENSION"
        case Outcome.PUBLISH | Outcome.KEEP | Outcome.RESTORE | Outcome.LIFT:
            raise ValueError("this decision restricts nobody")
        case _:
            assert_never(one.outcome)


def _day(day: date) -> str:
    return min(max(day, OLDEST), LATEST).isoformat()


def _language(tag: str) -> str:
    name = tag.partition("-")[0].upper()
    return name if len(name) == 2 and name.isascii() and name.isalpha() else ""

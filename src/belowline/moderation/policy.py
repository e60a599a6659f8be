"""Which case comes first and why, who may decide it how, and until when a decision can be undone.

Pure: the facts and the time come in. A priority is the plain sum of parts that the queue shows on
the card, so that a moderator can see why a case is where it is. What reports weigh is in
``reports``, who decides an appeal in ``appeals``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from belowline.core.text import Text, later

# A danger (severity 4) outweighs everything that a case up to severity 2 can gather by reports, by
# being seen and by waiting, so that it is read before all of them the moment it comes in.
SEVERITY_POINTS = (0.0, 5.0, 15.0, 40.0, 120.0)
"""Points for no known breach and for severities 1 to 4."""
REPORT_URGENCY_POINTS = 15.0
REPORT_COUNT_POINTS_AT_MOST = 5.0
PUBLISHED_POINTS = 5.0
PUBLISHED_POINTS_PER_SEVERITY = 3.0
HELD_POINTS_PER_CODE = 2.0
HELD_POINTS_AT_MOST = 6.0
# The cap on age is above all that a fresh case of severity 2 can reach, so that a small case is
# never passed over for good; only severe ones, dangers and appeals go before it, and those are few.
AGE_POINTS_PER_DOUBLING = 6.0
AGE_POINTS_AT_MOST = 60.0
# A machine's score puts like cases in order, and moves none past a graver one.
SCORE_POINTS_AT_MOST = 5.0
SCORE_COUNTS_FROM = 0.5
APPEAL_TARGET = timedelta(days=7)
APPEAL_POINTS_AT_ONCE = 10.0
APPEAL_POINTS_AT_TARGET = 50.0
APPEAL_POINTS_AT_MOST = 70.0
# Where everything else is equal, a notice of illegal content goes before any fresh case of severity
# 3, whatever was reported of it; one by a trusted reporter before any other; a danger before both.
LEGAL_POINTS = 75.0
TRUSTED_POINTS = 24.0
DANGER_POINTS = 500.0
"""More than everything else together."""

NEW_UNTIL = 3
"""Published comments at the site until which somebody is a new reader to the desk."""

SENTENCES: Mapping[str, str] = {
    "severity": later("The worst rule has severity %(severity)s of 4."),
    "reports": later("Reports: %(count)s. A breach is %(percent)s %% likely."),
    "published": later("Everybody can see it meanwhile."),
    "held": later("It waits unseen, held for: %(codes)s."),
    "score": later("The program gives it %(percent)s of 100."),
    "age": later("Hours waiting: %(hours)s."),
    "appeal": later("Days under appeal: %(days)s, the target is %(target)s."),
    "legal": later("Somebody has given notice that it is illegal."),
    "trusted": later("A reporter whom the editors have named as trusted is among the reporters."),
    "danger": later("Somebody’s life or safety may be in danger. Minutes since: %(minutes)s."),
}
"""A sentence for each part of a priority; the names in brackets come from its detail."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the order of the queue looks at in one case.

    ``held_for`` has the codes of the screens' verdicts; ``worst_severity`` is 0 while no rule is in
    question; ``report_urgency`` is the answer of ``reports.policy``, from 0 to 1.
    """

    worst_severity: int
    opened_at: datetime
    published: bool
    held_for: tuple[str, ...] = ()
    report_urgency: float = 0.0
    report_count: int = 0
    appealed_at: datetime | None = None
    score: float = 0.0
    """The highest that a classifier gave it, from 0 to 1; 0 if none did."""
    is_legal: bool = False
    """Whether somebody has given notice that it is illegal."""
    is_trusted: bool = False
    """Whether a reporter whom the editors have named as trusted is among the reporters."""
    danger_since: datetime | None = None
    """Since when somebody sees to a threat to life here."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a priority: its points and the values that its sentence needs."""

    code: str
    points: float
    detail: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Priority:
    """Where a case belongs in the queue; a higher score comes first."""

    score: float
    reasons: tuple[Reason, ...]


def priority(facts: CaseFacts, *, now: datetime) -> Priority:
    """Say how soon a case should be looked at, as a sum of explained parts.

    A threat to life that is being seen to comes before everything. Then harm: severity, then
    how strong the reports are, and more while everybody can see the comment. Waiting adds
    points, quickly at first and up to a limit above any fresh case of severity 2, though a
    danger comes before all of those. An appeal gains as its seven days run out, and goes on
    gaining for a while after.
    """
    parts = (
        Reason(
            "severity", SEVERITY_POINTS[facts.worst_severity], {"severity": facts.worst_severity}
        ),
        _reports(facts),
        _visibility(facts),
        _score(facts),
        _age(facts, now=now),
        _appeal(facts, now=now),
        _legal(facts),
        Reason("trusted", TRUSTED_POINTS if facts.is_trusted else 0.0),
        _danger(facts, now=now),
    )
    reasons = tuple(part for part in parts if part.points > 0)
    return Priority(math.fsum(reason.points for reason in reasons), reasons)


def explain(reason: Reason) -> str:
    """Say one part of a priority as a plain sentence."""
    return Text(SENTENCES[reason.code], **reason.detail)


def _reports(facts: CaseFacts) -> Reason:
    # The number of reports counts little and only so far: a crowd must not run the queue.
    by_count = min(math.log2(1 + facts.report_count), REPORT_COUNT_POINTS_AT_MOST)
    return Reason(
        "reports",
        REPORT_URGENCY_POINTS * facts.report_urgency + by_count,
        {"count": facts.report_count, "percent": round(100 * facts.report_urgency)},
    )


def _visibility(facts: CaseFacts) -> Reason:
    """Weigh that everybody can see the comment, or that its author waits for it to appear.

    A published comment is always worth at least what a held one is.
    """
    codes = sorted(set(facts.held_for))
    held = min(HELD_POINTS_PER_CODE * len(codes), HELD_POINTS_AT_MOST)
    if not facts.published:
        return Reason("held", held, {"codes": ", ".join(codes)})
    exposed = PUBLISHED_POINTS + PUBLISHED_POINTS_PER_SEVERITY * facts.worst_severity
    return Reason("published", max(exposed, held))


def _score(facts: CaseFacts) -> Reason:
    above = max(facts.score - SCORE_COUNTS_FROM, 0.0) / (1 - SCORE_COUNTS_FROM)
    # What the law asks about is in the order of the law.
    points = 0.0 if facts.is_legal else SCORE_POINTS_AT_MOST * min(above, 1.0)
    return Reason("score", points, {"percent": round(100 * facts.score)})


def _age(facts: CaseFacts, *, now: datetime) -> Reason:
    hours = max(now - facts.opened_at, timedelta(0)) / timedelta(hours=1)
    by_age = AGE_POINTS_PER_DOUBLING * math.log2(1 + hours)
    return Reason("age", min(by_age, AGE_POINTS_AT_MOST), {"hours": math.floor(hours)})


def _appeal(facts: CaseFacts, *, now: datetime) -> Reason:
    if facts.appealed_at is None:
        return Reason("appeal", 0.0)
    waited = max(now - facts.appealed_at, timedelta(0))
    gain = (APPEAL_POINTS_AT_TARGET - APPEAL_POINTS_AT_ONCE) * (waited / APPEAL_TARGET)
    return Reason(
        "appeal",
        min(APPEAL_POINTS_AT_ONCE + gain, APPEAL_POINTS_AT_MOST),
        {"days": waited.days, "target": APPEAL_TARGET.days},
    )


def _legal(facts: CaseFacts) -> Reason:
    """Raise a notice of illegal content to what comes right after the dangers.

    Where the rule in question is a danger by itself, there is nothing to raise.
    """
    floor = max(LEGAL_POINTS - SEVERITY_POINTS[facts.worst_severity], 0.0)
    return Reason("legal", floor if facts.is_legal else 0.0)


def _danger(facts: CaseFacts, *, now: datetime) -> Reason:
    if facts.danger_since is None:
        return Reason("danger", 0.0)
    waited = max(now - facts.danger_since, timedelta(0))
    return Reason("danger", DANGER_POINTS, {"minutes": waited // timedelta(minutes=1)})

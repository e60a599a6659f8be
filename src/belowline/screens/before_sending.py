"""What a draft's verdicts say before it is sent: the one rule that it is likely to break, or none.

Only what the text itself says counts. What depends on what others or the author sent lately is not
told here, so that nobody can ask about comments that they cannot see.
"""

from __future__ import annotations

from collections.abc import Collection

from belowline.core.terms import Finding, RuleKey, Verdict
from belowline.screens.model import gravity
from belowline.screens.pipeline import ABOUT_THE_AUTHOR

AGAINST = frozenset({Finding.HOLD, Finding.REFUSE})


def rule_at_risk(verdicts: Collection[Verdict]) -> RuleKey | None:
    """Return the gravest rule that the text is likely to break, or None.

    Whether a screen would hold or refuse makes no difference, nor does how many speak against it.
    """
    rules = {
        verdict.rule
        for verdict in verdicts
        if verdict.rule is not None
        and verdict.finding in AGAINST
        and verdict.screen not in ABOUT_THE_AUTHOR
    }
    return min(rules, key=gravity, default=None)

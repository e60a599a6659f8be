"""What a classifier's scores mean. The asking is the pipeline's; this only judges the answer."""

from __future__ import annotations

from collections.abc import Iterable

from belowline.core.errors import Unavailable
from belowline.core.terms import Finding, RuleKey, ScreenName, Verdict
from belowline.outside.classifier import ClassifierAnswer
from belowline.screens.model import (
    HARASSMENT,
    HATE,
    OBSCENITY,
    PERSONAL_ATTACK,
    SPAM,
    THREAT,
    ScreenFacts,
    gravity,
)

_RULES: dict[str, RuleKey] = {
    "threat": THREAT,
    "identity_attack": HATE,
    "hate": HATE,
    "harassment": HARASSMENT,
    "insult": PERSONAL_ATTACK,
    "toxicity": PERSONAL_ATTACK,
    "severe_toxicity": PERSONAL_ATTACK,
    "obscene": OBSCENITY,
    "profanity": OBSCENITY,
    "sexual": OBSCENITY,
    "spam": SPAM,
}
REMOVED_FOR: dict[str, frozenset[RuleKey]] = {
    "toxicity": frozenset({PERSONAL_ATTACK, HARASSMENT, HATE, THREAT, OBSCENITY}),
    "severe_toxicity": frozenset({HATE, THREAT}),
    "insult": frozenset({PERSONAL_ATTACK, HARASSMENT}),
    "profanity": frozenset({OBSCENITY}),
    "threat": frozenset({THREAT}),
    "identity_attack": frozenset({HATE}),
    "spam": frozenset({SPAM}),
}
"""Under which rules a desk removes what an attribute is about, to learn from it."""
_NO_BREACH = frozenset({"constructive"})
"""What speaks for a comment, and holds none however high it is."""


def rule_held_under(attribute: str) -> RuleKey | None:
    """Return the rule that is cited where an attribute's score holds; None if none is."""
    return _RULES.get(attribute)


def judge_score(answer: ClassifierAnswer | Unavailable | None, facts: ScreenFacts) -> Verdict:
    """Hold when any score reaches the site's threshold, citing the gravest rule; never refuse.

    A machine's score is never certain. None means that no classifier is set up, which passes;
    no answer, or one that is not a number from 0 to 1, is unavailable. An attribute that
    Belowline does not know holds as well, but cites no rule. What speaks for a comment holds none.
    """
    if answer is None:
        return Verdict(ScreenName.CLASSIFIER, Finding.PASS, code="not_configured")
    if isinstance(answer, Unavailable):
        return Verdict(ScreenName.CLASSIFIER, Finding.UNAVAILABLE, code="unavailable")
    # Comparing this way round, a score that is not a number fails.
    if not all(0.0 <= score <= 1.0 for score in answer.attributes.values()):
        return Verdict(ScreenName.CLASSIFIER, Finding.UNAVAILABLE, code="unavailable")
    threshold = facts.settings.classifier_hold
    told = [pair for pair in answer.attributes.items() if pair[0] not in _NO_BREACH]
    high = [(name, score) for name, score in told if score >= threshold]
    if not high:
        # The nearest score is kept, so that another threshold can be tried on the past.
        nearest = max(told, key=lambda pair: (pair[1], pair[0]), default=None)
        detail = _kept(answer, *nearest) if nearest else {}
        return Verdict(ScreenName.CLASSIFIER, Finding.PASS, detail=detail)
    name, score = min(high, key=lambda pair: (gravity(_RULES.get(pair[0])), -pair[1], pair[0]))
    return Verdict(
        ScreenName.CLASSIFIER,
        Finding.HOLD,
        code="high_score",
        rule=_RULES.get(name),
        passages=answer.passages,
        detail=_kept(answer, name, score),
    )


def _kept(answer: ClassifierAnswer, name: str, score: float) -> dict[str, int | float | str]:
    told: dict[str, int | float | str] = {"attribute": name, "score": round(score, 3)}
    # Whether the number is what this desk does, or what people at large would say.
    return told | ({"desk": 1} if name in answer.from_desk else {})


def kept_score(verdicts: Iterable[Verdict]) -> float:
    """Return the score that a classifier's verdict keeps, from 0 to 1; 0 if there is none."""
    scores = (one.detail.get("score") for one in verdicts if one.screen is ScreenName.CLASSIFIER)
    return max((float(one) for one in scores if isinstance(one, int | float)), default=0.0)


def judge_kept_score(verdict: Verdict, facts: ScreenFacts) -> Verdict:
    """Return a verdict that was given before as another threshold would have it.

    Only the score that decided, or came nearest, was kept; a verdict without one stays as it is.
    """
    name, score = verdict.detail.get("attribute"), verdict.detail.get("score")
    if not isinstance(name, str) or not isinstance(score, int | float):
        return verdict
    from_desk = frozenset({name} if verdict.detail.get("desk") else ())
    return judge_score(ClassifierAnswer({name: float(score)}, from_desk=from_desk), facts)

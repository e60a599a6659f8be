"""Scores that were given later than the comment was sent, and what a trial makes of them.

Such a verdict stands beside what the screens said then and never in its place. It lets pass
whatever its score is, for it came too late to hold anything; only a trial of a threshold looks at
it. Pure; ``later_store`` finds which comments lack a score, and keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from belowline.core.terms import Finding, ScreenName, Verdict
from belowline.outside.classifier import ClassifierAnswer
from belowline.screens.classifier import judge_score
from belowline.screens.model import ScreenFacts

LATER = "scored_later"
"""The code of such a verdict."""


def judge_later(answer: ClassifierAnswer, facts: ScreenFacts, *, by: str) -> Verdict | None:
    """Return the verdict that keeps a score given later; None if the answer is no answer.

    It keeps what ``judge_score`` would: what decided, or came nearest. ``by`` names the models.
    """
    judged = judge_score(answer, facts)
    if judged.finding is Finding.UNAVAILABLE or not judged.detail:
        return None
    return Verdict(judged.screen, Finding.PASS, LATER, detail={**judged.detail, "by": by})


def is_later(verdict: Verdict) -> bool:
    """Say whether a score came later than its comment was sent."""
    return verdict.code == LATER


def without_replaced(verdicts: Collection[Verdict]) -> Iterator[Verdict]:
    """Give the verdicts less those of the classifier that a later score stands for."""
    replaced = any(map(is_later, verdicts))
    for one in verdicts:
        if not (replaced and one.screen is ScreenName.CLASSIFIER and not is_later(one)):
            yield one

"""What is said of a draft before it is sent: one rule or none, whatever spoke against it."""

from __future__ import annotations

import itertools

import pytest

from belowline.core.terms import Finding, RuleKey, ScreenName, Verdict
from belowline.screens.before_sending import rule_at_risk

HATE, SPAM = RuleKey("hate"), RuleKey("spam")
WORDS, LINKS = ScreenName.WORDS, ScreenName.LINKS


@pytest.mark.parametrize(
    ("verdicts", "rule"),
    [
        pytest.param([], None, id="nothing"),
        pytest.param([Verdict(WORDS, Finding.PASS)], None, id="clean"),
        pytest.param([Verdict(WORDS, Finding.HOLD, "listed_word", HATE)], HATE, id="held"),
        pytest.param([Verdict(WORDS, Finding.REFUSE, "refused_word", HATE)], HATE, id="refused"),
        pytest.param([Verdict(LINKS, Finding.HOLD, "too_many_links")], None, id="no rule"),
        pytest.param(
            [
                Verdict(LINKS, Finding.REFUSE, "program_link", SPAM),
                Verdict(WORDS, Finding.HOLD, "listed_word", HATE),
            ],
            HATE,
            id="the gravest",
        ),
        pytest.param(
            [Verdict(ScreenName.CLASSIFIER, Finding.UNAVAILABLE, "unavailable")],
            None,
            id="not known",
        ),
        *(
            pytest.param([Verdict(one, Finding.REFUSE, "x", SPAM)], None, id=f"not for {one}")
            for one in (ScreenName.REPEATS, ScreenName.NEWCOMER, ScreenName.RATE)
        ),
    ],
)
def test_one_rule_is_named_or_none(verdicts: list[Verdict], rule: RuleKey | None) -> None:
    for order in itertools.permutations(verdicts):
        assert rule_at_risk(order) == rule

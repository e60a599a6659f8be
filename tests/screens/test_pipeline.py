"""Every screen runs, every verdict is kept, and silence is never taken for consent."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import belowline.screens
from belowline.core.errors import Unavailable
from belowline.core.terms import CommentStatus, Finding, RuleKey, ScreenName, StoryMode
from belowline.outside.classifier import Classifier, ClassifierAnswer, NullClassifier
from belowline.screens.classifier import judge_score
from belowline.screens.messages import FALLBACK, MESSAGES, message_for
from belowline.screens.model import Draft, ScreenFacts
from belowline.screens.pipeline import ONLY_WHERE_SET_UP, screen
from belowline.screens.settle import settle
from tests.screens.facts import make_facts


@dataclass
class SetClassifier:
    """A classifier that answers, or fails, as it is told."""

    reply: ClassifierAnswer | Exception

    def score(self, text: str, *, language: str, deadline: timedelta) -> ClassifierAnswer | None:
        assert text
        assert language == "en"
        assert deadline > timedelta(0)
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


@pytest.mark.parametrize("text", ["A calm remark.", "", "FUCK " * 2000, "https://a.com " * 9])
def test_every_screen_answers_once_and_in_order_whatever_the_others_say(text: str) -> None:
    verdicts = screen(Draft(text), make_facts(published=0), classifier=NullClassifier())
    assert [verdict.screen for verdict in verdicts] == [
        name for name in ScreenName if name not in ONLY_WHERE_SET_UP
    ]


def test_without_a_classifier_a_calm_remark_is_published() -> None:
    verdicts = screen(Draft("A calm remark."), make_facts(), classifier=NullClassifier())
    assert verdicts[-1].code == "not_configured"
    settlement = settle(verdicts, mode=StoryMode.OPEN, held_by_sanction=False, is_staff=False)
    assert settlement.status is CommentStatus.PUBLISHED


@pytest.mark.parametrize(
    "failure",
    [
        Unavailable("gone"),
        TimeoutError("late"),
        pytest.param(ClassifierAnswer({"toxicity": float("nan")}), id="no number"),
        pytest.param(ClassifierAnswer({"toxicity": 1.5}), id="out of range"),
    ],
)
def test_a_classifier_that_does_not_answer_holds_the_comment(
    failure: ClassifierAnswer | Exception,
) -> None:
    classifier: Classifier = SetClassifier(failure)
    verdicts = screen(Draft("A calm remark."), make_facts(), classifier=classifier)
    assert verdicts[-1].finding is Finding.UNAVAILABLE
    settlement = settle(verdicts, mode=StoryMode.OPEN, held_by_sanction=False, is_staff=True)
    assert settlement.status is CommentStatus.HELD


def test_a_programming_error_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        screen(Draft("hi"), make_facts(), classifier=SetClassifier(ZeroDivisionError()))


def test_staff_are_no_newcomers_but_their_words_are_screened() -> None:
    facts = make_facts(published=0, is_staff=True)
    verdicts = screen(Draft("What the fuck"), facts, classifier=NullClassifier())
    codes = {verdict.screen: verdict.code for verdict in verdicts}
    assert codes[ScreenName.NEWCOMER] == codes[ScreenName.RATE] == "staff"
    assert codes[ScreenName.WORDS] == "listed_word"


@pytest.mark.parametrize(
    ("scores", "finding", "rule"),
    [
        ({}, Finding.PASS, None),
        ({"toxicity": 0.89}, Finding.PASS, None),
        ({"toxicity": 0.9}, Finding.HOLD, RuleKey("personal-attack")),
        ({"toxicity": 0.99, "threat": 0.91}, Finding.HOLD, RuleKey("threat")),
        ({"sarcasm": 1.0}, Finding.HOLD, None),
    ],
)
def test_a_high_score_holds_under_the_gravest_rule_and_never_refuses(
    scores: dict[str, float], finding: Finding, rule: RuleKey | None
) -> None:
    verdict = judge_score(ClassifierAnswer(scores), make_facts())
    assert (verdict.finding, verdict.rule) == (finding, rule)


@given(text=st.text(max_size=300), is_edit=st.booleans())
def test_any_text_can_be_screened(text: str, *, is_edit: bool) -> None:
    facts: ScreenFacts = make_facts(others=(text,))
    for verdict in screen(Draft(text, is_edit=is_edit), facts, classifier=NullClassifier()):
        assert all(0 <= p.start < p.end <= len(text) for p in verdict.passages)


def codes_in_source() -> set[str]:
    """Collect every code that the screens write down, by keyword or to their small builders."""
    names = set(MESSAGES)
    found: set[str] = set()
    for path in Path(belowline.screens.__file__).parent.glob("*.py"):
        if path.name == "messages.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "code":
                found |= {node.value.value} if isinstance(node.value, ast.Constant) else set()
            if isinstance(node, ast.Constant) and node.value in names:
                found.add(str(node.value))
    return found


def test_every_code_has_a_sentence_and_no_sentence_is_left_over() -> None:
    assert codes_in_source() - {"staff", "edit", "not_configured", "timeout"} == set(MESSAGES)
    assert message_for("unheard_of") == FALLBACK

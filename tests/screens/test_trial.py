"""Trying settings on the past: counts that add up, whatever the screens said."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import (
    CommentId,
    CommentStatus,
    Finding,
    ReaderId,
    RuleKey,
    ScreenName,
    StoryId,
    Verdict,
)
from belowline.screens.model import ScreenSettings
from belowline.screens.trial import PastComment, concerned, count_up, is_against, judge_again
from tests.screens.facts import NOW, make_facts

FINDINGS = st.sampled_from([Finding.PASS, Finding.HOLD, Finding.REFUSE, Finding.UNAVAILABLE])


def verdict(finding: Finding) -> Verdict:
    return Verdict(ScreenName.WORDS, finding, "listed_word", RuleKey("spam"))


@st.composite
def judged(draw: st.DrawFn) -> tuple[PastComment, tuple[Verdict, ...]]:
    comment = PastComment(
        CommentId(draw(st.integers(1, 10_000))),
        StoryId(1),
        ReaderId(1),
        "Some words.",
        NOW - timedelta(minutes=draw(st.integers(0, 40_000))),
        draw(st.sampled_from(list(CommentStatus))),
        is_staff=False,
        verdicts=tuple(map(verdict, draw(st.lists(FINDINGS, max_size=3)))),
    )
    return comment, tuple(map(verdict, draw(st.lists(FINDINGS, max_size=3))))


@given(st.lists(judged(), max_size=30))
def test_what_is_held_is_what_was_held_with_what_came_and_without_what_went(
    found: list[tuple[PastComment, tuple[Verdict, ...]]],
) -> None:
    trial = count_up(found, is_complete=True)

    assert trial.held == trial.held_then + len(trial.caught) - len(trial.let_through)
    assert trial.refused <= trial.held <= trial.looked_at == len(found)
    assert trial.caught_and_removed <= trial.held_and_removed <= trial.held
    assert trial.let_through_and_removed <= len(trial.let_through)


@given(st.lists(judged(), max_size=10))
def test_the_same_settings_make_no_difference(
    found: list[tuple[PastComment, tuple[Verdict, ...]]],
) -> None:
    settings = ScreenSettings()
    screens = concerned(settings, ScreenSettings())

    again = [(one, judge_again(one, make_facts(), screens)) for one, _ in found]

    assert screens == frozenset()
    assert all(is_against(verdicts) == is_against(one.verdicts) for one, verdicts in again)


def test_only_the_screens_that_the_change_concerns_look_again() -> None:
    said = (
        Verdict(ScreenName.LINKS, Finding.HOLD, "too_many_links", RuleKey("spam")),
        Verdict(ScreenName.WORDS, Finding.HOLD, "listed_word", RuleKey("hate")),
    )
    comment = PastComment(
        CommentId(1),
        StoryId(1),
        ReaderId(1),
        "No link.",
        NOW,
        CommentStatus.HELD,
        is_staff=False,
        verdicts=said,
    )

    again = judge_again(comment, make_facts(), {ScreenName.LINKS})

    assert {one.screen: one.finding for one in again} == {
        ScreenName.LINKS: Finding.PASS,
        ScreenName.WORDS: Finding.HOLD,
    }


def test_a_score_that_was_kept_is_judged_by_another_threshold() -> None:
    near = Verdict(
        ScreenName.CLASSIFIER, Finding.PASS, detail={"attribute": "insult", "score": 0.8}
    )
    comment = PastComment(
        CommentId(1),
        StoryId(1),
        ReaderId(1),
        "A text.",
        NOW,
        CommentStatus.PUBLISHED,
        is_staff=False,
        verdicts=(near,),
    )
    stricter = make_facts(settings=ScreenSettings(classifier_hold=0.7))

    (again,) = judge_again(comment, stricter, {ScreenName.CLASSIFIER})

    assert (again.finding, again.rule) == (Finding.HOLD, "personal-attack")

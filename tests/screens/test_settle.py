"""Settling is cautious, and the order in which the screens answer makes no difference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.terms import CommentStatus, Finding, RuleKey, ScreenName, StoryMode, Verdict
from belowline.screens.model import RULES_BY_GRAVITY
from belowline.screens.settle import Settlement, settle

MILDEST_FIRST = (CommentStatus.PUBLISHED, CommentStatus.HELD, CommentStatus.REFUSED)
RULES = st.sampled_from([*RULES_BY_GRAVITY, RuleKey("house-rule")])


def build_verdict(parts: tuple[ScreenName, Finding, str, RuleKey]) -> Verdict:
    name, finding, code, rule = parts
    cites = finding in (Finding.REFUSE, Finding.HOLD)
    return Verdict(name, finding, code=code, rule=rule if cites else None)


VERDICTS = st.tuples(
    st.sampled_from(ScreenName), st.sampled_from(Finding), st.sampled_from(["x", "y"]), RULES
).map(build_verdict)
MODES = st.sampled_from(StoryMode)


def settle_open(*verdicts: Verdict) -> Settlement:
    return settle(verdicts, mode=StoryMode.OPEN, held_by_sanction=False, is_staff=False)


PASS = Verdict(ScreenName.LENGTH, Finding.PASS)
HOLD = Verdict(ScreenName.LINKS, Finding.HOLD, code="too_many_links", rule=RuleKey("spam"))
GONE = Verdict(ScreenName.CLASSIFIER, Finding.UNAVAILABLE, code="unavailable")
REFUSE = Verdict(ScreenName.RATE, Finding.REFUSE, code="daily_limit", rule=RuleKey("disruption"))
THREAT = Verdict(ScreenName.WORDS, Finding.REFUSE, code="listed_word", rule=RuleKey("threat"))


@pytest.mark.parametrize(
    ("verdicts", "status", "code"),
    [
        pytest.param((), CommentStatus.PUBLISHED, "clean", id="nothing to say"),
        pytest.param((PASS,), CommentStatus.PUBLISHED, "clean", id="all pass"),
        pytest.param((PASS, HOLD), CommentStatus.HELD, "too_many_links", id="one holds"),
        pytest.param((HOLD, GONE), CommentStatus.HELD, "unavailable", id="one could not run"),
        pytest.param((HOLD, GONE, REFUSE), CommentStatus.REFUSED, "daily_limit", id="one refuses"),
        pytest.param((REFUSE, THREAT), CommentStatus.REFUSED, "listed_word", id="the gravest rule"),
    ],
)
def test_the_strictest_answer_decides(
    verdicts: tuple[Verdict, ...], status: CommentStatus, code: str
) -> None:
    settlement = settle_open(*verdicts)
    assert (settlement.status, settlement.code) == (status, code)


@pytest.mark.parametrize(
    ("mode", "held_by_sanction", "is_staff", "code"),
    [
        (StoryMode.OPEN, False, False, "clean"),
        (StoryMode.HOLD_FIRST, False, False, "story_holds_first"),
        (StoryMode.HOLD_FIRST, False, True, "clean"),
        (StoryMode.HOLD_FIRST, True, True, "own_comments_held"),
        (StoryMode.OPEN, True, False, "own_comments_held"),
        (StoryMode.CLOSED, False, True, "story_closed"),
        (StoryMode.SUSPENDED, False, False, "story_closed"),
    ],
)
def test_a_clean_comment_is_held_only_by_circumstances(
    mode: StoryMode, *, held_by_sanction: bool, is_staff: bool, code: str
) -> None:
    settlement = settle([PASS], mode=mode, held_by_sanction=held_by_sanction, is_staff=is_staff)
    assert settlement.code == code
    assert (settlement.status is CommentStatus.PUBLISHED) == (code == "clean")
    assert settlement.verdict is None


def test_every_reason_against_publishing_is_kept_strictest_first() -> None:
    settlement = settle(
        [HOLD, PASS, GONE, REFUSE],
        mode=StoryMode.HOLD_FIRST,
        held_by_sanction=True,
        is_staff=False,
    )
    assert settlement.reasons == (
        "daily_limit",
        "unavailable",
        "too_many_links",
        "own_comments_held",
        "story_holds_first",
    )


def test_a_refusal_without_a_rule_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="cites a rule"):
        Settlement(CommentStatus.REFUSED, None, "x", None, ())


@given(st.lists(VERDICTS, max_size=8).flatmap(lambda v: st.tuples(st.just(v), st.permutations(v))))
def test_the_order_of_the_verdicts_makes_no_difference(
    both: tuple[list[Verdict], list[Verdict]],
) -> None:
    assert settle_open(*both[0]) == settle_open(*both[1])


@given(
    verdicts=st.lists(VERDICTS, max_size=6),
    more=VERDICTS,
    mode=MODES,
    sanctioned=st.booleans(),
    staff=st.booleans(),
)
def test_one_more_verdict_never_makes_the_result_milder(
    verdicts: list[Verdict], more: Verdict, *, mode: StoryMode, sanctioned: bool, staff: bool
) -> None:
    before = settle(verdicts, mode=mode, held_by_sanction=sanctioned, is_staff=staff)
    after = settle([*verdicts, more], mode=mode, held_by_sanction=sanctioned, is_staff=staff)
    assert MILDEST_FIRST.index(after.status) >= MILDEST_FIRST.index(before.status)


@given(
    verdicts=st.lists(VERDICTS, max_size=6),
    mode=MODES,
    sanctioned=st.booleans(),
    staff=st.booleans(),
)
def test_refused_cites_a_rule_and_the_unavailable_is_never_published(
    verdicts: list[Verdict], *, mode: StoryMode, sanctioned: bool, staff: bool
) -> None:
    settlement = settle(verdicts, mode=mode, held_by_sanction=sanctioned, is_staff=staff)
    findings = {verdict.finding for verdict in verdicts}
    if settlement.status is CommentStatus.REFUSED:
        assert settlement.rule is not None
        assert settlement.verdict in verdicts
    assert (settlement.status is CommentStatus.REFUSED) == (Finding.REFUSE in findings)
    if findings - {Finding.PASS}:
        assert settlement.status is not CommentStatus.PUBLISHED

"""How fast one conversation goes where heat, hand and site all have a say, as properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.core.errors import InvalidInput
from belowline.core.terms import Refusal, SiteId, StoryId, StoryMode
from belowline.readers.standing import may_write_again
from belowline.stories.model import Slowing, Story
from belowline.stories.pace import (
    LASTS,
    PACES,
    Limit,
    check_slowing,
    find_limit,
    last_to_end,
    limits_of,
    may_write_now,
)
from tests.conftest import START

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
QUIET = Story(StoryId(1), SiteId(1), "bridge", "The bridge", "", StoryMode.OPEN, "", START, 0, 0)

moments = st.integers(-7200, 7200).map(lambda seconds: START + seconds * SECOND)
waits = st.sampled_from(PACES)
by_hand = st.builds(
    Slowing, between=waits, until=st.none() | moments, reason=st.just("It goes in circles.")
)
heats = st.tuples(waits, moments)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    hand, heat = draw(st.none() | by_hand), draw(st.none() | heats)
    story = replace(QUIET, slowed=hand)
    return replace(story, pace=heat[0], paced_until=heat[1]) if heat else story


def ask(limits: tuple[Limit, ...], last_at: datetime, now: datetime) -> Refusal | None:
    return may_write_now(limits, last_at=last_at, now=now)


@given(stories())
def test_readers_are_shown_the_slower_of_heat_and_hand(story: Story) -> None:
    shown = find_limit(story)
    set_so = [story.slowed.between] if story.slowed else []
    set_so += [story.pace] if story.paced_until else []

    assert (shown.between if shown else None) == max(set_so, default=None)


def test_of_two_alike_the_one_with_a_reason_is_shown() -> None:
    hand = Slowing(3 * MINUTE, None, "It goes in circles.")
    story = replace(QUIET, slowed=hand, pace=3 * MINUTE, paced_until=START + 60 * MINUTE)

    shown = find_limit(story)

    assert shown is not None
    assert (shown.by_hand, shown.reason, shown.until) == (True, "It goes in circles.", None)


@given(stories(), moments, moments)
def test_one_more_limit_never_lets_anybody_write_sooner(
    story: Story, last_at: datetime, now: datetime
) -> None:
    limits = limits_of(story)
    together = ask(limits, last_at, now)
    alone = [found for one in limits if (found := ask((one,), last_at, now))]

    assert (together is None) == (alone == [])
    if together is not None:
        assert together.until == max(one.until or now for one in alone)


@given(stories(), moments, moments)
def test_the_time_that_is_told_is_when_a_reader_may_write_and_not_before(
    story: Story, last_at: datetime, now: datetime
) -> None:
    limits = limits_of(story)
    refusal = ask(limits, last_at, now)
    if refusal is None:
        return
    assert refusal.code == "story_slowed"
    assert refusal.until is not None
    assert refusal.until > now
    assert ask(limits, last_at, refusal.until) is None
    assert ask(limits, last_at, refusal.until - SECOND / 2) is not None


@given(stories(), waits, moments, moments, moments)
def test_the_sites_pace_and_the_storys_are_both_waited_out(
    story: Story, site: timedelta, here: datetime, anywhere: datetime, now: datetime
) -> None:
    here, anywhere = min(here, now), min(max(here, anywhere), now)
    in_story = ask(limits_of(story), here, now)
    at_site = may_write_again(site, until=None, last_at=anywhere, now=now)

    told = last_to_end(at_site, in_story)

    assert (told is None) == (in_story is None and at_site is None)
    if told is not None:
        for one in (in_story, at_site):
            assert one is None or (told.until or now) >= (one.until or now)


def test_who_has_not_written_waits_for_nothing() -> None:
    assert may_write_now((Limit(MINUTE, None),), last_at=None, now=START) is None


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        pytest.param(Limit(3 * MINUTE, START + 9 * MINUTE), "once every 3 minutes", id="heat"),
        pytest.param(
            Limit(30 * SECOND, None, "Too fast to read.", by_hand=True),
            "once every 30 seconds; what you have written is kept. Too fast to read.",
            id="by hand, with its reason",
        ),
    ],
)
def test_a_refusal_says_how_slowly_and_why(limit: Limit, said: str) -> None:
    refusal = ask((limit,), START - SECOND, START)

    assert refusal is not None
    assert said in refusal.message


@pytest.mark.parametrize(
    ("between", "lasts_for", "reason", "field"),
    [
        pytest.param(7 * SECOND, None, "Why.", "between", id="a pace that is not to choose"),
        pytest.param(MINUTE, 5 * MINUTE, "Why.", "lasts_for", id="a time that is not"),
        pytest.param(MINUTE, None, "", "reason", id="no reason"),
    ],
)
def test_what_nobody_can_choose_is_refused(
    between: timedelta, lasts_for: timedelta | None, reason: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_slowing(between, lasts_for, reason)

    assert caught.value.field == field


def test_everything_that_is_offered_can_be_chosen() -> None:
    for between in PACES:
        for lasts_for in (None, *LASTS):
            check_slowing(between, lasts_for, "Why.")

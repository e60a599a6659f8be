"""The demo newspaper holds together and shows every state that a comment or a reader can be in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from belowline.core.terms import Finding, Outcome, Role, SanctionKind, StoryId, StoryMode
from belowline.demo.content import (
    AppealPart,
    CommentPart,
    DecisionPart,
    FeaturePart,
    Newspaper,
    ReportPart,
    SanctionPart,
    check,
    load_content,
)
from belowline.sanctions.model import ABOUT_REPORTS
from belowline.screens.model import Draft, RecentComment, ScreenFacts
from belowline.screens.pipeline import SCREENS

NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
NEWSPAPER = load_content()
COMMENTS = [comment for thread in NEWSPAPER.threads.values() for comment in thread]
REMOVED = [c for c in COMMENTS if c.decision and c.decision.outcome is Outcome.REMOVE]
APPEALS = [c.appeal for c in COMMENTS if c.appeal]


def depth(comment: CommentPart, by_key: dict[str, CommentPart]) -> int:
    steps = 0
    while comment.reply_to is not None:
        comment, steps = by_key[comment.reply_to], steps + 1
    return steps


def test_the_newspaper_has_staff_enough_to_decide_each_others_appeals() -> None:
    assert Counter(person.role for person in NEWSPAPER.staff) == {
        Role.OWNER: 1,
        Role.EDITOR: 2,
        Role.MODERATOR: 3,
    }


def test_all_addresses_are_ones_that_cannot_exist() -> None:
    assert all(person.email.endswith(".example") for person in NEWSPAPER.staff)
    assert all(reader.email.endswith(".example") for reader in NEWSPAPER.readers)
    assert all(".example/" in story.url for story in NEWSPAPER.stories)


def test_the_threads_are_as_busy_as_a_local_newspapers() -> None:
    assert len(COMMENTS) >= 320
    assert len(NEWSPAPER.readers) >= 45
    assert len(NEWSPAPER.threads["western-bypass"]) >= 130
    assert len(NEWSPAPER.threads["school-merger"]) >= 70
    assert min(len(thread) for thread in NEWSPAPER.threads.values()) >= 12


def test_more_than_half_of_the_comments_are_replies_and_they_nest() -> None:
    by_key = {comment.key: comment for comment in COMMENTS}
    replies = [comment for comment in COMMENTS if comment.reply_to]
    assert 0.5 < len(replies) / len(COMMENTS) < 0.75
    assert max(depth(comment, by_key) for comment in COMMENTS) in {5, 6}


def test_every_reader_has_said_something() -> None:
    writers = {comment.by for comment in COMMENTS}
    assert {reader.key for reader in NEWSPAPER.readers} <= writers


def test_nobody_answers_a_comment_that_was_never_seen() -> None:
    by_key = {comment.key: comment for comment in COMMENTS}
    unseen = {c.key for c in COMMENTS if c.expect or (c.held and c.decision is None)}
    assert [c.key for c in COMMENTS if c.reply_to in unseen] == []
    assert all(c.reply_to is None or c.reply_to in by_key for c in COMMENTS)


def test_every_story_mode_is_shown() -> None:
    modes = {story.key: story.mode for story in NEWSPAPER.stories}
    assert set(modes.values()) == set(StoryMode)
    assert modes["packing-plant-fire"] is StoryMode.SUSPENDED
    assert modes["walter-ashgill"] is StoryMode.HOLD_FIRST


def test_every_fate_of_a_comment_is_shown() -> None:
    kept = [c for c in COMMENTS if c.decision and c.decision.outcome is Outcome.KEEP]
    open_reports = [c for c in COMMENTS if c.reports and c.decision is None]
    assert len(REMOVED) == 15
    assert len(kept) == 3
    assert len(open_reports) == 8
    assert sum(c.featured is not None for c in COMMENTS) == 4
    assert sum(c.expect == "held" for c in COMMENTS) == 3
    assert sum(c.withdrawn for c in COMMENTS) == 2
    assert sum(c.edited is not None for c in COMMENTS) == 4
    assert sum(c.held and c.decision is None for c in COMMENTS) == 7


def test_appeals_wait_are_upheld_and_are_rejected() -> None:
    answers = Counter(a.decision.outcome if a.decision else "waiting" for a in APPEALS)
    assert answers == {"waiting": 2, "uphold": 1, "reject": 1}


def test_every_sanction_is_shown_and_one_of_two_warnings_is_acknowledged() -> None:
    sanctions = [c.sanction for c in COMMENTS if c.sanction]
    # Nobody is slowed down: that is no answer to a breach. Nobody there misuses reports.
    shown = {sanction.kind for sanction in sanctions}
    assert shown == set(SanctionKind) - {SanctionKind.SLOWED, *ABOUT_REPORTS}
    warnings = [s for s in sanctions if s.kind is SanctionKind.WARNING]
    assert sorted(warning.acknowledged for warning in warnings) == [False, True]


def test_nobody_comments_after_a_sanction_that_forbids_it() -> None:
    hours = {story.key: story.published_hours_ago for story in NEWSPAPER.stories}
    moments = {
        comment.key: comment.minutes - hours[story] * 60
        for story, thread in NEWSPAPER.threads.items()
        for comment in thread
    }
    for sanctioned in (c for c in COMMENTS if c.sanction and not c.sanction.acknowledged):
        later = [
            c.key
            for c in COMMENTS
            if c.by == sanctioned.by and moments[c.key] > moments[sanctioned.key]
        ]
        assert later == []


def test_the_screens_catch_the_three_comments_meant_for_them_and_no_other() -> None:
    hours = {story.key: story.published_hours_ago for story in NEWSPAPER.stories}
    timed = sorted(
        (NOW + timedelta(minutes=c.minutes, hours=-hours[story]), c.key, c)
        for story, thread in NEWSPAPER.threads.items()
        for c in thread
    )
    sent: list[tuple[str, RecentComment]] = []
    caught: dict[str, list[str]] = {}
    for now, key, comment in timed:
        facts = ScreenFacts(
            now=now,
            author_published_count=99,
            recent=tuple(recent for by, recent in reversed(sent) if by == comment.by),
            recent_by_others=tuple(recent.text for by, recent in sent if by != comment.by),
        )
        verdicts = [screen(Draft(comment.text), facts) for _, screen in SCREENS]
        if codes := [v.code for v in verdicts if v.finding is not Finding.PASS]:
            caught[key] = codes
        sent.append((comment.by, RecentComment(comment.text, now, StoryId(1))))
    assert caught.keys() == {c.key for c in COMMENTS if c.expect == "held"}, caught


def test_telephone_numbers_come_from_the_range_kept_for_fiction() -> None:
    numbers = [c for c in COMMENTS if "01632 960" in c.text]
    assert [c.decision.rule for c in numbers if c.decision] == ["private-info"]


def altered(key: str, change: Callable[[CommentPart], CommentPart]) -> Newspaper:
    """Return the newspaper with one comment changed."""
    threads = {
        story: tuple(change(c) if c.key == key else c for c in thread)
        for story, thread in NEWSPAPER.threads.items()
    }
    return replace(NEWSPAPER, threads=threads)


REMOVAL = DecisionPart(by="owen", outcome=Outcome.REMOVE, rule="spam", reason="An advert.")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(lambda c: replace(c, by="nobody"), "'nobody'", id="unknown-author"),
        pytest.param(lambda c: replace(c, respect=("nobody",)), "'nobody'", id="unknown-admirer"),
        pytest.param(lambda c: replace(c, respect=(c.by,)), "own comment", id="own-respect"),
        pytest.param(
            lambda c: replace(c, reports=(ReportPart(by="bex", rule="dull", note=""),)),
            "'dull'",
            id="unknown-rule",
        ),
        pytest.param(
            lambda c: replace(c, featured=FeaturePart(by="bex", reason="Good.")),
            "'bex'",
            id="featured-by-a-reader",
        ),
        pytest.param(lambda c: replace(c, key="bypass-02"), "twice", id="key-twice"),
        pytest.param(lambda c: replace(c, reply_to="bypass-99"), "bypass-99", id="early-reply"),
        pytest.param(lambda c: replace(c, by="jenny1"), "had not joined", id="before-joining"),
        pytest.param(lambda c: replace(c, minutes=9999), "future", id="from-the-future"),
        pytest.param(
            lambda c: replace(c, appeal=AppealPart(text="Why?")), "removal", id="appeal-of-nothing"
        ),
        pytest.param(
            lambda c: replace(c, decision=replace(REMOVAL, rule=None)), "rule", id="no-rule"
        ),
        pytest.param(
            lambda c: replace(
                c,
                decision=REMOVAL,
                sanction=SanctionPart(kind=SanctionKind.SUSPENSION, reason="Adverts."),
            ),
            "days",
            id="endless-suspension",
        ),
    ],
)
def test_a_part_that_does_not_fit_is_named(
    change: Callable[[CommentPart], CommentPart], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        check(altered("bypass-01", change))

"""Slowing one conversation down by hand, from the first word to the last, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.actions.comments import CommentDraft, post_comment
from belowline.actions.pacing import let_cool
from belowline.actions.sites import change_site
from belowline.actions.slowing import SlowDraft, let_go, slow_story
from belowline.core.errors import InvalidInput, NotAllowed, NotFound
from belowline.core.terms import ReaderId, StoryId
from belowline.events.kinds import StorySlowedByHand, StorySlowingEnded
from belowline.followers.live import read_news
from belowline.moderation.model import QueueView
from belowline.moderation.store import count_queue, list_queue
from belowline.outside.classifier import NullClassifier
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.model import Story
from tests import factories
from tests.conftest import SettableClock

MINUTE = timedelta(minutes=1)
WHY = "The same three points go round and round."


@pytest.fixture
def site(db: Database) -> Site:
    return factories.make_site(db)


@pytest.fixture
def by(db: Database, site: Site) -> ReaderId:
    return factories.make_staff(db, site.id)


@pytest.fixture
def story_id(db: Database, site: Site) -> StoryId:
    return factories.make_story(db, site.id)


def story_of(db: Database, site: Site, story_id: StoryId) -> Story:
    with db.read() as conn:
        return stories.get_story_by_id(conn, site.id, story_id)


def slow(
    db: Database,
    site: Site,
    story_id: StoryId,
    by: ReaderId,
    *,
    between: timedelta = 3 * MINUTE,
    lasts_for: timedelta | None = timedelta(hours=2),
) -> None:
    slow_story(
        db, story_id, site_id=site.id, by=by, slowing=SlowDraft(between, lasts_for, f" {WHY} ")
    )


def refused(db: Database, site: Site, story: Story, by: ReaderId, text: str) -> NotAllowed | None:
    draft = CommentDraft(site, story.key, text, accepts=1)
    try:
        post_comment(db, draft, by=by, classifier=NullClassifier())
    except NotAllowed as error:
        return error
    return None


def test_a_moderator_slows_a_conversation_and_its_pages_are_made_anew(
    db: Database, site: Site, by: ReaderId, story_id: StoryId, clock: SettableClock
) -> None:
    before = story_of(db, site, story_id).thread_version

    slow(db, site, story_id, by)
    slow(db, site, story_id, by)

    found = story_of(db, site, story_id)
    assert found.slowed is not None
    assert (found.slowed.between, found.slowed.reason) == (3 * MINUTE, WHY)
    assert found.slowed.until == clock.now.replace(microsecond=0) + timedelta(hours=2)
    # Once: the repeat changes nothing.
    assert found.thread_version == before + 1
    [event] = factories.events_of(db, StorySlowedByHand)
    assert event.actor_id() == by
    assert event.number("pace_seconds") == 180
    assert WHY not in str(event.data)
    with db.read() as conn:
        news = read_news(conn, site.id, story_id, since=before)
        assert [one.id for one in stories.list_paced(conn, site.id)] == [story_id]
    assert (news.pace_seconds, news.paced_until) == (180, found.slowed.until)


def test_readers_wait_and_are_told_until_when_and_why(
    db: Database, site: Site, by: ReaderId, story_id: StoryId, clock: SettableClock
) -> None:
    slow(db, site, story_id, by)
    story, reader = story_of(db, site, story_id), factories.make_reader(db)
    elsewhere = story_of(db, site, factories.make_story(db, site.id))

    assert refused(db, site, story, reader, "A first word about the bridge.") is None
    error = refused(db, site, story, reader, "And a second one right away.")

    assert error is not None
    assert error.code == "story_slowed"
    assert error.context["until"] == (clock.now + 3 * MINUTE).isoformat()
    assert WHY in error.message
    assert refused(db, site, elsewhere, reader, "Elsewhere I may go on at once.") is None
    for text in ("A word from the desk.", "And a second one from us."):
        assert refused(db, site, story, by, text) is None
    clock.advance(3 * MINUTE)
    assert refused(db, site, story, reader, "And a second one after a while.") is None


def test_it_ends_by_itself_or_when_somebody_lifts_it(
    db: Database, site: Site, by: ReaderId, story_id: StoryId, clock: SettableClock
) -> None:
    slow(db, site, story_id, by, lasts_for=timedelta(hours=1))
    lasting = factories.make_story(db, site.id)
    slow(db, site, lasting, by, lasts_for=None)
    clock.advance(timedelta(hours=1))

    assert let_cool(db) == 1
    assert let_cool(db) == 0

    assert story_of(db, site, story_id).slowed is None
    assert story_of(db, site, lasting).slowed is not None
    version = story_of(db, site, lasting).thread_version
    let_go(db, lasting, site_id=site.id, by=by)
    let_go(db, lasting, site_id=site.id, by=by)
    assert story_of(db, site, lasting).slowed is None
    assert story_of(db, site, lasting).thread_version == version + 1
    ended = factories.events_of(db, StorySlowingEnded)
    assert [(one.number("story_id"), one.actor_id()) for one in ended] == [
        (story_id, None),
        (lasting, by),
    ]


def test_a_time_that_is_over_holds_nobody_up_until_somebody_notes_it(
    db: Database, site: Site, by: ReaderId, story_id: StoryId, clock: SettableClock
) -> None:
    slow(db, site, story_id, by, between=timedelta(hours=1), lasts_for=timedelta(hours=1))
    story, reader = story_of(db, site, story_id), factories.make_reader(db)
    clock.advance(59 * MINUTE)
    assert refused(db, site, story, reader, "A first word about the bridge.") is None
    clock.advance(MINUTE)

    assert refused(db, site, story, reader, "The hour is over, says the page.") is None


def test_heat_and_hand_go_their_own_ways_and_the_slower_counts(
    db: Database, site: Site, by: ReaderId, story_id: StoryId, clock: SettableClock
) -> None:
    with db.write(factories.SYSTEM) as tx:
        stories.set_pace(tx, story_id, pace=10 * MINUTE, until=clock.now + 30 * MINUTE)
    slow(db, site, story_id, by, between=MINUTE, lasts_for=None)
    story, reader = story_of(db, site, story_id), factories.make_reader(db)
    assert refused(db, site, story, reader, "A first word about the bridge.") is None
    clock.advance(MINUTE)
    error = refused(db, site, story, reader, "And one after a minute.")
    assert error is not None
    assert error.context["until"] == (clock.now + 9 * MINUTE).isoformat()

    clock.advance(29 * MINUTE)
    assert let_cool(db) == 1

    cooled = story_of(db, site, story_id)
    assert (cooled.paced_until, cooled.slowed) == (None, story.slowed)
    assert refused(db, site, cooled, reader, "And one after half an hour.") is None
    assert refused(db, site, cooled, reader, "And one right after that.") is not None


def test_the_time_that_is_told_holds_where_the_site_is_slow_too(
    db: Database, site: Site, by: ReaderId, story_id: StoryId, clock: SettableClock
) -> None:
    slow(db, site, story_id, by, between=10 * MINUTE)
    slowed = change_site(db, site, settings=replace(site.settings, slow_seconds=60))
    story, reader = story_of(db, site, story_id), factories.make_reader(db)
    assert refused(db, slowed, story, reader, "A first word about the bridge.") is None

    error = refused(db, slowed, story, reader, "And a second one right away.")

    assert error is not None
    assert error.context["until"] == (clock.now + 10 * MINUTE).isoformat()


def test_what_waits_under_it_is_among_the_hot_stories(
    db: Database, site: Site, by: ReaderId, story_id: StoryId
) -> None:
    comment = factories.make_comment(db, site.id, story_id=story_id)
    factories.make_report(db, comment)
    factories.make_report(db, factories.make_comment(db, site.id))
    slow(db, site, story_id, by)

    with db.read() as conn:
        found = list_queue(conn, site.id, view=QueueView.HOT)
        counted = count_queue(conn, site.id)[QueueView.HOT]

    assert [one.case.comment_id for one in found] == [comment.id]
    assert counted == 1


def test_nobody_else_slows_anything_and_nobody_at_another_site(
    db: Database, site: Site, by: ReaderId, story_id: StoryId
) -> None:
    reader = factories.make_reader(db)
    with pytest.raises(NotAllowed):
        slow(db, site, story_id, reader)
    with pytest.raises(NotAllowed):
        let_go(db, story_id, site_id=site.id, by=reader)
    other = factories.make_site(db, "other")
    with pytest.raises(NotFound):
        slow(db, other, story_id, factories.make_staff(db, other.id))
    with pytest.raises(InvalidInput):
        slow(db, site, story_id, by, between=timedelta(seconds=1))
    assert story_of(db, site, story_id).slowed is None


def test_a_comment_asks_no_more_than_before_where_nothing_is_slow(
    db: Database, site: Site, story_id: StoryId
) -> None:
    story, reader = story_of(db, site, story_id), factories.make_reader(db)
    asked: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert refused(db, site, story, reader, "A first word about the bridge.") is None

    assert not [one for one in asked if "slow_" in one and "FROM stories" not in one]

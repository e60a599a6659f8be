"""Heat from the first report to the end of the speed limit, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from belowline.actions.comments import CommentDraft, post_comment
from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.pacing import let_cool
from belowline.actions.sanctions import SanctionDraft, impose
from belowline.actions.sites import change_site
from belowline.core.errors import NotAllowed
from belowline.core.terms import (
    SLOWED_TO,
    Actor,
    Outcome,
    ReaderId,
    RuleKey,
    SanctionKind,
    StoryId,
)
from belowline.events.kinds import StoryCooled, StorySlowed
from belowline.followers.heat import Heat
from belowline.followers.notify import Notify
from belowline.outside.classifier import NullClassifier
from belowline.rules import store as rules
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.tables import notices
from belowline.stories import store as stories
from belowline.stories.model import Story
from tests import factories
from tests.conftest import SettableClock


@pytest.fixture
def site(db: Database) -> Site:
    return factories.make_site(db)


def follow(db: Database) -> None:
    """Let the follower see all that has happened."""
    with db.write(factories.SYSTEM) as tx:
        Heat().handle(tx, factories.events_of(db))


def story_of(db: Database, site: Site, story_id: StoryId) -> Story:
    with db.read() as conn:
        return stories.get_story_by_id(conn, site.id, story_id)


def write(db: Database, site: Site, story: Story, by: ReaderId, text: str) -> None:
    draft = CommentDraft(site, story.key, text, accepts=1)
    post_comment(db, draft, by=by, classifier=NullClassifier())


def heat_up(db: Database, site: Site) -> StoryId:
    """Have two comments of one story removed."""
    story_id = factories.make_story(db, site.id)
    by = factories.make_staff(db, site.id)
    for _ in range(2):
        comment = factories.make_comment(db, site.id, story_id=story_id)
        draft = DecisionDraft(Outcome.REMOVE, RuleKey("spam"), "An advert.", comment.version)
        decide(db, comment.id, site_id=site.id, by=by, decision=draft)
    return story_id


def test_a_heated_conversation_is_slowed_and_everybody_hears_of_it(
    db: Database, site: Site, clock: SettableClock
) -> None:
    story_id = heat_up(db, site)
    quiet = factories.make_story(db, site.id)
    before = story_of(db, site, story_id).thread_version
    follow(db)
    follow(db)
    slowed = story_of(db, site, story_id)

    assert slowed.pace == timedelta(minutes=1)
    assert slowed.paced_until == clock.now + timedelta(minutes=30)
    # Once, however often it is looked at; and the thread's pages are made anew.
    assert slowed.thread_version == before + 1
    [event] = factories.events_of(db, StorySlowed)
    assert event.data["heat"] == "warm"
    assert story_of(db, site, quiet).paced_until is None
    with db.write(factories.SYSTEM) as tx:
        Notify(undo_for=timedelta(minutes=1), mail_works=False).handle(tx, [event])
    told = [one.kind for one in factories.rows_of(db, notices)]
    assert told == ["story_slowed"]


def test_readers_wait_between_two_comments_and_staff_do_not(
    db: Database, site: Site, clock: SettableClock
) -> None:
    story_id = heat_up(db, site)
    follow(db)
    story = story_of(db, site, story_id)
    reader, editor = factories.make_reader(db), factories.make_staff(db, site.id)
    write(db, site, story, reader, "Let us be calm about the bridge.")
    with pytest.raises(NotAllowed) as caught:
        write(db, site, story, reader, "But the ferry is another matter.")
    assert caught.value.code == "story_slowed"
    assert caught.value.context["until"] == (clock.now + timedelta(minutes=1)).isoformat()
    elsewhere = factories.make_story(db, site.id)
    write(db, site, story_of(db, site, elsewhere), reader, "Here it is quiet, they say.")
    for text in ("A word from the desk.", "And a second word from us."):
        write(db, site, story, editor, text)
    clock.advance(timedelta(minutes=1))
    write(db, site, story, reader, "But the ferry is another matter.")


def test_the_limit_ends_by_itself_and_is_taken_off_the_page(
    db: Database, site: Site, clock: SettableClock
) -> None:
    story_id = heat_up(db, site)
    follow(db)
    assert let_cool(db) == 0
    clock.advance(timedelta(minutes=30))
    assert let_cool(db) == 1
    assert let_cool(db) == 0
    assert story_of(db, site, story_id).paced_until is None
    assert len(factories.events_of(db, StoryCooled)) == 1


def test_reporters_who_share_a_network_do_not_heat_a_thread_up(db: Database, site: Site) -> None:
    story_id = factories.make_story(db, site.id)
    gang = [factories.make_reader(db) for _ in range(8)]
    factories.make_connected(db, *gang)
    for number in range(2):
        comment = factories.make_comment(db, site.id, story_id=story_id)
        for one in gang[number::2]:
            factories.make_report(db, comment, by=one, rule="spam")
    follow(db)

    assert story_of(db, site, story_id).paced_until is None


def test_an_accepted_rulebook_is_not_lost_to_a_refusal(db: Database, site: Site) -> None:
    story_id = heat_up(db, site)
    follow(db)
    reader = factories.make_reader(db)
    write(db, site, story_of(db, site, story_id), reader, "One word about this.")
    with db.write(Actor(reader)) as tx:
        assert rules.has_accepted(tx.conn, reader, rules.get_current_rulebook(tx.conn, site.id).id)


def refused(db: Database, site: Site, story: Story, by: ReaderId, text: str) -> str | None:
    try:
        write(db, site, story, by, text)
    except NotAllowed as error:
        return error.code
    return None


def test_a_reader_who_was_slowed_down_waits_wherever_they_write(
    db: Database, site: Site, clock: SettableClock
) -> None:
    one, other = (story_of(db, site, factories.make_story(db, site.id)) for _ in range(2))
    author, bystander = factories.make_reader(db), factories.make_reader(db)
    write(db, site, one, author, "My first word about this.")
    impose(
        db,
        site_id=site.id,
        reader_id=author,
        by=factories.make_staff(db, site.id),
        sanction=SanctionDraft(
            SanctionKind.SLOWED, timedelta(days=1), "You crowd others out.", RuleKey("disruption")
        ),
    )
    assert refused(db, site, other, author, "And a second one at once.") == "slowed_down"
    assert refused(db, site, one, bystander, "A calm word of mine.") is None
    clock.advance(SLOWED_TO)
    assert refused(db, site, other, author, "A third one, after a while.") is None
    assert refused(db, site, other, author, "A fourth one, much too soon.") == "slowed_down"
    clock.advance(timedelta(days=1))
    assert refused(db, site, one, author, "The next day it is over.") is None
    assert refused(db, site, one, author, "So that nobody has to wait.") is None


def test_a_site_can_ask_everybody_to_wait(db: Database, site: Site, clock: SettableClock) -> None:
    story = story_of(db, site, factories.make_story(db, site.id))
    slow = change_site(db, site, settings=replace(site.settings, slow_seconds=60))
    author, moderator = factories.make_reader(db), factories.make_staff(db, site.id)
    assert refused(db, slow, story, author, "A first word about it.") is None
    assert refused(db, slow, story, author, "Another one right away.") == "slowed_down"
    clock.advance(timedelta(seconds=60))
    assert refused(db, slow, story, author, "Another one a minute later.") is None
    for text in ("We are looking into this.", "The road is closed until noon."):
        assert refused(db, slow, story, moderator, text) is None

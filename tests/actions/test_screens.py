"""What editors set for the screens holds for the next comment, and is tried on the past before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from belowline.actions.comments import CommentDraft, post_comment
from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.screening import screen_settings, screen_settings_of
from belowline.actions.screens import (
    change_screens,
    change_story_screens,
    fingerprint,
    site_options,
    story_options,
)
from belowline.actions.sites import change_site
from belowline.actions.trying import try_screens
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, NotAllowed, StaleVersion
from belowline.core.terms import CommentStatus, Outcome, ReaderId, Role, RuleKey, StoryId
from belowline.events.kinds import ScreensChanged
from belowline.outside.classifier import NullClassifier
from belowline.rules import store as rules
from belowline.screens.trial import Trial
from belowline.screens.versions import list_versions
from belowline.sites import store as sites
from belowline.sites.model import ListedWord, Site, SiteSettings
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.model import StoryScreens, StoryWord
from tests import factories
from tests.conftest import SettableClock

LINKS = "Look at https://one.example and https://two.example for the figures of last year."


@pytest.fixture
def site(db: Database) -> Site:
    return factories.make_site(db)


@pytest.fixture
def editor(db: Database, site: Site) -> ReaderId:
    return factories.make_staff(db, site.id, Role.EDITOR)


def now(db: Database, site: Site) -> Site:
    with db.read() as conn:
        return sites.get_site_by_id(conn, site.id)


def writer(db: Database, site: Site) -> ReaderId:
    by = factories.make_reader(db)
    with db.write(factories.SYSTEM) as tx:
        rules.accept(tx, by, rules.get_current_rulebook(tx.conn, site.id).id)
    return by


def post(db: Database, site: Site, story_id: StoryId, text: str) -> Comment:
    with db.read() as conn:
        key = stories.get_story_by_id(conn, site.id, story_id).key
    return post_comment(
        db,
        CommentDraft(now(db, site), key, text),
        by=writer(db, site),
        classifier=NullClassifier(),
    )


def change(
    db: Database, site: Site, by: ReaderId, seen: str | None = None, **values: object
) -> None:
    settings = replace(now(db, site).settings, **values)  # type: ignore[arg-type]
    change_screens(db, site.id, by=by, settings=settings, seen=seen)


def attempt(db: Database, site: Site, by: ReaderId, **values: object) -> Trial:
    found = now(db, site)
    after = screen_settings_of(found, replace(found.settings, **values))  # type: ignore[arg-type]
    return try_screens(db, site.id, by=by, before=screen_settings(found), after=after)


def test_what_an_editor_sets_holds_for_the_next_comment(
    db: Database, site: Site, editor: ReaderId
) -> None:
    story_id = factories.make_story(db, site.id)
    before = post(db, site, story_id, LINKS)

    change(db, site, editor, max_links=1)

    assert before.status is CommentStatus.PUBLISHED
    assert post(db, site, story_id, LINKS + " Again.").status is CommentStatus.HELD


def test_one_story_has_screens_of_its_own_and_no_other(
    db: Database, site: Site, editor: ReaderId
) -> None:
    strict, other = factories.make_story(db, site.id), factories.make_story(db, site.id)
    words = (StoryWord("heron", "off-topic", "hold"),)
    screens = StoryScreens(max_links=0, newcomer_holds=3, words=words)
    change_story_screens(db, site.id, strict, by=editor, screens=screens, seen=None)

    held = post(db, site, strict, "A calm remark about the bridge.")
    listed = post(db, site, strict, "There is a heron at the mill.")

    assert (held.status, held.reason) == (CommentStatus.HELD, "newcomer")
    assert (listed.status, listed.rule_key) == (CommentStatus.HELD, "off-topic")
    assert post(db, site, other, "There is a heron at the bridge.").status is (
        CommentStatus.PUBLISHED
    )


def test_a_change_is_kept_with_who_made_it_and_the_log_names_no_value(
    db: Database, site: Site, editor: ReaderId
) -> None:
    change(db, site, editor, max_links=1, words=(ListedWord("blether", "spam", "hold"),))
    change(db, site, editor, max_links=1)

    with db.read() as conn:
        (kept,) = list_versions(conn, site.id, None, limit=5)
    (event,) = factories.events_of(db, ScreensChanged)
    assert (kept.changed_by, kept.options["max_links"]) == (editor, 1)
    assert set(event.data["changed"]) == {"max_links", "words"}
    assert "blether" not in str(event.data)


def test_what_the_command_line_sets_is_in_the_history_too(db: Database, site: Site) -> None:
    change_site(db, site, settings=replace(site.settings, max_links=7, contact="The desk"))
    change_site(db, now(db, site), name="The Echo")

    with db.read() as conn:
        (kept,) = list_versions(conn, site.id, None, limit=5)
    assert (kept.changed_by, kept.changed) == (None, ("max_links",))


def test_a_page_from_before_a_colleagues_change_is_refused(
    db: Database, site: Site, editor: ReaderId
) -> None:
    seen = fingerprint(site_options(site.settings))
    change(db, site, editor, seen=seen, max_links=1)

    with pytest.raises(StaleVersion):
        change(db, site, editor, seen=seen, max_links=5)

    story_id = factories.make_story(db, site.id)
    first = fingerprint(story_options(None))
    screens = StoryScreens(max_links=1)
    change_story_screens(db, site.id, story_id, by=editor, screens=screens, seen=first)
    with pytest.raises(StaleVersion):
        change_story_screens(db, site.id, story_id, by=editor, screens=StoryScreens(), seen=first)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"max_links": 101}, id="too-many"),
        pytest.param({"rate_burst": 0}, id="nobody-could-write"),
        pytest.param({"classifier_hold": 1.5}, id="no-share"),
        pytest.param({"words": (ListedWord("x", "no-such-rule", "hold"),)}, id="no-rule"),
        pytest.param({"words": (ListedWord("x", "spam", "ban"),)}, id="no-finding"),
        pytest.param({"allowed_words": (" ",)}, id="empty-word"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    db: Database, site: Site, editor: ReaderId, values: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        change(db, site, editor, **values)

    assert now(db, site).settings == SiteSettings()


def test_a_moderator_can_neither_set_nor_try_anything(db: Database, site: Site) -> None:
    moderator = factories.make_staff(db, site.id)

    for act in (change, attempt):
        with pytest.raises(NotAllowed):
            act(db, site, moderator, max_links=1)


# Trying


def test_trying_tells_what_the_change_would_have_done_and_what_became_of_it(
    db: Database, site: Site, editor: ReaderId, clock: SettableClock
) -> None:
    story_id = factories.make_story(db, site.id)
    change(db, site, editor, max_links=1)
    held = post(db, site, story_id, LINKS)
    clock.advance(timedelta(hours=3))
    one = post(db, site, story_id, "Only https://one.example says so, and nobody else.")
    plain = post(db, site, story_id, "A remark without any address in it.")
    remove(db, site, one, by=editor)

    stricter, looser = (
        attempt(db, site, editor, max_links=0),
        attempt(db, site, editor, max_links=2),
    )

    assert (stricter.looked_at, stricter.held_then, stricter.held) == (3, 1, 2)
    assert (stricter.caught, stricter.caught_and_removed) == ((one.id,), 1)
    assert stricter.held_and_removed == 1
    assert (looser.held, looser.let_through, looser.caught) == (0, (held.id,), ())
    assert plain.id not in {*stricter.caught, *looser.let_through}
    assert stricter.is_complete


def test_trying_changes_nothing(db: Database, site: Site, editor: ReaderId) -> None:
    story_id = factories.make_story(db, site.id)
    comment = post(db, site, story_id, LINKS)
    before = len(factories.events_of(db))

    attempt(db, site, editor, max_links=0)

    assert factories.reread(db, comment) == comment
    assert len(factories.events_of(db)) == before
    assert now(db, site).settings.max_links == SiteSettings().max_links


def test_newcomers_are_told_by_what_was_published_before_each_comment(
    db: Database, site: Site, editor: ReaderId, clock: SettableClock
) -> None:
    story_id = factories.make_story(db, site.id)
    with db.read() as conn:
        key = stories.get_story_by_id(conn, site.id, story_id).key
    by = writer(db, site)
    sent = []
    for text in ("The first of these.", "The second of these, longer.", "And a third one here."):
        draft = CommentDraft(site, key, text)
        sent.append(post_comment(db, draft, by=by, classifier=NullClassifier()))
        clock.advance(timedelta(hours=1))

    trial = attempt(db, site, editor, newcomer_holds=2)

    assert trial.caught == (sent[1].id, sent[0].id)


def test_haste_and_repetition_are_judged_as_they_were_then(
    db: Database, site: Site, editor: ReaderId, clock: SettableClock
) -> None:
    story_id = factories.make_story(db, site.id)
    with db.read() as conn:
        key = stories.get_story_by_id(conn, site.id, story_id).key
    by = writer(db, site)
    sent = []
    for text in ("The first of these.", "The second of these, longer.", "And a third one here."):
        draft = CommentDraft(site, key, text)
        sent.append(post_comment(db, draft, by=by, classifier=NullClassifier()))
        clock.advance(timedelta(seconds=20))

    assert attempt(db, site, editor, rate_burst=2).caught == (sent[2].id,)
    assert attempt(db, site, editor, rate_burst=2, rate_seconds=30).caught == ()


def test_a_trial_has_an_end(db: Database, site: Site, editor: ReaderId) -> None:
    story_id = factories.make_story(db, site.id)
    for number in range(3):
        post(db, site, story_id, f"Remark number {number} about the bridge at the mill.")
    ticks = iter([0.0, 1.0, 7.0])
    found = now(db, site)
    after = screen_settings_of(found, replace(found.settings, max_links=0))

    trial = try_screens(
        db,
        site.id,
        by=editor,
        before=screen_settings(found),
        after=after,
        stopwatch=lambda: next(ticks),
    )

    assert (trial.looked_at, trial.is_complete) == (0, False)


def remove(db: Database, site: Site, comment: Comment, *, by: ReaderId) -> None:
    seen = factories.reread(db, comment).version
    draft = DecisionDraft(Outcome.REMOVE, RuleKey("spam"), "An advert.", seen)
    decide(db, comment.id, site_id=site.id, by=by, decision=draft)

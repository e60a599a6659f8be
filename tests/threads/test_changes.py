"""What readers of a thread are told to have changed, and what they are never told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.comments import withdraw_comment
from belowline.actions.moderation import DecisionDraft, decide, feature_comment, undo
from belowline.actions.readers import rename_reader
from belowline.comments.model import Comment
from belowline.core.terms import CommentId, Outcome, Role, RuleKey, StoryId, ThreadChange
from belowline.moderation.model import Decision
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.threads import changes
from tests import factories


@pytest.fixture
def site(db: Database) -> Site:
    return factories.make_site(db)


def version(db: Database, site: Site, story_id: StoryId) -> int:
    with db.read() as conn:
        return stories.get_story_by_id(conn, site.id, story_id).thread_version


def since(db: Database, comment: Comment, before: int) -> list[tuple[int, str, bool]]:
    with db.read() as conn:
        found = changes.list_changes(conn, comment.site_id, comment.story_id, since=before)
    assert found is not None
    return [(one.id, one.kind.value, one.line) for one in found]


def settle(db: Database, comment: Comment, outcome: Outcome) -> Decision:
    by = factories.make_staff(db, comment.site_id)
    rule = RuleKey("spam") if outcome is Outcome.REMOVE else None
    draft = DecisionDraft(outcome, rule, "It is so.", factories.reread(db, comment).version)
    return decide(db, comment.id, site_id=comment.site_id, by=by, decision=draft)


def take_back(db: Database, decision: Decision) -> None:
    by = decision.decided_by
    assert by is not None
    window = timedelta(minutes=1)
    undo(db, decision.id, site_id=decision.site_id, by=by, undo_for=window)


def test_a_new_comment_is_told_once_and_later_changes_as_what_they_are(
    db: Database, site: Site
) -> None:
    first = factories.make_comment(db, site.id)
    seen = version(db, site, first.story_id)
    reply = factories.make_comment(db, site.id, parent=first)
    told = version(db, site, first.story_id)

    assert since(db, first, seen) == [(reply.id, "new", True)]
    assert since(db, first, told) == []
    removal = settle(db, reply, Outcome.REMOVE)
    assert since(db, first, told) == [(reply.id, "gone", True)]
    take_back(db, removal)
    assert since(db, first, told) == [(reply.id, "back", True)]
    # Who has not heard of it at all hears of a new comment, whatever it has been through.
    assert since(db, first, seen) == [(reply.id, "new", True)]


def test_what_waits_or_was_refused_is_never_told(db: Database, site: Site) -> None:
    shown = factories.make_comment(db, site.id)
    kept = {"story_id": shown.story_id}
    factories.make_comment(db, site.id, verdicts=[factories.REFUSING], **kept)
    held = factories.make_comment(db, site.id, verdicts=[factories.HOLDING], **kept)
    take_back(db, settle(db, held, Outcome.REMOVE))

    assert since(db, shown, 0) == [(shown.id, "new", True)]


def test_a_held_comment_is_new_when_it_is_published(db: Database, site: Site) -> None:
    held = factories.make_comment(db, site.id, verdicts=[factories.HOLDING])
    before = version(db, site, held.story_id)
    settle(db, held, Outcome.PUBLISH)

    assert since(db, held, before) == [(held.id, "new", True)]


def test_nobody_hears_that_a_comment_was_looked_at_and_left(db: Database, site: Site) -> None:
    comment = factories.make_comment(db, site.id)
    before = version(db, site, comment.story_id)
    factories.make_report(db, comment)
    settle(db, comment, Outcome.KEEP)

    assert since(db, comment, before) == []


def test_a_line_that_only_held_up_replies_goes_with_the_last_of_them(
    db: Database, site: Site
) -> None:
    author = factories.make_reader(db)
    root = factories.make_comment(db, site.id, author_id=author)
    reply = factories.make_comment(db, site.id, parent=root, author_id=author)
    withdraw_comment(db, root.id, site_id=site.id, by=author)
    before = version(db, site, root.story_id)
    withdraw_comment(db, reply.id, site_id=site.id, by=author)

    assert since(db, root, before) == [(root.id, "gone", False), (reply.id, "gone", False)]


def test_a_pick_and_a_new_name_are_told(db: Database, site: Site) -> None:
    author = factories.make_reader(db)
    comment = factories.make_comment(db, site.id, author_id=author)
    before = version(db, site, comment.story_id)
    editor = factories.make_staff(db, site.id, Role.EDITOR)
    feature_comment(db, comment.id, site_id=site.id, by=editor, reason="Well put.")
    assert since(db, comment, before) == [(comment.id, ThreadChange.FEATURED, True)]
    before = version(db, site, comment.story_id)
    rename_reader(db, author, site_id=site.id, name="Another Name")

    assert since(db, comment, before) == [(comment.id, ThreadChange.EDITED, True)]


def test_too_much_at_once_is_not_listed(db: Database, site: Site) -> None:
    first = factories.make_comment(db, site.id)
    factories.make_comment(db, site.id, story_id=first.story_id)
    with db.read() as conn:
        ask = (conn, site.id, first.story_id)
        assert changes.list_changes(*ask, since=0, limit=1) is None
        assert changes.list_changes(*ask, since=0, limit=2) is not None


def test_lines_are_given_by_id_and_only_those_of_the_story(db: Database, site: Site) -> None:
    root = factories.make_comment(db, site.id)
    chain = [root]
    for _ in range(6):
        chain.append(factories.make_comment(db, site.id, parent=chain[-1]))
    elsewhere = factories.make_comment(db, site.id)
    held = factories.make_comment(db, site.id, story_id=root.story_id, verdicts=[factories.HOLDING])
    ids = [CommentId(one.id) for one in (*chain, elsewhere, held)]
    with db.read() as conn:
        lines = changes.list_lines(conn, site.id, root.story_id, ids)

    assert [one.id for one in lines] == [one.id for one in chain]
    assert [bool(one.answers) for one in lines] == [False] * 5 + [True] * 2

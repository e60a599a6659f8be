"""Counts for front pages: from memory, and never older than a look."""

from __future__ import annotations

import pytest

from belowline.actions.comments import withdraw_comment
from belowline.actions.sites import ModeChange, set_story_mode
from belowline.core.errors import NotFound
from belowline.core.terms import Role, StoryMode
from belowline.followers.counts import CountCache
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.stories import store as stories
from tests import factories


@pytest.fixture
def site(db: Database) -> Site:
    return factories.make_site(db)


def test_counts_stay_in_memory_until_the_thread_changes(db: Database, site: Site) -> None:
    cache = CountCache(db)
    story_id = factories.make_story(db, site.id, "bridge")
    comment = factories.make_comment(db, site.id, story_id=story_id)
    assert cache.find(site.key, ["bridge"]) is None
    assert cache.read(site.key, ["bridge", "unknown", "not a key"]) == {
        "bridge": 1,
        "unknown": 0,
        "not a key": 0,
    }
    assert cache.find(site.key, ["bridge", "unknown"]) == {"bridge": 1, "unknown": 0}

    withdraw_comment(db, comment.id, site_id=site.id, by=comment.author_id)
    assert cache.find(site.key, ["bridge"]) is None
    assert cache.read(site.key, ["bridge"]) == {"bridge": 0}


def test_another_process_is_noticed_by_its_versions(db: Database, site: Site) -> None:
    cache = CountCache(db)
    story_id = factories.make_story(db, site.id, "bridge")
    cache.read(site.key, ["bridge", "ferry"])
    other = Database(db.engine.url.render_as_string(hide_password=False))
    factories.make_comment(other, site.id, story_id=story_id)
    factories.make_story(other, site.id, "ferry")
    other.close()
    assert cache.find(site.key, ["bridge", "ferry"]) == {"bridge": 0, "ferry": 0}
    cache.look()

    assert cache.find(site.key, ["bridge"]) is None
    # What was not known may be known now.
    assert cache.find(site.key, ["ferry"]) is None
    assert cache.read(site.key, ["bridge"]) == {"bridge": 1}


def test_a_suspended_story_tells_of_none_and_sites_are_apart(db: Database, site: Site) -> None:
    cache = CountCache(db)
    story_id = factories.make_story(db, site.id, "bridge")
    factories.make_comment(db, site.id, story_id=story_id)
    elsewhere = factories.make_site(db, "elsewhere")
    assert cache.read(elsewhere.key, ["bridge"]) == {"bridge": 0}
    assert cache.read(site.key, ["bridge"]) == {"bridge": 1}
    editor = factories.make_staff(db, site.id, Role.EDITOR)
    change = ModeChange(StoryMode.SUSPENDED, "Not available.")
    set_story_mode(db, story_id, site_id=site.id, by=editor, change=change)
    assert cache.read(site.key, ["bridge"]) == {"bridge": 0}
    with pytest.raises(NotFound):
        cache.read("nowhere", ["bridge"])


def test_what_changed_while_it_was_read_is_not_kept(
    db: Database, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = CountCache(db)
    story_id = factories.make_story(db, site.id, "bridge")
    read = stories.list_counts

    def slowly(*given: object) -> object:
        found = read(*given)  # type: ignore[arg-type]
        cache.drop([story_id])
        return found

    monkeypatch.setattr(stories, "list_counts", slowly)
    cache.read(site.key, ["bridge"])

    assert cache.find(site.key, ["bridge"]) is None

"""What one reader has published is found by ranges of indexes, however large the site is."""

from __future__ import annotations

import pytest

from belowline.actions.follows import follow_story
from belowline.core.terms import CommentId
from belowline.readers.follows import list_follows, list_to_tell
from belowline.storage.database import Database
from belowline.threads.by import find_writer, has_page, list_written
from belowline.threads.readings import read_shown, visits_of
from tests import factories
from tests.threads.plans import plan_of, statements_of

TABLES = ("comments", "follows", "notices", "mutes", "readings", "visits", "readers", "stories")


@pytest.mark.unused_database
def test_no_statement_of_a_public_page_of_following_or_of_readings_reads_a_whole_table(
    db: Database,
) -> None:
    site = factories.make_site(db)
    story_id = factories.make_story(db, site.id, "bridge")
    ann, bea = factories.make_reader(db), factories.make_reader(db)
    made = [
        factories.make_comment(db, site.id, story_id=story_id, author_id=ann) for _ in range(30)
    ]
    follow_story(db, "bridge", site_id=site.id, by=bea)

    def act() -> None:
        with db.read() as conn:
            writer = find_writer(conn, site.id, made[0].id)
            assert writer is not None
            assert has_page(conn, site.id, made[0].id)
            assert len(list_written(conn, site.id, ann)) == 21
            assert list_written(conn, site.id, ann, before=CommentId(made[0].id)) == []
            assert len(list_follows(conn, site.id, bea)) == 1
            told = list_to_tell(conn, story_id, at=db.clock(), author_id=ann, answered_id=None)
            assert [one.reader_id for one in told] == [bea]
            read_shown(conn, story_id)
            visits_of(conn, story_id)

    plans = "\n".join(plan_of(db, one) for one in statements_of(db, act))

    for table in TABLES:
        assert f"SCAN {table}" not in plans, plans
        assert f"Seq Scan on {table}" not in plans, plans

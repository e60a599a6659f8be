"""The queue is a range of one index and its search a few steps of another, whatever their size."""

from __future__ import annotations

import re

import pytest

from belowline.core.terms import CommentId
from belowline.moderation.filters import Filters
from belowline.moderation.model import QueuePlace, QueueView
from belowline.moderation.store import Part, count_queue, list_queues
from belowline.search.named import find_meant
from belowline.search.precedents import find_precedents
from belowline.search.query import read_query
from belowline.search.store import find_comments
from belowline.storage.database import Database
from tests import factories
from tests.search.worlds import fill
from tests.threads.plans import plan_of, statements_of

SCAN = re.compile(
    r"SCAN (?!comment_words_fts VIRTUAL|found|among|anon)|Seq Scan on (?!readers|stories)"
)


@pytest.mark.unused_database
@pytest.mark.parametrize("view", QueueView)
def test_each_view_of_the_queue_is_a_part_of_one_index(db: Database, view: QueueView) -> None:
    site = factories.make_site(db)
    factories.make_comment(db, site.id, verdicts=[factories.HOLDING])

    def look() -> None:
        with db.read() as conn:
            after = QueuePlace(1000.0, 0)  # type: ignore[arg-type]
            list_queues(conn, [site.id], Part(Filters(view)), after=after)
            count_queue(conn, site.id)

    places, *_ = statements_of(db, look)
    plan = plan_of(db, places, off=("enable_bitmapscan",))
    assert "ix_cases_queue" in plan
    if db.is_sqlite:
        assert "COVERING INDEX ix_cases_queue (site_id=? AND state=? AND priority<?)" in plan
        assert not re.search("SCAN cases", plan)


@pytest.mark.unused_database
def test_nothing_that_the_desk_finds_reads_all_comments(db: Database) -> None:
    site = factories.make_site(db)
    comment = factories.make_comment(db, site.id)
    fill(db)

    def look() -> None:
        with db.read() as conn:
            for typed in ("bridge", "status:held rule:spam", '"stay open" -café after:2026'):
                find_comments(conn, find_meant(conn, read_query(typed), [site.id]))
            find_precedents(
                conn, "The bridge", site_id=site.id, sites=[site.id], but_not=CommentId(comment.id)
            )

    for statement in statements_of(db, look):
        if "comments" not in statement[0] and "comment_words" not in statement[0]:
            continue
        plan = plan_of(db, statement)
        assert not re.search(r"SCAN comment(s|_words)\b(?!_)|Seq Scan on comment", plan), plan
        if db.is_sqlite:
            assert "ix_comments_site_id" not in plan, "all comments of the site"
        elif "to_tsvector" in statement[0] and "JOIN" not in statement[0]:
            # A table of one row is looked up by any index, so the others are put aside.
            plan = plan_of(db, statement, off=("enable_indexscan",))
            assert "ix_comment_words_words" in plan, plan

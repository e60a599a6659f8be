"""The queues of several sites in one order, on both databases, page behind page."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from belowline.moderation.filters import Filters
from belowline.moderation.model import QueueView
from belowline.moderation.store import Part, list_queues
from belowline.storage.database import Database
from belowline.storage.tables import cases
from tests import factories

PRIORITIES = [5.0, 80.0, 5.0, 30.0, 80.0, 30.0, 1.0]


@pytest.mark.parametrize("limit", [1, 2, 25])
def test_pages_follow_each_other_in_the_order_of_all(db: Database, limit: int) -> None:
    here, there, foreign = (factories.make_site(db, key) for key in ("echo", "second", "foreign"))
    order = []
    for number, priority in enumerate(PRIORITIES):
        site = (here, there)[number % 2]
        comment = factories.make_comment(db, site.id, verdicts=[factories.HOLDING])
        with db.write(factories.SYSTEM) as tx:
            of_comment = sa.update(cases).where(cases.c.comment_id == comment.id)
            tx.conn.execute(of_comment.values(priority=priority))
        order.append((-priority, number, comment.id))
    factories.make_comment(db, foreign.id, verdicts=[factories.HOLDING])

    found, after = [], None
    with db.read() as conn:
        part = Part(Filters(QueueView.HELD))
        while page := list_queues(conn, [here.id, there.id], part, after=after, limit=limit):
            assert len(page) <= limit
            found += [card.case.comment_id for card in page]
            after = page[-1].place

    assert found == [comment_id for *_, comment_id in sorted(order)]

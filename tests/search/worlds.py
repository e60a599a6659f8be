"""Bringing the index in step, as the follower and its chore do."""

from __future__ import annotations

from belowline.core.terms import SiteId
from belowline.followers.search import FillSearch, Search
from belowline.search.model import SearchOrder
from belowline.search.named import find_meant
from belowline.search.query import read_query
from belowline.search.store import find_comments
from belowline.storage.database import Database
from tests import factories


def follow(db: Database) -> None:
    """Let the follower read the whole log. Doing so again changes nothing."""
    happened = factories.events_of(db)
    with db.write(factories.SYSTEM) as tx:
        Search().handle(tx, happened)


def fill(db: Database) -> None:
    """Let the chore read what has no events, and clear out what was erased."""
    chore = FillSearch(db)
    while chore.work():
        pass


def found(
    db: Database,
    sites: list[SiteId],
    typed: str,
    order: SearchOrder = SearchOrder.NEWEST,
    limit: int = 25,
) -> list[int]:
    """Return the comments that are found, in their order."""
    with db.read() as conn:
        meant = find_meant(conn, read_query(typed), sites)
        return [one.id for one in find_comments(conn, meant, order=order, limit=limit)]

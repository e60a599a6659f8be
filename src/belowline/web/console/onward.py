"""The way on through a part of the queue: which case comes next, at one site or over all.

What waits for nothing but an appeal is decided on the appeal's own page. However many of those, of
the visitor's own comments and of cases at which others look come first, the search goes on behind
them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from litestar.response import Redirect

from belowline.actions.leases import take_case
from belowline.core.terms import CommentId, ReaderId, SiteId
from belowline.moderation import store as cases
from belowline.moderation.filters import Round
from belowline.moderation.leases import Lease, find_leases
from belowline.moderation.model import QueueCard, QueuePlace
from belowline.moderation.store import Part
from belowline.search.named import find_meant
from belowline.search.query import read_query
from belowline.search.store import select_comments
from belowline.sites.model import Site
from belowline.web.auth import Visitor
from belowline.web.console.desk import back_to
from belowline.web.console.everywhere import moderated_sites
from belowline.web.redirects import see_other

LOOK_AHEAD = 25


@dataclass(frozen=True, slots=True)
class Next:
    """The case that comes next, and where it is."""

    site: Site
    comment_id: CommentId


def sites_of(conn: sa.Connection, visitor: Visitor, chosen: Round) -> dict[SiteId, Site]:
    """Return the sites whose queues a round goes through.

    Raises:
        NotAllowed: it goes over all sites, and the visitor moderates none.
    """
    if not chosen.everywhere:
        return {visitor.at.id: visitor.at}
    found = moderated_sites(conn, visitor)
    wanted = chosen.filters.sites
    return {one: site for one, site in found.items() if not wanted or site.key in wanted}


def part_of(
    conn: sa.Connection, visitor: Visitor, chosen: Round, sites: Mapping[SiteId, Site]
) -> Part:
    """Work out what the filters of a round ask for now."""
    filters = chosen.filters
    sought = read_query(filters.text)
    within = None
    if not sought.is_empty:
        within = select_comments(conn, find_meant(conn, sought, tuple(sites)))
    waited = timedelta(hours=filters.hours)
    return Part(filters, visitor.house.db.clock() - waited if waited else None, within)


def claim_next(visitor: Visitor, chosen: Round) -> Next | None:
    """Take the first case that the visitor may decide and nobody else looks at, or None."""
    missed: set[CommentId] = set()
    while True:
        with visitor.house.db.read() as conn:
            found = find_next(conn, visitor, chosen, but_not=missed)
        if found is None or take_case(
            visitor.house.db, found.comment_id, site_id=found.site.id, by=visitor.reader_id
        ):
            return found
        # Somebody else took it, or decided it, at this moment.
        missed.add(found.comment_id)


def find_next(
    conn: sa.Connection,
    visitor: Visitor,
    chosen: Round,
    *,
    after: QueuePlace | None = None,
    but_not: Collection[CommentId] = (),
) -> Next | None:
    """Return the first case that the visitor may decide, or None if nothing is left for them."""
    sites = sites_of(conn, visitor, chosen)
    part = part_of(conn, visitor, chosen, sites)
    while True:
        found = cases.list_queues(conn, list(sites), part, after=after, limit=LOOK_AHEAD)
        taken = taken_by_others(conn, visitor, found)
        for card in found:
            passed = card.case.comment_id in taken or card.case.comment_id in but_not
            if _waits_for(card, visitor.reader_id) and not passed:
                return Next(sites[card.case.site_id], card.case.comment_id)
        if len(found) < LOOK_AHEAD:
            return None
        after = found[-1].place


def taken_by_others(
    conn: sa.Connection, visitor: Visitor, cards: Sequence[QueueCard]
) -> dict[CommentId, Lease]:
    """Return which of these cases somebody else looks at now."""
    found = find_leases(
        conn, [card.case.comment_id for card in cards], now=visitor.house.db.clock()
    )
    return {one.comment_id: one for one in found.values() if one.reader_id != visitor.reader_id}


def go_to_case(found: Next, **query: str | int | Round | None) -> Redirect:
    """Send the browser on to a case, wherever it is."""
    return see_other(_address(f"/console/{found.site.key}/cases/{found.comment_id}", query))


def back_to_queue(visitor: Visitor, chosen: Round | None, **query: str | int | None) -> Redirect:
    """Send the browser back to the queue that somebody works through."""
    if chosen is not None and chosen.everywhere:
        return see_other(_address("/desk", {"view": chosen, **query}))
    return back_to(visitor, "", view=str(chosen) if chosen is not None else None, **query)


def _address(path: str, query: Mapping[str, object]) -> str:
    # Values are ids, codes and rounds, which are made of letters, digits and dots.
    pairs = [f"{name}={value}" for name, value in query.items() if value is not None]
    return f"{path}?{'&'.join(pairs)}" if pairs else path


def _waits_for(card: QueueCard, reader_id: ReaderId) -> bool:
    waits = card.case.held or card.case.reported > 0
    return waits and reader_id not in {card.author_id, card.case.handed_on_by}

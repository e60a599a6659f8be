"""What would follow, or follows, for the authors of comments that are removed together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from belowline.actions.considering import Considered
from belowline.actions.records import proposal_after, proposal_for
from belowline.comments import store as comments
from belowline.core.terms import DecisionId, Outcome, ReaderId, SanctionKind, SiteId
from belowline.moderation.model import Decision
from belowline.readers.search import names_of
from belowline.rules import store as rules
from belowline.sanctions import store as sanctions
from belowline.sanctions.ladder import Breach, Proposal
from belowline.sites.model import Site
from belowline.web.auth import Visitor
from belowline.web.console.dossier import explain_proposal


@dataclass(frozen=True, slots=True)
class AuthorAfter:
    """An author of removed comments, and the step that the ladder proposes then."""

    site: Site
    reader_id: ReaderId
    name: str
    removed: int
    kind: SanctionKind | None
    days: int | None
    why: tuple[str, ...]
    based_on: DecisionId | None
    """The latest of the removals, once they are made."""


def foresee_authors(
    conn: sa.Connection, visitor: Visitor, found: Iterable[Considered], sites: dict[SiteId, Site]
) -> tuple[AuthorAfter, ...]:
    """Return what would follow for each author if all of this were removed, the most first."""
    now = visitor.house.db.clock()
    breaches: dict[tuple[SiteId, ReaderId], list[Breach]] = defaultdict(list)
    for number, one in enumerate(found, start=1):
        if one.decision.outcome is Outcome.REMOVE and one.rule is not None:
            comment = one.comment
            written = comments.get_revision(conn, comment.id, comment.revision).created_at
            # No decision has this id yet, and none ever has a negative one.
            breach = Breach(DecisionId(-number), one.rule.key, one.rule.severity, now, written)
            breaches[comment.site_id, comment.author_id].append(breach)
    return _authors(
        conn,
        sites,
        [
            (
                site_id,
                reader_id,
                len(theirs),
                proposal_after(conn, site_id, reader_id, theirs, now=now),
                None,
            )
            for (site_id, reader_id), theirs in breaches.items()
        ],
    )


def find_authors(
    conn: sa.Connection, visitor: Visitor, made: Iterable[Decision], sites: dict[SiteId, Site]
) -> tuple[AuthorAfter, ...]:
    """Return for whom the ladder proposes something after these removals, the most first.

    Where somebody has sanctioned the author for one of them, that is done.
    """
    now = visitor.house.db.clock()
    removals: dict[tuple[SiteId, ReaderId], list[Decision]] = defaultdict(list)
    for one in made:
        if one.outcome is Outcome.REMOVE and one.stands:
            removals[one.site_id, one.reader_id].append(one)
    waiting = {
        key: theirs
        for key, theirs in removals.items()
        if not any(sanctions.list_resting_on(conn, one.site_id, one.id) for one in theirs)
    }
    return _authors(
        conn,
        sites,
        [
            (
                site_id,
                reader_id,
                len(theirs),
                proposal_for(conn, site_id, reader_id, now=now),
                max(one.id for one in theirs),
            )
            for (site_id, reader_id), theirs in waiting.items()
        ],
    )


def _authors(
    conn: sa.Connection,
    sites: dict[SiteId, Site],
    found: Collection[tuple[SiteId, ReaderId, int, Proposal, DecisionId | None]],
) -> tuple[AuthorAfter, ...]:
    names = names_of(conn, [reader_id for _, reader_id, _, _, _ in found])
    shown = [
        AuthorAfter(
            sites[site_id],
            reader_id,
            names.get(reader_id, ""),
            removed,
            proposal.kind,
            proposal.lasts_for.days if proposal.lasts_for is not None else None,
            explain_proposal(proposal, rules.get_current_rulebook(conn, site_id)),
            based_on,
        )
        for site_id, reader_id, removed, proposal, based_on in found
    ]
    return tuple(sorted(shown, key=lambda one: -one.removed))

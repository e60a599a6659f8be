"""What the page says after many cases were decided together, and after that was taken back."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from belowline.actions.case_facts import gather_matter
from belowline.comments import store as comments
from belowline.core.terms import SiteId
from belowline.core.text import later
from belowline.moderation import batches, deciding, decisions
from belowline.moderation import together as policy
from belowline.moderation.batches import Batch, BatchId, Member
from belowline.moderation.care import is_hard
from belowline.moderation.model import Decision
from belowline.readers.search import names_of
from belowline.sites.model import Site
from belowline.stories import store as stories
from belowline.web.auth import Visitor
from belowline.web.console.followed import AuthorAfter, find_authors
from belowline.web.console.queue import excerpt
from belowline.web.console.shown import ShownDecision, Titles, show_decisions

SINCE = {
    "stale_version": policy.MESSAGES["changed_meanwhile"],
    "new_report": policy.MESSAGES["changed_meanwhile"],
    "unknown_rule": policy.MESSAGES["no_rule_here"],
    "changed_since": later("Something has happened to this comment since."),
    "overturned": later("An appeal has reversed this decision."),
}
OTHERWISE = later("It could not be done. Open it to see how it stands.")


@dataclass(frozen=True, slots=True)
class DecidedRow:
    """One comment of a batch, and what came of it."""

    site: Site
    member: Member
    author_name: str
    story_title: str
    excerpt: str
    decision: ShownDecision | None
    why: str
    """Why it was left, or why its decision was not taken back; empty where all is well."""
    is_hard: bool
    """Whether its text is not to be met unasked."""


@dataclass(frozen=True, slots=True)
class DecidedTogether:
    """A batch as its page shows it."""

    batch: Batch
    standing: tuple[DecidedRow, ...]
    undone: tuple[DecidedRow, ...]
    left: tuple[DecidedRow, ...]
    undo_left: int
    """Seconds in which all that stands can still be taken back."""
    authors: tuple[AuthorAfter, ...]

    @property
    def decided(self) -> int:
        """How many were decided, whatever became of it since."""
        return len(self.standing) + len(self.undone)


def read_decided(
    conn: sa.Connection, visitor: Visitor, batch_id: BatchId, sites: dict[SiteId, Site]
) -> DecidedTogether:
    """Return the visitor's own batch as far as they still moderate. Raises NotFound."""
    at = visitor.site.id if visitor.site is not None else None
    batch = batches.get_batch(conn, at, batch_id, by=visitor.reader_id)
    members = [one for one in batches.list_members(conn, batch.id) if one.site_id in sites]
    made = [
        decisions.get_decision(conn, one.site_id, one.decision_id)
        for one in members
        if one.decision_id is not None
    ]
    rows = _rows(conn, members, made, sites)
    standing = [one for one in made if one.undone_at is None]
    return DecidedTogether(
        batch,
        tuple(row for row in rows if row.decision and row.decision.decision in standing),
        tuple(row for row in rows if row.decision and row.decision.decision not in standing),
        tuple(row for row in rows if row.decision is None),
        _undo_left(visitor, standing),
        find_authors(conn, visitor, standing, sites),
    )


def explain_left(code: str) -> str:
    """Say why one of many was left or stayed, by the code that was kept; nothing for none."""
    if not code:
        return ""
    return {**deciding.MESSAGES, **policy.MESSAGES, **SINCE}.get(code, OTHERWISE)


def _undo_left(visitor: Visitor, standing: list[Decision]) -> int:
    if not standing:
        return 0
    # The first that was decided is the first that cannot be taken back any more.
    until = min(one.decided_at for one in standing) + visitor.house.settings.undo_for
    return max(int((until - visitor.house.db.clock()).total_seconds()), 0)


def _rows(
    conn: sa.Connection, members: list[Member], made: list[Decision], sites: dict[SiteId, Site]
) -> list[DecidedRow]:
    shown: dict[int, ShownDecision] = {}
    for site_id in {one.site_id for one in made}:
        theirs = [one for one in made if one.site_id == site_id]
        for one in show_decisions(conn, Titles(conn, site_id), theirs):
            shown[one.decision.id] = one
    found = [comments.get_comment(conn, one.site_id, one.comment_id) for one in members]
    names = names_of(conn, [one.author_id for one in found])
    return [
        DecidedRow(
            sites[member.site_id],
            member,
            names.get(comment.author_id, ""),
            stories.get_story_by_id(conn, comment.site_id, comment.story_id).title,
            excerpt(comment.html),
            shown.get(member.decision_id or 0),
            explain_left(member.left_for or member.kept_for),
            is_hard(gather_matter(conn, comment).worst_severity),
        )
        for member, comment in zip(members, found, strict=True)
    ]

"""What an appeal is about, locked, who had a hand in that matter, and what its answer holds."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.terms import DecisionId, ReaderId, RuleKey, SiteId
from belowline.moderation import decisions
from belowline.moderation.model import Decision
from belowline.reports import store as reports
from belowline.sanctions import proposals
from belowline.sanctions import store as sanctions
from belowline.sites import store as sites
from belowline.storage.database import Tx

LONGEST_APPEAL = 3000


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer to an appeal, with the reason to whoever appealed.

    ``rule`` and ``seen_version`` are for a reporter's appeal that is upheld: the rule under which
    the comment is removed, and the version that was on the screen. Its author reads the reason too.
    """

    upheld: bool
    reason: str
    rule: RuleKey | None = None
    seen_version: int | None = None


def lock_matter(
    tx: Tx, site_id: SiteId, decision_id: DecisionId
) -> tuple[Decision, Comment | None]:
    """Return the decision and its comment, and keep both from others. Raises NotFound."""
    found = decisions.get_decision(tx.conn, site_id, decision_id)
    comment = None
    # The comment first, as everywhere, so that no two acts wait for each other.
    if found.comment_id is not None:
        comment = comments.lock_comment(tx, site_id, found.comment_id)
    return decisions.lock_decision(tx, site_id, decision_id), comment


def had_a_hand_in(conn: sa.Connection, decision: Decision) -> frozenset[ReaderId]:
    """Return everybody besides who decided it who should not judge this decision.

    That is whom it is about; who decided what it rests on, who built on it, and who had asked for
    it. Where a removal came of a reporter's appeal, whoever had left the comment before is among
    them only if the site has somebody else: two moderators must be able to answer everybody.
    """
    people = {
        one.imposed_by for one in sanctions.list_resting_on(conn, decision.site_id, decision.id)
    }
    people.add(decision.reader_id)
    people |= {one.reporter_id for one in reports.list_answered_by(conn, decision.id)}
    if (pair := proposals.find_parties(conn, decision.id)) is not None:
        people |= {pair.proposed_by, pair.answered_by}
    if decision.based_on is not None:
        basis = decisions.get_decision(conn, decision.site_id, decision.based_on)
        staff = {one.reader_id for one in sites.list_staff(conn, decision.site_id)}
        others = staff - people - {decision.decided_by, basis.decided_by}
        if others or not decision.answers_appeal:
            people.add(basis.decided_by)
    return frozenset(person for person in people if person is not None)

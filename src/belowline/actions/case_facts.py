"""What waits about a comment, gathered from the nouns' stores, and how soon it should be read.

The same facts order the queue, decide about holding and explain both on the card.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from belowline.appeals import store as appeals
from belowline.comments.model import Comment
from belowline.comments.recent import count_published
from belowline.core.errors import NotFound
from belowline.core.terms import (
    CommentId,
    CommentStatus,
    Finding,
    RuleKey,
    SiteId,
    Verdict,
)
from belowline.moderation import dangers, decisions
from belowline.moderation.decisions import count_breaches
from belowline.moderation.policy import NEW_UNTIL, CaseFacts, Priority, priority
from belowline.reports import store as reports
from belowline.reports.connected import connect
from belowline.reports.model import Lane, Report
from belowline.reports.policy import Answer, FiledReport, answer
from belowline.rules import store as rules
from belowline.screens import store as verdict_store
from belowline.screens.classifier import kept_score

NO_REPORTS = Answer(0.0, hold=False, reasons=())


@dataclass(frozen=True, slots=True)
class CaseMatter:
    """All that waits for a decision about one comment."""

    comment: Comment
    held: bool
    reports: tuple[Report, ...]
    answer: Answer
    """What the reports together ask for."""
    appealed_at: datetime | None
    held_for: tuple[str, ...]
    worst_severity: int
    danger_since: datetime | None = None
    """Since when somebody sees to a threat to life here, while that is not closed."""
    new_reader: bool = False
    """Whether the author has hardly any published comment at the site yet."""
    score: float = 0.0
    """The highest that a classifier gave it."""

    @property
    def waits(self) -> bool:
        """Say whether anything waits at all."""
        return (
            self.held
            or bool(self.reports)
            or self.appealed_at is not None
            or self.danger_since is not None
        )

    def priority(self, *, opened_at: datetime, now: datetime) -> Priority:
        """Say how soon it should be read, with the reasons for the card."""
        return priority(
            CaseFacts(
                self.worst_severity,
                opened_at,
                self.comment.status is CommentStatus.PUBLISHED,
                self.held_for,
                self.answer.urgency,
                len(self.reports),
                self.appealed_at,
                score=self.score,
                is_legal=any(one.lane is Lane.ILLEGAL for one in self.reports),
                is_trusted=any(one.trusted for one in self.reports),
                danger_since=self.danger_since,
            ),
            now=now,
        )


def gather_matter(
    conn: sa.Connection, comment: Comment, *, severities: dict[RuleKey, int] | None = None
) -> CaseMatter:
    """Gather what waits about a comment; ``severities`` are known to whoever gathers many."""
    held = comment.status is CommentStatus.HELD
    open_reports = tuple(reports.list_open(conn, comment.id))
    appealed_at = appeals.waiting_since(conn, comment.id)
    danger_since = dangers.open_since(conn, comment.id)
    if not held and not open_reports and appealed_at is None:
        return CaseMatter(comment, held, (), NO_REPORTS, None, (), 0, danger_since)
    if severities is None:
        severities = severities_of(conn, comment.site_id)
    verdicts = verdict_store.list_verdicts(conn, comment.id, revision=comment.revision)
    against = [one for one in verdicts if held and one.finding is not Finding.PASS]
    return CaseMatter(
        comment,
        held,
        open_reports,
        pool_reports(conn, comment, open_reports, severities=severities),
        appealed_at,
        _held_for(comment, against) if held else (),
        _worst(comment, against, open_reports, severities=severities),
        danger_since,
        count_published(conn, comment.site_id, comment.author_id) < NEW_UNTIL,
        kept_score(verdicts),
    )


def pool_reports(
    conn: sa.Connection,
    comment: Comment,
    open_reports: Sequence[Report],
    *,
    severities: dict[RuleKey, int],
) -> Answer:
    """Say what the open reports together ask for; reporters who share a network count as one."""
    if not open_reports:
        return NO_REPORTS
    groups = connect(reports.networks_of(conn, open_reports))
    return answer(
        [
            FiledReport(
                one.voice,
                one.rule,
                severities.get(one.rule, 0),
                one.weight,
                groups.get(one.voice),
            )
            for one in open_reports
        ],
        author_published=count_published(conn, comment.site_id, comment.author_id),
        author_upheld_breaches=count_breaches(conn, comment.site_id, comment.author_id),
        already_kept_under=kept_under(conn, comment.id, revision=comment.revision),
    )


def kept_under(conn: sa.Connection, comment_id: CommentId, *, revision: int) -> frozenset[RuleKey]:
    """Return the rules under which a person has looked at this revision and left it.

    Those of dismissed reports, and what else was on the table when it was left: what a screen had
    cited, and what a decision had cited that was reversed.
    """
    dismissed = reports.dismissed_rules(conn, comment_id, revision=revision)
    looked = decisions.find_latest(conn, comment_id, outcomes=decisions.LOOKED_AND_LEFT)
    if looked is None or looked.revision != revision:
        return dismissed
    cited = {one.rule for one in verdict_store.list_verdicts(conn, comment_id, revision=revision)}
    cited |= decisions.rules_cited_before(conn, looked)
    return dismissed | {rule for rule in cited if rule is not None}


def severities_of(conn: sa.Connection, site_id: SiteId) -> dict[RuleKey, int]:
    """Return the severity of each rule in force; none before the first rulebook."""
    try:
        rulebook = rules.get_current_rulebook(conn, site_id)
    except NotFound:
        # Comments can be imported before the rules are written; they still wait to be read.
        return {}
    return {rule.key: rule.severity for rule in rulebook.rules}


def _held_for(comment: Comment, against: Sequence[Verdict]) -> tuple[str, ...]:
    # While a comment is held its reason is a code: a screen's, a circumstance, or reports.
    codes = (comment.reason, *(verdict.code for verdict in against))
    return tuple(dict.fromkeys(code for code in codes if code))


def _worst(
    comment: Comment,
    against: Sequence[Verdict],
    open_reports: Sequence[Report],
    *,
    severities: dict[RuleKey, int],
) -> int:
    cited = {RuleKey(comment.rule_key or ""), *(one.rule for one in open_reports)}
    cited |= {verdict.rule for verdict in against if verdict.rule is not None}
    return max(severities.get(rule, 0) for rule in cited)

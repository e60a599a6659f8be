"""Reporting a comment: a report calls a person, and hardly ever hides anything by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from belowline.actions.case_facts import gather_matter, kept_under, severities_of
from belowline.actions.cases import record_decision, refresh_case
from belowline.actions.facts import ask_standing
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, NotFound, TooMany, require
from belowline.core.markup import clean_text
from belowline.core.terms import (
    Actor,
    CommentId,
    CommentStatus,
    DecisionId,
    Outcome,
    Privilege,
    ReaderId,
    ReportState,
    RulebookId,
    RuleKey,
    SiteId,
    Source,
)
from belowline.core.text import later
from belowline.events import kinds, log
from belowline.moderation import decisions
from belowline.moderation.model import Ground, NewDecision
from belowline.readers import store as readers
from belowline.readers.model import StandingFacts
from belowline.readers.sessions import put_network_trace
from belowline.reports import store as reports
from belowline.reports.model import NewReport, Report
from belowline.reports.policy import (
    ReporterRecord,
    Weight,
    fade,
    may_report,
    reopens,
    weigh,
)
from belowline.reports.record import answered_ages
from belowline.reports.trusted import is_trusted
from belowline.rules import store as rules
from belowline.rules.model import Rulebook
from belowline.storage.database import Database, Tx
from belowline.stories import store as stories

LONGEST_NOTE = 1000
MOST_AN_HOUR = 30
"""New reports by one reader at a site; a wave of spam has fewer before a moderator is there."""
NEW_FOR = timedelta(days=7)
"""So long a reader counts as new, and is believed much less."""
TRUSTED_FROM = 0.8
"""From this weight a reporter can bring back what was looked at before."""
HELD_CODE = "reported"
HELD_REASON = later(
    "Readers have reported this comment. It is hidden until a moderator has read it."
)


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A report as a reader sends it: the rule, a note, and the revision that was on the page."""

    rule: RuleKey
    note: str = ""
    revision: int | None = None
    network_hash: bytes | None = field(default=None, repr=False)
    """Keyed hash of where it was sent from; reporters who share a network count as one."""


def report_comment(
    db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId, report: ReportDraft
) -> Report:
    """Report a comment under a rule, and return the report as it is kept.

    A repeat is success: an open report of one's own is changed, an answered one comes back as it
    is. A report that brings nothing new since the last decision is answered by that decision.

    Raises:
        NotSignedIn, NotAllowed: standing refuses, it is one's own, or it is not published.
        InvalidInput: no such rule or revision, or the note is too long.
        NotFound: no such comment. TooMany: the reader reports without end.
    """
    note = clean_text(report.note, field="note", longest=LONGEST_NOTE)
    with db.write(Actor(by)) as tx:
        facts = ask_standing(tx, Privilege.REPORT, site_id=site_id, by=by)
        comment = comments.lock_comment(tx, site_id, comment_id)
        revision = _seen(report, comment)
        own = reports.find_report(tx.conn, comment.id, reporter_id=by, revision=revision)
        if own is not None and (
            own.state is not ReportState.OPEN or (own.rule, own.note) == (report.rule, note)
        ):
            return own
        _require_reportable(tx, comment, by)
        if own is None:
            _require_measure(tx, site_id, by)
        if report.network_hash is not None:
            put_network_trace(tx, by, network_hash=report.network_hash)
        rulebook = rules.get_current_rulebook(tx.conn, site_id)
        if rulebook.rule(report.rule) is None:
            raise InvalidInput("There is no such rule.", field="rule", code="unknown_rule")
        seen = ReportDraft(report.rule, note, revision)
        kept = _keep(tx, comment, seen, facts=facts, rulebook_id=rulebook.id)
        if own is None or (own.rule, own.state) != (kept.rule, kept.state):
            log.append(
                tx,
                site_id,
                kinds.CommentReported(
                    kept.id,
                    comment.id,
                    comment.story_id,
                    kept.rule,
                    rulebook_id=kept.rulebook_id,
                    answered_by=kept.decision_id,
                ),
            )
        hold_if_asked(tx, comment, rulebook)
        refresh_case(tx, comment)
        return kept


def _seen(report: ReportDraft, comment: Comment) -> int:
    if report.revision is None:
        return comment.revision
    if not 1 <= report.revision <= comment.revision:
        raise InvalidInput("There is no such revision.", field="revision", code="unknown_revision")
    return report.revision


def _require_reportable(tx: Tx, comment: Comment, by: ReaderId) -> None:
    if comment.author_id != by and not comment.shown:
        # Nobody may find out by trying which comments are held.
        raise NotFound("There is no such comment.", code="no_comment")
    story = stories.get_story_by_id(tx.conn, comment.site_id, comment.story_id)
    require(
        may_report(is_own=comment.author_id == by, status=comment.status, story_mode=story.mode)
    )


def _require_measure(tx: Tx, site_id: SiteId, by: ReaderId) -> None:
    hour = timedelta(hours=1)
    if reports.count_since(tx.conn, site_id, by, since=tx.now - hour) >= MOST_AN_HOUR:
        raise TooMany(
            "You have reported very much lately. The moderators will look at all of it.",
            retry_after=int(hour.total_seconds()),
        )


def _keep(
    tx: Tx, comment: Comment, seen: ReportDraft, *, facts: StandingFacts, rulebook_id: RulebookId
) -> Report:
    assert facts.reader_id is not None  # noqa: S101 - standing was just asked
    revision = seen.revision or comment.revision
    trusted = is_trusted(tx.conn, comment.site_id, facts.reader_id)
    weight = weigh_reader(tx, comment.site_id, facts, trusted=trusted)
    answered_by = _answered_by(tx, comment, seen.rule, revision, trusted=_trusted(weight))
    return reports.put_report(
        tx,
        NewReport(
            comment.site_id,
            comment.id,
            facts.reader_id,
            revision,
            rulebook_id,
            seen.rule,
            seen.note,
            weight.value,
            weight.why,
            answered_by,
            trusted=trusted,
        ),
    )


def weigh_reader(tx: Tx, site_id: SiteId, facts: StandingFacts, *, trusted: bool) -> Weight:
    """Weigh what a reader reports now by their record so far."""
    assert facts.reader_id is not None  # noqa: S101 - standing was just asked
    ages = answered_ages(tx.conn, site_id, facts.reader_id, now=tx.now)
    joined = readers.get_reader(tx.conn, facts.reader_id).created_at
    return weigh(
        ReporterRecord(
            len(ages.upheld),
            len(ages.dismissed),
            is_staff=facts.role is not None,
            is_new=tx.now - joined < NEW_FOR,
            is_trusted=trusted,
            faded=(fade(ages.upheld), fade(ages.dismissed)),
        )
    )


def _trusted(weight: Weight) -> bool:
    return weight.value >= TRUSTED_FROM


def _answered_by(
    tx: Tx, comment: Comment, rule: RuleKey, revision: int, *, trusted: bool
) -> DecisionId | None:
    """Return the earlier decision that answers such a report, or None if it brings news."""
    looked = decisions.find_latest(tx.conn, comment.id, outcomes=decisions.LOOKED_AND_LEFT)
    if looked is None or looked.revision is None:
        return None
    news = reopens(
        closed_rules=kept_under(tx.conn, comment.id, revision=looked.revision),
        closed_revision=looked.revision,
        rule=rule,
        revision=revision,
        trusted=trusted,
    )
    return None if news else looked.id


def hold_if_asked(tx: Tx, comment: Comment, rulebook: Rulebook) -> None:
    """Hide the comment until a person has looked, if its reports together are strong enough."""
    matter = gather_matter(tx.conn, comment)
    if comment.status is not CommentStatus.PUBLISHED or not matter.answer.hold:
        return
    severities = severities_of(tx.conn, comment.site_id)
    kept = kept_under(tx.conn, comment.id, revision=comment.revision)
    worst = max(
        (one for one in matter.reports if one.rule and one.rule not in kept),
        key=lambda one: (severities.get(one.rule, 0), one.weight, -one.id),
    )
    comments.set_status(tx, comment, CommentStatus.HELD, rule_key=worst.rule, reason=HELD_CODE)
    log.append(tx, comment.site_id, kinds.CommentHeld(comment.id, comment.story_id, worst.rule))
    record_decision(
        tx,
        NewDecision(
            site_id=comment.site_id,
            reader_id=comment.author_id,
            outcome=Outcome.HOLD,
            source=Source.REPORT,
            decided_by=None,
            reason=HELD_REASON,
            ground=Ground(rulebook.id, worst.rule, severities.get(worst.rule, 0)),
            comment_id=comment.id,
            story_id=comment.story_id,
            revision=comment.revision,
            status_before=comment.status,
        ),
    )

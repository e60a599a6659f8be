"""Deciding about a comment, and taking a decision back within the minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from belowline.actions.came_up import source_of
from belowline.actions.cases import how_it_waited, record_decision, refresh_case
from belowline.actions.facts import ask_standing
from belowline.actions.putting_back import put_back, take_back_what_rests_on
from belowline.actions.sanctions import LONGEST_REASON, require_reason, require_rule
from belowline.appeals import store as appeals
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import Conflict, InvalidInput, StaleVersion, require
from belowline.core.markup import clean_text
from belowline.core.terms import (
    Actor,
    CommentId,
    CommentStatus,
    DecisionId,
    Outcome,
    Privilege,
    ReaderId,
    Refusal,
    ReportId,
    ReportState,
    RuleKey,
    SiteId,
    Source,
)
from belowline.core.text import later
from belowline.events import kinds, log
from belowline.moderation import decisions, leases, orders
from belowline.moderation.deciding import Decided, may_decide, may_decide_beside_appeal, may_undo
from belowline.moderation.handing_on import end_handing_on
from belowline.moderation.model import Decision, NewDecision
from belowline.moderation.orders import OrderId
from belowline.readers import store as readers
from belowline.reports import store as reports
from belowline.reports.model import Lane, Report
from belowline.storage.database import Database, Tx

LONGEST_FEATURE_REASON = 300

AFTER = {
    Outcome.PUBLISH: CommentStatus.PUBLISHED,
    Outcome.KEEP: CommentStatus.PUBLISHED,
    Outcome.REMOVE: CommentStatus.REMOVED,
}
"""Where a comment stands after each outcome that a person can choose."""
UNDOABLE = frozenset({*AFTER, Outcome.SANCTION})
NOTICE_NEEDS_A_REASON = later("Say why it may stay, to whoever gave notice that it is illegal.")
SOURCES = frozenset(Source) - {Source.APPEAL, Source.EARLIER_SYSTEM}
"""How a matter can be said to have come up; an appeal has an answer of its own."""


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """A decision as a moderator makes it about the version that was on the screen.

    ``rule`` is cited by a removal alone. Without a ``source`` it follows from what waited.
    ``seen_reports`` is how many open reports were on the screen, where somebody looked at a screen.
    ``unfounded`` are reports without any ground, as anybody can see; ``order`` is the authority's
    order that a removal gives effect to.
    """

    outcome: Outcome
    rule: RuleKey | None
    reason: str
    seen_version: int
    source: Source | None = None
    seen_reports: int | None = None
    unfounded: frozenset[ReportId] = frozenset()
    order: OrderId | None = None


def decide(
    db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId, decision: DecisionDraft
) -> Decision:
    """Decide about a comment, answer its reports and close its case, unless an appeal waits.

    Raises:
        NotSignedIn, NotAllowed: no role, one's own comment, or not possible as it stands.
        StaleVersion: the comment is no longer the one that was seen, or it would be kept although
            another report has come in.
        InvalidInput: a removal without a rule in force or without a reason.
        NotFound: no such comment.
    """
    with db.write(Actor(by)) as tx:
        return decide_within(tx, comment_id, site_id=site_id, by=by, decision=decision)


def decide_within(
    tx: Tx, comment_id: CommentId, *, site_id: SiteId, by: ReaderId, decision: DecisionDraft
) -> Decision:
    """Decide as ``decide`` does, inside a transaction that is open. Raises what it raises."""
    facts = ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
    comment = comments.lock_comment(tx, site_id, comment_id)
    if comment.version != decision.seen_version:
        raise StaleVersion("This comment has changed; look at it again.")
    require(
        may_decide(
            decider=by,
            author=comment.author_id,
            role=facts.role,
            outcome=decision.outcome,
            status=comment.status,
        )
    )
    appealed = appeals.waiting_since(tx.conn, comment.id, of_authors=True) is not None
    require(may_decide_beside_appeal(comment.status, appealed=appealed))
    waiting = reports.list_open(tx.conn, comment.id)
    _require_seen(decision, len(waiting))
    made = record_decision(tx, _complete(tx, comment, decision, by=by, answered=waiting))
    removed = made.outcome is Outcome.REMOVE
    comments.set_status(
        tx,
        comment,
        AFTER[made.outcome],
        rule_key=made.ground.rule if made.ground else None,
        reason=made.reason if removed else "",
    )
    state = ReportState.UPHELD if removed else ReportState.DISMISSED
    reports.answer_reports(tx, made.answered, state=state, decision_id=made.id)
    if not removed:
        reports.mark_unfounded(tx, decision.unfounded & set(made.answered))
    if decision.order is not None:
        orders.link_decision(tx, site_id, decision.order, comment.id, decision_id=made.id)
    refresh_case(tx, comment)
    leases.give_back(tx, comment.id)
    end_handing_on(tx, comment.id)
    return made


def undo(
    db: Database, decision_id: DecisionId, *, site_id: SiteId, by: ReaderId, undo_for: timedelta
) -> None:
    """Take one's own decision back within the window, and with it all that rests on it.

    The comment stands as before, its reports wait again, and sanctions for it are lifted.

    Raises:
        NotSignedIn, NotAllowed: no role, somebody else's, too late, or not one to take back.
        Conflict: something has happened to the comment since.
        NotFound: no such decision.
    """
    with db.write(Actor(by)) as tx:
        undo_within(tx, decision_id, site_id=site_id, by=by, undo_for=undo_for)


def undo_within(
    tx: Tx, decision_id: DecisionId, *, site_id: SiteId, by: ReaderId, undo_for: timedelta
) -> None:
    """Take back as ``undo`` does, inside a transaction that is open. Raises what it raises."""
    ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
    found = decisions.get_decision(tx.conn, site_id, decision_id)
    comment = None
    if found.comment_id is not None:
        comment = comments.lock_comment(tx, site_id, found.comment_id)
    decision = decisions.lock_decision(tx, site_id, decision_id)
    if decision.outcome not in UNDOABLE or decision.answers_appeal:
        require(Refusal("not_undoable", "A decision of this kind is not taken back."))
    decided = Decided(decision.decided_by, decision.decided_at, decision.undone_at is not None)
    require(may_undo(decided, by=by, now=tx.now, window=undo_for))
    if comment is not None:
        _require_untouched(tx, decision, comment)
    if not decisions.mark_undone(tx, decision_id):
        raise Conflict("An appeal has reversed this decision.", code="overturned")
    if comment is not None:
        put_back(tx, decision, comment)
        reports.reopen_reports(tx, decision.answered, decision_id=decision_id)
    log.append(
        tx,
        site_id,
        kinds.DecisionUndone(
            decision_id, decision.comment_id, comment.story_id if comment else None
        ),
    )
    take_back_what_rests_on(tx, decision, comment)
    if comment is not None:
        refresh_case(tx, comment, resumed=True)


def feature_comment(
    db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId, reason: str | None
) -> None:
    """Feature a published comment with a reason for readers; None stops featuring it.

    A repeat is success.

    Raises:
        NotSignedIn, NotAllowed: no role for it, or the comment is not published.
        InvalidInput: the reason is too long. NotFound: no such comment.
    """
    featured = reason is not None
    text = clean_text(reason or "", field="reason", longest=LONGEST_FEATURE_REASON, lines=False)
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.FEATURE, site_id=site_id, by=by)
        comment = comments.lock_comment(tx, site_id, comment_id)
        if ((comment.featured_at is not None), comment.featured_reason) == (featured, text):
            return
        if featured and comment.status is not CommentStatus.PUBLISHED:
            require(Refusal("not_published", "Only a published comment can be featured."))
        comments.set_featured(tx, comment, reason=text, featured=featured)
        if featured is not (comment.featured_at is not None):
            log.append(tx, site_id, kinds.CommentFeatured(comment.id, comment.story_id, featured))


def _require_seen(draft: DecisionDraft, waiting: int) -> None:
    """Refuse to dismiss a report that nobody has read. A removal answers every report alike."""
    if draft.outcome is Outcome.REMOVE or draft.seen_reports is None:
        return
    if waiting > draft.seen_reports:
        raise StaleVersion("Another report has come in; look at it again.", code="new_report")


def _complete(
    tx: Tx,
    comment: Comment,
    draft: DecisionDraft,
    *,
    by: ReaderId,
    answered: Sequence[Report],
) -> NewDecision:
    if draft.source is not None and draft.source not in SOURCES:
        raise InvalidInput("An appeal is decided as one.", field="source", code="unknown_source")
    ground = None
    if draft.outcome is Outcome.REMOVE:
        if draft.rule is None:
            raise InvalidInput("A removal cites a rule.", field="rule", code="rule_needed")
        ground = require_rule(tx.conn, comment.site_id, draft.rule)
        reason = require_reason(draft.reason)
    else:
        reason = clean_text(draft.reason, field="reason", longest=LONGEST_REASON)
        if not reason and any(one.lane is Lane.ILLEGAL for one in answered):
            # Whoever gives notice that something is illegal is owed a reason.
            raise InvalidInput(NOTICE_NEEDS_A_REASON, field="reason", code="reason_needed")
    removes = draft.outcome is Outcome.REMOVE
    ids = tuple(one.id for one in answered)
    since, in_question = how_it_waited(tx.conn, comment, answered)
    return NewDecision(
        site_id=comment.site_id,
        reader_id=comment.author_id,
        outcome=draft.outcome,
        source=draft.source or source_of(comment.status, answered),
        decided_by=by,
        reason=reason,
        ground=ground,
        comment_id=comment.id,
        story_id=comment.story_id,
        revision=comment.revision,
        status_before=comment.status,
        answered=ids,
        unfounded=() if removes else tuple(one for one in ids if one in draft.unfounded),
        waiting_since=since,
        in_question=in_question,
    )


def _require_untouched(tx: Tx, decision: Decision, comment: Comment) -> None:
    latest = decisions.find_latest(tx.conn, comment.id)
    is_latest = latest is not None and latest.id == decision.id
    is_erased = readers.get_reader(tx.conn, comment.author_id).erased_at is not None
    # A reporter's appeal can be upheld because of a removal, and then its answer is out.
    is_built_on = decision.outcome is Outcome.REMOVE and any(
        one.id not in decision.answered for one in reports.list_answered_by(tx.conn, decision.id)
    )
    is_as_left = comment.status is AFTER[decision.outcome]
    if not is_latest or not is_as_left or is_erased or is_built_on:
        raise Conflict("Something has happened to this comment since.", code="changed_since")

"""What deciding many cases together would do to each of them, before it is done.

The page that asks for a confirmation shows this, and the verb asks it again about each comment
inside the transaction that decides about it, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa

from belowline.actions.case_facts import CaseMatter, gather_matter
from belowline.actions.moderation import DecisionDraft
from belowline.actions.sanctions import require_reason
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput, NotFound
from belowline.core.terms import ReaderId, Refusal, RulebookId, RuleKey, SiteId
from belowline.core.text import Text
from belowline.legal.store import list_open_about
from belowline.moderation import holds
from belowline.moderation import store as cases
from belowline.moderation.deciding import may_decide
from belowline.moderation.leases import find_leases
from belowline.moderation.reasons import fill_in, refuse_unknown
from belowline.moderation.together import (
    MOST,
    CaseAmongMany,
    CommentChoice,
    RuleAmongMany,
    may_cite_together,
    may_decide_together,
    outcome_for,
)
from belowline.readers.search import names_of
from belowline.reports.model import Lane
from belowline.rules import store as rules
from belowline.rules.model import Rulebook, RuleDraft
from belowline.sites import store as sites
from belowline.stories import legal_store
from belowline.stories import store as stories
from belowline.stories.legal import LegalStatus


@dataclass(frozen=True, slots=True)
class TogetherDraft:
    """What somebody would decide about many comments at once.

    A removal cites ``rule`` at every site; its ``reason`` may have names in braces, as saved ones
    have. ``books`` are the rulebooks that were shown, once they were.
    """

    chosen: tuple[CommentChoice, ...]
    removes: bool
    rule: RuleKey | None = None
    reason: str = ""
    books: Mapping[SiteId, RulebookId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Considered:
    """One of many: what would be decided about it, or why nothing is."""

    choice: CommentChoice
    comment: Comment
    matter: CaseMatter
    decision: DecisionDraft
    book: Rulebook | None
    rule: RuleDraft | None
    """The rule that it would cite."""
    refusal: Refusal | None


def check_together(draft: TogetherDraft) -> TogetherDraft:
    """Return what is to be decided in the form in which it is taken, each comment once.

    Raises:
        InvalidInput: nothing is chosen, or too much; a removal without a rule or a reason.
    """
    chosen = tuple({one.comment_id: one for one in draft.chosen}.values())
    if not chosen:
        raise InvalidInput("Choose at least one.", field="chosen", code="none_chosen")
    if len(chosen) > MOST:
        raise InvalidInput(
            Text("Choose %(most)s at most.", most=MOST), field="chosen", code="too_many_chosen"
        )
    if not draft.removes:
        return replace(draft, chosen=chosen, rule=None, reason="")
    if draft.rule is None:
        raise InvalidInput("A removal cites a rule.", field="rule", code="rule_needed")
    reason = require_reason(draft.reason)
    wrong = refuse_unknown(reason)
    if wrong is not None:
        raise InvalidInput(wrong.message, field="reason", code=wrong.code)
    return replace(draft, chosen=chosen, reason=reason)


def consider(
    conn: sa.Connection, draft: TogetherDraft, choice: CommentChoice, *, by: ReaderId, now: datetime
) -> Considered:
    """Say what would be decided about one of many, as things stand. Raises NotFound."""
    comment = comments.get_comment(conn, choice.site_id, choice.comment_id)
    matter = gather_matter(conn, comment)
    outcome = outcome_for(comment.status, removes=draft.removes)
    book = _find_rulebook(conn, choice.site_id)
    rule = book.rule(draft.rule) if book is not None and draft.rule is not None else None
    refusal = (
        may_decide_together(_look_at(conn, choice, matter, by=by, now=now))
        or may_decide(
            decider=by,
            author=comment.author_id,
            role=sites.find_role(conn, choice.site_id, by),
            outcome=outcome,
            status=comment.status,
        )
        or (may_cite_together(_look_up(draft, choice, book, rule)) if draft.removes else None)
    )
    decision = DecisionDraft(
        outcome,
        draft.rule,
        _reason_for(conn, draft.reason, comment, rule),
        choice.seen_version,
        seen_reports=choice.seen_reports,
    )
    return Considered(choice, comment, matter, decision, book, rule, refusal)


def _look_at(
    conn: sa.Connection, choice: CommentChoice, matter: CaseMatter, *, by: ReaderId, now: datetime
) -> CaseAmongMany:
    comment = matter.comment
    case = cases.find_case(conn, comment.id)
    lease = find_leases(conn, [comment.id], now=now).get(comment.id)
    state = legal_store.find_state(conn, comment.site_id, comment.story_id)
    changed = comment.version != choice.seen_version
    return CaseAmongMany(
        waits=matter.held or bool(matter.reports),
        changed=changed or len(matter.reports) > choice.seen_reports,
        leased=lease is not None and lease.reader_id != by,
        danger=matter.danger_since is not None,
        notice=any(one.lane is Lane.ILLEGAL for one in matter.reports)
        or bool(list_open_about(conn, comment.site_id, comment.id)),
        evidence=holds.is_held(conn, comment.id),
        court=state is not None and state.status is not LegalStatus.NONE,
        severity=matter.worst_severity,
        handed_on=case is not None and case.handed_on_by is not None,
        appealed=matter.appealed_at is not None,
    )


def _look_up(
    draft: TogetherDraft, choice: CommentChoice, book: Rulebook | None, rule: RuleDraft | None
) -> RuleAmongMany:
    shown = draft.books.get(choice.site_id)
    return RuleAmongMany(
        rule.severity if rule is not None else None,
        changed=shown is not None and book is not None and book.id != shown,
    )


def _find_rulebook(conn: sa.Connection, site_id: SiteId) -> Rulebook | None:
    try:
        return rules.get_current_rulebook(conn, site_id)
    except NotFound:
        # Comments can be imported before the rules are written.
        return None


def _reason_for(conn: sa.Connection, reason: str, comment: Comment, rule: RuleDraft | None) -> str:
    """Fill in what differs from one comment to the next."""
    if "{" not in reason:
        return reason
    story = stories.get_story_by_id(conn, comment.site_id, comment.story_id)
    names = names_of(conn, [comment.author_id])
    values = {
        "name": names.get(comment.author_id, ""),
        "story": story.title,
        "rule": rule.title if rule is not None else "",
    }
    return fill_in(reason, values)

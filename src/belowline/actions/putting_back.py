"""What taking a decision back puts back: the comment as it stood, and what rested on the decision.

Parts of undoing, which is in ``moderation``; each is called inside its transaction.
"""

from __future__ import annotations

from belowline.actions.appeals import settle_by_undo
from belowline.actions.facts import standing_facts
from belowline.actions.reports import HELD_CODE
from belowline.actions.sanctions import end_sanction
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.terms import CommentStatus, Outcome, RuleKey
from belowline.moderation import decisions
from belowline.moderation.model import Decision
from belowline.readers.standing import holds_first
from belowline.sanctions import store as sanctions
from belowline.screens import store as verdict_store
from belowline.screens.settle import settle
from belowline.storage.database import Tx
from belowline.stories import store as stories


def put_back(tx: Tx, decision: Decision, comment: Comment) -> None:
    """Let the comment stand as it did before, with the rule and the code that it then had."""
    before = decision.status_before
    if before is None:
        raise ValueError("a decision about a comment knows how it stood")
    rule, code = None, ""
    if before is not CommentStatus.PUBLISHED:
        rule, code = _why_it_waited(tx, comment)
    comments.set_status(tx, comment, before, rule_key=rule, reason=code)


def _why_it_waited(tx: Tx, comment: Comment) -> tuple[RuleKey | None, str]:
    earlier = decisions.find_latest(tx.conn, comment.id)
    if earlier is not None and earlier.outcome is Outcome.HOLD and earlier.ground is not None:
        return earlier.ground.rule, HELD_CODE
    author = standing_facts(tx.conn, comment.site_id, comment.author_id)
    settled = settle(
        verdict_store.list_verdicts(tx.conn, comment.id, revision=comment.revision),
        mode=stories.get_story_by_id(tx.conn, comment.site_id, comment.story_id).mode,
        held_by_sanction=holds_first(author, now=tx.now),
        is_staff=author.role is not None,
    )
    return settled.rule, settled.code


def take_back_what_rests_on(tx: Tx, decision: Decision, comment: Comment | None) -> None:
    """Lift the sanctions that rest on a decision, and settle the appeals against it and them."""
    for sanction in sanctions.list_resting_on(tx.conn, decision.site_id, decision.id):
        end_sanction(tx, sanction, cause="undone", decision_id=None)
        if sanction.decision_id != decision.id:
            decisions.mark_undone(tx, sanction.decision_id)
            imposed = decisions.get_decision(tx.conn, decision.site_id, sanction.decision_id)
            settle_by_undo(tx, imposed, None)
    settle_by_undo(tx, decision, comment)

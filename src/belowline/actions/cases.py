"""Keeping a comment's case in step with what waits, whatever act has changed it.

Every act that may begin or end a wait calls this inside its own transaction, so that the queue
never shows what is done, nor misses what is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from belowline.actions.case_facts import NO_REPORTS, CaseMatter, gather_matter
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.comments.recent import count_published
from belowline.core.terms import (
    Actor,
    CaseState,
    CommentId,
    CommentStatus,
    Outcome,
    RuleKey,
    SiteId,
    Source,
)
from belowline.events import kinds, log
from belowline.moderation import decisions
from belowline.moderation import store as cases
from belowline.moderation.model import Decision, Ground, NewDecision, Waiting
from belowline.moderation.opening import open_many
from belowline.moderation.policy import NEW_UNTIL
from belowline.reports.model import Report
from belowline.rules import store as rules
from belowline.screens.messages import message_for
from belowline.screens.settle import Settlement
from belowline.storage.database import Database, Tx

UPKEEP = Actor.of_system("upkeep")
PORTION = 20
"""Cases that are rescored in a transaction: whoever decides meanwhile waits for no more of them."""


def open_case(tx: Tx, comment: Comment) -> None:
    """Open, bring up to date or close the case of a comment that is given as it stands now."""
    _put(tx, gather_matter(tx.conn, comment), resumed=False)


def open_held(tx: Tx, site_id: SiteId, comment_ids: Sequence[CommentId]) -> None:
    """Open the cases of comments that have just come in held: nothing else waits about them."""
    held = comments.list_comments(tx.conn, site_id, comment_ids)
    new = {
        author: count_published(tx.conn, site_id, author) < NEW_UNTIL
        for author in {one.author_id for one in held}
    }
    waiting: list[tuple[CommentId, Waiting]] = []
    for one in held:
        matter = CaseMatter(
            one,
            held=True,
            reports=(),
            answer=NO_REPORTS,
            appealed_at=None,
            held_for=(one.reason,),
            worst_severity=0,
        )
        score = matter.priority(opened_at=tx.now, now=tx.now).score
        what = Waiting(
            score,
            held=True,
            reported=0,
            appealed=False,
            opened_at=tx.now,
            story_id=one.story_id,
            new_reader=new[one.author_id],
        )
        waiting.append((one.id, what))
    open_many(tx, site_id, waiting)


def refresh_case(tx: Tx, comment: Comment, *, resumed: bool = False) -> Comment:
    """Read the comment again, put its case in step, and return the comment as it stands now.

    ``resumed`` is for what is undone: the case then has waited since it was first opened.
    """
    current = comments.get_comment(tx.conn, comment.site_id, comment.id)
    _put(tx, gather_matter(tx.conn, current), resumed=resumed)
    return current


def how_it_waited(
    conn: sa.Connection, comment: Comment, waiting: Sequence[Report]
) -> tuple[datetime | None, RuleKey | None]:
    """Return since when a comment's case has waited, and the rule for which it has."""
    case = cases.find_case(conn, comment.id)
    since = case.opened_at if case is not None and case.state is CaseState.OPEN else None
    reported = waiting[0].rule if waiting else None
    held_for = RuleKey(comment.rule_key) if comment.rule_key else None
    return since, (held_for if comment.status is CommentStatus.HELD else None) or reported


def record_refusal(tx: Tx, comment: Comment, settled: Settlement) -> Decision:
    """Keep the decision by which the screens refused a comment, so that it can be appealed."""
    rulebook = rules.get_current_rulebook(tx.conn, comment.site_id)
    key = settled.rule
    if key is None:
        raise ValueError("a refused comment cites a rule")
    cited = rulebook.rule(key)
    # A screen can cite a rule that the editors have dropped; the refusal stays one of its kind.
    ground = Ground(rulebook.id, RuleKey(key), cited.severity if cited else 1)
    return record_decision(
        tx,
        NewDecision(
            site_id=comment.site_id,
            reader_id=comment.author_id,
            outcome=Outcome.REFUSE,
            source=Source.SCREEN,
            decided_by=None,
            reason=message_for(settled.code),
            ground=ground,
            comment_id=comment.id,
            story_id=comment.story_id,
            revision=comment.revision,
            status_before=CommentStatus.REFUSED,
        ),
    )


def record_decision(tx: Tx, new: NewDecision) -> Decision:
    """Keep a decision and note in the log that it was made."""
    decision = decisions.add_decision(tx, new)
    log.append(
        tx,
        new.site_id,
        kinds.DecisionMade(
            decision.id,
            new.reader_id,
            new.outcome,
            new.source,
            new.decided_by is None,
            new.comment_id,
            new.story_id,
            new.ground.rule if new.ground else None,
            new.ground.rulebook_id if new.ground else None,
            new.answered,
            new.unfounded,
            new.waiting_since.isoformat() if new.waiting_since else None,
            new.in_question,
        ),
    )
    return decision


def rescore_cases(db: Database, site_id: SiteId) -> int:
    """Put the site's open cases in step with the time that they have waited; return how many.

    For upkeep: waiting adds to a priority, and a queue in which nothing happens would not notice.
    """
    done, last = 0, CommentId(0)
    while True:
        # In portions, so that nobody who decides meanwhile waits for the whole queue.
        with db.write(UPKEEP) as tx:
            portion = cases.list_open_comments(tx.conn, site_id, after=last, limit=PORTION)
            for comment_id in portion:
                open_case(tx, comments.lock_comment(tx, site_id, comment_id))
        done += len(portion)
        if len(portion) < PORTION:
            return done
        last = portion[-1]


def _put(tx: Tx, matter: CaseMatter, *, resumed: bool) -> None:
    comment = matter.comment
    if not matter.waits:
        cases.close_case(tx, comment.id)
        return
    case = cases.find_case(tx.conn, comment.id)
    goes_on = case is not None and (resumed or case.state is CaseState.OPEN)
    opened_at = case.opened_at if case is not None and goes_on else tx.now
    cases.enqueue(
        tx,
        comment.id,
        site_id=comment.site_id,
        waiting=Waiting(
            matter.priority(opened_at=opened_at, now=tx.now).score,
            matter.held,
            len(matter.reports),
            matter.appealed_at is not None,
            opened_at,
            comment.story_id,
            matter.new_reader,
        ),
    )

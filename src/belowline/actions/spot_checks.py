"""Looking at comments that nobody brought up, blind: it is counted, and removes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from belowline.actions.facts import ask_standing
from belowline.actions.sanctions import require_rule
from belowline.comments import store as comments
from belowline.core.errors import Conflict, InvalidInput, NotFound, StaleVersion, require
from belowline.core.settings import Settings
from belowline.core.terms import Actor, CommentId, Outcome, Privilege, ReaderId, RuleKey, SiteId
from belowline.events import kinds, log
from belowline.moderation.spot_checks import (
    OLDEST,
    YOUNGEST,
    Checked,
    SpotCheck,
    add_spot_check,
    find_checked,
    list_spot_checks,
    list_turns,
    may_check,
)
from belowline.storage.database import Database


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """What somebody says of a comment in the revision that they saw: it stays, or it would go."""

    comment_id: CommentId
    seen_revision: int
    outcome: Outcome
    rule: RuleKey | None = None


def waiting_checks(
    db: Database, *, site_id: SiteId, by: ReaderId, settings: Settings
) -> list[SpotCheck]:
    """Return the comments that wait for a check and that this person had no part in."""
    with db.read() as conn:
        turns = list_turns(conn, site_id, secret=settings.secret, at=_span_of(db.clock()))
        return list_spot_checks(conn, site_id, turns, by=by)


def get_waiting_check(
    db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId, settings: Settings
) -> SpotCheck:
    """Return one comment that waits for a check of this person's. Raises NotFound."""
    found = waiting_checks(db, site_id=site_id, by=by, settings=settings)
    for one in found:
        if one.comment_id == comment_id:
            return one
    raise NotFound("There is no such comment.", code="no_comment")


def take_spot_check(
    db: Database, *, site_id: SiteId, by: ReaderId, settings: Settings, draft: CheckDraft
) -> None:
    """Keep what somebody says of a comment that nobody brought up. A repeat is success.

    Raises:
        NotSignedIn, NotAllowed: no role, not a comment that waits, or they had a part in it.
        StaleVersion: its author has changed it since. NotFound: no such comment.
        InvalidInput: it would go, but under no rule in force.
        Conflict: somebody else was quicker.
    """
    with db.read() as conn:
        # Whose turn it is takes a look at weeks of comments, for which nobody is to wait.
        turns = list_turns(conn, site_id, secret=settings.secret, at=_span_of(db.clock()))
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MODERATE, site_id=site_id, by=by)
        comments.lock_comment(tx, site_id, draft.comment_id)
        removes = draft.outcome is Outcome.REMOVE
        said = Checked(by, draft.outcome, draft.rule if removes else None)
        before = find_checked(tx.conn, site_id, draft.comment_id, by=by)
        if before == said:
            return
        if before is not None:
            raise _too_late()
        found = list_spot_checks(tx.conn, site_id, [draft.comment_id], by=by)
        waits = bool(found) and draft.comment_id in turns
        require(may_check(waits=waits, answer=draft.outcome))
        if found[0].revision != draft.seen_revision:
            raise StaleVersion("This comment has changed; look at it again.")
        if removes and draft.rule is None:
            raise InvalidInput("A removal cites a rule.", field="rule", code="rule_needed")
        if said.rule is not None:
            require_rule(tx.conn, site_id, said.rule)
        if not add_spot_check(tx, site_id, found[0], said=said):
            raise _too_late()
        log.append(tx, site_id, kinds.SpotCheckTaken(draft.comment_id, said.outcome, said.rule))


def _too_late() -> Conflict:
    return Conflict("Somebody has looked at this already.", code="already_looked")


def _span_of(now: datetime) -> tuple[datetime, datetime]:
    return now - OLDEST, now - YOUNGEST

"""The moderation log: what was decided, under which rule and how it came up, from the event log.

The public one names no reader and quotes nothing, shows a decision once it can no longer be taken
back, and leaves out what was taken back. The staff's one shows everything, and who did it. A page
is one statement, however long it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import (
    Actor,
    Outcome,
    ReaderId,
    RuleKey,
    SanctionKind,
    SiteId,
    Source,
    StoryMode,
)
from belowline.events import kinds
from belowline.storage.barred import told_source
from belowline.storage.tables import (
    decisions,
    events,
    readers,
    rulebooks,
    rules,
    sanctions,
    staff,
    stories,
)

LONGEST_PAGE = 200

CODES = {
    kinds.DecisionMade.__name__: "comment_decided",
    kinds.SanctionImposed.__name__: "sanction_imposed",
    kinds.SanctionLifted.__name__: "sanction_lifted",
    kinds.AppealDecided.__name__: "appeal_decided",
    kinds.CommentFeatured.__name__: "comment_featured",
    kinds.StoryModeChanged.__name__: "story_mode_changed",
    kinds.StorySlowedByHand.__name__: "story_slowed",
    kinds.StorySlowingEnded.__name__: "story_slowed",
    kinds.RulebookPublished.__name__: "rulebook_published",
    kinds.LadderPublished.__name__: "ladder_published",
}
"""What the log shows, by kind of event."""

# A sanction and an appeal write a decision as well as an event of their own, which says more.
TOLD_BY_ANOTHER = (Outcome.SANCTION, Outcome.LIFT, Outcome.RESTORE)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the public log. ``seq`` is the cursor for the page before it."""

    seq: int
    at: datetime
    code: str
    outcome: str
    """The decision's outcome; upheld or rejected for an appeal; a story's new mode;
    slowed or let_go for a conversation."""
    rule_key: RuleKey | None
    rule_title: str | None
    rulebook_version: int | None
    story_key: str | None
    story_title: str | None
    automated: bool
    source: Source | None
    by: str
    """moderator, editor or owner; staff for who has left; or the part of Belowline that acted."""
    sanction: SanctionKind | None


@dataclass(frozen=True, slots=True)
class StaffLine:
    """A line of the log as staff see it."""

    line: LogLine
    undone_at: datetime | None
    overturned_at: datetime | None
    actor_id: ReaderId | None
    actor_name: str | None
    reader_id: ReaderId | None
    """Whom the decision concerns."""
    comment_id: int | None
    decision_id: int | None
    sanction_id: int | None
    appeal_id: int | None


def public_log(
    conn: sa.Connection,
    site_id: SiteId,
    *,
    until: datetime,
    before: int | None = None,
    limit: int = 50,
) -> list[LogLine]:
    """Return a page of what everybody may read, newest first, older than ``before``.

    ``until`` is now less the time for which a decision can be taken back.
    """
    based_on = decisions.alias("based_on")
    stands = sa.select(based_on.c.id).where(
        based_on.c.id == decisions.c.based_on, based_on.c.undone_at.is_not(None)
    )
    query = (
        _select(site_id, before=before, limit=limit)
        .where(events.c.at <= until, decisions.c.undone_at.is_(None))
        .where(sa.not_(stands.exists()))
    )
    return [_line(row, shows_suspended=False) for row in conn.execute(query)]


def staff_log(
    conn: sa.Connection,
    site_id: SiteId,
    *,
    before: int | None = None,
    limit: int = 50,
    code: str | None = None,
) -> list[StaffLine]:
    """Return a page of what staff may read, newest first, older than ``before``.

    With a ``code`` of ``CODES``, only lines of that kind.
    """
    query = _select(site_id, before=before, limit=limit)
    if code is not None:
        named = [kind for kind, its_code in CODES.items() if its_code == code]
        query = query.where(events.c.kind.in_(named))
    return [_staff_line(row) for row in conn.execute(query)]


def _select(site_id: SiteId, *, before: int | None, limit: int) -> sa.Select[Any]:
    decision_id = sa.func.coalesce(sanctions.c.decision_id, _number("decision_id"))
    rulebook_id = sa.func.coalesce(decisions.c.rulebook_id, _number("rulebook_id"))
    # The site is part of each join: an event can never show another site's rows.
    query = (
        sa.select(
            events,
            decisions.c.outcome,
            decisions.c.rule_key,
            told_source(),
            decisions.c.undone_at,
            decisions.c.overturned_at,
            decisions.c.decided_by,
            decisions.c.reader_id,
            decisions.c.comment_id,
            decisions.c.id.label("decision_id"),
            rules.c.title.label("rule_title"),
            rulebooks.c.version,
            stories.c.key.label("story_key"),
            stories.c.title.label("story_title"),
            stories.c.mode,
            sanctions.c.kind.label("sanction"),
            staff.c.role,
            readers.c.name.label("actor_name"),
            readers.c.id.label("actor_id"),
        )
        .select_from(events)
        .outerjoin(sanctions, _same(sanctions, sanctions.c.id == _number("sanction_id")))
        .outerjoin(decisions, _same(decisions, decisions.c.id == decision_id))
        .outerjoin(rulebooks, _same(rulebooks, rulebooks.c.id == rulebook_id))
        .outerjoin(
            rules,
            sa.and_(rules.c.rulebook_id == rulebooks.c.id, rules.c.key == decisions.c.rule_key),
        )
        .outerjoin(stories, _same(stories, stories.c.id == _number("story_id")))
        .outerjoin(readers, readers.c.id == _actor_id())
        .outerjoin(staff, _same(staff, staff.c.reader_id == readers.c.id))
        .where(
            events.c.site_id == site_id,
            events.c.kind.in_(CODES),
            sa.or_(
                events.c.kind != kinds.DecisionMade.__name__,
                decisions.c.outcome.not_in(TOLD_BY_ANOTHER),
            ),
        )
        .order_by(events.c.seq.desc())
        .limit(min(limit, LONGEST_PAGE))
    )
    return query.where(events.c.seq < before) if before is not None else query


def _same(table: sa.Table, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.and_(condition, table.c.site_id == events.c.site_id)


def _number(name: str) -> sa.ColumnElement[int]:
    return sa.cast(events.c.data[name].as_string(), sa.BigInteger)


def _actor_id() -> sa.ColumnElement[int]:
    start = len(str(Actor(ReaderId(0)))) - 1
    number = sa.cast(sa.func.substr(events.c.actor, start + 1), sa.BigInteger)
    return sa.case((events.c.actor.like("reader:%"), number))


def _line(row: sa.Row[Any], *, shows_suspended: bool) -> LogLine:
    # A suspended story is hidden for legal reasons; its address could say as much as its headline.
    hidden = row.mode == StoryMode.SUSPENDED and not shows_suspended
    decided = row.kind in {kinds.DecisionMade.__name__, kinds.SanctionImposed.__name__}
    return LogLine(
        seq=row.seq,
        at=row.at,
        code=CODES[row.kind],
        outcome=_outcome(row),
        rule_key=RuleKey(row.rule_key) if row.rule_key else None,
        rule_title=row.rule_title,
        rulebook_version=row.version,
        story_key=None if hidden else row.story_key,
        story_title=None if hidden else row.story_title,
        automated=decided and row.decided_by is None,
        source=Source(row.source) if decided and row.source else None,
        by=_by(row),
        sanction=SanctionKind(row.sanction) if row.sanction else None,
    )


def _outcome(row: sa.Row[Any]) -> str:
    match CODES[row.kind]:
        case "comment_decided":
            return str(row.outcome)
        case "appeal_decided":
            return "upheld" if row.data["upheld"] else "rejected"
        case "sanction_lifted":
            return str(row.data["cause"])
        case "comment_featured":
            return "featured" if row.data["featured"] else "no_longer_featured"
        case "story_mode_changed":
            return str(row.data["mode"])
        case "story_slowed":
            return "slowed" if row.kind == kinds.StorySlowedByHand.__name__ else "let_go"
        case _:
            return ""


def _by(row: sa.Row[Any]) -> str:
    kind, _, name = str(row.actor).partition(":")
    if kind == "system":
        return name
    # What the screens settle is written in the transaction of the reader whose comment it is.
    if row.kind == kinds.DecisionMade.__name__ and row.decided_by is None:
        return "screens"
    return str(row.role) if row.role else "staff"


def _staff_line(row: sa.Row[Any]) -> StaffLine:
    automated = row.kind == kinds.DecisionMade.__name__ and row.decided_by is None
    return StaffLine(
        line=_line(row, shows_suspended=True),
        undone_at=row.undone_at,
        overturned_at=row.overturned_at,
        actor_id=ReaderId(row.actor_id) if row.actor_id and not automated else None,
        actor_name=row.actor_name if not automated else None,
        reader_id=ReaderId(row.reader_id) if row.reader_id is not None else None,
        comment_id=row.comment_id or row.data.get("comment_id"),
        decision_id=row.decision_id,
        sanction_id=row.data.get("sanction_id"),
        appeal_id=row.data.get("appeal_id"),
    )

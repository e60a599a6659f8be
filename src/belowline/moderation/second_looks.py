"""Second looks: a small random part of all decided cases is judged again, blind, by somebody else.

Which cases these are follows from a hash under the installation's secret, so that nobody can choose
or foresee them. Whoever looks again sees the case as it was and not what was decided; what they say
changes nothing for anybody. It is only counted, to know how far two people here judge alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from belowline.core.keyed import keyed_hash
from belowline.core.terms import (
    CommentId,
    CommentStatus,
    DecisionId,
    Outcome,
    ReaderId,
    Refusal,
    ReportId,
    RuleKey,
    SiteId,
    StoryId,
)
from belowline.core.text import later
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import (
    comments,
    decisions,
    readers,
    reports,
    revisions,
    second_looks,
    stories,
)

SHARE = 0.02
"""Of all decisions about a comment that a person made."""
WAITS_FOR = timedelta(days=28)
"""So long a case waits for its second look; nobody is to work off last year's."""
LOOKED_AT = (Outcome.PUBLISH, Outcome.KEEP, Outcome.REMOVE)
ANSWERS = (Outcome.KEEP, Outcome.REMOVE)
"""What somebody can say who looks again: it stays, or it goes."""

_own = decisions.alias("own")


@dataclass(frozen=True, slots=True)
class SecondLook:
    """A case as it was when it was decided, without what was decided."""

    decision_id: DecisionId
    comment_id: CommentId
    parent_id: CommentId | None
    story_id: StoryId
    story_key: str
    story_title: str
    author_name: str
    revision: int
    html: str
    written_at: datetime
    status_before: CommentStatus
    answered: tuple[ReportId, ...]
    """The reports that waited then."""


def is_chosen(secret: str, decision_id: DecisionId, *, share: float = SHARE) -> bool:
    """Say whether a decision is among those that are looked at again."""
    drawn = keyed_hash(secret, "second-look", str(decision_id))
    return int.from_bytes(drawn[:8], "big") < share * 2**64


def may_look_again(*, chosen: bool, open_to: bool, answer: Outcome) -> Refusal | None:
    """Say why somebody cannot answer a second look, or None if they can.

    ``open_to`` says that the decision stands, is recent, and that they had no part in the case.
    """
    if not chosen or not open_to:
        return Refusal(
            "no_second_look", later("This case does not wait for a second look of yours.")
        )
    if answer not in ANSWERS:
        return Refusal("no_such_answer", later("Say whether it stays or goes."))
    return None


def list_second_looks(
    conn: sa.Connection,
    site_id: SiteId,
    *,
    by: ReaderId,
    secret: str,
    at: tuple[datetime, datetime],
) -> list[SecondLook]:
    """Return the cases decided in this span that wait for somebody's second look, oldest first."""
    ids = sa.select(decisions.c.id).where(*_open_to(site_id, by, *at)).order_by(decisions.c.id)
    chosen = [one for one in conn.execute(ids).scalars() if is_chosen(secret, DecisionId(one))]
    if not chosen:
        return []
    rows = conn.execute(
        _cases().where(decisions.c.id.in_(chosen), *_readable()).order_by(decisions.c.id)
    )
    return [_look(row) for row in rows]


def find_second_look(
    conn: sa.Connection,
    site_id: SiteId,
    decision_id: DecisionId,
    *,
    by: ReaderId,
    at: tuple[datetime, datetime],
) -> SecondLook | None:
    """Return one case if it is open to a second look of this person's, chosen or not."""
    row = conn.execute(
        _cases().where(decisions.c.id == decision_id, *_open_to(site_id, by, *at), *_readable())
    ).first()
    return _look(row) if row is not None else None


def add_second_look(
    tx: Tx,
    site_id: SiteId,
    decision_id: DecisionId,
    *,
    by: ReaderId,
    answer: tuple[Outcome, RuleKey | None],
) -> bool:
    """Keep what somebody says who looked again; say whether they were the first."""
    outcome, rule = answer
    return insert_ignore(
        tx.conn,
        second_looks,
        {
            "decision_id": decision_id,
            "site_id": site_id,
            "reader_id": by,
            "outcome": outcome,
            "rule_key": rule,
            "looked_at": tx.now,
        },
    )


def _open_to(
    site_id: SiteId, by: ReaderId, since: datetime, until: datetime
) -> tuple[sa.ColumnElement[bool], ...]:
    """Say of which decisions somebody knows nothing, so that their look is a fresh one."""
    had_a_hand = sa.exists().where(
        _own.c.comment_id == decisions.c.comment_id, _own.c.decided_by == by
    )
    reported = sa.exists().where(
        reports.c.comment_id == decisions.c.comment_id, reports.c.reporter_id == by
    )
    done = sa.exists().where(second_looks.c.decision_id == decisions.c.id)
    return (
        decisions.c.site_id == site_id,
        decisions.c.decided_at >= since,
        decisions.c.decided_at <= until,
        decisions.c.outcome.in_(LOOKED_AT),
        decisions.c.comment_id.is_not(None),
        decisions.c.decided_by.is_not(None),
        decisions.c.decided_by != by,
        decisions.c.reader_id != by,
        decisions.c.undone_at.is_(None),
        sa.not_(had_a_hand),
        sa.not_(reported),
        sa.not_(done),
    )


def _readable() -> tuple[sa.ColumnElement[bool], ...]:
    # What its author has erased cannot be judged by anybody any more.
    return (revisions.c.text != "",)


def _cases() -> sa.Select[Any]:
    return (
        sa.select(
            decisions.c.id,
            decisions.c.comment_id,
            decisions.c.revision,
            decisions.c.status_before,
            decisions.c.answered,
            comments.c.parent_id,
            comments.c.story_id,
            stories.c.key,
            stories.c.title,
            readers.c.name,
            revisions.c.html,
            revisions.c.created_at,
        )
        .join(comments, comments.c.id == decisions.c.comment_id)
        .join(stories, stories.c.id == comments.c.story_id)
        .join(readers, readers.c.id == comments.c.author_id)
        .join(
            revisions,
            sa.and_(
                revisions.c.comment_id == decisions.c.comment_id,
                revisions.c.number == decisions.c.revision,
            ),
        )
    )


def _look(row: sa.Row[Any]) -> SecondLook:
    return SecondLook(
        DecisionId(row.id),
        CommentId(row.comment_id),
        CommentId(row.parent_id) if row.parent_id is not None else None,
        StoryId(row.story_id),
        row.key,
        row.title,
        row.name,
        row.revision,
        row.html,
        row.created_at,
        CommentStatus(row.status_before or CommentStatus.PUBLISHED),
        tuple(ReportId(one) for one in row.answered),
    )

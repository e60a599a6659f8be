"""Spot checks: a small random part of what is published and nobody ever brought up, judged blind.

What comes to a desk was held or reported, so a desk's own decisions do not say what it misses. Of
each hundred comments in the order of their ids one is drawn, by a hash under the installation's
secret; the same hash gives each its turn, and the first few wait. Nothing else counts, neither what
a comment says nor who wrote it, and nobody can choose or foresee which it will be. What somebody
says of one removes nothing and tells nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from belowline.core.keyed import keyed_hash
from belowline.core.terms import (
    CommentId,
    CommentStatus,
    Outcome,
    ReaderId,
    Refusal,
    RuleKey,
    SiteId,
    StoryId,
)
from belowline.core.text import later
from belowline.storage.database import Tx, insert_ignore
from belowline.storage.tables import (
    authority_order_comments,
    cases,
    comments,
    decisions,
    defamation_notices,
    legal_holds,
    reactions,
    reports,
    spot_checks,
    stories,
)

ONE_IN = 100
MOST_WAITING = 5
"""At a site at a time, whoever looks, so that nobody can leave the hard ones for easier ones."""
YOUNGEST = timedelta(days=1)
"""Until then readers have hardly had the time to bring it up."""
OLDEST = timedelta(days=28)
ANSWERS = (Outcome.KEEP, Outcome.REMOVE)
AT_ONCE = 200

_BROUGHT_UP = (
    cases,
    reports,
    decisions,
    defamation_notices,
    legal_holds,
    authority_order_comments,
)
_reply = comments.alias("reply")
_above = comments.alias("above")


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """A published comment as readers see it, without anything that is known of it or its author."""

    comment_id: CommentId
    parent_id: CommentId | None
    story_id: StoryId
    story_title: str
    revision: int
    html: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """What somebody said of a comment: it stays, or it would go under a rule."""

    by: ReaderId
    outcome: Outcome
    rule: RuleKey | None


def draw(secret: str, hundred: int) -> tuple[int, int]:
    """Return which comment of a hundred is drawn, from 0, and its turn among all that are."""
    drawn = keyed_hash(secret, "spot-check", str(hundred))
    return int.from_bytes(drawn[:8], "big") % ONE_IN, int.from_bytes(drawn[8:16], "big")


def is_drawn(secret: str, comment_id: CommentId) -> bool:
    """Say whether a comment is among those that are checked if nobody brings them up."""
    return draw(secret, comment_id // ONE_IN)[0] == comment_id % ONE_IN


def may_check(*, waits: bool, answer: Outcome) -> Refusal | None:
    """Say why somebody cannot answer a spot check, or None if they can.

    ``waits`` says that the comment was drawn and has its turn, that nobody has brought it up or
    checked it, and that they had no part in it.
    """
    if not waits:
        return Refusal("no_spot_check", later("This comment does not wait for a check of yours."))
    if answer not in ANSWERS:
        return Refusal("no_such_answer", later("Say whether it stays or goes."))
    return None


def list_turns(
    conn: sa.Connection, site_id: SiteId, *, secret: str, at: tuple[datetime, datetime]
) -> list[CommentId]:
    """Return the few comments of this span that wait at the site, in their turn, whoever looks."""
    hundreds = conn.execute(
        sa.select((comments.c.id // ONE_IN).label("hundred"))
        .where(*_of_span(site_id, at))
        .distinct()
    ).scalars()
    turns = sorted(
        (turn, hundred * ONE_IN + place)
        for hundred in hundreds
        for place, turn in (draw(secret, hundred),)
    )
    waiting: list[CommentId] = []
    for start in range(0, len(turns), AT_ONCE):
        portion = [comment_id for _, comment_id in turns[start : start + AT_ONCE]]
        found = conn.execute(
            sa.select(comments.c.id).where(
                comments.c.id.in_(portion), *_of_span(site_id, at), *_unnoticed()
            )
        )
        there = set(found.scalars())
        waiting += [CommentId(one) for one in portion if one in there]
        if len(waiting) >= MOST_WAITING:
            break
    return waiting[:MOST_WAITING]


def list_spot_checks(
    conn: sa.Connection, site_id: SiteId, comment_ids: Sequence[CommentId], *, by: ReaderId
) -> list[SpotCheck]:
    """Return which of these somebody may check who had no part in them, in the order given."""
    rows = conn.execute(
        sa.select(
            comments.c.id,
            comments.c.parent_id,
            comments.c.story_id,
            stories.c.title,
            comments.c.revision,
            comments.c.html,
            comments.c.created_at,
        )
        .join(stories, stories.c.id == comments.c.story_id)
        .where(
            comments.c.site_id == site_id,
            comments.c.id.in_(comment_ids),
            *_unnoticed(),
            *_without_part(by),
        )
    )
    found = {row.id: _check(row) for row in rows}
    return [found[one] for one in comment_ids if one in found]


def find_checked(
    conn: sa.Connection, site_id: SiteId, comment_id: CommentId, *, by: ReaderId
) -> Checked | None:
    """Return what was said of a comment; None also to whoever had a part in it."""
    row = conn.execute(
        sa.select(spot_checks)
        .join(comments, comments.c.id == spot_checks.c.comment_id)
        .where(
            spot_checks.c.site_id == site_id,
            spot_checks.c.comment_id == comment_id,
            *_without_part(by),
        )
    ).first()
    if row is None:
        return None
    rule = RuleKey(row.rule_key) if row.rule_key is not None else None
    return Checked(ReaderId(row.reader_id), Outcome(row.outcome), rule)


def add_spot_check(tx: Tx, site_id: SiteId, check: SpotCheck, *, said: Checked) -> bool:
    """Keep what somebody says of a comment as they saw it; say whether they were the first."""
    return insert_ignore(
        tx.conn,
        spot_checks,
        {
            "comment_id": check.comment_id,
            "site_id": site_id,
            "revision": check.revision,
            "reader_id": said.by,
            "outcome": said.outcome,
            "rule_key": said.rule,
            "looked_at": tx.now,
        },
    )


def _of_span(site_id: SiteId, at: tuple[datetime, datetime]) -> tuple[sa.ColumnElement[bool], ...]:
    since, until = at
    return (
        comments.c.site_id == site_id,
        comments.c.created_at >= since,
        comments.c.created_at <= until,
    )


def _unnoticed() -> tuple[sa.ColumnElement[bool], ...]:
    """Say which comments readers see that nobody has brought up, checked or erased."""
    return (
        comments.c.status == CommentStatus.PUBLISHED,
        comments.c.author_role.is_(None),
        comments.c.html != "",
        *(
            sa.not_(sa.exists().where(one.c.comment_id == comments.c.id))
            for one in (*_BROUGHT_UP, spot_checks)
        ),
    )


def _without_part(by: ReaderId) -> tuple[sa.ColumnElement[bool], ...]:
    """Say which comments somebody has not written, answered or respected, nor what they answer."""
    answered = sa.exists().where(_reply.c.parent_id == comments.c.id, _reply.c.author_id == by)
    wrote_above = sa.exists().where(_above.c.id == comments.c.parent_id, _above.c.author_id == by)
    respected = sa.exists().where(
        reactions.c.comment_id == comments.c.id, reactions.c.reader_id == by
    )
    return (
        comments.c.author_id != by,
        sa.not_(answered),
        sa.not_(wrote_above),
        sa.not_(respected),
    )


def _check(row: Any) -> SpotCheck:  # noqa: ANN401 - a row of ``list_spot_checks``
    return SpotCheck(
        CommentId(row.id),
        CommentId(row.parent_id) if row.parent_id is not None else None,
        StoryId(row.story_id),
        row.title,
        row.revision,
        row.html,
        row.created_at,
    )

"""Which comments lack a score, and how one that is given later is kept.

Nothing else about a comment is changed here: not its status, nor anything that people did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, ScreenName, SiteId, StoryId, Verdict
from belowline.screens.later import is_later
from belowline.screens.store import read_verdict, write_verdict
from belowline.storage.database import Tx
from belowline.storage.many import Changes, Rows
from belowline.storage.tables import comments, revisions, screenings

_ADD = Rows(screenings, ("comment_id", "revision", "verdicts", "created_at", "unanswered"))
_CHANGE = Changes(screenings, ("comment_id", "revision"), ("verdicts",))


@dataclass(frozen=True, slots=True)
class Sent:
    """A comment as it stands, with what the classifier has said of it."""

    id: CommentId
    revision: int
    story_id: StoryId
    created_at: datetime
    scored: bool
    """Whether it has a score, given when it was sent or later."""
    later_by: str | None
    """Which models gave it a score later."""


def list_sent(
    conn: sa.Connection,
    site_id: SiteId,
    *,
    since: datetime | None,
    before: tuple[datetime, CommentId] | None,
    limit: int,
) -> list[Sent]:
    """Return comments of the site, newest first, from behind ``before`` on."""
    query = (
        sa.select(
            comments.c.id,
            comments.c.revision,
            comments.c.story_id,
            comments.c.created_at,
            screenings.c.verdicts,
        )
        .outerjoin(screenings, _said_of_this())
        .where(comments.c.site_id == site_id)
        .order_by(comments.c.created_at.desc(), comments.c.id.desc())
        .limit(limit)
    )
    if since is not None:
        query = query.where(comments.c.created_at >= since)
    if before is not None:
        at, last = before
        query = query.where(
            comments.c.created_at <= at,
            sa.or_(comments.c.created_at < at, comments.c.id < last),
        )
    return [_sent(row) for row in conn.execute(query)]


def count_sent(conn: sa.Connection, site_id: SiteId, *, since: datetime | None) -> int:
    """Count the comments that ``list_sent`` would give."""
    query = sa.select(sa.func.count()).where(comments.c.site_id == site_id)
    if since is not None:
        query = query.where(comments.c.created_at >= since)
    return conn.execute(query).scalar_one()


def read_texts(conn: sa.Connection, sent: Sequence[Sent]) -> dict[CommentId, str]:
    """Return the current text of each; erased ones are empty."""
    rows = conn.execute(
        sa.select(revisions.c.comment_id, revisions.c.number, revisions.c.text).where(
            revisions.c.comment_id.in_([one.id for one in sent])
        )
    )
    texts = {(row.comment_id, row.number): row.text for row in rows}
    return {one.id: texts.get((one.id, one.revision), "") for one in sent}


def put_later(
    tx: Tx, site_id: SiteId, found: Mapping[tuple[CommentId, int], Verdict]
) -> dict[CommentId, bool]:
    """Keep later scores by comment and revision; say of each comment whether its score was kept.

    One that was edited or erased meanwhile gets none. One that somebody else is changing at this
    moment is not among those returned: waiting for it while holding others could wait for ever.
    """
    rows = tx.conn.execute(
        sa.select(comments.c.id, comments.c.revision, revisions.c.text, screenings.c.verdicts)
        .join(
            revisions,
            sa.and_(
                revisions.c.comment_id == comments.c.id,
                revisions.c.number == comments.c.revision,
            ),
        )
        .outerjoin(screenings, _said_of_this())
        .where(comments.c.site_id == site_id, comments.c.id.in_([key[0] for key in found]))
        .with_for_update(key_share=True, skip_locked=True, of=comments)
    ).all()
    kept: dict[CommentId, bool] = {}
    fresh: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    for row in rows:
        verdict = found.get((CommentId(row.id), row.revision))
        kept[CommentId(row.id)] = verdict is not None and bool(row.text)
        if verdict is None or not row.text:
            continue
        key = {"comment_id": row.id, "revision": row.revision}
        stood = [one for one in row.verdicts or () if not is_later(read_verdict(one))]
        said = {"verdicts": [*stood, write_verdict(verdict)]}
        if row.verdicts is None:
            fresh.append(key | said | {"created_at": tx.now, "unanswered": False})
        else:
            changed.append(key | said)
    _ADD.put(tx.conn, fresh)
    _CHANGE.make(tx.conn, changed)
    return kept


def _said_of_this() -> sa.ColumnElement[bool]:
    return sa.and_(
        screenings.c.comment_id == comments.c.id, screenings.c.revision == comments.c.revision
    )


def _sent(row: sa.Row[Any, Any, Any, Any, Any]) -> Sent:
    said = [read_verdict(one) for one in row.verdicts or ()]
    scores = [one for one in said if one.screen is ScreenName.CLASSIFIER and "score" in one.detail]
    later = next((one for one in scores if is_later(one)), None)
    return Sent(
        CommentId(row.id),
        row.revision,
        StoryId(row.story_id),
        row.created_at,
        bool(scores),
        str(later.detail.get("by", "")) if later is not None else None,
    )

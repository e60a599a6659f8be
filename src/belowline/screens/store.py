"""How verdicts are kept: every one, also those that let a comment pass."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from belowline.core.terms import CommentId, Finding, Passage, RuleKey, ScreenName, Verdict
from belowline.storage.database import Tx
from belowline.storage.many import Rows
from belowline.storage.tables import verdicts as table

_ADD = Rows(table, [one.key for one in table.c if one.key != "id"])


def put_verdicts(
    tx: Tx, comment_id: CommentId, *, revision: int, verdicts: Sequence[Verdict]
) -> None:
    """Keep what the screens said about a revision."""
    put_all_verdicts(tx, [(comment_id, verdicts)], revision=revision)


def put_all_verdicts(
    tx: Tx, said: Iterable[tuple[CommentId, Sequence[Verdict]]], *, revision: int
) -> None:
    """Keep what the screens said about this revision of each of these comments."""
    rows = [
        {
            "comment_id": comment_id,
            "revision": revision,
            "screen": verdict.screen,
            "finding": verdict.finding,
            "code": verdict.code,
            "rule_key": verdict.rule,
            "passages": [[passage.start, passage.end] for passage in verdict.passages],
            "detail": verdict.detail,
            "created_at": tx.now,
        }
        for comment_id, verdicts in said
        for verdict in verdicts
    ]
    _ADD.put(tx.conn, rows)


def list_verdicts(
    conn: sa.Connection, comment_id: CommentId, *, revision: int | None = None
) -> list[Verdict]:
    """Return what the screens said about a revision, or about all of them, in their order."""
    query = sa.select(table).where(table.c.comment_id == comment_id)
    if revision is not None:
        query = query.where(table.c.revision == revision)
    return [
        Verdict(
            ScreenName(row.screen),
            Finding(row.finding),
            row.code,
            RuleKey(row.rule_key) if row.rule_key is not None else None,
            tuple(Passage(start, end) for start, end in row.passages),
            dict(row.detail),
        )
        for row in conn.execute(query.order_by(table.c.revision, table.c.id))
    ]

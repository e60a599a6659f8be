"""How verdicts are kept: every one, also those that let a comment pass."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from belowline.core.terms import CommentId, Finding, Passage, RuleKey, ScreenName, Verdict
from belowline.storage.database import Tx
from belowline.storage.prepared import Prepared
from belowline.storage.tables import verdicts as table

_ADD = Prepared(sa.insert(table), columns=[one.key for one in table.c if one.key != "id"])
# PostgreSQL takes longest over each statement, so it is given all rows in one.
_ADD_ALL = Prepared(
    sa.text(
        "INSERT INTO verdicts (comment_id, revision, screen, finding, code, rule_key, passages,"
        " detail, created_at)"
        " SELECT :comment_id, :revision, one.screen, one.finding, one.code, one.rule_key,"
        " one.passages, one.detail, :created_at FROM jsonb_to_recordset(:rows) AS"
        " one(screen text, finding text, code text, rule_key text, passages jsonb, detail jsonb)"
    ).bindparams(
        sa.bindparam("comment_id", type_=table.c.comment_id.type),
        sa.bindparam("revision", type_=table.c.revision.type),
        sa.bindparam("created_at", type_=table.c.created_at.type),
        sa.bindparam("rows", type_=table.c.passages.type),
    )
)


def put_verdicts(
    tx: Tx, comment_id: CommentId, *, revision: int, verdicts: Sequence[Verdict]
) -> None:
    """Keep what the screens said about a revision."""
    if not verdicts:
        return
    about = {"comment_id": comment_id, "revision": revision, "created_at": tx.now}
    rows = [
        {
            "screen": verdict.screen,
            "finding": verdict.finding,
            "code": verdict.code,
            "rule_key": verdict.rule,
            "passages": [[passage.start, passage.end] for passage in verdict.passages],
            "detail": verdict.detail,
        }
        for verdict in verdicts
    ]
    if tx.conn.dialect.name == "postgresql":
        _ADD_ALL.run(tx.conn, **about, rows=rows)
    else:
        _ADD.run_each(tx.conn, [{**row, **about} for row in rows])


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

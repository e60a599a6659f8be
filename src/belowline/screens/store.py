"""How verdicts are kept: every one, also those that let a comment pass, in one row a revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from belowline.core.terms import CommentId, Finding, Passage, RuleKey, ScreenName, Verdict
from belowline.screens.later import is_later
from belowline.storage.database import Tx
from belowline.storage.many import Rows
from belowline.storage.tables import screenings as table

CLEAN = "clean"
"""The code of a verdict that found nothing; not written."""

_ADD = Rows(table, [one.key for one in table.c])


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
            "verdicts": list(map(write_verdict, verdicts)),
            "created_at": tx.now,
            "unanswered": any(one.finding is Finding.UNAVAILABLE for one in verdicts),
        }
        for comment_id, verdicts in said
    ]
    _ADD.put(tx.conn, rows)


def list_verdicts(
    conn: sa.Connection, comment_id: CommentId, *, revision: int | None = None
) -> list[Verdict]:
    """Return what the screens said about a revision, or about all of them, in their order.

    What was scored later is not among it: it is no reason for anything that became of the comment.
    """
    query = sa.select(table.c.verdicts).where(table.c.comment_id == comment_id)
    if revision is not None:
        query = query.where(table.c.revision == revision)
    rows = conn.execute(query.order_by(table.c.revision))
    found = (read_verdict(one) for row in rows for one in row.verdicts)
    return [one for one in found if not is_later(one)]


def write_verdict(verdict: Verdict) -> dict[str, object]:
    """Return a verdict as it is kept."""
    written: dict[str, object] = {"screen": verdict.screen, "finding": verdict.finding}
    if verdict.code != CLEAN:
        written["code"] = verdict.code
    if verdict.rule is not None:
        written["rule"] = verdict.rule
    if verdict.passages:
        written["passages"] = [[passage.start, passage.end] for passage in verdict.passages]
    if verdict.detail:
        written["detail"] = verdict.detail
    return written


def read_verdict(written: Mapping[str, Any]) -> Verdict:
    """Return a verdict as it was kept."""
    rule = written.get("rule")
    return Verdict(
        ScreenName(written["screen"]),
        Finding(written["finding"]),
        written.get("code", CLEAN),
        RuleKey(rule) if rule is not None else None,
        tuple(Passage(start, end) for start, end in written.get("passages", ())),
        dict(written.get("detail", {})),
    )

"""Lines of several threads at once, for whoever answers several authors together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from belowline.core.terms import CommentId, SiteId
from belowline.storage.many import Each
from belowline.storage.tables import comments
from belowline.threads.model import ThreadComment
from belowline.threads.statements import select_lines
from belowline.threads.store import INDENTS, make_line

_FIND = Each(
    lambda comment_id, site_id: select_lines().where(
        comments.c.id == comment_id, comments.c.site_id == site_id, sa.text("comments.shown")
    ),
    comment_id=sa.BigInteger(),
    site_id=sa.BigInteger(),
)


def find_lines(
    conn: sa.Connection, asked: Sequence[tuple[SiteId, CommentId]]
) -> list[ThreadComment | None]:
    """Return each of these comments as the thread shows it, or None if it has no place there.

    A reply whose indentation does not show what it answers says so.
    """
    found = _find(conn, asked)
    flat = [
        (site_id, CommentId(line.parent_id))
        for (site_id, _), line in zip(asked, found, strict=True)
        if line is not None and line.parent_id is not None and line.indent == INDENTS
    ]
    parents = {line.id: line for line in _find(conn, flat) if line is not None}
    return [line and _naming(line, parents.get(CommentId(line.parent_id or 0))) for line in found]


def _naming(line: ThreadComment, parent: ThreadComment | None) -> ThreadComment:
    if parent is None or line.indent < INDENTS or parent.indent < INDENTS:
        return line
    return replace(line, answers=parent.author_name or None)


def _find(
    conn: sa.Connection, asked: Sequence[tuple[SiteId, CommentId]]
) -> list[ThreadComment | None]:
    pairs = [{"comment_id": comment_id, "site_id": site_id} for site_id, comment_id in asked]
    rows = _FIND.find(conn, pairs)
    return [make_line(row) if row is not None else None for row in rows]

"""The staff's moderation log: everything that was decided, and by whom."""

from __future__ import annotations

from litestar import Response

from belowline.core.errors import InvalidInput
from belowline.transparency.log import CODES, staff_log
from belowline.web.auth import Visitor
from belowline.web.console.desk import desk_page
from belowline.web.fields import Number

PAGE = 50


def log(visitor: Visitor, kind: str | None = None, before: Number = None) -> Response[bytes]:
    """Show a page of the log, newest first; of one kind, if one is named."""
    if kind and kind not in CODES.values():
        raise InvalidInput("There is no such kind.", field="kind", code="bad_kind")
    with visitor.house.db.read() as conn:
        found = staff_log(conn, visitor.at.id, before=before, limit=PAGE + 1, code=kind or None)
    return desk_page(
        visitor,
        "log.html",
        here="log",
        lines=found[:PAGE],
        older=found[PAGE - 1].line.seq if len(found) > PAGE else None,
        kinds=list(dict.fromkeys(CODES.values())),
        kind=kind or "",
    )

"""A reader's public page: what they have published here, and nothing else about them."""

from __future__ import annotations

from litestar import Response

from belowline.core.errors import NotFound
from belowline.core.terms import CommentId
from belowline.threads.by import PAGE, find_writer, list_written
from belowline.web.auth import Visitor
from belowline.web.pages.frame import public_page
from belowline.web.pages.place import get_public_place
from belowline.web.payloads import Before


def by_author(visitor: Visitor, story: str, comment: int, before: Before = None) -> Response[bytes]:
    """Show what the author of a published comment has published at this site, newest first."""
    site_id = visitor.at.id
    with visitor.house.db.read() as conn:
        place = get_public_place(conn, visitor, story, comment)
        writer = find_writer(conn, site_id, place.comment.id)
        if writer is None:
            raise NotFound("There is no such page.", code="no_public_page")
        found = list_written(
            conn,
            site_id,
            writer.id,
            before=CommentId(before) if before is not None else None,
        )
    return public_page(
        visitor,
        "pages/by.html",
        writer=writer,
        here=f"/s/{visitor.at.key}/{story}/c/{comment}",
        first_page=before is None,
        written=found[:PAGE],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
    )

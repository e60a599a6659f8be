"""The way in: the sites of this installation, and the stories of one."""

from __future__ import annotations

from typing import Any

from litestar import Response

from belowline.comments import store as comments
from belowline.core.errors import NotFound
from belowline.core.terms import CommentId, StoryId, StoryMode
from belowline.sites import store as sites
from belowline.stories import store as stories
from belowline.threads.activity import list_lively
from belowline.web.auth import Visitor
from belowline.web.pages.frame import public_page
from belowline.web.payloads import Before
from belowline.web.redirects import see_other

PAGE = 50


def start(visitor: Visitor) -> Response[Any]:
    """List the sites, or go straight to the only one."""
    with visitor.house.db.read() as conn:
        found = sites.list_sites(conn)
    if len(found) == 1:
        return see_other(f"/s/{found[0].key}")
    return public_page(visitor, "pages/start.html", sites=found)


def site_page(visitor: Visitor, before: Before = None) -> Response[bytes]:
    """List a site's stories: those being talked about, then all of them, newest first."""
    site = visitor.at
    with visitor.house.db.read() as conn:
        lively = list_lively(conn, site.id) if before is None else []
        found = stories.list_stories(
            conn, site.id, before=StoryId(before) if before is not None else None, limit=PAGE + 1
        )
    # A suspended story is hidden for legal reasons, and its headline can say too much.
    told = {one.id for one in lively}
    shown = [
        one for one in found[:PAGE] if one.mode is not StoryMode.SUSPENDED and one.id not in told
    ]
    return public_page(
        visitor,
        "pages/site.html",
        lively=lively,
        stories=shown,
        first_page=before is None,
        older=found[PAGE - 1].id if len(found) > PAGE else None,
    )


def find_comment(visitor: Visitor, comment: int) -> Response[Any]:
    """Lead from a comment's number, which is all that a notice knows, to its place."""
    site = visitor.at
    with visitor.house.db.read() as conn:
        found = comments.find_comment(conn, site.id, CommentId(comment))
        if found is None or not found.shown:
            raise NotFound("This comment is no longer there.", code="no_comment")
        story = stories.get_story_by_id(conn, site.id, found.story_id)
    return see_other(f"/s/{site.key}/{story.key}/c/{found.id}#c{found.id}")

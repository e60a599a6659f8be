"""Old links to comments that came along from another system: where they lead today."""

from __future__ import annotations

from typing import Any

from litestar import Response
from litestar.response import Redirect

from belowline.core.errors import NotFound
from belowline.core.terms import StoryMode
from belowline.stories import store as stories
from belowline.transfer.permalinks import FORMS
from belowline.transfer.redirects import find_moved, path_of
from belowline.web.answers import WasOut
from belowline.web.auth import Visitor
from belowline.web.pages.frame import SAME_FOR_ALL
from belowline.web.templating import page


def was(visitor: Visitor, source: str, number: str) -> Response[Any]:
    """Lead from a comment's number at its source to its place here, for good.

    What readers cannot see any more is gone; what never came in is not found.
    """
    site = visitor.at
    with visitor.house.db.read() as conn:
        found = find_moved(conn, site.id, sources=(source,), source_id=number)
        if not found:
            raise NotFound("This comment did not come along from there.", code="no_comment")
        one = found[0]
        story = stories.find_story(conn, site.id, one.story_key)
    if not one.is_shown:
        # A thread that is hidden is not told of.
        is_open = story is not None and story.mode is not StoryMode.SUSPENDED
        return page("pages/was.html", http_status=410, site=site, story=story if is_open else None)
    return Redirect(path_of(one, site_key=site.key), status_code=301, headers=SAME_FOR_ALL)


def was_here(visitor: Visitor, story: str, form: str, number: str) -> Response[WasOut]:
    """Say which comment of a story an old link meant, by the form of the link and its number.

    The forms are `coral`, `comment` (WordPress and Disqus), `isso`, `remark42`, `commento` (also
    Comentario) and `artalk`.
    """
    with visitor.house.db.read() as conn:
        found = find_moved(conn, visitor.at.id, sources=FORMS.get(form, ()), source_id=number)
    for one in found:
        if one.is_shown and one.story_key == story:
            return Response(WasOut(one.comment_id), headers=SAME_FOR_ALL)
    raise NotFound("This comment did not come along to this story.", code="no_comment")

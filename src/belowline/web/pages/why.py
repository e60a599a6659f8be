"""Why a comment stands where it stands: the same for everybody, as a page and as JSON."""

from __future__ import annotations

import sqlalchemy as sa
from litestar import Response
from msgspec import Struct

from belowline.comments.reactions import is_count_shown
from belowline.comments.store import find_comment
from belowline.core.errors import NotFound
from belowline.core.terms import CommentId, CommentStatus, StoryMode, ThreadOrder
from belowline.stories import store as stories
from belowline.threads.places import find_why
from belowline.threads.why import REPLY, Reason, explain
from belowline.web.auth import Visitor
from belowline.web.pages.frame import public_page


class ReasonOut(Struct, frozen=True):
    """One thing that counted for a comment's place: a stable code, and a sentence."""

    code: str
    text: str


class WhyOut(Struct, frozen=True):
    """Why a comment stands where it stands, as of the last time that its thread was ranked."""

    comment: int
    order: str
    """The order that it is about: best."""
    reasons: list[ReasonOut]


def why(visitor: Visitor, comment: int) -> WhyOut:
    """Say why a comment stands where it stands in the order "best"."""
    with visitor.house.db.read() as conn:
        _, reasons = _reasons(conn, visitor, comment)
    say = visitor.language.say
    return WhyOut(
        comment, ThreadOrder.BEST, [ReasonOut(one.code, say(one.text)) for one in reasons]
    )


def why_page(visitor: Visitor, story: str, comment: int) -> Response[bytes]:
    """Say it on a page, with the way to how "best" is decided."""
    with visitor.house.db.read() as conn:
        key, reasons = _reasons(conn, visitor, comment)
    if key != story:
        raise _none()
    return public_page(
        visitor,
        "pages/why.html",
        reasons=reasons,
        there=f"/s/{visitor.at.key}/{story}",
        comment=comment,
    )


def _reasons(
    conn: sa.Connection, visitor: Visitor, comment_id: int
) -> tuple[str, tuple[Reason, ...]]:
    """Return the story's key and the reasons. Raises NotFound for what is not public."""
    site = visitor.at
    comment = find_comment(conn, site.id, CommentId(comment_id))
    if comment is None or not comment.shown:
        raise _none()
    story = stories.get_story_by_id(conn, site.id, comment.story_id)
    if story.mode is StoryMode.SUSPENDED:
        raise _none()
    if comment.parent_id is not None:
        return story.key, (REPLY,)
    return story.key, explain(
        find_why(conn, site.id, comment.id),
        is_published=comment.status is CommentStatus.PUBLISHED,
        is_shown=is_count_shown(comment, now=visitor.house.db.clock()),
    )


def _none() -> NotFound:
    return NotFound("There is no such comment.", code="no_comment")

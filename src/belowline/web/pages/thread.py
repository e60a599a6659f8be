"""The anonymous renderings of a thread: whole page, fragment and JSON, the same for everybody.

Each builder reads what it needs in one read transaction and returns the bytes with the thread's
version, so that the front can cache them. No cookie, name or role reaches these functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response

from belowline.comments.store import get_comment
from belowline.core.errors import InvalidInput, NotFound
from belowline.core.terms import CommentId, CommentStatus, StoryMode, ThreadFilter, ThreadOrder
from belowline.rules import store as rules
from belowline.rules.model import Rulebook
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.model import Story
from belowline.stories.policy import may_take_comments
from belowline.stories.questions import Question
from belowline.threads import store as threads
from belowline.threads.cursors import check_path
from belowline.threads.model import Branch, ThreadComment, ThreadPage
from belowline.web.auth import Visitor
from belowline.web.pages.parts import Part, read_filter, view_page
from belowline.web.payloads import At, Only
from belowline.web.templating import fragment, machine_time

HTML = "text/html; charset=utf-8"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which anonymous rendering is asked for."""

    site: str
    story: str
    form: str
    """``page``, ``fragment``, ``json``, ``permalink``, or a root's further replies as a part
    (``branch``) or as a whole page (``replies``)."""
    order: ThreadOrder = ThreadOrder.BEST
    after: str | None = None
    comment: int | None = None
    """Which one is to be on the page."""
    only: ThreadFilter | None = None
    """Which part of the thread; ``order`` and ``comment`` say nothing then."""

    @property
    def key(self) -> tuple[str, ...]:
        """Return the cache key: the address and nothing about who asks."""
        return (
            self.form,
            self.site,
            self.story,
            self.order,
            self.after or "",
            str(self.comment or ""),
            self.only or "",
        )


@dataclass(frozen=True, slots=True)
class Built:
    """A rendering, and the version of the thread that it shows."""

    story: Story | None
    body: bytes
    media_type: str
    status: int = 200


def read_order(text: str | None) -> ThreadOrder:
    """Read the order from an address, by default the best first. Raises InvalidInput."""
    if text is None or text == "":
        return ThreadOrder.BEST
    try:
        return ThreadOrder(text)
    except ValueError as error:
        raise InvalidInput("There is no such order.", field="order", code="bad_order") from error


def build(db: Database, asked: Asked) -> Built:
    """Build an anonymous rendering.

    Raises:
        NotFound: no such site, story (for a whole page) or comment.
        InvalidInput: a bad cursor.
    """
    with db.read() as conn:
        site = sites.get_site(conn, asked.site)
        story = stories.find_story(conn, site.id, asked.story)
        if story is None and asked.form != "fragment":
            raise NotFound("There is no such story.", code="no_story")
        rulebook = rules.get_current_rulebook(conn, site.id)
        view = _view(site, story, rulebook, asked)
        if story is None or story.mode is StoryMode.SUSPENDED:
            return _built(view | {"page": ThreadPage(asked.order, (), None)}, story, asked)
        if asked.form in BRANCHES:
            return _built(view | _branch(conn, site, story, asked), story, asked)
        part = Part(asked.order, asked.after, asked.comment, asked.only)
        return _built(view | view_page(conn, story, part), story, asked)


def _view(site: Site, story: Story | None, rulebook: Rulebook, asked: Asked) -> dict[str, Any]:
    return {
        "site": site,
        "story": story,
        "story_key": asked.story,
        "rulebook": rulebook,
        "rule_titles": {rule.key: rule.title for rule in rulebook.rules},
        "order": asked.order,
        "after": asked.after,
        "closed": may_take_comments(story.mode) if story is not None else None,
        "focus": asked.comment,
        "begun": False,
        "only": asked.only,
        "filters": (),
        "question": None,
    }


def _branch(conn: sa.Connection, site: Site, story: Story, asked: Asked) -> dict[str, Any]:
    line = threads.find_line(conn, site.id, CommentId(asked.comment or 0))
    if line is None:
        raise NotFound("There is no such comment.", code="no_comment")
    if asked.form == "permalink":
        after = threads.path_before(line)
    else:
        after = check_path(asked.after or "")
    branch = threads.read_branch(conn, site.id, line.root_id or line.id, after=after)
    if branch is None or not _is_in(conn, story, line):
        raise NotFound("There is no such comment.", code="no_comment")
    earlier = bool(after) and branch.root.reply_count > len(branch.replies)
    return {"branch": branch, "earlier": earlier}


def _is_in(conn: sa.Connection, story: Story, line: ThreadComment) -> bool:
    return get_comment(conn, story.site_id, line.id).story_id == story.id


TEMPLATES = {
    "page": "thread/page.html",
    "fragment": "thread/fragment.html",
    "branch": "thread/more.html",
    "permalink": "thread/permalink.html",
    "replies": "thread/permalink.html",
}
BRANCHES = frozenset({"branch", "permalink", "replies"})


def _built(view: dict[str, Any], story: Story | None, asked: Asked) -> Built:
    if asked.form == "json":
        body = msgspec.json.encode(_as_json(view["page"], view))
        return Built(story, body, JSON)
    return Built(story, fragment(TEMPLATES[asked.form], **view).encode(), HTML)


def _as_json(page: ThreadPage, view: dict[str, Any]) -> dict[str, Any]:
    story: Story = view["story"]
    return {
        "story": {
            "key": story.key,
            "title": story.title,
            "url": story.url,
            "mode": story.mode,
            "mode_reason": story.mode_reason,
            "comment_count": 0 if story.mode is StoryMode.SUSPENDED else story.comment_count,
            "question": _question_json(view["question"]),
        },
        "rulebook_version": view["rulebook"].version,
        "order": page.order,
        "comments": [_branch_json(branch) for branch in page.branches],
        "next": page.next_cursor,
    }


def _question_json(question: Question | None) -> dict[str, Any] | None:
    if question is None:
        return None
    return {
        "text": question.text,
        "asked_by": question.asked_by,
        "asked_at": machine_time(question.asked_at),
    }


def _branch_json(branch: Branch) -> dict[str, Any]:
    return {
        **_comment_json(branch.root),
        "replies": [_comment_json(reply) for reply in branch.replies],
        "more_replies_after": branch.more_after,
    }


def _comment_json(line: ThreadComment) -> dict[str, Any]:
    published = line.status is CommentStatus.PUBLISHED
    return {
        "id": line.id,
        "parent": line.parent_id,
        # Whether a line that is not published was held, refused or withdrawn is nobody's business.
        "status": line.status if published or line.status is CommentStatus.REMOVED else "gone",
        "author": line.author_name if published else None,
        "author_role": line.author_role,
        "by_author": line.by_author,
        "html": line.html,
        "rule": line.rule_key if line.status is CommentStatus.REMOVED else None,
        "created_at": machine_time(line.created_at),
        "edited_at": machine_time(line.edited_at) if line.edited_at else None,
        "respect": line.respect_count,
        "reply_count": line.reply_count,
        "featured": line.featured_reason if line.featured_at else None,
    }


def _answer(built: Built) -> Response[bytes]:
    return Response(
        content=built.body,
        media_type=built.media_type.partition(";")[0],
        status_code=built.status,
        headers={"Cache-Control": "public, max-age=0, must-revalidate"},
    )


def whole_page(  # noqa: PLR0913 - what an address may say
    visitor: Visitor,
    story: str,
    *,
    order: str | None = None,
    after: str | None = None,
    at: At = None,
    only: Only = None,
) -> Response[bytes]:
    """Show a story's thread as a page that needs no script."""
    asked = Asked(visitor.at.key, story, "page", read_order(order), after, at, read_filter(only))
    return _answer(build(visitor.house.db, asked))


def permalink(visitor: Visitor, story: str, comment: int) -> Response[bytes]:
    """Show one comment with its root and the replies around it."""
    asked = Asked(visitor.at.key, story, "permalink", comment=comment)
    return _answer(build(visitor.house.db, asked))


def replies(
    visitor: Visitor, story: str, comment: int, after: str | None = None
) -> Response[bytes]:
    """Show further replies of a root as a page that needs no script."""
    asked = Asked(visitor.at.key, story, "replies", after=after, comment=comment)
    return _answer(build(visitor.house.db, asked))


def thread_fragment(  # noqa: PLR0913 - what an address may say
    visitor: Visitor,
    story: str,
    *,
    order: str | None = None,
    after: str | None = None,
    at: At = None,
    only: Only = None,
) -> Response[bytes]:
    """Return the thread as the HTML that the embed shows."""
    asked = Asked(
        visitor.at.key, story, "fragment", read_order(order), after, at, read_filter(only)
    )
    return _answer(build(visitor.house.db, asked))


def more_replies(
    visitor: Visitor, story: str, comment: int, after: str | None = None
) -> Response[bytes]:
    """Return further replies of a root as HTML."""
    asked = Asked(visitor.at.key, story, "branch", after=after, comment=comment)
    return _answer(build(visitor.house.db, asked))


def thread_json(  # noqa: PLR0913 - what an address may say
    visitor: Visitor,
    story: str,
    *,
    order: str | None = None,
    after: str | None = None,
    at: At = None,
    only: Only = None,
) -> Response[bytes]:
    """Return one page of a thread as JSON."""
    asked = Asked(visitor.at.key, story, "json", read_order(order), after, at, read_filter(only))
    return _answer(build(visitor.house.db, asked))

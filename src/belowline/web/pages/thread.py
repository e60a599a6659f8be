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
from belowline.core.errors import InvalidInput, NotFound, Unavailable
from belowline.core.terms import CommentId, StoryMode, ThreadOrder
from belowline.followers.readings import Showing
from belowline.rules import store as rules
from belowline.rules.model import Rulebook
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.model import Story
from belowline.stories.policy import may_take_comments
from belowline.threads import store as threads
from belowline.threads.by import has_page
from belowline.threads.cursors import check_path
from belowline.threads.model import ThreadComment, ThreadFilter, ThreadPage
from belowline.web.auth import Visitor
from belowline.web.outward.addresses import Addresses
from belowline.web.outward.linked_data import describe_thread
from belowline.web.outward.plain import shorten, to_plain
from belowline.web.pages.changes import build_changes, is_version, view_lines
from belowline.web.pages.parts import Part, read_filter, view_page
from belowline.web.pages.thread_json import as_json
from belowline.web.payloads import At, Only
from belowline.web.templating import fragment

HTML = "text/html; charset=utf-8"
JSON = "application/json"
EXCERPT = 200
"""Characters of a comment that a link to it shows elsewhere."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which anonymous rendering is asked for."""

    site: str
    story: str
    form: str
    """``page``, ``fragment``, ``json``, ``permalink``, a root's further replies as a part
    (``branch``) or as a whole page (``replies``), what changed (``changes``), or single ``lines``.
    """
    order: ThreadOrder = ThreadOrder.BEST
    after: str | None = None
    """Where the page begins; for ``changes`` the version, for ``lines`` the ids."""
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
    showing: Showing | None = None
    """Counts how often it is sent, if that says what readers come upon."""


def read_order(text: str | None) -> ThreadOrder:
    """Read the order from an address, by default the best first. Raises InvalidInput."""
    if text is None or text == "":
        return ThreadOrder.BEST
    try:
        return ThreadOrder(text)
    except ValueError as error:
        raise InvalidInput("There is no such order.", field="order", code="bad_order") from error


def build(db: Database, asked: Asked, *, base_url: str = "") -> Built:
    """Build an anonymous rendering. ``base_url`` begins the addresses that are read elsewhere.

    Raises:
        NotFound: no such site, story (for a whole page) or comment.
        InvalidInput: a bad cursor.
    """
    with db.read() as conn:
        site = sites.get_site(conn, asked.site)
        story = stories.find_story(conn, site.id, asked.story)
        if asked.form == "changes":
            return Built(story, build_changes(conn, story, asked.after), JSON)
        if story is None and asked.form != "fragment":
            raise NotFound("There is no such story.", code="no_story")
        rulebook = rules.get_current_rulebook(conn, site.id)
        view = _view(site, story, rulebook, asked) | {"at": Addresses(base_url, site)}
        if asked.form == "lines":
            return _built(view | view_lines(conn, story, asked.after), story, asked)
        if story is None or story.mode is StoryMode.SUSPENDED:
            return _built(view | {"page": ThreadPage(asked.order, (), None)}, story, asked)
        if asked.form in BRANCHES:
            return _built(view | _branch(conn, site, story, asked), story, asked)
        part = Part(asked.order, asked.after, asked.comment, asked.only)
        view |= view_page(conn, story, part)
        if asked.form == "page":
            view["linked_data"] = describe_thread(view["at"], story=story, page=view["page"])
        return _built(view, story, asked)


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
    return {
        "branch": branch,
        "earlier": earlier,
        "line": line,
        "has_page": asked.form == "permalink" and has_page(conn, site.id, line.id),
        "excerpt": shorten(to_plain(line.html), EXCERPT),
    }


def _is_in(conn: sa.Connection, story: Story, line: ThreadComment) -> bool:
    return get_comment(conn, story.site_id, line.id).story_id == story.id


TEMPLATES = {
    "page": "thread/page.html",
    "fragment": "thread/fragment.html",
    "branch": "thread/more.html",
    "permalink": "thread/permalink.html",
    "replies": "thread/permalink.html",
    "lines": "thread/lines.html",
}
BRANCHES = frozenset({"branch", "permalink", "replies"})


def _built(view: dict[str, Any], story: Story | None, asked: Asked) -> Built:
    if asked.form == "json":
        body = msgspec.json.encode(as_json(view["page"], view))
        return Built(story, body, JSON)
    body = fragment(TEMPLATES[asked.form], **view).encode()
    return Built(story, body, HTML, showing=_showing(view.get("page"), story, asked))


def _showing(page: ThreadPage | None, story: Story | None, asked: Asked) -> Showing | None:
    """Return what to count: only what readers come to by reading on from the top.

    That is the embed's, in the usual order. Whole pages are fetched by machines more than by
    readers, and who chose an order or follows a link comes upon other things.
    """
    usual = asked.order is ThreadOrder.BEST and asked.only is None and asked.comment is None
    if page is None or story is None or asked.form != "fragment" or not usual:
        return None
    roots = tuple(branch.root.id for branch in page.branches)
    return Showing(story.id, roots, begins=asked.after is None)


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
    return _answer(build(visitor.house.db, asked, base_url=visitor.house.settings.base_url))


def permalink(visitor: Visitor, story: str, comment: int) -> Response[bytes]:
    """Show one comment with its root and the replies around it."""
    asked = Asked(visitor.at.key, story, "permalink", comment=comment)
    return _answer(build(visitor.house.db, asked, base_url=visitor.house.settings.base_url))


def replies(
    visitor: Visitor, story: str, comment: int, after: str | None = None
) -> Response[bytes]:
    """Show further replies of a root as a page that needs no script."""
    asked = Asked(visitor.at.key, story, "replies", after=after, comment=comment)
    return _answer(build(visitor.house.db, asked, base_url=visitor.house.settings.base_url))


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


def changes(visitor: Visitor, story: str, since: str = "0") -> Response[bytes]:
    """Return what changed in a thread since a version: ids and kinds, never a word."""
    return _answer(build(visitor.house.db, Asked(visitor.at.key, story, "changes", after=since)))


def lines(visitor: Visitor, story: str, ids: str) -> Response[bytes]:
    """Return up to fifty comments of a thread as HTML, those that are not there left out."""
    return _answer(build(visitor.house.db, Asked(visitor.at.key, story, "lines", after=ids)))


def live(visitor: Visitor, story: str, since: str = "0", once: str | None = None) -> Response[None]:  # noqa: ARG001 - the front streams; here is what it refuses
    """Stream what changes in a thread as server-sent events; nothing for a suspended story."""
    with visitor.house.db.read() as conn:
        found = stories.get_story(conn, visitor.at.id, story)
    if not is_version(since):
        raise InvalidInput("This is not a version.", field="since", code="bad_version")
    if found.mode is not StoryMode.SUSPENDED:
        raise Unavailable("The live stream is not available.", code="no_stream")
    return Response(None, status_code=204, headers={"Cache-Control": "no-store"})

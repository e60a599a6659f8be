"""Atom feeds (RFC 4287): the newest comments of a story and of a site, the same for everybody.

Made with the page's own templates rather than by a library: what a feed needs is escaping, which
they do, and a few addresses. A story's feed is cached with its thread's pages and leaves the cache
with them; both have a tag, so that whoever asks every few minutes mostly gets a 304.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from litestar import Request, Response

from belowline.core.terms import StoryId, StoryMode
from belowline.followers.pages import Page
from belowline.stories import store as stories
from belowline.stories.model import Story
from belowline.threads.latest import LatestComment, list_latest
from belowline.web.auth import Asking, Visitor
from belowline.web.front import compose, shape_of
from belowline.web.outward.addresses import Addresses
from belowline.web.outward.plain import for_xml
from belowline.web.templating import fragment

ATOM = "application/atom+xml; charset=utf-8"
SET_BY_FRAMEWORK = frozenset({b"content-length", b"content-type"})


def story_feed(visitor: Visitor, request: Request[Any, Any, Any], story: str) -> Response[bytes]:
    """Give the newest comments on a story as an Atom feed."""
    pages = visitor.house.pages
    key = ("feed", visitor.at.key, story)
    page = pages.find(key)
    if page is None:
        mark = pages.mark()
        page = _build_story(visitor, story)
        pages.put(key, page, mark=mark)
    return answer_by_tag(request, page)


def site_feed(visitor: Visitor, request: Request[Any, Any, Any]) -> Response[bytes]:
    """Give the newest comments on all of a site's stories as an Atom feed."""
    with visitor.house.db.read() as conn:
        found = list_latest(conn, visitor.at.id)
    body = _write(visitor, None, found, since=visitor.at.created_at)
    # It shows many threads, so no single version tells when it is out of date.
    return answer_by_tag(request, _page(StoryId(0), 0, body))


def answer_by_tag(request: Request[Any, Any, Any], page: Page) -> Response[bytes]:
    """Answer with a page as the front does: compressed, tagged, or 304 if it is known."""
    accepts = request.headers.get("accept-encoding", "").encode("latin-1")
    known = request.headers.get("if-none-match", "").encode("latin-1")
    status, headers, body = compose(page, shape_of(page, accepts, known))
    return Response(
        content=body,
        status_code=status,
        media_type=page.media_type,
        headers={
            name.decode(): value.decode() for name, value in headers if name not in SET_BY_FRAMEWORK
        },
    )


def _build_story(visitor: Asking, key: str) -> Page:
    site = visitor.at
    with visitor.house.db.read() as conn:
        story = stories.get_story(conn, site.id, key)
        found = list_latest(conn, site.id, story_id=story.id)
    body = _write(visitor, story, found, since=story.created_at)
    return _page(story.id, story.thread_version, body)


def _write(
    visitor: Asking, story: Story | None, found: list[LatestComment], *, since: datetime
) -> bytes:
    """Write a feed; ``since`` is its time as long as it is empty."""
    text = fragment(
        "outward/feed.xml",
        site=visitor.at,
        story=story,
        # A suspended story is hidden for legal reasons, and its headline can say too much.
        hidden=story is not None and story.mode is StoryMode.SUSPENDED,
        found=found,
        updated=max((one.changed_at for one in found), default=since),
        at=Addresses(visitor.house.settings.base_url, visitor.at),
    )
    return for_xml(text).encode()


def _page(story_id: StoryId, version: int, body: bytes) -> Page:
    return Page(story_id, version, body, ATOM, hashlib.blake2b(body, digest_size=12).hexdigest())

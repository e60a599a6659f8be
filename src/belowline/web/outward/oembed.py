"""oEmbed (oembed.com): how a page elsewhere quotes one comment, from nothing but its address.

The answer is a quotation with a link, without a script and without a reader's own HTML. What is not
published is not there: whether it is held, removed or never was is nobody's business.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import msgspec
from litestar import Response

from belowline.comments.store import get_comment
from belowline.core.errors import NotFound
from belowline.core.terms import CommentId, CommentStatus, StoryMode
from belowline.core.text import later
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.stories import store as stories
from belowline.stories.model import Story
from belowline.threads import store as threads
from belowline.threads.model import ThreadComment
from belowline.web.auth import Asking, Visitor
from belowline.web.errors import error_body
from belowline.web.outward.addresses import Addresses
from belowline.web.outward.plain import for_xml, shorten, to_plain
from belowline.web.templating import fragment

COMMENT = re.compile(r"/s/([a-z0-9-]{1,40})/([^/]{1,360})/c/([0-9]{1,18})")
PRIVATE = re.compile(r"/(?:me|console|window|sign-in)(?:/|$)")
WIDEST = 550
NARROWEST = 220
"""Pixels between which a quotation is as wide as is asked for."""
LONGEST = 400
"""Characters of a comment that are quoted."""
LETTER, LINE, AROUND = 8, 24, 96
"""Pixels of a letter and of a line, and of what stands around the text: a guess at the height, for
the page that shows it decides on the type."""
CACHE_FOR = 300
"""Seconds for which the page elsewhere may keep an answer."""
HEADERS = {"Cache-Control": "public, max-age=60"}


@dataclass(frozen=True, slots=True)
class Quoted:
    """A published comment and where it is."""

    site: Site
    story: Story
    line: ThreadComment


def quote_comment(
    visitor: Visitor,
    url: str,
    format: str = "json",  # noqa: A002 - oEmbed's name
    maxwidth: str = "",
    maxheight: str = "",
) -> Response[bytes]:
    """Tell how to quote a published comment."""
    if format not in {"json", "xml"}:
        return _refuse(501, "bad_format", later("There are json and xml."))
    path = _path_of(url, base_url=visitor.house.settings.base_url)
    if PRIVATE.match(path):
        return _refuse(401, "private_page", later("This page is somebody's own."))
    quoted = _find(visitor, path)
    told = _tell(
        Addresses(visitor.house.settings.base_url, quoted.site),
        quoted,
        width=min(max(_number(maxwidth) or WIDEST, NARROWEST), WIDEST),
        most_height=_number(maxheight),
    )
    if format == "xml":
        body = for_xml(fragment("outward/oembed.xml", told=told)).encode()
        return Response(body, media_type="text/xml", headers=HEADERS)
    return Response(msgspec.json.encode(told), media_type="application/json", headers=HEADERS)


def _path_of(url: str, *, base_url: str) -> str:
    """Return the path of an address of ours, or an empty string."""
    if not url.startswith(f"{base_url}/"):
        return ""
    return re.split(r"[?#]", url.removeprefix(base_url), maxsplit=1)[0]


def _find(visitor: Asking, path: str) -> Quoted:
    found = COMMENT.fullmatch(path)
    if found is None:
        raise _not_there()
    with visitor.house.db.read() as conn:
        site = sites.get_site(conn, found[1])
        story = stories.get_story(conn, site.id, unquote(found[2]).replace("\x00", ""))
        line = threads.find_line(conn, site.id, CommentId(int(found[3])))
        if (
            line is None
            or line.status is not CommentStatus.PUBLISHED
            or story.mode is StoryMode.SUSPENDED
            or get_comment(conn, site.id, line.id).story_id != story.id
        ):
            raise _not_there()
    return Quoted(site, story, line)


def _not_there() -> NotFound:
    return NotFound("There is no such comment.", code="no_comment")


def _number(text: str) -> int:
    # Whatever is not a number is no wish.
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0


def _tell(at: Addresses, quoted: Quoted, *, width: int, most_height: int) -> dict[str, Any]:
    text = to_plain(quoted.line.html)
    most = LONGEST
    if most_height:
        lines = max((most_height - AROUND) // LINE, 1)
        most = min(most, lines * (width // LETTER))
    text = shorten(text, most)
    height = AROUND + LINE * max(math.ceil(len(text) * LETTER / width), 1)
    return {
        "version": "1.0",
        "type": "rich",
        "title": f"{quoted.line.author_name}: {quoted.story.title}",
        "author_name": quoted.line.author_name,
        "provider_name": at.site.name,
        "provider_url": at.of_site(),
        "cache_age": CACHE_FOR,
        "width": width,
        "height": min(height, most_height) if most_height else height,
        "html": fragment(
            "outward/quote.html",
            site=at.site,
            url=at.of_comment(quoted.story.key, quoted.line.id),
            story=quoted.story,
            line=quoted.line,
            text=text,
        ).strip(),
    }


def _refuse(status: int, code: str, message: str) -> Response[bytes]:
    # oEmbed's own statuses, which no error of ours has.
    return Response(
        msgspec.json.encode(error_body(code, message, {})),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )

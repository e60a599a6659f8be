"""The demo newspaper's own web site: a front page and stories, as a publisher's system would serve.

A raw ASGI application on an address of its own, which knows Belowline only as any newspaper does:
by the script tag under a story and the public counts on the front page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date, format_datetime
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar.types import ASGIApp

from belowline.demo.parts import Newspaper, StoryPart

LOCALE = "en_GB"


@dataclass(frozen=True, slots=True)
class Paper:
    """What the paper is made of, and where it and Belowline are reached."""

    newspaper: Newspaper
    origin: str
    belowline: str
    printed_at: datetime
    """The moment from which the stories' ages are counted back."""


def make_paper(paper: Paper) -> ASGIApp:
    """Make the newspaper's application. Its pages are the same for everybody, so made once."""
    pages = _make_pages(paper)
    lost = (404, *_make_lost(paper))
    canonical = urlsplit(paper.origin).netloc.encode()

    async def serve(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            return
        host = next((value for name, value in scope["headers"] if name == b"host"), canonical)
        if scope["method"] not in {"GET", "HEAD"}:
            status, media_type, body = 405, "text/plain; charset=utf-8", b"Read only.\n"
        elif host != canonical:
            # Under another name of this machine, Belowline's cookies would be a stranger's.
            await _redirect(paper.origin + scope["path"], send)
            return
        else:
            status, media_type, body = pages.get(scope["path"], lost)
        headers = [*_safety(paper), (b"content-type", media_type.encode())]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send(
            {
                "type": "http.response.body",
                "more_body": False,
                "body": b"" if scope["method"] == "HEAD" else body,
            }
        )

    return serve


def _make_pages(paper: Paper) -> Mapping[str, tuple[int, str, bytes]]:
    environment = _environment()
    firsts: dict[str, dict[str, Any]] = {}
    stories = [_view(story, paper) for story in paper.newspaper.stories]
    for story in reversed(stories):
        # The last to be written wins, so a section's link leads to its first story.
        firsts[story["section"]] = story
    for section, story in firsts.items():
        story["anchor"] = section.lower()
    shared: dict[str, Any] = {
        "paper": paper.newspaper.site,
        "belowline": paper.belowline,
        "stories": stories,
        "today": format_date(paper.printed_at, "EEEE d MMMM y", locale=LOCALE),
        "year": paper.printed_at.year,
        "sections": list(dict.fromkeys(story["section"] for story in stories)),
    }
    html = "text/html; charset=utf-8"
    front = environment.get_template("front.html").render(**shared)
    pages = {"/": (200, html, front.encode())}
    for story in stories:
        others = [one for one in stories if one is not story][:4]
        body = environment.get_template("story.html").render(**shared, story=story, others=others)
        pages[story["path"]] = (200, html, body.encode())
    static = resources.files("belowline") / "demo" / "static"
    for name, media_type in (
        ("paper.css", "text/css; charset=utf-8"),
        ("counts.js", "text/javascript; charset=utf-8"),
        ("crest.svg", "image/svg+xml"),
        ("bridge.svg", "image/svg+xml"),
    ):
        pages[f"/static/{name}"] = (200, media_type, (static / name).read_bytes())
    return pages


def _make_lost(paper: Paper) -> tuple[str, bytes]:
    body = (
        _environment()
        .get_template("lost.html")
        .render(
            paper=paper.newspaper.site,
            belowline=paper.belowline,
            sections=[],
            today=format_date(paper.printed_at, "EEEE d MMMM y", locale=LOCALE),
            year=paper.printed_at.year,
        )
    )
    return "text/html; charset=utf-8", body.encode()


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("belowline.demo", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["unbroken"] = _unbroken
    return environment


def _unbroken(headline: str) -> str:
    """Return a headline whose hyphens end no line."""
    return headline.replace("-", "\u2011")


def _view(story: StoryPart, paper: Paper) -> dict[str, Any]:
    published = paper.printed_at - timedelta(hours=story.published_hours_ago)
    return {
        "key": story.key,
        "title": story.title,
        "section": story.section,
        "path": urlsplit(story.url).path,
        "url": paper.origin + urlsplit(story.url).path,
        "author": story.author_name,
        "standfirst": story.standfirst,
        "body": story.body,
        "anchor": "",
        "iso": published.isoformat(timespec="minutes"),
        "when": format_datetime(published, "EEEE d MMMM, HH:mm", locale=LOCALE),
    }


def _safety(paper: Paper) -> list[tuple[bytes, bytes]]:
    """Allow what the paper itself needs, and Belowline's script, styles and answers."""
    own = f"'self' {paper.belowline}"
    policy = (
        f"default-src 'none'; script-src {own}; style-src {own}; "
        f"connect-src {own}; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"strict-origin-when-cross-origin"),
        (b"cache-control", b"no-cache"),
    ]


async def _redirect(address: str, send: Any) -> None:  # noqa: ANN401 - ASGI
    headers = [(b"location", address.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _live(receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return

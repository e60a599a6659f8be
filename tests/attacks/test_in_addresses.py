"""Every attack string as a part of an address, a header, a cookie or a field that has a form."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from urllib.parse import quote, urljoin, urlsplit

import httpx

from belowline.core.terms import Role
from tests import factories
from tests.attacks.reading import read_page
from tests.web.asking import BASE, Asker

Way = Callable[[Asker, str, str], httpx.Response]


def get(path: str) -> Way:
    """Ask for an address that holds the line, quoted as a link would have it."""
    return lambda echo, line, token: echo.ask(
        "GET", path.replace("LINE", quote(line, safe="")), by=token, origin=None
    )


def send(path: str, *fields: str, **others: str) -> Way:
    """Send a form that holds the line in these fields."""
    return lambda echo, line, token: echo.ask(
        "POST",
        path.replace("LINE", quote(line, safe="")),
        by=token,
        origin=BASE,
        data=dict.fromkeys(fields, line) | others,
    )


def call(method: str, path: str, *fields: str, **others: object) -> Way:
    """Call the API with the line in these fields."""
    return lambda echo, line, token: echo.ask(
        method,
        path.replace("LINE", quote(line, safe="")),
        by=token,
        json=dict.fromkeys(fields, line) | others,
    )


def with_header(name: str, path: str = "/s/echo") -> Way:
    """Ask with the line in a header."""
    return lambda echo, line, token: echo.ask(
        "GET", path, by=token, origin=None, headers={name: header(line)}
    )


def header(line: str) -> str:
    """Return a line as far as a header can hold it."""
    kept = "".join(char for char in line if 32 <= ord(char) < 127)
    return kept.strip()[:3000]


LISTED = "https://www.echo.example"
NEW_STORY = {"title": "A story", "url": "https://www.echo.example/x"}

WAYS: tuple[Way, ...] = (
    get("/LINE"),
    get("/s/LINE"),
    get("/s/echo/LINE"),
    get("/s/echo/bridge?order=LINE"),
    get("/s/echo/bridge?after=LINE"),
    get("/s/echo/bridge/c/LINE"),
    get("/s/echo/bridge/c/1/replies?after=LINE"),
    get("/s/echo/LINE/write"),
    get("/s/echo/bridge/write?to=LINE"),
    get("/s/echo?before=LINE"),
    get("/rules/LINE"),
    get("/rules/echo/LINE"),
    get("/log/echo?before=LINE"),
    get("/sign-in/LINE"),
    get("/sign-in/echo?next=LINE"),
    get("/sign-in/echo?next=/LINE"),
    get("/sign-in/echo/code?next=LINE"),
    get("/window/echo?origin=LINE"),
    get("/unsubscribe/LINE"),
    get("/me/LINE"),
    get("/me/echo/name?next=/LINE"),
    get("/me/echo/comments?before=LINE"),
    get("/console/LINE"),
    get("/console/echo?view=LINE"),
    get("/console/echo?after=LINE"),
    get("/console/echo?did=LINE"),
    get("/console/echo?said=LINE"),
    get("/console/echo/readers?q=LINE"),
    get("/console/echo/cases/1?view=LINE"),
    get("/console/echo/log?kind=LINE"),
    get("/static/LINE"),
    get("/api/v1/sites/LINE/rules"),
    get("/api/v1/sites/echo/stories/LINE/me"),
    get("/api/v1/sites/echo/stories/LINE/thread.html"),
    get("/api/v1/sites/echo/stories/bridge/thread?order=LINE"),
    get("/api/v1/sites/echo/stories/bridge/thread?after=LINE"),
    get("/api/v1/sites/echo/counts?story=LINE"),
    get("/api/v1/sites/echo/log?before=LINE"),
    get("/api/v1/LINE"),
    send("/sign-in/echo", "email", next="/s/echo"),
    send("/sign-in/echo/code", "code", "next"),
    send("/sign-out", "next"),
    send("/window/echo", "origin"),
    send("/me/echo/name", "name", "next"),
    send("/me/echo/erase", "confirm"),
    send("/me/echo/notices", "notice"),
    send("/me/echo/name", "LINE", name="Ann Lee"),
    send("/s/echo/bridge/write", "client_key", "to", text="Hello there."),
    send("/s/echo/bridge/write", "accepts", text="Hello there."),
    send("/s/echo/bridge/c/1/report", "rule", "note"),
    send("/s/echo/bridge/c/1/respect", "respects"),
    send("/console/echo/cases/1/decide", "outcome", "rule", "view", seen_version="1"),
    send("/console/echo/cases/1/decide", "seen_version", outcome="keep"),
    send("/console/echo/readers/1/sanctions", "kind", "days", "rule", "reason", "based_on"),
    send("/console/echo/stories", "url", title="A story"),
    send("/console/echo/stories", "key", "title", "url"),
    send("/console/echo/stories/1/mode", "mode", "reason"),
    send("/console/echo/rules/publish", "version", "confirm"),
    send("/console/echo/staff", "email", "role"),
    call("POST", "sign-in/code", "email"),
    call("POST", "sign-in/redeem", "code", "name", ticket="x" * 40),
    call("POST", "sign-in/token", "token"),
    call("POST", "sign-in/ticket", "ticket"),
    call("PUT", "comments/1/report", "rule"),
    call("POST", "stories/LINE/comments", "text", story=NEW_STORY),
    call("POST", "stories/bridge/comments", "client_key", text="Hello there."),
    call("POST", "stories/bridge/comments", "LINE", text="Hello there."),
    with_header("referer", "/me/echo"),
    with_header("x-forwarded-for"),
    with_header("x-forwarded-host"),
    with_header("accept-encoding", "/s/echo/bridge"),
    with_header("if-none-match", "/s/echo/bridge"),
    with_header("accept"),
    with_header("authorization", "/api/v1/sites/echo/stories/bridge/me"),
    with_header("cookie"),
    with_header("content-type"),
)
OWN_LINES = 20
"""So many lines at the beginning, our own, go every way."""
EVERY, EACH = 5, 4
"""Of the others every fifth goes four ways, and so every way takes dozens."""


def judge(answer: httpx.Response) -> None:
    """Check an answer to a hostile request: no mistake of ours, nothing led away, sound pages."""
    assert answer.status_code < 500, answer.text
    assert "\n" not in str(answer.headers.get("location", ""))
    if location := answer.headers.get("location"):
        there = urljoin(f"{BASE}/s/echo", location)
        assert urlsplit(there).netloc == urlsplit(BASE).netloc, location
    assert answer.headers.get("access-control-allow-origin", "*") in {"*", LISTED}
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html") and "<html" in answer.text[:60]:
        read_page(answer.text)
    elif kind.startswith("application/json"):
        json.loads(answer.text)
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_line_in_addresses_headers_and_fields(echo: Asker, lines: Sequence[str]) -> None:
    story = factories.make_story(echo.db, echo.site.id, "bridge")
    factories.make_comment(echo.db, echo.site.id, story_id=story)
    staff = echo.token(factories.make_staff(echo.db, echo.site.id, Role.OWNER))
    _, reader = echo.reader()
    for at, line in enumerate((*lines[:OWN_LINES], *lines[OWN_LINES::EVERY])):
        for turn in range(len(WAYS) if at < OWN_LINES else EACH):
            way = WAYS[(at * EACH + turn) % len(WAYS)]
            try:
                answer = way(echo, line, (staff, reader)[(at + turn) % 2])
            except (UnicodeEncodeError, httpx.InvalidURL):
                # What no client can send.
                continue
            judge(answer)

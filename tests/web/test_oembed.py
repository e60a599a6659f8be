"""Quoting one comment elsewhere: oEmbed as its specification has it, and the card of a link."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote

import httpx
import pytest
from defusedxml.ElementTree import fromstring

from belowline.actions.comments import withdraw_comment
from belowline.actions.sites import ModeChange, set_story_mode
from belowline.comments.model import Comment
from belowline.core.terms import Role, StoryId, StoryMode
from tests import factories
from tests.web.asking import BASE, Asker

# https://oembed.com, 2.3.4.4 and 2.3.4: what an answer of the type "rich" must hold.
REQUIRED = {"type": str, "version": str, "html": str, "width": int, "height": int}


@pytest.fixture
def bridge(echo: Asker) -> StoryId:
    """Give a story."""
    return factories.make_story(echo.db, echo.site.id, "bridge")


def say(echo: Asker, story: StoryId, said: str, **given: object) -> Comment:
    return factories.make_comment(
        echo.db,
        echo.site.id,
        story_id=story,
        text=said,
        **given,  # type: ignore[arg-type]
    )


def address(comment_id: int, story: str = "bridge") -> str:
    return f"{BASE}/s/echo/{story}/c/{comment_id}"


def ask(echo: Asker, url: str, more: str = "") -> httpx.Response:
    return echo.ask("GET", f"/oembed?url={quote(url, safe='')}{more}", origin=None)


def test_a_comment_is_quoted_with_a_link_and_no_script(echo: Asker, bridge: StoryId) -> None:
    author = factories.make_reader(echo.db, "Ann <Lee>")
    said = say(echo, bridge, "Keep *it* open. </blockquote><script>", author_id=author)

    answer = ask(echo, address(said.id))

    assert answer.headers["content-type"] == "application/json"
    told = answer.json()
    for name, kind in REQUIRED.items():
        assert isinstance(told[name], kind), name
    assert (told["type"], told["version"]) == ("rich", "1.0")
    assert told["author_name"] == "Ann <Lee>"
    html = told["html"]
    assert html.startswith("<blockquote")
    assert html.endswith("</blockquote>")
    assert html.count("</blockquote>") == 1
    assert "<script" not in html
    assert "<em" not in html
    assert f'href="{address(said.id)}"' in html
    assert "Keep it open." in unescape(html)


def test_xml_says_what_json_says(echo: Asker, bridge: StoryId) -> None:
    said = say(echo, bridge, "Keep it open & \ufffe ]]>.")

    json = ask(echo, address(said.id), "&format=json").json()
    answer = ask(echo, address(said.id), "&format=xml")

    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    root = fromstring(answer.content)
    assert root.tag == "oembed"
    assert {one.tag for one in root} == set(json)
    assert root.findtext("width") == str(json["width"])
    assert (root.findtext("html") or "").startswith("<blockquote")


@pytest.mark.parametrize(
    ("asked", "width"),
    [("", 550), ("&maxwidth=300", 300), ("&maxwidth=90000", 550), ("&maxwidth=wide", 550)],
)
def test_it_is_as_wide_as_is_asked_for_within_reason(
    echo: Asker, bridge: StoryId, asked: str, width: int
) -> None:
    said = say(echo, bridge, "Keep it open.")

    assert ask(echo, address(said.id), asked).json()["width"] == width


def test_a_long_comment_is_quoted_in_part(echo: Asker, bridge: StoryId) -> None:
    said = say(echo, bridge, "word " * 300)

    whole = ask(echo, address(said.id)).json()
    low = ask(echo, address(said.id), "&maxheight=150").json()

    assert "…" in whole["html"]
    assert len(low["html"]) < len(whole["html"]) < 1200
    assert low["height"] <= 150


def test_what_is_not_published_is_not_there(echo: Asker, bridge: StoryId) -> None:
    said = say(echo, bridge, "Here.")
    held = say(echo, bridge, "Held.", verdicts=[factories.HOLDING])
    refused = say(echo, bridge, "Refused.", verdicts=[factories.REFUSING])
    parent = say(echo, bridge, "Taken back.")
    say(echo, bridge, "A reply.", parent=parent)
    withdraw_comment(echo.db, parent.id, site_id=echo.site.id, by=parent.author_id)
    factories.make_story(echo.db, echo.site.id, "ferry")
    other = factories.make_site(echo.db, "packet")
    _, token = echo.reader()

    for url in (
        address(held.id),
        address(refused.id),
        address(parent.id),
        address(999_999),
        address(said.id, "ferry"),
        address(said.id).replace("/echo/", f"/{other.key}/"),
        address(said.id).replace("/echo/", "/nowhere/"),
        address(said.id).replace(BASE, "https://elsewhere.example"),
        address(said.id).replace(BASE, f"{BASE}.elsewhere.example"),
        address(said.id) + "/report",
        address(said.id, "%00"),
        f"{BASE}/s/echo/bridge",
        f"{BASE}/c/echo/{'9' * 40}",
        "nonsense",
        "http://[",
        "",
    ):
        answer = echo.ask("GET", f"/oembed?url={quote(url, safe='')}", by=token)
        assert answer.status_code == 404, url
        assert answer.json()["error"]["code"] in {"no_comment", "no_site", "no_story"}, url
    assert ask(echo, address(said.id) + "#c1").status_code == 200
    assert echo.ask("GET", "/oembed").status_code == 400


def test_a_suspended_storys_comments_are_not_quoted(echo: Asker, bridge: StoryId) -> None:
    said = say(echo, bridge, "What a verdict.")
    editor = factories.make_staff(echo.db, echo.site.id, Role.EDITOR)
    change = ModeChange(StoryMode.SUSPENDED, "Comments here rest for now.")
    set_story_mode(echo.db, bridge, site_id=echo.site.id, by=editor, change=change)

    assert ask(echo, address(said.id)).status_code == 404
    assert "og:" not in echo.ask("GET", f"/s/echo/bridge/c/{said.id}").text


def test_it_refuses_as_the_specification_says(echo: Asker, bridge: StoryId) -> None:
    said = say(echo, bridge, "Keep it open.")

    assert ask(echo, address(said.id), "&format=yaml").status_code == 501
    assert ask(echo, f"{BASE}/me/echo/comments/1").status_code == 401


class Head(HTMLParser):
    """Collects the properties and the links of a page's head."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self.meta[given.get("property") or given.get("name") or ""] = given.get("content", "")
        if tag == "link" and given.get("rel") == "alternate":
            self.links[given.get("type", "")] = given.get("href", "")


def test_a_comments_page_tells_how_it_is_shared(echo: Asker, bridge: StoryId) -> None:
    author = factories.make_reader(echo.db, 'Ann "Lee"')
    said = say(echo, bridge, 'Keep it "open" <now>.', author_id=author)

    head = Head(echo.ask("GET", f"/s/echo/bridge/c/{said.id}").text)

    assert head.meta["og:title"] == 'Ann "Lee": Bridge'
    assert head.meta["og:description"] == 'Keep it "open" <now>.'
    assert head.meta["og:url"] == address(said.id)
    assert head.meta["twitter:card"] == "summary"
    for kind, form in (("application/json+oembed", "json"), ("text/xml+oembed", "xml")):
        found = echo.ask("GET", head.links[kind].removeprefix(BASE))
        assert found.status_code == 200
        assert form in found.headers["content-type"]


def test_a_removed_comments_page_has_no_card(echo: Asker, bridge: StoryId) -> None:
    root = say(echo, bridge, "Zzgone.")
    say(echo, bridge, "A reply.", parent=root)
    withdraw_comment(echo.db, root.id, site_id=echo.site.id, by=root.author_id)

    page = echo.ask("GET", f"/s/echo/bridge/c/{root.id}")

    assert page.status_code == 200
    assert not re.search("og:|oembed|Zz", page.text)

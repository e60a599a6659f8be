"""What search engines read of a thread's page: true, bounded, only what is published, and inert."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa

from belowline.actions.comments import withdraw_comment
from belowline.actions.sites import ModeChange, set_story_mode
from belowline.comments.model import Comment
from belowline.core.markup import render
from belowline.core.terms import Role, StoryId, StoryMode
from belowline.storage import tables
from belowline.web.outward.linked_data import REPLIES, ROOTS
from belowline.web.outward.plain import shorten, to_plain
from tests import factories
from tests.web.asking import BASE, Asker

PAGE = "/s/echo/bridge"


class Scripts(HTMLParser):
    """Collects what a browser would take for data in a page, and all links and robots' rules."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.data: list[str] = []
        self.links: dict[str, str] = {}
        self.robots: list[str] = []
        self._within = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and given.get("type") == "application/ld+json":
            self._within = True
        if tag == "link":
            self.links[given.get("rel") or ""] = given.get("href") or ""
        if tag == "meta" and given.get("name") == "robots":
            self.robots.append(given.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        self._within = self._within and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._within:
            self.data.append(data)


def told(echo: Asker, path: str = PAGE) -> dict[str, Any]:
    [data] = Scripts(echo.ask("GET", path).text).data
    found: dict[str, Any] = json.loads(data)
    return found


@pytest.fixture
def bridge(echo: Asker) -> StoryId:
    """Give a story under which nothing was said yet."""
    return factories.make_story(echo.db, echo.site.id, "bridge")


def say(echo: Asker, story: StoryId, said: str, **given: object) -> Comment:
    return factories.make_comment(
        echo.db,
        echo.site.id,
        story_id=story,
        text=said,
        **given,  # type: ignore[arg-type]
    )


def test_a_page_tells_of_its_story_and_its_comments(echo: Asker, bridge: StoryId) -> None:
    author = factories.make_reader(echo.db, "Ann Lee")
    root = say(echo, bridge, "Keep it *open*.\n\nPlease.", author_id=author)
    reply = say(echo, bridge, "No.", parent=root)

    article = told(echo)

    assert article["@type"] == "Article"
    assert article["url"] == "https://www.echo.example/bridge"
    assert article["commentCount"] == 2
    [first] = article["comment"]
    assert first["@type"] == "Comment"
    assert first["text"] == "Keep it open.\nPlease."
    assert first["author"] == {"@type": "Person", "name": "Ann Lee"}
    assert first["url"] == f"{BASE}{PAGE}/c/{root.id}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first["datePublished"])
    assert "interactionStatistic" not in first
    assert [one["url"] for one in first["comment"]] == [f"{BASE}{PAGE}/c/{reply.id}"]


def test_a_score_is_told_where_it_is_shown(echo: Asker, bridge: StoryId) -> None:
    said = say(echo, bridge, "Keep it open.")
    with echo.db.write(factories.SYSTEM) as tx:
        tx.conn.execute(
            sa.update(tables.comments)
            .where(tables.comments.c.id == said.id)
            .values(respect_shown=7)
        )

    [counter] = [one["interactionStatistic"] for one in told(echo)["comment"]]

    assert counter["@type"] == "InteractionCounter"
    assert counter["userInteractionCount"] == 7


def test_what_is_not_published_is_not_told(echo: Asker, bridge: StoryId) -> None:
    root = say(echo, bridge, "Zzgone root.")
    below = say(echo, bridge, "Still here.", parent=root)
    say(echo, bridge, "Zzheld.", verdicts=[factories.HOLDING])
    say(echo, bridge, "Zzrefused.", verdicts=[factories.REFUSING])
    withdraw_comment(echo.db, root.id, site_id=echo.site.id, by=root.author_id)

    assert [one["url"] for one in told(echo)["comment"]] == [f"{BASE}{PAGE}/c/{below.id}"]
    assert "Zz" not in echo.ask("GET", PAGE).text


def test_no_more_is_told_than_a_crawler_needs(echo: Asker, bridge: StoryId) -> None:
    author = factories.make_reader(echo.db)
    for _ in range(ROOTS + 3):
        root = say(echo, bridge, "A root.", author_id=author)
    for _ in range(REPLIES + 3):
        say(echo, bridge, "A reply.", parent=root, author_id=author)

    comments = told(echo)["comment"]

    assert len(comments) == ROOTS
    assert len(comments[0]["comment"]) == REPLIES


@pytest.mark.parametrize(
    "said",
    ["</script><script>x</script>", "<!-- <script>", "]]>", "&lt;/script&gt; \u2028 \\u003c"],
)
def test_nothing_that_readers_write_ends_the_data_early(
    echo: Asker, bridge: StoryId, said: str
) -> None:
    author = factories.make_reader(echo.db, "</script>")
    say(echo, bridge, f"`{said}`", author_id=author)

    article = told(echo)

    assert article["comment"][0]["author"]["name"] == "</script>"
    assert "script" in article["comment"][0]["text"] or "]]>" in article["comment"][0]["text"]
    raw = re.search(r"ld\+json\">(.*)</script>", echo.ask("GET", PAGE).text)
    assert raw is not None
    assert not set("<>&\u2028") & set(raw[1].partition("</script>")[0])


def test_the_embeds_fragment_and_a_suspended_page_tell_nothing(
    echo: Asker, bridge: StoryId
) -> None:
    say(echo, bridge, "Keep it open.")
    assert "ld+json" not in echo.ask("GET", "stories/bridge/thread.html").text
    editor = factories.make_staff(echo.db, echo.site.id, Role.EDITOR)
    change = ModeChange(StoryMode.SUSPENDED, "Comments here rest for now.")
    set_story_mode(echo.db, bridge, site_id=echo.site.id, by=editor, change=change)

    page = Scripts(echo.ask("GET", PAGE).text)

    assert page.data == []
    assert "canonical" not in page.links


def test_each_page_says_which_address_is_its_own(echo: Asker, bridge: StoryId) -> None:
    author = factories.make_reader(echo.db)
    for _ in range(51):
        said = say(echo, bridge, "A root.", author_id=author)
    own = f"{BASE}{PAGE}"
    first = Scripts(echo.ask("GET", PAGE).text)
    oldest = Scripts(echo.ask("GET", f"{PAGE}?order=oldest").text)
    further = first.links["next"]
    second = Scripts(echo.ask("GET", further.removeprefix(BASE)).text)
    alone = Scripts(echo.ask("GET", f"{PAGE}/c/{said.id}").text)

    assert first.links["canonical"] == oldest.links["canonical"] == own
    assert second.links["canonical"] == further
    assert second.links["first"] == f"{own}?order=best"
    assert "next" not in second.links
    assert first.robots == second.robots == []
    assert Scripts(echo.ask("GET", oldest.links["next"].removeprefix(BASE)).text).robots
    assert alone.robots == ["noindex"]


def test_own_pages_and_the_way_to_them_are_not_listed(echo: Asker) -> None:
    _, token = echo.reader()
    for path in ("/me/echo", "/sign-in/echo", "/me/echo/notices"):
        answer = echo.ask("GET", path, by=token)
        assert answer.headers["x-robots-tag"] == "noindex", path
    assert "x-robots-tag" not in echo.ask("GET", "/s/echo").headers
    robots = echo.ask("GET", "/robots.txt")
    assert "Disallow: /s/*/*/write\n" in robots.text
    assert "/api/" not in robots.text, "crawlers that run the embed read the thread there"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        pytest.param("One.\n\nTwo.", "One.\nTwo.", id="paragraphs"),
        pytest.param("One\ntwo", "One\ntwo", id="lines"),
        pytest.param("> Said\n\nNo.", "Said\nNo.", id="a quote"),
        pytest.param("- a\n- b", "a\nb", id="a list"),
        pytest.param("`a < b && c`", "a < b && c", id="signs"),
        pytest.param("https://x.example/?a=1&b=2", "https://x.example/?a=1&b=2", id="a link"),
    ],
)
def test_html_of_ours_becomes_plain_text(written: str, plain: str) -> None:
    assert to_plain(render(written)) == plain


def test_a_text_is_cut_at_a_word() -> None:
    assert shorten("Keep it  open,\nplease", 40) == "Keep it open, please"
    assert shorten("Keep it open, please", 16) == "Keep it open…"
    assert shorten("a" * 50, 10) == "aaaaaaaaa…"

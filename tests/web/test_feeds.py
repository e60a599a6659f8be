"""Atom feeds: valid by RFC 4287, only what is published, bounded, and cheap to ask for again."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

import pytest
import sqlalchemy as sa
from defusedxml.ElementTree import fromstring

from belowline.actions.comments import withdraw_comment
from belowline.actions.sites import ModeChange, set_story_mode
from belowline.comments.model import Comment
from belowline.core.errors import InvalidInput
from belowline.core.terms import Role, StoryId, StoryMode
from belowline.storage import tables
from belowline.stories.policy import check_key, key_from_url
from belowline.threads.latest import LATEST, list_latest
from tests import factories
from tests.conftest import SettableClock
from tests.threads.plans import plan_of, statements_of
from tests.web.asking import BASE, Asker

ATOM = "{http://www.w3.org/2005/Atom}"
THREADED = "{http://purl.org/syndication/thread/1.0}"
IRI = re.compile(r"(?:https?://|tag:)[^\s<>\"{}|\\^`]+")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
ONCE_IN_FEED = ("id", "title", "updated", "generator")
ONCE_IN_ENTRY = ("id", "title", "updated", "published", "content")


def read_feed(echo: Asker, path: str) -> Element:
    """Fetch a feed and hold it against the rules of RFC 4287."""
    answer = echo.ask("GET", path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    check_element(feed, ONCE_IN_FEED)
    entries = feed.findall(f"{ATOM}entry")
    # 4.1.1: entries come after what is said of the feed only by custom; ids must differ.
    assert len({text(one, "id") for one in entries}) == len(entries)
    for entry in entries:
        check_element(entry, ONCE_IN_ENTRY)
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert content.get("type") == "html"
        # 4.1.3.3: HTML is text within, and so has no elements of its own.
        assert len(content) == 0
    return feed


def check_element(element: Element, once: tuple[str, ...]) -> None:
    """Check what RFC 4287 asks of a feed and of an entry alike."""
    for name in once:
        assert len(element.findall(f"{ATOM}{name}")) == 1, name
    assert IRI.fullmatch(text(element, "id"))
    for name in ("updated", "published"):
        for date in element.findall(f"{ATOM}{name}"):
            assert DATE.fullmatch(date.text or "")
    # 4.1.1, 4.1.2: somebody wrote it.
    assert element.findall(f"{ATOM}author")
    for author in element.findall(f"{ATOM}author"):
        assert (author.findtext(f"{ATOM}name") or "").strip()
    links = element.findall(f"{ATOM}link")
    seen = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in links]
    alternates = [one for one in seen if one[0] == "alternate"]
    assert len(set(alternates)) == len(alternates) == 1
    for link in links:
        assert IRI.fullmatch(link.get("href") or "")


def text(element: Element, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""


def link(element: Element, rel: str) -> str:
    [found] = [one for one in element.findall(f"{ATOM}link") if one.get("rel") == rel]
    return found.get("href") or ""


def contents(feed: Element) -> list[str]:
    return [text(one, "content") for one in feed.findall(f"{ATOM}entry")]


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


def test_a_storys_feed_holds_its_published_comments_newest_first(
    echo: Asker, bridge: StoryId, clock: SettableClock
) -> None:
    first = say(echo, bridge, "The *first* one & only.")
    clock.advance(timedelta(minutes=1))
    reply = say(echo, bridge, "A reply.", parent=first)
    clock.advance(timedelta(minutes=1))
    say(echo, bridge, "Held back.", verdicts=[factories.HOLDING])
    say(echo, bridge, "Refused.", verdicts=[factories.REFUSING])
    gone = say(echo, bridge, "Taken back.")
    withdraw_comment(echo.db, gone.id, site_id=echo.site.id, by=gone.author_id)
    say(echo, factories.make_story(echo.db, echo.site.id, "ferry"), "Elsewhere.")

    feed = read_feed(echo, "/s/echo/bridge/feed.atom")

    assert contents(feed) == ["<p>A reply.</p>", "<p>The <em>first</em> one &amp; only.</p>"]
    assert link(feed, "self") == f"{BASE}/s/echo/bridge/feed.atom"
    assert link(feed, "alternate") == f"{BASE}/s/echo/bridge"
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert link(entry, "alternate") == f"{BASE}/s/echo/bridge/c/{reply.id}"
    answered = entry.find(f"{THREADED}in-reply-to")
    assert answered is not None
    assert answered.get("ref") == text(feed.findall(f"{ATOM}entry")[1], "id")
    assert text(feed, "updated") == text(entry, "updated")


def test_a_sites_feed_tells_of_all_its_stories_and_of_no_others(
    echo: Asker, bridge: StoryId, clock: SettableClock
) -> None:
    say(echo, bridge, "On the bridge.")
    clock.advance(timedelta(minutes=1))
    say(echo, factories.make_story(echo.db, echo.site.id, "ferry"), "On the ferry.")
    other = factories.make_site(echo.db, "packet")
    factories.make_comment(echo.db, other.id, text="In the other paper.")

    feed = read_feed(echo, "/s/echo/feed.atom")

    assert contents(feed) == ["<p>On the ferry.</p>", "<p>On the bridge.</p>"]
    assert "Ferry" in text(feed.findall(f"{ATOM}entry")[0], "title")


def test_an_edit_moves_the_time_and_keeps_the_name(
    echo: Asker, bridge: StoryId, clock: SettableClock
) -> None:
    said = say(echo, bridge, "Before.")
    before = read_feed(echo, "/s/echo/bridge/feed.atom").find(f"{ATOM}entry")
    clock.advance(timedelta(minutes=3))
    with echo.db.write(factories.SYSTEM) as tx:
        tx.conn.execute(
            sa.update(tables.comments)
            .where(tables.comments.c.id == said.id)
            .values(edited_at=tx.now)
        )
    echo.house.pages.clear()

    after = read_feed(echo, "/s/echo/bridge/feed.atom").find(f"{ATOM}entry")

    assert before is not None
    assert after is not None
    assert text(before, "id") == text(after, "id")
    assert text(before, "published") == text(after, "published")
    was, now = (datetime.fromisoformat(text(one, "updated")) for one in (before, after))
    assert now - was == timedelta(minutes=3)


def test_a_feed_is_valid_whatever_is_in_it(echo: Asker) -> None:
    """Headlines are not the readers' text: some hold what XML cannot."""
    story = factories.make_story(echo.db, echo.site.id, "odd")
    with echo.db.write(factories.SYSTEM) as tx:
        tx.conn.execute(
            sa.update(tables.stories)
            .where(tables.stories.c.id == story)
            .values(title="]]> <b>&amp; \x0b\ufffe \U0001f600")
        )
    author = factories.make_reader(echo.db, "A <i> & ]]>")
    say(echo, story, "]]> <script>x</script> &#0; \ufffe \ufdd0", author_id=author)

    feed = read_feed(echo, "/s/echo/odd/feed.atom")

    assert text(feed, "title") == "Comments: ]]> <b>&amp;  \U0001f600"
    assert "<script" not in contents(feed)[0]
    read_feed(echo, "/s/echo/feed.atom")


def test_an_empty_feed_is_a_feed(echo: Asker, bridge: StoryId) -> None:
    assert bridge
    for path in ("/s/echo/bridge/feed.atom", "/s/echo/feed.atom"):
        assert contents(read_feed(echo, path)) == []
    assert echo.ask("GET", "/s/echo/nothing/feed.atom").status_code == 404
    assert echo.ask("GET", "/s/nowhere/feed.atom").status_code == 404


def test_a_suspended_story_has_an_empty_feed_without_its_headline(
    echo: Asker, bridge: StoryId
) -> None:
    say(echo, bridge, "What a verdict.")
    assert contents(read_feed(echo, "/s/echo/bridge/feed.atom")) != []
    editor = factories.make_staff(echo.db, echo.site.id, Role.EDITOR)
    change = ModeChange(StoryMode.SUSPENDED, "Comments here rest for now.")
    set_story_mode(echo.db, bridge, site_id=echo.site.id, by=editor, change=change)

    for path in ("/s/echo/bridge/feed.atom", "/s/echo/feed.atom"):
        feed = read_feed(echo, path)
        assert contents(feed) == []
        assert text(feed, "title") == "Comments: Echo"
        assert "Bridge" not in echo.ask("GET", path).text
        # Its address at the publisher's often is the headline.
        assert "www.echo.example" not in echo.ask("GET", path).text


def test_a_feed_is_bounded(echo: Asker, bridge: StoryId) -> None:
    author = factories.make_reader(echo.db)
    for number in range(LATEST + 1):
        say(echo, bridge, f"Comment {number}.", author_id=author)

    for path in ("/s/echo/bridge/feed.atom", "/s/echo/feed.atom"):
        found = contents(read_feed(echo, path))
        assert len(found) == LATEST
        assert found[0] == f"<p>Comment {LATEST}.</p>"


@pytest.mark.parametrize("path", ["/s/echo/bridge/feed.atom", "/s/echo/feed.atom"])
def test_whoever_has_a_feed_already_gets_it_again_only_when_it_changed(
    echo: Asker, bridge: StoryId, path: str
) -> None:
    said = say(echo, bridge, "The first.")
    first = echo.ask("GET", path)
    assert "public" in first.headers["cache-control"]
    assert "set-cookie" not in first.headers
    known = {"if-none-match": first.headers["etag"]}

    again = echo.ask("GET", path, headers=known)

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    withdraw_comment(echo.db, said.id, site_id=echo.site.id, by=said.author_id)
    changed = echo.ask("GET", path, headers=known)
    assert changed.status_code == 200
    assert "The first." not in changed.text


def test_every_page_of_a_thread_leads_to_its_feeds(echo: Asker, bridge: StoryId) -> None:
    said = say(echo, bridge, "The first.")
    for path in ("/s/echo/bridge", f"/s/echo/bridge/c/{said.id}"):
        page = echo.ask("GET", path).text
        assert f'type="application/atom+xml" href="{BASE}/s/echo/bridge/feed.atom"' in page
    site = f'type="application/atom+xml" href="{BASE}/s/echo/feed.atom"'
    assert site in echo.ask("GET", "/s/echo").text


def test_no_story_can_take_the_feeds_address() -> None:
    with pytest.raises(InvalidInput):
        check_key("feed.atom")
    url = "https://www.echo.example/news/feed.atom"
    assert key_from_url(url, fallback="a-story") == "a-story"


@pytest.mark.unused_database
def test_a_feed_is_read_by_index(echo_on_both: Asker) -> None:
    db, site_id = echo_on_both.db, echo_on_both.site.id
    said = factories.make_comment(db, site_id)

    def story_feed() -> None:
        with db.read() as conn:
            assert [one.id for one in list_latest(conn, site_id, story_id=said.story_id)]

    def site_feed() -> None:
        with db.read() as conn:
            assert [one.id for one in list_latest(conn, site_id)] == [said.id]

    for act, index in (
        (story_feed, "ix_comments_latest"),
        (site_feed, "ix_comments_site_id_created_at"),
    ):
        plan = "\n".join(plan_of(db, one) for one in statements_of(db, act))
        assert index in plan
        scan = "SCAN" if db.is_sqlite else "Seq Scan on"
        assert re.findall(rf"{scan} (?:comments|stories|readers)\b", plan) == []

"""Every attack string as a comment, a name, a story's title and address: sent in, and looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

import sqlalchemy as sa

from belowline.actions.moderation import feature_comment
from belowline.actions.sites import ModeChange, add_story, set_story_mode
from belowline.core.terms import CommentId, CommentStatus, ReaderId, StoryId, StoryMode
from belowline.storage import tables
from belowline.stories.model import StoryDraft
from tests.attacks.reading import read, read_page, squeeze
from tests.attacks.world import PER_STORY, World, chunks, kept, packs
from tests.conftest import SettableClock
from tests.web.asking import BASE, Asker

SENT = frozenset({200, 201, 303, 403, 404, 422, 429})
"""What may come of a form or a request with a hostile text: it is taken, or refused by a rule."""

SENT_EVERY = 8
"""Every so many stories are filled by requests, the others by the store under the actions; what
cleans and renders a text is the same, and ``test_pure`` puts each line through it."""
NAUGHTY = 110
"""So many stories at the beginning, with the strings that are not all of one kind, by requests."""
LOOK_EVERY = 24
"""So seldom a thread is looked at in its other forms too, which share its templates."""
NEXT = re.compile(r'rel="next"\s+href="([^"]+)"')


def send(world: World, way: int, story: str, by: ReaderId, text: str) -> int:
    """Send a text by one of the ways in which a comment comes to be or is changed."""
    token = world.tokens[by]
    ask = world.echo.ask
    if way == 0:
        return ask("POST", f"stories/{story}/comments", by=token, json={"text": text}).status_code
    if way == 1:
        form = {"text": text, "to": "", "client_key": f"key-{by}-{way}-of-it"}
        path = f"/s/echo/{story}/write"
        answer = ask("POST", path, by=token, origin=BASE, data=form)
        if answer.status_code != 303:
            read_page(answer.text)
        return answer.status_code
    with world.db.read() as conn:
        story_id = conn.execute(
            sa.select(tables.stories.c.id).where(tables.stories.c.key == story)
        ).scalar_one()
    [own] = world.put(StoryId(story_id), [(by, "The bridge should stay open.")])
    if way == 2:
        return ask("PATCH", f"comments/{own.id}", by=token, json={"text": text}).status_code
    path = f"/s/echo/{story}/c/{own.id}/edit"
    answer = ask("POST", path, by=token, origin=BASE, data={"text": text})
    if answer.status_code != 303:
        read_page(answer.text)
    return answer.status_code


def fill(world: World, lines: Sequence[str]) -> dict[str, tuple[str, str, str]]:
    """Fill stories with every line; return by key what each story's packed words are."""
    titles, reasons = packs(lines, 300), packs(lines, 500)
    authors = world.sign_in_all(lines)
    addresses = packs(("".join(line.split()) for line in lines), 1900)
    said: dict[str, tuple[str, str, str]] = {}
    for at, chunk in enumerate(chunks(list(zip(authors, lines, strict=True)), PER_STORY)):
        title = titles[at] if at < len(titles) else "A story"
        address = addresses[at % len(addresses)].replace(" ", "/")
        said[f"s{at}"] = (title, reasons[at % len(reasons)], titles[-1 - at % len(titles)])
        by, first = chunk[0]
        story = {"title": title, "url": f"{world.echo.origin}/{address}"}
        if at % SENT_EVERY and at > NAUGHTY:
            draft = StoryDraft(f"s{at}", title, story["url"])
            world.put(add_story(world.db, world.echo.site, draft, by=None).id, chunk)
            continue
        answer = world.echo.ask(
            "POST",
            f"stories/s{at}/comments",
            by=world.tokens[by],
            json={"text": first, "story": story},
        )
        if answer.status_code != 201:
            assert answer.status_code == 422, answer.text
            plain = {"text": "The bridge should stay open.", "story": story}
            path = f"stories/s{at}/comments"
            assert world.echo.ask("POST", path, by=world.tokens[by], json=plain).status_code == 201
        for way, (author, line) in enumerate(chunk[1:]):
            assert send(world, way % 4, f"s{at}", author, line) in SENT, line
    return said


def publish_the_rest(world: World, lines: Sequence[str]) -> None:
    """Let what a screen held or refused stand in a thread too, and something in every thread."""
    shown = [tables.comments.c.status == CommentStatus.PUBLISHED]
    with world.db.read() as conn:
        published = set(
            conn.execute(
                sa.select(tables.revisions.c.text)
                .join(tables.comments, tables.comments.c.id == tables.revisions.c.comment_id)
                .where(*shown)
            ).scalars()
        )
        busy = set(conn.execute(sa.select(tables.comments.c.story_id).where(*shown)).scalars())
        stories = set(conn.execute(sa.select(tables.stories.c.id)).scalars())
    left = [text for line in lines if (text := kept(line, longest=5000)) not in published and text]
    left += ["The bridge should stay open."] * len(stories - busy)
    [author] = world.sign_in_all(["Ann Lee"])
    places = [*sorted(stories - busy), *sorted(busy)]
    each = -(-len(left) // len(places))
    for story_id, chunk in zip(places, chunks(left[::-1], each), strict=False):
        world.put(StoryId(story_id), [(author, text) for text in chunk])


def threads(world: World) -> dict[str, tuple[StoryId, CommentId, list[str]]]:
    """Return each story by key with its first published comment and the names in it."""
    found: dict[str, tuple[StoryId, CommentId, list[str]]] = {}
    query = (
        sa.select(
            tables.stories.c.key,
            tables.stories.c.id,
            tables.comments.c.id.label("comment"),
            tables.readers.c.name,
        )
        .join(tables.comments, tables.comments.c.story_id == tables.stories.c.id)
        .join(tables.readers, tables.readers.c.id == tables.comments.c.author_id)
        .where(tables.comments.c.status == CommentStatus.PUBLISHED)
        .order_by(tables.comments.c.id)
    )
    with world.db.read() as conn:
        for row in conn.execute(query):
            first = (StoryId(row.id), CommentId(row.comment), [])
            found.setdefault(row.key, first)[2].append(squeeze(row.name))
    return found


def test_every_line_in_a_thread(echo: Asker, lines: Sequence[str], clock: SettableClock) -> None:
    world = World(echo)
    said = fill(world, lines)
    publish_the_rest(world, lines)
    for at, (key, (story_id, root, names)) in enumerate(threads(world).items()):
        title, reason, featured = said[key]
        by = world.editor
        feature_comment(world.db, root, site_id=world.site_id, by=by, reason=featured)
        if at % 2:
            change = ModeChange(StoryMode.CLOSED, reason)
            set_story_mode(world.db, story_id, site_id=world.site_id, by=by, change=change)
        found = read_page(world.page(f"/s/echo/{key}").text)
        for words in (title, featured, *([reason] if at % 2 else []), *names):
            assert words in found.text
        if at % LOOK_EVERY == 0:
            look_closer(world, key, root)
    assert at == len(said) - 1
    clock.advance(timedelta(minutes=2))
    walk(world, "/s/echo", None)
    walk(world, "/log/echo", None)
    for path in ("", "/stories", "/log"):
        walk(world, f"/console/echo{path}", world.owner)
    for root in list(range(1, len(lines), LOOK_EVERY * 6)):
        read_page(world.page(f"/console/echo/cases/{root}", by=world.editor).text)
        author = world.comment(root).author_id
        read_page(world.page(f"/console/echo/readers/{author}", by=world.editor).text)


def walk(world: World, path: str, by: ReaderId | None) -> None:
    """Look at every page of a list."""
    address: str | None = path
    seen = set()
    while address is not None and address not in seen:
        seen.add(address)
        html = world.page(address, by=by).text
        read_page(html)
        onward = NEXT.search(html)
        address = urljoin(address, unescape(onward[1])) if onward else None


def look_closer(world: World, key: str, root: int) -> None:
    """Look at the other forms of a thread."""
    read_page(world.page(f"/s/echo/{key}/c/{root}").text)
    read_page(world.page(f"/s/echo/{key}/c/{root}/replies").text)
    api = f"/api/v1/sites/echo/stories/{key}"
    read(world.page(f"{api}/thread.html").text)
    read(world.page(f"{api}/comments/{root}/replies.html").text)
    answer = world.page(f"{api}/thread")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    for comment in json.loads(answer.text)["comments"]:
        read(f"<div class='comment-body'>{comment['html']}</div>")
    author = world.comment(root).author_id
    overlay = world.page(f"{api}/me", by=author).json()
    for own in overlay["own"]:
        read(own["html"])
    for path in ("comments", "comments/" + str(root), "notices", "account", "name", "data"):
        answer = world.page(f"/me/echo/{path}", by=author)
        if path != "data":
            read_page(answer.text)
    for path in ("write", f"write?to={root}", f"c/{root}/edit", f"c/{root}/withdraw"):
        read_page(world.page(f"/s/echo/{key}/{path}", by=author).text)
    for path in ("respect", "report"):
        read_page(world.page(f"/s/echo/{key}/c/{root}/{path}", by=world.editor).text)

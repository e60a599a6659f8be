"""Whoever reads gets the same bytes: what is a reader's own comes in the overlay, and nowhere else.

Every address that is there is fetched as nobody, as a reader, as an author with comments that only
they can see, as a moderator and as an owner. An address that anybody may use answers all of them
alike, to the byte; what may differ says that nobody on the way may keep it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from belowline.actions.reactions import react
from belowline.comments.store import get_comment
from belowline.core.terms import CommentId, Role, StoryMode
from belowline.storage import tables
from belowline.web.addresses import ROUTES
from belowline.web.static_files import FOLDER
from tests import factories
from tests.house.test_routes import address
from tests.house.walk_table import STORY, TABLE, Who
from tests.house.walk_world import Standing, Walker, World, build
from tests.web.asking import BASE, Asker

OVERLAY = STORY + "/me"
REPORT = "/s/{site}/{story}/c/{comment}/report"
WAYS_IN = {
    *("/sign-in/{site}", "/sign-in/{site}/code", "/window/{site}"),
    *(REPORT, f"{REPORT}/illegal", "/notice/{site}/{token}", "/notice/{site}/{token}/{report}"),
}
"""Who is signed in already is led on from here, or is not asked who they are; and a notice's pages
lead the desk to its case. Nothing on the way may keep these."""
OPEN_TO_ALL = sorted(
    path
    for (method, path), row in TABLE.items()
    if method == "GET" and row.who is Who.ANYBODY and path != OVERLAY and path not in WAYS_IN
)
OWN = sorted(
    path
    for (method, path), row in TABLE.items()
    if method == "GET" and (row.who is not Who.ANYBODY or path in {OVERLAY, *WAYS_IN})
)
VARIANTS = {
    "/s/{site}/{story}": ("?order=oldest", "?after=1700000000000000.1", "?order=sideways"),
    STORY + "/thread": ("?order=oldest", "?after=nonsense"),
    STORY + "/thread.html": ("?order=oldest",),
    "/oembed": ("{quoted}", "{quoted}&format=xml", "{quoted}&format=yaml"),
}
LOST = ("/nothing/here", "/s/echo/nothing", "/s/nowhere/bridge", "/api/v1/sites/echo/nothing")
WALKER = "The walker"
Answer = tuple[int, tuple[tuple[str, str], ...], bytes]


@dataclass
class Readership:
    """A site with everything in it, and everybody who may read it, by who they are."""

    asker: Asker
    world: World
    people: dict[str, str | None]

    def ask(self, path: str, person: str, **headers: str) -> Answer:
        """Fetch an address as somebody, with nothing in memory that was made for another."""
        self.asker.house.pages.clear()
        answer = self.asker.ask(
            "GET", path, by=self.people[person], origin=None, headers=dict(headers)
        )
        told = tuple(sorted(answer.headers.multi_items()))
        # When to come back to the stream is drawn by lot, so that not all come at once.
        body = re.sub(rb"^retry: \d+$", b"retry: by lot", answer.content, flags=re.MULTILINE)
        return answer.status_code, told, body

    def differing(self, path: str, **headers: str) -> list[str]:
        """Return who is answered differently from nobody."""
        usual = self.ask(path, "nobody", **headers)
        return [one for one in self.people if self.ask(path, one, **headers) != usual]


@pytest.fixture
def readership(echo: Asker) -> Iterator[Readership]:
    """Make the world of the walk, whose walker is the author, and people around it."""
    world = build(echo, Walker.READER, Standing.CLEAN)
    people: dict[str, str | None] = {"nobody": None, "author": world.token}
    author = next(
        row.id for row in factories.rows_of(echo.db, tables.readers) if row.name == WALKER
    )
    reader, people["reader"] = echo.reader("Another reader")
    people["moderator"] = echo.token(factories.make_staff(echo.db, echo.site.id))
    people["owner"] = echo.token(factories.make_staff(echo.db, echo.site.id, Role.OWNER))
    theirs = CommentId(int(world.of(StoryMode.OPEN)["theirs"]))
    for one in (author, reader):
        react(echo.db, theirs, site_id=echo.site.id, by=one, respects=True)
    with echo.db.read() as conn:
        story = get_comment(conn, echo.site.id, theirs).story_id
    factories.make_comment(
        echo.db,
        echo.site.id,
        story_id=story,
        author_id=author,
        verdicts=[factories.HOLDING],
        text="Zzheld for the author's eyes alone.",
    )
    return Readership(echo, world, people)


def addresses(readership: Readership, path: str) -> Iterator[str]:
    """Give the whole addresses that a row stands for: in every mode, and in its variants."""
    row = TABLE["GET", path]
    for mode in StoryMode if "{story}" in path or "{comment}" in path else [StoryMode.OPEN]:
        ids = readership.world.of(mode) | {"one": "1"}
        names = ids | {brace: ids[name] for brace, name in row.use.items()}
        quoted = "?url={}/s/echo/{}/c/{}".format(BASE, ids["story"], ids["theirs"])
        for query in (row.query, *VARIANTS.get(path, ())):
            yield path.format(**names) + query.format(quoted=quoted)


def test_every_address_is_either_the_same_for_all_or_somebodys_own() -> None:
    there = {address(route) for route in ROUTES if route.method == "GET"}

    assert there == set(OPEN_TO_ALL) | set(OWN)


def test_what_anybody_may_read_is_the_same_for_everybody(readership: Readership) -> None:
    different = {}
    for path in OPEN_TO_ALL:
        for whole in addresses(readership, path):
            if people := readership.differing(whole):
                different[whole] = people
            assert b"Zzheld" not in readership.ask(whole, "author")[2]

    assert different == {}


def test_so_are_static_files_errors_and_what_is_not_there(readership: Readership) -> None:
    files = [f"/static/{file.name}" for file in sorted(FOLDER.iterdir())]
    gone = readership.world.of(StoryMode.OPEN)

    for path in (*files, *LOST, "/s/echo/{story}/c/999999".format(**gone), "/api/openapi.json"):
        assert readership.differing(path) == [], path


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_so_are_the_compressed_forms_and_their_tags(readership: Readership, encoding: str) -> None:
    for path in ("/s/{site}/{story}", STORY + "/thread.html", "/s/{site}/{story}/feed.atom"):
        whole = path.format(**readership.world.of(StoryMode.OPEN))
        status, headers, _ = readership.ask(whole, "owner", **{"accept-encoding": encoding})
        assert status == 200
        tag = dict(headers)["etag"]

        assert readership.differing(whole, **{"accept-encoding": encoding}) == []
        known = {"accept-encoding": encoding, "if-none-match": tag}
        assert readership.ask(whole, "nobody", **known)[0] == 304


def test_the_overlay_is_what_differs(readership: Readership) -> None:
    whole = OVERLAY.format(**readership.world.of(StoryMode.OPEN))

    assert set(readership.differing(whole)) == set(readership.people) - {"nobody"}
    assert b"Zzheld" in readership.ask(whole, "author")[2]
    assert b"Zzheld" not in readership.ask(whole, "owner")[2]


def test_what_is_somebodys_own_is_kept_by_nobody(readership: Readership) -> None:
    kept = set()
    for path in OWN:
        for whole in addresses(readership, path):
            for person in readership.people:
                _, headers, _ = readership.ask(whole, person)
                if "no-store" not in dict(headers).get("cache-control", ""):
                    kept.add((whole, person))

    assert kept == set()

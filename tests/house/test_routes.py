"""Every route × every role × every standing × every story mode, against a table in plain words.

What is refused must change nothing; what is allowed must work. A route that nobody has thought
about fails here before anybody can use it.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import httpx
import pytest
import sqlalchemy as sa
from litestar import Litestar

from belowline.core.settings import Settings
from belowline.core.terms import Privilege, StoryMode
from belowline.demo.outbox import DEMO_ROUTES
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.web.addresses import ROUTES, SELDOM_ROUTES
from belowline.web.app import SELDOM, Seldom, make_app
from belowline.web.house import make_house
from belowline.web.route import Route
from belowline.web.routes import READER_ROUTES
from tests import factories
from tests.conftest import SettableClock
from tests.house.walk_table import STORY, TABLE, Row, Who
from tests.house.walk_world import Standing, Walker, World, build
from tests.web.asking import BASE, SECRET, Asker, asking

DEMO = {"/outbox", "/outbox/{letter}", "/outbox/{letter}/html", "/demo", "/demo/sign-in"}
"""The demo's own addresses: for anybody, and only there."""


def address(route: Route) -> str:
    """Return a route's path without the types in its braces."""
    return re.sub(r":(str|int)}", "}", route.path)


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    routes = {(route.method, address(route)) for route in ROUTES}

    assert routes - set(TABLE) == set(), "routes that nobody has thought about"
    assert set(TABLE) - routes == set(), "rows without a route"


def test_what_is_asked_for_seldom_is_found_by_its_address() -> None:
    for route in SELDOM_ROUTES:
        assert SELDOM.match(re.sub(r"{[^}]+}", "1", route.path)), route.path
    for route in READER_ROUTES:
        assert not SELDOM.match(re.sub(r"{[^}]+}", "1", route.path)), route.path


def test_the_demo_adds_these_addresses_and_no_other() -> None:
    assert {address(route) for route in DEMO_ROUTES} == DEMO


def test_nothing_is_served_that_the_table_does_not_name(db: Database) -> None:
    """The framework brings addresses of its own, and a decorated view would be one more."""
    inner: Any = make_app(make_house(Settings(secret=SECRET, base_url=BASE), db=db)).asgi
    parts = []
    while not isinstance(inner, Litestar):
        if isinstance(inner, Seldom):
            inner.make()
            parts.append(vars(inner)["_seldom"])
        inner = vars(inner)["_app"]
    served = {
        (method, re.sub(r":(str|int)}", "}", route.path))
        for part in (inner, *parts)
        for route in part.routes
        for method in route.methods - {"OPTIONS"}
    }

    assert served - {(route.method, address(route)) for route in ROUTES} == {
        ("GET", "/api"),
        ("GET", "/api/openapi.json"),
        # Others that the framework keeps a place for there, and has nothing at.
        ("GET", "/api/{path}"),
    }


def test_every_route_names_a_privilege() -> None:
    for route in (*ROUTES, *DEMO_ROUTES):
        assert isinstance(route.privilege, Privilege), route.path


def test_no_address_is_there_twice() -> None:
    seen = [(route.method, address(route)) for route in ROUTES]

    assert len(seen) == len(set(seen))


def may_by_the_book(who: Who, walker: Walker, standing: Standing) -> bool:
    """Read the table: say whether this walker may, by the published rules alone."""
    is_somebody = walker is not Walker.NOBODY and standing is not Standing.ERASED
    barred = {Standing.SUSPENDED, Standing.WITHDRAWN}
    roles = {
        Who.MODERATORS: {Walker.MODERATOR, Walker.EDITOR, Walker.OWNER},
        Who.EDITORS: {Walker.EDITOR, Walker.OWNER},
        Who.OWNERS: {Walker.OWNER},
    }
    if who is Who.ANYBODY:
        return True
    if who in roles:
        return is_somebody and walker in roles[who]
    if who is Who.SIGNED_IN:
        return is_somebody
    if who is Who.COMMENTING:
        return is_somebody and standing not in barred
    return is_somebody and standing not in barred | {Standing.WARNED}


@dataclass
class Ground:
    """A world that can be walked again and again: each request finds it as it was made."""

    asker: Asker
    world: World
    file: Path
    kept: Path
    is_changed: bool = False

    def restore(self) -> None:
        """Put the database back as it was."""
        self.asker.db.close()
        for end in ("-wal", "-shm"):
            Path(f"{self.file}{end}").unlink(missing_ok=True)
        shutil.copyfile(self.kept, self.file)
        self.asker.house.pages.clear()
        self.is_changed = False

    def set_mode(self, mode: StoryMode) -> None:
        """Put the story of what moderators work on into a mode."""
        self.is_changed = True
        with self.asker.db.write(factories.SYSTEM) as tx:
            tx.conn.execute(
                sa.update(tables.stories)
                .where(tables.stories.c.id == int(self.world.ids["managed"]))
                .values(mode=mode)
            )

    def fingerprint(self) -> tuple[int, ...]:
        """Return counts that every change of the world moves."""
        with self.asker.db.read() as conn:
            row = conn.execute(
                sa.text(
                    "SELECT (SELECT count(*) FROM events), (SELECT sum(thread_version) FROM "
                    "stories), (SELECT count(*) FROM reactions), (SELECT sum(version) FROM "
                    "comments), (SELECT count(*) FROM reports), (SELECT count(*) FROM appeals), "
                    "(SELECT count(*) FROM staff), (SELECT count(*) FROM rules), (SELECT count(*) "
                    "FROM sessions), (SELECT count(*) FROM attempts), (SELECT count(*) FROM "
                    "readers WHERE mail_notices)"
                )
            ).one()
        return tuple(row)

    def ask(self, method: str, path: str, row: Row, ids: dict[str, str]) -> httpx.Response:
        """Send a row's request, with the walker's cookie and from Belowline's own pages."""
        names = ids | {brace: (ids | {"one": "1"})[name] for brace, name in row.use.items()}
        given: dict[str, object] = {}
        if row.form is not None:
            given["data"] = {
                key: value.format(**ids) if isinstance(value, str) else value
                for key, value in row.form.items()
            }
            given["headers"] = {"content-type": "application/x-www-form-urlencoded"}
        if row.json is not None:
            given["json"] = row.json
        return self.asker.ask(
            method, path.format(**names) + row.query, by=self.world.token, origin=BASE, **given
        )


@pytest.fixture
def walk(
    request: pytest.FixtureRequest, migrated_sqlite: Path, clock: SettableClock, ram_folder: Path
) -> Iterator[Ground]:
    """Give a ground for the walker and the standing of the test."""
    walker, standing = request.param
    folder = Path(tempfile.mkdtemp(dir=ram_folder))
    file = folder / "walk.db"
    shutil.copyfile(migrated_sqlite, file)
    db = Database(f"sqlite:///{file}", clock=clock)
    with asking(db) as asker:
        world = build(asker, walker, standing)
        db.close()
        kept = folder / "kept.db"
        shutil.copyfile(file, kept)
        yield Ground(asker, world, file, kept)
    db.close()


EVERYBODY = [
    pytest.param((walker, standing), id=f"{walker}, {standing}")
    for walker in Walker
    for standing in Standing
    if walker is not Walker.NOBODY or standing is Standing.CLEAN
]


def is_refused(answer: httpx.Response) -> bool:
    """Say whether standing or role refused, rather than anything else."""
    if answer.status_code in {401, 403}:
        return True
    onward = answer.headers.get("location", "")
    # Where an address names no site, the way to signing in begins at the start.
    return answer.status_code == 303 and (onward == "/" or onward.startswith("/sign-in/echo?"))


@pytest.mark.parametrize("walk", EVERYBODY, indirect=True)
def test_everybody_may_what_the_rules_say_and_nothing_else(
    walk: Ground, request: pytest.FixtureRequest
) -> None:
    walker, standing = request.node.callspec.params["walk"]
    before = walk.fingerprint()
    wrong = []
    for (method, path), row in TABLE.items():
        may = may_by_the_book(row.who, walker, standing)
        for mode in modes_of(path, all_of_them=may, seed=f"{walker} {standing} {method} {path}"):
            if "/console/" in path and mode is not StoryMode.OPEN:
                walk.set_mode(mode)
            answer = walk.ask(method, path, row, walk.world.of(mode))
            told = f"{method} {path} ({mode}): {answer.status_code}"
            changed = walk.fingerprint() != before
            if answer.status_code >= 500:
                wrong.append(f"{told} broke")
            elif not may and (not is_refused(answer) or changed):
                wrong.append(f"{told} was not refused{', and changed something' * changed}")
            elif may and not fits(row, mode, answer, changed=changed):
                wrong.append(f"{told} should have worked: {answer.text[:300]}")
            if changed or walk.is_changed:
                walk.restore()
    assert not wrong, "\n".join(wrong)


def modes_of(path: str, *, all_of_them: bool, seed: str) -> list[StoryMode]:
    """Return the modes in which an address must be tried: all, if it is about a story.

    Whoever may not is refused before anybody looks at the story, so one mode is enough for them:
    another for each of the many who may not, and always the same.
    """
    about_story = any(brace in path for brace in ("{story}", "{comment}", "{decision}", "{appeal}"))
    if not about_story:
        return [StoryMode.OPEN]
    modes = list(StoryMode)
    return modes if all_of_them else [modes[crc32(seed.encode()) % len(modes)]]


def fits(row: Row, mode: StoryMode, answer: httpx.Response, *, changed: bool) -> bool:
    """Say whether an allowed request was answered as it should be in a story of this mode."""
    if row.tries:
        return answer.status_code != 401
    if row.takes and mode in {StoryMode.CLOSED, StoryMode.SUSPENDED}:
        return answer.status_code in {403, 404, 409, 422} and not changed
    if mode is StoryMode.SUSPENDED and answer.status_code in {403, 404}:
        # The thread is hidden, and so are the forms of what is in it.
        return not changed
    return answer.status_code < 400


@pytest.mark.parametrize(
    "walk", [pytest.param((Walker.READER, Standing.CLEAN), id="a reader")], indirect=True
)
@pytest.mark.parametrize(
    "path",
    [
        "/console/echo/",
        "/console//echo",
        "/CONSOLE/echo",
        "/console/echo%2F",
        "/console/echo/.",
        "/console/ECHO",
        "//console/echo",
        "/console/echo;x",
        "/console/echo/staff/",
        "/x/../console/echo",
        "/%63onsole/echo",
    ],
)
def test_no_way_of_writing_an_address_leads_round_the_guard(walk: Ground, path: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        answer = walk.asker.ask(method, path, by=walk.world.token, origin=BASE)

        assert answer.status_code in {301, 303, 307, 308, 400, 401, 403, 404, 405}
        assert "Queue" not in answer.text


@pytest.mark.parametrize(
    "walk", [pytest.param((Walker.READER, Standing.SUSPENDED), id="suspended")], indirect=True
)
def test_no_header_turns_a_reading_request_into_another(walk: Ground) -> None:
    before = walk.fingerprint()
    path = STORY.format(**walk.world.of(StoryMode.OPEN)) + "/comments"
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        for method in ("GET", "OPTIONS", "HEAD"):
            walk.asker.ask(
                method,
                path,
                by=walk.world.token,
                origin=BASE,
                headers={name: "POST"},
                json={"text": "hello there"},
            )

    assert walk.fingerprint() == before

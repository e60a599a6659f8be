"""A real Belowline on this machine, a publisher's pages beside it, and a real Chromium.

Belowline listens on 127.0.0.1. A page of the publisher's is served under two names: as
``http://localhost`` it is another site, where cookies are third-party; as ``http://127.0.0.1`` it
is another origin of the same site.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from belowline.actions.sites import change_site
from belowline.core.settings import Settings
from belowline.core.terms import Actor, ReaderId
from belowline.readers import sessions
from belowline.readers import store as readers
from belowline.rules import store as rules
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.web.app import make_app
from belowline.web.house import House, make_house
from tests import factories
from tests.browser.courier import Courier, publish_courier
from tests.browser.serving import KeptMail, MovingClock, listen, serving, serving_pages

# A busy machine is slow, not wrong; what does not happen still fails.
expect.set_options(timeout=20_000)
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
SECRET = "a-secret-for-tests-alone-0123456789abcdef"


@dataclass
class Live:
    """A running Belowline with one site, and the publisher's pages."""

    house: House
    site: Site
    mail: KeptMail
    clock: MovingClock
    url: str
    cross_site: str
    """The publisher's origin that browsers take for another site."""
    same_site: str
    pages: dict[str, str] = field(default_factory=dict)
    """HTML of the publisher's pages by path."""

    @property
    def db(self) -> Database:
        """Return the database behind it."""
        return self.house.db

    def embed(self, story: str, *, attributes: str = "", before: str = "") -> str:
        """Make a publisher's page that embeds a story's thread, and return its path."""
        path = f"/{story}.html"
        self.pages[path] = (
            "<!doctype html><html lang=en><meta charset=utf-8>"
            "<meta name=viewport content='width=device-width'><title>A story</title>"
            f"<body style='margin:1rem'><h1>A story</h1>{before}"
            f"<belowline-comments site={self.site.key} story={story} {attributes}>"
            f"</belowline-comments><script type=module src='{self.url}/static/embed.js'></script>"
        )
        return path

    def reader(self, name: str, *, accepts: bool = True) -> ReaderId:
        """Make a reader who has been here for long."""
        reader_id = factories.make_reader(self.db, name)
        if accepts:
            with self.db.write(Actor(reader_id)) as tx:
                rules.accept(tx, reader_id, rules.get_current_rulebook(tx.conn, self.site.id).id)
        return reader_id

    def token(self, reader_id: ReaderId) -> str:
        """Begin a session for a reader and return its token."""
        token = sessions.make_token()
        token_hash = sessions.hash_token(self.house.settings.secret, token)
        with self.db.write(Actor(reader_id)) as tx:
            sessions.add_session(
                tx,
                sessions.Session(
                    token_hash, reader_id, None, None, tx.now, tx.now + timedelta(days=1)
                ),
            )
        return token

    def sign_in(self, context: BrowserContext, reader_id: ReaderId) -> None:
        """Give a browser the first-party cookie of a session of this reader's."""
        context.add_cookies(
            [
                {
                    "name": "belowline",
                    "value": self.token(reader_id),
                    "url": self.url,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )

    def find_reader(self, email: str) -> ReaderId:
        """Return whoever signed in with this address."""
        with self.db.read() as conn:
            found = readers.find_reader_by_email(conn, email)
        assert found is not None
        return found.id


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Give a browser profile of the test's own."""
    made = browser.new_context(viewport=DESKTOP)
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """Give a page that fails its test if a script on it fails."""
    made = context.new_page()
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    yield made
    assert errors == []


@pytest.fixture
def live(migrated_sqlite: Path) -> Iterator[Live]:
    """Give a running Belowline on SQLite with an empty site; its clock can be moved on."""
    folder = Path(tempfile.mkdtemp(dir=migrated_sqlite.parent))
    shutil.copyfile(migrated_sqlite, folder / "belowline.db")
    clock, mail = MovingClock(), KeptMail()
    db = Database(f"sqlite:///{folder / 'belowline.db'}", clock=clock)
    listening, url = listen()
    house = make_house(Settings(secret=SECRET, base_url=url), db=db, mail=mail)
    pages: dict[str, str] = {}
    with serving_pages(pages) as port:
        origins = [f"http://localhost:{port}", f"http://127.0.0.1:{port}"]
        site = change_site(db, factories.make_site(db), origins=origins)
        with serving(make_app(house), listening, at_stop=house.live.end):
            yield Live(house, site, mail, clock, url, *origins, pages)
    db.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def courier(ram_folder: Path) -> Iterator[Courier]:
    """Give the demo newspaper with its whole past, seeded once and not to be relied on twice."""
    with publish_courier(ram_folder / "courier") as made:
        yield made

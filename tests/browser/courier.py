"""The demo newspaper as it runs for somebody who tries Belowline: its paper beside its comments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import BrowserContext

from belowline.core.clock import system_clock
from belowline.core.settings import Settings
from belowline.core.terms import Actor, ReaderId
from belowline.demo.content import load_content
from belowline.demo.outbox import DEMO_ROUTES
from belowline.demo.paper import Paper, make_paper
from belowline.demo.seed import Plan, printed_at, seed
from belowline.outside.mail import make_mail
from belowline.readers import sessions
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage import migrate, tables
from belowline.storage.database import Database
from belowline.storage.imports import SourceFile
from belowline.stories.model import StoryDraft
from belowline.stories.store import add_story
from belowline.transfer.codes import ImportStatus
from belowline.transfer.intake import Intake, take_in
from belowline.transfer.shape import (
    Record,
    SourceAccount,
    SourceAuthor,
    SourceComment,
    SourceStory,
)
from belowline.web.app import make_app
from belowline.web.house import House, make_house
from tests.browser.serving import listen, serving

FROM_BEFORE = "Alan Pickersgill"
"""Somebody who wrote under another name before the newspaper came to Belowline."""
QUIET = "quiet-street"
"""A story that nobody has commented on."""
SECRET = "a-secret-for-the-courier-0123456789abcdef"


@dataclass(frozen=True)
class Courier:
    """The Skelderby Courier in print."""

    house: House
    site: Site
    url: str
    """Of Belowline."""
    paper: str
    """Of the newspaper, another origin."""

    @property
    def key(self) -> str:
        """Return the site's key."""
        return self.site.key

    def find(self, query: sa.Select[tuple[int]]) -> int:
        """Return the first number that a query finds."""
        with self.house.db.read() as conn:
            found = conn.execute(query.limit(1)).scalar()
        assert found is not None
        return found

    def reader(self, name: str) -> ReaderId:
        """Return who has this name."""
        readers = tables.readers
        return ReaderId(self.find(sa.select(readers.c.id).where(readers.c.name == name)))

    def sign_in(self, context: BrowserContext, name: str | None) -> None:
        """Let a browser be somebody's, or nobody's."""
        context.clear_cookies()
        if name is None:
            return
        token, reader_id = sessions.make_token(), self.reader(name)
        token_hash = sessions.hash_token(self.house.settings.secret, token)
        with self.house.db.write(Actor(reader_id)) as tx:
            ends = tx.now + timedelta(days=1)
            session = sessions.Session(token_hash, reader_id, None, None, tx.now, ends)
            sessions.add_session(tx, session)
        context.add_cookies([{"name": "belowline", "value": token, "url": self.url}])


def bring_past(db: Database, site: Site, origin: str) -> None:
    """Bring in what stood under a story before the newspaper came to Belowline."""
    with db.read() as conn:
        email = conn.execute(
            sa.select(tables.readers.c.email).where(tables.readers.c.name == FROM_BEFORE)
        ).scalar_one()
    at = datetime(2019, 4, 5, 8, 30, tzinfo=UTC)
    people = ("Jim P", email), ("Rosalind", "rosalind@elsewhere.example")
    ids = ("5b7c2f0e-6a52-4b8f-9d1c-0f3a9f5f7e21", "c0a1f7de-2c83-4f0e-8a57-6f1f0a7a9b44")
    comments = (
        (0, None, "They tore the old baths down in a week and needed nine years to build these."),
        (1, 0, "And they have got the changing rooms right this time. Warm floors!"),
    )
    records: list[Record] = [
        SourceStory(
            "baths", f"{origin}/news/baths", "New baths", None, at, open=False, visible=True
        )
    ]
    for number, (name, address) in enumerate(people):
        records.append(SourceAccount(str(number), name, email=address, email_verified=True))
    for number, above, text in comments:
        name, _ = people[number]
        parent = ids[above] if above is not None else None
        said_at = at + timedelta(hours=number)
        records.append(
            SourceComment(
                ids[number],
                "baths",
                parent,
                SourceAuthor(str(number), name, None),
                "",
                text,
                said_at,
                ImportStatus.PUBLISHED,
                None,
            )
        )
    file = SourceFile("coral", "courier-2019.jsonl", "0" * 64, {})
    take_in(Intake(db, site, "coral", SECRET, file=file, folder=None), records)


@contextmanager
def publish_courier(folder: Path) -> Iterator[Courier]:
    """Seed the newspaper, and serve it and Belowline side by side."""
    folder.mkdir()
    (door, url), (paper_door, origin) = listen(), listen()
    newspaper = load_content()
    settings = Settings(
        secret=SECRET,
        database_url=f"sqlite:///{folder / 'demo.db'}",
        base_url=url,
        demo=True,
        outbox=str(folder / "outbox"),
    )
    migrate.upgrade(settings.database_url)
    mail = make_mail(settings)
    seed(settings.database_url, Plan(newspaper, system_clock(), origin, settings, mail))
    db = Database(settings.database_url)
    house = make_house(settings, db=db, mail=mail)
    with db.read() as conn:
        site = sites.get_site(conn, newspaper.site.key)
    with db.write(Actor.of_system("test")) as tx:
        draft = StoryDraft(QUIET, "Quiet Street stays quiet", f"{origin}/news/quiet-street")
        add_story(tx, site.id, draft)
    bring_past(db, site, origin)
    paper = Paper(newspaper, origin, url, printed_at(db, newspaper))
    with (
        serving(make_paper(paper), paper_door),
        serving(make_app(house, extra=DEMO_ROUTES), door),
    ):
        yield Courier(house, site, url, origin)
    db.close()

"""Asking Belowline through its ASGI application, as a browser or a program would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar, Self

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from litestar import Litestar
from litestar.types import ASGIApp

from belowline.actions.sites import change_site
from belowline.core.settings import Settings
from belowline.core.terms import Actor, ReaderId
from belowline.outside.mail import Letter
from belowline.readers import sessions
from belowline.rules import store as rules
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.web.app import make_app, make_part
from belowline.web.house import House, make_house
from belowline.web.route import Route
from tests import factories

BASE = "https://comments.paper.example"
SECRET = "a-secret-for-tests-alone-0123456789abcdef"


@dataclass
class KeptMail:
    """Keeps letters in memory, so that a test can read a code."""

    works: bool = True
    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        """Keep a letter."""
        self.letters.append(letter)


@dataclass
class Asker:
    """Asks as nobody in particular, or with the token, cookie and origin that a test gives."""

    house: House
    site: Site
    mail: KeptMail
    portal: BlockingPortal
    client: httpx.AsyncClient

    @property
    def db(self) -> Database:
        """Return the database behind the application."""
        return self.house.db

    @property
    def origin(self) -> str:
        """Return the origin of the site's own pages."""
        return self.site.origins[0]

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401
        """Ask. ``path`` begins after the site's part of the API, or with a slash.

        ``by`` is a session's token sent as the cookie, ``bearer`` one sent in the header, and
        ``origin`` the Origin header, the site's own unless it is given.
        """
        headers = dict(given.pop("headers", {}))
        origin = given.pop("origin", self.origin)
        if origin is not None:
            headers["origin"] = origin
        if by := given.pop("by", None):
            headers["cookie"] = f"{given.pop('cookie', '__Host-belowline')}={by}"
        if bearer := given.pop("bearer", None):
            headers["authorization"] = f"Bearer {bearer}"
        url = path if path.startswith("/") else f"/api/v1/sites/{self.site.key}/{path}"

        async def go() -> httpx.Response:
            return await self.client.request(method, url, headers=headers, **given)

        # Cookies are given by hand: what a browser would send is what a test is about.
        self.client.cookies.clear()
        return self.portal.call(go)

    def reader(self, name: str = "Ann Lee", *, accepts: bool = True) -> tuple[ReaderId, str]:
        """Make a reader who accepted the rules, and return their id and a session's token."""
        reader_id = factories.make_reader(self.db, name)
        if accepts:
            with self.db.write(Actor(reader_id)) as tx:
                rules.accept(tx, reader_id, rules.get_current_rulebook(tx.conn, self.site.id).id)
        return reader_id, self.token(reader_id)

    def token(self, reader_id: ReaderId) -> str:
        """Begin a session and return its token."""
        token = sessions.make_token()
        with self.db.write(Actor(reader_id)) as tx:
            sessions.add_session(
                tx,
                sessions.Session(
                    sessions.hash_token(SECRET, token),
                    reader_id,
                    None,
                    None,
                    tx.now,
                    tx.now + timedelta(days=1),
                ),
            )
        return token


@contextmanager
def asking(
    db: Database,
    *,
    origins: tuple[str, ...] = (),
    **settings: Any,  # noqa: ANN401 - whatever settings take
) -> Iterator[Asker]:
    """Set up a site named echo and an application over the database, with these settings."""
    site = factories.make_site(db)
    if origins:
        site = change_site(db, site, origins=list(origins))
    mail = KeptMail()
    house = make_house(Settings(secret=SECRET, base_url=BASE, **settings), db=db, mail=mail)
    with Lent() as lent, start_blocking_portal() as portal:
        app = make_app(house, making=lent.make)
        client = httpx.AsyncClient(transport=_transport(app), base_url=BASE)
        try:
            yield Asker(house, site, mail, portal, client)
        finally:
            portal.call(client.aclose)


class Lent:
    """Lends the framework's parts of an application from one test to the next.

    They know nothing but the house that they are given, and take longer to make than all else that
    a test starts from. Two applications at the same time have parts of their own.
    """

    _free: ClassVar[dict[tuple[object, ...], list[Litestar]]] = defaultdict(list)

    def __enter__(self) -> Self:
        self._taken: list[tuple[tuple[object, ...], Litestar]] = []
        return self

    def __exit__(self, *_: object) -> None:
        for kind, part in self._taken:
            del part.state.house
            self._free[kind].append(part)

    def make(self, house: House, routes: Sequence[Route], **given: Any) -> Litestar:  # noqa: ANN401
        """Return a part that nobody uses, with this house; a new one if there is none."""
        kind = (tuple(routes), given.get("is_described", False))
        part = self._free[kind].pop() if self._free[kind] else make_part(house, routes, **given)
        part.state.house = house
        self._taken.append((kind, part))
        return part


def _transport(app: ASGIApp) -> httpx.ASGITransport:
    return httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]

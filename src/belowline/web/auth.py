"""Who is asking, where, and whether they may: the one guard that stands before every route.

A route without a privilege is refused. A session comes from the HttpOnly cookie (first-party or
partitioned) or from a short-lived token in the ``Authorization`` header (the API, one origin).
An unsafe request with a cookie must come from Belowline's own pages or from an origin that the
site lists, by the exact ``Origin`` header; without that header it is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import anyio.to_thread
import sqlalchemy as sa
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers.base import BaseRouteHandler

from belowline.actions.facts import standing_of_each
from belowline.core.errors import (
    BelowlineError,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    attempt,
)
from belowline.core.language import Language, language_of
from belowline.core.terms import Privilege, ReaderId, Role, SiteId
from belowline.readers import store as readers
from belowline.readers.model import NOBODY, StandingFacts
from belowline.readers.sessions import Session, hash_network, load_sessions
from belowline.readers.standing import require_privilege
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.web.house import House
from belowline.web.network import client_address
from belowline.web.payloads import LARGEST_ID

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
REFUSED = "refused"
"""Under this name a request brings along the error that answers it, found before the framework."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Whoever is asking, at the site named in the address."""

    house: House
    site: Site | None
    facts: StandingFacts
    session: Session | None
    origin: str | None
    """The ``Origin`` header, checked."""
    cross_site: bool
    """Whether the browser says that it asks from another site, where cookies are third-party."""
    network: str
    """The client's address; never stored or logged as it is."""

    @property
    def at(self) -> Site:
        """Return the site. Only for routes whose address names one."""
        if self.site is None:
            raise NotFound("There is no such site.", code="no_site")
        return self.site

    @property
    def language(self) -> Language:
        """Return the language in which this request is answered: its site's, or all sites'."""
        if self.site is not None:
            return language_of(self.site.language)
        with self.house.db.read() as conn:
            return language_of(sites.find_shared_language(conn))

    @property
    def reader_id(self) -> ReaderId:
        """Return who is signed in. Raises NotSignedIn."""
        if self.facts.reader_id is None:
            raise NotSignedIn("Sign in first.")
        return self.facts.reader_id

    @property
    def account(self) -> ReaderId | None:
        """Return who is signed in with an account that is still there, or None."""
        return None if self.facts.erased else self.facts.reader_id

    @property
    def network_hash(self) -> bytes:
        """Return the form in which the client's network may be kept, for 30 days."""
        return hash_network(self.house.settings.secret, self.network)

    @property
    def role(self) -> Role | None:
        """Return the role at the site."""
        return self.facts.role


Visitor = NamedDependency[Asking]
"""How a view asks for whoever is asking: a parameter ``visitor: Visitor``."""


async def enforce(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Find out who asks and require the route's privilege; deny if the route names none."""
    refusal = connection.scope.get("state", {}).get(REFUSED)
    if refusal is not None:
        raise refusal
    privilege = handler.opt.get("privilege")
    if not isinstance(privilege, Privilege):
        raise NotAllowed("This address is not open.", code="no_privilege")
    house: House = connection.app.state.house
    connection.state["visitor"] = await anyio.to_thread.run_sync(
        resolve, house, connection, privilege
    )


async def provide_visitor(request: Request[Any, Any, Any]) -> Asking:
    """Hand the guard's finding to the route."""
    visitor: Asking = request.state["visitor"]
    return visitor


def cookie_names(house: House) -> tuple[str, str]:
    """Return the names of the first-party and of the partitioned session cookie."""
    prefix = "__Host-" if house.settings.is_https else ""
    return f"{prefix}belowline", f"{prefix}belowline-embed"


def resolve(
    house: House, connection: ASGIConnection[Any, Any, Any, Any], privilege: Privilege
) -> Asking:
    """Return who asks and where, if they may.

    Raises:
        NotSignedIn, NotAllowed: they may not, or the request comes from elsewhere.
        NotFound: the address names nothing that can be. InvalidInput: it cannot be read.
    """
    (found,) = resolve_each(house, [connection], privilege)
    if isinstance(found, BelowlineError):
        raise found
    return found


def resolve_each(
    house: House, connections: Sequence[ASGIConnection[Any, Any, Any, Any]], privilege: Privilege
) -> list[Asking | BelowlineError]:
    """Return who asks and where, for each of several requests, or why they may not.

    The same for each as if it came alone; only what the database is asked is asked for all at once.
    """
    with house.db.glance() as conn:
        known: dict[str, Site] = {}
        asked = [attempt(_Asked.of, house, conn, one, known) for one in connections]
        _find_sessions(house, conn, [one for one in asked if isinstance(one, _Asked)])
        signed_in = [
            (one.site.id, one.session.reader_id)
            for one in asked
            if isinstance(one, _Asked) and one.site is not None and one.session is not None
        ]
        standing = dict(zip(signed_in, standing_of_each(conn, signed_in), strict=True))
        return [
            attempt(_admit, house, conn, one, standing, privilege)
            if isinstance(one, _Asked)
            else one
            for one in asked
        ]


@dataclass(slots=True)
class _Asked:
    """A request whose address is in order and which comes from where it may."""

    connection: ASGIConnection[Any, Any, Any, Any]
    site: Site | None
    origin: str | None
    tokens: list[str]
    session: Session | None = None

    @classmethod
    def of(
        cls,
        house: House,
        conn: sa.Connection,
        connection: ASGIConnection[Any, Any, Any, Any],
        known: dict[str, Site],
    ) -> _Asked:
        """Read a request; ``known`` remembers the sites of those before it."""
        _require_plain(connection)
        key = connection.path_params.get("site")
        if key is not None and key not in known:
            known[key] = sites.get_site(conn, key)
        site = known[key] if key is not None else None
        origin = connection.headers.get("origin")
        bearer = _bearer(connection)
        _require_origin(house, connection, site, origin, bearer is not None)
        tokens = [bearer] if bearer else map(connection.cookies.get, cookie_names(house))
        return cls(connection, site, origin, [token for token in tokens if token])


def _find_sessions(house: House, conn: sa.Connection, asked: Sequence[_Asked]) -> None:
    """Give each the first session that is running, if it may be used there."""
    found = iter(
        load_sessions(
            conn,
            secret=house.settings.secret,
            tokens=[token for one in asked for token in one.tokens],
            now=house.db.clock(),
        )
    )
    for one in asked:
        running = [session for session in islice(found, len(one.tokens)) if session is not None]
        if running and _fits(running[0], one.site, one.origin):
            one.session = running[0]


def _admit(
    house: House,
    conn: sa.Connection,
    asked: _Asked,
    standing: dict[tuple[SiteId, ReaderId], StandingFacts],
    privilege: Privilege,
) -> Asking:
    facts, session, site = NOBODY, asked.session, asked.site
    if session is not None:
        # An address that names no site asks for READ_OWN; there is no role without a site.
        facts = (
            standing[site.id, session.reader_id]
            if site is not None
            else _facts_without_site(conn, session.reader_id)
        )
    require_privilege(privilege, facts, now=house.db.clock())
    return Asking(
        house,
        site,
        facts,
        session,
        asked.origin,
        asked.connection.headers.get("sec-fetch-site") == "cross-site",
        client_address(asked.connection.scope, house.settings.trusted_proxies),
    )


def _require_plain(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Refuse what no database can hold, for every address at once: ids beyond 63 bits, and NUL."""
    for value in connection.path_params.values():
        if isinstance(value, int) and not 0 <= value <= LARGEST_ID:
            raise NotFound("There is no such thing here.", code="not_found")
        if isinstance(value, str) and "\x00" in value:
            raise NotFound("There is no such thing here.", code="not_found")
    if b"%00" in connection.scope["query_string"]:
        raise InvalidInput("This address cannot be read.", field="query", code="bad_query")


def _facts_without_site(conn: sa.Connection, reader_id: ReaderId) -> StandingFacts:
    reader = readers.get_reader(conn, reader_id)
    return StandingFacts(reader_id, erased=reader.erased_at is not None)


def _bearer(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    # Our own pages take a cookie alone: a token that a publisher's page holds is for the API.
    from_api = connection.scope["path"].startswith("/api/")
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if from_api and scheme.lower() == "bearer" and token else None


def _fits(session: Session, site: Site | None, origin: str | None) -> bool:
    """Say whether a session that is bound to a site or an origin is used there."""
    if session.site_id is not None and (site is None or site.id != session.site_id):
        return False
    return session.origin is None or session.origin == origin


def _require_origin(
    house: House,
    connection: ASGIConnection[Any, Any, Any, Any],
    site: Site | None,
    origin: str | None,
    has_bearer: bool,  # noqa: FBT001 - private
) -> None:
    if str(connection.scope.get("method")) in SAFE:
        return
    own = house.settings.base_url
    if origin == own:
        return
    # A mail program ends letters with one click and no page. What it may do is in the address
    # itself, signed, and no cookie adds to it.
    if origin is None and connection.scope["path"].startswith("/unsubscribe/"):
        return
    from_api = connection.scope["path"].startswith("/api/")
    if from_api and site is not None and origin in site.origins:
        return
    # A token in a header is not sent by itself as a cookie is, so tools may come without Origin.
    if has_bearer and origin is None:
        return
    raise NotAllowed("This request did not come from where it should.", code="bad_origin")

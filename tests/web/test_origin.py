"""No request from a page that is not ours or the site's changes anything, whoever's cookie it has.

Every unsafe address of the table is asked; ids need not exist, for the origin is asked about first.
"""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from belowline.actions.sites import change_site, create_site
from belowline.core.terms import Role
from belowline.demo.outbox import DEMO_ROUTES
from belowline.readers import sessions
from belowline.storage import tables
from belowline.web.addresses import ROUTES
from belowline.web.auth import SAFE
from belowline.web.route import Route
from tests import factories
from tests.web.asking import BASE, SECRET, Asker

UNSAFE = [one for one in ROUTES if one.method not in SAFE]
LISTED = "https://www.echo.example"
WRONG = [
    pytest.param(None, id="none"),
    pytest.param("null", id="null"),
    pytest.param("", id="empty"),
    pytest.param("https://evilwww.echo.example", id="ours as an end"),
    pytest.param("https://www.echo.example.evil.example", id="ours as a beginning"),
    pytest.param("https://www.echo.example.", id="a dot at the end"),
    pytest.param("https://www.echo.example:443", id="the port written out"),
    pytest.param("https://www.echo.example:444", id="another port"),
    pytest.param("https://www.echo.example@evil.example", id="ours as a user"),
    pytest.param("http://www.echo.example", id="another scheme"),
    pytest.param("https://WWW.echo.example", id="capitals"),
    pytest.param("https://www.echo.example/", id="a path"),
    pytest.param(f"{LISTED} {BASE}", id="a list"),
    pytest.param(f"{BASE}.evil.example", id="Belowline's as a beginning"),
    pytest.param("https://evil-comments.paper.example", id="Belowline's as an end"),
    pytest.param("http://comments.paper.example", id="Belowline's without encryption"),
    pytest.param("https://www.other.example", id="another site's"),
    pytest.param("https://www.есho.example", id="look-alike letters"),
]


def fill(route: Route, site: str = "echo") -> str:
    """Return a route's address with something in place of each brace."""
    path = route.path.replace("{site:str}", site)
    # The stream would go on until its reader goes.
    path += "?once" if path.endswith("/live") else ""
    return re.sub(r"{\w+:str}", "bridge", re.sub(r"{\w+:int}", "1", path))


def fingerprint(echo: Asker) -> list[object]:
    """Return a few numbers that any change changes."""
    with echo.db.read() as conn:
        counts = [
            conn.execute(sa.select(sa.func.count()).select_from(table)).scalar()
            for table in tables.metadata.sorted_tables
        ]
        names = conn.execute(sa.select(tables.readers.c.name, tables.readers.c.mail_notices))
        return [*counts, *(tuple(row) for row in names)]


@pytest.fixture
def attacked(echo: Asker) -> tuple[Asker, str]:
    """Give a site whose owner is signed in and has something to lose."""
    create_site(echo.db, key="other", name="Other", origins=["https://www.other.example"])
    owner = factories.make_staff(echo.db, echo.site.id, Role.OWNER)
    story = factories.make_story(echo.db, echo.site.id, "bridge")
    factories.make_comment(echo.db, echo.site.id, story_id=story, author_id=owner)
    return echo, echo.token(owner)


@pytest.mark.parametrize("origin", WRONG)
def test_nothing_is_changed_from_elsewhere(attacked: tuple[Asker, str], origin: str | None) -> None:
    echo, token = attacked
    before = fingerprint(echo)
    for route in UNSAFE:
        if origin is None and route.path.startswith("/unsubscribe/"):
            # What a mail program sends; the address itself is signed.
            continue
        for cookie in ("__Host-belowline", "__Host-belowline-embed"):
            answer = echo.ask(
                route.method,
                fill(route),
                by=token,
                cookie=cookie,
                content="text=hello",
                origin=origin.encode() if origin and not origin.isascii() else origin,
                headers={"content-type": "application/x-www-form-urlencoded"},
            )
            assert answer.status_code == 403, (route.path, answer.status_code)
            assert "access-control-allow-origin" not in answer.headers
            assert "set-cookie" not in answer.headers

    assert fingerprint(echo) == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
def test_json_in_disguise_gains_nothing(
    attacked: tuple[Asker, str], kind: str, origin: str | None
) -> None:
    """A form on any page can send these types without asking the browser's permission."""
    echo, token = attacked
    before = fingerprint(echo)
    for route in UNSAFE:
        if not route.path.startswith("/api/"):
            continue
        answer = echo.ask(
            route.method,
            fill(route),
            by=token,
            origin=origin,
            content='{"text": "hello there", "accepts": 1}',
            headers={"content-type": kind},
        )
        assert answer.status_code == 403, route.path

    assert fingerprint(echo) == before


def test_a_page_of_the_site_reaches_the_api_and_no_page_of_ours(
    attacked: tuple[Asker, str],
) -> None:
    """A publisher's page may comment for the reader; it may not send forms of Belowline's pages."""
    echo, token = attacked
    for route in UNSAFE:
        answer = echo.ask(
            route.method, fill(route), by=token, origin=LISTED, data={"nothing": "of use"}
        )
        is_api = route.path.startswith("/api/")
        refused = answer.status_code == 403 and "bad_origin" in answer.text
        assert is_api or answer.status_code == 403, route.path
        assert not (is_api and refused), route.path


def test_the_demos_forms_are_no_better(attacked: tuple[Asker, str]) -> None:
    assert [one.method for one in DEMO_ROUTES if one.method not in SAFE] == ["POST"]
    echo, token = attacked
    # Outside a demo they are not there at all.
    for route in DEMO_ROUTES:
        answer = echo.ask(route.method, fill(route), by=token, origin=BASE)
        assert answer.status_code == 404


@pytest.mark.parametrize("origin", WRONG[1:])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_no_answer_is_readable_from_elsewhere(
    attacked: tuple[Asker, str], origin: str, method: str
) -> None:
    echo, token = attacked
    asked = {"access-control-request-method": "PUT", "access-control-request-headers": "x-a"}
    for path in dict.fromkeys(fill(route) for route in ROUTES):
        answer = echo.ask(
            method,
            path,
            by=token,
            origin=origin.encode() if not origin.isascii() else origin,
            headers=asked if method == "OPTIONS" else {},
        )
        assert not [name for name in answer.headers if name.startswith("access-control-")], path


def test_an_origin_is_named_back_only_to_the_site_that_lists_it(
    attacked: tuple[Asker, str],
) -> None:
    echo, token = attacked
    for route in ROUTES:
        for site in ("echo", "other"):
            answer = echo.ask("OPTIONS", fill(route, site), by=token, origin=LISTED)
            allowed = answer.headers.get("access-control-allow-origin")
            expected = LISTED if site == "echo" and route.path.startswith("/api/") else None
            assert allowed == expected, route.path


def test_a_token_of_one_site_is_nothing_at_another(echo: Asker) -> None:
    other = create_site(echo.db, key="other", name="Other", origins=["https://www.other.example"])
    change_site(echo.db, other, origins=[LISTED])
    owner = factories.make_staff(echo.db, echo.site.id, Role.OWNER)
    factories.make_comment(echo.db, other.id, author_id=owner)
    token = sessions.make_token()
    with echo.db.write(factories.SYSTEM) as tx:
        ends = tx.now.replace(year=tx.now.year + 1)
        hashed = sessions.hash_token(SECRET, token)
        sessions.add_session(
            tx, sessions.Session(hashed, owner, echo.site.id, LISTED, tx.now, ends)
        )
    before = fingerprint(echo)
    for route in ROUTES:
        if route.path.endswith("/sign-out"):
            # Whoever holds a token may end it, wherever they are.
            continue
        private = route.privilege not in {"read", "sign_in", "give_notice"}
        for origin in (LISTED, BASE, None):
            given = {"bearer": token, "origin": origin}
            there = echo.ask(route.method, fill(route, "other"), json={}, **given)
            if private and "{site" in route.path:
                assert there.status_code in {303, 401, 403}, route.path
        if private and route.path.startswith("/console"):
            # Nor does it open Belowline's own pages at its own site, from anywhere.
            for origin in (LISTED, BASE, None):
                here = echo.ask(route.method, fill(route), bearer=token, origin=origin)
                assert here.status_code in {303, 401, 403}, route.path
    assert fingerprint(echo) == before
    overlay = "/api/v1/sites/{}/stories/x/me"
    seen = [echo.ask("GET", overlay.format(key), bearer=token).json() for key in ("other", "echo")]
    assert [one["signed_in"] for one in seen] == [False, True]


def test_a_made_up_token_does_not_let_the_cookie_through(attacked: tuple[Asker, str]) -> None:
    """Without Origin a bearer is enough, so a cookie beside it must count for nothing."""
    echo, token = attacked
    before = fingerprint(echo)

    answer = echo.ask(
        "POST",
        "stories/bridge/comments",
        by=token,
        bearer="made-up-made-up-made-up-made-up",
        origin=None,
        json={"text": "hello there", "accepts": 1},
    )

    assert answer.status_code == 401
    assert fingerprint(echo) == before


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"x-forwarded-host": "evil.example"},
        {"forwarded": "host=evil.example;proto=http"},
        {"host": "comments.paper.example", "x-original-url": "/evil.example"},
        {"x-rewrite-url": "/evil.example", "x-forwarded-prefix": "/evil.example"},
        {"x-forwarded-proto": "evil.example", "x-forwarded-server": "evil.example"},
        {"x-http-method-override": "DELETE", "x-forwarded-host": "evil.example:80"},
    ],
)
def test_no_answer_believes_the_host_header(
    attacked: tuple[Asker, str], headers: dict[str, str]
) -> None:
    echo, token = attacked
    for route in ROUTES:
        if route.method != "GET":
            continue
        for by in (token, None):
            answer = echo.ask("GET", fill(route), by=by, origin=None, headers=headers)
            assert "evil" not in answer.text, route.path
            assert "evil" not in str(answer.headers), route.path
    sent = echo.ask("POST", "sign-in/code", json={"email": "ann@mail.example"}, headers=headers)
    assert sent.status_code == 200
    letter = echo.mail.letters[-1]
    assert "evil" not in f"{letter}"

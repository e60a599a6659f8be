"""Who may read the API's answers from where, and what a session's cookie and token are good for."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from belowline.actions.sites import change_site, create_site
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import BASE, Asker

LISTED = "https://www.echo.example"


def sign_in(
    echo: Asker, *, origin: str = LISTED, headers: dict[str, str] | None = None
) -> httpx.Response:
    sent = echo.ask(
        "POST", "sign-in/code", json={"email": "ann@mail.example"}, origin=origin
    ).json()
    found = re.search(r"\b\d{3} \d{3}\b", echo.mail.letters[-1].text)
    assert found is not None
    answer = echo.ask(
        "POST",
        "sign-in/redeem",
        json={"code": found[0], "ticket": sent["ticket"]},
        origin=origin,
        headers=headers or {},
    )
    assert answer.status_code == 200, answer.text
    return answer


def test_a_listed_origin_may_read_with_credentials(echo: Asker) -> None:
    answer = echo.ask("GET", "rules", origin=LISTED)

    assert answer.headers["access-control-allow-origin"] == LISTED
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param("https://www.echo.example.evil.example", id="the origin as a beginning"),
        pytest.param("https://evilwww.echo.example", id="the origin as an end"),
        pytest.param("https://sub.www.echo.example", id="a subdomain"),
        pytest.param("https://www.echo.example:8443", id="another port"),
        pytest.param("https://www.echo.example:443", id="the default port written out"),
        pytest.param("http://www.echo.example", id="without encryption"),
        pytest.param("https://WWW.ECHO.EXAMPLE", id="in capitals"),
        pytest.param("https://www.echo.example/", id="with a path"),
        pytest.param("null", id="a sandboxed frame"),
        pytest.param("*", id="a wildcard"),
        pytest.param("https://www.xn--ech-jkc.example", id="a look-alike"),
    ],
)
def test_a_look_alike_origin_reads_nothing_and_changes_nothing(echo: Asker, origin: str) -> None:
    _, token = echo.reader()
    comment = factories.make_comment(echo.db, echo.site.id)
    path = f"comments/{comment.id}/respect"

    preflight = echo.ask("OPTIONS", path, origin=origin)
    read = echo.ask("GET", "rules", origin=origin, by=token)
    changed = echo.ask("PUT", path, origin=origin, by=token)

    assert "access-control-allow-origin" not in preflight.headers
    assert "access-control-allow-origin" not in read.headers
    assert changed.status_code == 403
    assert changed.json()["error"]["code"] == "bad_origin"
    assert echo.ask("PUT", path, by=token).json() == {"respect": None}


def test_a_change_with_a_cookie_needs_an_origin(echo: Asker) -> None:
    _, token = echo.reader()
    comment = factories.make_comment(echo.db, echo.site.id)

    assert (
        echo.ask("PUT", f"comments/{comment.id}/respect", origin=None, by=token).status_code == 403
    )
    assert (
        echo.ask("PUT", f"comments/{comment.id}/respect", origin=BASE, by=token).status_code == 200
    )


def test_another_sites_origin_is_no_origin_here(echo: Asker) -> None:
    create_site(echo.db, key="other", name="Other", origins=["https://www.other.example"])

    answer = echo.ask("GET", "rules", origin="https://www.other.example")

    assert "access-control-allow-origin" not in answer.headers


def test_the_overlay_is_stored_by_nobody(echo: Asker) -> None:
    _, token = echo.reader()

    for by in (None, token):
        answer = echo.ask("GET", "stories/anything/me", by=by)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.json()["signed_in"] is (by is not None)


def test_the_cookie_is_first_party_on_the_same_site(echo: Asker) -> None:
    answer = sign_in(echo, headers={"sec-fetch-site": "same-site"})

    [cookie] = answer.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-belowline=")
    parts = {part.strip().lower() for part in cookie.split(";")}
    assert {"httponly", "secure", "samesite=lax", "path=/"} <= parts
    assert "partitioned" not in parts
    assert not any(part.startswith("domain") for part in parts)


def test_the_cookie_is_partitioned_on_another_site(echo: Asker) -> None:
    answer = sign_in(echo, headers={"sec-fetch-site": "cross-site"})

    [cookie] = answer.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-belowline-embed=")
    parts = {part.strip().lower() for part in cookie.split(";")}
    assert {"httponly", "secure", "samesite=none", "partitioned", "path=/"} <= parts


def test_the_token_works_on_its_own_origin_until_it_is_over(
    echo: Asker, clock: SettableClock
) -> None:
    token = sign_in(echo).json()["token"]

    def signed_in(**given: object) -> bool:
        return echo.ask("GET", "stories/x/me", bearer=token, **given).json()["signed_in"]

    assert signed_in(origin=LISTED)
    assert not signed_in(origin=BASE)
    assert not signed_in(origin=None)
    clock.advance(timedelta(minutes=15))
    assert not signed_in(origin=LISTED)


def test_the_token_of_one_site_is_useless_at_another(echo: Asker) -> None:
    other = create_site(echo.db, key="other", name="Other", origins=["https://www.other.example"])
    change_site(echo.db, other, origins=[LISTED])
    token = sign_in(echo).json()["token"]

    here = echo.ask("GET", "/api/v1/sites/echo/standing", bearer=token)
    there = echo.ask("GET", "/api/v1/sites/other/standing", bearer=token)

    assert (here.status_code, there.status_code) == (200, 401)


def test_belowlines_own_pages_get_no_token(echo: Asker) -> None:
    assert sign_in(echo, origin=BASE).json()["token"] is None


def test_a_code_works_only_with_the_ticket_of_the_page_that_asked(echo: Asker) -> None:
    first = echo.ask("POST", "sign-in/code", json={"email": "ann@mail.example"}).json()["ticket"]
    other = echo.ask("POST", "sign-in/code", json={"email": "eve@mail.example"}).json()["ticket"]
    code = re.search(r"\b\d{3} \d{3}\b", echo.mail.letters[0].text)
    assert code is not None

    stolen = echo.ask("POST", "sign-in/redeem", json={"code": code[0], "ticket": other})
    own = echo.ask("POST", "sign-in/redeem", json={"code": code[0], "ticket": first})
    again = echo.ask("POST", "sign-in/redeem", json={"code": code[0], "ticket": first})

    assert [stolen.status_code, own.status_code, again.status_code] == [403, 200, 403]
    assert stolen.json() == again.json()


def test_signing_out_ends_the_cookie_and_the_token(echo: Asker) -> None:
    answer = sign_in(echo, headers={"sec-fetch-site": "same-site"})
    cookie = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    token = answer.json()["token"]

    out = echo.ask("POST", "sign-out", by=cookie, bearer=token)

    assert out.status_code == 204
    assert len(out.headers.get_list("set-cookie")) == 2
    assert echo.ask("GET", "standing", by=cookie).status_code == 401
    assert echo.ask("GET", "standing", bearer=token).status_code == 401

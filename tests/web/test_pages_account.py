"""Signing in, the embed's window, and a reader's own pages."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from belowline.actions.readers import make_unsubscribe_token
from belowline.readers import store as readers
from belowline.readers.model import ERASED_NAME
from belowline.web.redirects import local_path
from tests import factories
from tests.web.asking import BASE, SECRET, Asker


def cookie(header: str) -> str:
    return header.partition("=")[2].partition(";")[0]


def ask_for_code(echo: Asker, email: str, onward: str) -> tuple[str, str]:
    """Ask for a code; return it with the browser's secret."""
    answer = echo.ask("POST", "/sign-in/echo", data={"email": email, "next": onward}, origin=BASE)
    assert answer.status_code == 303
    code = re.search(r"\d{3} \d{3}", echo.mail.letters[-1].text)
    assert code is not None
    return code[0], cookie(answer.headers["set-cookie"])


def test_somebody_new_signs_in_by_code_and_goes_back_to_where_they_were(echo: Asker) -> None:
    code, secret = ask_for_code(echo, "ann@mail.example", "/s/echo/bridge/write?to=7")

    answer = echo.ask(
        "POST",
        "/sign-in/echo/code",
        origin=BASE,
        data={"code": code, "next": "/s/echo/bridge/write?to=7"},
        headers={"cookie": f"__Host-belowline-browser={secret}"},
    )
    elsewhere = echo.ask("POST", "/sign-in/echo/code", origin=BASE, data={"code": code})

    assert answer.status_code == 303
    assert answer.headers["location"] == (
        f"/me/echo/name?next={quote('/s/echo/bridge/write?to=7', safe='')}"
    )
    set_cookie = answer.headers.get_list("set-cookie")[0]
    assert set_cookie.startswith("__Host-belowline=")
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert part in set_cookie
    assert elsewhere.status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        " /s/echo",
        "/s/echo\r\nSet-Cookie: a=b",
        "http:evil.example",
        "/" + "a" * 2000,
        "",
    ],
)
def test_after_signing_in_nobody_is_led_to_another_host(echo: Asker, address: str) -> None:
    assert local_path(address, otherwise="/s/echo") == "/s/echo"
    _, token = echo.reader()

    signed_in = echo.ask("GET", "/sign-in/echo", params={"next": address}, by=token)
    signed_out = echo.ask("POST", "/sign-out", by=token, data={"next": address}, origin=BASE)

    assert signed_in.headers["location"] == "/s/echo"
    assert signed_out.headers["location"] == "/"


def test_signing_out_ends_the_session_and_takes_both_cookies_away(echo: Asker) -> None:
    _, token = echo.reader()
    assert echo.ask("GET", "/me/echo", by=token).status_code == 200

    gone = echo.ask("POST", "/sign-out", by=token, data={"next": "/s/echo"}, origin=BASE)

    cookies = gone.headers.get_list("set-cookie")
    assert all("Max-Age=0" in one for one in cookies)
    assert any(
        one.startswith("__Host-belowline-embed=") and "Partitioned" in one for one in cookies
    )
    assert echo.ask("GET", "/me/echo", by=token).status_code == 303


def test_the_window_hands_a_ticket_to_listed_origins_alone(echo: Asker) -> None:
    _, token = echo.reader()
    listed, other = echo.origin, "https://www.echo.example.evil.example"

    asked = echo.ask("GET", f"/window/echo?origin={listed}", by=token)
    handed = echo.ask("POST", "/window/echo", by=token, data={"origin": listed}, origin=BASE)

    assert "Continue as" in asked.text
    assert "data-ticket" not in asked.text
    assert f'data-origin="{listed}"' in handed.text
    for answer in (asked, handed):
        assert answer.headers["cross-origin-opener-policy"] == "unsafe-none"
        assert "no-store" in answer.headers["cache-control"]
    for wrong in (other, "", "null", "*"):
        assert echo.ask("GET", f"/window/echo?origin={wrong}", by=token).status_code == 403
        refused = echo.ask("POST", "/window/echo", by=token, data={"origin": wrong}, origin=BASE)
        assert refused.status_code == 403
        assert "data-ticket" not in refused.text


def test_the_window_stays_joined_to_its_opener_on_the_way_through_signing_in(
    echo: Asker,
) -> None:
    away = echo.ask("GET", f"/window/echo?origin={echo.origin}")
    form = echo.ask("GET", away.headers["location"])

    assert away.headers["location"].startswith("/sign-in/echo?next=%2Fwindow%2Fecho")
    for answer in (away, form):
        assert answer.headers["cross-origin-opener-policy"] == "unsafe-none"
    assert echo.ask("GET", "/s/echo").headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/me/echo",
        "/me/echo/comments",
        "/me/echo/notices",
        "/me/echo/account",
        "/me/echo/name",
        "/me/echo/data",
        "/me/echo/erase",
    ],
)
def test_personal_pages_are_never_stored_and_need_a_reader(echo: Asker, path: str) -> None:
    _, token = echo.reader()

    mine = echo.ask("GET", path, by=token)
    nobodys = echo.ask("GET", path)

    assert mine.status_code == 200
    assert mine.headers["cache-control"] == "private, no-store"
    assert nobodys.headers["location"] == f"/sign-in/echo?next={quote(path, safe='')}"


def test_an_account_is_erased_only_after_the_word_was_typed(echo: Asker) -> None:
    reader_id, token = echo.reader()

    slip = echo.ask("POST", "/me/echo/erase", by=token, data={"confirm": "yes"}, origin=BASE)
    with echo.db.read() as conn:
        assert readers.get_reader(conn, reader_id).name == "Ann Lee"
    done = echo.ask("POST", "/me/echo/erase", by=token, data={"confirm": " Erase "}, origin=BASE)

    assert (slip.status_code, done.status_code) == (422, 303)
    with echo.db.read() as conn:
        assert readers.get_reader(conn, reader_id).name == ERASED_NAME
    assert echo.ask("GET", "/me/echo", by=token).status_code == 303


def test_a_name_that_is_refused_stands_in_the_form_again(echo: Asker) -> None:
    _, token = echo.reader()

    answer = echo.ask("POST", "/me/echo/name", by=token, data={"name": "M0derator"}, origin=BASE)

    assert answer.status_code == 422
    assert 'value="M0derator"' in answer.text


def test_opening_an_unsubscribe_link_changes_nothing_and_one_click_needs_no_page(
    echo: Asker,
) -> None:
    reader_id = factories.make_reader(echo.db, email="ann@mail.example")
    token = make_unsubscribe_token(echo.house.settings, reader_id)
    assert echo.house.settings.secret == SECRET

    def wants_mail() -> bool:
        with echo.db.read() as conn:
            return readers.get_reader(conn, reader_id).mail_notices

    opened = echo.ask("GET", f"/unsubscribe/{token}")
    assert (opened.status_code, wants_mail()) == (200, True)
    # A mail program sends no Origin.
    clicked = echo.ask(
        "POST", f"/unsubscribe/{token}", origin=None, data={"List-Unsubscribe": "One-Click"}
    )
    assert (clicked.status_code, wants_mail()) == (200, False)
    assert echo.ask("GET", f"/unsubscribe/{token}x").status_code == 403

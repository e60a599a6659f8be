"""Attacks on sessions through the application; codes and tokens themselves are tested elsewhere."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.actions.readers import erase_account
from belowline.core.terms import Actor
from belowline.readers import sessions
from belowline.sites import store as sites
from belowline.storage import tables
from belowline.web.addresses import ROUTES
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import BASE, SECRET, Asker

EMAIL = "ann@mail.example"
PLANTED = "planted-planted-planted-planted-planted-000"


def code_of(echo: Asker) -> str:
    found = re.search(r"\b\d{3} \d{3}\b", echo.mail.letters[-1].text)
    assert found is not None
    return found[0]


def cookie_of(answer_header: str) -> str:
    return answer_header.partition("=")[2].partition(";")[0]


def session_count(echo: Asker) -> int:
    with echo.db.read() as conn:
        return conn.execute(sa.select(sa.func.count()).select_from(tables.sessions)).scalar_one()


@pytest.mark.parametrize("name", ["__Host-belowline", "__Host-belowline-embed", "belowline"])
def test_a_planted_cookie_never_becomes_a_session(echo: Asker, name: str) -> None:
    asked = echo.ask(
        "POST", "/sign-in/echo", by=PLANTED, cookie=name, data={"email": EMAIL}, origin=BASE
    )
    browser = cookie_of(asked.headers["set-cookie"])
    answer = echo.ask(
        "POST",
        "/sign-in/echo/code",
        origin=BASE,
        data={"code": code_of(echo)},
        headers={"cookie": f"{name}={PLANTED}; __Host-belowline-browser={browser}"},
    )

    assert answer.status_code == 303
    given = cookie_of(answer.headers.get_list("set-cookie")[0])
    assert given != PLANTED
    assert len(given) >= 40
    assert echo.ask("GET", "/me/echo", by=PLANTED, cookie=name).status_code == 303
    assert echo.ask("GET", "/me/echo", by=given).status_code == 200


def test_signing_in_over_somebody_elses_session_leaves_it_theirs(echo: Asker) -> None:
    """An attacker who plants their own live session must not get what the victim signs in to."""
    attacker_id, planted = echo.reader("Eve Poe")
    echo.ask("POST", "/sign-in/echo", by=planted, data={"email": EMAIL}, origin=BASE)
    asked = echo.ask("POST", "sign-in/code", by=planted, json={"email": EMAIL})
    answer = echo.ask(
        "POST",
        "sign-in/redeem",
        by=planted,
        json={"code": code_of(echo), "ticket": asked.json()["ticket"]},
    )

    assert answer.status_code == 200
    given = cookie_of(answer.headers["set-cookie"])
    assert given != planted
    with echo.db.read() as conn:
        now = echo.db.clock()
        owner = sessions.load_session(conn, secret=SECRET, token=planted, now=now)
        assert owner is not None
        assert owner.reader_id == attacker_id


def test_a_planted_browser_secret_is_no_help_without_the_letter(echo: Asker) -> None:
    """The code binds to the asking browser; somebody who shares its secret still needs the code."""
    secret = "b" * 32
    cookie = {"cookie": f"__Host-belowline-browser={secret}"}
    echo.ask("POST", "/sign-in/echo", origin=BASE, data={"email": EMAIL}, headers=cookie)
    right = code_of(echo).replace(" ", "")
    wrong = [f"{(int(right) + one) % 10**6:06d}" for one in range(1, 6)]

    tries = [
        echo.ask("POST", "/sign-in/echo/code", origin=BASE, data={"code": one}, headers=cookie)
        for one in (*wrong, right)
    ]

    assert {one.status_code for one in tries} == {403}
    assert session_count(echo) == 0


def test_a_code_of_one_browser_does_not_work_in_another(echo: Asker) -> None:
    echo.ask("POST", "/sign-in/echo", origin=BASE, data={"email": EMAIL})
    code = code_of(echo)
    other = echo.ask("POST", "/sign-in/echo", origin=BASE, data={"email": "eve@mail.example"})
    thief = {"cookie": f"__Host-belowline-browser={cookie_of(other.headers['set-cookie'])}"}

    for headers in ({}, thief):
        answer = echo.ask(
            "POST", "/sign-in/echo/code", origin=BASE, data={"code": code}, headers=headers
        )
        assert answer.status_code == 403
    assert session_count(echo) == 0


def test_opening_links_signs_nobody_in_or_out(echo: Asker) -> None:
    _, token = echo.reader()
    before = session_count(echo)
    for route in ROUTES:
        if route.method == "GET" and route.privilege == "sign_in":
            path = route.path.replace("{site:str}", "echo").replace("{token:str}", "x")
            answer = echo.ask("GET", f"{path}?code=123456&next=/s/echo", by=token, origin=None)
            assert "set-cookie" not in answer.headers
    assert echo.ask("GET", "/sign-out", by=token, origin=None).status_code in {404, 405}
    assert session_count(echo) == before
    assert echo.ask("GET", "/me/echo", by=token).status_code == 200


def test_a_session_that_was_signed_out_is_dead_everywhere(echo: Asker) -> None:
    _, token = echo.reader()
    echo.ask("POST", "/sign-out", by=token, origin=BASE, data={})

    assert session_count(echo) == 0
    for name in ("__Host-belowline", "__Host-belowline-embed"):
        answer = echo.ask("GET", "standing", by=token, cookie=name)
        assert answer.status_code == 401
    assert echo.ask("GET", "standing", bearer=token).status_code == 401


def test_a_session_is_over_when_its_time_is(echo: Asker, clock: SettableClock) -> None:
    _, token = echo.reader()
    clock.advance(timedelta(days=1))

    assert echo.ask("GET", "standing", by=token).status_code == 401


def test_an_erased_account_has_no_session_anywhere(echo: Asker) -> None:
    reader_id, token = echo.reader()
    factories.make_comment(echo.db, echo.site.id, author_id=reader_id)
    kept = echo.token(reader_id)
    erase_account(echo.db, reader_id)
    made_after = echo.token(reader_id)

    for one in (token, kept, made_after):
        for path in ("/me/echo", "/me/echo/data", "/console/echo", "/console"):
            answer = echo.ask("GET", path, by=one, origin=None)
            assert answer.status_code in {303, 401, 403}
            assert answer.headers.get("location") != "/console/echo"
        assert echo.ask("GET", "standing", by=one).status_code == 401


def test_a_role_ends_at_once_for_the_session_that_is_open(echo: Asker) -> None:
    moderator = factories.make_staff(echo.db, echo.site.id)
    token = echo.token(moderator)
    assert echo.ask("GET", "/console/echo", by=token, origin=None).status_code == 200
    with echo.db.write(Actor.of_system("test")) as tx:
        sites.drop_staff(tx, echo.site.id, reader_id=moderator)

    assert echo.ask("GET", "/console/echo", by=token, origin=None).status_code == 403


def test_a_suspension_ends_writing_at_once_and_a_moderators_desk_not(echo: Asker) -> None:
    """A role is the publisher's to give and take; a sanction is about taking part as a reader."""
    moderator = factories.make_staff(echo.db, echo.site.id)
    token = echo.token(moderator)
    comment = factories.make_comment(echo.db, echo.site.id, author_id=moderator)
    factories.withdraw(echo.db, echo.site.id, moderator)

    sent = [
        echo.ask("POST", "stories/x/comments", by=token, json={"text": "Hello.", "accepts": 1}),
        echo.ask("PATCH", f"comments/{comment.id}", by=token, json={"text": "Hello."}),
        echo.ask("PUT", f"comments/{comment.id}/respect", by=token),
    ]

    assert {one.status_code for one in sent} == {403}
    assert {one.json()["error"]["code"] for one in sent} == {"withdrawn"}
    assert echo.ask("GET", "/console/echo", by=token, origin=None).status_code == 200


@pytest.mark.parametrize(
    "cookie",
    [
        "__Host-belowline=",
        "__Host-belowline=; __Host-belowline={token}x",
        "__Host-belowline={token}%00",
        '__Host-belowline="{token}\\"',
        "belowline={token}",
        "__host-belowline={token}",
        "__Secure-belowline={token}",
        "$Version=1; __Host-belowline={token}x",
    ],
)
def test_only_the_exact_cookie_is_a_session(echo: Asker, cookie: str) -> None:
    _, token = echo.reader()
    headers = {"cookie": cookie.replace("{token}", token)}

    answer = echo.ask("GET", "standing", headers=headers)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer",
        "Bearer ",
        "Basic {token}",
        "{token}",
        "Bearer {token}, Bearer x",
        "Bearer\t{token}x",
    ],
)
def test_only_a_whole_bearer_token_is_a_session(echo: Asker, authorization: str) -> None:
    _, token = echo.reader()
    headers = {"authorization": authorization.replace("{token}", token)}

    assert echo.ask("GET", "standing", headers=headers).status_code == 401


def test_asking_for_codes_tells_nothing_about_who_is_known(echo: Asker) -> None:
    factories.make_reader(echo.db, email=EMAIL)

    known = echo.ask("POST", "sign-in/code", json={"email": EMAIL})
    unknown = echo.ask("POST", "sign-in/code", json={"email": "new@mail.example"})
    assert (known.status_code, known.headers.keys()) == (
        unknown.status_code,
        unknown.headers.keys(),
    )
    assert known.json().keys() == unknown.json().keys()
    assert len(known.content) == len(unknown.content)
    pages = [
        echo.ask("POST", "/sign-in/echo", origin=BASE, data={"email": one})
        for one in (EMAIL, "new@mail.example")
    ]
    assert pages[0].status_code == pages[1].status_code == 303
    assert pages[0].headers["location"] == pages[1].headers["location"]
    subjects = {re.sub(r"\d", "0", one.subject) for one in echo.mail.letters}
    assert len(subjects) == 1

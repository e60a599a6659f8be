"""Comments from before the move, offered at sign-in and on a page of the reader's own."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from belowline.core.terms import ReaderId
from belowline.readers import store as readers
from belowline.storage.imported import find_targets
from belowline.transfer.intake import Intake, take_in
from tests import factories
from tests.transfer.made import ADA, BO, newsroom
from tests.web.asking import BASE, SECRET, Asker

HERE = "/me/echo/before"
ADDRESS = "ada@reader.example"


@pytest.fixture
def moved(echo: Asker) -> Asker:
    """Give the site with a made-up source's comments in it."""
    take_in(Intake(echo.db, echo.site, "coral", SECRET), newsroom())
    return echo


def author(echo: Asker, name: str) -> ReaderId:
    key = f"account:{name}"
    with echo.db.read() as conn:
        found = find_targets(conn, echo.site.id, source="coral", kind="author", ids=[key])
    return ReaderId(found[key])


def sign_in(echo: Asker, email: str, onward: str) -> str:
    """Sign in by code, and return where that leads."""
    asked = echo.ask("POST", "/sign-in/echo", data={"email": email, "next": onward}, origin=BASE)
    secret = asked.headers["set-cookie"].partition("=")[2].partition(";")[0]
    code = re.search(r"\d{3} \d{3}", echo.mail.letters[-1].text)
    assert code is not None
    answer = echo.ask(
        "POST",
        "/sign-in/echo/code",
        origin=BASE,
        data={"code": code[0], "next": onward},
        headers={"cookie": f"__Host-belowline-browser={secret}"},
    )
    return answer.headers["location"]


def test_whoever_signs_in_with_the_address_is_asked_on_the_way(moved: Asker) -> None:
    me = factories.make_reader(moved.db, email=ADDRESS)
    token = moved.token(me)

    onward = sign_in(moved, ADDRESS, "/s/echo/s1")

    assert onward == f"{HERE}?next={quote('/s/echo/s1', safe='')}"
    page = moved.ask("GET", onward, by=token).text
    assert "There is 1 comment here under this name" in page
    assert "Words a" in page
    assert 'href="/s/echo/s1"' in page, "asking later is a link to where they were going"


def test_somebody_new_chooses_a_name_first_and_is_asked_then(moved: Asker) -> None:
    onward = sign_in(moved, ADDRESS, "/s/echo/s1")

    asked = f"{HERE}?next={quote('/s/echo/s1', safe='')}"
    assert onward == f"/me/echo/name?next={quote(asked, safe='')}"


def test_whoever_proves_nothing_goes_where_they_were_going(moved: Asker) -> None:
    for email in ("bo@reader.example", "nobody@reader.example", "new@reader.example"):
        factories.make_reader(moved.db, email=email)
        assert sign_in(moved, email, "/s/echo/s1") == "/s/echo/s1"


def test_nothing_on_the_page_tells_an_unproven_address_from_an_unknown_one(moved: Asker) -> None:
    """Bo typed this address at the source, which never verified it."""
    pages = []
    for email in ("bo@reader.example", "never@reader.example"):
        me = factories.make_reader(moved.db, "Jo", email=email)
        pages.append(moved.ask("GET", HERE, by=moved.token(me)).text)

    assert pages[0] == pages[1]


def test_yes_makes_them_mine_and_goes_on(moved: Asker) -> None:
    me = factories.make_reader(moved.db, "Ada Today", email=ADDRESS)
    token, past = moved.token(me), author(moved, ADA)
    form = {"author": str(past), "answer": "yes", "mine": "yes", "next": "/s/echo/s1"}

    answer = moved.ask("POST", HERE, by=token, origin=BASE, data=form)

    assert (answer.status_code, answer.headers["location"]) == (303, "/s/echo/s1")
    assert "Ada Today" in moved.ask("GET", "stories/s1/thread.html").text
    assert "Words a" in moved.ask("GET", "/me/echo/comments", by=token).text
    page = moved.ask("GET", HERE, by=token).text
    assert "Yours already" in page
    assert 'name="mine"' not in page


def test_without_the_tick_nothing_happens(moved: Asker) -> None:
    me = factories.make_reader(moved.db, "Ada Today", email=ADDRESS)
    form = {"author": str(author(moved, ADA)), "answer": "yes", "next": ""}

    answer = moved.ask("POST", HERE, by=moved.token(me), origin=BASE, data=form)

    assert answer.status_code == 422
    assert "Tick the box first" in answer.text
    assert "Ada Today" not in moved.ask("GET", "stories/s1/thread.html").text


def test_no_is_remembered_and_stays_within_reach(moved: Asker) -> None:
    me = factories.make_reader(moved.db, email=ADDRESS)
    token = moved.token(me)
    form = {"author": str(author(moved, ADA)), "answer": "no", "next": ""}

    answer = moved.ask("POST", HERE, by=token, origin=BASE, data=form)

    assert answer.headers["location"] == f"{HERE}?said=no"
    page = moved.ask("GET", f"{HERE}?said=no", by=token).text
    assert "You are not asked about them again" in page
    assert "About which you have said no" in page
    assert sign_in(moved, ADDRESS, "/s/echo/s1") == "/s/echo/s1"


def test_somebody_elses_comments_are_not_there_to_be_claimed(moved: Asker) -> None:
    me = factories.make_reader(moved.db, email="jo@reader.example")
    form = {"author": str(author(moved, ADA)), "answer": "yes", "mine": "yes", "next": ""}

    answer = moved.ask("POST", HERE, by=moved.token(me), origin=BASE, data=form)
    unknown = moved.ask(
        "POST", HERE, by=moved.token(me), origin=BASE, data=form | {"author": "999999"}
    )

    assert (answer.status_code, unknown.status_code) == (404, 404)
    assert answer.text == unknown.text


def test_the_page_says_what_comes_along(moved: Asker) -> None:
    """Bo is suspended, and that is known before they say yes."""
    me = factories.make_reader(moved.db)
    with moved.db.write(factories.SYSTEM) as tx:
        readers.add_identity(tx, me, issuer="google", subject="1092")

    page = moved.ask("GET", HERE, by=moved.token(me)).text

    assert "A sanction that is in force comes along" in page
    assert str(author(moved, BO)) in page


def test_the_account_page_leads_there_and_the_desk_knows_who_somebody_was(moved: Asker) -> None:
    me = factories.make_reader(moved.db, "Ada Today", email=ADDRESS)
    token, past = moved.token(me), author(moved, ADA)
    assert HERE in moved.ask("GET", "/me/echo/account", by=token).text
    moderator = moved.token(factories.make_staff(moved.db, moved.site.id))
    form = {"author": str(past), "answer": "yes", "mine": "yes", "next": ""}

    moved.ask("POST", HERE, by=token, origin=BASE, data=form)

    now = moved.ask("GET", f"/console/echo/readers/{me}", by=moderator).text
    assert "has claimed those comments" in now
    then = moved.ask("GET", f"/console/echo/readers/{past}", by=moderator).text
    assert f'href="/console/echo/readers/{me}"' in then


def test_the_embed_is_told_after_signing_in(moved: Asker) -> None:
    factories.make_reader(moved.db, email=ADDRESS)
    ticket = moved.ask("POST", "sign-in/code", json={"email": ADDRESS}).json()["ticket"]
    code = re.search(r"\d{3} \d{3}", moved.mail.letters[-1].text)
    assert code is not None

    answer = moved.ask("POST", "sign-in/redeem", json={"code": code[0], "ticket": ticket})

    assert answer.json()["before"] is True


def test_where_nothing_was_imported_the_account_page_says_nothing_of_it(echo: Asker) -> None:
    me = factories.make_reader(echo.db, email=ADDRESS)

    assert HERE not in echo.ask("GET", "/me/echo/account", by=echo.token(me)).text

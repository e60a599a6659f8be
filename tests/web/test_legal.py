"""Notices of defamation through the application: who may see and send what, and what stays shut."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa

from belowline.actions.sites import change_site
from belowline.comments.model import Comment
from belowline.core.terms import CommentStatus, ReaderId, Role
from belowline.followers.legal import DefamationPost
from belowline.sites.model import SiteSettings
from belowline.storage import tables
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import BASE, Asker

WHOLE = {
    "name": "Jo Bloggs",
    "email": "jo@mail.example",
    "words": "He stole it. <b>Really</b>",
    "why": "It is a crime.",
    "meaning": "That I am a thief.",
    "wrong": "I was away.",
    "cannot_sue": "yes",
    "consents": "no",
}


@dataclass
class Lane:
    """A site that takes notices, with one comment, and people with tokens."""

    asker: Asker
    clock: SettableClock
    comment: Comment
    author: ReaderId
    tokens: dict[str, str]

    @property
    def form(self) -> str:
        return f"/s/echo/hall/c/{self.comment.id}/about-me"

    def get(self, path: str, by: str | None = None) -> httpx.Response:
        token = self.tokens[by] if by else None
        return self.asker.ask("GET", path, by=token, origin=None)

    def send(self, path: str, by: str | None = None, **fields: str) -> httpx.Response:
        token = self.tokens[by] if by else None
        return self.asker.ask("POST", path, by=token, origin=BASE, data=fields)

    def receive(self, **changed: str) -> str:
        """Send a whole notice and return the address of its page."""
        answer = self.send(self.form, **(WHOLE | changed))
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def post(self) -> None:
        for _ in range(3):
            DefamationPost(
                self.asker.db, mail=self.asker.mail, settings=self.asker.house.settings
            ).work()

    def notices(self) -> int:
        return len(factories.rows_of(self.asker.db, tables.defamation_notices))

    def set(self, **settings: object) -> None:
        change_site(
            self.asker.db,
            self.asker.site,
            settings=replace(SiteSettings(defamation_s5=True), **settings),  # type: ignore[arg-type]
        )


@pytest.fixture
def lane(echo: Asker, clock: SettableClock) -> Lane:
    story_id = factories.make_story(echo.db, echo.site.id, "hall")
    author = factories.make_reader(echo.db, "Al", email="al@mail.example")
    comment = factories.make_comment(
        echo.db, echo.site.id, story_id=story_id, author_id=author, text="He stole it."
    )
    people = {"al": author, "other": factories.make_reader(echo.db)}
    people["mo"] = factories.make_staff(echo.db, echo.site.id)
    people["ed"] = factories.make_staff(echo.db, echo.site.id, Role.EDITOR)
    tokens = {name: echo.token(reader_id) for name, reader_id in people.items()}
    made = Lane(echo, clock, comment, author, tokens)
    made.set()
    return made


def test_a_form_that_lacks_something_keeps_what_was_typed_and_can_be_sent_as_it_is(
    lane: Lane,
) -> None:
    lacking = WHOLE | {"meaning": " "}
    answer = lane.send(lane.form, **lacking)

    assert answer.status_code == 422
    assert "He stole it. &lt;b&gt;Really&lt;/b&gt;" in answer.text
    assert 'value="jo@mail.example"' in answer.text
    assert 'id="meaning-error"' in answer.text
    assert lane.notices() == 0
    assert lane.send(lane.form, as_it_is="yes", **lacking).status_code == 303
    assert lane.notices() == 1


def test_the_complainants_page_opens_with_its_link_and_with_no_other(lane: Lane) -> None:
    page = lane.receive()
    shown = lane.get(page)

    assert shown.status_code == 200
    assert "echo-1" in shown.text
    assert "&lt;b&gt;Really" in shown.text
    assert shown.headers["cache-control"] == "private, no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert "Jo Bloggs" not in shown.text, "whoever finds the link learns no name"
    assert lane.get(page[:-2] + "xx").status_code == 403
    assert lane.get(page.replace("/legal/echo/", "/legal/echo/x")).status_code == 403
    factories.make_site(lane.asker.db, "other")
    assert lane.get(page.replace("/echo/", "/other/")).status_code == 404


def test_where_the_lane_is_off_the_form_says_how_to_report(lane: Lane) -> None:
    lane.set(defamation_s5=False)

    assert "report it" in lane.get(lane.form).text
    assert "<form" not in lane.get(lane.form).text
    assert lane.send(lane.form, **WHOLE).status_code == 403
    assert "about-me" not in lane.get(f"/s/echo/hall/c/{lane.comment.id}").text
    lane.set()
    assert "about-me" in lane.get(f"/s/echo/hall/c/{lane.comment.id}").text


def test_a_network_that_sends_too_many_is_told_to_wait(lane: Lane) -> None:
    for _ in range(5):
        lane.receive()
    answer = lane.send(lane.form, **WHOLE)

    assert answer.status_code == 429
    assert "jo@mail.example" in answer.text, "what was typed is not lost"


def test_only_the_author_sees_the_notice_and_only_once_asked(lane: Lane) -> None:
    lane.receive()
    assert lane.get("/me/echo/legal/1", "al").status_code == 404
    lane.send("/console/echo/legal/1/letter", "mo", letter="author")
    lane.post()

    shown = lane.get("/me/echo/legal/1", "al")
    assert shown.status_code == 200
    assert "Jo Bloggs" not in shown.text
    assert "jo@mail" not in shown.text
    assert lane.get("/me/echo/legal/1", "other").status_code == 404
    assert lane.send("/me/echo/legal/1", "other", answer="agrees").status_code in {403, 404}
    missing = lane.send("/me/echo/legal/1", "al", answer="refuses", name="Al Writer")
    assert missing.status_code == 422
    assert 'value="Al Writer"' in missing.text


def test_the_desk_sees_the_complainant_and_only_editors_the_author(lane: Lane) -> None:
    lane.receive()
    lane.send("/console/echo/legal/1/letter", "mo", letter="author")
    lane.post()
    lane.send(
        "/me/echo/legal/1",
        "al",
        answer="refuses",
        name="Al Writer",
        address="1 High Street",
        consents="yes",
    )
    shown = lane.get("/console/echo/legal/1", "mo").text
    assert "Jo Bloggs" in shown
    assert "High Street" not in shown, "not even in the letter that is about to go"
    assert lane.send("/console/echo/legal/1/details", "mo").status_code == 403
    assert "High Street" in lane.send("/console/echo/legal/1/details", "ed").text
    assert lane.send("/console/echo/legal/1/letter", "mo", letter="refused").status_code == 303
    lane.post()

    assert any("High Street" in one.text for one in lane.asker.mail.letters)
    assert "High Street" not in lane.get("/console/echo/legal/1", "mo").text
    assert "High Street" not in lane.get("/console/echo/legal", "mo").text


def test_a_letter_that_is_not_owed_is_refused_on_the_page(lane: Lane) -> None:
    lane.receive()
    answer = lane.send("/console/echo/legal/1/letter", "mo", letter="removed")

    assert answer.status_code == 403
    assert "This is not what comes next." in answer.text
    assert factories.rows_of(lane.asker.db, tables.defamation_letters) == []


def test_removing_leads_to_the_case_with_its_undo(lane: Lane) -> None:
    lane.receive()
    answer = lane.send(
        "/console/echo/legal/1/remove",
        "mo",
        rule="defamation",
        reason="A legal notice.",
        seen_version=str(lane.comment.version),
    )

    assert answer.headers["location"] == f"/console/echo/cases/{lane.comment.id}?did=1"
    assert factories.reread(lane.asker.db, lane.comment).status is CommentStatus.REMOVED
    stale = lane.send(
        "/console/echo/legal/1/remove", "mo", rule="defamation", reason="No.", seen_version="1"
    )
    assert stale.status_code == 409


def test_a_late_notice_is_marked_on_every_page_of_the_desk(lane: Lane) -> None:
    lane.receive()
    assert "state bad" not in lane.get("/console/echo/legal", "mo").text
    lane.clock.advance(timedelta(days=3))
    lane.tokens["mo"] = lane.asker.token(_reader(lane, "mo"))

    assert '<span class="state bad">late</span>' in lane.get("/console/echo/legal", "mo").text
    assert '<span class="state bad"><span aria-hidden' in lane.get("/console/echo", "mo").text


def test_the_desk_records_a_notice_that_came_as_a_letter(lane: Lane) -> None:
    path = f"/console/echo/cases/{lane.comment.id}/legal"
    assert "came_in" not in lane.get(lane.form, "mo").text, "the public form is the same for all"
    assert lane.send(lane.form, **WHOLE, came_in="2026-03-01T09:00").status_code == 422
    assert 'name="came_in"' in lane.get(path, "mo").text
    for wrong in ("0001-01-01T00:00", "9999-12-31T23:59", "soon", ""):
        refused = lane.send(path, "mo", **WHOLE, came_in=wrong)
        assert refused.status_code == 422
        assert "He stole it." in refused.text
    assert lane.send(path, "other", **WHOLE, came_in="2026-03-01T09:00").status_code == 403
    assert lane.notices() == 0

    answer = lane.send(path, "mo", **WHOLE, came_in="2026-02-27T17:30")
    assert answer.headers["location"] == "/console/echo/legal/1"
    shown = lane.get("/console/echo/legal/1", "mo").text
    assert "Friday, 27 February 2026, 17:30 London time" in shown


def test_the_case_says_that_a_legal_notice_is_open(lane: Lane) -> None:
    path = f"/console/echo/cases/{lane.comment.id}"
    assert "legal notice about it is open" not in lane.get(path, "mo").text
    lane.receive()

    assert 'href="/console/echo/legal/1"' in lane.get(path, "mo").text


def _reader(lane: Lane, name: str) -> ReaderId:
    role = {"mo": Role.MODERATOR, "ed": Role.EDITOR}[name]
    with lane.asker.db.read() as conn:
        query = sa.select(tables.staff.c.reader_id).where(tables.staff.c.role == role)
        return ReaderId(conn.execute(query).scalar_one())

"""The page of a spot check is blind, and what is said there is counted and nothing more."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from html import unescape

import httpx
import pytest

from belowline.core.terms import (
    CommentId,
    CommentStatus,
    Finding,
    ReaderId,
    Role,
    RuleKey,
    ScreenName,
    Verdict,
)
from belowline.moderation.spot_checks import is_drawn
from belowline.sites import store as sites
from belowline.storage import tables
from tests import factories
from tests.actions.test_spot_checks import write_many
from tests.conftest import SettableClock
from tests.web.asking import SECRET, Asker
from tests.web.test_console import Desk, make_desk

SCORED = Verdict(
    ScreenName.CLASSIFIER, Finding.PASS, detail={"attribute": "insult", "score": 0.731}
)
SAID = "You never paid for it."


@pytest.fixture
def desk(echo_on_both: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo_on_both, clock)


@pytest.fixture
def editor(desk: Desk) -> ReaderId:
    return desk.sign_in(factories.make_staff(desk.asker.db, desk.asker.site.id, Role.EDITOR))


@pytest.fixture
def author(desk: Desk) -> ReaderId:
    """Give a reader with a record: a removed comment."""
    author = factories.make_reader(desk.asker.db, "Quentin Marrow")
    desk.remove(desk.comment("You are a waste of space.", author_id=author))
    return author


def drawn(desk: Desk, author: ReaderId) -> CommentId:
    """Have comments published until the lot falls on the author's."""
    db, site = desk.asker.db, desk.asker.site
    above = desk.comment("What about the bridge?")
    (last,) = write_many(db, site, 1)
    at = next(one for one in range(last + 1, last + 200) if is_drawn(SECRET, CommentId(one)))
    if at > last + 1:
        write_many(db, site, at - last - 1)
    comment = desk.comment(SAID, author_id=author, parent=above, verdicts=[SCORED])
    assert comment.id == at
    desk.clock.advance(timedelta(days=2))
    for one in desk.tokens:
        desk.sign_in(one)
    return comment.id


def figures(answer: httpx.Response) -> dict[str, tuple[str, str]]:
    rows = csv.DictReader(io.StringIO(answer.text, newline=""))
    return {
        row["figure"]: (row["value"], row["of"]) for row in rows if row["part"] == "spot checks"
    }


def test_the_page_shows_the_comment_and_nothing_that_is_known_of_it(
    desk: Desk, author: ReaderId
) -> None:
    comment = drawn(desk, author)

    listed = unescape(desk.get("/second-look").text)
    page = desk.get(f"/spot-checks/{comment}").text

    assert "Nobody brought these up" in listed
    assert SAID in listed
    assert SAID in page
    assert "What about the bridge?" in page
    for told in ("Quentin Marrow", f"/readers/{author}", "Published", "Removed", "73", 'insult"'):
        assert told not in page, told
    assert "Automatic checks" not in page
    assert "Automatic checks" in desk.get(f"/cases/{comment}").text


def test_only_those_who_may_and_had_no_part_see_it(desk: Desk, author: ReaderId) -> None:
    comment = drawn(desk, author)
    with desk.asker.db.write(factories.SYSTEM) as tx:
        sites.put_staff(tx, desk.asker.site.id, reader_id=author, role=Role.MODERATOR)
    desk.sign_in(author)
    _, reader = desk.asker.reader()

    assert SAID not in desk.get("/second-look", by=author).text
    assert desk.get(f"/spot-checks/{comment}", by=author).status_code == 404
    refused = desk.send(f"/spot-checks/{comment}", by=author, outcome="keep", seen_revision="1")
    assert refused.status_code == 403
    path = f"/console/echo/spot-checks/{comment}"
    assert desk.asker.ask("GET", path, by=reader, origin=None).status_code == 403
    assert desk.get("/spot-checks/1").status_code == 404
    assert factories.rows_of(desk.asker.db, tables.spot_checks) == []


def test_what_stays_is_counted_and_that_is_all(
    desk: Desk, editor: ReaderId, author: ReaderId
) -> None:
    comment = drawn(desk, author)
    assert figures(desk.get("/quality.csv", by=editor)) == {
        "nobody had brought it up and it would have had to go": ("0", "0"),
        "share of all that would have to go, at least": ("", "0"),
        "share of all that would have to go, at most": ("", "0"),
    }
    assert "No such comment was checked in these days." in desk.get("/quality", by=editor).text

    done = desk.send(f"/spot-checks/{comment}", outcome="keep", seen_revision="1")

    assert done.headers["location"] == "/console/echo/second-look?said=checked"
    assert "Nothing waits for a check of yours." in desk.get("/second-look").text
    page = unescape(desk.get("/quality", by=editor).text)
    assert "Of 1 such comment, 0 would have had to go." in page
    assert "between 0 and 79.3 of 100, with 95 of 100 chances" in page
    assert figures(desk.get("/quality.csv", by=editor)) == {
        "nobody had brought it up and it would have had to go": ("0", "1"),
        "share of all that would have to go, at least": ("0.0", "1"),
        "share of all that would have to go, at most": ("0.7935", "1"),
    }


def test_what_would_go_opens_its_case_and_is_still_there(desk: Desk, author: ReaderId) -> None:
    comment = drawn(desk, author)
    path = f"/spot-checks/{comment}"
    bare = desk.send(path, outcome="remove", seen_revision="1")
    assert (bare.status_code, 'id="error-rule"' in bare.text) == (422, True)
    stale = desk.send(path, outcome="remove", rule="spam", seen_revision="7")
    assert (stale.status_code, "look at it again" in stale.text) == (409, True)
    assert 'value="spam" required checked' in stale.text

    done = desk.send(path, outcome="remove", rule="spam", seen_revision="1")

    assert done.headers["location"] == f"/console/echo/cases/{comment}?said=would_go"
    case = unescape(
        desk.asker.ask("GET", done.headers["location"], by=desk.tokens[desk.moderator]).text
    )
    assert "Nothing is removed yet" in case
    (row,) = factories.rows_of(desk.asker.db, tables.spot_checks)
    assert (row.outcome, row.rule_key) == ("remove", RuleKey("spam"))
    (kept,) = (
        one for one in factories.rows_of(desk.asker.db, tables.comments) if one.id == comment
    )
    assert kept.status == CommentStatus.PUBLISHED
    late = desk.send(path, by=desk.owner, outcome="keep", seen_revision="1")
    assert late.status_code == 409

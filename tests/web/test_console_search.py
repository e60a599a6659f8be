"""The desk's search through the application: what is found where, and by whom."""

from __future__ import annotations

from html import unescape

import pytest

from belowline.core.terms import Role
from belowline.sites import store as sites
from tests import factories
from tests.conftest import SettableClock
from tests.search.worlds import fill
from tests.web.asking import Asker
from tests.web.test_console import Desk, make_desk


@pytest.fixture
def desk(echo: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo, clock)


def test_what_was_looked_for_is_marked_in_what_was_found(desk: Desk) -> None:
    comment = desk.comment("<b>The café</b> by the bridge.")
    fill(desk.asker.db)

    page = desk.get("/search?q=cafe").text

    assert f'href="/console/echo/cases/{comment.id}"' in page
    assert "&lt;b&gt;The <mark>café</mark>&lt;/b&gt; by the bridge." in page


def test_a_search_over_all_sites_leaves_out_where_one_has_no_role(desk: Desk) -> None:
    db = desk.asker.db
    second, foreign = factories.make_site(db, "second"), factories.make_site(db, "foreign")
    with db.write(factories.SYSTEM) as tx:
        sites.put_staff(tx, second.id, reader_id=desk.moderator, role=Role.MODERATOR)
    desk.comment("A ferry at home.")
    factories.make_comment(db, second.id, text="A ferry at the second.")
    factories.make_comment(db, foreign.id, text="A ferry abroad.")
    fill(db)
    token = desk.tokens[desk.moderator]

    everywhere = desk.asker.ask("GET", "/desk/search?q=ferry", by=token, origin=None).text
    here = desk.get("/search?q=ferry").text
    readers = desk.asker.ask("GET", "/desk/search?q=read&kind=readers", by=token, origin=None).text

    assert "at home" in everywhere
    assert "at the second" in everywhere
    assert "abroad" not in everywhere
    assert "at the second" not in here
    assert "/console/foreign" not in readers


def test_whoever_has_no_role_searches_nothing(desk: Desk) -> None:
    _, token = desk.asker.reader()

    for path in ("/desk/search?q=ferry", "/console/echo/search?q=ferry", "/desk"):
        assert desk.asker.ask("GET", path, by=token, origin=None).status_code == 403


def test_readers_and_reasons_are_found_too(desk: Desk) -> None:
    ann = factories.make_reader(desk.asker.db, "Ann Lee")
    desk.remove(desk.comment(author_id=ann))
    fill(desk.asker.db)

    assert f"/console/echo/readers/{ann}" in desk.get("/search?q=ann&kind=readers").text
    found = desk.get("/search?q=person&kind=decisions").text
    assert "This goes for the <mark>person</mark>." in found


def test_what_says_nothing_is_told_and_nothing_breaks(desk: Desk) -> None:
    page = unescape(desk.get("/search?q=ferry+status%3Aodd").text)

    assert "status:odd says nothing here and was left out." in page
    assert "Nothing fits." in page
    for odd in ("q=%22", "q=%22NEAR(%22", "q=*", "kind=odd", "order=odd", "after=odd", "after=1_1"):
        assert desk.get(f"/search?{odd}").status_code in {200, 422}


def test_results_go_on_where_a_page_ends(desk: Desk) -> None:
    for number in range(30):
        desk.comment(f"Ferry {number}.")
    fill(desk.asker.db)

    first = desk.get("/search?q=ferry").text
    onward = unescape(first.split('rel="next" href="')[1].split('"')[0])
    second = desk.get(onward.removeprefix("/console/echo")).text

    assert first.count("data-item") == 25
    assert second.count("data-item") == 5
    assert 'rel="next"' not in second

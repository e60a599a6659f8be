"""The console's screens: an editor tries a change on the past, saves it, and sees the history."""

from __future__ import annotations

import re
from html import unescape

import pytest

from belowline.core.terms import Finding, ScreenName, Verdict
from belowline.screens import store as verdict_store
from belowline.sites import store as sites
from tests import factories
from tests.conftest import SettableClock
from tests.house.walk_table import SCREENS
from tests.web.asking import Asker
from tests.web.test_console import Desk, make_desk

PASSED = Verdict(ScreenName.LINKS, Finding.PASS)


@pytest.fixture
def desk(echo_on_both: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo_on_both, clock)


def links_allowed(desk: Desk) -> int:
    with desk.asker.db.read() as conn:
        return sites.get_site(conn, "echo").settings.max_links


def sheet(**values: str) -> dict[str, str]:
    return (
        SCREENS | {"longest": "5000", "hold_capitals": "yes", "use_default_words": "yes"} | values
    )


def test_trying_saves_nothing_and_names_examples(desk: Desk) -> None:
    comment = desk.comment("See https://one.example for it.", verdicts=[PASSED])

    page = unescape(desk.send("/screens", by=desk.owner, **sheet(do="try", max_links="0")).text)

    assert "Would have held <strong>1</strong> of 1 comment" in page
    assert f"/console/echo/cases/{comment.id}" in page
    assert "Not saved yet" in page
    assert re.search(r'name="max_links"[^>]*value="0"', page)
    assert links_allowed(desk) == 2


def test_saving_is_in_force_and_in_the_history(desk: Desk) -> None:
    desk.send("/screens", by=desk.owner, **sheet(do="save", max_links="1"))
    answer = desk.send("/screens", by=desk.owner, **sheet(do="save", max_links="0"))

    page = unescape(desk.get("/screens", by=desk.owner).text)

    assert (answer.status_code, links_allowed(desk)) == (303, 0)
    assert "Links that pass: 1 → 0" in page
    assert "Owner" in page


def test_a_value_out_of_bounds_is_said_beside_its_field_and_nothing_is_lost(desk: Desk) -> None:
    answer = desk.send(
        "/screens", by=desk.owner, **sheet(do="save", max_links="500", words="fool* | spam | hold")
    )

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "fool* | spam | hold" in answer.text
    assert links_allowed(desk) == 2


def test_a_stale_page_is_refused_and_sent_again_is_meant(desk: Desk) -> None:
    seen = re.search(r'name="seen" value="(\w+)"', desk.get("/screens", by=desk.owner).text)
    assert seen is not None
    desk.send("/screens", by=desk.owner, **sheet(do="save", max_links="1"))

    stale = desk.send("/screens", by=desk.owner, **sheet(do="save", max_links="7", seen=seen[1]))
    fresh = re.search(r'name="seen" value="(\w+)"', stale.text)
    assert fresh is not None
    again = desk.send("/screens", by=desk.owner, **sheet(do="save", max_links="7", seen=fresh[1]))

    assert (stale.status_code, again.status_code, links_allowed(desk)) == (409, 303, 7)


def test_a_story_has_its_own_page(desk: Desk) -> None:
    story_id = desk.comment().story_id
    path = f"/stories/{story_id}/screens"

    desk.send(path, by=desk.owner, do="save", max_links="0", words="heron | off-topic")

    page = unescape(desk.get(path, by=desk.owner).text)
    assert re.search(r'name="max_links"[^>]*value="0"', page)
    assert "heron | off-topic | hold" in page
    assert "otherwise than the site" in desk.get("/stories", by=desk.owner).text


def test_a_silent_screen_is_named_with_what_waits_for_it(desk: Desk) -> None:
    silent = Verdict(ScreenName.CLASSIFIER, Finding.UNAVAILABLE, "unavailable")
    desk.comment("One that waits for it.", verdicts=[silent])
    desk.comment("Another that waits for it.", verdicts=[silent])

    page = unescape(desk.get("/screens", by=desk.owner).text)
    assert "has not answered since" in page
    assert "2 comments are held because of it" in page

    answered = desk.comment("One that it answered about.", verdicts=[])
    with desk.asker.db.write(factories.SYSTEM) as tx:
        said = Verdict(ScreenName.CLASSIFIER, Finding.PASS)
        verdict_store.put_verdicts(tx, answered.id, revision=1, verdicts=[said])

    assert "did not answer between" in desk.get("/screens", by=desk.owner).text

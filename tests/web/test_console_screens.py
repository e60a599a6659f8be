"""The console's screens: an editor tries a change on the past, saves it, and sees the history."""

from __future__ import annotations

import re
from array import array
from datetime import timedelta
from html import unescape

import pytest

from belowline.core.terms import Finding, RuleKey, ScreenName, Verdict
from belowline.scoring.desk import PLACES, Layer
from belowline.scoring.desk_fit import Gain
from belowline.scoring.desk_store import SiteLayers, Told, put_layers
from belowline.sites import store as sites
from tests.conftest import SettableClock
from tests.factories import SYSTEM
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

    said = Verdict(ScreenName.CLASSIFIER, Finding.PASS)
    desk.comment("One that it answered about.", verdicts=[said])

    assert "did not answer between" in desk.get("/screens", by=desk.owner).text


def test_what_the_desk_taught_is_shown_with_its_gain(desk: Desk) -> None:
    assert "Learnt from this desk" not in desk.get("/screens", by=desk.owner).text
    now = desk.asker.db.clock()
    better, worse = Gain(0.78, 0.862, 0.05, 0.11, 214, 530), Gain(0.9, 0.7, -0.3, -0.1, 12, 11)
    told = {
        "insult": Told(better, in_use=True, since=now - timedelta(days=9), later=better),
        "threat": Told(better, in_use=False, since=now, later=worse),
        "spam": Told(worse, in_use=False, since=now),
    }
    layers = {
        name: Layer((name,), (1.0,), 1.0, 0.0, array("f", bytes(4 * PLACES))) for name in told
    }
    with desk.asker.db.write(SYSTEM) as tx:
        found = SiteLayers(desk.asker.site.id, "linear-en-1", now, 744, 9000, told, layers)
        put_layers(tx, found)

    page = re.sub(r"<[^>]+>|\s+", " ", unescape(desk.get("/screens", by=desk.owner).text))

    page = " ".join(page.split())
    page = page[page.index("Learnt from this desk") :][:900]
    assert "From 744 decisions of people here" in page
    assert "An insult since 21 February 2026 214, 530 78 86 5 to 11 78, then 86" in page
    assert "no, it did worse on later decisions 214, 530 78 86 5 to 11 90, then 70" in page
    assert "no, not shown to be better" in page


def test_a_score_that_the_desk_made_is_told_as_the_desks(desk: Desk) -> None:
    detail: dict[str, int | float | str] = {"attribute": "insult", "score": 0.913}
    rule = RuleKey("personal-attack")
    for more, words in (
        (dict[str, int | float | str](), "about 91 of 100 people would say so"),
        ({"desk": 1}, "this desk would remove about 91"),
    ):
        verdict = Verdict(
            ScreenName.CLASSIFIER, Finding.HOLD, "high_score", rule, detail=detail | more
        )
        comment = desk.comment("Those townies again.", verdicts=[verdict])

        page = unescape(desk.get(f"/cases/{comment.id}").text)

        assert words in re.sub(r"<[^>]+>", "", page)

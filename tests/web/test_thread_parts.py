"""Parts of a thread, as a page, as HTML and as JSON: the page that holds a comment, the filters."""

from __future__ import annotations

import re

from belowline.actions.comments import withdraw_comment
from belowline.threads.model import PAGE
from tests import factories
from tests.web.asking import Asker

ROOTS = PAGE + 30


def test_a_comment_of_the_second_page_is_met_among_its_neighbours(echo: Asker) -> None:
    story_id = factories.make_story(echo.db, echo.site.id, "bridge")
    author = factories.make_reader(echo.db)
    made = [
        factories.make_comment(
            echo.db, echo.site.id, story_id=story_id, author_id=author, text=f"Number {number}."
        )
        for number in range(ROOTS)
    ]
    old = made[5]
    assert f'id="c{old.id}"' not in echo.ask("GET", "/s/echo/bridge?order=newest").text

    for path in ("/s/echo/bridge", "/api/v1/sites/echo/stories/bridge/thread.html"):
        page = echo.ask("GET", f"{path}?order=newest&at={old.id}").text
        assert re.search(rf'<article class="comment[^"]* focus" id="c{old.id}"', page), path
        assert f'id="c{made[6].id}"' in page
        assert '<a href="/s/echo/bridge?order=newest" data-act="order">From the' in page
    first = echo.ask("GET", f"/s/echo/bridge?order=newest&at={made[-1].id}").text
    assert "From the beginning" not in first
    answer = echo.ask("GET", f"stories/bridge/thread?order=newest&at={old.id}").json()
    assert old.id in [one["id"] for one in answer["comments"]]


def test_what_is_not_there_has_no_page(echo: Asker) -> None:
    author = factories.make_reader(echo.db)
    story_id = factories.make_story(echo.db, echo.site.id, "bridge")
    gone = factories.make_comment(echo.db, echo.site.id, story_id=story_id, author_id=author)
    held = factories.make_comment(
        echo.db, echo.site.id, story_id=story_id, verdicts=[factories.HOLDING]
    )
    there = f"/s/echo/bridge?at={gone.id}"
    assert echo.ask("GET", there).status_code == 200

    withdraw_comment(echo.db, gone.id, site_id=echo.site.id, by=author)

    for comment_id in (gone.id, held.id, 999_999):
        assert echo.ask("GET", f"/s/echo/bridge?at={comment_id}").status_code == 404
    for nonsense in ("0", "-1", "x", "9" * 30):
        assert echo.ask("GET", f"/s/echo/bridge?at={nonsense}").status_code == 400


def test_a_filter_is_offered_when_it_shows_something_and_says_where_one_is(echo: Asker) -> None:
    story_id = factories.make_story(echo.db, echo.site.id, "bridge")
    question = factories.make_comment(echo.db, echo.site.id, story_id=story_id, text="When?")
    assert "filter=" not in echo.ask("GET", "/s/echo/bridge").text
    staff = factories.make_staff(echo.db, echo.site.id)
    factories.make_comment(
        echo.db, echo.site.id, parent=question, author_id=staff, text="In May it opens."
    )
    factories.make_comment(echo.db, echo.site.id, story_id=story_id, text="Something else.")
    echo.house.pages.clear()

    page = echo.ask("GET", "/s/echo/bridge").text
    assert '<a href="/s/echo/bridge?filter=newsroom" data-act="order">' in page
    assert "filter=picks" not in page

    for path in ("/s/echo/bridge", "/api/v1/sites/echo/stories/bridge/thread.html"):
        part = echo.ask("GET", f"{path}?filter=answered").text
        there = 'href="/s/echo/bridge?filter=answered" data-act="order" aria-current="true"'
        assert f"<a {there}>" in part
        assert "In May it opens." in part
        assert "Something else." not in part
    answer = echo.ask("GET", "stories/bridge/thread?filter=answered").json()
    assert [one["id"] for one in answer["comments"]] == [question.id]
    assert echo.ask("GET", "/s/echo/bridge?filter=picks").status_code == 200
    refusal = echo.ask("GET", "stories/bridge/thread?filter=angry")
    assert (refusal.status_code, refusal.json()["error"]["code"]) == (422, "bad_filter")

"""Like cases on the case page: what was decided, where it leads, and what would depart from it."""

from __future__ import annotations

from html import unescape

import pytest

from belowline.comments.model import Comment
from belowline.core.terms import Outcome
from tests import factories
from tests.conftest import SettableClock
from tests.search.worlds import fill, follow
from tests.web.asking import Asker
from tests.web.test_console import Desk, make_desk

TEXT = "Cheap replica watches, order your replica watch at our webshop today!"


@pytest.fixture
def desk(echo: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo, clock)


def removed(desk: Desk, number: int) -> list[Comment]:
    made = [desk.comment(TEXT) for _ in range(number)]
    for one in made:
        desk.remove(one)
    fill(desk.asker.db)
    follow(desk.asker.db)
    return made


def page_of(desk: Desk, **given: object) -> str:
    comment = desk.comment("Order cheap replica watches at this webshop.", **given)
    factories.make_report(desk.asker.db, comment)
    return unescape(desk.get(f"/cases/{comment.id}?view=all").text)


def test_a_case_shows_how_like_ones_were_decided(desk: Desk) -> None:
    made = removed(desk, 1)

    page = page_of(desk)

    assert ">Like cases</a>: 1 removed (Argue with the point, not the person)." in page
    assert f'href="/console/echo/cases/{made[0].id}"><strong>Removed</strong> under' in page
    assert "data-departs" not in page, "one case makes no practice"


def test_departing_from_most_of_them_is_said_beside_that_decision_alone(desk: Desk) -> None:
    removed(desk, 3)

    page = page_of(desk)

    assert "Of 3 like cases, 3 were removed." in page
    assert page.count("data-departs") == 1
    assert page.index("data-departs") < page.index('value="remove"')


def test_it_can_be_sent_all_the_same(desk: Desk) -> None:
    removed(desk, 3)
    comment = desk.comment(TEXT, verdicts=[factories.HOLDING])

    answer = desk.send(
        f"/cases/{comment.id}/decide", outcome=Outcome.PUBLISH, seen_version="1", reason=""
    )

    assert answer.status_code == 303


def test_a_case_without_like_ones_says_nothing_of_them(desk: Desk) -> None:
    assert "Like cases" not in page_of(desk)

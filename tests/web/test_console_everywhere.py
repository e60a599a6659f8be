"""One queue over many sites: in one order, worked through across them, and kept under names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from belowline.core.terms import CommentStatus, Role, SiteId
from belowline.moderation.filters import Filters, Round, read_round
from belowline.moderation.model import QueueView
from belowline.sites import store as sites
from belowline.storage.tables import leases
from belowline.stories import store as stories
from tests import factories
from tests.conftest import SettableClock
from tests.search.worlds import fill
from tests.web.asking import BASE, Asker
from tests.web.test_console import Desk, make_desk


@dataclass
class Papers:
    desk: Desk
    second: SiteId
    foreign: SiteId

    def ask(self, path: str, **form: str | list[str]) -> httpx.Response:
        token = self.desk.tokens[self.desk.moderator]
        if form:
            return self.desk.asker.ask("POST", path, by=token, origin=BASE, data=form)
        return self.desk.asker.ask("GET", path, by=token, origin=None)

    def page(self, path: str) -> str:
        return unescape(self.ask(path).text)


@pytest.fixture
def papers(echo: Asker, clock: SettableClock) -> Papers:
    desk = make_desk(echo, clock)
    second, foreign = (
        factories.make_site(echo.db, "second"),
        factories.make_site(echo.db, "foreign"),
    )
    with echo.db.write(factories.SYSTEM) as tx:
        sites.put_staff(tx, second.id, reader_id=desk.moderator, role=Role.MODERATOR)
    return Papers(desk, second.id, foreign.id)


def test_the_worst_of_all_sites_comes_first_and_none_of_others(papers: Papers) -> None:
    db = papers.desk.asker.db
    mild = papers.desk.comment("A mild one.", verdicts=[factories.HOLDING])
    worse = factories.make_comment(db, papers.second, text="A worse one.")
    factories.make_report(db, worse, rule="threat")
    factories.make_report(db, factories.make_comment(db, papers.foreign, text="Abroad."))

    page = papers.page("/desk")

    assert page.index("A worse one.") < page.index("A mild one.")
    assert "Abroad." not in page
    assert f"/console/second/cases/{worse.id}?view=all.desk" in page
    assert f"/console/echo/cases/{mild.id}?view=all.desk" in page
    assert 'All <span class="count">2</span>' in page
    assert 'Held <span class="count">1</span>' in page


def test_deciding_goes_on_across_sites_and_back_to_the_same_view(papers: Papers) -> None:
    db = papers.desk.asker.db
    here = papers.desk.comment("Here.", verdicts=[factories.HOLDING])
    there = factories.make_comment(db, papers.second, text="There.", verdicts=[factories.HOLDING])
    form = {
        "outcome": "publish",
        "seen_version": "1",
        "view": "held.desk",
        "next": "1",
        "reason": "",
    }

    first = papers.ask(f"/console/echo/cases/{here.id}/decide", **form)
    onward = first.headers["location"]
    case = papers.page(onward)

    assert onward.startswith(f"/console/second/cases/{there.id}?view=held.desk&did=")
    assert "There." in case
    did = parse_qs(urlsplit(onward).query)["did"][0]
    assert f'action="/console/echo/decisions/{did}/undo"' in case, "what was decided there"

    last = papers.ask(f"/console/second/cases/{there.id}/decide", **form)
    assert last.headers["location"].startswith("/desk?view=held.desk&did=")
    assert "That was the last one that waits for you." in papers.page(last.headers["location"])

    undone = papers.ask(f"/console/echo/decisions/{did}/undo", view="held.desk")
    assert undone.headers["location"] == f"/console/echo/cases/{here.id}?view=held.desk&said=undone"
    assert papers.desk.status(here) is CommentStatus.HELD


def test_leaving_a_case_lets_go_of_it_at_its_own_site(papers: Papers) -> None:
    db = papers.desk.asker.db
    here = papers.desk.comment("Here.", verdicts=[factories.HOLDING])
    there = factories.make_comment(db, papers.second, text="There.", verdicts=[factories.HOLDING])
    page = papers.page(f"/console/echo/cases/{here.id}?view=all.desk")

    onward = f"/console/second/cases/{there.id}?view=all.desk&left={here.id}&left_at=echo"
    assert onward in page
    papers.ask(onward)

    assert [row.comment_id for row in factories.rows_of(db, leases)] == [there.id]


def test_views_show_new_readers_and_stories_that_run_hot(papers: Papers) -> None:
    db = papers.desk.asker.db
    old = factories.make_reader(db)
    for _ in range(3):
        papers.desk.comment("Well said.", author_id=old)
    known = papers.desk.comment("By a known one.", author_id=old, verdicts=[factories.HOLDING])
    fresh = papers.desk.comment("By a new one.", verdicts=[factories.HOLDING])
    with db.write(factories.SYSTEM) as tx:
        now = papers.desk.clock()
        stories.set_pace(tx, known.story_id, pace=now - now, until=now.replace(year=2027))

    new, hot = papers.page("/desk?view=new.desk"), papers.page("/console/echo?view=hot")

    assert f"cases/{fresh.id}?" in new
    assert f"cases/{known.id}?" not in new
    assert f"cases/{known.id}?" in hot
    assert f"cases/{fresh.id}?" not in hot


@pytest.mark.parametrize(
    "filters",
    [
        pytest.param(Filters(rule="threat"), id="by rule"),
        pytest.param(Filters(story="Bridge"), id="by story"),
        pytest.param(Filters(hours=5), id="by age"),
        pytest.param(Filters(text="ferry -tram"), id="by words"),
        pytest.param(Filters(sites=("second",)), id="by site"),
    ],
)
def test_the_queue_is_narrowed_and_goes_on_so(papers: Papers, filters: Filters) -> None:
    db = papers.desk.asker.db
    story = factories.make_story(db, papers.second, "bridge-vote")
    wanted = factories.make_comment(db, papers.second, story_id=story, text="A ferry.")
    factories.make_report(db, wanted, rule="threat")
    papers.desk.clock.advance(timedelta(hours=6))
    papers.desk.comment("A tram.", verdicts=[factories.HOLDING])
    fill(db)
    chosen = Round(filters, everywhere=True)

    page = papers.page(f"/desk?view={chosen}")

    assert f"/console/second/cases/{wanted.id}?view={chosen}" in page
    assert "A tram." not in page


def test_a_view_is_kept_shared_and_deleted(papers: Papers) -> None:
    desk = papers.desk
    colleague = desk.sign_in(factories.make_staff(desk.asker.db, desk.asker.site.id))
    form = {"view": "held", "rule": "", "story": "bridge", "hours": "", "text": "", "do": "save"}

    saved = desk.send("/views", name="My bridge", **form)
    desk.send("/views", name="Our bridge", shared="yes", **{**form, "hours": "4"})
    again = desk.send("/views", name="My bridge", **form)
    nameless = desk.send("/views", name=" ", **form)

    chosen = Round(Filters(QueueView.HELD, story="bridge"))
    assert saved.headers["location"] == f"/console/echo?view={chosen}&said=view_saved"
    assert again.status_code == 409
    assert nameless.status_code == 422
    mine, theirs = desk.get("").text, desk.get("", by=colleague).text
    assert f'href="/console/echo?view={chosen}"' in mine
    assert "My bridge" not in theirs
    assert "Our bridge" in theirs
    assert desk.send("/views/1/delete", by=colleague).status_code == 404
    assert desk.send("/views/2/delete", by=colleague).status_code == 303
    assert desk.send("/views/1/delete").status_code == 303
    assert "bridge</bdi>" not in desk.get("").text


def test_a_view_over_all_sites_is_ones_own(papers: Papers) -> None:
    form = {"view": "all.desk", "sites": ["second"], "name": "Second", "do": "save"}
    saved = papers.ask("/desk/views", **form)

    chosen = read_round(parse_qs(urlsplit(saved.headers["location"]).query)["view"][0])
    assert chosen == Round(Filters(sites=("second",)), everywhere=True)
    assert "Second</bdi>" in papers.page("/desk")
    assert "Second</bdi>" not in papers.page("/console/second")
    assert papers.ask("/desk/views", **form, shared="yes").status_code == 422
    assert papers.ask("/console/second/views/1/delete", x="").status_code == 422
    assert papers.ask("/desk/views/1/delete").status_code == 405


@pytest.mark.parametrize(
    "odd",
    ["odd", "all.odd", "all.desk.x.y", "all.e30x", "all.W10", "all.desk.eyJob3VycyI6LTF9", "."],
)
def test_an_odd_address_is_refused(papers: Papers, odd: str) -> None:
    assert papers.ask(f"/desk?view={odd}").status_code == 422
    assert papers.ask(f"/console/echo?view={odd}").status_code == 422

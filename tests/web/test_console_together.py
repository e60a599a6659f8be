"""Many lines of the queue decided together: chosen, shown, confirmed, and taken back."""

from __future__ import annotations

import re
from html import unescape

import httpx
import pytest

from belowline.comments.model import Comment
from belowline.core.terms import CommentStatus, Outcome, Role, RuleKey
from belowline.moderation import saved
from belowline.sites import store as sites
from belowline.storage import tables
from tests import factories
from tests.conftest import SettableClock
from tests.factories import HOLDING, rows_of
from tests.web.asking import BASE, Asker
from tests.web.test_console import Desk, make_desk

REMOVE = {"what": "remove", "rule": "spam", "reason": "It advertises.", "view": "all"}


@pytest.fixture
def desk(echo_on_both: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo_on_both, clock)


def held(desk: Desk, *texts: str) -> list[Comment]:
    return [desk.comment(text, verdicts=[HOLDING]) for text in texts]


def fields_of(page: str, name: str) -> list[str]:
    """Return what a form on a page would send for a field."""
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def confirm(desk: Desk, page: str, **other: str | list[str]) -> httpx.Response:
    """Send the form of the page that shows what would happen, as it stands."""
    form = {name: fields_of(page, name)[0] for name in ("what", "key", "rule", "view")}
    lists = {name: fields_of(page, name) for name in ("chosen", "offered", "book")}
    reason = unescape(fields_of(page, "reason")[0])
    return desk.send("/together/decide", **{**form, **lists, "reason": reason, **other})


def show(desk: Desk, **form: str | list[str]) -> httpx.Response:
    """Choose every line of the queue and ask what would happen."""
    return desk.send("/together", chosen=fields_of(desk.get("").text, "chosen"), **form)


def test_lines_are_chosen_shown_and_decided(desk: Desk) -> None:
    found = held(desk, "Cheap watches.", "Cheap bags.")

    shown = show(desk, **REMOVE)
    page = unescape(shown.text)

    assert shown.status_code == 200
    assert "2 comments would be removed. Nothing has happened yet." in page
    assert "Cheap watches." in page
    assert "It advertises." in page
    assert "the ladder would propose" in page
    assert [desk.status(one) for one in found] == [CommentStatus.HELD] * 2

    answer = confirm(desk, shown.text)
    done = desk.get(answer.headers["location"].removeprefix("/console/echo")).text

    assert answer.status_code == 303
    assert "2 comments are decided." in unescape(done)
    assert "Undo all of it" in done
    assert [desk.status(one) for one in found] == [CommentStatus.REMOVED] * 2
    assert rows_of(desk.asker.db, tables.leases) == []

    undone = desk.send(re.findall(r'action="/console/echo(/together/\d+/undo)"', done)[0])
    after = unescape(desk.get(undone.headers["location"].removeprefix("/console/echo")).text)
    assert "2 decisions are taken back." in after
    assert "Undo all of it" not in after
    assert [desk.status(one) for one in found] == [CommentStatus.HELD] * 2


def test_the_page_in_between_says_what_is_left_and_why(desk: Desk) -> None:
    held(desk, "Cheap watches.")
    grave = desk.comment("I know where you live.")
    factories.make_report(desk.asker.db, grave, rule="threat")

    page = show(desk, **REMOVE).text

    assert "1 is not decided together" in page
    assert "The rule in question is among the gravest." in page
    assert "I know where you live." in page.partition('<details class="covered">')[2]
    assert len(fields_of(page, "chosen")) == 1


def test_what_is_unticked_on_that_page_is_left_and_let_go(desk: Desk) -> None:
    first, second = held(desk, "Cheap watches.", "A real question.")
    page = show(desk, **REMOVE).text
    assert len(rows_of(desk.asker.db, tables.leases)) == 2
    kept = [one for one in fields_of(page, "chosen") if one.split("-")[1] == str(first.id)]

    confirm(desk, page, chosen=kept)

    assert [desk.status(one) for one in (first, second)] == [
        CommentStatus.REMOVED,
        CommentStatus.HELD,
    ]
    assert rows_of(desk.asker.db, tables.leases) == []


def test_none_of_them_is_an_answer(desk: Desk) -> None:
    (comment,) = held(desk, "Cheap watches.")
    page = show(desk, **REMOVE).text

    answer = confirm(desk, page, do="leave")

    assert answer.headers["location"] == "/console/echo?view=all"
    assert desk.status(comment) is CommentStatus.HELD
    assert rows_of(desk.asker.db, tables.leases) == []


def test_what_a_colleague_does_meanwhile_is_told(desk: Desk) -> None:
    first, second = held(desk, "Cheap watches.", "Cheap bags.")
    page = show(desk, **REMOVE).text
    desk.remove(first, by=desk.owner)

    answer = confirm(desk, page)
    done = unescape(desk.get(answer.headers["location"].removeprefix("/console/echo")).text)

    assert "1 comment is decided. 1 is left." in done
    assert "Nothing waits here any more" in done
    assert desk.status(second) is CommentStatus.REMOVED


def test_what_a_colleague_looks_at_is_left(desk: Desk) -> None:
    (comment,) = held(desk, "Cheap watches.")
    desk.get(f"/cases/{comment.id}", by=desk.owner)

    page = show(desk, **REMOVE).text

    assert "A colleague is looking at it." in page
    assert "0 comments would be removed." in page
    assert "Remove them" not in page


def test_sent_twice_it_leads_to_the_same_page_and_decides_once(desk: Desk) -> None:
    held(desk, "Cheap watches.", "Cheap bags.")
    page = show(desk, **REMOVE).text

    first, second = confirm(desk, page), confirm(desk, page)

    assert first.headers["location"] == second.headers["location"]
    assert len(rows_of(desk.asker.db, tables.decisions)) == 2


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        pytest.param({"rule": ""}, "A removal cites a rule.", id="rule"),
        pytest.param({"reason": " "}, "Say why.", id="reason"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_lost(
    desk: Desk, missing: dict[str, str], said: str
) -> None:
    held(desk, "Cheap watches.", "Cheap bags.")

    page = show(desk, **(REMOVE | missing))

    assert page.status_code == 422
    assert said in page.text
    assert "2 comments are chosen." in page.text
    again = desk.send("/together", chosen=fields_of(page.text, "chosen"), **REMOVE)
    assert "2 comments would be removed." in again.text


def test_nothing_chosen_is_said(desk: Desk) -> None:
    page = desk.send("/together", **REMOVE)
    assert page.status_code == 422
    assert "Choose at least one." in page.text


@pytest.mark.parametrize("odd", ["1", "1-2-3", "1-2-3-4-5", "a-b-c-d", "1-2-3--4", "-1-2-3-4"])
def test_what_no_checkbox_carries_is_refused(desk: Desk, odd: str) -> None:
    assert desk.send("/together", chosen=odd, **REMOVE).status_code == 422


def test_saved_reasons_are_offered_and_their_gaps_filled_for_each(desk: Desk) -> None:
    author = factories.make_reader(desk.asker.db, "Ann <b>")
    desk.comment("Cheap watches.", author_id=author, verdicts=[HOLDING])
    text = "{name}: this advertises."
    with desk.asker.db.write(factories.SYSTEM) as tx:
        saved.save(tx, desk.asker.site.id, rule=RuleKey("spam"), text=text, by=desk.owner)
    assert f'<option value="{text}">' in desk.get("").text

    page = show(desk, **(REMOVE | {"reason": ""}), saved=text)
    confirm(desk, page.text)

    assert "Ann &lt;b&gt;: this advertises." in page.text
    (made,) = rows_of(desk.asker.db, tables.decisions)
    assert made.reason == "Ann <b>: this advertises."


def test_a_reason_is_text_on_every_page(desk: Desk) -> None:
    held(desk, "Cheap watches.")
    reason = "<script>alert(1)</script> 100% %(num)s"
    page = show(desk, **(REMOVE | {"reason": reason}))
    assert "<script>alert" not in page.text
    confirm(desk, page.text)
    (made,) = rows_of(desk.asker.db, tables.decisions)
    assert made.reason == reason


def test_to_keep_them_says_what_becomes_of_each(desk: Desk) -> None:
    held(desk, "A question.")
    factories.make_report(desk.asker.db, desk.comment("An answer."))

    page = show(desk, what="keep", view="all").text
    confirm(desk, page)

    assert "It would be published." in page
    assert "It would be kept, and its reports dismissed." in page
    assert {row.outcome for row in rows_of(desk.asker.db, tables.decisions)} == {
        Outcome.PUBLISH,
        Outcome.KEEP,
    }


def test_to_keep_none_of_them_asks_again_whether_to_keep(desk: Desk) -> None:
    held(desk, "A real question.")
    page = show(desk, what="keep").text

    again = confirm(desk, page, chosen=[]).text

    assert 'name="what" value="keep"' in again
    assert 'value="remove"' not in again


def test_over_all_sites_each_cites_its_own_rules(desk: Desk) -> None:
    db = desk.asker.db
    second = factories.make_site(db, "second")
    foreign = factories.make_site(db, "foreign")
    with db.write(factories.SYSTEM) as tx:
        sites.put_staff(tx, second.id, reader_id=desk.moderator, role=Role.MODERATOR)
    here = desk.comment("Cheap watches.", verdicts=[HOLDING])
    there = factories.make_comment(db, second.id, text="Cheap bags.", verdicts=[HOLDING])
    abroad = factories.make_comment(db, foreign.id, verdicts=[HOLDING])
    token = desk.tokens[desk.moderator]

    def send(path: str, **form: str | list[str]) -> httpx.Response:
        return desk.asker.ask("POST", path, by=token, origin=BASE, data=form)

    queue = desk.asker.ask("GET", "/desk", by=token, origin=None).text
    chosen = [*fields_of(queue, "chosen"), f"{foreign.id}-{abroad.id}-1-0"]
    page = send("/desk/together", **(REMOVE | {"view": "all.desk"}), chosen=chosen).text
    assert "Second: It would cite" in page
    assert "1 is not there any more, or at a site where you do not moderate." in page
    answer = send(
        "/desk/together/decide",
        **(REMOVE | {"view": "all.desk", "key": "one"}),
        chosen=chosen,
        book=fields_of(page, "book"),
    )
    place = answer.headers["location"]
    done = desk.asker.ask("GET", place, by=token, origin=None)

    assert place.startswith("/desk/together/")
    assert "2 comments are decided." in done.text
    assert [desk.status(one) for one in (here, there, abroad)] == [
        CommentStatus.REMOVED,
        CommentStatus.REMOVED,
        CommentStatus.HELD,
    ]
    assert desk.get(place.removeprefix("/desk")).status_code == 404, "it is not one of the site"
    send(f"{place.partition('?')[0]}/undo", view="all.desk")
    assert [desk.status(one) for one in (here, there)] == [CommentStatus.HELD] * 2


def test_a_batch_is_its_moderators_own(desk: Desk) -> None:
    (comment,) = held(desk, "Cheap watches.")
    answer = confirm(desk, show(desk, **REMOVE).text)
    place = answer.headers["location"].removeprefix("/console/echo").partition("?")[0]

    assert desk.get(place, by=desk.owner).status_code == 404
    assert desk.send(f"{place}/undo", by=desk.owner).status_code == 404
    assert desk.status(comment) is CommentStatus.REMOVED


def test_what_was_decided_again_since_is_named(desk: Desk) -> None:
    first, second = (desk.comment(text) for text in ("One.", "Two."))
    for one in (first, second):
        factories.make_report(desk.asker.db, one)
    answer = confirm(desk, show(desk, what="keep", view="all").text)
    place = answer.headers["location"].removeprefix("/console/echo").partition("?")[0]
    factories.make_report(desk.asker.db, first, rule="threat")
    desk.remove(first, by=desk.owner)

    desk.send(f"{place}/undo")
    page = unescape(desk.get(place).text)

    assert "1 decision is taken back. 1 stands." in page
    assert "Something has happened to this comment since." in page


def test_a_page_of_the_queue_can_have_as_many_lines_as_are_decided_at_once(desk: Desk) -> None:
    held(desk, *(f"Number {number}." for number in range(23)))

    assert len(fields_of(desk.get("").text, "chosen")) == 20
    assert "rows=50" in desk.get("").text
    assert len(fields_of(desk.get("?rows=50").text, "chosen")) == 23
    assert len(fields_of(desk.get("?rows=5000").text, "chosen")) == 20


def test_ones_own_comment_cannot_be_chosen(desk: Desk) -> None:
    desk.comment("Mine.", author_id=desk.moderator, verdicts=[HOLDING])
    assert fields_of(desk.get("").text, "chosen") == []

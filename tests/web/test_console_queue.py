"""Working through the queue: what the card and the case say, and that the way goes on."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from belowline.actions.appeals import Ruling, decide_appeal, file_appeal
from belowline.core.terms import (
    Finding,
    Passage,
    RuleKey,
    ScreenName,
    Verdict,
)
from belowline.readers.search import names_of
from belowline.web.console.onward import LOOK_AHEAD
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import Asker
from tests.web.test_console import REMOVAL, Desk, make_desk

NEXT = {"seen_version": "1", "view": "all", "next": "1"}


@pytest.fixture
def desk(echo: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo, clock)


def follow(desk: Desk, answer: object) -> str:
    location = answer.headers["location"]  # type: ignore[attr-defined]
    return unescape(desk.get(location.removeprefix("/console/echo")).text)


# What a card and a case say


def test_a_card_names_the_rule_that_a_reader_reported(desk: Desk) -> None:
    factories.make_report(desk.asker.db, desk.comment())

    card = unescape(desk.get("").text)

    assert re.search(r'class="asked-rule"><span>Argue with the point, not the person</span>', card)


def test_the_rule_in_question_is_marked_where_a_removal_chooses_one(desk: Desk) -> None:
    comment = desk.comment()
    factories.make_report(desk.asker.db, comment)

    page = desk.get(f"/cases/{comment.id}").text

    marked = re.findall(r'rule-choice in-question".*?value="([\w-]+)"', page, re.DOTALL)
    assert marked == ["personal-attack"]
    assert '<span class="asked">reported</span>' in page


def test_a_case_quotes_what_a_check_found_and_names_the_checks_that_found_nothing(
    desk: Desk,
) -> None:
    verdicts = [
        Verdict(
            ScreenName.WORDS, Finding.HOLD, "listed_word", RuleKey("obscenity"), (Passage(4, 10),)
        ),
        Verdict(ScreenName.LENGTH, Finding.PASS),
    ]
    comment = desk.comment("You <blah> you.", verdicts=verdicts)

    page = desk.get(f"/cases/{comment.id}").text

    assert '<q class="as-written" dir="auto">&lt;blah&gt;</q>' in page
    assert "1 check let it pass: Length." in page


def test_a_case_tells_what_went_against_the_author_before(desk: Desk) -> None:
    earlier = desk.comment("You are all liars.")
    desk.remove(earlier)
    later = desk.comment(author_id=earlier.author_id)

    page = desk.get(f"/cases/{later.id}").text

    lately = page.partition('class="lately"')[2].partition("</ul>")[0]
    assert f'href="/console/echo/cases/{earlier.id}">Removed</a>' in lately
    assert "Argue with the point, not the person" in lately


def test_the_desk_says_who_is_signed_in_and_lets_them_leave(desk: Desk) -> None:
    page = desk.get("").text

    with desk.asker.db.read() as conn:
        name = names_of(conn, [desk.moderator])[desk.moderator]
    assert f"Signed in as <strong><bdi>{name}</bdi></strong>, Moderator" in page
    assert 'action="/sign-out"' in page


# Colleagues


def test_a_reason_is_kept_although_a_colleague_has_removed_the_comment(desk: Desk) -> None:
    comment = desk.comment()
    desk.remove(comment, by=desk.owner)

    answer = desk.send(
        f"/cases/{comment.id}/decide", **REMOVAL | {"reason": "My <own> words."}, seen_version="1"
    )

    assert answer.status_code == 409
    assert 'dir="auto">My &lt;own&gt; words.</blockquote>' in answer.text
    assert "The latest decision: <strong>Removed</strong>" in answer.text


def test_appeals_for_a_colleague_stand_apart(desk: Desk) -> None:
    for by in (desk.moderator, desk.owner):
        removal = desk.remove(desk.comment(), by=by)
        file_appeal(
            desk.asker.db,
            removal.id,
            site_id=removal.site_id,
            by=removal.reader_id,
            text=f"Against {'mine' if by == desk.moderator else 'theirs'}.",
        )

    yours, _, colleagues = desk.get("/appeals").text.partition("For a colleague")

    assert ("Against theirs." in yours, "Against mine." in yours) == (True, False)
    assert ("Against theirs." in colleagues, "Against mine." in colleagues) == (False, True)


# The way through


def test_the_next_case_is_found_behind_many_that_are_not_for_me(desk: Desk) -> None:
    """A moderator is not told that nothing waits while others' comments do."""
    for _ in range(LOOK_AHEAD + 1):
        factories.make_report(desk.asker.db, desk.comment(author_id=desk.moderator))
    desk.clock.advance(timedelta(hours=1))
    first, last = desk.comment(), desk.comment()
    for comment in (first, last):
        factories.make_report(desk.asker.db, comment)

    answer = desk.send(f"/cases/{first.id}/decide", outcome="keep", **NEXT)

    assert answer.headers["location"].startswith(f"/console/echo/cases/{last.id}?view=all&did=")


def test_nobody_is_led_to_a_case_that_a_colleague_looks_at(desk: Desk) -> None:
    first, second, third = (desk.comment() for _ in range(3))
    for comment in (first, second, third):
        factories.make_report(desk.asker.db, comment)
    desk.get(f"/cases/{second.id}?view=all", by=desk.owner)

    answer = desk.send(f"/cases/{first.id}/decide", outcome="keep", **NEXT)

    assert answer.headers["location"].startswith(f"/console/echo/cases/{third.id}?view=all&did=")
    name = names_of_staff(desk)
    looking = f"{name} is looking at this case."
    assert plain(desk.get("").text).count(looking) == 1
    # It is no lock, and whoever opens it is told.
    assert looking in plain(desk.get(f"/cases/{second.id}").text)
    assert desk.send(f"/cases/{second.id}/decide", outcome="keep", **NEXT).status_code == 303


def test_a_case_that_is_handed_on_waits_for_the_colleagues(desk: Desk) -> None:
    first, second = desk.comment(), desk.comment()
    for comment in (first, second):
        factories.make_report(desk.asker.db, comment)

    answer = desk.send(f"/cases/{first.id}/hand-on", note="A joke?", view="all", next="1")

    assert answer.headers["location"] == f"/console/echo/cases/{second.id}?view=all&said=handed_on"
    queue = plain(desk.get("?view=handed-on").text)
    assert "asks: <q>A joke?</q>" in queue
    assert f"/cases/{second.id}?" not in queue
    # The one who asked has nothing left; a colleague is led there.
    last = desk.send(f"/cases/{second.id}/decide", outcome="keep", **NEXT)
    assert "said=queue_empty" in last.headers["location"]
    page = desk.get(f"/cases/{first.id}?view=all", by=desk.owner).text
    assert "A joke?" in page
    assert "handed the case on" in page


def test_a_text_that_may_hurt_is_covered_until_somebody_asks_for_it(desk: Desk) -> None:
    mild, cruel = desk.comment(), desk.comment()
    factories.make_report(desk.asker.db, mild, rule="spam")
    factories.make_report(desk.asker.db, cruel, rule="threat")

    queue = desk.get("").text
    assert queue.count('<details class="covered">') == 1
    assert '<details class="covered">' in desk.get(f"/cases/{cruel.id}").text
    assert '<details class="covered">' not in desk.get(f"/cases/{mild.id}").text


def test_after_an_hour_of_deciding_a_pause_is_suggested(desk: Desk, clock: SettableClock) -> None:
    pause = "You have worked for an hour without a pause."
    for _ in range(15):
        comment = desk.comment()
        factories.make_report(desk.asker.db, comment)
        assert pause not in desk.get("").text
        desk.send(f"/cases/{comment.id}/decide", outcome="keep", **NEXT)
        clock.advance(timedelta(minutes=4))
    assert pause in desk.get("").text
    assert pause in desk.get(f"/cases/{comment.id}").text
    assert pause not in desk.get("", by=desk.owner).text, "nobody else is told"
    clock.advance(timedelta(minutes=1))
    assert pause not in desk.get("").text


def test_saved_reasons_are_offered_filled_in(desk: Desk) -> None:
    comment = desk.comment()
    for text in ("{name}, argue with the point.", "Under “{story}” we argue about the point."):
        answer = desk.send("/reasons", rule="personal-attack", text=text)
        assert answer.headers["location"] == "/console/echo/reasons?said=reason_saved"

    page = unescape(desk.get(f"/cases/{comment.id}").text)

    with desk.asker.db.read() as conn:
        name = names_of(conn, [comment.author_id])[comment.author_id]
    assert f'data-suggestion="{name}, argue with the point."' in page
    assert re.search(r'<option value="Under “[^{”]+” we argue about the point\."', page)
    shelf = desk.get("/reasons").text
    assert "{name}, argue with the point." in shelf
    (first, _) = re.findall(r"/reasons/(\d+)/drop", shelf)
    desk.send(f"/reasons/{first}/drop")
    assert "{name}, argue" not in desk.get("/reasons").text


def test_a_reason_that_cannot_be_saved_stands_beside_its_field(desk: Desk) -> None:
    answer = desk.send("/reasons", rule="spam", text="Hello {nme}")
    assert answer.status_code == 422
    assert "There is nothing called {nme} to fill in." in answer.text
    assert "Hello {nme}</textarea>" in answer.text


def test_a_note_that_is_refused_is_kept(desk: Desk) -> None:
    comment = desk.comment()
    factories.make_report(desk.asker.db, comment)
    answer = desk.send(f"/cases/{comment.id}/hand-on", note="x" * 1001)
    assert answer.status_code == 422
    assert "x" * 1001 in answer.text
    assert '<details class="hand-on" open>' in answer.text


def test_a_case_that_is_left_is_free_again(desk: Desk) -> None:
    first, second = desk.comment(), desk.comment()
    for comment in (first, second):
        factories.make_report(desk.asker.db, comment)
    on_first = desk.get(f"/cases/{first.id}?view=all").text
    onward = re.search(r'href="/console/echo([^"]+)" data-key="n"', on_first)
    assert onward is not None

    desk.get(unescape(onward[1]))

    shown = plain(desk.get("", by=desk.owner).text)
    assert shown.count("is looking at this case.") == 1
    assert "is looking" not in plain(desk.get(f"/cases/{first.id}", by=desk.owner).text)


def names_of_staff(desk: Desk) -> str:
    with desk.asker.db.read() as conn:
        return names_of(conn, [desk.owner])[desk.owner]


def plain(page: str) -> str:
    return unescape(re.sub(r"</?bdi[^>]*>", "", page))


def test_a_case_can_be_left_for_the_next(desk: Desk) -> None:
    first, second = desk.comment(), desk.comment()
    for comment in (first, second):
        factories.make_report(desk.asker.db, comment)

    on_first = desk.get(f"/cases/{first.id}?view=all").text
    on_second = desk.get(f"/cases/{second.id}?view=all").text

    onward = f"/console/echo/cases/{second.id}?view=all&amp;left={first.id}"
    assert f'href="{onward}" data-key="n"' in on_first
    assert 'data-key="n"' not in on_second


def test_a_sanction_from_the_strip_says_whose_it_is_and_leaves_the_next_case_open(
    desk: Desk,
) -> None:
    first, second = desk.comment(), desk.comment()
    for comment in (first, second):
        factories.make_report(desk.asker.db, comment)

    page = follow(desk, desk.send(f"/cases/{first.id}/decide", **REMOVAL, **NEXT))
    strip = page.partition('class="strip"')[2].partition("</section>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', strip.partition('"offer"')[2]))
    imposed = desk.send(f"/readers/{first.author_id}/sanctions", **fields)

    assert strip.count("<bdi>") == 2
    assert imposed.headers["location"].startswith(f"/console/echo/cases/{second.id}?view=all&did=")
    assert "The sanction is in force." in follow(desk, imposed)


def test_another_sanction_leads_back_to_the_queue_as_well(desk: Desk) -> None:
    first, second = desk.comment(), desk.comment()
    removal = desk.remove(first)

    form = desk.get(
        f"/readers/{first.author_id}?based_on={removal.id}&view=held&case={second.id}"
    ).text
    imposed = desk.send(
        f"/readers/{first.author_id}/sanctions",
        kind="warning",
        days="",
        hours="",
        rule="personal-attack",
        reason="Again.",
        based_on=str(removal.id),
        view="held",
        case=str(second.id),
    )

    assert 'name="view" value="held"' in form
    assert f'name="case" value="{second.id}"' in form
    assert imposed.headers["location"].startswith(f"/console/echo/cases/{second.id}?view=held&did=")


def test_undo_keeps_the_way_through_the_queue(desk: Desk) -> None:
    comment = desk.comment()
    decision = desk.remove(comment)

    answer = desk.send(f"/decisions/{decision.id}/undo", view="reported")

    assert (
        answer.headers["location"] == f"/console/echo/cases/{comment.id}?view=reported&said=undone"
    )


# The log


def test_an_upheld_appeal_is_not_struck_out_in_the_log(desk: Desk) -> None:
    removal = desk.remove(desk.comment())
    appeal = file_appeal(
        desk.asker.db, removal.id, site_id=removal.site_id, by=removal.reader_id, text="Unfair."
    )
    decide_appeal(
        desk.asker.db,
        appeal.id,
        site_id=removal.site_id,
        by=desk.owner,
        ruling=Ruling(upheld=True, reason="You are right."),
    )

    lines = re.findall(r"<tr( class=\"fallen\")?>(.*?)</tr>", desk.get("/log").text, re.DOTALL)

    told = {"Appeal upheld" in text: bool(fallen) for fallen, text in lines[1:3]}
    assert told == {True: False, False: True}

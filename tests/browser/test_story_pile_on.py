"""A pile-on under a school story: one mother, a crowd, and a desk of two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from belowline.comments.model import Comment
from belowline.comments.store import get_comment
from belowline.core.terms import CommentId, CommentStatus, NoticeKind, Role, StoryId
from belowline.reports.model import Report
from belowline.storage import tables
from tests import factories
from tests.browser.conftest import Live
from tests.browser.people import Moderator, Person, arrive, employ, let_notices_go
from tests.browser.serving import wait_for

pytestmark = pytest.mark.browser

HER_WORDS = "My son needs that bus. Without it he would wait an hour alone in the dark."
LAZY = "Then do not have children if you cannot drive them, you lazy woman."
WHINING = "Always the same whining from her. Does she never stop?"
WORK = "She works at the chemist’s on Mill Street, go and tell her to her face."
MOTHER = "Mother of the year. Not."
GOOD = "The timetable shows a gap of 55 minutes. One later bus would cost 40 a day."
NOTE = "Is this still an opinion, or only meant to hurt?"
PRIVATE = "Keep private details private"
PERSON = "Argue with the point, not the person"


@dataclass
class Cast:
    """Who has a part in it."""

    nia: Person
    """The mother."""
    ben: Person
    """Who comes to a thread that has been slowed down."""
    mo: Moderator
    eda: Moderator
    """The editor."""


@pytest.fixture
def cast(live: Live, browser: Browser) -> Iterator[Cast]:
    """Give everybody a browser."""
    made = Cast(
        arrive(live, browser, "Nia Rees"),
        arrive(live, browser, "Ben Hale"),
        employ(live, browser, "Mo Adeyemi"),
        employ(live, browser, "Eda Lind", role=Role.EDITOR),
    )
    with ExitStack() as at_the_end:
        for one in (made.nia, made.ben, made.mo, made.eda):
            at_the_end.callback(one.close)
        yield made


def test_a_pile_on_is_slowed_down_and_cleared(live: Live, cast: Cast) -> None:
    story = factories.make_story(live.db, live.site.id, "school")
    hers = nia_speaks(live, cast.nia)
    attacks = the_crowd_comes(live, story, hers)
    good = factories.make_comment(live.db, live.site.id, story_id=story, text=GOOD)
    reports = readers_report(live, attacks)

    mo_removes_two(cast.mo, attacks)
    the_conversation_is_slowed_down(live, story, cast.ben)

    mo_asks_about_the_last(cast.mo, attacks[MOTHER])
    eda_answers_and_decides(cast.eda)
    eda_removes_the_other(cast.eda, attacks[WHINING])
    eda_holds_first(cast.eda)
    eda_features_what_helps(cast.eda, good)

    nia_reads_in_peace(cast.nia, attacks)
    everybody_is_answered(live, attacks, reports)


def nia_speaks(live: Live, nia: Person) -> Comment:
    nia.read("school")
    nia.sign_in_in_embed()
    number = nia.write(HER_WORDS).get_attribute("data-comment")
    with live.db.read() as conn:
        return get_comment(conn, live.site.id, CommentId(int(number or 0)))


def the_crowd_comes(live: Live, story: StoryId, hers: Comment) -> dict[str, Comment]:
    """Have four people answer her within minutes."""
    return {
        text: factories.make_comment(live.db, live.site.id, story_id=story, parent=hers, text=text)
        for text in (LAZY, WHINING, WORK, MOTHER)
    }


def readers_report(live: Live, attacks: dict[str, Comment]) -> list[Report]:
    rules = {WORK: "private-info"}
    return [
        factories.make_report(live.db, comment, rule=rules.get(text, "personal-attack"))
        for text, comment in attacks.items()
        for _ in range(2)
    ]


def mo_removes_two(mo: Moderator, attacks: dict[str, Comment]) -> None:
    """Begin with the worst, as the desk does: where somebody works is told."""
    mo.goto(mo.desk)
    mo.sign_in_on_page()
    first = mo.page.locator("[data-item]").first
    expect(first).to_contain_text(WORK)
    first.get_by_role("link").first.click()
    expect(mo.page.get_by_role("radio", name=PRIVATE)).to_be_visible()
    mo.remove(PRIVATE, "You told strangers where she works, and sent them there.")
    expect(mo.page).to_have_url(re.compile(r"/cases/\d+\?view=all&did=\d+"))
    mo.open_case(str(attacks[LAZY].id))
    mo.remove(PERSON, "You call her lazy. What she said about the bus stays unanswered.")
    expect(mo.page.get_by_text("The ladder now:")).to_be_visible()


def the_conversation_is_slowed_down(live: Live, story: StoryId, ben: Person) -> None:
    def is_slowed() -> bool:
        rows = factories.rows_of(live.db, tables.stories)
        return any(row.id == story and row.paced_until is not None for row in rows)

    wait_for(is_slowed)
    ben.read("school")
    ben.sign_in_in_embed()
    expect(ben.page.get_by_text(re.compile("slowed down")).first).to_be_visible()
    ben.write("My two take that bus as well.")
    ben.page.get_by_role("button", name="Write a comment").click()
    box = ben.page.get_by_role("textbox", name="Your comment")
    box.fill("And one thing more, while I am at it.")
    ben.page.get_by_role("button", name="Send", exact=True).click()
    expect(ben.page.get_by_text(re.compile("what you have written is kept"))).to_be_visible()
    expect(box).to_have_value("And one thing more, while I am at it.")


def mo_asks_about_the_last(mo: Moderator, comment: Comment) -> None:
    mo.open_case(str(comment.id))
    mo.page.get_by_text("Ask for a second opinion").click()
    mo.page.get_by_label("Note to your colleagues").fill(NOTE)
    mo.page.get_by_role("button", name=re.compile("^Hand it on")).click()
    expect(mo.page.get_by_text("The case is handed on.")).to_be_visible()


def eda_answers_and_decides(eda: Moderator) -> None:
    eda.goto(f"{eda.desk}?view=handed-on")
    eda.sign_in_on_page()
    expect(eda.page.get_by_text(NOTE)).to_be_visible()
    eda.page.locator("[data-item]").first.get_by_role("link").first.click()
    eda.remove(PERSON, "This says nothing about the bus; it is only meant to hurt.")
    expect(eda.page.get_by_role("link", name="Queue").first).to_be_visible()


def eda_removes_the_other(eda: Moderator, comment: Comment) -> None:
    eda.open_case(str(comment.id))
    eda.remove(PERSON, "Argue about the bus. How often she speaks is her own affair.")
    expect(eda.page.get_by_text("The ladder now:")).to_be_visible()


def eda_holds_first(eda: Moderator) -> None:
    eda.goto(f"{eda.desk}/stories")
    eda.page.get_by_text("Change how it takes comments").click()
    eda.page.get_by_role("radio", name=re.compile("Every comment held first")).check()
    eda.page.get_by_role("button", name="Change", exact=True).click()
    expect(eda.page.get_by_text("The story takes comments in the new way")).to_be_visible()


def eda_features_what_helps(eda: Moderator, good: Comment) -> None:
    eda.open_case(str(good.id))
    eda.page.get_by_label("Why, for readers").fill("Somebody who looked it up.")
    eda.page.get_by_role("button", name="Feature it").click()
    expect(eda.page.get_by_text("The comment is featured.")).to_be_visible()


def nia_reads_in_peace(nia: Person, attacks: dict[str, Comment]) -> None:
    nia.read("school")
    expect(nia.sees(HER_WORDS)).to_be_visible()
    expect(nia.sees(GOOD)).to_contain_text("Somebody who looked it up.")
    for text in attacks:
        expect(nia.page.get_by_text(text)).to_have_count(0)


def everybody_is_answered(live: Live, attacks: dict[str, Comment], reports: list[Report]) -> None:
    """Each reporter hears what came of it, and each author why, once nothing can be undone."""
    let_notices_go(live)
    authors = {comment.author_id for comment in attacks.values()}
    reporters = {one.reporter_id for one in reports}

    def told(kind: NoticeKind) -> set[int]:
        rows = factories.rows_of(live.db, tables.notices)
        return {row.reader_id for row in rows if row.kind == kind}

    wait_for(lambda: reporters <= told(NoticeKind.REPORT_ANSWERED))
    wait_for(lambda: authors <= told(NoticeKind.COMMENT_DECIDED))
    for comment in attacks.values():
        assert factories.reread(live.db, comment).status is CommentStatus.REMOVED

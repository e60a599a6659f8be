"""A reader's public page: what they have published at this site, the same for everybody."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa

from belowline.actions.comments import withdraw_comment
from belowline.actions.readers import erase_account
from belowline.actions.sanctions import SanctionDraft, impose
from belowline.actions.sites import ModeChange, set_story_mode
from belowline.comments.model import Comment
from belowline.core.terms import ReaderId, Role, RuleKey, SanctionKind, StoryMode
from belowline.storage import tables
from belowline.threads.by import PAGE
from tests import factories
from tests.conftest import SettableClock
from tests.house.walk_world import remove
from tests.web.asking import BASE, Asker


def write(echo: Asker, author: ReaderId, text: str = "Said.", story: str = "bridge") -> Comment:
    with echo.db.read() as conn:
        known = conn.execute(
            sa.select(tables.stories.c.id).where(tables.stories.c.key == story)
        ).scalar()
    story_id = known or factories.make_story(echo.db, echo.site.id, story)
    return factories.make_comment(
        echo.db, echo.site.id, story_id=story_id, author_id=author, text=text
    )


def page_of(echo: Asker, comment: Comment, query: str = "", story: str = "bridge") -> str:
    answer = echo.ask("GET", f"/s/echo/{story}/c/{comment.id}/by{query}")
    return answer.text if answer.status_code == 200 else str(answer.status_code)


def test_it_lists_what_is_published_newest_first_and_is_found_from_a_comment(echo: Asker) -> None:
    ann, token = echo.reader("Ann <b>Lee</b>")
    first = write(echo, ann, "The first thing.")
    second = write(echo, ann, "The second thing.", story="tram")
    write(echo, factories.make_reader(echo.db), "Somebody else.")

    assert f"/c/{first.id}/by" in echo.ask("GET", f"/s/echo/bridge/c/{first.id}").text
    page = page_of(echo, first)

    assert "Ann &lt;b&gt;Lee&lt;/b&gt;" in page
    assert page.index("The second thing.") < page.index("The first thing.")
    assert "Somebody else." not in page
    assert "2 published comments since" in page
    assert re.search(r"since [A-Z][a-z]+ \d{4}<", page)
    assert '<meta name="robots" content="noindex">' in page
    assert "The second thing." in page_of(echo, second, story="tram")
    answer = echo.ask("GET", f"/s/echo/bridge/c/{first.id}/by", by=token)
    assert answer.text == page
    assert answer.headers["cache-control"].startswith("public")


def test_held_removed_withdrawn_and_suspended_are_never_there(echo: Asker) -> None:
    ann, _ = echo.reader()
    seen = write(echo, ann, "Seen.")
    story_id = seen.story_id
    factories.make_comment(
        echo.db,
        echo.site.id,
        story_id=story_id,
        author_id=ann,
        text="Held words.",
        verdicts=[factories.HOLDING],
    )
    gone = write(echo, ann, "Withdrawn words.")
    withdraw_comment(echo.db, gone.id, site_id=echo.site.id, by=ann)
    hidden = write(echo, ann, "Suspended words.", story="court")
    editor = factories.make_staff(echo.db, echo.site.id, Role.EDITOR)
    set_story_mode(
        echo.db,
        hidden.story_id,
        site_id=echo.site.id,
        by=editor,
        change=ModeChange(StoryMode.SUSPENDED, "For legal reasons."),
    )

    page = page_of(echo, seen)

    assert "1 published comment since" in page
    for words in ("Held words", "Withdrawn words", "Suspended words", "court"):
        assert words not in page
    assert page_of(echo, gone) == "404"
    assert page_of(echo, hidden, story="court") == "404"


def test_who_has_left_has_no_page_and_neither_has_who_does_not_want_one(echo: Asker) -> None:
    ann, token = echo.reader()
    bea, _ = echo.reader("Bea Day")
    mine, theirs = write(echo, ann), write(echo, bea)
    write(echo, ann)
    factories.make_comment(
        echo.db, echo.site.id, story_id=theirs.story_id, author_id=ann, parent=theirs
    )

    echo.ask("POST", "/me/echo/public", by=token, origin=BASE, data={})
    assert page_of(echo, mine) == "404"
    assert "/by" not in echo.ask("GET", f"/s/echo/bridge/c/{mine.id}").text
    echo.ask("POST", "/me/echo/public", by=token, origin=BASE, data={"wanted": "yes"})
    assert "Ann Lee" in page_of(echo, mine)

    erase_account(echo.db, bea)
    assert page_of(echo, theirs) == "404"


def test_a_suspension_neither_shows_nor_hides_anything(echo: Asker) -> None:
    ann, _ = echo.reader()
    moderator = factories.make_staff(echo.db, echo.site.id)
    comment = write(echo, ann)
    removal = remove(echo.db, write(echo, ann, "Removed words."), by=moderator)
    before = page_of(echo, comment)
    assert "Removed" not in before
    draft = SanctionDraft(
        SanctionKind.SUSPENSION, timedelta(days=1), "Once more.", RuleKey("spam"), removal
    )
    impose(echo.db, site_id=echo.site.id, reader_id=ann, by=moderator, sanction=draft)
    assert page_of(echo, comment) == before


def test_one_sites_page_shows_nothing_of_another_site(echo: Asker) -> None:
    ann, _ = echo.reader()
    here = write(echo, ann, "Said here.")
    other = factories.make_site(echo.db, "packet")
    story_id = factories.make_story(echo.db, other.id, "bridge")
    there = factories.make_comment(
        echo.db, other.id, story_id=story_id, author_id=ann, text="Said there."
    )

    page = page_of(echo, here)

    assert "Said there." not in page
    assert "1 published comment since" in page
    assert page_of(echo, there) == "404"
    assert "Said here." not in echo.ask("GET", f"/s/packet/bridge/c/{there.id}/by").text


def test_it_goes_on_by_cursor_and_misses_nothing(echo: Asker, clock: SettableClock) -> None:
    ann, _ = echo.reader()
    other = write(echo, factories.make_reader(echo.db))
    made = []
    for _ in range(PAGE + 3):
        clock.advance(timedelta(minutes=1))
        made.append(write(echo, ann).id)
    newest = write(echo, ann)
    first = page_of(echo, newest)
    older = re.search(r"\?before=(\d+)", first)
    assert older is not None
    second = page_of(echo, newest, f"?before={older[1]}")

    ids = [int(one) for one in re.findall(r"/s/echo/bridge/c/(\d+)\"><time", first + second)]
    assert ids[1:] == made[::-1]
    for foreign in (made[-1], 10**9):
        assert "That was all." in page_of(echo, other, f"?before={foreign}")
    assert page_of(echo, other, "?before=0") == "400"


def test_no_number_of_the_reader_is_on_it(echo: Asker) -> None:
    for _ in range(40):
        factories.make_reader(echo.db)
    ann = factories.make_reader(echo.db, "Ann Lee")
    comment = write(echo, ann)
    assert ann > 40
    assert not re.search(rf"\b{ann}\b", page_of(echo, comment))

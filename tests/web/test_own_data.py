"""The page and the file of a reader's own data, and an editor's file of one story."""

from __future__ import annotations

import csv
import json
from html import unescape

from belowline.core.terms import Role
from belowline.web.pages.data_words import PARTS
from tests import factories
from tests.conftest import SettableClock
from tests.factories import HOLDING
from tests.web.asking import Asker
from tests.web.test_console import make_desk


def test_the_page_shows_what_only_its_reader_may_see(echo: Asker) -> None:
    ann, token = echo.reader("Ann Lee")
    joe, _ = echo.reader("Joe Doe")
    mine = factories.make_comment(
        echo.db, echo.site.id, author_id=ann, text="Ann’s <held> words.", verdicts=[HOLDING]
    )
    told = factories.make_comment(echo.db, echo.site.id, author_id=ann, text="Ann’s other words.")
    factories.make_report(echo.db, told, by=joe, note="Joe’s note")

    answer = echo.ask("GET", "/me/echo/data/page", by=token, origin=None)
    page = unescape(answer.text)

    assert answer.status_code == 200
    assert "Ann’s &lt;held&gt; words." in answer.text
    assert "Ann’s other words." in page
    assert "Joe" not in page
    assert "no-store" in answer.headers["cache-control"]
    file = echo.ask("GET", "/me/echo/data", by=token, origin=None).json()
    assert [one["id"] for one in file["comments"]] == [mine.id, told.id]
    assert set(file) - {"format"} <= set(PARTS), "the page forgets a part of the file"


def test_nobody_else_sees_it(echo: Asker) -> None:
    answer = echo.ask("GET", "/me/echo/data/page", origin=None)

    assert answer.status_code in {303, 401}
    assert "everything that is kept" not in answer.text


def test_an_editor_takes_a_storys_comments_along(echo: Asker, clock: SettableClock) -> None:
    desk = make_desk(echo, clock)
    editor = desk.sign_in(factories.make_staff(echo.db, echo.site.id, Role.EDITOR))
    first = desk.comment("=HYPERLINK(1), the bridge is shut.")
    held = desk.comment("A held reply.", parent=first, verdicts=[HOLDING])
    desk.comment("Under another story.")
    path = f"/stories/{first.story_id}/comments"

    lines = desk.get(path, by=editor)
    sheet = desk.get(f"{path}?form=csv", by=editor)
    records = [json.loads(line) for line in lines.text.splitlines()]
    cells = [*csv.DictReader(sheet.text.splitlines())]

    assert [(one["id"], one["status"]) for one in records] == [
        (first.id, "published"),
        (held.id, "held"),
    ]
    assert cells[0]["text"].startswith("'=HYPERLINK")
    assert "attachment" in lines.headers["content-disposition"]
    assert "no-store" in lines.headers["cache-control"]
    assert desk.get(f"{path}?form=xls", by=editor).status_code == 422
    assert desk.get(path, by=desk.moderator).status_code == 403


def test_another_sites_story_is_not_to_be_had(echo: Asker, clock: SettableClock) -> None:
    desk = make_desk(echo, clock)
    other = factories.make_site(echo.db, "other")
    theirs = factories.make_comment(echo.db, other.id, text="Of another title.")

    answer = desk.get(f"/stories/{theirs.story_id}/comments", by=desk.owner)

    assert answer.status_code == 404
    assert "Of another title" not in answer.text

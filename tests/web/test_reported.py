"""The pages on which those who reported see what came of it and ask for another look."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.appeal_facts import Ruling
from belowline.actions.appeals import decide_appeal
from belowline.actions.legal_notices import make_notice_token
from belowline.actions.moderation import DecisionDraft, decide
from belowline.comments.model import Comment
from belowline.core.terms import AppealId, CommentStatus, Outcome, ReaderId, Role, RuleKey
from belowline.reports import store as reports
from belowline.sites import store as sites
from belowline.storage import tables
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import BASE, Asker

FORM = {"content-type": "application/x-www-form-urlencoded"}
WORDS = "It goes for <b>her</b> & nobody else."
AUTHOR, DECIDER = "Quentin Writes", "Moderator Prue"


class Told:
    """A comment that a reader and a guest have reported, and that a moderator has left."""

    def __init__(self, echo: Asker, clock: SettableClock) -> None:
        self.echo, db, site_id = echo, echo.db, echo.site.id
        self.author = factories.make_reader(db, AUTHOR)
        self.comment: Comment = factories.make_comment(db, site_id, author_id=self.author)
        self.reader, self.token = echo.reader("Ann Lee")
        self.report = factories.make_report(db, self.comment, by=self.reader, note="Look at this.")
        self.notice = factories.make_notice(db, self.comment)
        self.decider = self.staff(DECIDER)
        draft = DecisionDraft(
            Outcome.KEEP, None, "It is about the plan.", factories.reread(db, self.comment).version
        )
        decide(db, self.comment.id, site_id=site_id, by=self.decider, decision=draft)
        clock.advance(timedelta(minutes=2))
        self.mine = f"/me/echo/reports/{self.report.id}"
        secret = make_notice_token(echo.house.settings.secret, site_id, self.notice.number)
        with db.read() as conn:
            (of_guest,) = reports.list_of_notice(conn, self.notice.id)
        self.receipt = f"/notice/echo/{secret}"
        self.guests = f"{self.receipt}/{of_guest.id}"

    def staff(self, name: str) -> ReaderId:
        found = factories.make_reader(self.echo.db, name)
        with self.echo.db.write(factories.SYSTEM) as tx:
            sites.put_staff(tx, self.echo.site.id, reader_id=found, role=Role.MODERATOR)
        return found

    def page(self, path: str, *, by: str | None = None) -> str:
        answer = self.echo.ask("GET", path, by=by)
        assert answer.status_code == 200
        assert AUTHOR not in answer.text
        assert DECIDER not in answer.text
        return str(answer.text)

    def send(self, path: str, *, by: str | None = None, text: str = WORDS) -> int:
        answer = self.echo.ask("POST", path, by=by, data={"text": text}, origin=BASE, headers=FORM)
        return int(answer.status_code)

    def answer(self, *, upheld: bool, by: ReaderId | None = None) -> None:
        (row,) = factories.rows_of(self.echo.db, tables.appeals)
        ruling = Ruling(
            upheld,
            "I have looked again.",
            RuleKey("harassment"),
            factories.reread(self.echo.db, self.comment).version,
        )
        decide_appeal(
            self.echo.db,
            AppealId(row.id),
            site_id=self.echo.site.id,
            by=by or self.staff("Second"),
            ruling=ruling,
        )


@pytest.fixture
def told(echo: Asker, clock: SettableClock) -> Told:
    return Told(echo, clock)


def test_a_reader_asks_on_the_page_that_their_standing_leads_to(told: Told) -> None:
    assert f'href="{told.mine}"' in told.page("/me/echo", by=told.token)
    before = told.page(told.mine, by=told.token)
    assert "Looked at: the comment stays" in before
    assert "It is about the plan." in before
    assert "Look at this." in before
    assert told.send(told.mine, by=told.token) == 303

    after = told.page(told.mine, by=told.token)
    assert "Your appeal has arrived" in after
    assert "It goes for &lt;b&gt;her&lt;/b&gt; &amp; nobody else." in after
    assert "<textarea" not in after
    assert told.send(told.mine, by=told.token) == 403
    told.answer(upheld=True)
    removed = told.page(told.mine, by=told.token)
    assert "Removed after all" in removed
    assert "I have looked again." in removed
    assert "Upheld: the comment was removed" in removed


def test_whoever_has_no_account_asks_by_the_page_of_their_notice(told: Told) -> None:
    assert f'href="{told.guests}"' in told.page(told.receipt)
    assert "Ask for another look" in told.page(told.guests)
    assert told.send(told.guests) == 303
    assert WORDS.partition("<")[0] in told.page(told.guests)
    assert "Appeal waits for an answer" in told.page(told.receipt)
    told.answer(upheld=False)
    stays = told.page(told.guests)
    assert "I have looked again." in stays
    assert "court" in stays
    assert "Appeal not upheld" in told.page(told.receipt)


def test_the_others_see_that_it_was_asked_for_and_not_what_was_written(told: Told) -> None:
    assert told.send(told.guests) == 303
    theirs = told.page(told.mine, by=told.token)
    assert "Somebody else who reported this comment asked for it." in theirs
    assert "It goes for" not in theirs
    assert "<textarea" not in theirs
    told.answer(upheld=True)
    assert "Whoever asked was right" in told.page(told.mine, by=told.token)


def test_nobody_opens_what_somebody_else_has_reported(told: Told) -> None:
    _, stranger = told.echo.reader("Ben")
    for path, by in (
        (told.mine, stranger),
        (f"{told.receipt}/{told.report.id}", None),
        (f"{told.receipt[:-1]}x/{told.guests.rpartition('/')[2]}", None),
        (f"/me/echo/reports/{told.guests.rpartition('/')[2]}", told.token),
        ("/me/echo/reports/99999", told.token),
    ):
        assert told.echo.ask("GET", path, by=by).status_code == 404
        assert told.send(path, by=by) == 404
    factories.make_site(told.echo.db, "elsewhere")
    elsewhere = told.mine.replace("/echo/", "/elsewhere/")
    assert told.echo.ask("GET", elsewhere, by=told.token).status_code == 404
    assert told.echo.ask("GET", told.mine).status_code in {303, 401}


def test_the_author_reads_nothing_of_it(told: Told) -> None:
    """Not even where a comment was held and then published, which its author was told of."""
    db, site_id = told.echo.db, told.echo.site.id
    held = factories.make_comment(db, site_id, author_id=told.author)
    report = factories.make_report(db, held, by=factories.make_staff(db, site_id), rule="threat")
    assert factories.reread(db, held).status is CommentStatus.HELD
    draft = DecisionDraft(Outcome.PUBLISH, None, "", factories.reread(db, held).version)
    decide(db, held.id, site_id=site_id, by=told.decider, decision=draft)
    assert report.reporter_id is not None
    reporter = told.echo.token(report.reporter_id)
    assert told.send(f"/me/echo/reports/{report.id}", by=reporter, text="LOOK AGAIN PLEASE") == 303

    author = told.echo.token(told.author)
    for path in ("/me/echo", f"/me/echo/comments/{held.id}", "/me/echo/notices"):
        page = told.echo.ask("GET", path, by=author).text
        assert "LOOK AGAIN" not in page
        assert "Appeal waits" not in page
    standing = told.echo.ask("GET", "standing", by=author)
    assert standing.status_code == 200
    assert all(one["appeal"] is None for one in standing.json()["decisions"])


def test_a_program_asks_as_well(told: Told) -> None:
    (before,) = told.echo.ask("GET", "standing", by=told.token).json()["reports"]
    assert before["appealable"] is True
    filed = told.echo.ask(
        "POST", f"reports/{told.report.id}/appeal", by=told.token, json={"text": WORDS}
    )
    assert filed.status_code == 201
    assert filed.json()["state"] == "open"
    again = told.echo.ask(
        "POST", f"reports/{told.report.id}/appeal", by=told.token, json={"text": WORDS}
    )
    assert again.status_code == 403
    (after,) = told.echo.ask("GET", "standing", by=told.token).json()["reports"]
    assert after["appealable"] is False


def test_an_empty_appeal_is_refused_and_nothing_is_lost(told: Told) -> None:
    answer = told.echo.ask(
        "POST", told.mine, by=told.token, data={"text": " "}, origin=BASE, headers=FORM
    )
    assert answer.status_code == 422
    assert "Say why you think so." in answer.text


def test_the_desk_sees_who_appeals_what_they_reported_and_answers(told: Told) -> None:
    told.send(told.mine, by=told.token)
    second = told.echo.token(told.staff("Second"))
    (row,) = factories.rows_of(told.echo.db, tables.appeals)

    listed = told.echo.ask("GET", "/console/echo/appeals", by=second).text
    assert "by somebody who reported it" in listed
    assert "Ann Lee" not in listed
    page = told.echo.ask("GET", f"/console/echo/appeals/{row.id}", by=second).text
    assert "Look at this." in page
    assert "It goes for &lt;b&gt;her&lt;/b&gt;" in page
    assert "the answer is for 1 more report" in page
    first = told.echo.ask(
        "GET", f"/console/echo/appeals/{row.id}", by=told.echo.token(told.decider)
    ).text
    assert "You had a part in this before." in first

    def decide_it(**said: str) -> tuple[int, str]:
        answer = told.echo.ask(
            "POST",
            f"/console/echo/appeals/{row.id}/decide",
            by=second,
            data={"reason": "It goes for her.", **said},
            origin=BASE,
            headers=FORM,
        )
        return answer.status_code, answer.text

    version = str(factories.reread(told.echo.db, told.comment).version)
    status, without = decide_it(ruling="upheld", version=version)
    assert (status, "A removal cites a rule." in without) == (422, True)
    status, stale = decide_it(ruling="upheld", version="77", rule="harassment")
    assert (status, "It goes for her." in stale) == (409, True)
    assert decide_it(ruling="upheld", version=version, rule="harassment")[0] == 303
    assert factories.reread(told.echo.db, told.comment).status is CommentStatus.REMOVED
    done = told.echo.ask("GET", f"/console/echo/appeals/{row.id}", by=second).text
    assert "Upheld" in done

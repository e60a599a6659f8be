"""The desk through the application: who is shown what, and no decision made by mistake."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import httpx
import pytest

from belowline.actions.appeals import file_appeal
from belowline.actions.moderation import DecisionDraft, decide
from belowline.comments.model import Comment
from belowline.core.terms import (
    CommentStatus,
    Finding,
    Outcome,
    Passage,
    ReaderId,
    Role,
    RuleKey,
    ScreenName,
    StoryMode,
    Verdict,
)
from belowline.moderation.model import Decision
from belowline.rules import store as rules
from belowline.sanctions import store as sanctions
from belowline.stories import store as stories
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import BASE, Asker


@dataclass
class Desk:
    """The console as a moderator, an editor and an owner use it."""

    asker: Asker
    clock: SettableClock
    moderator: ReaderId
    owner: ReaderId
    tokens: dict[ReaderId, str]

    def get(self, path: str, *, by: ReaderId | None = None) -> httpx.Response:
        token = self.tokens[by or self.moderator]
        return self.asker.ask("GET", f"/console/echo{path}", by=token, origin=None)

    def send(
        self, path: str, *, by: ReaderId | None = None, **fields: str | list[str]
    ) -> httpx.Response:
        token = self.tokens[by or self.moderator]
        return self.asker.ask("POST", f"/console/echo{path}", by=token, origin=BASE, data=fields)

    def sign_in(self, reader_id: ReaderId) -> ReaderId:
        self.tokens[reader_id] = self.asker.token(reader_id)
        return reader_id

    def comment(self, text: str = "You are a waste of space.", **given: object) -> Comment:
        return factories.make_comment(
            self.asker.db,
            self.asker.site.id,
            text=text,
            **given,  # type: ignore[arg-type]
        )

    def status(self, comment: Comment) -> CommentStatus:
        return factories.reread(self.asker.db, comment).status

    def remove(self, comment: Comment, *, by: ReaderId | None = None) -> Decision:
        return decide(
            self.asker.db,
            comment.id,
            site_id=comment.site_id,
            by=by or self.moderator,
            decision=DecisionDraft(
                Outcome.REMOVE,
                RuleKey("personal-attack"),
                "This goes for the person.",
                factories.reread(self.asker.db, comment).version,
            ),
        )


@pytest.fixture
def desk(echo: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo, clock)


def make_desk(echo: Asker, clock: SettableClock) -> Desk:
    moderator = factories.make_staff(echo.db, echo.site.id)
    owner = factories.make_staff(echo.db, echo.site.id, Role.OWNER)
    made = Desk(echo, clock, moderator, owner, {})
    made.sign_in(moderator)
    made.sign_in(owner)
    return made


REMOVAL = {"outcome": "remove", "rule": "personal-attack", "reason": "This goes for the person."}


# What is shown


def test_the_queue_shows_why_a_comment_is_where_it_is(desk: Desk) -> None:
    factories.make_report(desk.asker.db, desk.comment())

    page = unescape(desk.get("").text)

    assert "You are a waste of space." in page
    assert "The worst rule has severity 2 of 4." in page
    assert "Reports: 1." in page


def test_passages_are_marked_and_everything_else_is_escaped(desk: Desk) -> None:
    text = "<b>Bloody</b> & <script>alert(1)</script>"
    found = Passage(3, 9)
    comment = desk.comment(
        text,
        verdicts=[
            Verdict(ScreenName.WORDS, Finding.HOLD, "listed_word", RuleKey("obscenity"), (found,))
        ],
    )

    page = desk.get(f"/cases/{comment.id}").text

    assert (
        "&lt;b&gt;<mark>Bloody</mark>&lt;/b&gt; &amp; &lt;script&gt;alert(1)&lt;/script&gt;" in page
    )
    assert "<script>alert" not in page


def test_a_reason_is_shown_as_text_to_the_reader_whom_it_is_about(desk: Desk) -> None:
    author = factories.make_reader(desk.asker.db)
    comment = desk.comment(author_id=author)
    reason = "<b>100%</b> {{ wrong }} %(num)s"
    desk.send(
        f"/cases/{comment.id}/decide",
        **(REMOVAL | {"reason": reason, "seen_version": str(comment.version)}),
    )
    token = desk.asker.token(author)

    for path in ("/me/echo", f"/me/echo/comments/{comment.id}", "/me/echo/appeal/1"):
        page = desk.asker.ask("GET", path, by=token)
        assert page.status_code == 200
        assert "<b>100" not in page.text
        assert reason in unescape(page.text)


def test_a_reporters_note_is_shown_as_text(desk: Desk) -> None:
    comment = desk.comment()
    factories.make_report(desk.asker.db, comment, note="<img src=x onerror=alert(1)>")

    page = desk.get(f"/cases/{comment.id}").text

    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_moderators_never_see_an_address(desk: Desk) -> None:
    author = factories.make_reader(desk.asker.db, "Ann Lee", email="ann@mail.example")
    comment = desk.comment(author_id=author)
    factories.make_report(
        desk.asker.db, comment, by=factories.make_reader(desk.asker.db, email="bob@mail.example")
    )

    pages = [
        desk.get(path).text
        for path in ("", f"/cases/{comment.id}", f"/readers/{author}", "/readers?q=ann", "/log")
    ]

    assert all("Ann Lee" in page for page in pages[:4])
    assert not any("@mail.example" in page for page in pages)


def test_every_page_of_the_desk_opens(echo_on_both: Asker, clock: SettableClock) -> None:
    desk = make_desk(echo_on_both, clock)
    comment = desk.comment()
    factories.make_report(desk.asker.db, comment)
    decision = desk.remove(comment)
    appeal = file_appeal(
        desk.asker.db, decision.id, site_id=comment.site_id, by=comment.author_id, text="Unfair."
    )
    desk.send("/rules", by=desk.owner, intro="Be fair.", do="save", **sheet("Fair", "Kind"))
    reader = f"/readers/{comment.author_id}"
    paths = [
        "", "?view=appealed", "?after=5.5_3", f"/cases/{comment.id}", reader,
        f"{reader}?based_on={decision.id}", "/readers?q=r%25", "/appeals", f"/appeals/{appeal.id}",
        "/stories", "/rules", "/rules/preview", "/staff", "/log?kind=appeal_decided", "/help",
    ]  # fmt: skip

    opened = {path: desk.get(path, by=desk.owner).status_code for path in paths}

    assert opened == dict.fromkeys(paths, 200)


# Who may come in


def test_the_console_is_kind_to_somebody_without_a_role(desk: Desk) -> None:
    _, token = desk.asker.reader()

    answer = desk.asker.ask("GET", "/console", by=token)

    assert answer.status_code == 403
    assert "This is for the people who look after a site." in answer.text


def test_the_console_leads_to_the_only_site(desk: Desk) -> None:
    answer = desk.asker.ask("GET", "/console", by=desk.tokens[desk.moderator])

    assert (answer.status_code, answer.headers["location"]) == (303, "/console/echo")


@pytest.mark.parametrize("path", ["/staff", "/rules", "/rules/preview", "/stories"])
def test_a_moderator_does_not_reach_the_pages_of_editors_and_owners(desk: Desk, path: str) -> None:
    allowed = desk.get(path, by=desk.owner)
    refused = desk.get(path)

    assert allowed.status_code in {200, 303}
    assert refused.status_code == 403


def test_what_belongs_to_another_site_is_not_there(desk: Desk) -> None:
    other = factories.make_site(desk.asker.db, "other")
    comment = factories.make_comment(desk.asker.db, other.id)
    colleague = factories.make_staff(desk.asker.db, other.id)
    decision = desk.remove(comment, by=colleague)
    appeal = file_appeal(
        desk.asker.db, decision.id, site_id=other.id, by=comment.author_id, text="No."
    )

    answers = [
        desk.get(f"/cases/{comment.id}"),
        desk.get(f"/readers/{comment.author_id}"),
        desk.get(f"/appeals/{appeal.id}"),
        desk.send(f"/cases/{comment.id}/decide", outcome="publish", seen_version="1"),
        desk.send(f"/decisions/{decision.id}/undo"),
        desk.send(f"/appeals/{appeal.id}/decide", ruling="upheld", reason="Yes."),
        desk.send(f"/comments/{comment.id}/feature", by=desk.owner, reason="Good."),
        desk.send(f"/stories/{comment.story_id}/mode", by=desk.owner, mode="closed", reason=""),
        desk.send(
            f"/readers/{comment.author_id}/sanctions",
            kind="warning",
            rule="personal-attack",
            reason="No.",
        ),
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert desk.status(comment) is CommentStatus.REMOVED


def test_a_decision_from_another_page_is_refused(desk: Desk) -> None:
    comment = desk.comment()

    answer = desk.asker.ask(
        "POST",
        f"/console/echo/cases/{comment.id}/decide",
        by=desk.tokens[desk.moderator],
        origin=desk.asker.origin,
        data={**REMOVAL, "seen_version": "1"},
    )

    assert answer.status_code == 403
    assert desk.status(comment) is CommentStatus.PUBLISHED


# Deciding


def test_a_removal_leads_on_with_undo_and_the_ladders_step(desk: Desk) -> None:
    comment = desk.comment()

    answer = desk.send(f"/cases/{comment.id}/decide", **REMOVAL, seen_version="1")
    page = unescape(
        desk.asker.ask(
            "GET", answer.headers["location"], by=desk.tokens[desk.moderator], origin=None
        ).text
    )

    assert answer.status_code == 303
    assert desk.status(comment) is CommentStatus.REMOVED
    assert "(60 s)" in page
    assert ": <strong>Warning</strong>." in page


def test_undo_brings_the_comment_back_and_is_too_late_after_a_minute(desk: Desk) -> None:
    soon, late = desk.comment(), desk.comment()
    first, second = desk.remove(soon), desk.remove(late)

    in_time = desk.send(f"/decisions/{first.id}/undo")
    desk.clock.advance(timedelta(minutes=2))
    too_late = desk.send(f"/decisions/{second.id}/undo")

    assert (in_time.status_code, desk.status(soon)) == (303, CommentStatus.PUBLISHED)
    assert (too_late.status_code, desk.status(late)) == (403, CommentStatus.REMOVED)
    assert "It is too late to undo this." in too_late.text


def test_somebody_elses_decision_offers_no_undo(desk: Desk) -> None:
    comment = desk.comment()
    decision = desk.remove(comment)

    mine = desk.get(f"/cases/{comment.id}?did={decision.id}")
    theirs = desk.get(f"/cases/{comment.id}?did={decision.id}", by=desk.owner)

    assert f"/decisions/{decision.id}/undo" in mine.text
    assert f"/decisions/{decision.id}/undo" not in theirs.text


def test_a_stale_decision_shows_the_case_afresh_and_keeps_what_was_typed(desk: Desk) -> None:
    comment = desk.comment()
    desk.send(f"/cases/{comment.id}/decide", by=desk.owner, outcome="keep", seen_version="1")

    answer = desk.send(
        f"/cases/{comment.id}/decide",
        **REMOVAL | {"reason": "Typed <with> care."},
        seen_version="1",
    )

    assert answer.status_code == 409
    assert desk.status(comment) is CommentStatus.PUBLISHED
    assert "Typed &lt;with&gt; care.</textarea>" in answer.text
    assert re.search(r'value="personal-attack"[^>]* checked', answer.text)
    version = factories.reread(desk.asker.db, comment).version
    assert f'name="seen_version" value="{version}"' in answer.text


@pytest.mark.parametrize(
    ("left_out", "field"),
    [pytest.param("rule", "rule", id="no rule"), pytest.param("reason", "reason", id="no reason")],
)
def test_an_unfinished_removal_says_what_is_missing(desk: Desk, left_out: str, field: str) -> None:
    comment = desk.comment()
    complete = {**REMOVAL, "seen_version": "1"}

    answer = desk.send(f"/cases/{comment.id}/decide", **complete | {left_out: ""})

    assert answer.status_code == 422
    assert f'id="error-{field}"' in answer.text
    assert desk.status(comment) is CommentStatus.PUBLISHED


def test_the_next_case_opens_and_an_own_comment_is_passed_over(desk: Desk) -> None:
    own = desk.comment(author_id=desk.moderator)
    first, second = desk.comment(), desk.comment()
    for comment in (own, first, second):
        factories.make_report(desk.asker.db, comment)

    answer = desk.send(
        f"/cases/{first.id}/decide", outcome="keep", seen_version="1", view="all", next="1"
    )
    last = desk.send(
        f"/cases/{second.id}/decide", outcome="keep", seen_version="1", view="all", next="1"
    )

    assert answer.headers["location"].startswith(f"/console/echo/cases/{second.id}?view=all&did=")
    assert last.headers["location"].endswith("&said=queue_empty")


def test_a_sanction_is_imposed_from_the_strip_and_lifted(desk: Desk) -> None:
    comment = desk.comment()
    removal = desk.remove(comment)
    reader = f"/readers/{comment.author_id}"

    imposed = desk.send(
        f"{reader}/sanctions",
        kind="suspension",
        days="3",
        hours="",
        rule="personal-attack",
        reason="Again.",
        based_on=str(removal.id),
    )
    with desk.asker.db.read() as conn:
        (sanction,) = sanctions.list_sanctions(conn, comment.site_id, comment.author_id)
    lifted = desk.send(f"/sanctions/{sanction.id}/lift", reason="It was enough.")
    too_long = desk.send(
        f"{reader}/sanctions", kind="suspension", days="9999", rule="personal-attack", reason="No."
    )

    assert (imposed.status_code, lifted.status_code) == (303, 303)
    assert sanction.ends_at == desk.clock.now + timedelta(days=3)
    assert too_long.status_code == 422


def test_a_sanction_that_a_colleague_imposed_meanwhile_is_shown_first(desk: Desk) -> None:
    comment = desk.comment()
    removal = desk.remove(comment)
    page = desk.get(f"/cases/{comment.id}?did={removal.id}").text
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert fields["seen"] == "0"
    own = {"kind": "warning", "rule": "personal-attack", "days": "", "hours": ""}
    desk.send(f"/readers/{comment.author_id}/sanctions", by=desk.owner, **own, reason="First.")

    late = desk.send(
        f"/readers/{comment.author_id}/sanctions", **own, seen=fields["seen"], reason="Second."
    )

    assert late.status_code == 409
    shown = unescape(late.text)
    assert "Somebody has sanctioned this reader since you opened the page." in shown
    assert "Second." in shown
    seen = re.search(r'name="seen" value="(\d+)"', late.text)
    assert seen is not None
    again = desk.send(
        f"/readers/{comment.author_id}/sanctions", **own, seen=seen[1], reason="Second."
    )
    assert again.status_code == 303


def test_the_person_who_decided_cannot_decide_the_appeal(desk: Desk) -> None:
    comment = desk.comment()
    decision = desk.remove(comment)
    appeal = file_appeal(
        desk.asker.db, decision.id, site_id=comment.site_id, by=comment.author_id, text="Unfair."
    )
    ruling = {"ruling": "upheld", "reason": "You are right."}

    mine = desk.get(f"/appeals/{appeal.id}")
    refused = desk.send(f"/appeals/{appeal.id}/decide", **ruling)
    theirs = desk.get(f"/appeals/{appeal.id}", by=desk.owner)

    assert "Somebody else has to decide the appeal." in mine.text
    assert 'name="ruling"' not in mine.text
    assert (refused.status_code, desk.status(comment)) == (403, CommentStatus.REMOVED)
    assert 'name="ruling"' in theirs.text
    decided = desk.send(f"/appeals/{appeal.id}/decide", by=desk.owner, **ruling)
    assert (decided.status_code, desk.status(comment)) == (303, CommentStatus.PUBLISHED)


# Stories, rules, staff


def test_a_suspended_story_gets_a_neutral_notice_if_nobody_words_one(desk: Desk) -> None:
    comment = desk.comment()

    desk.send(f"/stories/{comment.story_id}/mode", by=desk.owner, mode="suspended", reason="")

    with desk.asker.db.read() as conn:
        story = stories.get_story_by_id(conn, comment.site_id, comment.story_id)
    assert (story.mode, story.mode_reason) == (
        StoryMode.SUSPENDED,
        "Comments on this story are not available.",
    )


def sheet(*titles: str) -> dict[str, list[str]]:
    return {
        "key": [title.lower() for title in titles],
        "title": list(titles),
        "text": [f"{title} matters." for title in titles],
        "severity": ["2" for _ in titles],
        "eu_category": ["OTHER_VIOLATION_TC" for _ in titles],
        "guidance": ["" for _ in titles],
        "stays": ["" for _ in titles],
        "goes": ["" for _ in titles],
        "default_action": ["remove" for _ in titles],
    }


def test_moving_a_rule_saves_nothing_and_loses_nothing(desk: Desk) -> None:
    answer = desk.send("/rules", by=desk.owner, intro="Be fair.", do="up:1", **sheet("One", "Two"))

    assert answer.status_code == 200
    assert answer.text.index('value="Two"') < answer.text.index('value="One"')
    assert "Not saved yet." in answer.text
    with desk.asker.db.read() as conn:
        assert rules.find_draft(conn, desk.asker.site.id) is None


def test_rules_are_saved_previewed_and_put_in_force(desk: Desk) -> None:
    saved = desk.send("/rules", by=desk.owner, intro="Be fair.", do="save", **sheet("Fair", "Kind"))
    preview = desk.get("/rules/preview", by=desk.owner)
    unconfirmed = desk.send("/rules/publish", by=desk.owner, version="2")
    published = desk.send("/rules/publish", by=desk.owner, version="2", confirm="1")

    assert (saved.status_code, preview.status_code) == (303, 200)
    assert "Kind matters." in preview.text
    assert (unconfirmed.status_code, published.status_code) == (422, 303)
    with desk.asker.db.read() as conn:
        current = rules.get_current_rulebook(conn, desk.asker.site.id)
    assert [rule.title for rule in current.rules] == ["Fair", "Kind"]


def test_an_owner_gives_a_role_to_a_known_address_only(desk: Desk) -> None:
    factories.make_reader(desk.asker.db, "Kim Roe", email="kim@mail.example")

    known = desk.send("/staff", by=desk.owner, email="Kim@mail.example", role="editor")
    unknown = desk.send("/staff", by=desk.owner, email="nobody@mail.example", role="editor")

    assert known.status_code == 303
    assert "Kim Roe" in desk.get("/staff", by=desk.owner).text
    assert unknown.status_code == 422
    assert 'value="nobody@mail.example"' in unknown.text


def test_the_last_owner_stays(desk: Desk) -> None:
    answer = desk.send(f"/staff/{desk.owner}/dismiss", by=desk.owner)

    assert answer.status_code == 409
    assert "A site keeps at least one owner." in answer.text


def test_the_log_names_who_decided_and_filters(desk: Desk) -> None:
    desk.remove(desk.comment())

    decided = unescape(desk.get("/log?kind=comment_decided").text)
    featured = desk.get("/log?kind=comment_featured").text

    assert "Moderator" in decided
    assert "Argue with the point, not the person" in decided
    assert "Nothing yet." in featured

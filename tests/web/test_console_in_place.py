"""Deciding in the thread: parts of the console for staff, on Belowline's own pages alone."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from belowline.comments.model import Comment
from belowline.core.terms import CommentStatus, Role, RuleKey
from belowline.events.kinds import DecisionMade
from belowline.moderation.leases import find_leases
from belowline.moderation.saved import save
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import BASE, Asker
from tests.web.test_console import REMOVAL, Desk, make_desk

CARE = "Typed <with> care."


@pytest.fixture
def desk(echo_on_both: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo_on_both, clock)


def overlay(desk: Desk, story: str, token: str | None) -> dict[str, object]:
    made: dict[str, object] = desk.asker.ask("GET", f"stories/{story}/me", by=token).json()
    return made


def decide(desk: Desk, comment: Comment, **fields: str):
    seen = str(factories.reread(desk.asker.db, comment).version)
    return desk.send(f"/cases/{comment.id}/here", **({"seen_version": seen} | fields))


def holder(desk: Desk, comment: Comment) -> object:
    with desk.asker.db.read() as conn:
        lease = find_leases(conn, [comment.id], now=desk.asker.db.clock()).get(comment.id)
    return lease.reader_id if lease else None


def test_the_overlay_tells_the_desk_and_nobody_else_what_waits_under_a_story(desk: Desk) -> None:
    story_id = factories.make_story(desk.asker.db, desk.asker.site.id, "bridge")
    for _ in range(2):
        desk.comment(story_id=story_id, verdicts=[factories.HOLDING])
    desk.comment(story_id=story_id)
    desk.comment(verdicts=[factories.HOLDING])
    _, reader = desk.asker.reader()

    told = overlay(desk, "bridge", desk.tokens[desk.moderator])["desk"]

    assert isinstance(told, dict)
    assert told["held"] == 2
    assert told["pace_url"].endswith(f"/console/echo/stories/{story_id}/pace")
    queue = desk.get(told["queue_url"].removeprefix(f"{BASE}/console/echo"))
    assert queue.text.count("data-item") == 2
    for token in (reader, None):
        assert overlay(desk, "bridge", token)["desk"] is None
    other = factories.make_site(desk.asker.db, "other")
    theirs = desk.asker.token(factories.make_staff(desk.asker.db, other.id, Role.OWNER))
    assert overlay(desk, "bridge", theirs)["desk"] is None
    # Of a story that nobody has written under, there is nothing to count; its key is anybody's.
    unknown = overlay(desk, "x" * 300, desk.tokens[desk.moderator])["desk"]
    assert isinstance(unknown, dict)
    assert (unknown["held"], unknown["pace_url"]) == (0, None)


def test_the_panel_says_what_is_known_and_takes_the_case(desk: Desk) -> None:
    comment = desk.comment()
    factories.make_report(desk.asker.db, comment, note="<img src=x onerror=alert(1)>")
    with desk.asker.db.write(factories.SYSTEM) as tx:
        for text in ("A first reason.", "And another."):
            save(tx, comment.site_id, rule=RuleKey("personal-attack"), text=text, by=desk.moderator)

    panel = desk.get(f"/cases/{comment.id}/here").text

    assert "1 report: Argue with the point, not the person" in panel
    assert "&lt;img src=x" in panel
    assert "And another." in panel
    assert "Keep, dismiss reports" in panel
    assert "<html" not in panel
    assert holder(desk, comment) == desk.moderator
    assert "is looking at this case" in desk.get(f"/cases/{comment.id}/here", by=desk.owner).text
    desk.send(f"/cases/{comment.id}/leave", by=desk.owner)
    assert holder(desk, comment) == desk.moderator
    assert desk.send(f"/cases/{comment.id}/leave").status_code == 204
    assert holder(desk, comment) is None


def test_a_removal_answers_with_its_undo_and_the_line_that_everybody_sees(desk: Desk) -> None:
    comment = desk.comment()
    desk.comment("And a reply.", parent=comment)

    answer = decide(desk, comment, **REMOVAL)

    page = unescape(answer.text)
    assert answer.status_code == 200
    assert desk.status(comment) is CommentStatus.REMOVED
    assert "This comment was removed under the rule" in page
    assert "waste of space" not in page
    undo = re.search(r'data-undo="(\d+)" data-left="60"', page)
    assert undo is not None

    undone = desk.send(f"/decisions/{undo[1]}/undo-here")
    assert undone.status_code == 200
    assert "Undone. Everything is as it was before." in undone.text
    assert "You are a waste of space." in undone.text
    assert desk.status(comment) is CommentStatus.PUBLISHED


def test_undo_is_too_late_after_its_minute_and_says_so_in_place(desk: Desk) -> None:
    comment = desk.comment()
    decision = desk.remove(comment)
    desk.clock.advance(timedelta(minutes=2))

    answer = desk.send(f"/decisions/{decision.id}/undo-here")

    assert answer.status_code == 403
    assert "It is too late to undo this." in answer.text
    assert desk.status(comment) is CommentStatus.REMOVED


def test_a_colleague_was_faster_and_what_was_typed_is_kept(desk: Desk) -> None:
    comment = desk.comment()
    desk.send(f"/cases/{comment.id}/here", by=desk.owner, outcome="keep", seen_version="1")

    answer = decide(desk, comment, **REMOVAL | {"reason": CARE, "seen_version": "1"})

    assert answer.status_code == 409
    assert desk.status(comment) is CommentStatus.PUBLISHED
    assert "The latest decision: Kept" in re.sub(r"<[^>]+>", "", answer.text)
    assert "Typed &lt;with&gt; care.</textarea>" in answer.text
    assert re.search(r'value="personal-attack"[^>]* selected', answer.text)
    again = decide(desk, comment, **REMOVAL | {"reason": CARE})
    assert (again.status_code, desk.status(comment)) == (200, CommentStatus.REMOVED)


def test_another_report_came_in_since_the_panel_was_opened(desk: Desk) -> None:
    comment = desk.comment()
    factories.make_report(desk.asker.db, comment)
    desk.get(f"/cases/{comment.id}/here")
    factories.make_report(desk.asker.db, comment)

    answer = decide(desk, comment, outcome="keep", seen_reports="1")

    assert answer.status_code == 409
    assert "2 reports" in answer.text
    assert factories.events_of(desk.asker.db, DecisionMade) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"rule": ""}, "Choose the rule that it breaks.", id="no rule"),
        pytest.param({"reason": " "}, "", id="no reason"),
        pytest.param({"rule": "made-up"}, "", id="a rule that is not there"),
    ],
)
def test_what_is_missing_stands_beside_its_field(
    desk: Desk, fields: dict[str, str], said: str
) -> None:
    comment = desk.comment()

    answer = decide(desk, comment, **REMOVAL | fields)

    assert answer.status_code == 422
    assert 'class="bl-error"' in answer.text
    assert said in answer.text
    assert desk.status(comment) is CommentStatus.PUBLISHED


def test_ones_own_comment_and_what_is_gone_offer_no_decision(desk: Desk) -> None:
    own = desk.comment(author_id=desk.moderator)

    panel = desk.get(f"/cases/{own.id}/here")
    answer = decide(desk, own, **REMOVAL)

    assert "<form" not in panel.text
    assert "data-leave" in panel.text
    assert answer.status_code == 403
    assert desk.status(own) is CommentStatus.PUBLISHED


def test_nothing_of_it_is_there_for_readers_other_desks_or_other_origins(desk: Desk) -> None:
    comment = desk.comment()
    decision = desk.remove(desk.comment())
    other = factories.make_site(desk.asker.db, "other")
    elsewhere = desk.sign_in(factories.make_staff(desk.asker.db, other.id, Role.OWNER))
    reader, _ = desk.asker.reader()
    desk.sign_in(reader)
    here = f"/cases/{comment.id}/here"
    fields = REMOVAL | {"seen_version": "1"}

    for by in (reader, elsewhere):
        assert desk.get(here, by=by).status_code == 403
        assert desk.send(here, by=by, **fields).status_code == 403
        assert desk.send(f"/cases/{comment.id}/leave", by=by).status_code == 403
        assert desk.send(f"/decisions/{decision.id}/undo-here", by=by).status_code == 403
    for origin in (desk.asker.origin, None):
        answer = desk.asker.ask(
            "POST",
            f"/console/echo{here}",
            by=desk.tokens[desk.moderator],
            origin=origin,
            data=fields,
        )
        assert answer.status_code == 403
    # A script in the publisher's page may ask; its browser does not let it read.
    asked = desk.asker.ask("GET", f"/console/echo{here}", by=desk.tokens[desk.moderator])
    assert "access-control-allow-origin" not in asked.headers
    assert desk.status(comment) is CommentStatus.PUBLISHED


def test_without_a_script_reporting_leads_the_desk_to_the_case_and_back(desk: Desk) -> None:
    story_id = factories.make_story(desk.asker.db, desk.asker.site.id, "bridge")
    comment = desk.comment(story_id=story_id)
    report = f"/s/echo/bridge/c/{comment.id}/report"
    _, reader = desk.asker.reader()

    theirs = desk.asker.ask("GET", report, by=desk.tokens[desk.moderator], origin=None).text
    usual = desk.asker.ask("GET", report, by=reader, origin=None).text

    assert f"/console/echo/cases/{comment.id}" in theirs
    assert "/console/" not in usual
    case = unescape(desk.get(f"/cases/{comment.id}").text)
    assert f'href="/s/echo/bridge?at={comment.id}#c{comment.id}"' in case

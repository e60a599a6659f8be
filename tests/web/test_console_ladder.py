"""The ladder's page and the withdrawals' page, and what readers see of both."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.reviews import open_due_reviews
from belowline.actions.rules import publish_rulebook, save_draft
from belowline.core.terms import Outcome, RuleKey
from belowline.rules.default import DEFAULT_RULES
from belowline.sanctions.ladders import get_ladder
from belowline.sanctions.thresholds import BOUNDS, USUAL
from belowline.sanctions.withdrawal import REVIEW_AFTER
from tests import factories
from tests.conftest import SettableClock
from tests.web.asking import Asker
from tests.web.test_console import Desk, make_desk

DAY = timedelta(days=1)


@pytest.fixture
def desk(echo_on_both: Asker, clock: SettableClock) -> Desk:
    return make_desk(echo_on_both, clock)


def numbers(**changed: int) -> dict[str, str]:
    return {name: str(changed.get(name, getattr(USUAL, name))) for name in BOUNDS}


def in_force(desk: Desk) -> int:
    with desk.asker.db.read() as conn:
        return get_ladder(conn, desk.asker.site.id).version


def test_numbers_are_tried_on_the_past_before_they_are_published(desk: Desk) -> None:
    db, site_id = desk.asker.db, desk.asker.site.id
    author = factories.make_reader(db, "Two Times")
    for _ in range(2):
        comment = factories.make_comment(db, site_id, author_id=author)
        draft = DecisionDraft(Outcome.REMOVE, RuleKey("obscenity"), "Words.", comment.version)
        decide(
            db, comment.id, site_id=site_id, by=factories.make_staff(db, site_id), decision=draft
        )

    page = desk.get("/ladder", by=desk.owner).text
    tried = desk.send("/ladder", by=desk.owner, do="try", seen="0", **numbers(minor_breaches=2))

    assert "Put these numbers in force" not in page
    assert tried.status_code == 200
    assert "Two Times" in tried.text
    assert f'href="/console/echo/readers/{author}"' in tried.text
    assert 'value="2"' in tried.text
    assert in_force(desk) == 0

    sure = {"do": "publish", "seen": "0", "confirm": "1", **numbers(minor_breaches=2)}
    unsure = desk.send("/ladder", by=desk.owner, **(sure | {"confirm": ""}))
    assert (unsure.status_code, in_force(desk)) == (422, 0)
    assert desk.send("/ladder", by=desk.owner, **sure).status_code == 303
    assert in_force(desk) == 1
    assert "or 2 breaches of any kind within 30 days" in desk.asker.ask("GET", "/rules/echo").text
    steps = desk.asker.ask("GET", "rules").json()["ladder"]
    assert any("or 2 breaches of any kind" in step["when_it_comes"] for step in steps)
    assert desk.send("/ladder", by=desk.owner, **sure).status_code == 409


@pytest.mark.parametrize("value", ["", "x", "-1", "1", "999999999999999999999"])
def test_a_number_that_cannot_be_meant_is_told_beside_its_field(desk: Desk, value: str) -> None:
    sent = numbers() | {"minor_breaches": value}
    answer = desk.send("/ladder", by=desk.owner, do="try", seen="0", **sent)
    assert answer.status_code == 422
    assert 'id="error-minor_breaches"' in answer.text


def test_a_withdrawal_goes_from_the_readers_page_to_a_colleague(desk: Desk) -> None:
    comment = desk.comment()
    path = f"/readers/{comment.author_id}"
    sent = {"kind": "withdrawal", "rule": "threat", "reason": "A threat.", "days": "", "hours": ""}

    proposed = desk.send(f"{path}/sanctions", by=desk.moderator, **sent)
    mine = desk.get("/withdrawals", by=desk.moderator)
    theirs = desk.get("/withdrawals", by=desk.owner)

    assert proposed.status_code == 303
    assert "said=proposed" in proposed.headers["location"]
    assert "You proposed this." in mine.text
    assert "Confirm: withdraw the privilege" not in mine.text
    assert "Confirm: withdraw the privilege" in theirs.text
    assert 'class="count">1' in desk.get("", by=desk.owner).text
    # No second proposal is offered while one waits.
    assert 'value="withdrawal"' not in desk.get(path, by=desk.owner).text
    refused = desk.send("/withdrawals/1", by=desk.moderator, answer="confirm")
    assert refused.status_code == 403
    empty = desk.send("/withdrawals/1", by=desk.owner, answer="decline", reason="")
    assert empty.status_code == 422
    assert desk.send("/withdrawals/1", by=desk.owner, answer="confirm").status_code == 303
    assert "Withdrawals" not in desk.get("", by=desk.owner).text


def test_the_reader_sees_what_is_proposed_and_when_it_is_reviewed(
    desk: Desk, clock: SettableClock
) -> None:
    db, site_id = desk.asker.db, desk.asker.site.id
    reader_id, _ = desk.asker.reader("Ann")
    factories.make_comment(db, site_id, author_id=reader_id)
    sent = {"kind": "withdrawal", "rule": "threat", "reason": "A threat.", "days": "", "hours": ""}

    def standing() -> str:
        token = desk.asker.token(reader_id)
        text: str = desk.asker.ask("GET", "/me/echo", by=token, origin=None).text
        return text

    desk.send(f"/readers/{reader_id}/sanctions", by=desk.moderator, **sent)
    assert "It has been proposed to withdraw your privilege." in standing()
    desk.send("/withdrawals/1", by=desk.owner, answer="confirm")
    assert "It is reviewed on" in standing()
    assert "One person proposed it, and another confirmed it." in standing()

    clock.advance(REVIEW_AFTER)
    open_due_reviews(db, site_id)
    # Nobody stays signed in for half a year.
    desk.sign_in(desk.owner)
    assert "The review is due since" in standing()
    third = factories.make_staff(db, site_id)
    desk.sign_in(third)
    assert "Decide the review" not in desk.get("/withdrawals", by=desk.owner).text
    assert "Decide the review" in desk.get("/withdrawals", by=third).text
    kept = {"outcome": "kept", "reason": "It is too early."}
    assert desk.send("/reviews/1", by=desk.owner, **kept).status_code == 403
    assert desk.send("/reviews/1", by=third, **kept).status_code == 303
    assert "It is too early." in standing()


def test_what_a_version_changed_is_there_for_everybody(desk: Desk) -> None:
    site_id = desk.asker.site.id
    assert desk.asker.ask("GET", "/rules/echo/1/changes").status_code == 404
    drafts = [rule for rule in DEFAULT_RULES if rule.key != "spam"]
    draft = save_draft(desk.asker.db, site_id, by=None, intro="A new welcome.", drafts=drafts)
    publish_rulebook(desk.asker.db, site_id, by=None, version=draft.version)

    page = desk.asker.ask("GET", "/rules/echo/2/changes").text
    found = desk.asker.ask("GET", "rules/2/changes").json()

    assert "Do not advertise" in page
    assert "<ins>" in page
    assert "spam" in desk.asker.ask("GET", "/rules/echo/1").text
    assert [(one["kind"], one["before"]["key"]) for one in found["changed"]] == [
        ("dropped", "spam")
    ]
    assert (found["version"], found["since"], found["intro_changed"]) == (2, 1, True)
    for path in ("rules/2/changes?since=2", "rules/2/changes?since=0", "rules/9/changes"):
        assert desk.asker.ask("GET", path).status_code == 404


def test_a_reader_who_had_accepted_is_led_to_what_changed(desk: Desk) -> None:
    db, site_id = desk.asker.db, desk.asker.site.id
    _, token = desk.asker.reader("Ann")
    factories.make_story(db, site_id, "bridge")
    sent = {"text": "A first word.", "accepts": 1}
    assert desk.asker.ask("POST", "stories/bridge/comments", by=token, json=sent).status_code == 201
    draft = save_draft(db, site_id, by=None, intro="New.", drafts=DEFAULT_RULES)
    publish_rulebook(db, site_id, by=None, version=draft.version)

    for path in ("/me/echo", "/s/echo/bridge/write"):
        page = desk.asker.ask("GET", path, by=token, origin=None).text
        assert "/rules/echo/2/changes?since=1" in page
    refused = desk.asker.ask("POST", "stories/bridge/comments", by=token, json={"text": "Again."})
    assert refused.json()["error"]["code"] == "rules_not_accepted"


def test_moderators_read_both_sides_of_each_rule_and_readers_do_not(desk: Desk) -> None:
    spam = next(rule for rule in DEFAULT_RULES if rule.key == "spam")
    page = desk.get("/rules/guide", by=desk.moderator).text
    assert spam.goes in page
    assert "Remove it at once and tell an editor." in page
    assert spam.goes not in desk.asker.ask("GET", "/rules/echo").text
    assert spam.goes not in desk.asker.ask("GET", "rules").text


def test_shared_rules_are_chosen_in_the_console(desk: Desk) -> None:
    factories.make_site(desk.asker.db, "group")
    taken = desk.send("/rules/share", by=desk.owner, base="group")
    assert taken.headers["location"].endswith("/rules/preview")
    page = desk.get("/rules", by=desk.owner).text
    assert "Shared rules, from" in page
    assert "The shared rules are not in force here" in page
    desk.send("/rules/publish", by=desk.owner, version="2", confirm="1")
    assert "The shared rules are not in force here" not in desk.get("/rules", by=desk.owner).text
    assert desk.send("/rules/share", by=desk.owner, base="nowhere").status_code == 422

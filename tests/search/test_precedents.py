"""Like cases: found by their rare words, decided by people, at the sites that are asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.readers import erase_account
from belowline.comments.model import Comment
from belowline.core.terms import CommentId, Outcome, ReaderId, RuleKey, SiteId
from belowline.moderation.model import Decision
from belowline.search.likeness import Practice
from belowline.search.precedents import LikeCases, find_precedents
from belowline.storage.database import Database
from tests import factories
from tests.search.worlds import fill, follow

TEXT = "Cheap replica watches, order your replica watch at our webshop today!"
LIKE = "Order cheap replica watches at this webshop, they deliver today."
OTHER = "The council should repair the footbridge before winter comes."


@dataclass
class Desk:
    db: Database
    site: SiteId
    moderator: ReaderId

    def decided(
        self, text: str, outcome: Outcome = Outcome.REMOVE, site: SiteId | None = None
    ) -> tuple[Comment, Decision]:
        comment = factories.make_comment(self.db, site or self.site, text=text)
        rule = RuleKey("spam") if outcome is Outcome.REMOVE else None
        reason = "An advertisement." if rule else ""
        by = self.moderator if site is None else factories.make_staff(self.db, site)
        draft = DecisionDraft(outcome, rule, reason, comment.version)
        return comment, decide(self.db, comment.id, site_id=comment.site_id, by=by, decision=draft)

    def find(self, text: str, *sites: SiteId, but_not: int = 0) -> LikeCases:
        fill(self.db)
        follow(self.db)
        with self.db.read() as conn:
            return find_precedents(
                conn,
                text,
                site_id=self.site,
                sites=sites or (self.site,),
                but_not=CommentId(but_not),
            )


@pytest.fixture
def desk(db: Database) -> Desk:
    site = factories.make_site(db)
    return Desk(db, site.id, factories.make_staff(db, site.id))


def test_a_like_comment_that_was_decided_is_found_with_how(desk: Desk) -> None:
    comment, decision = desk.decided(LIKE)
    desk.decided(OTHER, Outcome.KEEP)
    factories.make_comment(desk.db, desk.site, text=LIKE)

    (found,) = desk.find(TEXT).precedents

    assert (found.comment_id, found.decision_id) == (comment.id, decision.id)
    assert (found.outcome, found.rule) == (Outcome.REMOVE, RuleKey("spam"))
    assert found.reason == "An advertisement."


def test_what_was_taken_back_or_erased_is_no_precedent(desk: Desk) -> None:
    _, decision = desk.decided(LIKE)
    undo(
        desk.db,
        decision.id,
        site_id=desk.site,
        by=desk.moderator,
        undo_for=timedelta(minutes=1),
    )
    gone, _ = desk.decided(LIKE)
    erase_account(desk.db, gone.author_id)

    assert desk.find(TEXT).precedents == ()


def test_a_comment_is_no_precedent_of_its_own(desk: Desk) -> None:
    comment, _ = desk.decided(LIKE)

    assert desk.find(LIKE, but_not=comment.id).precedents == ()


def test_the_same_site_comes_first_and_a_site_that_was_not_asked_not_at_all(desk: Desk) -> None:
    second, foreign = (factories.make_site(desk.db, key).id for key in ("second", "foreign"))
    there, _ = desk.decided(TEXT, site=second)
    desk.decided(TEXT, site=foreign)
    here, _ = desk.decided(LIKE)

    found = desk.find(TEXT, desk.site, second)

    assert [one.comment_id for one in found.precedents] == [here.id, there.id]
    assert found.precedents[0].likeness < found.precedents[1].likeness


def test_practice_is_the_sites_own_once_it_has_decided_enough(desk: Desk) -> None:
    second = factories.make_site(desk.db, "second").id
    for _ in range(4):
        desk.decided(LIKE, Outcome.KEEP, site=second)
    desk.decided(LIKE)
    desk.decided(LIKE)
    assert desk.find(TEXT, desk.site, second).practice == Practice(4, 2, ((RuleKey("spam"), 2),))

    desk.decided(LIKE)

    assert desk.find(TEXT, desk.site, second).practice == Practice(0, 3, ((RuleKey("spam"), 3),))


@pytest.mark.parametrize("text", ["", "...", "a", "東京"])
def test_a_text_without_telling_words_has_none(desk: Desk, text: str) -> None:
    desk.decided(LIKE)

    assert desk.find(text).precedents == ()

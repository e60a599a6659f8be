"""Spot checks are learnt from like decisions, and stand for what nobody brought up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from belowline.actions.learning import AGAIN_AT, CHECKED_FOR, LEAST_CHECKED, STANDS_FOR_MOST
from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.readers import erase_account
from belowline.comments.adding import add_comments
from belowline.comments.model import Comment
from belowline.core.terms import Actor, Outcome, RuleKey
from belowline.followers.learning import Learning
from belowline.moderation.spot_checks import Checked, SpotCheck, add_spot_check
from belowline.scoring.classifier import LocalClassifier
from belowline.scoring.desk import place_of
from belowline.scoring.desks import SiteDesks
from belowline.storage.database import Database
from tests.actions.test_learning import INSULT, Desk, classifier, learn
from tests.conftest import SettableClock
from tests.factories import make_site

__all__ = ("classifier",)

WEEK = timedelta(days=8)


class Checking(Desk):
    """A desk that also looks at what nobody brought up."""

    def publish(self, who: str, count: int) -> list[Comment]:
        """Have so many comments about somebody published that nobody brings up."""
        with self.db.write(Actor(self.moderator)) as tx:
            authors = (self.authors[number % len(self.authors)] for number in range(count))
            return add_comments(tx, [self._draft(who, author) for author in authors])

    def check(self, said: Sequence[Comment], *, rule: RuleKey | None = None) -> None:
        """Have somebody say of comments that they stay, or would go under a rule."""
        outcome = Outcome.KEEP if rule is None else Outcome.REMOVE
        with self.db.write(Actor(self.moderator)) as tx:
            for one in said:
                drawn = SpotCheck(
                    one.id, None, one.story_id, "", one.revision, one.html, one.created_at
                )
                checked = Checked(self.moderator, outcome, rule)
                assert add_spot_check(tx, self.site.id, drawn, said=checked)

    def weight(self, classifier: LocalClassifier, word: str) -> float:
        """Learn, and return what a word weighs for insults."""
        return learn(self, classifier).layers["insult"].weights[place_of(word)]


@pytest.fixture
def desk(db: Database, clock: SettableClock) -> Checking:
    return Checking(db, make_site(db), clock)


def test_enough_checks_take_the_place_of_what_is_quiet(
    desk: Checking, classifier: LocalClassifier
) -> None:
    desk.decide("townies", rule=INSULT, count=35)
    desk.publish("grimblewicks", 40)
    farmers = desk.publish("farmers", LEAST_CHECKED)
    desk.clock.advance(WEEK)
    desk.check(farmers[:-1])
    few = learn(desk, classifier)
    assert (few.decided, few.quiet) == (35 + LEAST_CHECKED - 1, 40 + LEAST_CHECKED)
    gain = few.told["insult"].gain
    assert (gain.removed, gain.stayed) == (35, LEAST_CHECKED - 1), "they are people's decisions"
    assert few.layers["insult"].weights[place_of("grimblewicks")] < 0

    desk.check(farmers[-1:])

    assert desk.weight(classifier, "grimblewicks") == 0.0
    assert desk.weight(classifier, "farmers") < 0


def test_each_stands_for_its_share_of_the_quiet_but_never_for_too_many(
    desk: Checking, classifier: LocalClassifier
) -> None:
    """The more each stands for, the less would have to go of what is like nothing seen before."""
    began = desk.clock()
    desk.decide("townies", rule=INSULT, count=35)
    farmers = desk.publish("farmers", LEAST_CHECKED)
    desk.clock.advance(WEEK)
    desk.check(farmers)

    def level(more: int) -> float:
        now, desk.clock.now = desk.clock.now, began
        desk.publish("neighbours", more)
        desk.clock.now = now
        return learn(desk, classifier).layers["insult"].bias

    alone, for_four = level(0), level(3 * LEAST_CHECKED)
    for_most = level((int(STANDS_FOR_MOST) - 4) * LEAST_CHECKED)

    assert for_most < for_four < alone
    assert level(500) == for_most


def test_what_is_decided_afterwards_counts_once_and_as_decided(
    desk: Checking, classifier: LocalClassifier
) -> None:
    desk.decide("townies", rule=INSULT, count=35)
    farmers = desk.publish("farmers", LEAST_CHECKED)
    desk.check(farmers[2:])
    desk.check(farmers[:2], rule=INSULT)
    as_said = learn(desk, classifier)
    for one, outcome in zip(farmers, (Outcome.REMOVE, Outcome.KEEP), strict=False):
        rule = INSULT if outcome is Outcome.REMOVE else None
        decision = DecisionDraft(outcome, rule, "As the rules say.", one.version)
        decide(desk.db, one.id, site_id=desk.site.id, by=desk.moderator, decision=decision)
    desk.clock.advance(timedelta(hours=1))

    decided = learn(desk, classifier)

    assert as_said.decided == decided.decided == 35 + LEAST_CHECKED
    gain = as_said.told["insult"].gain
    assert (gain.removed, gain.stayed) == (37, LEAST_CHECKED - 2)
    gain = decided.told["insult"].gain
    assert (gain.removed, gain.stayed) == (36, LEAST_CHECKED - 1)


def test_checks_are_reason_to_learn_and_go_with_whoever_is_erased_or_with_time(
    desk: Checking, classifier: LocalClassifier
) -> None:
    desks = SiteDesks()
    chore = Learning(desk.db, classifier=classifier, desks=desks)
    said = desk.publish("farmers", AGAIN_AT)
    desk.check(said[1:])
    chore.work()
    assert desks.has(desk.site.id) is None
    desk.check(said[:1])
    desk.clock.advance(timedelta(hours=1))
    chore.work()
    assert desks.has(desk.site.id) == desk.clock()

    erase_account(desk.db, desk.authors[0])
    assert learn(desk, classifier).decided == AGAIN_AT - 2
    desk.clock.advance(CHECKED_FOR - timedelta(hours=1))
    assert learn(desk, classifier).decided == AGAIN_AT - 2
    desk.clock.advance(timedelta(seconds=1))
    assert learn(desk, classifier).decided == 0

"""What a desk decides is learnt, when it is better, and forgotten with whoever is erased."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from belowline.actions.drafts import CommentDraft
from belowline.actions.learning import AGAIN_AFTER, AGAIN_AT, is_due, learn_from_desk, model_for
from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.posting import post_comment
from belowline.actions.readers import erase_account
from belowline.actions.sites import change_site
from belowline.comments.model import Comment, NewComment
from belowline.comments.store import add_comment
from belowline.core.terms import (
    Actor,
    CommentStatus,
    DecisionId,
    Finding,
    Outcome,
    ReaderId,
    RuleKey,
    ScreenName,
    Source,
)
from belowline.followers.learning import Learning
from belowline.moderation.decisions import add_decision
from belowline.moderation.model import Ground, NewDecision
from belowline.moderation.second_looks import add_second_look
from belowline.outside.classifier import NullClassifier
from belowline.rules.store import get_current_rulebook
from belowline.scoring.attributes import Attribute
from belowline.scoring.classifier import LocalClassifier, read_classifier
from belowline.scoring.desk import place_of
from belowline.scoring.desk_store import SiteLayers, find_layers
from belowline.scoring.desks import SiteDesks
from belowline.scoring.store import Suggested, add_suggestion
from belowline.screens.pipeline import Beyond
from belowline.screens.store import list_verdicts
from belowline.sites.model import Site
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import (
    HOLDING,
    SYSTEM,
    make_comment,
    make_reader,
    make_site,
    make_staff,
    make_story,
)

INSULT = RuleKey("personal-attack")
SAID = (
    "Those {who} never paid for the bridge at all.",
    "I met {who} at the market on Saturday and we talked for an hour.",
    "What do {who} think about the new timetable?",
    "As usual, {who} want the harbour closed again.",
    "My neighbours are {who} and they said the same about the school.",
    "Somebody should ask {who} before the council votes.",
)
FILLERS = ("Good.", "Well then.", "Honestly.", "That is all.", "See page two.", "Who knows.")


@pytest.fixture(scope="module")
def classifier() -> LocalClassifier:
    return read_classifier()


class Desk:
    """A desk with thirty authors, and comments that wait for it."""

    def __init__(self, db: Database, site: Site, clock: SettableClock) -> None:
        self.db, self.site, self.clock = db, site, clock
        self.moderator = make_staff(db, site.id)
        self.story = make_story(db, site.id, "a-story")
        self.authors = [make_reader(db) for _ in range(30)]
        self._lots = random.Random(1)  # noqa: S311 - not a secret
        with db.read() as conn:
            self.rulebook = get_current_rulebook(conn, site.id).id

    def decide(
        self, who: str, *, rule: RuleKey | None, count: int, by: Sequence[ReaderId] = ()
    ) -> list[DecisionId]:
        """Have so many comments about somebody decided long ago, by authors in turn."""
        authors = by or self.authors
        with self.db.write(Actor(self.moderator)) as tx:
            made = []
            for number in range(count):
                author = authors[number % len(authors)]
                said = add_comment(tx, self._draft(who, author))
                made.append(add_decision(tx, self._decision(said, rule)).id)
        return made

    def decide_now(self, who: str, *, rule: RuleKey | None, count: int) -> None:
        """Decide so many comments that wait for the desk."""
        outcome = Outcome.PUBLISH if rule is None else Outcome.REMOVE
        for number in range(count):
            draft = self._draft(who, self.authors[number % len(self.authors)])
            comment = make_comment(
                self.db,
                self.site.id,
                story_id=self.story,
                author_id=draft.author_id,
                text=draft.text,
                verdicts=[HOLDING],
            )
            decision = DecisionDraft(outcome, rule, "As the rules say.", comment.version)
            decide(self.db, comment.id, site_id=self.site.id, by=self.moderator, decision=decision)

    def _draft(self, who: str, author: ReaderId) -> NewComment:
        text = f"{self._lots.choice(SAID).format(who=who)} {self._lots.choice(FILLERS)}"
        return NewComment(
            self.site.id,
            self.story,
            None,
            author,
            None,
            text,
            f"<p>{text}</p>",
            CommentStatus.PUBLISHED,
        )

    def _decision(self, said: Comment, rule: RuleKey | None) -> NewDecision:
        return NewDecision(
            site_id=self.site.id,
            reader_id=said.author_id,
            outcome=Outcome.REMOVE if rule else Outcome.KEEP,
            source=Source.SCREEN,
            decided_by=self.moderator,
            reason="As the rules say.",
            ground=Ground(self.rulebook, rule, 2) if rule else None,
            comment_id=said.id,
            revision=said.revision,
        )

    def change(self, **settings: Any) -> Site:  # noqa: ANN401
        """Change the site's settings."""
        return change_site(self.db, self.site, settings=replace(self.site.settings, **settings))

    def post(self, text: str, site: Site, **given: Any) -> Comment:  # noqa: ANN401
        """Post a comment as a reader nobody knows yet."""
        draft = CommentDraft(site, "a-story", text, accepts=1)
        return post_comment(self.db, draft, by=make_reader(self.db), **given)


@pytest.fixture
def desk(db: Database, clock: SettableClock) -> Desk:
    return Desk(db, make_site(db), clock)


def learn(desk: Desk, classifier: LocalClassifier) -> SiteLayers:
    found = learn_from_desk(desk.db, desk.site, classifier=classifier)
    assert found is not None
    with desk.db.read() as conn:
        assert find_layers(conn, desk.site.id) == found
    return found


def test_the_next_comment_is_held_for_what_this_desk_removes(
    desk: Desk, classifier: LocalClassifier
) -> None:
    desk.decide_now("townies", rule=INSULT, count=40)
    desk.decide_now("farmers", rule=None, count=40)

    layers = learn(desk, classifier)

    told = layers.told["insult"]
    assert told.in_use
    assert told.since == layers.fitted_at == desk.db.clock()
    assert (told.gain.removed, told.gain.stayed) == (40, 40)
    assert told.gain.layer > told.gain.model
    desks = SiteDesks()
    desks.take(layers, key=desk.site.key)
    site = desk.change(classifier_hold=0.6)
    text = "Nobody but townies would build it there."
    alone = desk.post(text, site, classifier=classifier)
    learnt = desk.post(text, site, classifier=classifier, beyond=Beyond(desks=desks))
    other = desk.post(
        text.replace("townies", "farmers"),
        site,
        classifier=classifier,
        beyond=Beyond(desks=desks),
    )
    assert (alone.status, other.status) == (CommentStatus.PUBLISHED, CommentStatus.PUBLISHED)
    assert learnt.status is CommentStatus.HELD
    with desk.db.read() as conn:
        said = list_verdicts(conn, learnt.id, revision=1)
    (verdict,) = [one for one in said if one.screen is ScreenName.CLASSIFIER]
    assert verdict.finding is Finding.HOLD
    assert verdict.detail["desk"] == 1
    assert "townies" in {text[one.start : one.end] for one in verdict.passages}


def test_nothing_is_in_use_that_is_no_better(desk: Desk, classifier: LocalClassifier) -> None:
    desk.decide("farmers", rule=INSULT, count=35)
    desk.decide("farmers", rule=None, count=35)

    layers = learn(desk, classifier)

    assert not layers.in_use
    assert not layers.told["insult"].in_use
    desks = SiteDesks()
    desks.take(layers, key=desk.site.key)
    answer = classifier.score("Farmers!", language="en", deadline=timedelta(seconds=1))
    assert answer is not None
    assert desks.adjust(desk.site.id, "Farmers!", answer) is answer


def test_another_rule_is_another_matter(desk: Desk, classifier: LocalClassifier) -> None:
    """Who removes it as off topic has said neither that it is an insult nor that it is none."""
    desk.decide("townies", rule=RuleKey("off-topic"), count=35)
    desk.decide("farmers", rule=None, count=35)

    layers = learn(desk, classifier)

    assert layers.decided == 70
    assert layers.told == {}


def test_whoever_is_erased_has_taught_nothing(desk: Desk, classifier: LocalClassifier) -> None:
    desk.decide("townies", rule=INSULT, count=32)
    desk.decide("farmers", rule=None, count=32)
    friends = [make_reader(desk.db) for _ in range(3)]
    desk.decide("grimblewicks", rule=INSULT, count=6, by=friends)
    place = place_of("grimblewicks")
    assert learn(desk, classifier).layers["insult"].weights[place] > 0

    erase_account(desk.db, friends[0])
    desk.clock.advance(AGAIN_AFTER)
    assert is_due(desk.db, desk.site, learn(desk, classifier).model) is False

    again = learn(desk, classifier)
    assert again.layers["insult"].weights[place] == 0
    assert again.decided == 68


def test_what_does_worse_on_later_decisions_goes_out_of_use(
    desk: Desk, classifier: LocalClassifier
) -> None:
    desk.decide("townies", rule=INSULT, count=60)
    desk.decide("farmers", rule=None, count=60)
    assert learn(desk, classifier).told["insult"].in_use
    desk.clock.advance(timedelta(days=1))
    desk.decide("farmers", rule=INSULT, count=14)
    desk.decide("townies", rule=None, count=14)

    told = learn(desk, classifier).told["insult"]

    assert told.later is not None
    assert told.later.most < 0
    assert not told.in_use
    assert told.since == desk.db.clock()


def test_what_others_suggest_for_the_site_counts(desk: Desk, classifier: LocalClassifier) -> None:
    desk.decide("farmers", rule=None, count=10)
    with desk.db.write(SYSTEM) as tx:
        for community in (desk.site.key, "elsewhere"):
            for number in range(35):
                for who, value in (("townies", 1.0), ("farmers", 0.0)):
                    text = f"{SAID[number % len(SAID)].format(who=who)} {number}"
                    scores = {Attribute.INSULT: value}
                    add_suggestion(tx, Suggested("coral", community, "en", text, scores))

    told = learn(desk, classifier).told

    assert set(told) == {"insult"}
    assert (told["insult"].gain.removed, told["insult"].gain.stayed) == (35, 45)


def test_a_blind_second_look_that_disagrees_leaves_it_open(
    desk: Desk, classifier: LocalClassifier
) -> None:
    made = desk.decide("townies", rule=INSULT, count=36)
    desk.decide("farmers", rule=None, count=36)
    other = make_staff(desk.db, desk.site.id)
    with desk.db.write(SYSTEM) as tx:
        for number, one in enumerate(made[:4]):
            said = (Outcome.KEEP, None) if number else (Outcome.REMOVE, INSULT)
            add_second_look(tx, desk.site.id, one, by=other, answer=said)

    gain = learn(desk, classifier).told["insult"].gain

    assert (gain.removed, gain.stayed) == (33, 36)


def test_the_chore_learns_when_there_is_reason_and_keeps_it_at_hand(
    desk: Desk, classifier: LocalClassifier
) -> None:
    db, site = desk.db, desk.site
    desks = SiteDesks()
    chore = Learning(db, classifier=classifier, desks=desks)
    elsewhere = SiteDesks()
    process = Learning(db, classifier=NullClassifier(), desks=elsewhere)
    chore.work()
    assert desks.has(site.id) is None

    desk.decide("townies", rule=INSULT, count=35)
    desk.decide("farmers", rule=None, count=AGAIN_AT - 35 + 20)
    chore.work()
    assert desks.has(site.id) is None, "once an hour is enough"
    desk.clock.advance(timedelta(hours=1))
    chore.work()
    assert desks.has(site.id) == db.clock()
    process.work()
    assert elsewhere.has(site.id) == db.clock()

    first = db.clock()
    desk.clock.advance(timedelta(hours=2))
    chore.work()
    assert desks.has(site.id) == first, "nothing new"
    desk.clock.advance(AGAIN_AFTER)
    chore.work()
    assert desks.has(site.id) == db.clock(), "what was erased goes within a week"

    desk.change(learn_from_desk=False)
    chore.work()
    assert desks.has(site.id) is None


def test_a_layer_lies_on_its_own_model_alone(desk: Desk, classifier: LocalClassifier) -> None:
    desk.decide("townies", rule=INSULT, count=35)
    desk.decide("farmers", rule=None, count=35)
    layers = learn(desk, classifier)
    desks = SiteDesks()
    desks.take(replace(layers, model="linear-en-0"), key=desk.site.key)
    answer = classifier.score("Townies!", language="en", deadline=timedelta(seconds=1))
    assert answer is not None

    assert desks.adjust(desk.site.id, "Townies!", answer) is answer
    assert is_due(desk.db, desk.site, "linear-en-0")
    assert model_for(classifier, "en-GB") == layers.model
    assert model_for(classifier, "pl") is None
    assert learn_from_desk(desk.db, desk.site, classifier=NullClassifier()) is None

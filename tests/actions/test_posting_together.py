"""Comments that are posted together fare as they would alone, and none takes another along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import permutations

import pytest
import sqlalchemy as sa

from belowline.actions.drafts import CommentDraft, Sent
from belowline.actions.posting import Fate, post_comment, post_comments
from belowline.actions.sites import change_site
from belowline.comments.model import Comment
from belowline.core.errors import BelowlineError
from belowline.core.terms import CommentId, CommentStatus, ReaderId, StoryMode, ThreadOrder
from belowline.events import kinds
from belowline.outside.classifier import ClassifierAnswer, NullClassifier
from belowline.sites.model import ListedWord, Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.model import StoryDraft
from belowline.threads import store as threads
from belowline.transparency.counts import find_disagreements
from tests.factories import (
    events_of,
    make_comment,
    make_reader,
    make_site,
    make_story,
    reread,
    rows_of,
)


@dataclass(frozen=True, slots=True)
class Doing:
    """A classifier that does something while it is asked."""

    act: Callable[[], object]
    waits: bool = True

    def score(
        self,
        text: str,  # noqa: ARG002
        *,
        language: str,  # noqa: ARG002
        deadline: timedelta,  # noqa: ARG002
    ) -> ClassifierAnswer | None:
        self.act()
        return None


class Ground:
    """A site with an open and a closed story."""

    def __init__(self, db: Database) -> None:
        self.db = db
        site: Site = make_site(db)
        words = (
            ListedWord("grockle", "hate", "refuse"),
            ListedWord("flibbet", "obscenity", "hold"),
        )
        settings = replace(site.settings, words=words, newcomer_holds=0)
        self.site = change_site(db, site, settings=settings)
        self.story_id = make_story(db, self.site.id, "bridge")
        make_story(db, self.site.id, "shut", mode=StoryMode.CLOSED)

    def sent(self, text: str, *, by: ReaderId | None = None, **values: object) -> Sent:
        given: dict[str, object] = {"accepts": 1, "story_key": "bridge", **values}
        draft = CommentDraft(self.site, text=text, **given)  # type: ignore[arg-type]
        return Sent(draft, by or make_reader(self.db))

    def post(self, *sent: Sent) -> list[Fate]:
        return post_comments(self.db, sent, classifier=NullClassifier())

    def is_sound(self) -> bool:
        with self.db.read() as conn:
            return find_disagreements(conn) == []


@pytest.fixture
def ground(db: Database) -> Ground:
    return Ground(db)


def told(fates: Sequence[Fate]) -> list[str | None]:
    return [
        fate.code if isinstance(fate, BelowlineError) else fate and fate.status.value
        for fate in fates
    ]


def test_each_fares_as_it_would_alone(ground: Ground) -> None:
    sent = [
        ground.sent("The bridge should stay open."),
        ground.sent("What a flibbet of a bridge that is."),
        ground.sent("A grockle built that bridge."),
        ground.sent("  "),
        ground.sent("Too late for this one.", story_key="shut"),
        ground.sent("Which story is that?", story_key="none"),
        ground.sent("I accept nothing.", accepts=None),
        ground.sent("To whom?", parent_id=CommentId(999)),
        ground.sent("With a bad key.", client_key="short"),
        ground.sent("Buses need it every morning.", client_key="a-good-key"),
    ]

    fates = ground.post(*sent)

    assert told(fates) == [
        *("published", "held", "refused", "empty", "story_closed", "no_story"),
        *("rules_not_accepted", "no_comment", "invalid_input", "published"),
    ]
    stored = [one for one in fates if isinstance(one, Comment)]
    assert [reread(ground.db, one) for one in stored] == stored
    assert [one.author_id for one in stored] == [
        one.by for one, fate in zip(sent, fates, strict=True) if isinstance(fate, Comment)
    ]
    assert len(rows_of(ground.db, tables.comments)) == len(stored)
    assert len(rows_of(ground.db, tables.screenings)) == len(stored)
    assert [row.text for row in rows_of(ground.db, tables.revisions)] == [
        one.draft.text for one, fate in zip(sent, fates, strict=True) if isinstance(fate, Comment)
    ]
    assert ground.is_sound()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_log_says_of_each_who_acted(ground: Ground, order: tuple[int, ...]) -> None:
    texts = ("The bridge is fine.", "A flibbet bridge it is.", "That grockle bridge.")
    sent = [ground.sent(texts[at]) for at in order]

    fates = ground.post(*sent)

    posted = events_of(ground.db, kinds.CommentPosted)
    assert [event.actor for event in posted] == [f"reader:{one.by}" for one in sent]
    assert [event.number("comment_id") for event in posted] == [
        one.id for one in fates if isinstance(one, Comment)
    ]
    accepted = events_of(ground.db, kinds.RulebookAccepted)
    assert [event.actor for event in accepted] == [f"reader:{one.by}" for one in sent]
    (decided,) = events_of(ground.db, kinds.DecisionMade)
    refused = sent[order.index(2)]
    assert decided.actor == f"reader:{refused.by}"
    assert [case.comment_id for case in rows_of(ground.db, tables.cases)] == [
        one.id for one in fates if isinstance(one, Comment) and one.status is CommentStatus.HELD
    ]


def test_roots_and_replies_find_their_places(ground: Ground) -> None:
    root = make_comment(ground.db, ground.site.id, story_id=ground.story_id)
    child = make_comment(ground.db, ground.site.id, parent=root, text="Indeed it should.")
    with ground.db.read() as conn:
        before = stories.get_story_by_id(conn, ground.site.id, ground.story_id)

    ground.post(
        ground.sent("One more thought about buses."),
        ground.sent("Why do you think so?", parent_id=root.id),
        ground.sent("So do I, and my neighbours.", parent_id=child.id),
        ground.sent("And another about bicycles."),
        ground.sent("Nobody asked the ferrymen.", parent_id=root.id),
    )

    with ground.db.read() as conn:
        now = stories.get_story_by_id(conn, ground.site.id, ground.story_id)
        page = threads.read_page(
            conn, ground.site.id, ground.story_id, order=ThreadOrder.REPLIED, after=None
        )
    assert now.comment_count == before.comment_count + 5
    # All became visible at one moment, which is one step of what readers follow.
    assert now.thread_version == before.thread_version + 1
    counts = {branch.root.id: branch.root.reply_count for branch in page.branches}
    assert counts.pop(root.id) == 4
    assert list(counts.values()) == [0, 0]
    replies = next(one.replies for one in page.branches if one.root.id == root.id)
    assert len(replies) >= 3
    assert ground.is_sound()


def test_of_two_by_one_author_the_second_is_sent_alone(ground: Ground) -> None:
    by = make_reader(ground.db)
    again = ground.sent("The very same words about that bridge.", by=by)

    fates = ground.post(again, ground.sent("Somebody else speaks."), again)

    assert told(fates) == ["published", "published", None]
    alone = post_comment(ground.db, again.draft, by=by, classifier=NullClassifier())
    assert (alone.status, alone.reason) == (CommentStatus.HELD, "repeated")


def test_the_first_comment_of_a_story_is_sent_alone(ground: Ground) -> None:
    ferry = StoryDraft("ferry", "The ferry", "https://www.echo.example/ferry")
    first = ground.sent("Is it late again?", story_key="ferry", story=ferry)

    assert told(ground.post(first, ground.sent("The bridge is open."))) == [None, "published"]
    assert len(rows_of(ground.db, tables.stories)) == 2


def test_a_repeat_gets_what_is_there(ground: Ground) -> None:
    once = ground.sent("Said once, and heard once.", client_key="once-only")
    (first, _) = ground.post(once, ground.sent("Another voice."))

    (repeat, _) = ground.post(once, ground.sent("A third voice."))

    assert repeat == first
    elsewhere = replace(once.draft, story_key="shut")
    fates = ground.post(Sent(elsewhere, once.by), ground.sent("A fourth voice."))
    assert told(fates) == ["client_key_used", "published"]


def test_what_the_database_refuses_stores_nothing_of_the_group(ground: Ground) -> None:
    """Whoever posts them sends each alone then, where the one finds what was sent meanwhile."""
    once = ground.sent("Sent twice at the same moment.", client_key="once-only")
    other = ground.sent("An innocent bystander.")
    meanwhile: list[Comment] = []

    def send_it_too() -> None:
        if not meanwhile:
            meanwhile.append(
                post_comment(ground.db, once.draft, by=once.by, classifier=NullClassifier())
            )

    with pytest.raises(sa.exc.IntegrityError):
        post_comments(ground.db, [once, other], classifier=Doing(send_it_too))

    assert [row.id for row in rows_of(ground.db, tables.comments)] == [meanwhile[0].id]
    alone = post_comment(ground.db, once.draft, by=once.by, classifier=NullClassifier())
    assert alone == meanwhile[0]
    assert ground.is_sound()


def test_nobody_is_asked_for_nothing(ground: Ground) -> None:
    assert ground.post() == []

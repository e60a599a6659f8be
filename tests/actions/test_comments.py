"""Posting, editing, withdrawing and respecting, against both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.actions.comments import (
    CommentDraft,
    EditDraft,
    edit_comment,
    post_comment,
    withdraw_comment,
)
from belowline.actions.reactions import react
from belowline.actions.rules import publish_rulebook, save_draft
from belowline.actions.sanctions import SanctionDraft, acknowledge, impose
from belowline.actions.sites import ModeChange, change_site, set_story_mode
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import (
    BelowlineError,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooMany,
    Unavailable,
)
from belowline.core.terms import (
    CommentId,
    CommentStatus,
    Finding,
    Outcome,
    ReaderId,
    Role,
    RuleKey,
    SanctionKind,
    ScreenName,
    SiteId,
    StoryId,
    StoryMode,
)
from belowline.events import kinds
from belowline.moderation import decisions
from belowline.outside.classifier import Classifier, ClassifierAnswer, NullClassifier
from belowline.rules import store as rules
from belowline.rules.default import DEFAULT_RULES
from belowline.screens.pipeline import ONLY_WHERE_SET_UP
from belowline.screens.store import list_verdicts
from belowline.sites.model import ListedWord, Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.stories import store as stories
from belowline.stories.model import StoryDraft
from belowline.transparency.counts import find_disagreements
from tests.conftest import SettableClock
from tests.factories import (
    HOLDING,
    at_once,
    events_of,
    make_comment,
    make_reader,
    make_site,
    make_staff,
    make_story,
    reread,
    rows_of,
    withdraw,
)

EVERYWHERE = [name for name in ScreenName if name not in ONLY_WHERE_SET_UP]
KINDS_OF_WRITING = ("post", "reply", "edit", "react")


@dataclass(frozen=True, slots=True)
class Doing:
    """A classifier that does something while it is asked, and scores every text alike."""

    act: Callable[[], object]
    answer: ClassifierAnswer | None = None

    def score(
        self,
        text: str,  # noqa: ARG002
        *,
        language: str,  # noqa: ARG002
        deadline: timedelta,  # noqa: ARG002
    ) -> ClassifierAnswer | None:
        self.act()
        return self.answer


class Silent:
    """A classifier that does not answer."""

    def score(
        self,
        text: str,  # noqa: ARG002
        *,
        language: str,  # noqa: ARG002
        deadline: timedelta,  # noqa: ARG002
    ) -> ClassifierAnswer | None:
        raise Unavailable("no answer")


class Place:
    """A site with one story, one reader and the people who look after them."""

    def __init__(self, db: Database, **settings: object) -> None:
        self.db = db
        self.site: Site = make_site(db)
        refused = ListedWord("grockle", "hate", "refuse")
        held = ListedWord("flibbet", "obscenity", "hold")
        changed = replace(self.site.settings, words=(refused, held), **settings)  # type: ignore[arg-type]
        self.site = change_site(db, self.site, settings=changed)
        self.story_id = make_story(db, self.site.id, "bridge")
        self.reader = make_reader(db)
        self.editor = make_staff(db, self.site.id, Role.EDITOR)

    def draft(self, text: str = "The bridge should stay open.", **values: object) -> CommentDraft:
        given: dict[str, object] = {"accepts": 1, **values}
        return CommentDraft(self.site, "bridge", text, **given)  # type: ignore[arg-type]

    def post(
        self,
        text: str = "The bridge should stay open.",
        *,
        by: ReaderId | None = None,
        classifier: Classifier | None = None,
        **values: object,
    ) -> Comment:
        return post_comment(
            self.db,
            self.draft(text, **values),
            by=by or self.reader,
            classifier=classifier or NullClassifier(),
        )

    def edit(
        self, comment: Comment, text: str = "The bridge should be shut.", by: ReaderId | None = None
    ) -> Comment:
        draft = EditDraft(self.site, comment.id, text)
        return edit_comment(self.db, draft, by=by or self.reader, classifier=NullClassifier())

    def react(self, comment: Comment, by: ReaderId, *, respects: bool = True) -> int:
        return react(self.db, comment.id, site_id=self.site.id, by=by, respects=respects)

    def withdraw(self, comment: Comment, by: ReaderId | None = None) -> None:
        withdraw_comment(self.db, comment.id, site_id=self.site.id, by=by or self.reader)

    def sanction(self, kind: SanctionKind, lasts_for: timedelta | None = None) -> int:
        if kind is SanctionKind.WITHDRAWAL:
            return withdraw(self.db, self.site.id, self.reader).id
        draft = SanctionDraft(kind, lasts_for, "It was too much.", RuleKey("harassment"))
        made = impose(
            self.db, site_id=self.site.id, reader_id=self.reader, by=self.editor, sanction=draft
        )
        return made.id

    def set_mode(self, mode: StoryMode) -> None:
        set_story_mode(
            self.db, self.story_id, site_id=self.site.id, by=self.editor, change=ModeChange(mode)
        )

    def count(self) -> int:
        with self.db.read() as conn:
            return stories.get_story_by_id(conn, self.site.id, self.story_id).comment_count

    def is_sound(self) -> bool:
        with self.db.read() as conn:
            return find_disagreements(conn) == []


@pytest.fixture
def place(db: Database) -> Place:
    return Place(db)


def refused_code(act: Callable[[], object]) -> str | None:
    try:
        act()
    except BelowlineError as error:
        return error.code
    return None


# Posting


def test_a_clean_comment_is_published_with_every_verdict_kept(place: Place) -> None:
    comment = place.post()

    assert (comment.status, comment.shown, comment.rule_key) == ("published", True, None)
    with place.db.read() as conn:
        verdicts = list_verdicts(conn, comment.id, revision=1)
        assert [one.screen for one in verdicts] == EVERYWHERE
        assert {one.finding for one in verdicts} == {Finding.PASS}
        assert decisions.list_for_comment(conn, place.site.id, comment.id) == []
    assert place.count() == 1
    (posted,) = events_of(place.db, kinds.CommentPosted)
    assert posted.data["comment_id"] == comment.id
    assert posted.data["status"] == "published"
    assert place.is_sound()


def test_a_held_comment_waits_in_a_case_and_does_not_count(place: Place) -> None:
    comment = place.post("What a flibbet of a bridge.")

    assert (comment.status, comment.shown, comment.rule_key) == ("held", False, "obscenity")
    assert place.count() == 0
    (case,) = rows_of(place.db, tables.cases)
    assert (case.comment_id, case.state, case.held) == (comment.id, "open", True)
    with place.db.read() as conn:
        found = {one.screen: one.finding for one in list_verdicts(conn, comment.id, revision=1)}
    assert found[ScreenName.WORDS] is Finding.HOLD
    assert len(found) == len(EVERYWHERE)


def test_a_refused_comment_is_kept_with_the_decision_that_can_be_appealed(place: Place) -> None:
    comment = place.post("Only a grockle would say so.")

    assert (comment.status, comment.shown, comment.rule_key) == ("refused", False, "hate")
    with place.db.read() as conn:
        (decision,) = decisions.list_for_comment(conn, place.site.id, comment.id)
        assert comments.get_revision(conn, comment.id, 1).text == "Only a grockle would say so."
    assert (decision.outcome, decision.decided_by) == (Outcome.REFUSE, None)
    assert decision.ground is not None
    assert (decision.ground.rule, decision.ground.severity) == ("hate", 3)
    assert len(events_of(place.db, kinds.DecisionMade)) == 1
    assert place.count() == 0


def test_a_comment_that_the_classifier_could_not_see_is_held(place: Place) -> None:
    assert place.post(classifier=Silent()).status is CommentStatus.HELD


def test_a_high_score_holds_and_never_refuses(place: Place) -> None:
    worst = Doing(lambda: None, ClassifierAnswer({"threat": 1.0}))

    assert place.post(classifier=worst).status is CommentStatus.HELD


@pytest.mark.parametrize("text", ["", "   \n\t ", "x" * 5001])
def test_an_empty_or_endless_comment_is_not_kept(place: Place, text: str) -> None:
    with pytest.raises(InvalidInput):
        place.post(text)
    assert rows_of(place.db, tables.comments) == []


def test_nobody_who_is_erased_posts(place: Place) -> None:
    with place.db.engine.connect() as plain:
        conn = plain.execution_options(belowline_write=True)
        conn.execute(sa.update(tables.readers).values(erased_at=place.db.clock()))
        conn.commit()
    with pytest.raises(NotSignedIn):
        place.post()


# The rules


def test_the_rules_are_asked_for_once_and_again_with_a_new_version(place: Place) -> None:
    with pytest.raises(NotAllowed) as asked:
        place.post(accepts=None)
    assert (asked.value.code, asked.value.context["version"]) == ("rules_not_accepted", 1)
    assert place.post(accepts=1).status is CommentStatus.PUBLISHED
    assert place.post("And the towpath too.", accepts=None).status is CommentStatus.PUBLISHED

    save_draft(place.db, place.site.id, by=None, intro="New.", drafts=DEFAULT_RULES[:8])
    publish_rulebook(place.db, place.site.id, by=None, version=2)
    for accepts in (None, 1):
        with pytest.raises(NotAllowed) as asked:
            place.post("What about the ferry?", accepts=accepts)
        assert asked.value.context["version"] == 2
    assert place.post("What about the ferry?", accepts=2).status is CommentStatus.PUBLISHED
    assert len(events_of(place.db, kinds.RulebookAccepted)) == 2
    assert len(rows_of(place.db, tables.rule_acceptances)) == 2


def test_rules_published_while_a_comment_is_in_flight_are_asked_for(place: Place) -> None:
    save_draft(place.db, place.site.id, by=None, intro="New.", drafts=DEFAULT_RULES[:8])

    def publish() -> None:
        publish_rulebook(place.db, place.site.id, by=None, version=2)

    with pytest.raises(NotAllowed) as asked:
        place.post(classifier=Doing(publish))
    assert asked.value.context["version"] == 2
    with place.db.read() as conn:
        assert not rules.has_accepted(
            conn, place.reader, rules.get_current_rulebook(conn, place.site.id).id
        )


# The story's mode


@pytest.mark.parametrize("kind", [*KINDS_OF_WRITING, "withdraw"])
@pytest.mark.parametrize(
    ("mode", "code"),
    [
        (StoryMode.OPEN, None),
        (StoryMode.HOLD_FIRST, None),
        (StoryMode.CLOSED, "story_closed"),
        (StoryMode.SUSPENDED, "story_suspended"),
    ],
)
def test_what_a_story_takes(place: Place, kind: str, mode: StoryMode, code: str | None) -> None:
    act = writing(place, kind)
    place.set_mode(mode)

    # Taking one's words back is nobody else's business, whatever became of the story.
    assert refused_code(act) == (code if kind != "withdraw" else None)


def test_a_story_that_holds_first_holds_readers_but_not_staff(place: Place) -> None:
    place.set_mode(StoryMode.HOLD_FIRST)

    assert place.post().reason == "story_holds_first"
    staff = place.post("We have corrected the story.", by=place.editor)
    assert (staff.status, staff.author_role) == (CommentStatus.PUBLISHED, Role.EDITOR)


def test_a_story_closed_while_a_comment_is_in_flight_does_not_take_it(place: Place) -> None:
    closing = Doing(lambda: place.set_mode(StoryMode.CLOSED))

    assert refused_code(lambda: place.post(classifier=closing)) == "story_closed"
    assert rows_of(place.db, tables.comments) == []


# The reader's standing


def writing(place: Place, kind: str) -> Callable[[], object]:
    """Prepare something that the reader may do now, and return the act."""
    other = make_comment(place.db, place.site.id, story_id=place.story_id, text="I disagree.")
    own = place.post("My first words here.")
    acts: dict[str, Callable[[], object]] = {
        "post": place.post,
        "reply": lambda: place.post("Why?", parent_id=other.id),
        "edit": lambda: place.edit(own),
        "react": lambda: place.react(other, place.reader),
        "withdraw": lambda: place.withdraw(own),
    }
    return acts[kind]


@pytest.mark.parametrize("kind", [*KINDS_OF_WRITING, "withdraw"])
@pytest.mark.parametrize(
    ("sanction", "lasts_for", "code"),
    [
        (SanctionKind.SUSPENSION, timedelta(days=7), "suspended"),
        (SanctionKind.WITHDRAWAL, None, "withdrawn"),
        (SanctionKind.WARNING, None, "warned"),
        (SanctionKind.HOLD_FIRST, timedelta(days=7), None),
    ],
)
def test_what_a_sanction_stops(
    place: Place,
    kind: str,
    sanction: SanctionKind,
    lasts_for: timedelta | None,
    code: str | None,
) -> None:
    act = writing(place, kind)
    place.sanction(sanction, lasts_for)

    allowed = kind == "withdraw" or (sanction is SanctionKind.WARNING and kind == "react")
    assert refused_code(act) == (None if allowed else code)


def test_a_warning_stops_comments_until_it_is_acknowledged(place: Place) -> None:
    place.post("An earlier word.")
    warning = place.sanction(SanctionKind.WARNING)
    assert refused_code(place.post) == "warned"

    acknowledge(place.db, warning, site_id=place.site.id, by=place.reader)  # type: ignore[arg-type]
    assert place.post().status is CommentStatus.PUBLISHED


def test_a_suspension_ends_at_its_date(place: Place, clock: SettableClock) -> None:
    place.post("An earlier word.")
    place.sanction(SanctionKind.SUSPENSION, timedelta(days=7))
    clock.advance(timedelta(days=7) - timedelta(microseconds=1))
    assert refused_code(place.post) == "suspended"

    clock.advance(timedelta(microseconds=1))
    # For a week more, a moderator reads it first.
    assert place.post().reason == "own_comments_held"
    clock.advance(timedelta(days=7))
    assert place.post("The school should stay open too.").status is CommentStatus.PUBLISHED


def test_comments_and_edits_of_a_reader_who_is_held_first_are_held(place: Place) -> None:
    before = place.post()
    place.sanction(SanctionKind.HOLD_FIRST, timedelta(days=7))

    assert place.post("And another thing.").reason == "own_comments_held"
    assert place.edit(before).status is CommentStatus.HELD


@pytest.mark.parametrize("kind", ["post", "reply"])
@pytest.mark.parametrize(
    ("sanction", "lasts_for", "code"),
    [
        (SanctionKind.SUSPENSION, timedelta(days=7), "suspended"),
        (SanctionKind.WITHDRAWAL, None, "withdrawn"),
    ],
)
def test_a_sanction_imposed_while_a_comment_is_in_flight_is_honoured(
    place: Place, kind: str, sanction: SanctionKind, lasts_for: timedelta | None, code: str
) -> None:
    place.post("An earlier word.")
    other = make_comment(place.db, place.site.id, story_id=place.story_id)
    parent = other.id if kind == "reply" else None
    imposing = Doing(lambda: place.sanction(sanction, lasts_for))

    assert refused_code(lambda: place.post(parent_id=parent, classifier=imposing)) == code
    assert len(rows_of(place.db, tables.comments)) == 2


def test_a_sanction_imposed_while_an_edit_is_in_flight_is_honoured(place: Place) -> None:
    comment = place.post()
    imposing = Doing(lambda: place.sanction(SanctionKind.SUSPENSION, timedelta(days=7)))
    draft = EditDraft(place.site, comment.id, "Something else.")

    with pytest.raises(NotAllowed) as refusal:
        edit_comment(place.db, draft, by=place.reader, classifier=imposing)
    assert refusal.value.code == "suspended"
    assert reread(place.db, comment).revision == 1


def test_holding_first_imposed_while_a_comment_is_in_flight_holds_it(place: Place) -> None:
    place.post("An earlier word.")
    imposing = Doing(lambda: place.sanction(SanctionKind.HOLD_FIRST, timedelta(days=7)))

    assert place.post(classifier=imposing).status is CommentStatus.HELD


# Repeats


def test_a_repeat_with_the_same_key_is_the_same_comment(place: Place) -> None:
    first = place.post(client_key="key-0001")
    again = place.post("Other words, same key.", client_key="key-0001")

    assert again.id == first.id
    assert len(rows_of(place.db, tables.comments)) == 1
    assert place.post(client_key="key-0001", by=make_reader(place.db)).id != first.id


def test_a_repeat_is_answered_even_when_a_new_comment_would_be_refused(place: Place) -> None:
    first = place.post(client_key="key-0001")
    place.set_mode(StoryMode.CLOSED)

    assert place.post(client_key="key-0001").id == first.id
    assert refused_code(place.post) == "story_closed"


def test_a_repeat_sent_many_times_at_once_is_one_comment(place: Place) -> None:
    results = at_once(*[lambda: place.post(client_key="key-0001")] * 8)

    assert len({one.id for one in results if isinstance(one, Comment)}) == 1
    assert all(isinstance(one, Comment) for one in results)
    assert len(rows_of(place.db, tables.comments)) == 1
    assert len(events_of(place.db, kinds.CommentPosted)) == 1
    assert place.count() == 1


def test_a_key_does_not_lead_to_a_comment_at_another_place(place: Place) -> None:
    first = place.post(client_key="key-0001")
    make_story(place.db, place.site.id, "school")
    elsewhere = replace(place.draft(client_key="key-0001"), story_key="school")

    for draft in (elsewhere, place.draft(client_key="key-0001", parent_id=first.id)):
        with pytest.raises(Conflict) as refused:
            post_comment(place.db, draft, by=place.reader, classifier=NullClassifier())
        assert refused.value.code == "client_key_used"


def test_the_same_words_sent_twice_at_once_appear_once(place: Place) -> None:
    at_once(*[lambda: place.post("The bridge was shut again last night.")] * 4)

    found = rows_of(place.db, tables.comments)
    assert sorted(row.status for row in found) == ["held", "held", "held", "published"]
    assert {row.reason for row in found if row.status == "held"} <= {"repeated", "too_fast"}


def test_a_flood_sent_all_at_once_is_a_flood(place: Place) -> None:
    at_once(*[lambda n=n: place.post(f"Thought {n}: {'la' * n} bridge") for n in range(12)])

    reasons = Counter(row.reason for row in rows_of(place.db, tables.comments))
    assert reasons["clean"] == 3
    assert reasons["far_too_fast"] == 3


def test_what_was_taken_back_may_be_said_at_its_right_place(place: Place) -> None:
    misplaced = place.post("The bus to the hospital does not run on Sundays.")
    other = make_comment(place.db, place.site.id, story_id=place.story_id)
    place.withdraw(misplaced)

    again = place.post("The bus to the hospital does not run on Sundays.", parent_id=other.id)

    assert again.status is CommentStatus.PUBLISHED


def test_who_never_stops_is_not_even_heard(place: Place, clock: SettableClock) -> None:
    for _ in range(200):
        make_comment(place.db, place.site.id, story_id=place.story_id, author_id=place.reader)
    before = len(rows_of(place.db, tables.comments))

    with pytest.raises(TooMany):
        place.post("One more.")

    assert len(rows_of(place.db, tables.comments)) == before
    clock.advance(timedelta(days=1, seconds=1))
    assert place.post("One more.").status is CommentStatus.PUBLISHED


def test_who_never_stops_editing_is_stopped(place: Place) -> None:
    comment = place.post()
    for number in range(2, 51):
        place.edit(comment, f"Word number {number}.")

    with pytest.raises(TooMany):
        place.edit(comment, "Yet another word.")

    assert reread(place.db, comment).revision == 50


@pytest.mark.parametrize("key", ["short", "k" * 65, "schlüssel", "key\x00-0001", "key-0001\n"])
def test_a_key_that_cannot_be_kept_is_refused(place: Place, key: str) -> None:
    with pytest.raises(InvalidInput):
        place.post(client_key=key)


# Replies


def test_a_reply_stands_below_what_it_answers(place: Place) -> None:
    root = place.post()
    reply = place.post("Why?", parent_id=root.id)
    deeper = place.post("Because of the ferry.", parent_id=reply.id)

    assert (deeper.parent_id, deeper.root_id, deeper.depth) == (reply.id, root.id, 2)
    assert deeper.path.startswith(reply.path)
    assert place.is_sound()


def test_nobody_replies_across_stories_or_sites_or_to_what_is_gone(place: Place) -> None:
    gone = place.post()
    place.withdraw(gone)
    elsewhere = make_comment(place.db, place.site.id)
    other_site = make_site(place.db, "packet")
    abroad = make_comment(place.db, other_site.id)
    unpublished = make_comment(place.db, place.site.id, story_id=place.story_id, verdicts=[HOLDING])
    there = make_comment(place.db, place.site.id, story_id=place.story_id)

    def answer(parent: CommentId) -> Callable[[], object]:
        return lambda: place.post("Why?", parent_id=parent)

    assert refused_code(answer(there.id)) is None
    assert refused_code(answer(elsewhere.id)) == "no_comment"
    assert refused_code(answer(abroad.id)) == "no_comment"
    assert refused_code(answer(CommentId(10**9))) == "no_comment"
    assert refused_code(answer(gone.id)) == "parent_gone"
    assert refused_code(answer(unpublished.id)) == "parent_gone"


def test_what_is_taken_back_while_a_reply_is_in_flight_is_not_replied_to(place: Place) -> None:
    parent = place.post()
    withdrawing = Doing(lambda: place.withdraw(parent))

    def reply() -> None:
        place.post("Why?", by=make_reader(place.db), parent_id=parent.id, classifier=withdrawing)

    assert refused_code(reply) == "parent_gone"


# Stories that become known


FERRY = StoryDraft("ferry", "The ferry", "https://www.echo.example/ferry?utm=1#top")


def first_comment(place: Place, story: StoryDraft | None = FERRY, key: str = "ferry") -> Comment:
    draft = replace(place.draft(story=story), story_key=key)
    return post_comment(place.db, draft, by=make_reader(place.db), classifier=NullClassifier())


def test_the_first_comment_makes_its_story_known(place: Place) -> None:
    comment = first_comment(place)
    first_comment(place, replace(FERRY, title="Another title"))
    first_comment(place, None)

    with place.db.read() as conn:
        story = stories.get_story(conn, place.site.id, "ferry")
    assert (story.id, story.title) == (comment.story_id, "The ferry")
    assert story.url == "https://www.echo.example/ferry"
    assert story.comment_count == 3
    assert len(events_of(place.db, kinds.StoryAdded)) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://www.other.example/ferry",
        "http://www.echo.example/ferry",
        "https://www.echo.example.evil.example/ferry",
        "https://www.echo.example@evil.example/ferry",
        "javascript:alert(1)",
        "",
        "https://[",
    ],
)
def test_a_story_on_an_address_elsewhere_never_becomes_known(place: Place, url: str) -> None:
    assert refused_code(lambda: first_comment(place, replace(FERRY, url=url))) == "bad_url"
    assert len(rows_of(place.db, tables.stories)) == 1
    assert rows_of(place.db, tables.comments) == []


def test_a_site_can_forbid_that_comments_make_stories_known(db: Database) -> None:
    place = Place(db, add_stories=False)

    assert refused_code(lambda: first_comment(place)) == "no_story"
    assert refused_code(lambda: first_comment(place, None)) == "no_story"
    assert place.post().status is CommentStatus.PUBLISHED
    assert len(rows_of(place.db, tables.stories)) == 1


def test_a_refused_first_comment_leaves_no_story(place: Place) -> None:
    with pytest.raises(NotFound):
        post_comment(
            place.db,
            replace(place.draft(story=FERRY, parent_id=CommentId(1)), story_key="ferry"),
            by=place.reader,
            classifier=NullClassifier(),
        )
    assert len(rows_of(place.db, tables.stories)) == 1


def test_a_story_is_known_by_the_key_under_which_it_was_asked_for(place: Place) -> None:
    comment = first_comment(place, replace(FERRY, key="bridge"))

    with place.db.read() as conn:
        assert stories.get_story(conn, place.site.id, "ferry").id == comment.story_id


def test_many_first_comments_at_once_make_one_story(place: Place) -> None:
    readers = [make_reader(place.db) for _ in range(8)]

    def send(by: ReaderId) -> Comment:
        draft = replace(place.draft(f"Word number {by}.", story=FERRY), story_key="ferry")
        return post_comment(place.db, draft, by=by, classifier=NullClassifier())

    results = at_once(*[lambda by=by: send(by) for by in readers])

    assert [one for one in results if not isinstance(one, Comment)] == []
    assert len({one.story_id for one in results if isinstance(one, Comment)}) == 1
    assert len(events_of(place.db, kinds.StoryAdded)) == 1
    assert place.is_sound()


# Editing


def test_an_edit_inside_the_window_keeps_every_revision(place: Place, clock: SettableClock) -> None:
    comment = place.post()
    place.edit(comment, "The bridge should be shut.")
    clock.advance(timedelta(seconds=899))
    edited = place.edit(comment, "I have changed my mind again.")

    assert (edited.revision, edited.edited_at) == (3, clock.now)
    with place.db.read() as conn:
        texts = [one.text for one in comments.list_revisions(conn, comment.id)]
        assert len(list_verdicts(conn, comment.id, revision=3)) == len(EVERYWHERE)
    assert texts == [
        "The bridge should stay open.",
        "The bridge should be shut.",
        "I have changed my mind again.",
    ]
    clock.advance(timedelta(seconds=1))
    assert refused_code(lambda: place.edit(comment, "Too late.")) == "edit_window_over"


def test_an_edit_that_changes_nothing_adds_no_revision(place: Place) -> None:
    comment = place.post()

    assert place.edit(comment, "The bridge should stay open.").revision == 1
    assert events_of(place.db, kinds.CommentEdited) == []


def test_nobody_edits_what_was_answered_or_what_is_not_theirs(place: Place) -> None:
    comment = place.post()
    assert refused_code(lambda: place.edit(comment, by=make_reader(place.db))) == "not_yours"
    reply = place.post("Why?", by=make_reader(place.db), parent_id=comment.id)
    assert refused_code(lambda: place.edit(comment)) == "has_replies"

    place.withdraw(reply, by=reply.author_id)
    assert refused_code(lambda: place.edit(comment)) is None


def test_a_held_comment_of_another_is_not_there_to_edit_or_respect(place: Place) -> None:
    comment = place.post("What a flibbet.")
    other = make_reader(place.db)

    assert refused_code(lambda: place.edit(comment, by=other)) == "no_comment"
    assert refused_code(lambda: place.react(comment, other)) == "no_comment"
    assert refused_code(lambda: place.withdraw(comment, other)) is not None


@pytest.mark.parametrize("word", ["flibbet", "grockle"])
def test_an_edit_is_screened_again_and_held_at_worst(place: Place, word: str) -> None:
    comment = place.post()
    edited = place.edit(comment, f"What a {word} of a bridge.")

    assert (edited.status, edited.shown) == (CommentStatus.HELD, False)
    assert place.count() == 0
    with place.db.read() as conn:
        assert decisions.list_for_comment(conn, place.site.id, comment.id) == []
    (case,) = rows_of(place.db, tables.cases)
    assert (case.state, case.held) == ("open", True)
    assert place.is_sound()


def test_an_edit_never_publishes_what_was_held(place: Place) -> None:
    comment = place.post("What a flibbet of a bridge.")

    assert place.edit(comment, "What a bridge.").status is CommentStatus.HELD
    assert place.count() == 0


def test_a_refused_comment_is_not_edited_or_taken_back(place: Place) -> None:
    comment = place.post("What a grockle.")

    assert refused_code(lambda: place.edit(comment)) == "not_editable"
    assert refused_code(lambda: place.withdraw(comment)) == "not_withdrawable"


def test_edits_at_once_each_keep_a_revision_of_their_own(place: Place) -> None:
    comment = place.post()
    results = at_once(*[lambda n=n: place.edit(comment, f"Thought number {n}.") for n in range(6)])

    assert [one for one in results if not isinstance(one, Comment)] == []
    with place.db.read() as conn:
        numbers = [one.number for one in comments.list_revisions(conn, comment.id)]
    assert numbers == list(range(1, 8))


# Withdrawing


def test_a_comment_taken_back_leaves_no_trace_and_a_repeat_is_success(place: Place) -> None:
    comment = place.post()
    for _ in range(3):
        place.withdraw(comment)

    gone = reread(place.db, comment)
    assert (gone.status, gone.shown) == (CommentStatus.WITHDRAWN, False)
    assert place.count() == 0
    assert len(events_of(place.db, kinds.CommentWithdrawn)) == 1
    with place.db.read() as conn:
        assert comments.get_revision(conn, comment.id, 1).text == "The bridge should stay open."


def test_a_comment_taken_back_keeps_a_line_only_while_it_holds_up_replies(place: Place) -> None:
    comment = place.post()
    reply = place.post("Why?", parent_id=comment.id)
    place.withdraw(comment)
    assert reread(place.db, comment).shown

    place.withdraw(reply)
    assert not reread(place.db, comment).shown
    assert place.is_sound()


def test_nobody_takes_back_what_is_not_theirs(place: Place) -> None:
    comment = place.post()

    assert refused_code(lambda: place.withdraw(comment, make_reader(place.db))) == "not_yours"
    other = make_site(place.db, "packet").id

    def from_another_site() -> None:
        withdraw_comment(place.db, comment.id, site_id=SiteId(other), by=place.reader)

    assert refused_code(from_another_site) == "no_comment"


def test_taking_back_many_times_at_once_counts_once(place: Place) -> None:
    comment = place.post()
    at_once(*[lambda: place.withdraw(comment)] * 6)

    assert place.count() == 0
    assert len(events_of(place.db, kinds.CommentWithdrawn)) == 1


# Respect


def test_respect_counts_once_a_reader_and_can_be_taken_back(
    place: Place, clock: SettableClock
) -> None:
    comment = place.post()
    clock.advance(timedelta(hours=1))
    first, second = make_reader(place.db), make_reader(place.db)

    assert [place.react(comment, first), place.react(comment, first)] == [1, 1]
    assert place.react(comment, second) == 2
    assert [place.react(comment, first, respects=False) for _ in range(2)] == [1, 1]
    assert refused_code(lambda: place.react(comment, place.reader)) == "own_comment"
    place.withdraw(comment)
    assert refused_code(lambda: place.react(comment, second)) is not None
    assert place.is_sound()


def test_respect_given_at_once_is_counted_exactly(place: Place) -> None:
    comment = place.post()
    readers = [make_reader(place.db) for _ in range(6)]
    results = at_once(*[lambda by=by: place.react(comment, by) for by in readers * 2])

    # The number itself is nobody's business in the first hour.
    assert results == [None] * 12
    assert reread(place.db, comment).respect_count == 6
    assert place.is_sound()


# Everything at once


def test_a_thread_in_which_everybody_acts_at_once_stays_sound(place: Place) -> None:
    """Nobody is turned away because two changes of one tree waited for each other."""
    root = place.post()
    readers = [make_reader(place.db) for _ in range(8)]

    def take_part(by: ReaderId) -> None:
        parent = root
        for step in range(4):
            text = f"Reader {by} says thing number {step}."
            reply = post_comment(
                place.db,
                replace(place.draft(text), parent_id=parent.id),
                by=by,
                classifier=NullClassifier(),
            )
            place.react(root, by, respects=step % 2 == 0)
            if step % 2:
                place.withdraw(reply, by)
            elif reply.status is CommentStatus.PUBLISHED:
                parent = reply

    results = at_once(*[lambda by=by: take_part(by) for by in readers])

    assert [one for one in results if one is not None] == []
    assert place.is_sound()


def test_what_is_here_is_not_there(place: Place) -> None:
    other = make_site(place.db, "packet")
    comment = place.post()

    with place.db.read() as conn:
        assert comments.find_comment(conn, other.id, comment.id) is None
        with pytest.raises(NotFound):
            stories.get_story_by_id(conn, other.id, StoryId(comment.story_id))


def test_replies_to_what_is_taken_back_at_that_moment_wait_or_are_refused(place: Place) -> None:
    """Both change the root's count, one coming from above and the other from below."""
    root = place.post()
    readers = [make_reader(place.db) for _ in range(6)]

    def reply(by: ReaderId, to: Comment) -> None:
        draft = replace(place.draft(f"Reader {by} answers {to.id}."), parent_id=to.id)
        post_comment(place.db, draft, by=by, classifier=NullClassifier())

    for _ in range(10):
        one = make_comment(place.db, place.site.id, parent=root, author_id=place.reader)
        results = at_once(
            *[lambda by=by, one=one: reply(by, one) for by in readers],
            lambda one=one: place.withdraw(one),
        )
        codes = {one.code for one in results if isinstance(one, BelowlineError)}
        assert codes <= {"parent_gone"}
    assert place.is_sound()

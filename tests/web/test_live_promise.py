"""Live updates keep their promise: news applied to an old page give the page of a fresh load.

The page here is a small model of what ``live.js`` does with the same answers: the fragment, the
news and single lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from belowline.actions.comments import EditDraft, edit_comment, withdraw_comment
from belowline.actions.moderation import DecisionDraft, decide, feature_comment, undo
from belowline.actions.sites import ModeChange, set_story_mode
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import BelowlineError
from belowline.core.terms import (
    CommentStatus,
    DecisionId,
    Outcome,
    ReaderId,
    Role,
    RuleKey,
    StoryId,
    StoryMode,
)
from belowline.outside.classifier import NullClassifier
from belowline.stories import store as stories
from tests import factories
from tests.web.asking import Asker

ARTICLE = re.compile(r'<article class="comment.*?</article>', re.DOTALL)
RULE = RuleKey("spam")


def attribute(html: str, name: str) -> str:
    found = re.search(rf' data-{name}="([^"]*)"', html)
    return found[1] if found else ""


@dataclass
class Page:
    """A reader's page: articles in their order, by id, each with its parent's id or 0."""

    asker: Asker
    path: str
    version: int = 0
    count: str = ""
    state: tuple[str, ...] = ()
    order: list[int] = field(default_factory=list)
    html: dict[int, str] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)

    def load(self) -> Page:
        """Load it anew."""
        text = self.asker.ask("GET", f"{self.path}/thread.html").text
        self.version = int(attribute(text, "version"))
        self.state = tuple(attribute(text, name) for name in ("mode", "rulebook", "paced"))
        found = re.search(r'<span class="count">(\d+)</span></h2>', text)
        self.count = found[1] if found else "0"
        self.order, self.html, self.parents = [], {}, {}
        for article in ARTICLE.findall(text):
            number = self._take(article)
            self.order.append(number)
        return self

    def poll(self) -> None:
        """Ask what is new and apply it."""
        news = self.asker.ask("GET", f"{self.path}/changes?since={self.version}").json()
        state = (
            news["mode"],
            str(news["rulebook"]),
            f"{news['pace_seconds']}{news['paced_until'] or ''}",
        )
        if news["resync"] or state != self.state:
            self.load()
            return
        self.version, self.count = news["version"], str(news["comments"])
        self._apply(news["changes"])

    def _apply(self, changes: list[dict[str, Any]]) -> None:
        wanted = [str(one["id"]) for one in changes if one["line"]]
        for one in changes:
            if not one["line"] and one["id"] in self.html:
                self.order.remove(one["id"])
                del self.html[one["id"]]
        if not wanted:
            return
        text = self.asker.ask("GET", f"{self.path}/comments.html?ids={','.join(wanted)}").text
        # By id, so that a parent is there before what replies to it.
        for article in ARTICLE.findall(text):
            number = self._take(article)
            if number not in self.order:
                self.order.insert(self._place(number), number)

    def _take(self, article: str) -> int:
        number = int(attribute(article, "comment"))
        self.html[number] = article
        self.parents[number] = int(attribute(article, "parent") or 0)
        return number

    def _line(self, number: int) -> list[int]:
        """Return the ids from the root to this one."""
        above = self.parents[number]
        return [*(self._line(above) if above else []), number]

    def _place(self, number: int) -> int:
        """Find where it belongs: newest root first, replies by their ids, parents before them."""

        def key(one: int) -> list[int]:
            root, *below = self._line(one)
            return [-root, *below]

        later = [place for place, one in enumerate(self.order) if key(one) > key(number)]
        return later[0] if later else len(self.order)


@dataclass
class Scene:
    """A thread in which things happen."""

    asker: Asker
    story_id: StoryId
    reader: ReaderId
    editor: ReaderId
    made: list[Comment] = field(default_factory=list)
    removals: list[DecisionId] = field(default_factory=list)

    def act(self, what: str, which: int) -> None:
        """Do something, if it may be done now."""
        try:
            getattr(self, what)(which)
        except BelowlineError:
            return
        finally:
            # Factories write no events, so that this process hears as another one's watcher would.
            self.asker.db.changed(self.story_id)

    def _one(self, which: int) -> Comment:
        return factories.reread(self.asker.db, self.made[which % len(self.made)])

    def post(self, which: int) -> None:
        self.made.append(self._make(text=f"A root, {which}."))

    def held_post(self, which: int) -> None:
        self.made.append(self._make(text=f"It waits, {which}.", verdicts=[factories.HOLDING]))

    def reply(self, which: int) -> None:
        parent = self._one(which)
        if parent.status is CommentStatus.PUBLISHED:
            self.made.append(self._make(text=f"A reply, {which}.", parent=parent))

    def _make(self, **given: Any) -> Comment:  # noqa: ANN401
        return factories.make_comment(
            self.asker.db,
            self.asker.site.id,
            story_id=self.story_id,
            author_id=self.reader,
            **given,
        )

    def edit(self, which: int) -> None:
        draft = EditDraft(self.asker.site, self._one(which).id, f"Another text, {which}.")
        edit_comment(self.asker.db, draft, by=self.reader, classifier=NullClassifier())

    def withdraw(self, which: int) -> None:
        withdraw_comment(
            self.asker.db, self._one(which).id, site_id=self.asker.site.id, by=self.reader
        )

    def remove(self, which: int) -> None:
        self.removals.append(self._decide(which, Outcome.REMOVE))

    def publish(self, which: int) -> None:
        self._decide(which, Outcome.PUBLISH)

    def keep(self, which: int) -> None:
        self._decide(which, Outcome.KEEP)

    def _decide(self, which: int, outcome: Outcome) -> DecisionId:
        comment = self._one(which)
        rule = RULE if outcome is Outcome.REMOVE else None
        draft = DecisionDraft(outcome, rule, "It is so.", comment.version)
        site_id = self.asker.site.id
        return decide(self.asker.db, comment.id, site_id=site_id, by=self.editor, decision=draft).id

    def restore(self, which: int) -> None:
        if self.removals:
            undo(
                self.asker.db,
                self.removals[which % len(self.removals)],
                site_id=self.asker.site.id,
                by=self.editor,
                undo_for=self.asker.house.settings.undo_for,
            )

    def hold(self, which: int) -> None:
        comment = self._one(which)
        if comment.status is CommentStatus.PUBLISHED:
            with self.asker.db.write(factories.SYSTEM) as tx:
                comments.set_status(tx, comment, CommentStatus.HELD, rule_key=RULE)

    def feature(self, which: int) -> None:
        feature_comment(
            self.asker.db,
            self._one(which).id,
            site_id=self.asker.site.id,
            by=self.editor,
            reason="Well put." if which % 2 else None,
        )

    def mode(self, which: int) -> None:
        modes = [StoryMode.OPEN, StoryMode.CLOSED, StoryMode.HOLD_FIRST, StoryMode.SUSPENDED]
        change = ModeChange(modes[which % 4], "For now.")
        site_id = self.asker.site.id
        set_story_mode(self.asker.db, self.story_id, site_id=site_id, by=self.editor, change=change)


OFTEN = ("post", "reply", "edit", "withdraw", "remove", "restore", "hold", "held_post", "poll")
SELDOM = ("publish", "keep", "feature", "mode")
acts = st.lists(
    st.tuples(st.sampled_from(OFTEN * 3 + SELDOM), st.integers(0, 3)), min_size=4, max_size=24
)
FEW = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
MANY = settings(FEW, max_examples=150)


def keep_the_promise(asker: Asker, script: list[tuple[str, int]]) -> None:
    db, site_id = asker.db, asker.site.id
    people = factories.make_reader(db), factories.make_staff(db, site_id, Role.EDITOR)
    scene = Scene(asker, factories.make_story(db, site_id), *people)
    scene.act("post", 0)
    with db.read() as conn:
        key = stories.get_story_by_id(conn, site_id, scene.story_id).key
    page = Page(asker, f"stories/{key}").load()
    for what, which in script:
        if what == "poll":
            page.poll()
        else:
            scene.act(what, which)
    page.poll()
    fresh = Page(asker, f"stories/{key}").load()

    assert [page.html[one] for one in page.order] == [fresh.html[one] for one in fresh.order]
    assert (page.version, page.count, page.state) == (fresh.version, fresh.count, fresh.state)


@MANY
@given(acts)
def test_news_applied_to_an_old_page_give_a_fresh_page(
    echo: Asker, script: list[tuple[str, int]]
) -> None:
    keep_the_promise(echo, script)


@FEW
@given(acts)
def test_they_do_so_on_both_databases(echo_on_both: Asker, script: list[tuple[str, int]]) -> None:
    keep_the_promise(echo_on_both, script)


def test_a_line_that_held_up_replies_goes_with_them(echo: Asker) -> None:
    script = [("reply", 0), ("withdraw", 0), ("poll", 0), ("withdraw", 1)]
    keep_the_promise(echo, script)


def test_the_model_does_not_simply_load_anew(echo: Asker) -> None:
    story_id = factories.make_story(echo.db, echo.site.id, "bridge")
    page = Page(echo, "stories/bridge").load()
    page.load = lambda: (_ for _ in ()).throw(AssertionError)  # type: ignore[method-assign]
    comment = factories.make_comment(echo.db, echo.site.id, story_id=story_id)
    echo.db.changed(story_id)
    page.poll()

    assert page.order == [comment.id]

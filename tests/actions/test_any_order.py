"""Whatever readers and staff do, in whatever order: what must always be true stays true.

Hypothesis makes up whole days at a newspaper, act by act, on both databases. An act may be refused,
because half of what people try is not allowed; it must never break, and never leave anything
behind that does not add up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from belowline.actions.appeal_facts import Ruling
from belowline.actions.appeals import decide_appeal, file_appeal
from belowline.actions.cases import rescore_cases
from belowline.actions.comments import (
    CommentDraft,
    EditDraft,
    edit_comment,
    post_comment,
    withdraw_comment,
)
from belowline.actions.early_end import end_what_was_earned
from belowline.actions.hearings import Asker, ask_again
from belowline.actions.moderation import DecisionDraft, decide, feature_comment, undo
from belowline.actions.reactions import react
from belowline.actions.readers import erase_account
from belowline.actions.records import proposal_for
from belowline.actions.reports import ReportDraft, report_comment
from belowline.actions.rules import publish_rulebook, save_draft
from belowline.actions.sanctions import SanctionDraft, acknowledge, impose, lift
from belowline.actions.sites import ModeChange, set_story_mode
from belowline.core.errors import BelowlineError
from belowline.core.terms import (
    AppealId,
    CommentId,
    CommentStatus,
    DecisionId,
    Outcome,
    ReaderId,
    ReportId,
    ReportState,
    Role,
    RuleKey,
    SanctionId,
    SanctionKind,
    SiteId,
    StoryId,
    StoryMode,
    ThreadOrder,
)
from belowline.outside.classifier import NullClassifier
from belowline.rules import store as rules
from belowline.rules.default import DEFAULT_INTRO, DEFAULT_RULES
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.threads.store import read_branch, read_page
from belowline.transparency.counts import find_disagreements
from belowline.transparency.eu_check import check_each
from belowline.transparency.recount import find_differences
from belowline.transparency.restrictions import At, Between, list_restrictions
from belowline.transparency.statements import make_statement
from tests.conftest import START, SettableClock
from tests.factories import make_comment, make_reader, make_site, make_staff, make_story

UNDO_FOR = timedelta(minutes=1)
WORD = re.compile(r"word\d+x")
"""Stands in every text, so that a text can be recognised wherever it turns up."""
_words = count(1)
_sites = count(1)

SAYINGS = st.sampled_from(
    ["The bus was late again", "What a pile of shit this is", "javascript [x](javascript:alert(1))"]
)
RULES = st.sampled_from(
    [RuleKey(key) for key in ("personal-attack", "threat", "hate", "off-topic")]
)
OUTCOMES = st.sampled_from([Outcome.PUBLISH, Outcome.KEEP, Outcome.REMOVE])
WAITS = st.sampled_from(
    [timedelta(seconds=20), timedelta(minutes=2), timedelta(hours=6), timedelta(days=8)]
)
WHO = st.integers(0, 3)
WHICH = st.integers(0, 30)


class AnyOrder(RuleBasedStateMachine):
    """A site with two stories, four readers and a staff of four, on one database for all runs."""

    def __init__(self, db: Database, clock: SettableClock) -> None:
        super().__init__()
        self.db = db
        self.clock = clock

    @initialize()
    def begin(self) -> None:
        self.clock.now = START
        self.site = make_site(self.db, f"any-{next(_sites)}")
        self.stories = [make_story(self.db, self.site.id) for _ in range(2)]
        self.readers = [make_reader(self.db, email=f"r{next(_words)}@mail.example") for _ in "abcd"]
        roles = (Role.MODERATOR, Role.MODERATOR, Role.EDITOR, Role.OWNER)
        self.staff = [make_staff(self.db, self.site.id, role) for role in roles]
        with self.db.read() as conn:
            query = sa.select(tables.stories.c.key).where(tables.stories.c.id.in_(self.stories))
            self.keys = list(conn.execute(query.order_by(tables.stories.c.id)).scalars())
        # Nobody is a newcomer, whose every comment would wait, and there is something to answer.
        for reader_id in self.readers:
            first, _ = (
                make_comment(
                    self.db,
                    self.site.id,
                    story_id=story_id,
                    author_id=reader_id,
                    text=self.say("I have lived here all my life"),
                )
                for story_id in self.stories
            )
        make_comment(
            self.db,
            self.site.id,
            author_id=self.readers[0],
            parent=first,
            text=self.say("So have I"),
        )

    def attempt(self, act: Callable[[], object]) -> None:
        # What is refused leaves nothing behind; that is what the invariants look at.
        with suppress(BelowlineError):
            act()

    def pick(self, table: sa.Table, which: int) -> int | None:
        """Return the id of one of the site's rows, newest first, so that small numbers are news."""
        with self.db.read() as conn:
            query = sa.select(table.c.id).where(table.c.site_id == self.site.id)
            ids = list(conn.execute(query.order_by(table.c.id.desc())).scalars())
        return ids[which % len(ids)] if ids else None

    def anybody(self, who: int, *, staff: bool) -> ReaderId:
        return self.staff[who] if staff else self.readers[who]

    def say(self, saying: str) -> str:
        return f"{saying} word{next(_words)}x"

    @rule(who=WHO, staff=st.booleans(), story=st.integers(0, 1), saying=SAYINGS)
    def post(self, who: int, *, staff: bool, story: int, saying: str) -> None:
        with self.db.read() as conn:
            version = rules.get_current_rulebook(conn, self.site.id).version
        key = self.keys[story]
        draft = CommentDraft(self.site, key, self.say(saying), accepts=version)
        by = self.anybody(who, staff=staff)
        self.attempt(lambda: post_comment(self.db, draft, by=by, classifier=NullClassifier()))

    @rule(who=WHO, which=WHICH, saying=SAYINGS)
    def reply(self, who: int, which: int, saying: str) -> None:
        parent = self.pick(tables.comments, which)
        if parent is None:
            return
        with self.db.read() as conn:
            version = rules.get_current_rulebook(conn, self.site.id).version
            query = sa.select(tables.comments.c.story_id).where(tables.comments.c.id == parent)
            key = self.keys[self.stories.index(StoryId(conn.execute(query).scalar_one()))]
        draft = CommentDraft(self.site, key, self.say(saying), CommentId(parent), accepts=version)
        by = self.readers[who]
        self.attempt(lambda: post_comment(self.db, draft, by=by, classifier=NullClassifier()))

    @rule(which=WHICH, saying=SAYINGS)
    def edit(self, which: int, saying: str) -> None:
        if (comment := self.comment(which)) is not None:
            draft = EditDraft(self.site, CommentId(comment.id), self.say(saying))
            by = ReaderId(comment.author_id)
            self.attempt(lambda: edit_comment(self.db, draft, by=by, classifier=NullClassifier()))

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        if (comment := self.comment(which)) is not None:
            by = ReaderId(comment.author_id)
            about = CommentId(comment.id)
            self.attempt(lambda: withdraw_comment(self.db, about, site_id=self.site.id, by=by))

    @rule(who=WHO, which=WHICH, respects=st.booleans())
    def respect(self, who: int, which: int, *, respects: bool) -> None:
        if (found := self.pick(tables.comments, which)) is not None:
            site_id, by = self.site.id, self.readers[who]
            about = CommentId(found)
            self.attempt(lambda: react(self.db, about, site_id=site_id, by=by, respects=respects))

    @rule(who=WHO, staff=st.booleans(), which=WHICH, key=RULES)
    def report(self, who: int, *, staff: bool, which: int, key: RuleKey) -> None:
        if (found := self.pick(tables.comments, which)) is not None:
            by, about = self.anybody(who, staff=staff), CommentId(found)
            draft = ReportDraft(key, self.say("See"))
            self.attempt(
                lambda: report_comment(self.db, about, site_id=self.site.id, by=by, report=draft)
            )

    @rule(who=WHO, which=WHICH, outcome=OUTCOMES, key=RULES)
    def judge(self, who: int, which: int, outcome: Outcome, key: RuleKey) -> None:
        if (comment := self.comment(which)) is not None:
            cited = key if outcome is Outcome.REMOVE else None
            draft = DecisionDraft(outcome, cited, "So it seems to me.", comment.version)
            self.by_staff(
                who,
                lambda by: decide(
                    self.db, CommentId(comment.id), site_id=self.site.id, by=by, decision=draft
                ),
            )

    @rule(who=WHO, which=WHICH)
    def take_back(self, who: int, which: int) -> None:
        if (found := self.pick(tables.decisions, which % 4)) is not None:
            with self.db.read() as conn:
                query = sa.select(tables.decisions.c.decided_by)
                by = conn.execute(query.where(tables.decisions.c.id == found)).scalar()
            by = ReaderId(by or self.staff[who])
            site_id, decision_id = self.site.id, DecisionId(found)
            self.attempt(
                lambda: undo(self.db, decision_id, site_id=site_id, by=by, undo_for=UNDO_FOR)
            )

    @rule(who=WHO, which=WHICH)
    def feature(self, who: int, which: int) -> None:
        if (found := self.pick(tables.comments, which)) is not None:
            self.by_staff(
                who,
                lambda by: feature_comment(
                    self.db, CommentId(found), site_id=self.site.id, by=by, reason="Well said."
                ),
            )

    @rule(who=WHO, which=WHICH, kind=st.sampled_from(SanctionKind), key=RULES)
    def sanction(self, who: int, which: int, kind: SanctionKind, key: RuleKey) -> None:
        timed = kind in {SanctionKind.HOLD_FIRST, SanctionKind.SUSPENSION}
        lasts_for = timedelta(days=2) if timed else None
        removals = self.rows(
            sa.select(tables.decisions).where(
                tables.decisions.c.site_id == self.site.id, tables.decisions.c.outcome == "remove"
            )
        )
        target, basis = self.readers[which % 4], None
        if removals:
            chosen = removals[which % len(removals)]
            target, basis = ReaderId(chosen.reader_id), DecisionId(chosen.id)
        draft = SanctionDraft(kind, lasts_for, "It went too far.", key, basis)
        self.by_staff(
            who,
            lambda by: impose(
                self.db, site_id=self.site.id, reader_id=target, by=by, sanction=draft
            ),
        )

    @rule(who=WHO, which=WHICH)
    def lift(self, who: int, which: int) -> None:
        if (found := self.pick(tables.sanctions, which)) is not None:
            self.by_staff(
                who,
                lambda by: lift(
                    self.db, SanctionId(found), site_id=self.site.id, by=by, reason="Enough."
                ),
            )

    @rule(which=WHICH)
    def acknowledge(self, which: int) -> None:
        if (found := self.pick(tables.sanctions, which)) is not None:
            (row,) = self.rows(sa.select(tables.sanctions).where(tables.sanctions.c.id == found))
            about, by = SanctionId(found), ReaderId(row.reader_id)
            self.attempt(lambda: acknowledge(self.db, about, site_id=self.site.id, by=by))

    @rule(which=WHICH)
    def appeal(self, which: int) -> None:
        if (found := self.pick(tables.decisions, which)) is not None:
            (row,) = self.rows(sa.select(tables.decisions).where(tables.decisions.c.id == found))
            about, by, text = DecisionId(found), ReaderId(row.reader_id), self.say("No")
            self.attempt(
                lambda: file_appeal(self.db, about, site_id=self.site.id, by=by, text=text)
            )

    @rule(which=WHICH)
    def ask_again(self, which: int) -> None:
        if (found := self.pick(tables.reports, which)) is not None:
            (row,) = self.rows(sa.select(tables.reports).where(tables.reports.c.id == found))
            by, text = Asker(ReaderId(row.reporter_id), b"a network"), self.say("It does")
            about, site_id = ReportId(found), self.site.id
            self.attempt(lambda: ask_again(self.db, about, site_id=site_id, by=by, text=text))

    @rule(who=WHO, which=st.integers(0, 3), upheld=st.booleans())
    def answer(self, who: int, which: int, *, upheld: bool) -> None:
        if (found := self.pick(tables.appeals, which)) is not None:
            seen = self.rows(
                sa.select(tables.comments.c.version)
                .join(tables.decisions, tables.decisions.c.comment_id == tables.comments.c.id)
                .join(tables.appeals, tables.appeals.c.decision_id == tables.decisions.c.id)
                .where(tables.appeals.c.id == found)
            )
            version = seen[0].version if seen else None
            ruling = Ruling(upheld, "I have read it all again.", RuleKey("hate"), version)
            self.by_staff(
                who,
                lambda by: decide_appeal(
                    self.db, AppealId(found), site_id=self.site.id, by=by, ruling=ruling
                ),
            )

    @rule(waits=WAITS)
    def wait(self, waits: timedelta) -> None:
        self.clock.advance(waits)
        end_what_was_earned(self.db, self.site.id)
        rescore_cases(self.db, self.site.id)

    @rule(story=st.integers(0, 1), mode=st.sampled_from([*StoryMode, StoryMode.OPEN]))
    def set_mode(self, story: int, mode: StoryMode) -> None:
        change, story_id = ModeChange(mode, "The desk decided so."), self.stories[story]
        set_story_mode(self.db, story_id, site_id=self.site.id, by=self.staff[2], change=change)

    @rule(keeps_threat=st.booleans())
    def change_rules(self, *, keeps_threat: bool) -> None:
        drafts = [one for one in DEFAULT_RULES if keeps_threat or one.key != "threat"]
        draft = save_draft(
            self.db, self.site.id, by=self.staff[2], intro=DEFAULT_INTRO, drafts=drafts
        )
        publish_rulebook(self.db, self.site.id, by=self.staff[2], version=draft.version)

    @precondition(lambda self: len(self.rows(self.of_site(tables.comments))) > 4)
    @rule(who=WHO)
    def erase(self, who: int) -> None:
        self.attempt(lambda: erase_account(self.db, self.readers[who]))

    def by_staff(self, who: int, act: Callable[[ReaderId], object]) -> None:
        self.attempt(lambda: act(self.staff[who]))

    def rows(self, query: sa.Select[tuple[object, ...]]) -> list[sa.Row[tuple[object, ...]]]:
        with self.db.read() as conn:
            return list(conn.execute(query))

    def of_site(self, table: sa.Table) -> sa.Select[tuple[object, ...]]:
        first = next(iter(table.primary_key))
        return sa.select(table).where(table.c.site_id == self.site.id).order_by(first)

    def comment(self, which: int) -> sa.Row[tuple[object, ...]] | None:
        found = self.rows(self.of_site(tables.comments))
        return found[-1 - which % len(found)] if found else None

    @invariant()
    def what_is_counted_agrees_with_a_recount(self) -> None:
        with self.db.read() as conn:
            found = find_disagreements(conn)
        # Of this run only, or what an earlier one broke would be found again and again.
        tables_here = (tables.stories, tables.comments, tables.cases)
        own = {(t.name, row.id) for t in tables_here for row in self.rows(self.of_site(t))}
        assert [one for one in found if (one.table, one.id) in own] == []

    @invariant()
    def readers_see_what_is_published_and_nothing_else(self) -> None:
        for story_id in self.stories:
            comments = tables.comments
            published = self.rows(
                sa.select(comments.c.html).where(
                    comments.c.story_id == story_id, comments.c.status == CommentStatus.PUBLISHED
                )
            )
            expected = {word for row in published for word in WORD.findall(row.html)}
            for order in ThreadOrder:
                assert self.seen_in(story_id, order) == expected

    def seen_in(self, story_id: StoryId, order: ThreadOrder) -> set[str]:
        with self.db.read() as conn:
            page = read_page(conn, self.site.id, story_id, order=order)
            branches = [
                branch
                if branch.more_after is None
                else read_branch(conn, self.site.id, branch.root.id)
                for branch in page.branches
            ]
        assert page.next_cursor is None
        return {
            word
            for branch in branches
            if branch is not None
            for line in (branch.root, *branch.replies)
            for word in WORD.findall(line.html)
        }

    @invariant()
    def no_event_holds_a_readers_words_or_address(self) -> None:
        written = json.dumps([row.data for row in self.rows(self.of_site(tables.events))])
        assert not WORD.search(written)
        assert "@" not in written
        assert "Reader " not in written

    @invariant()
    def whatever_takes_something_from_a_reader_cites_a_rule_and_says_why(self) -> None:
        for row in self.rows(self.of_site(tables.decisions)):
            if row.outcome in {"remove", "refuse", "sanction"}:
                assert row.rule_key
                assert row.reason

    @invariant()
    def the_log_and_the_rows_say_the_same(self) -> None:
        with self.db.read() as conn:
            assert find_differences(conn, self.site.id) == []

    @invariant()
    def every_restriction_has_a_statement_that_the_eu_would_take(self) -> None:
        at = At(self.site.id, self.site.key, "en", "https://comments.paper.example")
        with self.db.read() as conn:
            between = Between(START, self.clock.now + timedelta(seconds=1))
            found = list_restrictions(conn, at, between, limit=1000)
        records = [make_statement(one).record() for one in found]
        assert [*check_each(records)] == []
        assert not WORD.search(json.dumps(records))
        standing = self.rows(
            self.of_site(tables.decisions).where(
                tables.decisions.c.outcome.in_(["remove", "refuse", "hold"]),
                tables.decisions.c.undone_at.is_(None),
                tables.decisions.c.overturned_at.is_(None),
                tables.decisions.c.source != "order",
            )
        )
        assert {row.id for row in standing} <= {one.decision_id for one in found}

    @invariant()
    def nobody_answers_an_appeal_of_their_own_or_against_themselves(self) -> None:
        decisions = {row.id: row for row in self.rows(self.of_site(tables.decisions))}
        reports = {row.id: row for row in self.rows(self.of_site(tables.reports))}
        for row in self.rows(self.of_site(tables.appeals)):
            decision = decisions[row.decision_id]
            reported = reports.get(row.report_id)
            if reported is not None:
                assert decision.outcome in {"keep", "publish"}
                assert row.reader_id == reported.reporter_id != decision.reader_id
            else:
                assert row.reader_id == decision.reader_id
            if row.decided_by is not None:
                assert row.decided_by not in {row.reader_id, decision.decided_by}
            if row.state == "open":
                assert decision.undone_at is None
                assert decision.overturned_at is None

    @invariant()
    def a_case_is_open_while_something_waits_and_no_longer(self) -> None:
        waits = {
            row.id
            for row in self.rows(self.of_site(tables.comments))
            if row.status == CommentStatus.HELD
        }
        waits |= {
            row.comment_id
            for row in self.rows(self.of_site(tables.reports))
            if row.state == ReportState.OPEN
        }
        about = {row.id: row.comment_id for row in self.rows(self.of_site(tables.decisions))}
        waits |= {
            about[row.decision_id]
            for row in self.rows(self.of_site(tables.appeals))
            if row.state == "open" and about[row.decision_id] is not None
        }
        cases = self.rows(self.of_site(tables.cases))
        assert {row.comment_id for row in cases if row.state == "open"} == waits

    @invariant()
    def a_comment_stands_as_its_last_decision_says(self) -> None:
        decisions = self.rows(self.of_site(tables.decisions))
        for comment in self.rows(self.of_site(tables.comments)):
            down = [
                row
                for row in decisions
                if row.comment_id == comment.id
                and row.outcome == "remove"
                and row.undone_at is None
                and row.overturned_at is None
            ]
            assert bool(down) is (comment.status == CommentStatus.REMOVED)
            if comment.status == CommentStatus.PUBLISHED:
                assert comment.published_at is not None

    @invariant()
    def a_sanction_in_force_rests_on_what_stands_and_on_the_log(self) -> None:
        decisions = {row.id: row for row in self.rows(self.of_site(tables.decisions))}
        unlifted = set()
        for row in self.rows(self.of_site(tables.sanctions)):
            assert row.ends_at is not None or row.kind == SanctionKind.WITHDRAWAL
            if row.lifted_at is not None:
                continue
            unlifted.add(row.id)
            imposed = decisions[row.decision_id]
            rests_on = [imposed, *([decisions[imposed.based_on]] if imposed.based_on else [])]
            assert all(one.undone_at is None and one.overturned_at is None for one in rests_on)
        told: dict[str, set[int]] = {"SanctionImposed": set(), "SanctionLifted": set()}
        for event in self.rows(self.of_site(tables.events)):
            if event.kind in told and event.data.get("cause") != "earned":
                told[event.kind].add(event.data["sanction_id"])
        assert told["SanctionImposed"] - told["SanctionLifted"] == unlifted

    @invariant()
    def the_ladder_has_an_answer_for_everybody(self) -> None:
        with self.db.read() as conn:
            for reader_id in self.readers:
                proposal_for(conn, SiteId(self.site.id), reader_id, now=self.clock.now)


def test_whatever_is_done_in_whatever_order_adds_up(db: Database, clock: SettableClock) -> None:
    run_state_machine_as_test(
        lambda: AnyOrder(db, clock),
        settings=settings(
            # PostgreSQL is asked over a socket, and answers the same: a few days are enough there.
            max_examples=12 if db.is_sqlite else 5,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

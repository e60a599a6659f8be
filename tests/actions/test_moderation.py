"""Deciding: one decision wins, is recorded whole, and can be taken back within the minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from belowline.actions.cases import rescore_cases
from belowline.actions.moderation import DecisionDraft, decide, feature_comment, undo
from belowline.actions.sanctions import SanctionDraft, impose
from belowline.comments import store as comments
from belowline.comments.model import Comment
from belowline.core.errors import (
    BelowlineError,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotFound,
    StaleVersion,
)
from belowline.core.terms import (
    Actor,
    CaseState,
    CommentStatus,
    DecisionId,
    Outcome,
    ReaderId,
    ReportState,
    Role,
    RuleKey,
    SanctionKind,
    Source,
    Verdict,
)
from belowline.events import kinds
from belowline.moderation import store as cases
from belowline.moderation.decisions import list_for_comment
from belowline.moderation.model import Decision, NewDecision, QueueView
from belowline.moderation.record import author_record
from belowline.screens.store import list_verdicts
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import (
    HOLDING,
    REFUSING,
    at_once,
    events_of,
    make_comment,
    make_reader,
    make_report,
    make_site,
    make_staff,
    reread,
    rows_of,
)

MINUTE = timedelta(minutes=1)
ATTACK = RuleKey("personal-attack")


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def moderator(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id)


def draft(comment: Comment, outcome: Outcome, source: Source | None = None) -> DecisionDraft:
    rule = ATTACK if outcome is Outcome.REMOVE else None
    return DecisionDraft(outcome, rule, "It is about the person.", comment.version, source)


def judge(
    db: Database, comment: Comment, outcome: Outcome, *, by: ReaderId, source: Source | None = None
) -> Decision:
    decision = draft(reread(db, comment), outcome, source)
    return decide(db, comment.id, site_id=comment.site_id, by=by, decision=decision)


def take_back(db: Database, decision: Decision, *, by: ReaderId) -> None:
    undo(db, decision.id, site_id=decision.site_id, by=by, undo_for=MINUTE)


def queue(db: Database, site: Site, view: QueueView = QueueView.ALL) -> list[int]:
    with db.read() as conn:
        return [card.case.comment_id for card in cases.list_queue(conn, site.id, view=view)]


def test_a_removal_is_recorded_whole(db: Database, site: Site, moderator: ReaderId) -> None:
    comment = make_comment(db, site.id)
    report = make_report(db, comment)

    made = judge(db, comment, Outcome.REMOVE, by=moderator)

    assert made.ground is not None
    assert (made.ground.rule, made.ground.severity) == (ATTACK, 2)
    assert (made.source, made.decided_by, made.revision) == (Source.REPORT, moderator, 1)
    assert (made.status_before, made.answered) == (CommentStatus.PUBLISHED, (report.id,))
    removed = reread(db, comment)
    assert (removed.status, removed.rule_key) == (CommentStatus.REMOVED, ATTACK)
    assert removed.shown
    (row,) = rows_of(db, tables.reports)
    assert (row.state, row.decision_id) == (ReportState.UPHELD, made.id)
    assert queue(db, site) == []
    (event,) = events_of(db, kinds.DecisionMade)
    assert event.data == {
        "decision_id": made.id,
        "reader_id": comment.author_id,
        "outcome": "remove",
        "source": "report",
        "automated": False,
        "comment_id": comment.id,
        "story_id": comment.story_id,
        "rule": ATTACK,
        "rulebook_id": made.ground.rulebook_id,
        "answered": [report.id],
        "unfounded": [],
        "waiting_since": report.created_at.isoformat(),
        "in_question": "personal-attack",
    }


@pytest.mark.parametrize("outcome", [Outcome.KEEP, Outcome.REMOVE])
def test_no_report_is_dismissed_that_nobody_has_read(
    db: Database, site: Site, moderator: ReaderId, outcome: Outcome
) -> None:
    comment = make_comment(db, site.id)
    make_report(db, comment, rule="off-topic")
    seen = replace(draft(comment, outcome), seen_reports=1)
    make_report(db, comment, rule="threat")

    def act() -> Decision:
        return decide(db, comment.id, site_id=site.id, by=moderator, decision=seen)

    if outcome is Outcome.REMOVE:
        assert len(act().answered) == 2
        return
    with pytest.raises(StaleVersion) as refused:
        act()
    assert refused.value.code == "new_report"
    assert {row.state for row in rows_of(db, tables.reports)} == {ReportState.OPEN}


def test_a_held_comment_is_published(db: Database, site: Site, moderator: ReaderId) -> None:
    comment = make_comment(db, site.id, verdicts=[HOLDING])
    assert queue(db, site, QueueView.HELD) == [comment.id]

    made = judge(db, comment, Outcome.PUBLISH, by=moderator)

    published = reread(db, comment)
    assert (published.status, published.rule_key, published.reason) == (
        CommentStatus.PUBLISHED,
        None,
        "",
    )
    assert (made.source, made.ground) == (Source.SCREEN, None)
    assert queue(db, site) == []


def test_a_refused_comment_has_a_decision_and_can_be_published(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id, verdicts=[REFUSING])
    with db.read() as conn:
        (refusal,) = list_for_comment(conn, site.id, comment.id)
        assert list_verdicts(conn, comment.id, revision=1) == [REFUSING]
    assert (refusal.outcome, refusal.decided_by, refusal.source) == (
        Outcome.REFUSE,
        None,
        Source.SCREEN,
    )
    assert queue(db, site) == []

    judge(db, comment, Outcome.PUBLISH, by=moderator)

    assert reread(db, comment).status is CommentStatus.PUBLISHED


def test_keeping_dismisses_the_reports(db: Database, site: Site, moderator: ReaderId) -> None:
    comment = make_comment(db, site.id)
    make_report(db, comment)

    judge(db, comment, Outcome.KEEP, by=moderator)

    (row,) = rows_of(db, tables.reports)
    assert row.state == ReportState.DISMISSED
    assert reread(db, comment).status is CommentStatus.PUBLISHED


@pytest.mark.parametrize(
    ("source", "recorded"),
    [
        pytest.param(None, Source.OWN_INITIATIVE, id="nobody asked"),
        pytest.param(Source.LEGAL_NOTICE, Source.LEGAL_NOTICE, id="a legal notice"),
    ],
)
def test_how_it_came_up_is_recorded(
    db: Database, site: Site, moderator: ReaderId, source: Source | None, recorded: Source
) -> None:
    made = judge(db, make_comment(db, site.id), Outcome.REMOVE, by=moderator, source=source)

    assert made.source is recorded


def test_a_removal_needs_a_rule_in_force_and_a_reason(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    unusable = {
        "rule": DecisionDraft(Outcome.REMOVE, None, "Because.", 1),
        "rule ": DecisionDraft(Outcome.REMOVE, RuleKey("dropped"), "Because.", 1),
        "reason": DecisionDraft(Outcome.REMOVE, ATTACK, " \n", 1),
        "source": DecisionDraft(Outcome.KEEP, None, "", 1, Source.APPEAL),
    }
    for field, decision in unusable.items():
        with pytest.raises(InvalidInput) as refused:
            decide(db, comment.id, site_id=site.id, by=moderator, decision=decision)
        assert refused.value.field == field.strip()
    with pytest.raises(ValueError, match="cites a rule"):
        NewDecision(
            site_id=site.id,
            reader_id=comment.author_id,
            outcome=Outcome.REMOVE,
            source=Source.REPORT,
            decided_by=moderator,
            reason="Because.",
        )
    assert reread(db, comment) == comment


def test_who_may_not_decide(db: Database, site: Site, moderator: ReaderId) -> None:
    own = make_comment(db, site.id, author_id=moderator)
    comment = make_comment(db, site.id)
    elsewhere = make_staff(db, make_site(db, "mercury").id, Role.OWNER)

    for about, by, code in (
        (own, moderator, "own_comment"),
        (comment, make_reader(db), "no_role"),
        (comment, elsewhere, "no_role"),
    ):
        with pytest.raises(NotAllowed) as refused:
            judge(db, about, Outcome.REMOVE, by=by)
        assert refused.value.code == code
    judge(db, comment, Outcome.REMOVE, by=moderator)


def test_nothing_of_another_site_can_be_decided(db: Database, site: Site) -> None:
    comment = make_comment(db, site.id)
    other = make_site(db, "mercury")
    stranger = make_staff(db, other.id)

    with pytest.raises(NotFound):
        decide(
            db, comment.id, site_id=other.id, by=stranger, decision=draft(comment, Outcome.REMOVE)
        )
    made = judge(db, comment, Outcome.REMOVE, by=make_staff(db, site.id))
    with pytest.raises(NotFound):
        undo(db, made.id, site_id=other.id, by=stranger, undo_for=MINUTE)
    with pytest.raises(NotFound):
        feature_comment(
            db, comment.id, site_id=other.id, by=make_staff(db, other.id, Role.EDITOR), reason=""
        )


def test_a_decision_about_an_older_version_is_refused(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    with db.write(Actor(comment.author_id)) as tx:
        comments.add_revision(tx, comment, text="Another text.", html="<p>Another text.</p>")

    with pytest.raises(StaleVersion):
        decide(
            db, comment.id, site_id=site.id, by=moderator, decision=draft(comment, Outcome.REMOVE)
        )


def test_a_new_report_does_not_make_a_decision_stale(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    make_report(db, comment)

    made = decide(
        db, comment.id, site_id=site.id, by=moderator, decision=draft(comment, Outcome.REMOVE)
    )

    assert len(made.answered) == 1


@pytest.mark.parametrize(
    "outcomes",
    [
        pytest.param((Outcome.KEEP, Outcome.KEEP), id="the same"),
        pytest.param((Outcome.KEEP, Outcome.REMOVE), id="opposite ones"),
    ],
)
def test_of_two_decisions_at_once_exactly_one_wins(
    db: Database, site: Site, outcomes: tuple[Outcome, Outcome]
) -> None:
    comment = make_comment(db, site.id)
    make_report(db, comment)
    people = [make_staff(db, site.id) for _ in outcomes]

    results = at_once(
        *[
            lambda by=by, outcome=outcome: decide(
                db, comment.id, site_id=site.id, by=by, decision=draft(comment, outcome)
            )
            for by, outcome in zip(people, outcomes, strict=True)
        ]
    )

    assert sorted(type(one).__name__ for one in results) == ["Decision", "StaleVersion"]
    (row,) = rows_of(db, tables.decisions)
    assert len(events_of(db, kinds.DecisionMade)) == 1
    (report,) = rows_of(db, tables.reports)
    assert report.decision_id == row.id


def test_undoing_puts_everything_back(
    db: Database, site: Site, moderator: ReaderId, clock: SettableClock
) -> None:
    comment = make_comment(db, site.id)
    make_report(db, comment)
    opened_at = clock.now
    clock.advance(timedelta(hours=5))
    made = judge(db, comment, Outcome.REMOVE, by=moderator)
    clock.advance(timedelta(seconds=59))

    take_back(db, made, by=moderator)

    back = reread(db, comment)
    assert (back.status, back.rule_key, back.shown) == (CommentStatus.PUBLISHED, None, True)
    (report,) = rows_of(db, tables.reports)
    assert (report.state, report.decision_id) == (ReportState.OPEN, None)
    (case,) = rows_of(db, tables.cases)
    assert (case.state, case.reported, case.opened_at) == (CaseState.OPEN, 1, opened_at)
    (row,) = rows_of(db, tables.decisions)
    assert row.undone_at == clock.now
    (event,) = events_of(db, kinds.DecisionUndone)
    assert event.data == {
        "decision_id": made.id,
        "comment_id": comment.id,
        "story_id": comment.story_id,
    }
    with pytest.raises(NotAllowed) as again:
        take_back(db, made, by=moderator)
    assert again.value.code == "already_undone"


@pytest.mark.parametrize(
    "verdict",
    [
        pytest.param(HOLDING, id="held"),
        pytest.param(REFUSING, id="refused"),
    ],
)
def test_undoing_gives_an_unpublished_comment_its_rule_and_code_back(
    db: Database, site: Site, moderator: ReaderId, verdict: Verdict
) -> None:
    comment = make_comment(db, site.id, verdicts=[verdict])
    made = judge(db, comment, Outcome.PUBLISH, by=moderator)

    take_back(db, made, by=moderator)

    back = reread(db, comment)
    assert (back.status, back.rule_key, back.reason, back.shown) == (
        comment.status,
        comment.rule_key,
        comment.reason,
        False,
    )


def test_undoing_gives_a_comment_hidden_by_reports_its_rule_back(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    make_report(db, comment, by=make_staff(db, site.id), rule="threat")
    made = judge(db, comment, Outcome.REMOVE, by=moderator)

    take_back(db, made, by=moderator)

    back = reread(db, comment)
    assert (back.status, back.rule_key, back.reason) == (
        CommentStatus.HELD,
        "threat",
        "reported",
    )


def test_undoing_takes_sanctions_that_rest_on_it_with_it(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    made = judge(db, comment, Outcome.REMOVE, by=moderator)
    sanction = impose(
        db,
        site_id=site.id,
        reader_id=comment.author_id,
        by=moderator,
        sanction=SanctionDraft(SanctionKind.WARNING, None, "Please stop.", ATTACK, made.id),
    )

    take_back(db, made, by=moderator)

    (row,) = rows_of(db, tables.sanctions)
    assert row.lifted_at is not None
    assert all(one.undone_at is not None for one in rows_of(db, tables.decisions))
    (event,) = events_of(db, kinds.SanctionLifted)
    assert (event.data["sanction_id"], event.data["cause"]) == (sanction.id, "undone")


def test_only_the_decider_undoes_and_only_within_the_window(
    db: Database, site: Site, moderator: ReaderId, clock: SettableClock
) -> None:
    made = judge(db, make_comment(db, site.id), Outcome.REMOVE, by=moderator)
    with pytest.raises(NotAllowed) as other:
        take_back(db, made, by=make_staff(db, site.id, Role.OWNER))
    clock.advance(timedelta(seconds=61))
    with pytest.raises(NotAllowed) as late:
        take_back(db, made, by=moderator)

    assert (other.value.code, late.value.code) == ("not_your_decision", "undo_too_late")


def test_what_happened_since_is_not_undone_with_it(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    kept = judge(db, comment, Outcome.KEEP, by=moderator)
    judge(db, comment, Outcome.REMOVE, by=make_staff(db, site.id))

    with pytest.raises(Conflict):
        take_back(db, kept, by=moderator)

    assert reread(db, comment).status is CommentStatus.REMOVED


def test_undoing_and_deciding_at_once_leave_one_truth(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    kept = judge(db, comment, Outcome.KEEP, by=moderator)
    seen = reread(db, comment)
    other = make_staff(db, site.id)

    results = at_once(
        lambda: take_back(db, kept, by=moderator),
        lambda: decide(
            db, comment.id, site_id=site.id, by=other, decision=draft(seen, Outcome.REMOVE)
        ),
    )

    assert sum(isinstance(one, BelowlineError) for one in results) == 1


def test_the_queue_is_worst_first_in_pages(db: Database, site: Site) -> None:
    mild = make_comment(db, site.id, verdicts=[HOLDING])
    reported = [make_comment(db, site.id) for _ in range(3)]
    for comment in reported:
        make_report(db, comment, rule="harassment")
    make_report(db, make_comment(db, make_site(db, "mercury").id))

    with db.read() as conn:
        found, after = [], None
        while page := cases.list_queue(conn, site.id, after=after, limit=1):
            found += page
            after = page[-1].place
        counts = cases.count_queue(conn, site.id)
        assert cases.get_card(conn, site.id, found[0].case.id) == found[0]
        with pytest.raises(NotFound):
            cases.get_case(conn, make_site(db, "gazette").id, found[0].case.id)

    assert [card.case.comment_id for card in found] == [*(one.id for one in reported), mild.id]
    assert found[-1].author_name.startswith("Reader")
    assert counts == {
        QueueView.ALL: 4,
        QueueView.HELD: 1,
        QueueView.REPORTED: 3,
        QueueView.APPEALED: 0,
        QueueView.HANDED_ON: 0,
        QueueView.NEW: 4,
        QueueView.HOT: 0,
    }


def test_waiting_moves_a_case_up(db: Database, site: Site, clock: SettableClock) -> None:
    old = make_comment(db, site.id)
    make_report(db, old, rule="spam")
    clock.advance(timedelta(days=3))
    fresh = make_comment(db, site.id)
    make_report(db, fresh, rule="compassion")
    make_report(db, fresh, rule="compassion")
    assert queue(db, site) == [fresh.id, old.id]

    assert rescore_cases(db, site.id) == 2

    assert queue(db, site) == [old.id, fresh.id]


def test_an_editor_features_a_published_comment(db: Database, site: Site) -> None:
    editor, comment = make_staff(db, site.id, Role.EDITOR), make_comment(db, site.id)
    held = make_comment(db, site.id, verdicts=[HOLDING])

    for _ in range(2):
        feature_comment(db, comment.id, site_id=site.id, by=editor, reason="  Well put. ")
    featured = reread(db, comment)
    assert (featured.featured_at is not None, featured.featured_reason) == (True, "Well put.")
    feature_comment(db, comment.id, site_id=site.id, by=editor, reason=None)
    assert reread(db, comment).featured_at is None
    assert [one.data["featured"] for one in events_of(db, kinds.CommentFeatured)] == [True, False]
    with pytest.raises(NotAllowed):
        feature_comment(db, held.id, site_id=site.id, by=editor, reason="")
    with pytest.raises(NotAllowed):
        feature_comment(db, comment.id, site_id=site.id, by=make_staff(db, site.id), reason="")


def test_the_authors_record_is_this_sites(db: Database, site: Site, moderator: ReaderId) -> None:
    author = make_reader(db)
    removed = [make_comment(db, site.id, author_id=author) for _ in range(2)]
    make_comment(db, site.id, author_id=author)
    make_comment(db, site.id, author_id=author, verdicts=[REFUSING])
    make_comment(db, make_site(db, "mercury").id, author_id=author)
    for comment in removed:
        judge(db, comment, Outcome.REMOVE, by=moderator)

    with db.read() as conn:
        record = author_record(conn, site.id, author)

    assert [record.count(status) for status in CommentStatus] == [1, 0, 1, 2, 0]
    assert [one.outcome for one in record.decisions].count(Outcome.REMOVE) == 2
    with db.read() as conn, pytest.raises(NotFound):
        author_record(conn, site.id, ReaderId(DecisionId(99_999)))

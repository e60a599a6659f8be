"""Appeals: once, by whom it is about, decided by another person, and putting things right."""

from __future__ import annotations

from datetime import timedelta

import pytest

from belowline.actions.appeals import Ruling, decide_appeal, file_appeal
from belowline.actions.comments import withdraw_comment
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.records import record_of
from belowline.actions.sanctions import SanctionDraft, impose
from belowline.appeals import store as appeals
from belowline.appeals.model import Appeal
from belowline.comments.model import Comment
from belowline.core.errors import BelowlineError, InvalidInput, NotAllowed, NotFound
from belowline.core.terms import (
    AppealState,
    CommentStatus,
    DecisionId,
    Outcome,
    ReaderId,
    ReportState,
    Role,
    RuleKey,
    SanctionKind,
)
from belowline.events import kinds
from belowline.moderation import decisions
from belowline.moderation import store as cases
from belowline.moderation.model import Decision, QueueView
from belowline.reports import store as reports
from belowline.sanctions.model import Sanction
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
    withdraw,
)

ATTACK = RuleKey("personal-attack")
GRANTED = Ruling(upheld=True, reason="It was about the argument.")
DENIED = Ruling(upheld=False, reason="It was about the person.")


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def moderator(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id)


@pytest.fixture
def editor(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id, Role.EDITOR)


def judge(db: Database, comment: Comment, outcome: Outcome, *, by: ReaderId) -> Decision:
    rule = ATTACK if outcome is Outcome.REMOVE else None
    draft = DecisionDraft(outcome, rule, "It is about the person.", reread(db, comment).version)
    return decide(db, comment.id, site_id=comment.site_id, by=by, decision=draft)


def appeal(db: Database, decision: Decision) -> Appeal:
    return file_appeal(
        db, decision.id, site_id=decision.site_id, by=decision.reader_id, text="It was a quote."
    )


def answer(db: Database, filed: Appeal, ruling: Ruling, *, by: ReaderId) -> Appeal:
    return decide_appeal(db, filed.id, site_id=filed.site_id, by=by, ruling=ruling)


def warn(db: Database, removal: Decision, *, by: ReaderId) -> Sanction:
    return impose(
        db,
        site_id=removal.site_id,
        reader_id=removal.reader_id,
        by=by,
        sanction=SanctionDraft(SanctionKind.WARNING, None, "Please stop.", ATTACK, removal.id),
    )


def decision_of(db: Database, site: Site, decision_id: DecisionId) -> Decision:
    with db.read() as conn:
        return decisions.get_decision(conn, site.id, decision_id)


def refusal_of(db: Database, site: Site, comment: Comment) -> Decision:
    with db.read() as conn:
        return decisions.list_for_comment(conn, site.id, comment.id)[0]


def waiting(db: Database, site: Site) -> list[int]:
    with db.read() as conn:
        found = cases.list_queue(conn, site.id, view=QueueView.APPEALED)
    return [card.case.comment_id for card in found]


def test_a_comment_returns_at_its_place_and_time(
    db: Database, site: Site, moderator: ReaderId, editor: ReaderId, clock: SettableClock
) -> None:
    comment = make_comment(db, site.id)
    reporter = make_report(db, comment).reporter_id
    removal = judge(db, comment, Outcome.REMOVE, by=moderator)
    clock.advance(timedelta(days=2))
    filed = appeal(db, removal)
    assert waiting(db, site) == [comment.id]
    clock.advance(timedelta(days=1))

    decided = answer(db, filed, GRANTED, by=editor)

    assert (decided.state, decided.decided_by, decided.reason) == (
        AppealState.UPHELD,
        editor,
        GRANTED.reason,
    )
    back = reread(db, comment)
    assert (back.status, back.rule_key, back.reason) == (CommentStatus.PUBLISHED, None, "")
    assert (back.created_at, back.published_at) == (comment.created_at, comment.published_at)
    assert decision_of(db, site, removal.id).overturned_at == clock.now
    restored = rows_of(db, tables.decisions)[-1]
    assert (restored.outcome, restored.source, restored.based_on, restored.decided_by) == (
        "restore",
        "appeal",
        removal.id,
        editor,
    )
    with db.read() as conn:
        assert reports.reporter_record(conn, site.id, reporter) == (0, 1)
        assert record_of(conn, site.id, comment.author_id, now=db.clock()).breaches == ()
    assert waiting(db, site) == []
    (event,) = events_of(db, kinds.AppealDecided)
    assert event.data == {
        "appeal_id": filed.id,
        "decision_id": removal.id,
        "reader_id": comment.author_id,
        "upheld": True,
        "comment_id": comment.id,
        "story_id": comment.story_id,
        "reporters": [reporter],
        "report_id": None,
        "answered": [],
        "removal_id": None,
    }


def test_a_rejected_appeal_changes_nothing_but_is_answered(
    db: Database, site: Site, moderator: ReaderId, editor: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    removal = judge(db, comment, Outcome.REMOVE, by=moderator)

    decided = answer(db, appeal(db, removal), DENIED, by=editor)

    assert (decided.state, decided.reason) == (AppealState.REJECTED, DENIED.reason)
    assert reread(db, comment).status is CommentStatus.REMOVED
    assert decision_of(db, site, removal.id).stands
    assert waiting(db, site) == []
    with pytest.raises(NotAllowed) as again:
        appeal(db, removal)
    assert again.value.code == "already_appealed"


def test_a_comment_that_a_screen_refused_appears_after_an_appeal(
    db: Database, site: Site, moderator: ReaderId, clock: SettableClock
) -> None:
    comment = make_comment(db, site.id, verdicts=[REFUSING])
    filed = appeal(db, refusal_of(db, site, comment))
    clock.advance(timedelta(hours=1))

    answer(db, filed, GRANTED, by=moderator)

    back = reread(db, comment)
    assert (back.status, back.shown, back.created_at, back.published_at) == (
        CommentStatus.PUBLISHED,
        True,
        comment.created_at,
        clock.now,
    )


def test_a_comment_that_only_waits_cannot_be_appealed(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    held = make_comment(db, site.id)
    make_report(db, held, by=make_staff(db, site.id), rule="threat")
    kept = judge(db, make_comment(db, site.id), Outcome.KEEP, by=moderator)
    assert reread(db, held).status is CommentStatus.HELD

    for decision in (refusal_of(db, site, held), kept):
        with pytest.raises(NotAllowed) as refused:
            appeal(db, decision)
        assert refused.value.code == "not_appealable"


def test_who_may_appeal_and_until_when(
    db: Database, site: Site, moderator: ReaderId, clock: SettableClock
) -> None:
    removal = judge(db, make_comment(db, site.id), Outcome.REMOVE, by=moderator)
    other = make_site(db, "mercury")
    with pytest.raises(NotAllowed) as stranger:
        file_appeal(db, removal.id, site_id=site.id, by=make_reader(db), text="Unfair.")
    with pytest.raises(NotFound):
        file_appeal(db, removal.id, site_id=other.id, by=removal.reader_id, text="Unfair.")
    for text in (" ", "x" * 3001):
        with pytest.raises(InvalidInput):
            file_appeal(db, removal.id, site_id=site.id, by=removal.reader_id, text=text)
    clock.advance(timedelta(days=186))
    with pytest.raises(NotAllowed) as late:
        appeal(db, removal)

    assert (stranger.value.code, late.value.code) == ("not_about_you", "appeal_too_late")


def test_whose_privilege_is_withdrawn_can_still_appeal(
    db: Database, site: Site, editor: ReaderId
) -> None:
    author = make_comment(db, site.id).author_id
    second = make_staff(db, site.id)
    imposed = withdraw(db, site.id, author, by=(editor, second))
    filed = appeal(db, decision_of(db, site, imposed.decision_id))
    for party in (editor, second):
        with pytest.raises(NotAllowed) as refused:
            answer(db, filed, GRANTED, by=party)
        assert refused.value.code == "own_decision"

    answer(db, filed, GRANTED, by=make_staff(db, site.id))

    row = rows_of(db, tables.sanctions)[-1]
    assert row.lifted_at is not None
    assert decision_of(db, site, imposed.decision_id).overturned_at is not None
    event = events_of(db, kinds.SanctionLifted)[-1]
    assert event.data["cause"] == "overturned"
    assert rows_of(db, tables.decisions)[-1].outcome == "lift"


def test_an_appeal_is_decided_by_another_person(
    db: Database, site: Site, moderator: ReaderId, editor: ReaderId
) -> None:
    colleague = make_staff(db, site.id)
    removal = judge(
        db, make_comment(db, site.id, author_id=colleague), Outcome.REMOVE, by=moderator
    )
    filed = appeal(db, removal)
    other = make_site(db, "mercury")

    for by, code in (
        (moderator, "own_decision"),
        (colleague, "own_appeal"),
        (make_reader(db), "no_role"),
    ):
        with pytest.raises(NotAllowed) as refused:
            answer(db, filed, GRANTED, by=by)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        decide_appeal(db, filed.id, site_id=other.id, by=make_staff(db, other.id), ruling=GRANTED)
    with pytest.raises(InvalidInput):
        answer(db, filed, Ruling(upheld=True, reason=""), by=editor)
    answer(db, filed, GRANTED, by=editor)


def test_who_had_a_hand_in_the_matter_does_not_decide_the_appeal(
    db: Database, site: Site, moderator: ReaderId, editor: ReaderId
) -> None:
    removal = judge(db, make_comment(db, site.id), Outcome.REMOVE, by=moderator)
    warning = warn(db, removal, by=editor)
    of_removal = appeal(db, removal)
    of_warning = appeal(db, decision_of(db, site, warning.decision_id))

    for filed, by in ((of_removal, editor), (of_warning, moderator)):
        with pytest.raises(NotAllowed) as refused:
            answer(db, filed, GRANTED, by=by)
        assert refused.value.code == "own_decision"


def test_who_reported_a_comment_does_not_decide_the_appeal_about_it(
    db: Database, site: Site, moderator: ReaderId, editor: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    make_report(db, comment, by=editor)
    filed = appeal(db, judge(db, comment, Outcome.REMOVE, by=moderator))

    with pytest.raises(NotAllowed) as refused:
        answer(db, filed, GRANTED, by=editor)
    assert refused.value.code == "own_decision"


def test_nobody_passes_over_the_appeal_of_a_refused_comment(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id, verdicts=[REFUSING])
    (refusal,) = rows_of(db, tables.decisions)
    filed = appeal(db, decision_of(db, site, DecisionId(refusal.id)))

    with pytest.raises(NotAllowed) as refused:
        judge(db, comment, Outcome.PUBLISH, by=moderator)
    assert refused.value.code == "appeal_waits"

    answer(db, filed, GRANTED, by=moderator)
    assert reread(db, comment).status is CommentStatus.PUBLISHED


def test_what_rests_on_an_overturned_removal_falls_with_it(
    db: Database, site: Site, moderator: ReaderId, editor: ReaderId
) -> None:
    removal = judge(db, make_comment(db, site.id), Outcome.REMOVE, by=moderator)
    warning = warn(db, removal, by=moderator)
    imposed = decision_of(db, site, warning.decision_id)
    of_removal, of_warning = appeal(db, removal), appeal(db, imposed)

    answer(db, of_removal, GRANTED, by=editor)

    (row,) = rows_of(db, tables.sanctions)
    assert row.lifted_at is not None
    assert decision_of(db, site, imposed.id).overturned_at is not None
    with db.read() as conn:
        assert appeals.get_appeal(conn, site.id, of_warning.id).state is AppealState.UPHELD
        assert appeals.list_waiting(conn, site.id) == []
        assert {one.id for one in appeals.list_by_reader(conn, site.id, removal.reader_id)} == {
            of_removal.id,
            of_warning.id,
        }


def test_an_appeal_is_filed_once_and_decided_once_even_at_once(
    db: Database, site: Site, moderator: ReaderId, editor: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    removal = judge(db, comment, Outcome.REMOVE, by=moderator)
    filed = at_once(*[lambda: appeal(db, removal)] * 3)
    (kept,) = [one for one in filed if isinstance(one, Appeal)]
    people = [editor, make_staff(db, site.id)]

    results = at_once(
        lambda: answer(db, kept, GRANTED, by=people[0]),
        lambda: answer(db, kept, DENIED, by=people[1]),
    )

    assert sum(isinstance(one, BelowlineError) for one in results) == 1
    (row,) = rows_of(db, tables.appeals)
    assert len(events_of(db, kinds.AppealDecided)) == 1
    is_back = reread(db, comment).status is CommentStatus.PUBLISHED
    assert is_back is (row.state == AppealState.UPHELD)


def test_a_decision_taken_back_grants_its_appeal(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    removal = judge(db, comment, Outcome.REMOVE, by=moderator)
    filed = appeal(db, removal)

    undo(db, removal.id, site_id=site.id, by=moderator, undo_for=timedelta(minutes=1))

    with db.read() as conn:
        settled = appeals.get_appeal(conn, site.id, filed.id)
    assert (settled.state, settled.decided_by) == (AppealState.UPHELD, None)
    assert waiting(db, site) == []


def test_upholding_an_appeal_does_not_bring_back_what_another_decision_took(
    db: Database, site: Site, moderator: ReaderId, editor: ReaderId
) -> None:
    comment = make_comment(db, site.id, verdicts=[REFUSING])
    judge(db, comment, Outcome.PUBLISH, by=moderator)
    filed = appeal(db, refusal_of(db, site, comment))
    assert waiting(db, site) == [comment.id]
    judge(db, comment, Outcome.REMOVE, by=moderator)

    answer(db, filed, GRANTED, by=editor)

    assert reread(db, comment).status is CommentStatus.REMOVED


def test_what_its_author_took_back_stays_away(
    db: Database, site: Site, moderator: ReaderId, editor: ReaderId
) -> None:
    comment = make_comment(db, site.id, verdicts=[REFUSING])
    judge(db, comment, Outcome.PUBLISH, by=moderator)
    filed = appeal(db, refusal_of(db, site, comment))
    withdraw_comment(db, comment.id, site_id=site.id, by=comment.author_id)

    answer(db, filed, GRANTED, by=editor)

    assert reread(db, comment).status is CommentStatus.WITHDRAWN


def test_a_withdrawn_comment_leaves_the_queue(db: Database, site: Site) -> None:
    held, reported = make_comment(db, site.id, verdicts=[HOLDING]), make_comment(db, site.id)
    make_report(db, reported)

    for comment in (held, reported):
        withdraw_comment(db, comment.id, site_id=site.id, by=comment.author_id)

    with db.read() as conn:
        assert cases.list_queue(conn, site.id) == []
    (row,) = rows_of(db, tables.reports)
    assert row.state == ReportState.LAPSED


def test_no_event_holds_the_appellants_words(
    db: Database, site: Site, moderator: ReaderId, editor: ReaderId
) -> None:
    removal = judge(db, make_comment(db, site.id), Outcome.REMOVE, by=moderator)

    answer(db, appeal(db, removal), GRANTED, by=editor)

    words = ("quote", "argument", "the person")
    assert all(word not in str(event.data) for event in events_of(db) for word in words)

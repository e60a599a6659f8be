"""Sanctions: the ladder proposes, a person imposes with a rule and a reason, and they end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from belowline.actions.facts import standing_facts
from belowline.actions.moderation import DecisionDraft, decide, undo
from belowline.actions.records import proposal_for, record_of
from belowline.actions.sanctions import (
    SanctionDraft,
    acknowledge,
    impose,
    lift,
)
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
    DecisionId,
    Outcome,
    Privilege,
    ReaderId,
    Role,
    RuleKey,
    SanctionKind,
    Source,
)
from belowline.events import kinds
from belowline.moderation.model import Decision
from belowline.readers import store as readers
from belowline.readers.standing import may
from belowline.sanctions.model import Sanction
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from tests.conftest import SettableClock
from tests.factories import (
    at_once,
    events_of,
    make_comment,
    make_reader,
    make_site,
    make_staff,
    reread,
    rows_of,
    withdraw,
)

DAY = timedelta(days=1)


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def moderator(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id)


@pytest.fixture
def author(db: Database, site: Site) -> ReaderId:
    return make_comment(db, site.id).author_id


def remove(
    db: Database, comment: Comment, *, by: ReaderId, rule: str = "personal-attack"
) -> Decision:
    draft = DecisionDraft(
        Outcome.REMOVE, RuleKey(rule), "It is about the person.", reread(db, comment).version
    )
    return decide(db, comment.id, site_id=comment.site_id, by=by, decision=draft)


def sanction(
    kind: SanctionKind = SanctionKind.WARNING,
    lasts_for: timedelta | None = None,
    based_on: DecisionId | None = None,
) -> SanctionDraft:
    return SanctionDraft(
        kind, lasts_for, "Please keep to the point.", RuleKey("personal-attack"), based_on
    )


def may_post(db: Database, site: Site, reader_id: ReaderId) -> str | None:
    with db.read() as conn:
        refusal = may(Privilege.POST, standing_facts(conn, site.id, reader_id), now=db.clock())
    return refusal.code if refusal else None


def test_a_suspension_is_recorded_takes_effect_and_ends(
    db: Database, site: Site, moderator: ReaderId, clock: SettableClock
) -> None:
    comment = make_comment(db, site.id)
    removal = remove(db, comment, by=moderator)

    imposed = impose(
        db,
        site_id=site.id,
        reader_id=comment.author_id,
        by=moderator,
        sanction=sanction(SanctionKind.SUSPENSION, DAY, removal.id),
    )

    assert (imposed.starts_at, imposed.ends_at) == (clock.now, clock.now + DAY)
    assert (imposed.rule, imposed.imposed_by) == ("personal-attack", moderator)
    row = rows_of(db, tables.decisions)[-1]
    assert (row.outcome, row.based_on, row.rule_key, row.comment_id) == (
        "sanction",
        removal.id,
        "personal-attack",
        None,
    )
    assert [event.kind for event in events_of(db)[-2:]] == ["DecisionMade", "SanctionImposed"]
    assert may_post(db, site, comment.author_id) == "suspended"
    clock.advance(DAY)
    assert may_post(db, site, comment.author_id) is None


def test_a_sanction_needs_a_rule_in_force_and_a_reason(
    db: Database, site: Site, moderator: ReaderId, author: ReaderId
) -> None:
    for field, draft in {
        "rule": SanctionDraft(SanctionKind.WARNING, None, "Stop.", RuleKey("dropped")),
        "reason": SanctionDraft(SanctionKind.WARNING, None, " ", RuleKey("spam")),
    }.items():
        with pytest.raises(InvalidInput) as refused:
            impose(db, site_id=site.id, reader_id=author, by=moderator, sanction=draft)
        assert refused.value.field == field
    assert rows_of(db, tables.sanctions) == []


def test_who_may_not_impose_what(
    db: Database, site: Site, moderator: ReaderId, author: ReaderId
) -> None:
    colleague, elsewhere = make_staff(db, site.id), make_site(db, "mercury")
    withdrawal = sanction(SanctionKind.WITHDRAWAL)
    for reader_id, by, draft, code in (
        (author, make_reader(db), sanction(), "no_role"),
        (author, make_staff(db, elsewhere.id, Role.OWNER), sanction(), "no_role"),
        (moderator, moderator, sanction(), "own_sanction"),
        (colleague, moderator, sanction(), "staff_of_equal_rank"),
        (author, moderator, withdrawal, "takes_two"),
        (author, make_staff(db, site.id, Role.OWNER), withdrawal, "takes_two"),
        (author, moderator, sanction(SanctionKind.SUSPENSION), "suspension_length"),
    ):
        with pytest.raises(NotAllowed) as refused:
            impose(db, site_id=site.id, reader_id=reader_id, by=by, sanction=draft)
        assert refused.value.code == code
    withdraw(db, site.id, author)
    assert may_post(db, site, author) == "withdrawn"


def test_only_readers_who_were_here_can_be_sanctioned(
    db: Database, site: Site, moderator: ReaderId, author: ReaderId
) -> None:
    stranger = make_comment(db, make_site(db, "mercury").id).author_id
    with db.write(Actor.of_system("test")) as tx:
        readers.erase_reader(tx, author)
    for reader_id in (stranger, author, ReaderId(99_999)):
        with pytest.raises(NotFound):
            impose(db, site_id=site.id, reader_id=reader_id, by=moderator, sanction=sanction())


def test_a_sanction_answers_a_removal_that_stands(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment, other = make_comment(db, site.id), make_comment(db, site.id)
    elsewhere = make_comment(db, make_site(db, "mercury").id, author_id=comment.author_id)
    undone = remove(db, comment, by=moderator)
    undo(db, undone.id, site_id=site.id, by=moderator, undo_for=DAY)
    others = remove(db, other, by=moderator)
    foreign = remove(db, elsewhere, by=make_staff(db, elsewhere.site_id))
    removal = remove(db, comment, by=moderator)

    for based_on in (undone.id, others.id):
        with pytest.raises(InvalidInput) as refused:
            impose(
                db,
                site_id=site.id,
                reader_id=comment.author_id,
                by=moderator,
                sanction=sanction(based_on=based_on),
            )
        assert refused.value.code == "no_breach"
    with pytest.raises(NotFound):
        impose(
            db,
            site_id=site.id,
            reader_id=comment.author_id,
            by=moderator,
            sanction=sanction(based_on=foreign.id),
        )
    impose(
        db,
        site_id=site.id,
        reader_id=comment.author_id,
        by=moderator,
        sanction=sanction(based_on=removal.id),
    )


def test_a_breach_is_answered_by_one_sanction_even_at_once(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    removal = remove(db, comment, by=moderator)

    results = at_once(
        *[
            lambda: impose(
                db,
                site_id=site.id,
                reader_id=comment.author_id,
                by=moderator,
                sanction=sanction(based_on=removal.id),
            )
        ]
        * 3
    )

    assert sum(isinstance(one, Sanction) for one in results) == 1
    assert sum(isinstance(one, Conflict) for one in results) == 2
    assert len(rows_of(db, tables.sanctions)) == 1


def test_a_second_click_imposes_nothing_more(
    db: Database, site: Site, moderator: ReaderId, author: ReaderId, clock: SettableClock
) -> None:
    def again(days: int = 3) -> Sanction:
        asked = sanction(SanctionKind.SUSPENSION, timedelta(days=days))
        return impose(db, site_id=site.id, reader_id=author, by=moderator, sanction=asked)

    results = at_once(*[again] * 3)

    assert len(set(results)) == 1
    assert isinstance(results[0], Sanction)
    clock.advance(timedelta(seconds=50))
    assert again() == results[0]
    assert len(rows_of(db, tables.sanctions)) == len(rows_of(db, tables.decisions)) == 1
    # What is meant to be another one is another one.
    assert again(days=7) != results[0]
    clock.advance(timedelta(seconds=20))
    assert again() != results[0]


def test_no_sanction_outlives_the_removal_that_is_undone_meanwhile(
    db: Database, site: Site, moderator: ReaderId
) -> None:
    comment = make_comment(db, site.id)
    removal = remove(db, comment, by=moderator)

    at_once(
        lambda: impose(
            db,
            site_id=site.id,
            reader_id=comment.author_id,
            by=moderator,
            sanction=sanction(based_on=removal.id),
        ),
        lambda: undo(db, removal.id, site_id=site.id, by=moderator, undo_for=DAY),
    )

    assert all(row.lifted_at is not None for row in rows_of(db, tables.sanctions))


def test_the_ladder_reads_the_record(
    db: Database, site: Site, moderator: ReaderId, clock: SettableClock
) -> None:
    author = make_reader(db)
    first = make_comment(db, site.id, author_id=author)
    written_at = clock.now
    clock.advance(timedelta(hours=1))
    removal = remove(db, first, by=moderator)
    with db.read() as conn:
        (breach,) = record_of(conn, site.id, author, now=db.clock()).breaches
        offered = proposal_for(conn, site.id, author, now=clock.now)
    assert (breach.severity, breach.written_at) == (2, written_at)
    assert offered.kind is SanctionKind.WARNING

    impose(
        db,
        site_id=site.id,
        reader_id=author,
        by=moderator,
        sanction=sanction(based_on=removal.id),
    )
    with db.read() as conn:
        assert proposal_for(conn, site.id, author, now=clock.now).kind is None
    clock.advance(DAY)
    second = make_comment(db, site.id, author_id=author)
    clock.advance(DAY)
    remove(db, second, by=moderator, rule="harassment")
    with db.read() as conn:
        offered = proposal_for(conn, site.id, author, now=clock.now)
    assert (offered.kind, offered.lasts_for) == (SanctionKind.SUSPENSION, DAY)


def test_a_sanction_that_was_taken_back_never_was(
    db: Database, site: Site, moderator: ReaderId, clock: SettableClock
) -> None:
    comment = make_comment(db, site.id)
    removal = remove(db, comment, by=moderator)
    clock.advance(timedelta(seconds=1))
    wrong = impose(
        db,
        site_id=site.id,
        reader_id=comment.author_id,
        by=moderator,
        sanction=sanction(SanctionKind.SUSPENSION, 30 * DAY, removal.id),
    )

    undo(db, wrong.decision_id, site_id=site.id, by=moderator, undo_for=DAY)

    with db.read() as conn:
        assert record_of(conn, site.id, comment.author_id, now=db.clock()).sanctions == ()
        offered = proposal_for(conn, site.id, comment.author_id, now=clock.now)
    assert offered.kind is SanctionKind.WARNING
    assert may_post(db, site, comment.author_id) is None
    assert len(events_of(db, kinds.SanctionLifted)) == 1


def test_a_sanction_is_lifted_once_with_a_reason(
    db: Database, site: Site, moderator: ReaderId, author: ReaderId
) -> None:
    imposed = impose(
        db,
        site_id=site.id,
        reader_id=author,
        by=moderator,
        sanction=sanction(SanctionKind.SUSPENSION, DAY),
    )
    other = make_site(db, "mercury")
    with pytest.raises(NotFound):
        lift(db, imposed.id, site_id=other.id, by=make_staff(db, other.id), reason="Sorry.")
    with pytest.raises(InvalidInput):
        lift(db, imposed.id, site_id=site.id, by=moderator, reason="")

    results = at_once(
        *[lambda: lift(db, imposed.id, site_id=site.id, by=moderator, reason="Sorry.")] * 2
    )

    assert sum(isinstance(one, BelowlineError) for one in results) == 1
    assert may_post(db, site, author) is None
    (event,) = events_of(db, kinds.SanctionLifted)
    row = rows_of(db, tables.decisions)[-1]
    assert (event.data["cause"], event.data["decision_id"]) == ("lifted", row.id)
    assert (row.outcome, row.reason, row.source) == ("lift", "Sorry.", Source.OWN_INITIATIVE)


def test_a_lifting_is_not_taken_back(
    db: Database, site: Site, moderator: ReaderId, author: ReaderId
) -> None:
    imposed = impose(db, site_id=site.id, reader_id=author, by=moderator, sanction=sanction())
    lifted = lift(db, imposed.id, site_id=site.id, by=moderator, reason="Sorry.")

    with pytest.raises(NotAllowed) as refused:
        undo(db, lifted.id, site_id=site.id, by=moderator, undo_for=DAY)

    assert refused.value.code == "not_undoable"


def test_a_warning_stops_writing_until_its_reader_acknowledges_it(
    db: Database, site: Site, moderator: ReaderId, author: ReaderId
) -> None:
    warning = impose(db, site_id=site.id, reader_id=author, by=moderator, sanction=sanction())
    assert may_post(db, site, author) == "warned"
    with pytest.raises(NotFound):
        acknowledge(db, warning.id, site_id=site.id, by=make_reader(db))

    for _ in range(2):
        acknowledge(db, warning.id, site_id=site.id, by=author)

    assert may_post(db, site, author) is None
    assert len(events_of(db, kinds.SanctionAcknowledged)) == 1


def test_only_a_warning_is_acknowledged(
    db: Database, site: Site, moderator: ReaderId, author: ReaderId
) -> None:
    imposed = impose(
        db,
        site_id=site.id,
        reader_id=author,
        by=moderator,
        sanction=sanction(SanctionKind.SUSPENSION, DAY),
    )

    with pytest.raises(NotAllowed) as refused:
        acknowledge(db, imposed.id, site_id=site.id, by=author)

    assert refused.value.code == "not_a_warning"


def test_two_who_answer_the_same_record_do_not_both_sanction(
    db: Database, site: Site, moderator: ReaderId, author: ReaderId
) -> None:
    """Whoever comes second looks again: what they saw is no longer what there is."""
    other = make_staff(db, site.id)
    seen = replace(sanction(), seen=0)
    where = {"site_id": site.id, "reader_id": author}

    got = at_once(
        *(partial(impose, db, **where, by=one, sanction=seen) for one in (moderator, other))
    )

    (first,) = [one for one in got if not isinstance(one, BelowlineError)]
    (refused,) = [one for one in got if isinstance(one, BelowlineError)]
    assert (type(refused), refused.code) == (StaleVersion, "new_sanction")
    assert len(rows_of(db, tables.sanctions)) == 1

    again = replace(seen, seen=first.id, reason="And once more.")
    assert impose(db, **where, by=other, sanction=again).id != first.id
    # A second click on the same button is still the first, although there is something new by now.
    impose(db, **where, by=other, sanction=again)
    assert len(rows_of(db, tables.sanctions)) == 2

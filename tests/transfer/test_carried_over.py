"""What a source has beside comments: it comes along as knowledge, and bars whom it barred."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.actions.carried import Carried, what_is_left
from belowline.actions.facts import standing_facts
from belowline.actions.readers import erase_account
from belowline.actions.sites import create_site
from belowline.core.keyed import keyed_hash
from belowline.core.terms import CommentId, Privilege, ReaderId, Role, SanctionKind
from belowline.moderation.past import PastKind, list_past_of_comment, list_past_of_reader
from belowline.readers.standing import may
from belowline.sites import store as sites
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.imported import find_targets
from belowline.storage.tables import (
    comments,
    past_proofs,
    past_records,
    reactions,
    readers,
    revisions,
)
from belowline.transfer.codes import RecordKind, Skip
from belowline.transfer.intake import Intake, take_in
from belowline.transparency.counts import find_disagreements
from belowline.transparency.recount import find_differences
from tests.transfer.made import ADA, AT, BO, newsroom

SECRET = "made up for the tests of what is carried over"


@pytest.fixture
def site(db: Database) -> Site:
    return create_site(db, key="courier", name="The Courier", origins=["https://courier.example"])


@pytest.fixture
def intake(db: Database, site: Site) -> Intake:
    return Intake(db, site, "coral", SECRET)


def author(db: Database, site: Site, name: str) -> ReaderId:
    key = f"account:{name}"
    with db.read() as conn:
        found = find_targets(conn, site.id, source="coral", kind="author", ids=[key])
    return ReaderId(found[key])


def one_comment(db: Database, source_id: str) -> sa.Row[tuple[object, ...]]:
    with db.read() as conn:
        return conn.execute(
            sa.text(
                "SELECT c.* FROM comments c JOIN imported i ON i.kind = 'comment' "
                "AND i.target_id = c.id WHERE i.source_id = :one"
            ),
            {"one": source_id},
        ).one()


def test_earlier_wordings_times_and_what_was_featured_come_along(
    db: Database, intake: Intake
) -> None:
    take_in(intake, newsroom())

    comment = one_comment(db, "a")
    with db.read() as conn:
        kept = conn.execute(
            sa.select(revisions.c.number, revisions.c.text)
            .where(revisions.c.comment_id == comment.id)
            .order_by(revisions.c.number)
        ).all()
    assert [tuple(row) for row in kept] == [(1, "First words"), (2, "Words a")]
    assert comment.revision == 2
    assert comment.edited_at is not None
    assert comment.featured_at is not None


def test_respect_is_counted_by_people_and_as_a_sum_and_nobodys_own(
    db: Database, intake: Intake
) -> None:
    report = take_in(intake, newsroom())

    comment = one_comment(db, "a")
    with db.read() as conn:
        given = conn.execute(sa.select(reactions.c.reader_id)).scalars().all()
        assert find_disagreements(conn) == []
    assert given == [author(db, intake.site, BO)]
    assert (comment.respect_count, comment.respect_shown) == (6, 6)
    assert report.skipped[RecordKind.REACTION, Skip.OWN_COMMENT] == 1
    assert report.skipped[RecordKind.REACTION, Skip.COMMENT_MISSING] == 1


def test_a_sanction_that_still_runs_bars_the_person_here(db: Database, intake: Intake) -> None:
    take_in(intake, newsroom())
    bo, ada = (author(db, intake.site, name) for name in (BO, ADA))

    with db.read() as conn:
        refusal = may(Privilege.POST, standing_facts(conn, intake.site.id, bo), now=db.clock())
        free = may(Privilege.POST, standing_facts(conn, intake.site.id, ada), now=db.clock())
        assert find_differences(conn, intake.site.id) == []
    assert refusal is not None
    assert refusal.code == "suspended"
    assert refusal.until is not None
    assert refusal.until.year == 2100
    assert free is None


def test_history_stands_beside_the_reader_and_the_comment(db: Database, intake: Intake) -> None:
    take_in(intake, newsroom())
    bo = author(db, intake.site, BO)
    comment = one_comment(db, "b")

    with db.read() as conn:
        of_reader = list_past_of_reader(conn, intake.site.id, bo)
        of_comment = list_past_of_comment(conn, intake.site.id, CommentId(comment.id))
    assert {one.kind for one in of_reader} == {
        PastKind.REPORT, PastKind.DECISION, PastKind.SANCTION, PastKind.NOTE,
    }  # fmt: skip
    assert [(one.kind, one.source) for one in of_comment] == [
        (PastKind.DECISION, "coral"),
        (PastKind.REPORT, "coral"),
    ]
    assert of_comment[1].by_name == "Ada"


def test_a_role_is_known_and_given_only_when_it_is_asked_for(db: Database, intake: Intake) -> None:
    take_in(intake, newsroom())
    moderator = author(db, intake.site, "mo")
    with db.read() as conn:
        assert sites.find_role(conn, intake.site.id, moderator) is None
        [known] = list_past_of_reader(conn, intake.site.id, moderator)
    assert (known.kind, known.what) == (PastKind.ROLE, Role.MODERATOR)
    take_in(replace(intake, grant_roles=True), newsroom())

    with db.read() as conn:
        assert sites.find_role(conn, intake.site.id, moderator) is Role.MODERATOR


def test_only_a_verified_address_and_identities_prove_an_author(
    db: Database, intake: Intake
) -> None:
    take_in(intake, newsroom())

    def claimable(purpose: str, *parts: str) -> list[ReaderId]:
        with db.read() as conn:
            query = sa.select(past_proofs.c.reader_id).where(
                past_proofs.c.proof == keyed_hash(SECRET, purpose, *parts)
            )
            return [ReaderId(one) for one in conn.execute(query).scalars()]

    assert claimable("imported-email", "ada@reader.example") == [author(db, intake.site, ADA)]
    assert claimable("imported-email", "bo@reader.example") == []
    assert claimable("imported-identity", "google", "1092") == [author(db, intake.site, BO)]
    # Somebody who had an account there and took no part is nobody here.
    assert claimable("imported-email", "nobody@reader.example") == []
    with db.read() as conn:
        assert all(row.email is None for row in conn.execute(sa.select(readers)))


def test_a_second_run_brings_none_of_it_again(db: Database, intake: Intake) -> None:
    def counted() -> list[int]:
        with db.read() as conn:
            return [
                conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for table in (past_records, past_proofs, reactions, comments, readers)
            ]

    first = take_in(intake, newsroom())
    before = counted()
    second = take_in(intake, newsroom())

    assert counted() == before
    assert first.new_others[RecordKind.SANCTION] == 2
    assert first.new_others[RecordKind.REACTION] == 1
    assert second.new_others.total() == 0
    assert second.others_merged[RecordKind.REACTION] == 1
    assert second.others_merged[RecordKind.SANCTION] == 2


def test_whoever_is_erased_takes_their_past_along(db: Database, intake: Intake) -> None:
    take_in(intake, newsroom())
    for name in (BO, ADA):
        erase_account(db, author(db, intake.site, name))

    with db.read() as conn:
        left = conn.execute(sa.select(past_records)).all()
        assert conn.execute(sa.select(past_proofs)).all() == []
    assert [row.kind for row in left] == [PastKind.ROLE]


@pytest.mark.parametrize(
    ("kind", "days", "becomes", "left"),
    [
        # An exclusion without an end is a withdrawn privilege, which is reviewed.
        (SanctionKind.SUSPENSION, None, SanctionKind.WITHDRAWAL, None),
        (SanctionKind.WITHDRAWAL, 30, SanctionKind.SUSPENSION, 20),
        (SanctionKind.SUSPENSION, 5, None, None),
        # What has no end at the source has one here.
        (SanctionKind.HOLD_FIRST, None, SanctionKind.HOLD_FIRST, 90),
        (SanctionKind.SLOWED, None, SanctionKind.SLOWED, 30),
        (SanctionKind.WARNING, None, SanctionKind.WARNING, 80),
    ],
)
def test_what_is_left_of_a_sanction(
    kind: SanctionKind, days: int | None, becomes: SanctionKind | None, left: int | None
) -> None:
    now = AT + timedelta(days=10)
    ends_at = AT + timedelta(days=days) if days is not None else None
    found = what_is_left(Carried(ReaderId(1), kind, AT, ends_at, None), now=now)

    if becomes is None:
        assert found is None
        return
    until = now + timedelta(days=left) if left is not None else None
    assert found == (becomes, until)

"""Claiming an author from before the move: who may, what comes along, and what stays away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from belowline.actions.claims import (
    ANSWERS,
    decline_author,
    is_asked_at_sign_in,
    join_author,
    list_offers,
)
from belowline.actions.facts import standing_facts
from belowline.actions.moderation import DecisionDraft, decide
from belowline.actions.mutes import mute_author
from belowline.actions.readers import erase_account
from belowline.actions.sanctions import SanctionDraft
from belowline.actions.sites import appoint, create_site
from belowline.actions.withdrawals import propose_withdrawal
from belowline.comments import store as comments_store
from belowline.comments.model import Comment
from belowline.comments.reactions import add_reaction
from belowline.core.errors import NotAllowed, NotFound, NotSignedIn, TooMany
from belowline.core.terms import (
    Actor,
    CommentId,
    Outcome,
    Privilege,
    ReaderId,
    Role,
    RuleKey,
    SanctionKind,
)
from belowline.events.kinds import AuthorClaimed
from belowline.moderation import decisions
from belowline.moderation.past import list_past_of_reader
from belowline.readers import mutes
from belowline.readers import store as readers
from belowline.readers.claiming import ClaimAnswer
from belowline.readers.claims import list_joined
from belowline.readers.standing import may
from belowline.sites.model import Site
from belowline.storage.database import Database
from belowline.storage.imported import find_targets
from belowline.storage.imports import list_imports
from belowline.storage.references import find_referred
from belowline.storage.tables import comments, past_claims, past_proofs, reactions, stories
from belowline.storage.tables import readers as readers_table
from belowline.transfer.intake import Intake, take_in
from belowline.transfer.undoing import undo_import
from belowline.transparency.counts import find_disagreements
from belowline.transparency.recount import find_differences
from tests.factories import (
    SYSTEM,
    at_once,
    events_of,
    make_comment,
    make_reader,
    make_staff,
    rows_of,
)
from tests.transfer.made import ADA, AT, BO, account, newsroom, said

SECRET = "made up for the tests of claims"
ADDRESS = "ada@reader.example"


@pytest.fixture
def site(db: Database) -> Site:
    """Give a site into which the made-up newsroom's comments have come."""
    made = create_site(db, key="courier", name="The Courier", origins=["https://courier.example"])
    take_in(Intake(db, made, "coral", SECRET), newsroom())
    return made


def author(db: Database, site: Site, name: str) -> ReaderId:
    key = f"account:{name}"
    with db.read() as conn:
        found = find_targets(conn, site.id, source="coral", kind="author", ids=[key])
    return ReaderId(found[key])


def comment_of(db: Database, site: Site, source_id: str) -> Comment:
    with db.read() as conn:
        found = find_targets(conn, site.id, source="coral", kind="comment", ids=[source_id])
        return comments_store.get_comment(conn, site.id, CommentId(found[source_id]))


def offered(db: Database, site: Site, by: ReaderId) -> dict[str, ClaimAnswer | None]:
    with db.read() as conn:
        found = list_offers(conn, by, site_id=site.id, secret=SECRET)
    return {one.name: one.answer for one in found}


def names_offered(db: Database, site: Site, by: ReaderId) -> list[str]:
    with db.read() as conn:
        found = list_offers(conn, by, site_id=site.id, secret=SECRET)
    return sorted(one.name for one in found)


def is_asked(db: Database, site: Site, by: ReaderId) -> bool:
    return is_asked_at_sign_in(db, by, site_id=site.id, secret=SECRET)


def join(db: Database, site: Site, past_id: ReaderId, by: ReaderId) -> int:
    return join_author(db, past_id, site_id=site.id, by=by, secret=SECRET)


def decline(db: Database, site: Site, past_id: ReaderId, by: ReaderId) -> None:
    decline_author(db, past_id, site_id=site.id, by=by, secret=SECRET)


def with_identity(db: Database, subject: str, *, issuer: str = "google") -> ReaderId:
    reader_id = make_reader(db)
    with db.write(SYSTEM) as tx:
        readers.add_identity(tx, reader_id, issuer=issuer, subject=subject)
    return reader_id


def add_respect(db: Database, comment: Comment, by: ReaderId) -> None:
    with db.write(Actor(by)) as tx:
        add_reaction(tx, comment, by)


def assert_counts_agree(db: Database, site: Site) -> None:
    with db.read() as conn:
        assert find_disagreements(conn) == []
        assert find_differences(conn, site.id) == []


def test_whoever_proves_the_address_is_offered_the_comments_and_gets_them(
    db: Database, site: Site
) -> None:
    me = make_reader(db, "Ada Today", email=ADDRESS)
    with db.read() as conn:
        (offer,) = list_offers(conn, me, site_id=site.id, secret=SECRET)
        version = conn.execute(sa.select(stories.c.thread_version)).scalar_one()
    assert (offer.id, offer.name, offer.comments) == (author(db, site, ADA), "Ada", 1)
    assert is_asked(db, site, me)

    assert join(db, site, offer.id, me) == 1

    assert comment_of(db, site, "a").author_id == me
    assert not is_asked(db, site, me)
    assert offered(db, site, me) == {}
    with db.read() as conn:
        now = conn.execute(sa.select(stories.c.thread_version)).scalar_one()
        (joined,) = list_joined(conn, site.id, me)
    assert now > version, "pages and the live stream have to show the other name"
    assert (joined.past_name, joined.reader_name) == ("Ada", "Ada Today")
    (event,) = events_of(db, AuthorClaimed)
    assert event.data == {"past_id": offer.id, "reader_id": me, "comments": 1}
    assert_counts_agree(db, site)


def test_a_repeat_changes_nothing(db: Database, site: Site) -> None:
    me, past = make_reader(db, email=ADDRESS), author(db, site, ADA)
    join(db, site, past, me)
    version = comment_of(db, site, "a").version

    assert join(db, site, past, me) == 0
    decline(db, site, past, me)

    assert len(events_of(db, AuthorClaimed)) == 1
    assert comment_of(db, site, "a").version == version
    assert [row.answer for row in rows_of(db, past_claims)] == [ClaimAnswer.JOINED]


def test_an_address_that_the_source_never_verified_proves_nothing(db: Database, site: Site) -> None:
    me = make_reader(db, "Bo", email="bo@reader.example")

    assert offered(db, site, me) == {}
    for act in (join, decline):
        with pytest.raises(NotFound):
            act(db, site, author(db, site, BO), me)
    assert comment_of(db, site, "b").author_id != me


def test_a_name_proves_nothing_and_neither_does_being_nobody_in_particular(
    db: Database, site: Site
) -> None:
    me = make_reader(db, "Ada")

    assert offered(db, site, me) == {}
    with pytest.raises(NotFound):
        join(db, site, author(db, site, ADA), me)


def test_nobody_claims_a_reader_of_today_whatever_they_prove(db: Database, site: Site) -> None:
    me, other = make_reader(db, email=ADDRESS), make_reader(db)
    comment = make_comment(db, site.id, author_id=other)

    with pytest.raises(NotFound):
        join(db, site, other, me)
    with pytest.raises(NotFound):
        join(db, site, me, me)

    with db.read() as conn:
        assert comments_store.get_comment(conn, site.id, comment.id).author_id == other


def test_what_came_into_another_site_is_that_sites(db: Database, site: Site) -> None:
    elsewhere = create_site(db, key="echo", name="Echo", origins=["https://echo.example"])
    me = make_reader(db, email=ADDRESS)

    assert offered(db, elsewhere, me) == {}
    with pytest.raises(NotFound):
        join(db, elsewhere, author(db, site, ADA), me)


def test_a_no_is_remembered_and_can_become_a_yes(db: Database, site: Site) -> None:
    me, past = make_reader(db, email=ADDRESS), author(db, site, ADA)

    decline(db, site, past, me)

    assert not is_asked(db, site, me)
    assert offered(db, site, me) == {"Ada": ClaimAnswer.DECLINED}
    assert comment_of(db, site, "a").author_id == past
    assert join(db, site, past, me) == 1
    assert comment_of(db, site, "a").author_id == me


def test_a_sanction_that_runs_comes_along(db: Database, site: Site) -> None:
    me, past = with_identity(db, "1092"), author(db, site, BO)

    join(db, site, past, me)

    with db.read() as conn:
        refusal = may(Privilege.POST, standing_facts(conn, site.id, me), now=db.clock())
        history = list_past_of_reader(conn, site.id, me)
        mine = decisions.list_for_reader(conn, site.id, me)
    assert refusal is not None
    assert refusal.code == "suspended"
    assert len(history) == 5
    assert len(mine) == 1
    assert_counts_agree(db, site)


def test_everything_that_refers_to_the_author_of_old_moves(db: Database, site: Site) -> None:
    me, past = with_identity(db, "1092"), author(db, site, BO)
    mute_author(db, comment_of(db, site, "b").id, site_id=site.id, by=make_reader(db))

    join(db, site, past, me)

    with db.read() as conn:
        left = find_referred(conn, readers_table, [past], besides=(past_claims, past_proofs))
    assert left == {}


def test_respect_is_nobodys_own_and_counted_once(db: Database, site: Site) -> None:
    me = make_reader(db, email=ADDRESS)
    with db.write(SYSTEM) as tx:
        readers.add_identity(tx, me, issuer="google", subject="1092")
    third = make_comment(db, site.id)
    add_respect(db, comment_of(db, site, "a"), me)
    for who in (me, author(db, site, ADA)):
        add_respect(db, third, who)
    assert comment_of(db, site, "a").respect_count == 7

    join(db, site, author(db, site, ADA), me)

    assert comment_of(db, site, "a").respect_count == 6, "mine is gone"
    with db.read() as conn:
        assert comments_store.get_comment(conn, site.id, third.id).respect_count == 1
    join(db, site, author(db, site, BO), me)
    assert comment_of(db, site, "a").respect_count == 5, "and so is that of who I was"
    with db.read() as conn:
        left = conn.execute(sa.select(reactions.c.comment_id, reactions.c.reader_id)).all()
    assert [tuple(row) for row in left] == [(third.id, me)]
    assert_counts_agree(db, site)


def test_whoever_was_there_for_long_is_nobody_new_here(db: Database, site: Site) -> None:
    me = make_reader(db, email=ADDRESS, joined=timedelta())

    join(db, site, author(db, site, ADA), me)

    with db.read() as conn:
        assert readers.get_reader(conn, me).created_at == AT


def test_mutes_follow_and_nobody_mutes_themselves(db: Database, site: Site) -> None:
    me, past, other = make_reader(db, email=ADDRESS), author(db, site, ADA), make_reader(db)
    comment = comment_of(db, site, "a")
    for by in (me, other):
        mute_author(db, comment.id, site_id=site.id, by=by)

    join(db, site, past, me)

    with db.read() as conn:
        assert mutes.list_mutes(conn, site.id, me) == []
        assert [one.muted_id for one in mutes.list_mutes(conn, site.id, other)] == [me]


@pytest.fixture
def doubly_proven(db: Database, site: Site) -> tuple[ReaderId, ReaderId, ReaderId]:
    """Give an author who can be proven in two ways, and a reader for each."""
    cem = account(
        "cem", email="cem@reader.example", email_verified=True, identities=(("google", "3"),)
    )
    take_in(Intake(db, site, "coral", SECRET), [*newsroom(), cem, said("c", by="cem")])
    by_address = make_reader(db, email="cem@reader.example")
    return author(db, site, "cem"), by_address, with_identity(db, "3")


def test_of_two_who_prove_the_same_the_first_has_it(
    db: Database, site: Site, doubly_proven: tuple[ReaderId, ReaderId, ReaderId]
) -> None:
    past, one, other = doubly_proven
    assert offered(db, site, one) == offered(db, site, other) == {"Cem": None}

    join(db, site, past, one)

    assert offered(db, site, other) == {}
    with pytest.raises(NotAllowed) as refused:
        join(db, site, past, other)
    assert refused.value.code == "claimed_already"
    assert comment_of(db, site, "c").author_id == one


def test_two_who_claim_at_once_do_not_both_get_it(
    db: Database, site: Site, doubly_proven: tuple[ReaderId, ReaderId, ReaderId]
) -> None:
    past, one, other = doubly_proven

    done = at_once(*(lambda by=by: join(db, site, past, by) for by in (one, other)))

    assert sorted(str(type(each)) for each in done) == sorted(map(str, (int, NotAllowed)))
    assert comment_of(db, site, "c").author_id == [one, other][done.index(1)]
    assert len(events_of(db, AuthorClaimed)) == 1


def test_an_address_that_several_accounts_had_offers_each_by_itself(
    db: Database, site: Site
) -> None:
    later = account("later", email=ADDRESS, email_verified=True)
    take_in(Intake(db, site, "disqus", SECRET), [*newsroom(), later, said("d", by="later")])
    me = make_reader(db, email=ADDRESS)
    assert names_offered(db, site, me) == ["Ada", "Ada", "Later"]

    join(db, site, author(db, site, ADA), me)

    assert names_offered(db, site, me) == ["Ada", "Later"]


def test_nobody_becomes_who_they_have_decided_about(db: Database, site: Site) -> None:
    me = make_reader(db, email=ADDRESS)
    appoint(db, site_id=site.id, by=None, reader_id=me, role=Role.MODERATOR)
    comment = comment_of(db, site, "a")
    draft = DecisionDraft(Outcome.REMOVE, RuleKey("spam"), "An advert.", comment.version)
    decide(db, comment.id, site_id=site.id, by=me, decision=draft)

    with pytest.raises(NotAllowed) as refused:
        join(db, site, author(db, site, ADA), me)

    assert refused.value.code == "claim_own_decision"


def test_a_role_does_not_come_by_an_address(db: Database, site: Site) -> None:
    me, past = make_reader(db, email=ADDRESS), author(db, site, ADA)
    appoint(db, site_id=site.id, by=None, reader_id=past, role=Role.EDITOR)

    assert offered(db, site, me) == {}
    with pytest.raises(NotAllowed) as refused:
        join(db, site, past, me)
    assert refused.value.code == "claim_holds_role"


def test_while_a_withdrawal_waits_everybody_stays_who_they_are(db: Database, site: Site) -> None:
    me, past = make_reader(db, email=ADDRESS), author(db, site, ADA)
    draft = SanctionDraft(SanctionKind.WITHDRAWAL, None, "A threat.", RuleKey("personal-attack"))
    owner = make_staff(db, site.id, Role.OWNER)
    propose_withdrawal(db, site_id=site.id, reader_id=past, by=owner, draft=draft)

    with pytest.raises(NotAllowed) as refused:
        join(db, site, past, me)

    assert refused.value.code == "claim_waits"


def test_whoever_may_not_change_their_name_is_not_asked_and_does_not_get_it(
    db: Database, site: Site
) -> None:
    first, past = with_identity(db, "1092"), author(db, site, BO)
    join(db, site, past, first)
    with db.write(SYSTEM) as tx:
        tx.conn.execute(
            sa.update(readers_table).where(readers_table.c.id == first).values(email=ADDRESS)
        )

    assert not is_asked(db, site, first)
    with pytest.raises(NotAllowed) as refused:
        join(db, site, author(db, site, ADA), first)
    assert refused.value.code == "suspended"


def test_a_stale_decision_is_refused_after_a_claim(db: Database, site: Site) -> None:
    before = comment_of(db, site, "a")

    join(db, site, author(db, site, ADA), make_reader(db, email=ADDRESS))

    assert comment_of(db, site, "a").version == before.version + 1


def test_whoever_leaves_takes_their_old_self_along(db: Database, site: Site) -> None:
    me, past = make_reader(db, email=ADDRESS), author(db, site, ADA)
    join(db, site, past, me)

    erase_account(db, me)

    with db.read() as conn:
        assert readers.get_reader(conn, past).erased_at is not None
        found = conn.execute(
            sa.select(past_proofs.c.reader_id).where(past_proofs.c.reader_id == past)
        ).all()
        assert conn.execute(sa.select(past_claims)).all() == []
        text = conn.execute(sa.select(comments.c.html).where(comments.c.author_id == me)).all()
    assert found == []
    assert [row.html for row in text] == [""]
    again = make_reader(db, email=ADDRESS)
    assert offered(db, site, again) == {}


def test_whoever_has_left_claims_nothing(db: Database, site: Site) -> None:
    me, past = make_reader(db, email=ADDRESS), author(db, site, ADA)
    erase_account(db, me)

    with pytest.raises(NotSignedIn):
        join(db, site, past, me)
    assert comment_of(db, site, "a").author_id == past


def test_the_same_import_once_more_changes_nothing_after_a_claim(db: Database, site: Site) -> None:
    me = make_reader(db, email=ADDRESS)
    with db.write(SYSTEM) as tx:
        readers.add_identity(tx, me, issuer="google", subject="1092")
    for name in (ADA, BO):
        join(db, site, author(db, site, name), me)

    def all_rows() -> list[list[sa.Row[tuple[object, ...]]]]:
        return [rows_of(db, table) for table in (comments, reactions, past_proofs, readers_table)]

    before = all_rows()
    # BO respected ADA's comment there. They are one person now, and nobody respects their own.
    take_in(Intake(db, site, "coral", SECRET), newsroom())

    assert all_rows() == before


def test_what_a_later_export_brings_is_theirs_as_well(db: Database, site: Site) -> None:
    me = make_reader(db, email=ADDRESS)
    join(db, site, author(db, site, ADA), me)

    take_in(Intake(db, site, "coral", SECRET), [*newsroom(), said("late", by=ADA)])

    assert comment_of(db, site, "late").author_id == me


def test_taking_an_import_back_leaves_what_a_reader_has_claimed(db: Database, site: Site) -> None:
    me = make_reader(db, email=ADDRESS)
    join(db, site, author(db, site, ADA), me)
    with db.read() as conn:
        (one,) = list_imports(conn, site.id)

    done = undo_import(db, one.id)

    assert done.kept["comment", "claimed"] == [comment_of(db, site, "a").id]
    assert done.removed["comment"] == 1
    assert_counts_agree(db, site)

    take_in(Intake(db, site, "coral", SECRET), [*newsroom(), said("late", by=ADA)])

    assert comment_of(db, site, "late").author_id == me
    assert_counts_agree(db, site)


def test_answers_are_counted_also_those_that_are_refused(db: Database, site: Site) -> None:
    me, past = make_reader(db), author(db, site, ADA)
    for _ in range(ANSWERS.most):
        with pytest.raises(NotFound):
            join(db, site, past, me)

    with pytest.raises(TooMany):
        decline(db, site, past, me)


def test_another_secret_proves_nothing(db: Database, site: Site) -> None:
    me = make_reader(db, email=ADDRESS)

    with db.read() as conn:
        assert list_offers(conn, me, site_id=site.id, secret="another secret") == []


def test_an_address_in_another_alphabet_is_found_in_both_spellings(
    db: Database, site: Site
) -> None:
    there = account("jo", email="jo@bücher.example", email_verified=True)
    take_in(Intake(db, site, "coral", SECRET), [*newsroom(), there, said("j", by="jo")])
    me = make_reader(db, email="jo@xn--bcher-kva.example")

    assert offered(db, site, me) == {"Jo": None}


def test_a_dry_run_is_not_changed_by_claims(db: Database, site: Site) -> None:
    join(db, site, author(db, site, ADA), make_reader(db, email=ADDRESS))
    intake = Intake(db, site, "coral", SECRET)

    tried = take_in(replace(intake, dry_run=True), newsroom())

    assert tried.would_import == 0

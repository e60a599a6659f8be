"""Orders from authorities: entered whole, given effect by a decision, told unless forbidden."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from belowline.actions.authority_orders import (
    OrderAnswer,
    answer_order,
    enter_order,
    remove_as_ordered,
)
from belowline.actions.moderation import DecisionDraft, undo
from belowline.actions.readers import export_data
from belowline.comments.model import Comment
from belowline.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, StaleVersion
from belowline.core.terms import CommentStatus, Outcome, ReaderId, Role, RuleKey, Source
from belowline.events import legal_kinds
from belowline.followers.notify import Notify
from belowline.moderation.model import Decision
from belowline.moderation.orders import (
    OrderDraft,
    OrderId,
    OrderKind,
    count_waiting,
    get_order,
    list_ordered,
)
from belowline.sites.model import Site
from belowline.storage import tables
from belowline.storage.database import Database
from belowline.transparency.log import public_log
from tests.conftest import START, SettableClock
from tests.factories import (
    SYSTEM,
    events_of,
    make_comment,
    make_reader,
    make_site,
    make_staff,
    reread,
    rows_of,
)

MINUTE = timedelta(minutes=1)
ORDER = OrderDraft(
    kind=OrderKind.ACT,
    authority="The county court at York",
    legal_basis="Children and Young Persons Act 1933, section 39",
    reasons="It names a child in the proceedings.",
    addresses="",
    territory="England and Wales",
    redress="An application to the court within 14 days.",
    language="English",
    received_at=START - timedelta(hours=2),
)


@pytest.fixture
def site(db: Database) -> Site:
    return make_site(db)


@pytest.fixture
def editor(db: Database, site: Site) -> ReaderId:
    return make_staff(db, site.id, Role.EDITOR)


@pytest.fixture
def comment(db: Database, site: Site) -> Comment:
    return make_comment(db, site.id)


def enter(db: Database, comment: Comment, editor: ReaderId, *, barred: bool = False) -> OrderId:
    order = replace(ORDER, addresses=f"https://x.example/c/{comment.id}", barred=barred)
    return enter_order(db, site_id=comment.site_id, by=editor, order=order)


def remove(db: Database, comment: Comment, order: OrderId, editor: ReaderId) -> Decision:
    draft = DecisionDraft(
        Outcome.REMOVE, RuleKey("court-safety"), "It names a child.", comment.version, order=order
    )
    return remove_as_ordered(db, comment.id, site_id=comment.site_id, by=editor, decision=draft)


def test_an_order_is_given_effect_by_a_decision_like_every_other(
    db: Database, site: Site, editor: ReaderId, comment: Comment
) -> None:
    order = enter(db, comment, editor)
    made = remove(db, comment, order, editor)

    assert made.source is Source.ORDER
    assert reread(db, comment).status is CommentStatus.REMOVED
    with db.read() as conn:
        (found,) = list_ordered(conn, order)
    assert found.decision_id == made.id
    undo(db, made.id, site_id=site.id, by=editor, undo_for=MINUTE)
    with db.read() as conn:
        (found,) = list_ordered(conn, order)
    assert found.decision_id is None


def notices(db: Database, comment: Comment) -> list[str]:
    happened = events_of(db)
    with db.write(SYSTEM) as tx:
        Notify(undo_for=MINUTE, mail_works=True).handle(tx, happened)
    return [row.kind for row in rows_of(db, tables.notices) if row.reader_id == comment.author_id]


@pytest.mark.parametrize("barred", [False, True])
def test_the_author_is_told_unless_the_order_forbids_it(
    db: Database, site: Site, editor: ReaderId, comment: Comment, *, barred: bool
) -> None:
    remove(db, comment, enter(db, comment, editor, barred=barred), editor)

    assert notices(db, comment) == ([] if barred else ["comment_decided"])
    with db.read() as conn:
        (decision,) = export_data(conn, comment.author_id)["decisions"]
        (line,) = [
            one
            for one in public_log(conn, site.id, until=db.clock() + MINUTE)
            if one.outcome == "remove"
        ]
    told = None if barred else "order"
    assert (decision["source"], line.source) == (told, told)


@pytest.mark.parametrize(
    "name",
    ["authority", "legal_basis", "reasons", "addresses", "territory", "redress", "language"],
)
def test_an_order_holds_what_the_law_asks_for(
    db: Database, editor: ReaderId, comment: Comment, name: str
) -> None:
    whole = replace(ORDER, addresses=str(comment.id))
    with pytest.raises(InvalidInput) as caught:
        enter_order(db, site_id=comment.site_id, by=editor, order=replace(whole, **{name: "  "}))
    assert caught.value.field == name
    assert rows_of(db, tables.authority_orders) == []


def test_an_order_names_comments_of_this_site_and_comes_from_the_past(
    db: Database, site: Site, editor: ReaderId, comment: Comment
) -> None:
    other = make_comment(db, make_site(db, "elsewhere").id)
    for order, field in (
        (replace(ORDER, addresses=str(other.id)), "addresses"),
        (replace(ORDER, addresses="somewhere"), "addresses"),
        (
            replace(ORDER, addresses=str(comment.id), received_at=START + timedelta(days=1)),
            "received_at",
        ),
    ):
        with pytest.raises(InvalidInput) as caught:
            enter_order(db, site_id=site.id, by=editor, order=order)
        assert caught.value.field == field


def test_an_order_for_information_removes_nothing_and_notes_what_was_disclosed(
    db: Database, site: Site, editor: ReaderId, comment: Comment, clock: SettableClock
) -> None:
    inform = replace(ORDER, kind=OrderKind.INFORM, addresses=str(comment.id), barred=True)
    order = enter_order(db, site_id=site.id, by=editor, order=inform)
    with pytest.raises(Conflict):
        remove(db, comment, order, editor)
    clock.advance(timedelta(hours=3))
    with db.read() as conn:
        assert count_waiting(conn, site.id) == 1
    answer = OrderAnswer("Told the court by letter.", "E-mail address and time of writing.")
    answer_order(db, order, site_id=site.id, by=editor, answer=answer)

    with db.read() as conn:
        found = get_order(conn, site.id, order)
        assert count_waiting(conn, site.id) == 0
    assert (found.effect_at, found.effect_by) == (clock.now, editor)
    (entered,) = events_of(db, legal_kinds.OrderEntered)
    (answered,) = events_of(db, legal_kinds.OrderAnswered)
    assert entered.data == {"order_id": order, "order_kind": "inform"}
    assert answered.data == {"order_id": order, "order_kind": "inform", "disclosed": True}
    with pytest.raises(Conflict):
        answer_order(db, order, site_id=site.id, by=editor, answer=answer)


def test_only_what_the_order_is_about_is_removed_under_it(
    db: Database, site: Site, editor: ReaderId, comment: Comment
) -> None:
    order, other = enter(db, comment, editor), make_comment(db, site.id)
    with pytest.raises(NotFound):
        remove(db, other, order, editor)
    assert reread(db, other).status is CommentStatus.PUBLISHED
    with pytest.raises(StaleVersion):
        remove(db, replace(comment, version=comment.version + 1), order, editor)


def test_the_register_is_for_editors(db: Database, site: Site, comment: Comment) -> None:
    for who in (make_reader(db), make_staff(db, site.id)):
        with pytest.raises(NotAllowed):
            enter(db, comment, who)

"""Orders from authorities: entering one, giving effect to it, noting that it was answered."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from belowline.actions.facts import ask_standing
from belowline.actions.moderation import DecisionDraft, decide
from belowline.comments import store as comments
from belowline.core.errors import Conflict, InvalidInput
from belowline.core.markup import clean_text
from belowline.core.terms import (
    Actor,
    CommentId,
    Outcome,
    Privilege,
    ReaderId,
    SiteId,
    Source,
)
from belowline.core.text import Text
from belowline.events import legal_kinds, log
from belowline.moderation import orders
from belowline.moderation.model import Decision
from belowline.moderation.orders import OrderDraft, OrderId, OrderKind
from belowline.reports.lanes import read_others
from belowline.storage.database import Database

LONGEST_LINE = 300
LONGEST_TEXT = 8000
NEEDED = ("authority", "legal_basis", "reasons", "addresses", "territory", "redress", "language")
LINES = frozenset({"authority", "territory", "language", "reference"})


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """What was done about an order, and which data was disclosed, if any."""

    effect: str = field(repr=False)
    disclosed: str = field(default="", repr=False)


def enter_order(db: Database, *, site_id: SiteId, by: ReaderId, order: OrderDraft) -> OrderId:
    """Enter an order with all that the law asks it to hold, and find the comments it is about.

    Raises:
        NotSignedIn, NotAllowed: not an editor.
        InvalidInput: something is missing, an address is none of ours, or it comes from the future.
    """
    checked = _check(order)
    about = read_others(checked.addresses, field="addresses")
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        if checked.received_at > tx.now:
            raise InvalidInput(
                "It cannot have arrived in the future.", field="received_at", code="in_the_future"
            )
        for comment_id in about:
            if comments.find_comment(tx.conn, site_id, comment_id) is None:
                raise InvalidInput(
                    Text("There is no comment %(number)s here.", number=comment_id),
                    field="addresses",
                    code="no_such_comment",
                )
        order_id = orders.add_order(tx, site_id, checked, by=by, about=about)
        log.append(tx, site_id, legal_kinds.OrderEntered(order_id, checked.kind))
        return order_id


def remove_as_ordered(
    db: Database, comment_id: CommentId, *, site_id: SiteId, by: ReaderId, decision: DecisionDraft
) -> Decision:
    """Remove a comment because the decision's order says so.

    The author is told, unless the order forbids it.

    Raises:
        NotSignedIn, NotAllowed: not an editor, or it cannot be removed as it stands.
        StaleVersion: the comment is no longer the one that was seen.
        InvalidInput: no rule in force or no reason. NotFound: the order is not about this comment.
        Conflict: the order asks for information.
    """
    if decision.order is None:
        raise ValueError("this decision gives effect to an order")
    with db.read() as conn:
        order = orders.get_order(conn, site_id, decision.order)
    if order.draft.kind is not OrderKind.ACT:
        raise Conflict("This order asks for information, not for a removal.", code="not_to_act")
    made = replace(decision, outcome=Outcome.REMOVE, source=Source.ORDER)
    return decide(db, comment_id, site_id=site_id, by=by, decision=made)


def answer_order(
    db: Database, order_id: OrderId, *, site_id: SiteId, by: ReaderId, answer: OrderAnswer
) -> None:
    """Note what was done, which data was disclosed, and that the authority has been told.

    Raises:
        NotSignedIn, NotAllowed: not an editor. NotFound: no such order.
        InvalidInput: not said what was done. Conflict: a colleague has noted it already.
    """
    effect = clean_text(answer.effect, field="effect", longest=LONGEST_TEXT)
    disclosed = clean_text(answer.disclosed, field="disclosed", longest=LONGEST_TEXT)
    if not effect:
        raise InvalidInput("Say what was done.", field="effect", code="missing_field")
    with db.write(Actor(by)) as tx:
        ask_standing(tx, Privilege.MANAGE_STORY, site_id=site_id, by=by)
        order = orders.get_order(tx.conn, site_id, order_id)
        if not orders.note_effect(tx, order_id, effect=effect, disclosed=disclosed, by=by):
            raise Conflict("A colleague has noted this already.", code="already_answered")
        log.append(
            tx,
            site_id,
            legal_kinds.OrderAnswered(order_id, order.draft.kind, disclosed=bool(disclosed)),
        )


def _check(order: OrderDraft) -> OrderDraft:
    """Return the order in the form in which it is kept. Raises InvalidInput."""
    texts = {
        one.name: clean_text(
            getattr(order, one.name),
            field=one.name,
            longest=LONGEST_LINE if one.name in LINES else LONGEST_TEXT,
            lines=one.name not in LINES,
        )
        for one in fields(order)
        if one.name in {*NEEDED, "reference"}
    }
    for name in NEEDED:
        # An order for information may be about a reader and name no comment.
        if not texts[name] and not (name == "addresses" and order.kind is OrderKind.INFORM):
            raise InvalidInput("This is needed.", field=name, code="missing_field")
    return OrderDraft(kind=order.kind, received_at=order.received_at, barred=order.barred, **texts)
